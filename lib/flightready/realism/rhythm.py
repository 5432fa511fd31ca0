"""The rhythm of a system: how many records it brings at which hour of the week, and which silences do not fit it."""

from __future__ import annotations

import math

import numpy as np

from flightready import policy

_HOUR_S, _DAY_S = 3_600, 86_400
_DAYS, _HOURS = 7, 24


class Rhythm:
    """Expected records of one system over time: a weekly profile, day of the week times hour of the day.

    Parameters
    ----------
    times_s : array of float, shape (n,)
        Moments of its records in seconds since 1970, in order; n >= 1.
    until_s : float, optional
        Moment up to which the rhythm is continued; by default that of the last record.
    has_hours : bool
        Whether the times tell the hour.

    Source
    ------
    Brown et al. 2002, The time-rescaling theorem (Neural Computation 14:325): measured in expected records instead of
    seconds, the gaps of a Poisson process of any rhythm are exponential.
    """

    def __init__(self, times_s: np.ndarray, *, until_s: float | None = None, has_hours: bool = True) -> None:
        self._start = math.floor(times_s[0] / _HOUR_S)
        end = math.ceil(max(times_s[-1], until_s or times_s[-1]) / _HOUR_S) + 1
        hours = np.arange(self._start, end)
        week = np.bincount((times_s // _DAY_S).astype(np.int64) % _DAYS, minlength=_DAYS) + 1.0
        day = np.ones(_HOURS)
        if has_hours:
            day += np.bincount((times_s // _HOUR_S).astype(np.int64) % _HOURS, minlength=_HOURS)
        rate = (week / week.mean())[(hours // _HOURS) % _DAYS] * (day / day.mean())[hours % _HOURS]
        self._until = np.concatenate([[0.0], np.cumsum(rate)])
        passed = self.passed(times_s[-1:])[0] - self.passed(times_s[:1])[0]
        self._until *= (len(times_s) - 1) / passed if passed > 0 else 1.0

    def passed(self, times_s: np.ndarray) -> np.ndarray:
        """Records expected since the hour of the first one, at each moment."""
        return np.interp(times_s / _HOUR_S - self._start, np.arange(len(self._until)), self._until)


def surprise(gaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return minus the log chance of so long a gap beside its neighbours, and their mean length.

    Parameters
    ----------
    gaps : array of float, shape (m,)
        In expected records, in order.

    Returns
    -------
    surprise : array, shape (m,)
        Exact for exponential gaps of one local rate: a gap over the sum of k others is Pareto, (1 + x)^-k.
    usual : array, shape (m,)
        Mean of the neighbouring gaps.
    """
    near, m = policy.value("gaps_beside"), len(gaps)
    places = np.arange(m)
    low = np.clip(places - near // 2, 0, max(0, m - 1 - near))
    high = np.minimum(low + near + 1, m)
    total = np.concatenate([[0.0], np.cumsum(gaps)])
    beside, k = total[high] - total[low] - gaps, high - low - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where((k > 0) & (beside > 0), k * np.log1p(gaps / beside), 0.0)
    return found, beside / np.maximum(k, 1)


def gap_chances(found: np.ndarray) -> np.ndarray:
    """Return the chance of each gap alone, shape (m,).

    Records that come in bursts leave longer gaps than the exponential law knows. The longest gaps (a tenth) tell:
    where their median excess is beyond what that law lets it be, which a few true silences do not bring about, the
    excess of each gap is set beside it; a median of k counts as a mean of half as many.

    Assumptions
    -----------
    A steady stream with a weekly rhythm. Records in bursts exceed the stated chance, most so in small samples.

    Source
    ------
    After Pickands 1975 (excesses over a high threshold are exponential).
    """
    by_law = np.exp(-found)
    tail = min(policy.value("tail_of_gaps"), policy.value("most_gaps_of_tail") / max(1, len(found)))
    level = float(np.quantile(found, 1 - tail))
    is_long = found > level
    n_long = int(is_long.sum())
    scale = float(np.median(found[is_long] - level)) / math.log(2) if n_long else 0.0
    # the median of n exponential excesses has a relative standard error of 1 / (ln 2 * sqrt(n))
    if scale <= 1 + policy.value("errors_of_bursts") / (math.log(2) * math.sqrt(max(1, n_long))):
        return by_law
    k = max(policy.value("least_gaps_of_tail"), n_long / 2)
    by_tail = tail * (1 + np.maximum(found - level, 0.0) / (k * scale)) ** -k
    return np.maximum(by_law, np.where(is_long, by_tail, 1.0))


def any_of(chances: np.ndarray, n: int) -> np.ndarray:
    """Return the chance that any of n such gaps is as long (Sidak 1967)."""
    return -np.expm1(n * np.log1p(-np.minimum(chances, 1 - 1e-12)))
