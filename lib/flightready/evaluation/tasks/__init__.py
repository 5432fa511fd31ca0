"""What counts as a right answer, one module a task: classification, extraction, scored generations, regression."""

from __future__ import annotations

from collections.abc import Callable

from flightready.assessment import Pilot
from flightready.evaluation.tasks import classification, extraction, regression, scored
from flightready.evaluation.tasks.answers import Answers
from flightready.realism.inspection import Inspection

__all__ = ["Answers", "answers", "lacking"]

_TASKS = {
    "classification": classification,
    "extraction": extraction,
    "scored": scored,
    "regression": regression,
}


def answers(pilot: Pilot, inspection: Inspection, name: str) -> Answers | None:
    """Return what the pilot's task makes of the columns of one side, or None where it lacks the columns for that.

    Raises
    ------
    InputError
        When a column is named that is in no file, or its values are not of the kind that the task needs.
    """
    if inspection.side(name) is None or lacking(pilot, inspection, name):
        return None
    read: Callable[[Pilot, Inspection, str], Answers] = _TASKS[pilot.spec.evaluation.task].answers
    return read(pilot, inspection, name)


def lacking(pilot: Pilot, inspection: Inspection, name: str) -> tuple[str, ...]:
    """Return what a side that is there lacks for the task: labels, predictions, or nothing."""
    labels, predictions = _TASKS[pilot.spec.evaluation.task].columns(pilot, inspection)
    has = set(inspection.side(name).frame.columns)
    found = [("labels", has & labels), ("predictions", has & predictions if predictions is not None else True)]
    return tuple(key for key, there in found if not there)
