"""Running the notebooks of one pilot: a kernel each, a few at a time, a failing one does not stop the others."""

from __future__ import annotations

import os
import queue
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flightready.reports import notebooks as project
from flightready.reports.execution import Executed, execute
from flightready.reports.notebooks import INTERACTIVE_TAG, Value

__all__ = ["INTERACTIVE_TAG", "Executed", "RunResult", "Step", "run_notebooks"]
_PATH_PARAMETER = "assessment"
_MOST_AT_ONCE = 4  # a kernel with its libraries takes about 0.3 GB
_LOOK_S = 0.2  # how soon an interrupt from the keyboard is noticed


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
    """All notebooks of a run, in reading order, and the values that they were given."""

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
    at_once: int | None = None,
) -> RunResult:
    """Run notebooks on one pilot, each in a kernel of its own.

    Parameters
    ----------
    pilot_path : str or Path
        The pilot's folder or its assessment.yaml.
    notebooks : sequence of Path, optional
        Which notebooks, in reading order; the project's own when left out.
    parameters : mapping, optional
        Values by name, as typed by the user or already typed. Each notebook gets those that it declares.
    progress : callable, optional
        Called in the caller's thread when a notebook starts and when it ends; with several at once, a second one
        may start before the first has ended.
    timeout_s : int, optional
        Longest time for one cell; none when left out.
    at_once : int, optional
        How many notebooks run at the same time; as many as there are processors, four at most, when left out.

    Returns
    -------
    RunResult

    Raises
    ------
    InputError
        When a parameter is unknown or of the wrong type. Nothing has been run then.
    """
    given, begun = dict(parameters or {}), time.monotonic()
    paths = tuple(notebooks) if notebooks is not None else project.select()
    folder, name = _seen_from(Path(pilot_path))
    project.check_names(given, paths, reserved=(_PATH_PARAMETER,))
    values = [project.values_for(path, given | {_PATH_PARAMETER: name}) for path in paths]
    told: queue.SimpleQueue[Step] = queue.SimpleQueue()

    def job(index: int) -> Executed:
        path = paths[index]
        told.put(Step(path.stem, index + 1, len(paths), "running"))
        made = execute(path, values[index], folder=folder, timeout_s=timeout_s)
        state = "failed" if made.problem else "done"
        told.put(Step(made.name, index + 1, len(paths), state, made.seconds, made.problem))
        return made

    done = _all_of(job, len(paths), told, at_once=at_once, tell=progress or (lambda _step: None))
    return RunResult(done, given, time.monotonic() - begun)


def _all_of(
    job: Callable[[int], Executed],
    number: int,
    told: queue.SimpleQueue[Step],
    *,
    at_once: int | None,
    tell: Callable[[Step], None],
) -> tuple[Executed, ...]:
    """Run the jobs on threads; what stops the caller's thread, such as Ctrl-C, ends the kernels at once."""
    workers = max(1, min(at_once or min(os.cpu_count() or 1, _MOST_AT_ONCE), number))
    with ThreadPoolExecutor(workers, thread_name_prefix="notebook") as pool:
        futures = [pool.submit(job, index) for index in range(number)]
        try:
            _pass_on(futures, told, tell)
        except BaseException:
            from flightready.reports.kernels import end_all

            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in futures):  # one may only just be starting
                end_all()
                time.sleep(_LOOK_S)
            raise
    return tuple(future.result() for future in futures)


def _pass_on(futures: Sequence[Future], told: queue.SimpleQueue[Step], tell: Callable[[Step], None]) -> None:
    while not (all(future.done() for future in futures) and told.empty()):
        try:
            tell(told.get(timeout=_LOOK_S))
        except queue.Empty:
            continue


def _seen_from(pilot: Path) -> tuple[Path, str]:
    """Return the kernels' folder and the pilot's path from there: no output names a path of the machine."""
    pilot = pilot.expanduser().resolve()
    root = project.root()
    if root and pilot != root and pilot.is_relative_to(root):
        return root, pilot.relative_to(root).as_posix()
    start = pilot.parent.parent if pilot.is_file() else pilot.parent
    return start, pilot.relative_to(start).as_posix()
