"""Scored generations: people rate each answer; it is right when the mean of their ratings is good."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.evaluation import Rating
from flightready.errors import InputError
from flightready.evaluation.tasks.answers import Answers, cells, numbers, says_nothing
from flightready.evaluation.tasks.classification import files
from flightready.realism.inspection import Inspection
from flightready.realism.sample import Side
from flightready.wording import count

RATING = "rating"
"""Name of the mean rating of a record among what the metrics are made of."""


def columns(pilot: Pilot, inspection: Inspection) -> tuple[set[str], set[str] | None]:
    """Return the columns that hold ratings; the answers themselves need not be there."""
    return set(_columns(inspection)), None


def _columns(inspection: Inspection) -> list[str]:
    roles = inspection.sample.columns
    return list(roles.rating) or [c for c in (roles.label,) if c]


def answers(pilot: Pilot, inspection: Inspection, name: str) -> Answers:
    """Return which answers are rated good on average; their mean rating on the scale from 0 to 1 is their score.

    Ratings outside of the scale, and those that are no number, are left out and counted. A record without a rating
    that counts is not scored; one that was rated counts as answered.

    Raises
    ------
    InputError
        When no rating is a number, or most lie outside of the scale.
    """
    side, scale = inspection.side(name), pilot.spec.evaluation.rating or Rating()
    there = [c for c in _columns(inspection) if c in side.frame.columns]
    texts = [cells(side, c) for c in there]
    given = np.column_stack([~says_nothing(t, pd.Series([], dtype="str")) for t in texts])
    ratings = np.column_stack([numbers(side, t) for t in texts])
    is_off = (ratings < scale.low) | (ratings > scale.high)
    _refuse(pilot, side, there, given, ratings, is_off, scale)
    ratings[is_off | ~given] = np.nan
    mean = _mean(ratings)
    has_truth = ~np.isnan(mean)
    right = np.where(has_truth, mean >= scale.good - 1e-9, False)
    score = np.where(has_truth, (mean - scale.low) / (scale.high - scale.low), 0.0)
    roles, none = inspection.sample.columns, np.zeros(len(side), dtype=bool)
    said = cells(side, roles.prediction) if roles.prediction in side.frame.columns else pd.Series("", side.frame.index)
    return Answers(
        pd.Series(mean, side.frame.index).map("{:g}".format).where(has_truth, ""), said, has_truth, ~none,
        right.astype(bool), np.clip(score, 0.0, 1.0), none, none, (given & np.isnan(ratings) & ~is_off).any(axis=1),
        is_off.sum(axis=1), {RATING: mean, **{f"{RATING}: {c}": ratings[:, i] for i, c in enumerate(there)}},
    )  # fmt: skip


def _mean(ratings: np.ndarray) -> np.ndarray:
    """Mean of the ratings of each record; NaN without any."""
    known = ~np.isnan(ratings)
    return np.where(known, ratings, 0.0).sum(axis=1) / np.where(known.any(axis=1), known.sum(axis=1), np.nan)


def _refuse(
    pilot: Pilot, side: Side, there: list[str], given: np.ndarray, ratings: np.ndarray, is_off: np.ndarray,
    scale: Rating,
) -> None:  # fmt: skip
    """A column of words, or another scale."""
    role = "rating" if pilot.spec.data.columns.rating else "label"
    for place, column in enumerate(there):
        if given[:, place].any() and np.isnan(ratings[given[:, place], place]).all():
            raise InputError(
                f"no value of '{column}' is a number, so none can be a rating",
                where=f"{pilot.where('data', 'columns', role)}, {files(side)}",
                cure="name the columns in which people rated the answers under data.columns.rating",
            )
    known = int((given & ~np.isnan(ratings)).sum())
    if known and is_off.sum() > policy.value("most_ratings_off_scale") * known:
        raise InputError(
            f"{int(is_off.sum()):,} of {count(known, 'rating')} lie outside of the scale {scale.low:g} to "
            f"{scale.high:g}",
            where=f"{pilot.where('evaluation', 'rating')}, {files(side)}", valid="such as {low: 1, high: 5, good: 4}",
            cure="write the scale on which people rated under evaluation.rating",
        )  # fmt: skip
