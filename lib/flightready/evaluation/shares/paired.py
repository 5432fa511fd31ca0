"""Two answers to the same records: how far apart their shares of right answers are, and whether chance explains it."""

from __future__ import annotations

from math import sqrt

from flightready.evidence import Interval
from flightready.intervals import LEVEL, wilson


def paired_newcombe(both: int, only_first: int, only_second: int, neither: int, level: float = LEVEL) -> Interval:
    """Return the interval of the share right of the first minus that of the second, both on the same records.

    Parameters
    ----------
    both, only_first, only_second, neither : int
        Records that both got right, only the first, only the second, and neither; none at all gives -1 to 1.
    level : float
        0 to 1.

    Returns
    -------
    Interval
        Within -1 and 1, and holds the difference itself. Records that agree make it narrower than that of two
        independent samples of this size.

    Raises
    ------
    ValueError
        When a count is negative.

    Source
    ------
    Newcombe 1998 (Statistics in Medicine 17:2635), method 10, with the continuity correction of the correlation.

    Examples
    --------
    >>> i = paired_newcombe(59, 6, 16, 80, level=0.95)
    >>> round(i.low, 4), round(i.high, 4)
    (-0.1186, -0.0046)
    """
    if min(both, only_first, only_second, neither) < 0:
        raise ValueError(f"counts cannot be negative (got {both}, {only_first}, {only_second}, {neither})")
    n = both + only_first + only_second + neither
    if n == 0:
        return Interval(-1.0, 1.0)
    right_first, right_second = both + only_first, both + only_second
    first, second = wilson(right_first, n, level), wilson(right_second, n, level)
    p1, p2, phi = right_first / n, right_second / n, _correlation(both, only_first, only_second, neither)
    below = _added(p1 - first.low, second.high - p2, phi)
    above = _added(first.high - p1, p2 - second.low, phi)
    difference = (only_first - only_second) / n
    return Interval(max(-1.0, difference - below), min(1.0, difference + above))


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the two-sided exact p-value of two answers to the same records being right equally often, 0 to 1.

    Parameters
    ----------
    only_first, only_second : int
        Records that only one of the two got right; without any of them nothing speaks for a difference, and p is 1.

    Raises
    ------
    ValueError
        When a count is negative.

    Source
    ------
    McNemar 1947; the exact form is the binomial test of a half.

    Examples
    --------
    >>> round(mcnemar(1, 7), 4)
    0.0703
    """
    from scipy import stats  # slow to load

    if min(only_first, only_second) < 0:
        raise ValueError(f"counts cannot be negative (got {only_first}, {only_second})")
    n = only_first + only_second
    return float(stats.binomtest(only_first, n).pvalue) if n else 1.0


def _correlation(both: int, only_first: int, only_second: int, neither: int) -> float:
    """Phi of the fourfold table, drawn towards zero where it is positive."""
    n = both + only_first + only_second + neither
    margins = (both + only_first) * (only_second + neither) * (both + only_second) * (only_first + neither)
    if margins == 0:
        return 0.0
    surplus = both * neither - only_first * only_second
    return (max(surplus - n / 2, 0.0) if surplus > 0 else surplus) / sqrt(margins)


def _added(first: float, second: float, phi: float) -> float:
    """Length of the sum of two errors that move together; rounding may leave a negative square."""
    return sqrt(max(0.0, first * first - 2 * phi * first * second + second * second))
