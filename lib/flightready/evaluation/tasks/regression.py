"""Regression: an answer is right when the number is within a tolerance of the true one."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.evaluation import Tolerance
from flightready.errors import InputError
from flightready.evaluation.tasks.answers import Answers, cells, numbers, pair_of_columns, says_nothing, within
from flightready.evaluation.tasks.classification import files
from flightready.realism.inspection import Inspection
from flightready.realism.sample import Side

TRUE, SAID = "true", "said"
"""Names of the true number and of the pilot's among what the metrics are made of."""

columns = pair_of_columns


def tolerance(pilot: Pilot) -> Tolerance:
    """Return how far a number may be off: `evaluation.tolerance`, else the share of the true number of the policy."""
    return pilot.spec.evaluation.tolerance or Tolerance(policy.value("tolerance_of_numbers"), True)


def answers(pilot: Pilot, inspection: Inspection, name: str) -> Answers:
    """Return which numbers are near enough to the true ones.

    An answer that is no number is wrong; a record whose right answer is no number is not scored. Both are counted.

    Raises
    ------
    InputError
        When a column holds no number at all.
    """
    side, roles = inspection.side(name), inspection.sample.columns
    truth, predicted = cells(side, roles.label), cells(side, roles.prediction)
    given, has_answer = ~says_nothing(truth, predicted), ~says_nothing(predicted, truth)
    true, said = numbers(side, truth), numbers(side, predicted)
    for role, there, values in (("label", given, true), ("prediction", has_answer, said)):
        _refuse_words(pilot, side, role, getattr(roles, role), there, values)
    has_truth = given & ~np.isnan(true)
    right = within(true, said, tolerance(pilot)) & has_truth & has_answer
    none = np.zeros(len(side), dtype=bool)
    return Answers(
        truth, predicted, has_truth, has_answer, right, right.astype(float), none, has_answer & np.isnan(said),
        given & np.isnan(true), none.astype(int),
        {TRUE: np.where(has_truth, true, np.nan), SAID: np.where(has_answer, said, np.nan)},
    )  # fmt: skip


def _refuse_words(pilot: Pilot, side: Side, role: str, column: str, there: np.ndarray, values: np.ndarray) -> None:
    if there.any() and np.isnan(values[there]).all():
        raise InputError(
            f"no value of '{column}' is a number, and the task is a regression",
            where=f"{pilot.where('data', 'columns', role)}, {files(side)}",
            cure="name a column of numbers, or another task under evaluation.task",
        )
