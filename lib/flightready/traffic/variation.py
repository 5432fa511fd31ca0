"""Variation beyond chance: how uneven counts are once the chance of few requests is taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import LEVEL


@dataclass(frozen=True)
class Measured:
    """A figure of the log with its 90 % interval.

    Parameters
    ----------
    value : float
    interval : Interval
    n : int
        What it rests on: days, hours or requests, as its owner says.
    replicates : array of shape (resamples,)
        Equally likely values.
    """

    value: float
    interval: Interval
    n: int
    replicates: np.ndarray


def measured(value: float, replicates: np.ndarray, n: int) -> Measured:
    """Return a figure with the interval that its replicates give."""
    low, high = np.quantile(replicates, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Measured(float(value), Interval(float(low), float(high)), n, replicates)


def resampled_sums(blocks: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return sums over resamples of whole blocks, shape (blocks, k) to (resamples, k); their scale is that of the data.

    One block less than there are is drawn, which makes the spread of few blocks right on average.

    Source
    ------
    Rao and Wu 1988 (n - 1 of n units).
    """
    n = len(blocks)
    weights = rng.multinomial(n - 1, np.full(n, 1 / n), size=policy.value("profile_resamples"))
    return weights @ blocks * (n / (n - 1))


def peak_over_mean(units: np.ndarray, rng: np.random.Generator) -> Measured | None:
    """Return the busiest cell over the mean cell, with chance peaks left out.

    The busiest of many cells is partly busiest by chance. So it is chosen on every other unit and measured on the rest,
    both ways round: on an even profile that gives 1, however few requests there are.

    Parameters
    ----------
    units : array of shape (units, cells)
        Requests of each unit (a day) in each cell (an hour of the day).

    Returns
    -------
    Measured or None
        At least 1; None with fewer than two units that hold requests in either half.
    """
    units = units[units.sum(axis=1) > 0].astype(float)
    halves = units[::2], units[1::2]
    if len(halves[1]) < 2:
        return None
    value = chosen_elsewhere(halves[0].sum(axis=0)[None], halves[1].sum(axis=0)[None])[0]
    return measured(value, chosen_elsewhere(*(resampled_sums(half, rng) for half in halves)), len(units))


def chosen_elsewhere(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the busiest cell over the mean cell, at least 1: chosen in one half, measured in the other.

    Parameters
    ----------
    first, second : array of shape (n, cells)
        Sums of either half.
    """
    rows, cells = np.arange(len(first)), first.shape[1]
    at_peak = second[rows, first.argmax(axis=1)] + first[rows, second.argmax(axis=1)]
    return np.maximum(cells * at_peak / (first.sum(axis=1) + second.sum(axis=1)), 1.0)


def burstiness(hours: np.ndarray, blocks: np.ndarray, rng: np.random.Generator) -> tuple[Measured, Measured]:
    """Return how uneven minutes are within their hour, in the two ways that it can grow with the load.

    Parameters
    ----------
    hours : array of shape (hours, minutes)
        Requests of each minute.
    blocks : array of shape (hours,)
        Number, from 0, of the block of hours that is resampled together.

    Returns
    -------
    index : Measured
        Variance of a minute over its mean: 1 on random (Poisson) arrivals, never below.
    dispersion : Measured
        Variance of the rate of a minute over its square, beyond chance: 0 on random arrivals; 1 / size of a negative
        binomial distribution.

    Notes
    -----
    Sums over hours are unbiased whatever the number of requests, so the chance of few calls is no burst.

    Source
    ------
    Cox and Lewis 1966 (index of dispersion); Anscombe 1950 (moment estimate of the negative binomial).
    """
    total, minutes = hours.sum(axis=1), hours.shape[1]
    variance = hours.var(axis=1, ddof=1)
    surplus = minutes * variance - total
    square = total**2 / minutes - variance  # without bias for minutes times the squared mean
    parts = np.stack([surplus, total, square], axis=1)
    sums = np.stack([np.bincount(blocks, weights=column) for column in parts.T], axis=1)
    again = resampled_sums(sums, rng)
    n = int(np.count_nonzero(total >= 2))

    def ratio(found: np.ndarray, below: int) -> np.ndarray:
        return np.maximum(found[..., 0], 0) / np.maximum(found[..., below], np.finfo(float).tiny)

    whole = sums.sum(axis=0)
    index = measured(1 + ratio(whole, 1), 1 + ratio(again, 1), n)
    return index, measured(ratio(whole, 2), ratio(again, 2), n)


def between_days(totals: np.ndarray, weekdays: np.ndarray, rng: np.random.Generator) -> Measured | None:
    """Return the standard deviation of the logarithm of a day's requests, beyond weekday and chance.

    Parameters
    ----------
    totals : array of shape (days,)
        Requests of whole days.
    weekdays : array of shape (days,)
        0 to 6; days are compared with their own weekday only.

    Returns
    -------
    Measured or None
        None where too few days share a weekday. `n` is the number of days.

    Source
    ------
    Moments of a lognormal mixture of Poisson counts; Satterthwaite 1946 (degrees of freedom of a pooled variance).
    """
    days = np.bincount(weekdays, minlength=7)
    mean = np.bincount(weekdays, weights=totals, minlength=7) / np.maximum(days, 1)
    freedom = np.maximum(days - 1, 0)
    weight = freedom * mean**2
    if weight.sum() == 0:
        return None
    effective = weight.sum() ** 2 / np.sum(freedom * mean**4)
    if freedom.sum() < policy.value("profile_day_freedom"):
        return None
    scatter = np.sum((totals - mean[weekdays]) ** 2) / weight.sum()  # relative variance, chance included
    chance = np.sum(freedom * mean) / weight.sum()
    again = scatter * effective / rng.chisquare(effective, size=policy.value("profile_resamples"))
    return measured(_log_sd(scatter - chance), _log_sd(again - chance), int(days.sum()))


def _log_sd(relative_variance: np.ndarray) -> np.ndarray:
    return np.sqrt(np.log1p(np.maximum(relative_variance, 0)))
