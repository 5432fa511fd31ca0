"""How far a short log may be trusted: resampling of whole blocks, and the differences between days, users and mixes.

Resampling shows only the differences that the log has seen. A production month has other days and other users, so an
explicit factor with a spread is drawn on top of it: measured from the days and users of a log of two weeks or more,
else stated in the assessment, else assumed; intervals are then conditional on that spread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import special

from flightready import policy
from flightready.cost.observed import Observed
from flightready.draws import JointSample
from flightready.quantity import Quantity

MEASURED, STATED, ASSUMED = "measured", "stated", "assumed"
"""Where the spread between log and production comes from."""

_REPLICATES = 512  # of the spread; they are quantiles, so that few say it exactly
_GRID, _REACH = 400, 10.0  # the spread is looked for up to so many times that of the means
_TINY = 1e-12


@dataclass(frozen=True)
class MixSpread:
    """How much the mean cost of a request differs between the log and production.

    Parameters
    ----------
    sd : float
        Standard deviation of the logarithm of the factor.
    origin : str
        `measured` from the log, `stated` in the assessment, or `assumed`: the policy's default.
    days, users : int
        Days and users that a measured one rests on; 0 otherwise, and where the log does not tell users apart.
    sds : array of shape (replicates,) or None
        Equally likely values of a measured spread, which some days show only roughly; None where it is one figure.
    """

    sd: float
    origin: str
    days: int = 0
    users: int = 0
    sds: np.ndarray | None = field(default=None, compare=False)

    @property
    def from_log(self) -> bool:
        """Whether it was measured."""
        return self.origin == MEASURED

    @property
    def is_least(self) -> bool:
        """Whether it is the smallest spread that the policy allows."""
        return self.from_log and self.sd <= policy.value("cost_mix_spread_least")

    @property
    def limits(self) -> tuple[float, float]:
        """90 % interval of the spread itself; both ends are the same where it is one figure."""
        if self.sds is None:
            return self.sd, self.sd
        low, high = np.quantile(self.sds, [0.05, 0.95])
        return float(low), float(high)

    def factor(self, joint: JointSample, *, times: float = 1.0) -> np.ndarray:
        """Return draws of production's mean cost over the log's, shape (replicates, draws); their expectation is 1.

        Parameters
        ----------
        joint : JointSample
            The factor is drawn as its columns.
        times : float
            The spread is taken this many times as wide.
        """
        sd = self.sd if self.sds is None else joint.measured("cost.mix_spread", self.sds)
        return lognormal_factor(times * sd, joint.uniform("cost.mix"))


def lognormal_factor(sd: float | np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Return a factor with mean 1 at each share of probability; `sd` is of its logarithm."""
    return np.exp(sd * special.ndtri(uniform) - np.square(sd) / 2)


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


def resampled_means(cost: np.ndarray, count: np.ndarray, rng: np.random.Generator, *, size: int = 0) -> np.ndarray:
    """Return the mean cost of one outcome in resamples of whole blocks.

    Few blocks show their own differences too small, and neighbours that are alike count for fewer; both are made good.

    Parameters
    ----------
    cost, count : array of shape (blocks,)
        Total cost and number of outcomes of each block in order of time, `count` > 0.
    rng : Generator
    size : int
        Number of resamples; as in the policy when 0.

    Returns
    -------
    array of shape (resamples,)

    Source
    ------
    Kuensch 1989 (blocks); Efron and Tibshirani 1993, sections 10.3 and 12.4 (ratio of totals; t in place of the normal
    for few observations).
    """
    blocks, size = cost.size, size or policy.value("cost_resamples")
    picks = rng.integers(blocks, size=(size, blocks))
    means = cost[picks].sum(axis=1) / count[picks].sum(axis=1)
    centre = cost.sum() / count.sum()
    if blocks < policy.value("cost_least_blocks") or centre <= 0:
        return means
    alike = inflation(cost - centre * count)
    chances = np.maximum(rng.random(size), policy.value("cost_spread_tail"))
    wider = np.sqrt(alike * blocks / _chi_square(blocks - 1, chances))
    return centre * (means / centre) ** wider


def inflation(rest: np.ndarray) -> float:
    """Return how many times the variance of a mean is that of independent values, from their likeness to neighbours.

    Parameters
    ----------
    rest : array of shape (n,)
        Differences from the mean, in order of time.

    Source
    ------
    Bayley and Hammersley 1946 (effective number of observations in an autocorrelated series, first order);
    Kendall 1954 (bias of the estimate).
    """
    around = rest - rest.mean()
    power = np.sum(around**2)
    if power <= _TINY * np.sum(rest**2) or power == 0:
        return 1.0
    n, least = rest.size, policy.value("cost_least_effective_days")
    seen = np.sum(around[1:] * around[:-1]) / power
    alike = float(np.clip((n * seen + 1) / max(n - 3, 1), 0.0, 1 - _TINY))  # a short series shows it too small
    return min((1 + alike) / (1 - alike), max(1.0, n / least))


def mix_spread(observed: Observed, *, covered_days: int, stated: Quantity | None = None) -> MixSpread:
    """Return the spread between the log and production: stated, or measured in a log that is long enough, or assumed.

    Parameters
    ----------
    observed : Observed
        What the log shows of differences.
    covered_days : int
        Calendar days from the first to the last call.
    stated : Quantity, optional
        Of the assessment (`cost.mix_spread`).
    """
    if stated is not None:
        return unmeasured_spread(stated)
    usable = observed.part(observed.comparable)
    enough = covered_days >= policy.value("cost_days_for_spread") and usable.day.size >= policy.value(
        "cost_days_measured"
    )
    if not enough or _effective(usable.requests) < policy.value("cost_least_effective_days"):
        return unmeasured_spread()
    chances = np.maximum(_levels(), policy.value("cost_spread_tail"))
    middle, days = between_days(usable, chances)
    least = policy.value("cost_mix_spread_least")
    users = observed.users if observed.users >= policy.value("cost_least_users") else 0
    among = _among_users(observed, chances) if users else np.zeros(1)
    sd = float(np.hypot(max(middle, least), np.sqrt(observed.user_variance) if users else 0.0))
    # the two are independent: one is gone through in leaps that share no divisor with the number of replicates
    leaps = np.arange(_REPLICATES) * 197 % _REPLICATES if users else np.zeros(_REPLICATES, dtype=int)
    return MixSpread(sd, MEASURED, usable.day.size, users, np.hypot(np.maximum(days, least), among[leaps]))


def unmeasured_spread(stated: Quantity | None = None) -> MixSpread:
    """Return the spread that the assessment states, else the policy's default."""
    if stated is None:
        return MixSpread(policy.value("cost_mix_spread"), ASSUMED)
    return MixSpread(stated.median, STATED, sds=None if stated.is_certain else np.asarray(stated.ppf(_levels())))


def between_days(observed: Observed, chances: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the standard deviation between days of the logarithm of the daily mean cost, and how well it is known.

    Chance within a day does not count as a difference between days, where single costs are known. Days that are like
    their neighbours show too little of the differences, which is made good.

    Parameters
    ----------
    observed : Observed
        Of comparable days, two or more.
    chances : array
        Shares of probability, strictly within 0 and 1.

    Returns
    -------
    tuple of float and array
        The estimate, and the spread at each share of probability, falling.
    """
    level = np.log(observed.mean_usd)
    chance = observed.relative_variance
    if chance is None:  # sums only: days with more requests weigh more, and chance within them counts as well
        groups = _effective(observed.requests)
        squares = np.average((level - np.average(level, weights=observed.requests)) ** 2, weights=observed.requests)
        found = np.sqrt(squares * groups / (groups - 1))
        at = np.sqrt(squares * groups / _chi_square(groups - 1, chances))
    else:
        found, at = between_groups(level, chance / observed.requests, chances)
    alike = inflation(level)
    wider = 1 / np.sqrt(1 - (alike - 1) / (level.size - 1))
    return float(found * wider), at * wider


def between_groups(level: np.ndarray, variance: np.ndarray, chances: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the standard deviation between groups whose means are known with an error, and how well it is known.

    The weighted squares of the means follow a chi-square law at the true value; each quantile of the law is solved for
    it.

    Parameters
    ----------
    level, variance : array of shape (groups,)
        Mean of each group, and the variance of that mean.
    chances : array
        Shares of probability of the chi-square law, strictly within 0 and 1.

    Source
    ------
    Paule and Mandel 1982 (the estimate); Viechtbauer 2007 (the interval, Q-profile).
    """
    grid = np.linspace(0.0, _REACH * level.std() + _TINY, _GRID)
    weights = 1 / np.maximum(variance + grid[:, None] ** 2, _TINY)
    centre = np.sum(weights * level, axis=1) / weights.sum(axis=1)
    squares = np.sum(weights * (level - centre[:, None]) ** 2, axis=1)[::-1]  # rising as the spread falls
    spare = level.size - 1
    found = np.interp(spare, squares, grid[::-1])
    return float(found), np.interp(_chi_square(spare, chances), squares, grid[::-1])


def _among_users(observed: Observed, chances: np.ndarray) -> np.ndarray:
    """Return the spread that comes from resting on few users, at each share of probability."""
    spare = max(1.0, observed.user_groups - 1)
    return np.sqrt(observed.user_variance * spare / _chi_square(spare, chances))


def _effective(counts: np.ndarray) -> float:
    """Return how many equal groups would be as informative (Kish 1965)."""
    return float(counts.sum() ** 2 / np.sum(counts.astype(float) ** 2)) if counts.size else 0.0


def _levels() -> np.ndarray:
    return (np.arange(_REPLICATES) + 0.5) / _REPLICATES


def _chi_square(spare: float, chances: np.ndarray) -> np.ndarray:
    return 2 * special.gammaincinv(spare / 2, chances)
