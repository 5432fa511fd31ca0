"""Are two groups of values distributed otherwise, by how much, and in what way? Numbers and categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import special

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import LEVEL
from flightready.realism.outcome import Effect

ENOUGH = 25
"""After so many draws at or beyond the observed one, the p-value is clearly no discovery."""
PAIRS = "share of pairs in which the raw value is larger"
MOVED = "share of records that would have to change category"
_ROUND = 100  # permutations drawn at once
_BESIDE = 1e-9
_FEW = 199  # draws that confirm what the limit law says anyway
_NO_PREFERENCE = 0.5
_NOT_CLEAR = "no shift beyond chance"


@dataclass(frozen=True)
class Shift:
    """How one group of values differs from another.

    Parameters
    ----------
    p_value : float
        Two-sided; never 0.
    effect : Effect
    told : str
        In plain words, about "raw" values; empty where nothing can be said.
    """

    p_value: float
    effect: Effect
    told: str


def number_shift(raw: np.ndarray, other: np.ndarray, *, rng: np.random.Generator) -> Shift | None:
    """Compare numbers by a smooth rank test: level, spread, lean and ends, weighted by `shift_weights`.

    Chosen for its power: a rank-sum test sees only the level; Kolmogorov-Smirnov and Anderson-Darling hardly see
    spread and ends. Ranks make it deaf to single outliers and heavy tails.

    Parameters
    ----------
    raw, other : array of float, shape (n,), (m,)
        No NaN.
    rng : Generator
        From `draws.generator`.

    Returns
    -------
    Shift or None
        None when a group has fewer values than `least_values_for_shift`, or all values are equal. The effect is the
        share of pairs in which the raw value is larger, a tie counting half; it stays .5 when only the spread differs.

    Source
    ------
    Neyman 1937; Rayner, Thas and Best 2009, Smooth Tests of Goodness of Fit, chapter 8 (several samples).
    """
    if min(len(raw), len(other)) < policy.value("least_values_for_shift"):
        return None
    pooled = np.concatenate([raw, other])
    scores = rank_scores(pooled)
    if not scores.shape[1]:
        return None
    n, total = len(raw), len(pooled)
    scale = sqrt(n * (total - n) / (total - 1))
    parts = scores[:n].sum(axis=0) / scale
    weights = shift_weights(scores.shape[1])
    smaller = min(n, total - n)  # scores add up to zero, so that either group tells the statistic

    def dealt() -> np.ndarray:
        drawn = (rng.choice(total, smaller, replace=False, shuffle=False) for _ in range(_ROUND))
        sums = np.array([scores[places].sum(axis=0) for places in drawn])
        return (sums / scale) ** 2 @ weights

    observed = float(parts**2 @ weights)
    # the limit law needs enough records even of the rarest value, as chi-square does
    is_smooth = smaller >= policy.value("expected_for_limit_law") * float((scores**2).max())
    laws = (weighted_body(observed, weights), weighted_tail(observed, weights))
    p = _permuted(observed, dealt, laws if is_smooth else None)
    return number_effect(p, raw, other, parts)


def number_effect(p: float, raw: np.ndarray, other: np.ndarray, parts: np.ndarray) -> Shift:
    """Return the shift of numbers with its p-value: the share of pairs won, and in words what the scores tell.

    Parameters
    ----------
    p : float
        From whatever test suits the records.
    raw, other : array of float, shape (n,), (m,)
    parts : array of float, shape (up to four,)
        Level, spread, lean and ends of the raw values, from `rank_scores`.
    """
    won = pairs_won(raw, other)
    interval = pairs_interval(won, len(raw), len(other))
    return Shift(p, Effect(PAIRS, won, interval, _NO_PREFERENCE), _number_words(p, won, interval, parts))


def rank_scores(values: np.ndarray) -> np.ndarray:
    """Return orthonormal polynomials of the ranks of values, shape (n, up to four), mean 0, variance 1."""
    unique, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    degree = min(len(policy.value("shift_weights")), len(unique) - 1)
    middle = (np.cumsum(counts) - counts / 2) / len(values)
    weight = np.sqrt(counts / len(values))
    basis = np.polynomial.legendre.legvander(2 * middle - 1, degree) * weight[:, None]
    made, upper = np.linalg.qr(basis)
    made = made * np.where(np.diag(upper) < 0, -1.0, 1.0)
    return (made / weight[:, None])[place][:, 1:]


def shift_weights(number: int) -> np.ndarray:
    """Return the weights of the first shapes, the first being the largest."""
    return np.array(policy.value("shift_weights")[:number], dtype=float)


def weighted_body(value: float, weights: np.ndarray) -> float:
    """Return the chance that a weighted sum of squared standard normals exceeds an ordinary value.

    Source
    ------
    Satterthwaite 1946 (Biometrics Bulletin 2:110): a chi-square of the same mean and variance.
    """
    scale = float((weights**2).sum() / weights.sum())
    return float(special.chdtrc(float(weights.sum() / scale), value / scale))


def weighted_tail(value: float, weights: np.ndarray) -> float:
    """Return the chance that a weighted sum of squared standard normals exceeds a large value.

    Parameters
    ----------
    value : float
        Far in the tail: for chances of a thousandth or less.
    weights : array of float, shape (k,)
        The first one larger than the others.

    Source
    ------
    Zolotarev 1961 (Theory of Probability and its Applications 6:201).
    """
    rest = np.prod(1 - weights[1:] / weights[0]) ** -0.5
    return float(min(1.0, rest * special.chdtrc(1, value / weights[0])))


def pairs_won(values: np.ndarray, other: np.ndarray) -> float:
    """Return the share of pairs in which the first value is larger, a tie counting half.

    Source
    ------
    Mann and Whitney 1947; the area under the ROC curve (Hanley and McNeil 1982).

    Examples
    --------
    >>> pairs_won(np.array([2.0, 3.0]), np.array([1.0, 2.0]))
    0.875
    """
    ordered = np.sort(other)
    below, upto = (np.searchsorted(ordered, values, side=s) for s in ("left", "right"))
    return float((below + upto).sum() / (2 * len(values) * len(other)))


def pairs_interval(share: float, n: int, m: int, level: float = LEVEL) -> Interval:
    """Return the interval of a share of pairs won; it stays within 0 to 1 and is sound at either end.

    Source
    ------
    Newcombe 2006 (Statistics in Medicine 25:559), method 5.

    Examples
    --------
    >>> i = pairs_interval(0.63, 200, 200)
    >>> round(i.low, 3), round(i.high, 3)
    (0.583, 0.674)
    """
    from scipy import optimize  # slow to load

    z, half = special.ndtri(0.5 + level / 2), (n + m) / 2

    def gap(true: float) -> float:
        spread = (half - 1) * ((1 - true) / (2 - true) + true / (1 + true))
        return abs(share - true) - z * sqrt(true * (1 - true) / (n * m) * (1 + spread))

    # at 0 and 1 the spread is nought, so that the search starts just beside the share itself
    low = 0.0 if share <= _BESIDE else float(optimize.brentq(gap, 0.0, share - _BESIDE))
    high = 1.0 if share >= 1 - _BESIDE else float(optimize.brentq(gap, share + _BESIDE, 1.0))
    return Interval(low, high)


def category_shift(raw: np.ndarray, other: np.ndarray, *, rng: np.random.Generator) -> Shift | None:
    """Compare categories by a permutation test of chi-square; rare categories are taken together.

    Parameters
    ----------
    raw, other : array of int, shape (categories,)
        Records of each category in each group.
    rng : Generator
        From `draws.generator`.

    Returns
    -------
    Shift or None
        None when a group is too small or only one category is left. The effect is the total variation distance, the
        share of records that would have to change category, less what chance alone makes of it.

    Source
    ------
    Pearson 1900; permutation of a table with fixed margins, Patefield 1981.
    """
    n, m = int(raw.sum()), int(other.sum())
    if min(n, m) < policy.value("least_values_for_shift"):
        return None
    raw, other = common_categories(raw, other)
    if len(raw) < 2:
        return None
    total = raw + other
    expected = total * (n / (n + m))

    def distance(counts: np.ndarray) -> np.ndarray:
        return ((counts - expected) ** 2 / expected).sum(axis=-1)

    def dealt() -> np.ndarray:
        return distance(rng.multivariate_hypergeometric(total, n, size=_ROUND, method="marginals"))

    observed = float(distance(raw))
    is_smooth = total.min() * min(n, m) >= policy.value("expected_for_limit_law") * (n + m)
    limit = float(special.chdtrc(len(raw) - 1, observed * (n + m - 1) / m))
    p = _permuted(observed, dealt, (limit, limit) if is_smooth else None)
    return category_effect(p, raw, other, rng=rng)


def category_effect(p: float, raw: np.ndarray, other: np.ndarray, *, rng: np.random.Generator) -> Shift:
    """Return the shift of categories with its p-value, for counts without rare categories."""
    value, interval = _moved(raw, other, rng)
    told = (
        f"about {100 * value:.0f} of 100 raw records would have to change category" if _is_unlikely(p) else _NOT_CLEAR
    )
    return Shift(p, Effect(MOVED, value, interval, 0.0), told)


def common_categories(raw: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the counts with categories too rare for a comparison put together as the last one."""
    total = raw + other
    smaller = min(raw.sum(), other.sum()) / max(1, total.sum())
    is_rare = total * smaller < policy.value("least_expected_in_category")
    together = [np.append(counts[~is_rare], counts[is_rare].sum()) for counts in (raw, other)]
    keep = together[0] + together[1] > 0
    return together[0][keep], together[1][keep]


def _moved(raw: np.ndarray, other: np.ndarray, rng: np.random.Generator) -> tuple[float, Interval]:
    """Total variation distance less what chance makes of it, with an interval that holds at least nine times in ten.

    Chance alone keeps the distance above zero, so the low end takes off what chance gives at most; the high end needs
    no such care, because the bias is upward there.
    """
    n, m = int(raw.sum()), int(other.sum())
    size, tail = policy.value("resamples_of_shift"), (1 - LEVEL) / 2
    seen = float(abs(raw / n - other / m).sum() / 2)
    dealt = rng.multivariate_hypergeometric(raw + other, n, size=size, method="marginals")
    chance = abs(dealt / n - (raw + other - dealt) / m).sum(axis=1) / 2
    again = abs(rng.multinomial(n, raw / n, size=size) / n - rng.multinomial(m, other / m, size=size) / m)
    spread = float(-special.ndtri(tail) * (again.sum(axis=1) / 2).std())
    value = sqrt(max(0.0, seen**2 - float(chance.mean()) ** 2))
    low, high = max(0.0, seen - float(np.quantile(chance, 1 - tail))), min(1.0, seen + spread)
    return value, Interval(low, max(high, value))


def _permuted(observed: float, dealt: Callable[[], np.ndarray], laws: tuple[float, float] | None) -> float:
    """Permutation p-value, drawn until it is clearly no discovery.

    Where the limit law holds, its body stands in for what is nowhere near a discovery, and its tail for what is beyond
    the resolution of permutations; between the two, permutations decide.
    """
    body, tail = laws or (0.0, 0.0)
    if body >= policy.value("clearly_no_shift"):
        return body
    most = policy.value("permutations_of_novelty" if laws is None else "permutations_of_shift")
    if laws is not None and tail < policy.value("clear_limit_law"):
        most = _FEW
    drawn, beyond = 0, 0
    nearly = observed * (1 - 1e-9)  # rounding must not turn a tie into a miss
    while drawn < most and beyond < ENOUGH:
        values = dealt()[: most - drawn]
        beyond += int((values >= nearly).sum())
        drawn += len(values)
    p = (beyond + 1) / (drawn + 1)
    return p if beyond or laws is None else min(p, max(tail, np.finfo(float).tiny))


def _is_unlikely(p: float) -> bool:
    return p <= policy.value("false_discovery_budget")


def _number_words(p: float, won: float, interval: Interval, parts: np.ndarray) -> str:
    if not _is_unlikely(p):
        return _NOT_CLEAR
    if interval.low > _NO_PREFERENCE or interval.high < _NO_PREFERENCE:
        larger = won > _NO_PREFERENCE
        times = 100 * (won if larger else 1 - won)
        return f"raw values tend to be {'larger' if larger else 'smaller'}: in {times:.0f} of 100 pairs"
    if len(parts) > 1 and abs(parts[1]) == max(abs(parts)):
        return f"raw values lie {'further apart' if parts[1] > 0 else 'closer together'}, at about the same level"
    return "raw values are distributed otherwise, at about the same level"
