"""Arrivals: when requests come: at random, with one busier minute where it is known, in bursts, or as in a log."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.peaks import MINUTES_PER_HOUR

_GRIDS_S = (3_600.0, 60.0, 1.0)
_LEAST_MOMENTS = 3  # two moments are one gap, which is no pattern


def moments(
    per_second: float, dice: np.random.Generator, *, minutes: int, peak_minute: float | None = None
) -> np.ndarray:
    """Draw the moments at which requests come within some minutes, seconds; in no order.

    Parameters
    ----------
    per_second : float
        Mean rate, at least 0.
    peak_minute : float, optional
        Requests of the busiest minute over those of the mean minute, at least 1: one minute gets exactly that many,
        the others the rest at random.
    """
    horizon_s = minutes * SECONDS_PER_MINUTE
    size = int(dice.poisson(per_second * horizon_s))
    moment = dice.random(size) * horizon_s
    if peak_minute is None or minutes <= 1:
        return moment
    busy_share = min(max(peak_minute, 1.0), float(minutes)) / minutes
    is_busy = np.arange(size) < round(busy_share * size)  # the ratio is of counts, chance is in it already
    busiest = int(dice.integers(minutes))
    within = moment / minutes  # a place within one minute
    # the quiet minutes are those beside the busiest: the time line without it
    quiet = moment * (minutes - 1) / minutes
    quiet += np.where(quiet >= busiest * SECONDS_PER_MINUTE, SECONDS_PER_MINUTE, 0.0)
    return np.where(is_busy, busiest * SECONDS_PER_MINUTE + within, quiet)


def in_order(
    per_second: float, dice: np.random.Generator, *, minutes: int, peak_minute: float | None = None
) -> np.ndarray:
    """Return arrivals within some minutes in order, seconds since they began; options as in `moments`.

    Examples
    --------
    >>> arrival_s = in_order(10.0, np.random.default_rng(1), minutes=60, peak_minute=3.0)
    >>> by_minute = np.bincount((arrival_s // 60).astype(int), minlength=60)
    >>> round(float(by_minute.max() / by_minute.mean()), 2)
    3.0
    """
    return np.sort(moments(per_second, dice, minutes=minutes, peak_minute=peak_minute))


def so_many(count: int, per_second: float, dice: np.random.Generator) -> np.ndarray:
    """Return the first arrivals of a Poisson process, seconds, shape (count,).

    Parameters
    ----------
    per_second : float
        Mean rate, above 0.
    """
    return np.cumsum(dice.exponential(1 / per_second, count))


def in_hours(
    count: int, per_second: float, dice: np.random.Generator, *, peak_minute: float | None = None,
    minutes: int = MINUTES_PER_HOUR,
) -> np.ndarray:  # fmt: skip
    """Return so many arrivals in order, hour after hour, seconds, shape (count,).

    Parameters
    ----------
    per_second : float
        Mean rate, above 0; another rate makes the same arrivals come faster or slower.
    peak_minute : float, optional
        Rate in the busiest minute of each hour over the mean rate; in which minute it falls is drawn.
    minutes : int
        Minutes of an hour that are followed, at least 2: those around the busiest one, which is in their middle where
        they are fewer than 60, at the rates of a whole hour (`minutes_stood_for`).

    Notes
    -----
    Chance is drawn in a time of its own, in which arrivals come at an even rate, and carried over to the clock.

    Source
    ------
    Cinlar 1975, Introduction to Stochastic Processes, section 4.7 (time change of a Poisson process).

    Examples
    --------
    >>> arrival_s = in_hours(36_000, 10.0, np.random.default_rng(1), peak_minute=3.0)
    >>> by_minute = np.bincount((arrival_s // 60).astype(int))
    >>> bool(2.7 < by_minute.max() / by_minute.mean() < 3.3), round(float(arrival_s[-1]))
    (True, 3596)
    """
    even_s = np.cumsum(dice.exponential(1.0, count)) / per_second
    if peak_minute is None or peak_minute <= 1:
        return even_s
    hours = int(even_s[-1] // (minutes * SECONDS_PER_MINUTE)) + 1
    ratio = min(peak_minute, float(MINUTES_PER_HOUR))
    by_minute = np.full((hours, minutes), (MINUTES_PER_HOUR - ratio) / (MINUTES_PER_HOUR - 1))
    drawn = dice.integers(minutes, size=hours)
    by_minute[np.arange(hours), drawn if minutes == MINUTES_PER_HOUR else minutes // 2] = ratio
    passed_s = np.concatenate([[0.0], np.cumsum(by_minute.ravel())]) * SECONDS_PER_MINUTE
    return np.interp(even_s, passed_s, np.arange(passed_s.size) * SECONDS_PER_MINUTE)


def minutes_stood_for(arrival_s: np.ndarray, minutes: int) -> np.ndarray:
    """Return for how many minutes of an hour that of each arrival stands, where only those around the busiest are seen.

    Parameters
    ----------
    arrival_s : array of shape (n,)
        As `in_hours` draws them with so many minutes of an hour.

    Examples
    --------
    >>> minutes_stood_for(np.array([0.0, 61.0, 130.0]), 5).tolist(), minutes_stood_for(np.array([0.0]), 60).tolist()
    ([28.5, 28.5, 1.0], [1.0])
    """
    before = minutes // 2
    quiet = (MINUTES_PER_HOUR - (minutes - before)) / before
    minute = arrival_s // SECONDS_PER_MINUTE % minutes
    return np.where((minute < before) & (minutes < MINUTES_PER_HOUR), quiet, 1.0)


def bursty(
    per_second: float, dice: np.random.Generator, *, minutes: int, index: float = 1.0, spread: float = 0.0
) -> np.ndarray:
    """Return arrivals that come in bursts of a minute, in order, seconds since they began.

    The rate of each minute is a gamma factor with mean 1 times the mean rate, so the counts of the minutes are negative
    binomial, as `peaks.busiest_minute` takes them to be: variance over mean is `index + spread**2 * mean`.

    Parameters
    ----------
    per_second : float
        Mean rate, at least 0.
    index : float
        Variance over mean of a minute's count that single users bring, at least 1; it stays when more users come.
    spread : float
        Standard deviation of the rate that all users share, as a share of it, at least 0; what it adds to the variance
        over the mean grows with the load.

    Notes
    -----
    Minutes are independent of one another, and within a minute requests come at random. 1 and 0 give Poisson arrivals.

    Source
    ------
    Cox and Isham 1980, Point Processes, section 3.3 (doubly stochastic Poisson processes).

    Examples
    --------
    >>> arrival_s = bursty(10.0, np.random.default_rng(1), minutes=10_000, index=5.0)
    >>> by_minute = np.bincount((arrival_s // 60).astype(int), minlength=10_000)
    >>> round(float(by_minute.var() / by_minute.mean()))
    5
    """
    mean = per_second * SECONDS_PER_MINUTE
    variance = max(index - 1, 0.0) / max(mean, np.finfo(float).tiny) + spread**2  # of the factor
    factor = dice.gamma(1 / variance, variance, minutes) if variance > 0 else np.ones(minutes)
    minute = np.repeat(np.arange(minutes), dice.poisson(mean * factor))
    return np.sort((minute + dice.random(minute.size)) * SECONDS_PER_MINUTE)


def replayed(times_s: ArrayLike, per_second: float, dice: np.random.Generator, *, minutes: int) -> np.ndarray:
    """Return arrivals in the pattern of a log at another load, in order, seconds since they began.

    The log is played at its own pace, as often as it takes, and laid over itself: so many stretches of it run side by
    side as make the load. Gaps are stretched or squeezed evenly, by a half at most above the log's own load, until the
    rate is right; below that load the log is played slower.

    Parameters
    ----------
    times_s : array of shape (n,)
        Moments of the log's requests, seconds, in any order; NaN where unknown. Times that are all full seconds,
        minutes or hours are spread over them at random.
    per_second : float
        Mean rate, at least 0; the number of requests varies around it by chance only.
    minutes : int
        Length of what is returned.

    Notes
    -----
    Stretches that run side by side are taken to be independent. So the variance over the mean of a minute's count stays
    that of the log, as it does when more users come who act on their own, and bursts matter less and less against the
    mean. Bursts that all users share would grow with the load: `bursty` has them. A log played more than once shows
    nothing that it does not hold: its busiest minute is the busiest that comes, and each time it begins elsewhere.
    Poisson arrivals stay Poisson. With fewer than three known moments, or all of them the same, there is no pattern,
    and arrivals are Poisson.

    Source
    ------
    Cox and Isham 1980, Point Processes, section 4.5 (superposition); Politis and Romano 1992 (circular blocks).

    Examples
    --------
    >>> pairs_s = np.repeat(np.arange(0.5, 36_000.0, 30.0), 2)  # two at once, 4 a minute
    >>> arrival_s = replayed(pairs_s, 1.0, np.random.default_rng(1), minutes=60)
    >>> bool(np.mean(np.diff(arrival_s) < 1e-6) > 0.4)
    True
    """
    horizon_s = minutes * SECONDS_PER_MINUTE
    known_s = np.asarray(times_s, dtype=float)
    known_s = known_s[np.isfinite(known_s)]
    if known_s.size < _LEAST_MOMENTS or np.ptp(known_s) == 0:
        return in_order(per_second, dice, minutes=minutes)
    known_s = np.sort(_off_the_grid(known_s, dice))
    size = int(dice.poisson(per_second * horizon_s))
    round_s = np.ptp(known_s) * known_s.size / (known_s.size - 1)  # a mean gap from the last request to the first
    passes = -(-(size + 1) // known_s.size)
    begins = round_s * dice.random((passes, 1))  # anywhere in time: a begin at a request would prefer busy hours
    played = np.sort((known_s - known_s[0] - begins) % round_s, axis=1) + round_s * np.arange(passes)[:, None]
    played = played.ravel()[: size + 1]
    side_by_side = max(round(played[-1] / horizon_s), 1)
    return np.sort(played[:-1] / played[-1] * side_by_side % 1.0 * horizon_s)


def _off_the_grid(moment_s: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Moments that are written down in full seconds, minutes or hours, spread over them at random."""
    grid = next((g for g in _GRIDS_S if not np.any(moment_s % g)), 0.0)
    return moment_s + grid * dice.random(moment_s.size)
