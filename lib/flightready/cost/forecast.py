"""The forecast of a month and a year against the approved amount, against users and against round volumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.cost.response import Response
from flightready.cost.units import MONTHS_PER_YEAR, Year
from flightready.draws import summarise
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class Approval:
    """The forecast against the approved amount of a month, which is for the calls and what runs beside them.

    Parameters
    ----------
    approved_usd : float
        Approved for one month.
    exceeded_share : float
        Share of the draws in which a month costs more, 0 to 1.
    lower_usd, upper_usd : float
        Amounts that nine in ten draws exceed, and that nine in ten stay within.
    users_at_approval : float or None
        Users a day up to which nine in ten draws stay within the approved amount; 0 where the fixed parts alone exceed
        it, None when a request costs nothing.
    planned_share : float or None
        Share of the planned load at which nine in ten draws stay within the approved amount; None when a request costs
        nothing.
    year_exceeded_share : float
        Share of the draws in which the first twelve months cost more than twelve approved months.
    users_in_year : float or None
        Planned users a day up to which nine in ten draws stay within twelve approved months, the whole plan of the
        year scaled alike.
    """

    approved_usd: float
    exceeded_share: float
    lower_usd: float
    upper_usd: float
    users_at_approval: float | None
    planned_share: float | None
    year_exceeded_share: float
    users_in_year: float | None


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


def against_approval(
    approved_usd: float, monthly_usd: np.ndarray, response: Response, demand: Demand, year: Year
) -> Approval:
    """Return how the forecast stands against the approved amount.

    Parameters
    ----------
    approved_usd : float
        For one month, > 0.
    monthly_usd : array
        Draws of the cost of a month at the planned load.
    response : Response
        Cost of a month at any load.
    demand : Demand
    year : Year
        The first twelve months.
    """
    quantile = policy.value("cost_approval_quantile")
    lower, upper = np.quantile(monthly_usd, [1 - quantile, quantile])
    load = response.load_at(approved_usd)
    users = load / (demand.requests_per_user * DAYS_PER_MONTH)
    approved_year = MONTHS_PER_YEAR * approved_usd
    # a year is its fixed parts and what grows with users, so in each draw one factor on the plan spends the approval
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        scale = np.where(year.growing_usd > 0, np.maximum(approved_year - year.fixed_usd, 0) / year.growing_usd, np.inf)
    return Approval(
        approved_usd, float(np.mean(monthly_usd > approved_usd)), float(lower), float(upper), _enough(users, quantile),
        _enough(load / demand.requests_per_month, quantile), float(np.mean(year.total_usd > approved_year)),
        _enough(scale * demand.users_per_day, quantile),
    )  # fmt: skip


def _enough(loads: np.ndarray, quantile: float) -> float | None:
    """Load up to which this share of the draws can pay."""
    found = float(np.quantile(loads, 1 - quantile, method="lower"))
    return found if np.isfinite(found) else None


def user_curve(response: Response, demand: Demand, reach: float) -> UserCurve:
    """Return the monthly cost from no user to somewhat beyond `reach` users a day."""
    users = np.linspace(0.0, reach * policy.value("cost_curve_reach"), policy.value("cost_curve_points"))
    each = demand.requests_per_user * DAYS_PER_MONTH
    bands = np.array([np.quantile(response.at(n * each), [0.05, 0.5, 0.95]) for n in users]).T
    return UserCurve(users, bands[1], bands[0], bands[2])


def volumes(response: Response) -> tuple[VolumeCost, ...]:
    """Return the cost of a month at each round number of requests of the policy."""
    months = ((n, summarise(response.at(n))) for n in policy.value("cost_request_volumes"))
    return tuple(VolumeCost(n, s.median, s.low, s.high) for n, s in months)
