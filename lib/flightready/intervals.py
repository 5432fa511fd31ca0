"""Intervals of proportions and quantiles, the power behind them, and control of false discoveries.

Everything defaults to the 90 % interval that the product shows: either end is a one-sided 95 % bound.
Shares are fractions of 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt

import numpy as np
from scipy import special

from flightready.evidence import Interval

LEVEL = 0.90
"""Level of every interval shown to a user; a convention of the house, not a threshold."""


def jeffreys_shares(successes: float, failures: float, size: int) -> np.ndarray:
    """Return equally likely shares behind a count, rising, shape (size,).

    Source
    ------
    Brown, Cai and DasGupta 2001 (Jeffreys interval).

    Examples
    --------
    >>> jeffreys_shares(8, 2, 3).round(3)
    array([0.654, 0.79 , 0.892])
    """
    return special.betaincinv(successes + 0.5, failures + 0.5, (np.arange(size) + 0.5) / size)


def wilson(successes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the Wilson score interval of a proportion.

    Parameters
    ----------
    successes, n : int
        0 <= successes <= n; n = 0 gives the whole range 0 to 1.

    Source
    ------
    Wilson 1927; Newcombe 1998 (Statistics in Medicine 17:857), method 3.

    Examples
    --------
    >>> i = wilson(166, 200, level=0.95)
    >>> round(i.low, 4), round(i.high, 4)
    (0.7718, 0.8757)
    """
    _check_counts(successes, n)
    if n == 0:
        return Interval(0.0, 1.0)
    z = special.ndtri(0.5 + level / 2)
    share = successes / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(float(max(0.0, centre - half)), float(min(1.0, centre + half)))


def clopper_pearson(successes: int, n: int, level: float = LEVEL) -> Interval:
    """Return the exact binomial interval of a proportion; none seen in n gives the rule of three.

    Source
    ------
    Clopper and Pearson 1934.

    Examples
    --------
    >>> round(clopper_pearson(0, 200).high, 4)
    0.0149
    """
    _check_counts(successes, n)
    if n == 0:
        return Interval(0.0, 1.0)
    low, high = clopper_pearson_ends(np.array([successes]), n, level)
    return Interval(float(low[0]), float(high[0]))


def clopper_pearson_ends(successes: np.ndarray, n: int, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of the exact binomial interval for many counts out of the same n >= 1, arrays of their shape.

    Examples
    --------
    >>> low, high = clopper_pearson_ends(np.array([0, 200]), 200)
    >>> low.round(4), high.round(4)
    (array([0.    , 0.9851]), array([0.0149, 1.    ]))
    """
    tail, seen = (1 - level) / 2, np.asarray(successes)
    low = np.where(seen == 0, 0.0, special.betaincinv(np.maximum(seen, 1), n - seen + 1, tail))
    high = np.where(seen == n, 1.0, special.betaincinv(seen + 1, np.maximum(n - seen, 1), 1 - tail))
    return low, high


def newcombe(x1: int, n1: int, x2: int, n2: int, level: float = LEVEL) -> Interval:
    """Return the hybrid-score interval of `x1/n1 - x2/n2` for independent samples.

    Source
    ------
    Newcombe 1998 (Statistics in Medicine 17:873), method 10.

    Examples
    --------
    >>> i = newcombe(470, 500, 166, 200, level=0.95)
    >>> round(i.low, 3), round(i.high, 3)
    (0.058, 0.171)
    """
    first, second = wilson(x1, n1, level), wilson(x2, n2, level)
    if n1 == 0 or n2 == 0:
        return Interval(-1.0, 1.0)
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - sqrt((p1 - first.low) ** 2 + (second.high - p2) ** 2)
    high = p1 - p2 + sqrt((first.high - p1) ** 2 + (p2 - second.low) ** 2)
    return Interval(float(low), float(high))


def smallest_detectable_drop(share: float, n_curated: int, n_raw: int, *, power: float, level: float = LEVEL) -> float:
    """Return the smallest drop from `share` that a comparison of two samples would detect.

    A drop counts as detected when the interval of the difference lies above zero: the usual two-sample test of
    proportions, pooled under the null and unpooled under the alternative.

    Parameters
    ----------
    share : float
        Accuracy on the curated side, 0 < share <= 1.
    n_curated, n_raw : int
        Sizes of the two samples, at least 1.
    power : float
        Chance of detecting a drop of the returned size, 0 to 1.

    Returns
    -------
    float
        The drop as a share; `share` itself when not even the largest drop would be detected.

    Source
    ------
    Fleiss, Levin and Paik 2003, Statistical Methods for Rates and Proportions, eq. 4.14 without continuity.
    """
    from scipy import optimize  # slow to load

    z_level, z_power = special.ndtri(0.5 + level / 2), special.ndtri(power)

    def surplus(drop: float) -> float:
        low = share - drop
        pooled = (n_curated * share + n_raw * low) / (n_curated + n_raw)
        null = sqrt(pooled * (1 - pooled) * (1 / n_curated + 1 / n_raw))
        alternative = sqrt(share * (1 - share) / n_curated + low * (1 - low) / n_raw)
        return drop - z_level * null - z_power * alternative

    return float(optimize.brentq(surplus, 1e-9, share)) if surplus(share) > 0 else float(share)


def rows_to_decide(
    share: float, threshold: float, *, power: float, level: float = LEVEL, most: int = 10_000_000
) -> int | None:
    """Return how many rows in all would put the threshold outside the interval, if the true share is the one given.

    Parameters
    ----------
    share, threshold : float
        0 to 1.
    power : float
        Chance that so many rows really decide; a plan without it fails every second time.

    Returns
    -------
    int or None
        None when the share equals the threshold or more than `most` rows would be needed.

    Source
    ------
    Fleiss, Levin and Paik 2003, section 2.3 (one proportion against a fixed value).

    Examples
    --------
    >>> rows_to_decide(0.86, 0.85, power=0.8)
    7733
    """
    if share == threshold or not 0 <= share <= 1:
        return None
    z_level, z_power = special.ndtri(0.5 + level / 2), special.ndtri(power)
    spread = z_level * sqrt(threshold * (1 - threshold)) + z_power * sqrt(share * (1 - share))
    rows = (spread / (share - threshold)) ** 2
    return int(np.ceil(rows)) if rows <= most else None


def order_statistic_ranks(n: int, quantile: float, level: float = LEVEL) -> tuple[int | None, int | None]:
    """Return the 1-based ranks whose order statistics bound a quantile with at least `level` confidence.

    Each tail holds at most half of what `level` leaves; a rank that the sample does not reach is None.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, section 7.1 (binomial argument).

    Examples
    --------
    >>> order_statistic_ranks(200, 0.95, level=0.95)
    (184, 197)
    >>> order_statistic_ranks(200, 0.99, level=0.95)
    (195, None)
    """
    tail = (1 - level) / 2
    below = special.bdtr(np.arange(n + 1), n, quantile)
    low = int(np.searchsorted(below, tail, side="right"))
    high = int(np.searchsorted(below, 1 - tail, side="left")) + 1
    return (low if low >= 1 else None, high if high <= n else None)


def quantile_with_interval(values: np.ndarray, quantile: float, level: float = LEVEL) -> tuple[float, Interval]:
    """Return the median-unbiased estimate of a quantile and its exact order-statistic interval.

    Parameters
    ----------
    values : array of shape (n,)
        At least one value, no NaN; +inf is allowed for a censored observation.

    Source
    ------
    Hyndman and Fan 1996, type 8.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    if ordered.size == 0:
        raise ValueError("a quantile needs at least one value")
    position = (ordered.size + 1 / 3) * quantile + 1 / 3
    lower = int(np.clip(np.floor(position), 1, ordered.size))
    upper = min(lower + 1, ordered.size)
    part = float(np.clip(position - lower, 0, 1))
    a, b = ordered[lower - 1], ordered[upper - 1]
    estimate = float(a if part == 0 or a == b else a + part * (b - a))
    low, high = order_statistic_ranks(ordered.size, quantile, level)
    ends = [None if rank is None else float(ordered[rank - 1]) for rank in (low, high)]
    return estimate, Interval(*(None if end is None or np.isinf(end) else end for end in ends))


def smallest_n_for_upper_bound(quantile: float, level: float = LEVEL) -> int:
    """Return the smallest sample whose largest value bounds the quantile from above in the interval of `level`.

    Examples
    --------
    >>> smallest_n_for_upper_bound(0.99, level=0.95)
    368
    """
    return int(np.ceil(np.log((1 - level) / 2) / np.log(quantile)))


def benjamini_hochberg(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values adjusted so that rejecting those at or below q keeps the false-discovery rate at q.

    Source
    ------
    Benjamini and Hochberg 1995.
    """
    from scipy import stats  # slow to load

    p = np.asarray(p_values, dtype=float)
    return stats.false_discovery_control(p, method="bh") if p.size else p


def two_level_discoveries(p_values: Mapping[tuple[str, str], float], *, budget: float) -> set[tuple[str, str]]:
    """Return which (column, detector) comparisons are discoveries under one budget in two levels.

    A column is selected by Benjamini-Hochberg over its Simes p-value; within selected columns the detectors share the
    budget times the selected share, which keeps the average false-discovery rate over selected columns at the budget.

    Parameters
    ----------
    p_values : mapping of (column, detector) to p-value
    budget : float
        False-discovery rate, 0 to 1.

    Source
    ------
    Benjamini and Bogomolov 2014 (JRSS B 76:297).
    """
    columns: dict[str, list[str]] = {}
    for column, detector in p_values:
        columns.setdefault(column, []).append(detector)
    names = sorted(columns)
    if not names:
        return set()
    simes = [float(np.min(benjamini_hochberg([p_values[c, d] for d in columns[c]]))) for c in names]
    selected = [c for c, p in zip(names, benjamini_hochberg(simes), strict=True) if p <= budget]
    within = budget * len(selected) / len(names)
    found: set[tuple[str, str]] = set()
    for column in selected:
        adjusted = benjamini_hochberg([p_values[column, d] for d in columns[column]])
        found |= {(column, d) for d, p in zip(columns[column], adjusted, strict=True) if p <= within}
    return found


def _check_counts(successes: int, n: int) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"successes must be between 0 and n (got {successes} of {n})")
