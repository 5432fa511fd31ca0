"""Two arms compared: difference and ratio with 90 % intervals, in one period and over several together.

Periods are strata: each is compared with itself, so that a season that moves both arms moves no effect. Shares are
compared by Newcombe's intervals and means by Welch's; over several periods both keep the same weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from scipy import special

from flightready.evidence import Interval
from flightready.intervals import LEVEL, wilson

_WIDEST = 1e12  # a limit that no ratio reaches: the control may be zero


@dataclass(frozen=True)
class ArmValue:
    """What one arm showed: the mean or share of `n` cases, with its 90 % interval.

    Parameters
    ----------
    variance : float
        Of the mean as an estimate.
    df : float
        Degrees of freedom of that variance; infinite for a share.
    """

    n: int
    mean: float
    interval: Interval
    variance: float
    df: float


@dataclass(frozen=True)
class Compared:
    """Treated against control.

    Parameters
    ----------
    difference, interval
        Treated minus control, in the metric's unit.
    relative, relative_interval
        Treated over control, less 1; None where the control is zero or below.
    """

    treated: ArmValue
    control: ArmValue
    difference: float
    interval: Interval
    relative: float | None
    relative_interval: Interval | None


def arm_value(n: int, mean: float, sd: float | None, level: float = LEVEL) -> ArmValue:
    """Return what one arm showed in one period; `sd` None stands for a share.

    Raises
    ------
    ValueError
        For no case, or one case with a standard deviation.

    Examples
    --------
    >>> found = arm_value(100, 4.0, 2.0)
    >>> round(found.interval.low, 3), round(found.interval.high, 3)
    (3.668, 4.332)
    """
    if n < 1 or (sd is not None and n < 2):
        raise ValueError(f"{n} cases show nothing")
    if sd is None:
        return ArmValue(n, mean, wilson(round(mean * n), n, level), _share_variance(mean, n), np.inf)
    variance = sd * sd / n
    half = float(special.stdtrit(n - 1, 0.5 + level / 2)) * sqrt(variance)
    return ArmValue(n, mean, Interval(mean - half, mean + half), variance, float(n - 1))


def compare(treated: ArmValue, control: ArmValue, level: float = LEVEL) -> Compared:
    """Return difference and ratio of two independent arms.

    Source
    ------
    Newcombe 1998 (Statistics in Medicine 17:873), method 10, for shares; Welch 1947 for means; Donner and Zou 2012
    (Statistical Methods in Medical Research 21:347), equation 9, for the ratio (Fieller's where intervals are
    symmetric).

    Examples
    --------
    >>> found = compare(arm_value(500, 0.94, None, 0.95), arm_value(200, 0.83, None, 0.95), 0.95)
    >>> round(found.difference, 3), round(found.interval.low, 3), round(found.interval.high, 3)
    (0.11, 0.058, 0.171)
    """
    difference = treated.mean - control.mean
    if np.isinf(treated.df) and np.isinf(control.df):
        low = difference - sqrt(_below(treated) ** 2 + _above(control) ** 2)
        high = difference + sqrt(_above(treated) ** 2 + _below(control) ** 2)
    else:
        df = _satterthwaite([treated.variance, control.variance], [treated.df, control.df])
        half = float(special.stdtrit(df, 0.5 + level / 2)) * sqrt(treated.variance + control.variance)
        low, high = difference - half, difference + half
    if control.mean <= 0:
        return Compared(treated, control, difference, Interval(low, high), None, None)
    ratio = _ratio_interval(treated, control)
    ends = Interval(ratio.low - 1, None if ratio.high is None else ratio.high - 1)
    return Compared(treated, control, difference, Interval(low, high), treated.mean / control.mean - 1, ends)


def together(periods: Sequence[Compared], level: float = LEVEL) -> Compared:
    """Return the effect over several periods, each compared with itself (fixed effect).

    A period weighs by `n1 n2 / (n1 + n2)`: as its variance would have it if cases differed equally, and not by the
    variances themselves, which in a skewed metric hang together with the means.

    Source
    ------
    Mantel and Haenszel 1959 (weights); Zou and Donner 2008 (Statistics in Medicine 27:1693) for the interval of a
    weighted sum of shares, which for one period is Newcombe's; Satterthwaite 1946 for that of means.

    Examples
    --------
    >>> week = compare(arm_value(100, 3.0, 2.0), arm_value(100, 4.0, 2.0))
    >>> both = together([week, week])
    >>> round(both.difference, 3), round(both.interval.high, 3), round(week.interval.high, 3)
    (-1.0, -0.67, -0.533)
    """
    weights = np.array([p.treated.n * p.control.n / (p.treated.n + p.control.n) for p in periods])
    weights = weights / weights.sum()
    arms = [_weighted([getattr(p, arm) for p in periods], weights, level) for arm in ("treated", "control")]
    return compare(*arms, level)


def in_turn(treated: Sequence[ArmValue], control: Sequence[ArmValue], level: float = LEVEL) -> Compared:
    """Return the effect between arms that were measured one after the other.

    Each arm's interval is widened by how far its own periods differ: that is all that tells how much a period moves
    without any pilot.

    Source
    ------
    Birge 1932 (ratio of the scatter seen to the scatter expected).
    """
    return compare(_pooled(treated, level), _pooled(control, level), level)


def heterogeneity(periods: Sequence[Compared]) -> float | None:
    """Return the p-value that the effect is the same in all periods; None for one period.

    Source
    ------
    Cochran 1954 (Q).

    Examples
    --------
    >>> one, other = (compare(arm_value(400, m, 2.0), arm_value(400, 4.0, 2.0)) for m in (3.0, 3.9))
    >>> round(heterogeneity([one, other]), 5), heterogeneity([one])
    (1e-05, None)
    """
    if len(periods) < 2:
        return None
    differences = np.array([p.difference for p in periods])
    variances = np.array([p.treated.variance + p.control.variance for p in periods])
    if not np.all(variances > 0):
        return None
    return float(special.chdtrc(len(periods) - 1, _scatter(differences, variances)))


def sample_ratio_p(treated: int, control: int, share: float) -> float:
    """Return the p-value that the arms have the sizes of a planned split (chi-square with one degree of freedom).

    Source
    ------
    Fabijan et al. 2019 (sample ratio mismatch).

    Examples
    --------
    >>> round(sample_ratio_p(5_000, 5_200, 0.5), 4)
    0.0477
    """
    n = treated + control
    expected = n * share, n * (1 - share)
    statistic = (treated - expected[0]) ** 2 / expected[0] + (control - expected[1]) ** 2 / expected[1]
    return float(special.chdtrc(1, statistic))


def equally_likely(estimate: float, interval: Interval, size: int) -> np.ndarray:
    """Return equally likely values behind an estimate with a 90 % interval, rising, shape (size,).

    Either side is half a normal curve through its own end, so that the interval's ends are the quantiles .05 and .95.

    Source
    ------
    Fechner 1897 (two-piece normal); here with half of the mass on either side.

    Examples
    --------
    >>> equally_likely(1.0, Interval(0.0, 3.0), 5).round(2)
    array([0.22, 0.68, 1.  , 1.64, 2.56])
    """
    z = special.ndtri((np.arange(size) + 0.5) / size)
    end = special.ndtri(0.5 + LEVEL / 2)
    return estimate + z / end * np.where(z < 0, estimate - interval.low, interval.high - estimate)


def _weighted(arms: Sequence[ArmValue], weights: np.ndarray, level: float) -> ArmValue:
    """The weighted mean of one arm over its periods."""
    mean = float(weights @ [a.mean for a in arms])
    parts = weights**2 * np.array([a.variance for a in arms])
    n = sum(a.n for a in arms)
    if all(np.isinf(a.df) for a in arms):
        low = mean - sqrt(float(weights**2 @ [_below(a) ** 2 for a in arms]))
        high = mean + sqrt(float(weights**2 @ [_above(a) ** 2 for a in arms]))
        return ArmValue(n, mean, Interval(max(0.0, low), min(1.0, high)), float(parts.sum()), np.inf)
    df = _satterthwaite(parts, [a.df for a in arms])
    half = float(special.stdtrit(df, 0.5 + level / 2)) * sqrt(float(parts.sum()))
    return ArmValue(n, mean, Interval(mean - half, mean + half), float(parts.sum()), df)


def _pooled(arms: Sequence[ArmValue], level: float) -> ArmValue:
    """One arm over its periods by their sizes, its interval widened where they differ more than by chance."""
    sizes = np.array([a.n for a in arms], dtype=float)
    found = _weighted(arms, sizes / sizes.sum(), level)
    variances = np.array([a.variance for a in arms])
    if len(arms) < 2 or not np.all(variances > 0):
        return found
    scatter = _scatter(np.array([a.mean for a in arms]), variances) / (len(arms) - 1)
    if scatter <= 1:
        return found
    wider, df = found.variance * scatter, float(len(arms) - 1)
    half = float(special.stdtrit(df, 0.5 + level / 2)) * sqrt(wider)
    return replace(found, interval=Interval(found.mean - half, found.mean + half), variance=wider, df=df)


def _scatter(values: np.ndarray, variances: np.ndarray) -> float:
    weights = 1 / variances
    centre = np.sum(weights * values) / weights.sum()
    return float(np.sum(weights * (values - centre) ** 2))


def _satterthwaite(parts: Sequence[float], dfs: Sequence[float]) -> float:
    parts, dfs = np.asarray(parts, dtype=float), np.asarray(dfs, dtype=float)
    below = float(np.sum(parts**2 / dfs))
    return float(parts.sum() ** 2 / below) if below > 0 else np.inf


def _ratio_interval(treated: ArmValue, control: ArmValue) -> Interval:
    """The ratio of two means from their own intervals; the upper end is None where the control may be zero."""
    a, b = treated.mean, control.mean
    low_a, high_a = (
        treated.interval.low * (2 * a - treated.interval.low),
        treated.interval.high * (2 * a - treated.interval.high),
    )
    low_b, high_b = (
        control.interval.low * (2 * b - control.interval.low),
        control.interval.high * (2 * b - control.interval.high),
    )
    # both forms of equation 9 are equal; this one has no 0 / 0 where an interval reaches twice the mean
    low = low_a / (a * b + sqrt(max((a * b) ** 2 - low_a * high_b, 0.0))) if a > 0 else 0.0
    if low_b <= 0:
        return Interval(low, None)
    high = (a * b + sqrt(max((a * b) ** 2 - high_a * low_b, 0.0))) / low_b
    return Interval(low, high if high < _WIDEST else None)


def _below(arm: ArmValue) -> float:
    return arm.mean - arm.interval.low


def _above(arm: ArmValue) -> float:
    return arm.interval.high - arm.mean


def _share_variance(share: float, n: int) -> float:
    """Variance of a share that is above zero even where none or all were counted (half a case added to either)."""
    p = (share * n + 0.5) / (n + 1)
    return p * (1 - p) / n
