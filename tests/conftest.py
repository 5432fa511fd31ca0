"""What every test shares: the project's root, a private store, and a line that names what was left out."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

MOST_PROCESSES = 8
KINDS = ("browser", "benchmark", "postgres", "spark")
if "FLIGHTREADY_STORE" not in os.environ:  # else this is a worker: all share the store of the process that began
    os.environ["FLIGHTREADY_STORE"] = tempfile.mkdtemp(prefix="flightready-tests-")
    atexit.register(shutil.rmtree, os.environ["FLIGHTREADY_STORE"], ignore_errors=True)
ROOT = Path(__file__).parents[1]
# doctests are in lib; two conftests share one module name; one script is run by the Python of another environment
collect_ignore_glob = ["conftest.py", "*/conftest.py", "benchmarks/evidently_runs.py", "benchmarks/squigglepy_runs.py"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def support_triage() -> Path:
    """The folder of the full sample."""
    return ROOT / "sample_data" / "support_triage"


@pytest.fixture(scope="session")
def first_hour() -> Path:
    """The folder of the newcomer's sample."""
    return ROOT / "sample_data" / "first_hour"


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config) -> None:
    """Run the plain suite on all cores; what is chosen by hand or measures speed runs in this process alone."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ  # one process must not start others in its turn
    if is_worker or not config.pluginmanager.has_plugin("xdist") or _is_chosen(config):
        return
    if config.option.numprocesses is None:  # else `-n` says how many
        config.option.numprocesses = min(os.cpu_count() or 1, MOST_PROCESSES)
    config.option.dist = "loadfile"  # what the tests of one file share is made once
    config.option.loadscopereorder = False  # as collected: long files come early, the short doctests fill up the end


def _is_chosen(config) -> bool:
    """Tell whether the command line chooses tests, looks into them, or asks for a kind that measures or needs a server."""
    options = config.option
    asked = os.environ.get("PYTEST_ADDOPTS", "") + _asked(config)
    return (
        config.args_source is not pytest.Config.ArgsSource.TESTPATHS
        or any(kind in asked for kind in KINDS)
        or any(getattr(options, name, False) for name in ("keyword", "lf", "stepwise", "collectonly", "usepdb"))
        or options.capture == "no"
    )


def _asked(config) -> str:
    """Arguments of the command line itself, without those of pyproject.toml."""
    return " ".join(config.invocation_params.args)


_LEFT_OUT: dict[str, int] = {}


def pytest_deselected(items) -> None:
    """Count what is left out, by kind."""
    for item in items:
        for name in KINDS:
            if item.get_closest_marker(name):
                _LEFT_OUT[name] = _LEFT_OUT.get(name, 0) + 1


def pytest_sessionfinish(session) -> None:
    """Tell the count to the process that prints the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = _LEFT_OUT


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Take over the count; every worker collects, and leaves out, the same."""
    _LEFT_OUT.update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter) -> None:
    """Say which kinds of test were left out, and how many, so that no one takes silence for a pass."""
    for name, number in _LEFT_OUT.items():
        terminalreporter.write_line(f"left out: {number} marked '{name}'; run them with: pytest -m {name}")
