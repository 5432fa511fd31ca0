"""The house: floors import downwards only, and computation knows no screen, clock or global random generator."""

import ast
from pathlib import Path

import pytest

import flightready

PACKAGE = Path(flightready.__file__).parent
FLOORS = (
    ("errors", "wording"), ("quantity",), ("evidence",), ("policy",), ("assessment", "intervals"), ("draws", "telemetry", "calling"),
    ("realism",),
    ("evaluation",), ("traffic",), ("latency",), ("cost",), ("options",), ("roi",), ("readiness",), ("study",), ("narrative",), ("figures",),
    ("pages",), ("widgets",), ("reports",), ("cli",),
)  # fmt: skip
LEVEL = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
COMPUTES_UP_TO = LEVEL["study"]
SCREENS = {"plotly", "ipywidgets", "papermill", "IPython", "nbconvert", "rich", "typer"}
MODULES = sorted(PACKAGE.rglob("*.py"))
CALLS_CLOCK = PACKAGE / "calling" / "clock.py"
"""Timeouts and pace need a clock; it is handed in, and only the study hands in the one of the machine."""
REACHES_OUT = {"subprocess", "socket", "http", "urllib.request", "multiprocessing", "asyncio", "requests", "httpx"}


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST, *, top_only: bool = False):
    nodes = tree.body if top_only and isinstance(tree, ast.Module) else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            if node.module == "flightready":
                yield from (f"flightready.{a.name}" for a in node.names)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_downwards(path):
    if path == PACKAGE / "__init__.py":
        return  # the facade: loads on first use
    here = room(path)
    assert here in LEVEL, f"{here} is on no floor"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # a page loads its live panel inside the function that shows it, so that batch runs never load widgets
    top_only = here == "pages"
    for name in imports(tree, top_only=top_only):
        parts = name.split(".")
        if parts[0] == "flightready" and len(parts) > 1 and parts[1] in LEVEL:
            assert LEVEL[parts[1]] <= LEVEL[here], f"{here} imports upwards: {name}"
            assert parts[1] == here or LEVEL[parts[1]] < LEVEL[here], f"{here} imports its neighbour {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if LEVEL.get(room(p), 99) <= COMPUTES_UP_TO],
                         ids=lambda p: str(p.relative_to(PACKAGE)))  # fmt: skip
def test_computation_knows_no_screen_no_clock_and_no_global_random_generator(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert {name.split(".")[0] for name in imports(tree)} & (SCREENS | {"random"}) == set()
    is_study = room(path) == "study"
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        call = ast.unparse(node.func)
        clock = call.endswith((".today", ".now", ".utcnow")) or call in (
            "time.time",
            "time.monotonic",
            "time.perf_counter",
        )
        assert not clock or is_study or path == CALLS_CLOCK, f"reads the clock: {call}"
        legacy = call.startswith(("np.random.", "numpy.random.")) and node.func.attr.islower()
        assert not legacy, f"uses the global random generator: {call}"


@pytest.mark.parametrize("path", [p for p in MODULES if LEVEL.get(room(p), 99) < LEVEL["study"] and room(p) != "calling"],
                         ids=lambda p: str(p.relative_to(PACKAGE)))  # fmt: skip
def test_an_analysis_calls_no_pilot(path):
    """It reads kept answers and the terms of the calls; who may call is the study, when the command line asks it to."""
    found = set(imports(ast.parse(path.read_text(encoding="utf-8"))))
    called = {n for n in found if n.startswith("flightready.calling")}
    harmless = ("flightready.calling.answers", "flightready.calling.terms")
    assert {n for n in called if not n.startswith(harmless)} == set()
    assert {n for n in found if n in REACHES_OUT or n.split(".")[0] in REACHES_OUT} == set()


def test_only_the_command_line_has_the_pilot_called():
    callers = [
        path for path in MODULES if room(path) not in ("calling", "study")
        for name in imports(ast.parse(path.read_text(encoding="utf-8"))) if name == "flightready.study.asking"
    ]  # fmt: skip
    names = {path.relative_to(PACKAGE).as_posix() for path in callers}
    assert names == {"cli/calling.py", "narrative/evaluation_tried.py"}  # the second for the type of what it tells


@pytest.mark.parametrize("module, absent", [
    ("flightready", ("pandas", "plotly", "scipy", "papermill")),
    ("flightready.cli", ("numpy", "pandas", "plotly", "scipy", "papermill")),
    ("flightready.study", (
        "flightready.evaluation", "fairlearn", "genai_prices", "ibis", "numba", "pandera", "plotly", "py3langid", "rapidfuzz",
        "scipy.stats", "sklearn",
    )),
])  # fmt: skip
def test_importing_loads_nothing_heavy(module, absent):
    import subprocess
    import sys

    code = f"import sys, {module}; print([m for m in {absent} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_keep_to_one_subject(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450
