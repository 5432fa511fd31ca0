"""The option --run-pilot: says what will be called and what is sent, calls within bounds, and shows how far it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flightready.calling import asking
    from flightready.study import Study

RunPilot = Annotated[
    bool,
    typer.Option("--run-pilot", help="Call the pilot as the section 'pilot' says, to try out what each defect costs."),
]


def call_pilot(study: Study) -> None:
    """Call the pilot of a study for every answer that is not kept yet; what it says goes to standard error."""
    from flightready.narrative import evaluation_tried as narrative
    from flightready.study.asking import errand

    due = errand(study)
    for line in narrative.announced(due):
        print(line, file=sys.stderr, flush=True)
    if not due.calls:
        return
    with _Calls(min(due.calls, due.bounds.most_calls)) as calls:
        done = due.run(tell=calls.tell)
    for line in narrative.ran(done):
        print(line, file=sys.stderr, flush=True)


class _Calls:
    """Progress of the calls: a live bar on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int) -> None:
        from flightready import policy

        self.total, self.live = total, None
        self.step = max(1, total // policy.value("call_progress_lines"))

    def __enter__(self) -> _Calls:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            counted = TextColumn("{task.completed:.0f}/{task.total:.0f} calls, {task.fields[failed]} failed")
            self.live = Progress(BarColumn(), counted, TimeRemainingColumn(), console=Console(stderr=True),
                                 transient=True)  # fmt: skip
            self.live.start()
            self.task = self.live.add_task("calls", total=self.total, failed=0)
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def tell(self, progress: asking.Progress) -> None:
        """Show one call more."""
        if self.live:
            self.live.update(self.task, completed=progress.done, failed=progress.failed)
        elif progress.done % self.step == 0 or progress.done == progress.total:
            from flightready.narrative.evaluation_tried import progressed

            print(f"  {progressed(progress)}", file=sys.stderr, flush=True)
