"""Later records against earlier ones: whole days are dealt out anew, because records of one day resemble each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.intervals import newcombe
from flightready.realism.detector import Detection, Detector
from flightready.realism.inspection import Inspection
from flightready.realism.measures import CATEGORY, categories, compared_as, measure_of, quantities
from flightready.realism.outcome import Contrast, rate
from flightready.realism.shift import (
    ENOUGH,
    Shift,
    category_effect,
    common_categories,
    number_effect,
    rank_scores,
    shift_weights,
)

_ROUND = 500  # permutations looked at before asking whether it is clearly no discovery
Found = Sequence[tuple[Detector, str, Detection]]


@dataclass(frozen=True)
class Halves:
    """Records by day, and which days are the later half.

    Parameters
    ----------
    first_late : datetime64[D]
        First day of the later half.
    day : array of int, shape (rows,)
        Place of each record's day, -1 where unknown.
    is_late : array of bool, shape (days,)
    dealt : array of float, shape (permutations, days)
        1 for the days that a permutation takes for late ones.
    """

    first_late: np.datetime64
    day: np.ndarray
    is_late: np.ndarray
    dealt: np.ndarray

    def parts(self, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the known records that are late, and those that are early, shape (rows,)."""
        dated = known & (self.day >= 0)
        late = self.is_late[self.day]
        return dated & late, dated & ~late

    def p_value(self, scores: np.ndarray, known: np.ndarray, weights: np.ndarray) -> float:
        """Return the chance of as large a weighted sum of squared late sums when whole days are dealt out at random.

        Parameters
        ----------
        scores : array of float, shape (known records, k)
            Each column of mean 0.
        known : array of bool, shape (rows,)
            Dated records that the scores belong to.
        weights : array of float, shape (k,)
        """
        place = self.day[known]
        by_day = np.column_stack([np.bincount(place, s, minlength=len(self.is_late)) for s in scores.T])
        observed = float((self.is_late @ by_day) ** 2 @ weights)
        drawn, beyond = 0, 0
        while drawn < len(self.dealt) and beyond < ENOUGH:
            values = (self.dealt[drawn : drawn + _ROUND] @ by_day) ** 2 @ weights
            beyond += int((values >= observed * (1 - 1e-9)).sum())
            drawn += len(values)
        return (beyond + 1) / (drawn + 1)


def halves(inspection: Inspection, days: np.ndarray) -> Halves | None:
    """Split the dated raw records at the day that leaves about half of them later; None with too few days for that."""
    known = ~np.isnat(days)
    if not known.any():
        return None
    unique, place, counts = np.unique(days[known], return_inverse=True, return_counts=True)
    before = np.concatenate([[0], np.cumsum(counts)[:-1]])
    cut = int(np.argmin(abs(before - known.sum() / 2)))
    is_late = np.arange(len(unique)) >= cut
    least = policy.value("least_days_of_period")
    smallest = min(counts[is_late].sum(), counts[~is_late].sum())
    if min(cut, len(unique) - cut) < least or smallest < policy.value("least_records_of_part"):
        return None
    rng = generator(inspection.seed, "realism", "contrast", "days")
    dealt = rng.permuted(np.tile(is_late.astype(np.float64), (policy.value("permutations_of_days"), 1)), axis=1)
    day = np.full(len(days), -1)
    day[known] = place
    return Halves(unique[cut], day, is_late, dealt)


def of_periods(inspection: Inspection, found: Found, days: np.ndarray) -> Iterator[Contrast]:
    """Yield the contrasts of the later half of the days with the earlier one."""
    split = halves(inspection, days)
    if split is None:
        return
    for detector, column, detection in found:
        made = _of_rates(split, detector, column, detection)
        if made is not None:
            yield made
    for column in inspection.columns:
        if inspection.has("raw", column) and (measure := measure_of(inspection, column)) is not None:
            shift = (_of_categories if measure == CATEGORY else _of_numbers)(inspection, split, column)
            if shift is not None:
                told = shift.told.replace("raw", "later")
                yield Contrast(f"shift_{measure}", compared_as(measure), column, *_names(split), None, None, None,
                               shift.effect, shift.p_value, False, told)  # fmt: skip


def _names(split: Halves) -> tuple[str, str]:
    return f"from {split.first_late}", "before"


def _of_rates(split: Halves, detector: Detector, column: str, detection: Detection) -> Contrast | None:
    marks = detection.raw
    late, early = split.parts(marks.applies)
    inside, outside = (rate(int(marks.hit[part].sum()), int(part.sum())) for part in (late, early))
    enough = min(inside.n, outside.n) >= policy.value("least_records_of_part")
    if not enough or not inside.hits + outside.hits:
        return None
    known = late | early
    hit = marks.hit[known].astype(float)
    p = split.p_value((hit - hit.mean())[:, None], known, np.ones(1))
    between = newcombe(inside.hits, inside.n, outside.hits, outside.n)
    return Contrast(
        detector.id, detector.name, column, *_names(split), inside, outside, between, None, p, False
    )  # fmt: skip


def _of_numbers(inspection: Inspection, split: Halves, column: str) -> Shift | None:
    values = quantities(inspection, "raw", column)
    late, early = split.parts(~np.isnan(values))
    if min(late.sum(), early.sum()) < policy.value("least_values_for_shift"):
        return None
    known = late | early
    scores = rank_scores(values[known])
    if not scores.shape[1]:
        return None
    p = split.p_value(scores, known, shift_weights(scores.shape[1]))
    return number_effect(p, values[late], values[early], scores[late[known]].sum(axis=0))


def _of_categories(inspection: Inspection, split: Halves, column: str) -> Shift | None:
    codes, size = categories(inspection, column)
    late, early = split.parts(codes["raw"] >= 0)
    if min(late.sum(), early.sum()) < policy.value("least_values_for_shift"):
        return None
    counts = common_categories(*(np.bincount(codes["raw"][part], minlength=size) for part in (late, early)))
    if len(counts[0]) < 2:
        return None
    known = late | early
    shares = np.bincount(codes["raw"][known], minlength=size) / known.sum()
    common = np.flatnonzero(shares * min(late.sum(), early.sum()) >= policy.value("least_expected_in_category"))
    # a record of a rare category is in none of the common ones; what they lack is what the rare ones have
    scores = (codes["raw"][known][:, None] == common) - shares[common]
    p = split.p_value(scores, known, 1 / shares[common])
    rng = generator(inspection.seed, "realism", "contrast", "days", column)
    return category_effect(p, *counts, rng=rng)
