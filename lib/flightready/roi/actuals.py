"""The plan against what came: cumulative value within its band, where it leads, and whether it improves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import InputError
from flightready.evidence import Interval, State, judge_at_least
from flightready.intervals import LEVEL
from flightready.roi import approved as approved_cases
from flightready.roi.actuals_table import ActualRows, read_actuals
from flightready.roi.approved import HIGH, LOW, MEAN, MIDDLE, ApprovedCase, MonthlyPlan


@dataclass(frozen=True)
class Trend:
    """The change from month to month, with its interval; UNKNOWN while it may be either way, or months are few."""

    per_month: float | None
    interval: Interval | None
    months: int
    state: State


@dataclass(frozen=True)
class Forecast:
    """Cumulative net value at the end of the horizon, if the months to come keep the plan's shape at today's level.

    Parameters
    ----------
    value, interval
    planned : float
        Middle of the plan for that month.
    benefit_ratio, cost_ratio : float
        What came over what was planned for the same months.
    """

    value: float
    interval: Interval
    planned: float
    benefit_ratio: float
    cost_ratio: float


@dataclass(frozen=True)
class PlanAgainstActual:
    """What came in since the approval, against the plan; money in the assessment's currency.

    Parameters
    ----------
    labels : tuple of str
        Months as they are written.
    months : array
        Months since the approval.
    net, cumulative : array
        Of each month, and up to it.
    plan : MonthlyPlan or None
        None while no case was approved.
    approved_on, approved_by
    below, above : tuple of str
        Months whose cumulative value lies outside the plan's band.
    forecast : Forecast or None
    trend : Trend
        Of the net value of a month.
    per_user : Trend or None
        Of the value of a user and month, where users are counted.
    told : tuple of str
    last : date or None
    """

    file: str
    currency: str
    labels: tuple[str, ...]
    months: np.ndarray
    net: np.ndarray
    cumulative: np.ndarray
    plan: MonthlyPlan | None
    approved_on: dt.date | None
    approved_by: str
    below: tuple[str, ...]
    above: tuple[str, ...]
    forecast: Forecast | None
    trend: Trend
    per_user: Trend | None
    told: tuple[str, ...]
    last: dt.date | None


def analyse(pilot: Pilot) -> PlanAgainstActual | None:
    """Return the plan against `roi.actuals`, None when no file is named.

    Raises
    ------
    InputError
        When the table or the approved case cannot be read, a month stands twice or is missing, or the case is of
        another pilot or currency.
    """
    given = pilot.spec.roi.actuals
    if given is None:
        return None
    case = _approved(pilot)
    rows = read_actuals(pilot, given.file, case)
    plan = case.plan if case else None
    cost, told = rows.cost, []
    at = np.array(rows.at)
    if cost is None:
        told.append("the table holds no cost" + (": costs are taken as planned" if plan is not None else ""))
        cost = plan.cost[MEAN][at] if plan is not None else np.zeros_like(rows.value)
    net = rows.value - cost
    before = 0.0
    if plan is not None and rows.at[0] > 0:
        before = float(plan.cumulative[MIDDLE][rows.at[0] - 1])
        told.append("what was spent before the first month of the table is taken as planned")
    cumulative = before + np.cumsum(net)
    below, above = ((), ()) if plan is None else _outside(plan, rows, cumulative)
    launched = pilot.spec.roi.launched
    since = [i for i, day in enumerate(rows.days) if launched is None or day is None or day >= launched]
    return PlanAgainstActual(
        file=given.file, currency=pilot.spec.currency, labels=rows.labels, months=at, net=net, cumulative=cumulative,
        plan=plan, approved_on=case.on if case else None, approved_by=case.by if case else "", below=below,
        above=above, forecast=None if plan is None else forecast(plan, rows.at, rows.value, cost, cumulative[-1]),
        trend=trend(net[since]),
        per_user=None if rows.users is None else trend((rows.value / rows.users)[since]), told=tuple(told),
        last=rows.days[-1],
    )  # fmt: skip


def trend(values: np.ndarray) -> Trend:
    """Return the slope of the last months, by least squares with its t interval.

    Parameters
    ----------
    values : array of shape (months,)

    Examples
    --------
    >>> found = trend(np.array([1.0, 2.1, 2.9, 4.0, 5.1]))
    >>> round(found.per_month, 2), str(found.state)
    (1.01, 'PASS')
    """
    last = np.asarray(values, dtype=float)[-policy.value("months_of_trend") :]
    n = last.size
    if n < policy.value("least_months_of_trend"):
        return Trend(None, None, n, State.UNKNOWN)
    month = np.arange(n) - (n - 1) / 2
    slope = float(month @ last / (month @ month))
    residual = last - last.mean() - slope * month
    error = sqrt(float(residual @ residual) / (n - 2) / float(month @ month))
    half = float(special.stdtrit(n - 2, 0.5 + LEVEL / 2)) * error
    ends = Interval(slope - half, slope + half)
    state = judge_at_least(ends, 0.0) if ends.low != 0 else State.UNKNOWN
    return Trend(slope, ends, n, state)


def forecast(
    plan: MonthlyPlan, at: Sequence[int], value: np.ndarray, cost: np.ndarray, so_far: float
) -> Forecast | None:
    """Return where the cumulative value leads: the plan's months ahead at the level that came so far.

    Benefits and costs are scaled apart, by what came over what was planned for the same months; the interval holds how
    far those months differ from one another, and not that the months to come may differ from the plan's shape. None
    where fewer than the months of a trend were planned to bring a benefit.

    Source
    ------
    Cochran 1977, Sampling Techniques, section 6.3 (ratio estimate and its variance).
    """
    at = np.asarray(at)
    planned = [plan.benefit[MEAN], plan.cost[MEAN]]
    live = planned[0][at] > 0
    if live.sum() < policy.value("least_months_of_trend") or at[-1] >= plan.months:
        return None
    ratios = [_ratio(actual[live], part[at][live]) for actual, part in zip((value, cost), planned, strict=True)]
    ahead = [float(part[at[-1] + 1 :].sum()) for part in planned]
    (benefit, benefit_half), (costs, cost_half) = ratios
    end = float(so_far) + benefit * ahead[0] - costs * ahead[1]
    half = sqrt((benefit_half * ahead[0]) ** 2 + (cost_half * ahead[1]) ** 2)
    return Forecast(end, Interval(end - half, end + half), float(plan.cumulative[MIDDLE][-1]), benefit, costs)


def _ratio(actual: np.ndarray, planned: np.ndarray) -> tuple[float, float]:
    """Actual over planned, and half of its 90 % interval; as planned where nothing was planned."""
    total, n = float(planned.sum()), actual.size
    if total <= 0:
        return 1.0, 0.0
    ratio = float(actual.sum()) / total
    residual = actual - ratio * planned
    error = sqrt(n * float(residual @ residual) / (n - 1)) / total
    return ratio, float(special.stdtrit(n - 1, 0.5 + LEVEL / 2)) * error


def _outside(plan: MonthlyPlan, rows: ActualRows, cumulative: np.ndarray) -> tuple[tuple[str, ...], tuple[str, ...]]:
    ends = plan.cumulative[[LOW, HIGH]][:, list(rows.at)]
    below, above = cumulative < ends[0], cumulative > ends[1]
    return tuple(np.array(rows.labels)[below].tolist()), tuple(np.array(rows.labels)[above].tolist())


def _approved(pilot: Pilot) -> ApprovedCase | None:
    path, given = approved_cases.path_of(pilot), pilot.spec.roi.actuals
    if not path.is_file() and given.approved is None:
        return None
    place = pilot.where("roi", "actuals", "approved" if given.approved else "file")
    case = approved_cases.read(path, where=place)
    for own, other, what in ((pilot.spec.name, case.pilot, "pilot"), (pilot.spec.currency, case.currency, "currency")):
        if own != other:
            raise InputError(
                f"the approved case is of the {what} '{other}', not '{own}'", where=f"{place}, {path.name}",
                cure="name the approved case of this pilot under roi.actuals.approved",
            )  # fmt: skip
    return case
