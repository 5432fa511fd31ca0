"""How far a short log may be trusted: resampling of whole blocks, and the differences between days or mixes of users.

Resampling shows only the differences that the log has seen. A production month has other days and other users, so an
explicit factor with a stated spread is drawn on top of it; intervals are conditional on that spread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy


@dataclass(frozen=True)
class MixSpread:
    """How much the mean cost of a request differs between the log and production.

    Parameters
    ----------
    sd : float
        Standard deviation of the logarithm of the factor.
    from_log : bool
        Whether it was estimated from the days of the log; else it is the policy's default.
    days : int
        Days that it rests on; 0 for the default.
    """

    sd: float
    from_log: bool
    days: int

    @property
    def is_least(self) -> bool:
        """Whether it is the smallest spread that the policy allows."""
        return self.sd <= policy.value("cost_mix_spread_least")

    def factor(self, uniform: np.ndarray) -> np.ndarray:
        """Return the factor at each share of probability; its mean is 1, so that the expected cost stays."""
        return np.exp(self.sd * special.ndtri(uniform) - self.sd**2 / 2)


def block_codes(seconds: np.ndarray) -> np.ndarray:
    """Return the block that each outcome belongs to, numbered from 0 in order of time.

    Parameters
    ----------
    seconds : array of int, shape (n,)
        When each outcome began, seconds since 1970, in order.
    """
    least = policy.value("cost_least_blocks")
    for length in policy.value("cost_block_lengths_s"):
        blocks, codes = np.unique(seconds // length, return_inverse=True)
        if blocks.size >= least:
            return codes
    groups = min(seconds.size, policy.value("cost_most_groups"))
    return np.arange(seconds.size) * groups // seconds.size


def resampled_means(cost: np.ndarray, count: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the mean cost of one outcome in resamples of whole blocks.

    Parameters
    ----------
    cost, count : array of shape (blocks,)
        Total cost and number of outcomes of each block, `count` > 0.
    rng : Generator

    Returns
    -------
    array of shape (resamples,)

    Source
    ------
    Kuensch 1989 (blocks); Efron and Tibshirani 1993, section 10.3 (ratio of resampled totals).
    """
    blocks = cost.size
    picks = rng.integers(blocks, size=(policy.value("cost_resamples"), blocks))
    return cost[picks].sum(axis=1) / count[picks].sum(axis=1)


def between_days(mean: np.ndarray, count: np.ndarray, within_variance: np.ndarray | None) -> float:
    """Return the standard deviation between days of the logarithm of the daily mean cost.

    Parameters
    ----------
    mean, count : array of shape (days,)
        Mean cost of an outcome and number of outcomes, both > 0.
    within_variance : array of shape (days,) or None
        Variance of the cost of one outcome within each day, so that chance within a day does not count as a difference
        between days; None when only sums are known, which overstates it.

    Source
    ------
    DerSimonian and Laird 1986 (moment estimate of the variance between groups).
    """
    log_mean = np.log(mean)
    if within_variance is None:
        centre = np.average(log_mean, weights=count)
        variance = np.average((log_mean - centre) ** 2, weights=count)
        return float(np.sqrt(variance * mean.size / (mean.size - 1)))
    chance = within_variance / (count * mean**2)  # variance of the log of a mean, first order
    weights = 1 / np.maximum(chance, np.finfo(float).eps)
    centre = np.average(log_mean, weights=weights)
    surplus = np.sum(weights * (log_mean - centre) ** 2) - (mean.size - 1)
    scale = weights.sum() - np.sum(weights**2) / weights.sum()
    return float(np.sqrt(max(0.0, surplus / scale)))


def mix_spread(
    *, covered_days: int, mean: np.ndarray, count: np.ndarray, within_variance: np.ndarray | None
) -> MixSpread:
    """Return the spread between the log and production: from the log itself when it is long enough, else the default.

    Parameters
    ----------
    covered_days : int
        Calendar days from the first to the last call.
    mean, count, within_variance
        As for `between_days`, of the days that can be compared.
    """
    is_long = covered_days >= policy.value("cost_days_for_spread")
    if not (is_long and mean.size >= policy.value("cost_days_measured")):
        return MixSpread(policy.value("cost_mix_spread"), False, 0)
    found = between_days(mean, count, within_variance)
    return MixSpread(max(found, policy.value("cost_mix_spread_least")), True, mean.size)
