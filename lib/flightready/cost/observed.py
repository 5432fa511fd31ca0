"""How the cost of a request differed within a log: from day to day, from user to user, from request to request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from flightready import policy
from flightready.cost.prices import DAY_S

_LEAST_FOR_VARIANCE = 2


@dataclass(frozen=True)
class Observed:
    """Differences in the cost of a request, as far as a log or an export shows them.

    Parameters
    ----------
    day : array of int, shape (days,)
        Days since 1970-01-01 (UTC) with requests, in order.
    cost_usd, requests : array of shape (days,)
        What was spent on the requests that began on each day, and how many they are, above 0.
    variance : array of shape (days,) or None
        Variance of the cost of one request within each day; None where only sums are known.
    users : int
        Different users behind the requests; 0 when the log does not name them all.
    user_variance : float
        Variance of the log's mean, relative to its square, because it rests on these users and not on others; what
        chance alone would give is taken off.
    user_groups : float
        As many users of equal traffic would be as informative.
    largest_share, top_share : float or None
        Share of the money of the dearest request, and of the dearest ones as in the policy; None without single costs.
    top_requests : int
        How many requests the latter are.
    is_within_a_day : bool
        Whether less than 24 hours lie between the first and the last of single requests.
    stretches : array
        Mean cost of a request in stretches of equally many requests, in order of time; empty without single costs.
    """

    day: np.ndarray
    cost_usd: np.ndarray
    requests: np.ndarray
    variance: np.ndarray | None
    users: int = 0
    user_variance: float = 0.0
    user_groups: float = 0.0
    largest_share: float | None = None
    top_share: float | None = None
    top_requests: int = 0
    is_within_a_day: bool = False
    stretches: np.ndarray = field(default_factory=lambda: np.zeros(0))

    @property
    def mean_usd(self) -> np.ndarray:
        """Mean cost of a request on each day."""
        return self.cost_usd / self.requests

    @property
    def covered_days(self) -> int:
        """Calendar days from the first to the last, both included."""
        return int(self.day[-1] - self.day[0]) + 1

    @property
    def relative_variance(self) -> float | None:
        """Variance of one request's cost over the square of its day's mean, pooled over days; None when not known."""
        usable = self.comparable
        if self.variance is None or not usable.any():
            return None
        spare = self.requests[usable] - 1
        return float(np.average(self.variance[usable] / self.mean_usd[usable] ** 2, weights=spare))

    @property
    def comparable(self) -> np.ndarray:
        """Which days can be compared with others: paid for, and not with a single request."""
        least = 1 if self.variance is None else _LEAST_FOR_VARIANCE
        return (self.cost_usd > 0) & (self.requests >= least)

    def part(self, days: np.ndarray | slice) -> Observed:
        """Return what some of the days show by themselves."""
        variance = None if self.variance is None else self.variance[days]
        return replace(self, day=self.day[days], cost_usd=self.cost_usd[days], requests=self.requests[days],
                       variance=variance, users=0, user_variance=0.0, user_groups=0.0)  # fmt: skip


def of_requests(seconds: np.ndarray, cost: np.ndarray, user: np.ndarray | None) -> Observed:
    """Return what a log with one cost for each request shows.

    Parameters
    ----------
    seconds : array of int, shape (n,)
        When each request began, seconds since 1970, in order.
    cost : array of shape (n,)
        What each cost, 0 or more.
    user : array of int, shape (n,), or None
        Who asked; None when that is not known of every request.
    """
    at, day = pd.factorize(seconds // DAY_S)
    count = np.bincount(at)
    mean = np.bincount(at, weights=cost) / count
    variance = np.bincount(at, weights=(cost - mean[at]) ** 2) / np.maximum(count - 1, 1)
    total, top = cost.sum(), int(np.ceil(cost.size * policy.value("cost_top_requests")))
    dearest = np.partition(cost, cost.size - top)[-top:]
    users, user_variance, groups = _between_users(cost, user, at) if user is not None else (0, 0.0, 0.0)
    return Observed(
        day, mean * count, count, variance, users, user_variance, groups,
        float(dearest.max() / total) if total > 0 else None, float(dearest.sum() / total) if total > 0 else None, top,
        bool(seconds[-1] - seconds[0] < DAY_S), _stretches(cost),
    )  # fmt: skip


def _stretches(cost: np.ndarray) -> np.ndarray:
    number = policy.value("cost_shift_stretches")
    if cost.size < number * _LEAST_FOR_VARIANCE:
        return np.zeros(0)
    return np.array([part.mean() for part in np.array_split(cost, number)])


def of_sums(seconds: np.ndarray, cost: np.ndarray, requests: np.ndarray) -> Observed:
    """Return what sums over stretches of time show, added up to days; days without a request are left out.

    Parameters
    ----------
    seconds : array of int, shape (n,)
        Start of each stretch, seconds since 1970.
    cost, requests : array of shape (n,)
        Amount and number of requests of each stretch.
    """
    day, at = np.unique(seconds // DAY_S, return_inverse=True)
    spent, count = np.bincount(at, weights=cost), np.bincount(at, weights=requests)
    held = count > 0
    return Observed(day[held], spent[held], count[held], None)


def _between_users(cost: np.ndarray, user: np.ndarray, day: np.ndarray) -> tuple[int, float, float]:
    """Return number of users, relative variance of the mean from resting on them, and their effective number.

    Source
    ------
    Efron and Stein 1981 (jackknife over users); Cameron, Gelbach and Miller 2011 (what users and days share counts
    once, so the cells of a user on a day are taken off).
    """
    user = pd.factorize(user)[0]
    count, mean = np.bincount(user), cost.mean()
    users, n = count.size, cost.size
    if users < 2 or mean <= 0:
        return users, 0.0, float(users)
    rest = cost - mean
    cells = np.bincount(pd.factorize(user * (day.max() + 1) + day)[0], weights=rest)
    without = np.bincount(user, weights=rest) / (n - count)
    surplus = (without**2).sum() * (users - 1) / users - (cells**2).sum() / n**2
    return users, float(max(0.0, surplus) / mean**2), float(n**2 / (count.astype(float) ** 2).sum())
