"""Peaks: the busiest day of a month and the busiest minute of an hour, from how uneven days and minutes are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from flightready.quantity import DAYS_PER_MONTH

MINUTES_PER_HOUR = 60
SECONDS_PER_MINUTE = 60.0
_ROUNDING = 1e-9  # a whole number that arithmetic puts a little above itself
_CHANCE_ONLY = 1e-6  # a variance this little above the mean is that of chance alone


def log_spread(share: ArrayLike) -> np.ndarray:
    """Return the standard deviation of the logarithm of a lognormal factor with mean 1 and this standard deviation.

    Examples
    --------
    >>> round(float(log_spread(0.2)), 4)
    0.198
    """
    return np.sqrt(np.log1p(np.square(share)))


def busiest_day(uniform: ArrayLike, day_to_day: ArrayLike) -> np.ndarray:
    """Return requests of a month's busiest day over its mean day, at shares of probability.

    Days are independent lognormal factors with mean 1, so the largest of n lies below x with probability F(x)^n. A
    month of such days hardly differs from another, since they average out; its busiest day does not average.

    Parameters
    ----------
    uniform : array
        Shares of probability, 0 to 1.
    day_to_day : array
        Standard deviation of the logarithm of one day's requests, at least 0.

    Source
    ------
    David and Nagaraja 2003, Order Statistics, eq. 2.1.1 (distribution of the largest).

    Examples
    --------
    >>> round(float(busiest_day(0.5, 0.2)), 2)
    1.46
    """
    sd = np.asarray(day_to_day, dtype=float)
    return np.exp(sd * special.ndtri(np.asarray(uniform) ** (1 / DAYS_PER_MONTH)) - sd**2 / 2)


def busiest_minute(
    uniform: ArrayLike, per_minute: ArrayLike, *, index: ArrayLike = 1.0, spread: ArrayLike = 0.0
) -> np.ndarray:
    """Return requests of an hour's busiest minute over its mean minute, at shares of probability, at least 1.

    Counts of a minute are negative binomial, and Poisson where their variance is no larger than their mean.

    Parameters
    ----------
    uniform : array
        Shares of probability, 0 to 1.
    per_minute : array
        Mean requests of a minute, > 0.
    index : array
        Variance over mean of the counts that single users bring, at least 1; it stays when more users come.
    spread : array
        Standard deviation of the rate that all minutes share, as a share of it, at least 0.

    Source
    ------
    David and Nagaraja 2003, eq. 2.1.1; Cox and Isham 1980, Point Processes, section 4.5 (superposition).

    Examples
    --------
    >>> float(busiest_minute(0.5, 100.0))
    1.23
    """
    mean, quantile = np.asarray(per_minute, dtype=float), np.asarray(uniform) ** (1 / MINUTES_PER_HOUR)
    surplus = np.maximum(np.asarray(index) - 1, 0) * mean + np.square(spread) * mean**2  # variance beyond chance
    chance = surplus <= _CHANCE_ONLY * mean
    shape = mean**2 / np.where(chance, mean, surplus)
    found = np.where(
        chance, special.pdtrik(quantile, mean), special.nbdtrik(quantile, shape, shape / (shape + mean))
    )  # continuous; the count is the next whole number
    count = np.ceil(found - _ROUNDING)
    return np.maximum(count / mean, 1.0)
