"""One notebook run by papermill in a kernel of its own, told in a sentence where it stopped, and cleaned.

What comes back holds no time of execution, no path of the machine, and no message that may quote a record.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from flightready.errors import FlightreadyError
from flightready.reports.notebooks import INTERACTIVE_TAG, Value
from flightready.wording import count

_INJECTED_TAG = "injected-parameters"
_MARKER_TAG = "papermill-error-cell-tag"
_WITHHELD = "(message withheld: it may quote a record)"
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


def execute(path: Path, values: Mapping[str, Value], *, folder: Path, timeout_s: int | None = None) -> Executed:
    """Run one notebook with the given parameters, in a kernel that starts in `folder`.

    Parameters
    ----------
    path : Path
        The notebook.
    values : mapping of str to str, float, int or bool
        Parameters by name; they are written into the executed notebook.
    folder : Path
        Working folder of the kernel.
    timeout_s : int, optional
        Longest time for one cell, in seconds.
    """
    begun = time.monotonic()
    node, failure = _papermill(path, dict(values), folder, timeout_s)
    if isinstance(failure, RuntimeError) and not _started(node):
        # between looking for a free port and taking it, another program may have taken it: once more
        node, failure = _papermill(path, dict(values), folder, timeout_s)
    cell, problem, is_defect = _explained(path.stem, failure, node, timeout_s)
    _clean(node, dict(values))
    return Executed(path.stem, node, problem, cell, is_defect, time.monotonic() - begun)


def _papermill(
    path: Path, values: dict[str, Value], folder: Path, timeout_s: int | None
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
            execution_timeout=timeout_s, shutdown_kernel="immediate",
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
    started = _started(node)
    cell = started[-1] if started else None
    identity = cell.id if cell else ""
    place = f"Notebook {name} stopped" + (f" at cell '{cell.id}'" if cell else " before its first cell")
    outputs = cell.get("outputs", ()) if cell else ()
    error = next((o for o in outputs if o.output_type == "error"), None)
    interrupted = error is not None and error.ename == "KeyboardInterrupt"
    if timeout_s and (interrupted or isinstance(failure, TimeoutError)):
        return identity, f"{place}: it took longer than {count(timeout_s, 'second')}.", True
    if error is not None and error.ename in _names(FlightreadyError):
        return identity, f"{place}: {error.evalue}", False
    if error is not None:
        return identity, f"{place} because of a defect of the program ({error.ename}).", True
    reason = f"its kernel ended ({type(failure).__name__}), perhaps for lack of memory"
    return identity, f"{place}: {reason}. Open it in JupyterLab to see more.", True


def _started(node: NotebookNode) -> list[NotebookNode]:
    return [c for c in node.cells if c.metadata.get("papermill", {}).get("start_time")]


def _names(family: type) -> set[str]:
    return {family.__name__}.union(*(_names(child) for child in family.__subclasses__()))


def _clean(node: NotebookNode, values: Mapping[str, Value]) -> None:
    """Strip what changes from run to run or may quote a record, so that equal input gives equal notebooks."""
    node.cells = [c for c in node.cells if _MARKER_TAG not in c.metadata.get("tags", ())]
    node.metadata.pop("widgets", None)
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node.metadata["papermill"] = {"parameters": dict(values)}
    for cell in node.cells:
        if _INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["id"] = _INJECTED_TAG
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                _withhold(output)


def _withhold(error: NotebookNode) -> None:
    """Keep what a developer needs of a traceback, without messages: those of a defect may quote a record."""
    if error.ename in _names(FlightreadyError):
        error.traceback = [error.evalue]
        return
    text = _COLOUR.sub("", "\n".join(error.traceback))
    last = _CHAINED.split(text)[-1]
    error.traceback = (last.replace(error.evalue, _WITHHELD) if error.evalue else last).splitlines()
    error.evalue = _WITHHELD
