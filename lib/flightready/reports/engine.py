"""Running notebooks with papermill: one kernel each, a failing one does not stop the others.

What comes back is clean: no time of execution, no machine's path, no message that may quote a record.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from flightready.errors import FlightreadyError
from flightready.narrative import words
from flightready.reports import notebooks as project
from flightready.reports.notebooks import Value

INTERACTIVE_TAG = "interactive"
_PATH_PARAMETER = "assessment"
_WITHHELD = "(message withheld: it may quote a record)"
_MARKER_TAG = "papermill-error-cell-tag"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CHAINED = re.compile(r"(During handling of the above|The above exception was the direct cause)")


@dataclass(frozen=True)
class Executed:
    """One executed notebook.

    Parameters
    ----------
    name : str
        File name without suffix, such as `03_cost_at_scale`.
    node : NotebookNode
        The notebook with its outputs, free of times and paths.
    problem : str
        Why it did not come to its end, in a sentence; empty when it did.
    failed_cell : str
        Id of the cell at which it stopped.
    is_defect : bool
        Whether the problem is a defect of the program, not of the input.
    seconds : float
        Wall time, for the run's manifest only.
    """

    name: str
    node: NotebookNode = field(repr=False)
    problem: str = ""
    failed_cell: str = ""
    is_defect: bool = False
    seconds: float = 0.0


@dataclass(frozen=True)
class Step:
    """Progress: notebook `index` (1-based) of `total` is 'running', 'done' or 'failed'."""

    name: str
    index: int
    total: int
    state: str
    seconds: float = 0.0
    problem: str = ""


@dataclass(frozen=True)
class RunResult:
    """All notebooks of a run, in order, and the values that they were given."""

    notebooks: tuple[Executed, ...]
    parameters: Mapping[str, Value]
    seconds: float

    @property
    def problems(self) -> tuple[str, ...]:
        """One sentence for every notebook that did not come to its end."""
        return tuple(n.problem for n in self.notebooks if n.problem)


def run_notebooks(
    pilot_path: str | Path,
    *,
    notebooks: Sequence[Path] | None = None,
    parameters: Mapping[str, Value] | None = None,
    progress: Callable[[Step], None] | None = None,
    timeout_s: int | None = None,
) -> RunResult:
    """Run notebooks on one pilot, each in a kernel of its own.

    Parameters
    ----------
    pilot_path : str or Path
        The pilot's folder or its assessment.yaml.
    notebooks : sequence of Path, optional
        Which notebooks, in order; the project's own when left out.
    parameters : mapping, optional
        Values by name, as typed by the user or already typed. Each notebook gets those that it declares.
    progress : callable, optional
        Called before and after every notebook.
    timeout_s : int, optional
        Longest time for one cell; none when left out.

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        When a parameter is unknown or of the wrong type. Nothing has been run then.
    """
    given = dict(parameters or {})
    paths = tuple(notebooks) if notebooks is not None else project.select()
    folder, name = _seen_from(Path(pilot_path))
    project.check_names(given, paths, reserved=(_PATH_PARAMETER,))
    values = [project.values_for(path, given | {_PATH_PARAMETER: name}) for path in paths]
    tell, begun, done = progress or (lambda _step: None), time.monotonic(), []
    for index, (path, chosen) in enumerate(zip(paths, values, strict=True), start=1):
        tell(Step(path.stem, index, len(paths), "running"))
        made = _execute(path, chosen, folder, timeout_s)
        done.append(made)
        state = "failed" if made.problem else "done"
        tell(Step(made.name, index, len(paths), state, made.seconds, made.problem))
    return RunResult(tuple(done), given, time.monotonic() - begun)


def _seen_from(pilot: Path) -> tuple[Path, str]:
    """Return the kernels' folder and the pilot's path from there: no output names a path of the machine."""
    pilot = pilot.expanduser().resolve()
    root = project.root()
    if root and pilot != root and pilot.is_relative_to(root):
        return root, pilot.relative_to(root).as_posix()
    start = pilot.parent.parent if pilot.is_file() else pilot.parent
    return start, pilot.relative_to(start).as_posix()


def _execute(path: Path, values: Mapping[str, Value], folder: Path, timeout_s: int | None) -> Executed:
    begun = time.monotonic()
    node, failure = run_papermill(path, dict(values), folder=folder, timeout_s=timeout_s)
    cell, problem, is_defect = _explained(path.stem, failure, node, timeout_s)
    _clean(node, dict(values), cell)
    return Executed(path.stem, node, problem, cell, is_defect, time.monotonic() - begun)


def run_papermill(
    path: Path, values: dict[str, Value], *, folder: Path, timeout_s: int | None
) -> tuple[NotebookNode, Exception | None]:
    """Return the notebook as far as it ran, and what stopped it, if anything did."""
    sys.modules.setdefault("rfc3987_syntax", None)  # as in kernels.py: a slow import that nothing here needs
    import papermill

    from flightready.reports.kernels import ENGINE, OwnInterpreter

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    kept: list[NotebookNode] = []
    failure = None
    try:
        papermill.execute_notebook(
            str(path.resolve()).replace("{", "{{").replace("}", "}}"),  # papermill formats paths
            None, parameters=values, engine_name=ENGINE, kernel_name="python3", language="python", kept=kept,
            kernel_manager_class=OwnInterpreter, resources={"metadata": {"path": str(folder)}},
            progress_bar=False, log_output=False, request_save_on_cell_execute=False, autosave_cell_every=0,
            store_widget_state=False, record_timing=False, skip_cells_with_tag=INTERACTIVE_TAG,
            execution_timeout=timeout_s,
        )  # fmt: skip
    except Exception as error:
        failure = error
    return (kept[0] if kept else nbformat.read(path, as_version=4)), failure


def _explained(
    name: str, failure: Exception | None, node: NotebookNode, timeout_s: int | None
) -> tuple[str, str, bool]:
    """Return the cell at which a notebook stopped, why in a sentence, and whether the program is to blame."""
    if failure is None:
        return "", "", False
    started = [c for c in node.cells if c.metadata.get("papermill", {}).get("start_time")]
    cell = started[-1] if started else None
    place = f"Notebook {name} stopped" + (f" at cell '{cell.id}'" if cell else " before its first cell")
    outputs = cell.get("outputs", ()) if cell else ()
    error = next((o for o in outputs if o.output_type == "error"), None)
    identity = cell.id if cell else ""
    interrupted = error is not None and error.ename == "KeyboardInterrupt"
    if timeout_s and (interrupted or isinstance(failure, TimeoutError)):
        return identity, f"{place}: it took longer than {words.count(timeout_s, 'second')}.", True
    if error is not None and error.ename in _own_errors(FlightreadyError):
        return identity, f"{place}: {error.evalue}", False
    if error is not None:
        return identity, f"{place} because of a defect of the program ({error.ename}).", True
    reason = f"its kernel ended ({type(failure).__name__}), perhaps for lack of memory"
    return identity, f"{place}: {reason}. Open it in JupyterLab to see more.", True


def _own_errors(family: type) -> set[str]:
    return {family.__name__}.union(*(_own_errors(child) for child in family.__subclasses__()))


def _clean(node: NotebookNode, values: Mapping[str, Value], failed_cell: str) -> None:
    """Strip what changes from run to run or may quote a record, so that equal input gives equal notebooks."""
    node.cells = [c for c in node.cells if _MARKER_TAG not in c.metadata.get("tags", ())]
    node.metadata.pop("widgets", None)
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node.metadata["papermill"] = {"parameters": dict(values)}
    for cell in node.cells:
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = "injected-parameters"
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                _withhold(output)


def _withhold(error: NotebookNode) -> None:
    """Keep what a developer needs of a traceback, without messages: those of a defect may quote a record."""
    if error.ename in _own_errors(FlightreadyError):
        error.traceback = [error.evalue]
        return
    text = _COLOUR.sub("", "\n".join(error.traceback))
    last = _CHAINED.split(text)[-1]
    error.traceback = (last.replace(error.evalue, _WITHHELD) if error.evalue else last).splitlines()
    error.evalue = _WITHHELD
