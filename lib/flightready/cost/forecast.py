"""What a month in production costs: draws at the planned workload, against the approved amount and against users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import summarise
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class Approval:
    """The forecast against the approved amount of a month.

    Parameters
    ----------
    approved_usd : float
        Approved for one month.
    exceeded_share : float
        Share of the draws in which a month costs more, 0 to 1.
    lower_usd, upper_usd : float
        Amounts that nine in ten draws exceed, and that nine in ten stay within.
    users_at_approval : float or None
        Users a day up to which nine in ten draws stay within the approved amount; None when a request costs nothing.
    """

    approved_usd: float
    exceeded_share: float
    lower_usd: float
    upper_usd: float
    users_at_approval: float | None


@dataclass(frozen=True)
class UserCurve:
    """Monthly cost against users a day: median and 90 % band, arrays of one length, `users` rising."""

    users: np.ndarray
    median_usd: np.ndarray
    low_usd: np.ndarray
    high_usd: np.ndarray


@dataclass(frozen=True)
class VolumeCost:
    """What a month with a round number of requests costs: median and 90 % interval."""

    requests: int
    median_usd: float
    low_usd: float
    high_usd: float


def monthly(demand: Demand, per_request_usd: np.ndarray) -> np.ndarray:
    """Return the cost of the first month in production, shape (replicates, draws)."""
    return demand.requests_per_month * per_request_usd


def against_approval(approved_usd: float, monthly_usd: np.ndarray, per_user_usd: np.ndarray) -> Approval:
    """Return how the forecast stands against the approved amount.

    Parameters
    ----------
    approved_usd : float
        For one month, > 0.
    monthly_usd : array
        Draws of the cost of a month.
    per_user_usd : array
        Draws of the cost of one daily user for a month.
    """
    quantile = policy.value("cost_approval_quantile")
    lower, upper = np.quantile(monthly_usd, [1 - quantile, quantile])
    dearest = float(np.quantile(per_user_usd, quantile))
    users = approved_usd / dearest if dearest > 0 else None
    return Approval(approved_usd, float(np.mean(monthly_usd > approved_usd)), float(lower), float(upper), users)


def per_user(demand: Demand, per_request_usd: np.ndarray) -> np.ndarray:
    """Return draws of what one daily user costs in a month."""
    return demand.requests_per_user * DAYS_PER_MONTH * per_request_usd


def user_curve(per_user_usd: np.ndarray, reach: float) -> UserCurve:
    """Return the monthly cost from no user to somewhat beyond `reach` users a day."""
    users = np.linspace(0.0, reach * policy.value("cost_curve_reach"), policy.value("cost_curve_points"))
    each = summarise(per_user_usd)  # cost is proportional to users, so its quantiles are as well
    return UserCurve(users, users * each.median, users * each.low, users * each.high)


def volumes(per_request_usd: np.ndarray) -> tuple[VolumeCost, ...]:
    """Return the cost of a month at each round number of requests of the policy."""
    one = summarise(per_request_usd)
    return tuple(VolumeCost(n, n * one.median, n * one.low, n * one.high)
                 for n in policy.value("cost_request_volumes"))  # fmt: skip
