"""Extraction: a record is right when all its fields are; each field is compared as the assessment says."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.evaluation import ExtractedField, Tolerance
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.tasks.answers import (
    Answers,
    by_system,
    cells,
    normalised,
    not_itself,
    numbers,
    pair_of_columns,
    says_nothing,
    within,
)
from flightready.evaluation.tasks.classification import files
from flightready.realism.inspection import SIDES, Inspection
from flightready.realism.parsing import read_times
from flightready.realism.sample import Side

ONLY_FIELD = ""
"""Name of the field where none is listed, and one column of right answers stands beside one of the pilot's."""
_JOIN = " | "
_EXACT = Tolerance(0.0, False)


def columns(pilot: Pilot, inspection: Inspection) -> tuple[set[str], set[str]]:
    """Return the columns that hold right answers and the pilot's."""
    fields = pilot.spec.evaluation.fields
    if not fields:
        return pair_of_columns(pilot, inspection)
    for name, one in fields.items():
        if one.label == one.prediction:
            raise not_itself(one.label, pilot.where("evaluation", "fields", name, "prediction"))
        for key in ("label", "prediction"):
            _refuse_unknown(pilot, inspection, name, key, getattr(one, key), inspection.columns)
    return {one.label for one in fields.values()}, {one.prediction for one in fields.values()}


def answers(pilot: Pilot, inspection: Inspection, name: str) -> Answers:
    """Return which records are right in all fields; the share of right fields is their score.

    A field that the record does not hold is right when the pilot found nothing, and wrong when it found something.
    A record without any right answer is not scored.

    Raises
    ------
    InputError
        When a side lacks the column of one field only, or no answer of a field is ever right.
    """
    side, fields = inspection.side(name), _fields(pilot, inspection)
    found = {key: _compared(pilot, inspection, name, key, one) for key, one in fields.items()}
    truths, predictions = (pd.DataFrame({k: f[i] for k, f in found.items()}) for i in (0, 1))
    has_truth, has_answer, right, unreadable = (np.column_stack([f[i] for f in found.values()]) for i in (2, 3, 4, 5))
    is_asked = has_truth | has_answer
    measured = {k: np.where(is_asked[:, i], right[:, i], np.nan) for i, k in enumerate(found)}
    none = np.zeros(len(side), dtype=bool)
    return Answers(
        truths.agg(_JOIN.join, axis=1), predictions.agg(_JOIN.join, axis=1), has_truth.any(axis=1),
        has_answer.any(axis=1), right.all(axis=1), right.mean(axis=1), none, unreadable.any(axis=1), none,
        none.astype(int), measured,
    )  # fmt: skip


def _fields(pilot: Pilot, inspection: Inspection) -> dict[str, ExtractedField]:
    roles = inspection.sample.columns
    given = pilot.spec.evaluation.fields
    return given or {ONLY_FIELD: ExtractedField(label=roles.label, prediction=roles.prediction)}


def _compared(pilot: Pilot, inspection: Inspection, name: str, key: str, one: ExtractedField) -> tuple:
    """Right answers, the pilot's, whether each is there, whether it is right, whether it could not be read."""
    side = inspection.side(name)
    for role in ("label", "prediction"):
        _refuse_unknown(pilot, inspection, key, role, getattr(one, role), side.frame.columns, side)
    truth, predicted = cells(side, one.label), cells(side, one.prediction)
    has_truth, has_answer = ~says_nothing(truth, predicted), ~says_nothing(predicted, truth)
    both = has_truth & has_answer
    same, unreadable = _same(side, truth, predicted, one, pilot.spec.evaluation.tolerance)
    right = np.where(both, same, ~has_truth & ~has_answer)
    if both.sum() >= policy.value("least_rows_to_compare") and not same[both].any():
        _refuse_strangers(pilot, key, one, normalised(truth[both]), normalised(predicted[both]), side)
    return truth, predicted, has_truth, has_answer, right, unreadable & both


def _same(
    side: Side, truth: pd.Series, predicted: pd.Series, one: ExtractedField, tolerance: Tolerance | None
) -> tuple[np.ndarray, np.ndarray]:
    """Which answers are the right one, and which could not be read as the number or date that they should be."""
    if one.compare == "exact":
        return (truth == predicted).to_numpy(dtype=bool), np.zeros(len(truth), dtype=bool)
    plain = (normalised(truth) == normalised(predicted)).to_numpy(dtype=bool)
    if one.compare == "normalised":
        return plain, np.zeros(len(truth), dtype=bool)
    if one.compare == "number":
        first, second = numbers(side, truth), numbers(side, predicted)
        same, lost = within(first, second, one.tolerance or tolerance or _EXACT), (np.isnan(first), np.isnan(second))
    else:
        first, second = _days(side, truth), _days(side, predicted)
        same = np.any([first[i] == second[j] for i, j in ((0, 0), (0, 1), (1, 0))], axis=0)
        lost = np.isnat(first[0]), np.isnat(second[0])
    # a right answer that is no number is compared as a text, such as "twelve"
    return np.where(lost[0], plain, same), lost[1] & ~lost[0]


def _days(side: Side, texts: pd.Series) -> np.ndarray:
    """Days as read, and the other way round where the column leaves open which part is the day, shape (2, rows)."""

    def read(own: pd.Series) -> np.ndarray:
        times = read_times(own)
        other = np.where(times.ambiguous, times.other, np.datetime64("NaT", "s"))
        return np.column_stack([times.values, other]).astype("datetime64[D]")

    return by_system(side, texts, read).T


def _refuse_unknown(
    pilot: Pilot, inspection: Inspection, field: str, key: str, column: str, there: Iterable[str],
    side: Side | None = None,
) -> None:  # fmt: skip
    there = list(there)
    if column in there:
        return
    names = [files(s) for n in SIDES if (s := inspection.side(n)) is not None] if side is None else [files(side)]
    raise InputError(
        f"the column '{column}' of the field '{field}' is not in {', '.join(names)}",
        where=pilot.where("evaluation", "fields", field, key), valid=listed(there),
        cure=nearest(column, there) or "name a column that is there, or remove the field",
    )  # fmt: skip


def _refuse_strangers(
    pilot: Pilot, key: str, one: ExtractedField, truth: pd.Series, predicted: pd.Series, side: Side
) -> None:
    if one.compare in ("exact", "normalised") and set(truth) & set(predicted):
        return
    place = ("evaluation", "fields", key) if key else ("data", "columns", "prediction")
    raise InputError(
        f"of {len(truth):,} answers in '{one.prediction}' not one is what '{one.label}' holds",
        where=f"{pilot.where(*place)}, {files(side)}",
        cure="name the columns that hold the same field, or say how they compare (exact, normalised, number, date)",
    )
