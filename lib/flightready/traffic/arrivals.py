"""Arrivals: when requests come, at random and with one busier minute where it is known."""

from __future__ import annotations

import numpy as np

from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.peaks import MINUTES_PER_HOUR


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
