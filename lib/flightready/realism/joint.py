"""Can a classifier tell raw records from demo records that it never saw, and by which columns?"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evidence import Interval
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.measures import CATEGORY, categories, lengths, measure_of, quantities
from flightready.realism.readable import beyond_ascii
from flightready.realism.shift import pairs_interval, pairs_won

_SIDES = ("raw", "curated")
_DIGIT = re.compile(r"\d")
_NOT_DIGITS = bytes(c for c in range(128) if not chr(c).isdigit())


@dataclass(frozen=True)
class Joint:
    """How well a classifier tells raw records from demo records.

    Parameters
    ----------
    p_value : float
        One-sided, of the held-out half.
    area : float
        Share of held-out pairs in which the raw record gets the higher score; .5 is guessing.
    interval : Interval
        Its 90 % interval.
    carriers : tuple of str
        Columns by which the classifier tells them apart, the most telling first; empty where it does not.
    """

    p_value: float
    area: float
    interval: Interval
    carriers: tuple[str, ...]


def joint_shift(inspection: Inspection) -> Joint | None:
    """Train on one half of the records, score the other, and test by ranks whether the scores tell the sides apart.

    The classifier sees numbers, categories, gaps, lengths and characters of texts, and products of numbers; ids, times
    and names are kept from it. Exact copies are left out, because a copy in either half would be known by heart. The
    held-out half makes the rank test valid whatever the classifier learnt.

    Returns
    -------
    Joint or None
        None when a side has fewer records than `least_records_for_joint`, or no two columns are left.

    Source
    ------
    Lopez-Paz and Oquab 2017, Revisiting classifier two-sample tests; Mann and Whitney 1947.
    """
    columns = _columns(inspection)
    kept = _kept(inspection)
    if len(columns) < 2 or min(len(places) for places in kept.values()) < policy.value("least_records_for_joint"):
        return None
    base = _features(inspection, columns, kept)
    is_raw = np.repeat([True, False], [len(kept[side]) for side in _SIDES])
    rng = generator(inspection.seed, "realism", "joint")
    is_training = np.zeros(len(is_raw), dtype=bool)
    for side in (True, False):
        places = np.flatnonzero(is_raw == side)
        is_training[rng.permutation(places)[: len(places) // 2]] = True
    return _scored(base, is_raw, is_training, rng)


def _columns(inspection: Inspection) -> list[str]:
    both = [c for c in inspection.columns if all(inspection.has(side, c) for side in _SIDES)]
    return [c for c in both if measure_of(inspection, c) is not None]


def _kept(inspection: Inspection) -> dict[str, np.ndarray]:
    """Records that are no copies, cut to a quick number in proportion."""
    kept = {side: np.flatnonzero(~inspection.side(side).is_copy) for side in _SIDES}
    total, most = sum(len(k) for k in kept.values()), policy.value("most_records_for_joint")
    if total <= most:
        return kept
    # the smaller side is what limits the test, so that the larger one gives way first
    smaller = min(_SIDES, key=lambda side: len(kept[side]))
    sizes = {side: min(len(kept[side]), most // 2) for side in _SIDES}
    other = next(side for side in _SIDES if side != smaller)
    sizes[other] = min(len(kept[other]), most - sizes[smaller])
    rng = generator(inspection.seed, "realism", "joint", "cut")
    return {side: np.sort(rng.choice(kept[side], sizes[side], replace=False)) for side in _SIDES}


def _features(inspection: Inspection, columns: list[str], kept: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Features of each column, shape (records, features), raw records first; NaN for a gap."""

    def both(read) -> np.ndarray:
        return np.concatenate([read(side)[kept[side]] for side in _SIDES])

    made: dict[str, np.ndarray] = {}
    for column in columns:
        if measure_of(inspection, column) == CATEGORY:
            made[column] = _ordered(both(lambda side, c=column: categories(inspection, c)[0][side]))[:, None]
        elif inspection.kinds[column] is Kind.FREE_TEXT:
            long = both(lambda side, c=column: lengths(inspection, side, c))
            parts = [
                both(lambda side, c=column, s=s: _characters(inspection, side, c, s)) for s in (_n_digits, _n_beyond)
            ]
            made[column] = np.column_stack([long, *(part / np.maximum(long, 1) for part in parts)])
        else:
            made[column] = both(lambda side, c=column: quantities(inspection, side, c))[:, None]
    return {c: f for c, f in made.items() if len(np.unique(f[~np.isnan(f).any(axis=1)], axis=0)) > 1}


def _ordered(codes: np.ndarray) -> np.ndarray:
    """Categories by frequency on both sides together; rare ones as one, none as NaN."""
    counts = np.bincount(codes[codes >= 0], minlength=int(codes.max(initial=0)) + 1)
    place = np.empty(len(counts))
    place[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    ordered = np.minimum(place, policy.value("most_categories_of_joint"))[codes]
    return np.where(codes < 0, np.nan, ordered)


def _characters(inspection: Inspection, side: str, column: str, count: Callable[[str], int]) -> np.ndarray:
    filled = inspection.filled(side, column)
    counts = np.full(len(filled), np.nan)
    codes, different = inspection.different(side, column)
    held = set(inspection.filled_values(side, column))
    of_value = [count(t) if t in held else 0 for t in different]
    counts[filled] = np.array([*of_value, 0], dtype=float)[codes[filled]]
    return counts


def _n_digits(text: str) -> int:
    if text.isascii():
        return len(text.encode("ascii").translate(None, _NOT_DIGITS))
    return len(_DIGIT.findall(text))


def _n_beyond(text: str) -> int:
    return 0 if text.isascii() else len(beyond_ascii(text))


def _scored(
    base: dict[str, np.ndarray], is_raw: np.ndarray, is_training: np.ndarray, rng: np.random.Generator
) -> Joint | None:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    if len(base) < 2:
        return None
    table = _Table(base)
    held = np.flatnonzero(~is_training)
    sides = is_raw[held]
    with threadpool_limits(limits=1):  # many small trees: threads only get into one another's way
        made: Any = HistGradientBoostingClassifier(**policy.value("joint_trees"), random_state=int(rng.integers(2**31)))
        made.fit(table.of(np.flatnonzero(is_training)), is_raw[is_training])

        def area(features: np.ndarray) -> tuple[float, np.ndarray]:
            scores = made.decision_function(features)
            return pairs_won(scores[sides], scores[~sides]), scores

        known, scores = area(table.of(held))
        p = _rank_p(scores[sides], scores[~sides])
        carriers: tuple[str, ...] = ()
        if p <= policy.value("false_discovery_budget"):
            lost = {c: known - area(table.of(held, shuffled=c, order=rng.permutation(held)))[0] for c in base}
            least = policy.value("least_part_of_joint") * (known - 0.5)
            carriers = tuple(sorted((c for c in lost if lost[c] >= least), key=lambda c: -lost[c]))
    return Joint(p, known, pairs_interval(known, int(sides.sum()), int((~sides).sum())), carriers)


def _rank_p(raw: np.ndarray, curated: np.ndarray) -> float:
    from scipy import stats  # slow to load

    if len(np.unique(np.concatenate([raw, curated]))) < 2:
        return 1.0
    return float(stats.mannwhitneyu(raw, curated, alternative="greater", method="asymptotic").pvalue)


class _Table:
    """Features of all records, and products of the ranks of numbers, made anew when a column is shuffled."""

    def __init__(self, base: dict[str, np.ndarray]) -> None:
        self.base = base
        firsts = {
            c: f[:, 0] for c, f in base.items() if len(np.unique(f[:, 0])) > policy.value("least_distinct_numbers")
        }
        chosen = list(firsts)[: policy.value("most_products_of_joint")]
        self.normal = {c: _normal_scores(firsts[c]) for c in chosen}

    def of(self, places: np.ndarray, *, shuffled: str = "", order: np.ndarray | None = None) -> np.ndarray:
        """Rows of the feature table; one column may be taken from other records instead."""
        rows = {c: order if c == shuffled else places for c in self.base}
        parts = [features[rows[c]] for c, features in self.base.items()]
        pairs = combinations(self.normal, 2)
        parts += [(self.normal[a][rows[a]] * self.normal[b][rows[b]])[:, None] for a, b in pairs]
        return np.hstack(parts)


def _normal_scores(values: np.ndarray) -> np.ndarray:
    from scipy import stats  # slow to load

    ranks = stats.rankdata(values, nan_policy="omit")
    return np.nan_to_num(stats.norm.ppf((ranks - 0.5) / max(1, int((~np.isnan(values)).sum()))))
