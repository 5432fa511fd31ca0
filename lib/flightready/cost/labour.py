"""People who review: how many at work, how many on the payroll, and what they cost in a month.

Reviews arrive at random and each takes its time, so people who begin nine in ten reviews soon enough in the busiest
hour are idle in others. Beside the staffed amount stands the simple one, reviews times the cost of one review; what lies
between them is the price of being there in time. One team of the size of the busiest hour works all stated hours, every
day; answers that come outside of them wait for the next day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.evaluation import HOURS_OF_A_DAY
from flightready.cost.reviewing import (
    Drawn,
    cost_of_a_review,
    review_share,
    review_term,
    review_time_s,
    wage_per_hour,
)
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import Demand
from flightready.traffic.queues import fewest_servers

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.result import EvaluationResult

_HOUR_S = 3600.0


@dataclass(frozen=True)
class StaffingCurve:
    """People and money against users a day; arrays of one length, `users` rising.

    `simple_usd` is the middle of reviews times the cost of one review.
    """

    users: np.ndarray
    at_work: np.ndarray
    at_work_low: np.ndarray
    at_work_high: np.ndarray
    monthly_usd: np.ndarray
    monthly_low_usd: np.ndarray
    monthly_high_usd: np.ndarray
    simple_usd: np.ndarray


@dataclass(frozen=True)
class Staffing:
    """The team that begins reviews in time; arrays have the joint sample's shape (replicates, draws).

    Parameters
    ----------
    at_work : Summary
        People at work at the same time.
    full_time : Summary
        People on the payroll, counted as full-time ones: leave, training and breaks are paid as well.
    occupancy : Summary
        Share of the time at work that is spent on reviews, 0 to 1.
    paid_hours : Summary
        Hours a month.
    begin_within_s : Summary
        Time within which the policy's share of reviews begins.
    share, time_s, begin_within, hours_per_day, place_usd : array
        Share of answers that are reviewed, mean time of a review, longest wait in seconds, hours a day, and what one
        person at work costs in a month of such days.
    """

    at_work: Summary
    full_time: Summary
    occupancy: Summary
    paid_hours: Summary
    begin_within_s: Summary
    share: np.ndarray
    time_s: np.ndarray
    begin_within: np.ndarray
    hours_per_day: np.ndarray
    place_usd: np.ndarray

    def people(self, requests_per_month: np.ndarray, peak_per_second: np.ndarray) -> np.ndarray:
        """Return how many people are at work at once at a load; arrays that broadcast against (replicates, draws).

        Nobody where no answer is reviewed, else at least one.
        """
        return _people(self, slice(None), requests_per_month, peak_per_second)

    def monthly_usd(self, requests_per_month: np.ndarray, peak_per_second: np.ndarray) -> np.ndarray:
        """Return what the team costs in a month at a load, in the currency of the labour."""
        return self.people(requests_per_month, peak_per_second) * self.place_usd


@dataclass(frozen=True)
class Labour:
    """Reviews by people in a month at the planned load; money in `currency`, the assessment's own.

    Parameters
    ----------
    currency : str
    grade : Grade
        The weakest of what it rests on.
    is_measured_share : bool
        Whether the share of reviewed answers was measured at the stated threshold, or is an estimate.
    share, per_day, busiest_hour : Summary
        Share of answers that people review, reviews a day, and reviews in the busiest hour.
    each_usd, simple : Summary
        Cost of one review, and of a month of them while nobody waits for work.
    per_request_usd : array of shape (replicates, draws)
        Reviews that one request brings, at the cost of one review.
    monthly_usd : array of shape (replicates, draws)
        What a month costs: the team where it is staffed, else the simple amount.
    monthly : Summary
    staffing : Staffing or None
        None where only the cost of a review is stated, or the team would be beyond all measure.
    too_many : float or None
        Middle of the people at work when the policy's most are not enough.
    capacity_per_day, over_capacity : float or None
        Reviews a day that people can do (middle), and the share of draws that need more.
    defaults : tuple of str
        Ids of the policy's figures that stand in.
    curve : StaffingCurve or None
        Up to somewhat beyond the planned users.
    """

    currency: str
    grade: Grade
    is_measured_share: bool
    share: Summary
    per_day: Summary
    busiest_hour: Summary
    each_usd: Summary
    simple: Summary
    per_request_usd: np.ndarray
    monthly_usd: np.ndarray
    monthly: Summary
    staffing: Staffing | None = None
    too_many: float | None = None
    capacity_per_day: float | None = None
    over_capacity: float | None = None
    defaults: tuple[str, ...] = ()
    curve: StaffingCurve | None = None

    def monthly_at(self, requests_per_month: np.ndarray, peak_per_second: np.ndarray) -> np.ndarray:
        """Return what a month costs at another load; arrays that broadcast against (replicates, draws)."""
        if self.staffing is None:
            return self.per_request_usd * requests_per_month
        return self.staffing.monthly_usd(requests_per_month, peak_per_second)


def review_labour(
    pilot: Pilot, joint: JointSample, demand: Demand | None, evaluation: EvaluationResult | None
) -> Labour | None:
    """Return what reviews by people take, or None when the load or the share of reviewed answers is not known."""
    spec = pilot.spec
    share = review_share(spec, joint, evaluation)
    if share is None or demand is None:
        return None
    each = cost_of_a_review(spec, joint)
    reviews = share.draws * demand.requests_per_day
    per_request = share.draws * each.draws
    simple = per_request * demand.requests_per_month
    terms = _terms(pilot, joint) if _is_staffed(pilot) else {}
    staffing, too_many = _staffing(share, terms, demand) if terms else (None, None)
    monthly = simple if staffing is None else staffing.monthly_usd(demand.requests_per_month, demand.peak_per_second)
    used = [*terms.values()] if staffing is not None else [each]
    capacity = _capacity(pilot, joint)
    busiest = _HOUR_S * share.draws * demand.peak_per_second
    return Labour(
        currency=spec.currency, grade=_weakest([share, *used], demand),
        is_measured_share=share.source == "evaluation" and share.grade is Grade.MEASURED,
        share=summarise(share.draws), per_day=summarise(reviews), busiest_hour=summarise(busiest),
        each_usd=summarise(each.draws), simple=summarise(simple), per_request_usd=per_request,
        monthly_usd=monthly, monthly=summarise(monthly), staffing=staffing, too_many=too_many,
        capacity_per_day=None if capacity is None else float(np.median(capacity)),
        over_capacity=None if capacity is None else float(np.mean(reviews > capacity)),
        defaults=tuple(dict.fromkeys(d.default for d in used if d.default)),
        curve=None if staffing is None else _curve(staffing, per_request, demand),
    )  # fmt: skip


def _is_staffed(pilot: Pilot) -> bool:
    """Whether people are to be counted: not where the cost of a review is stated and nothing says how long one takes."""
    review = pilot.spec.evaluation.review
    is_priced = review.cost is not None or "review_cost" in pilot.spec.roi.estimates
    return review.time is not None or not is_priced


def _terms(pilot: Pilot, joint: JointSample) -> dict[str, Drawn]:
    spec = pilot.spec
    found = {"time": review_time_s(spec, joint), "wage": wage_per_hour(spec, joint)}
    kinds = {"begin_within": "duration", "hours_per_day": "ratio", "at_work": "share"}
    return found | {name: review_term(spec, joint, name, kind) for name, kind in kinds.items()}


def _staffing(share: Drawn, terms: dict[str, Drawn], demand: Demand) -> tuple[Staffing | None, float | None]:
    """The team, or how many people it would take where nobody staffs so many."""
    time, wage, wait, hours, at_work = (
        terms[k].draws for k in ("time", "wage", "begin_within", "hours_per_day", "at_work")
    )
    hours = np.minimum(hours, HOURS_OF_A_DAY)
    place_hours = hours * DAYS_PER_MONTH / at_work  # paid for one person at work
    blank = summarise(np.zeros(1))
    team = Staffing(blank, blank, blank, blank, summarise(wait), share.draws, time, wait, hours, place_hours * wage)
    people = team.people(demand.requests_per_month, demand.peak_per_second)
    found = summarise(people)
    if found.high > policy.value("reviewers_at_once_most"):
        return None, found.median
    reviewing_s = share.draws * demand.requests_per_day * time
    busy = np.divide(reviewing_s, people * hours * _HOUR_S, out=np.zeros(people.shape), where=people > 0)
    paid = people * place_hours
    return Staffing(
        found, summarise(paid / policy.value("full_time_hours_per_month")), summarise(busy), summarise(paid),
        team.begin_within_s, team.share, time, wait, hours, team.place_usd,
    ), None  # fmt: skip


def _people(team: Staffing, at: slice, requests_per_month: np.ndarray, peak_per_second: np.ndarray) -> np.ndarray:
    share, hours = team.share[:, at], team.hours_per_day[:, at]
    # what comes in a day is done in the stated hours, so their mean is the least that the busiest hour brings
    mean = requests_per_month / DAYS_PER_MONTH / (hours * _HOUR_S)
    rate = share * np.maximum(peak_per_second, mean)
    needed = fewest_servers(rate, team.time_s[:, at], wait_s=team.begin_within[:, at],
                            share=policy.value("review_begins_in_time_share"))  # fmt: skip
    return np.where(share > 0, needed, 0.0)


def _curve(team: Staffing, per_request_usd: np.ndarray, demand: Demand) -> StaffingCurve:
    """People and money at rising numbers of users, each with its own requests and peak, over a part of the draws."""
    reach = summarise(demand.users_per_day).high * policy.value("cost_curve_reach")
    users = np.linspace(0.0, reach, policy.value("cost_curve_points"))[1:]
    at = slice(max(1, policy.value("staffing_curve_draws") // len(per_request_usd)))
    requests = demand.requests_per_user[:, at] * DAYS_PER_MONTH
    peak = (demand.peak_per_second / demand.users_per_day)[:, at]
    people = np.stack([_people(team, at, n * requests, n * peak) for n in users])
    drawn = people.reshape(len(users), -1)
    money = (people * team.place_usd[:, at]).reshape(len(users), -1)
    simple = float(np.median(requests * per_request_usd[:, at]))
    quantiles = [0.5, 0.05, 0.95]
    return StaffingCurve(users, *np.quantile(drawn, quantiles, axis=1), *np.quantile(money, quantiles, axis=1),
                         users * simple)  # fmt: skip


def _capacity(pilot: Pilot, joint: JointSample) -> np.ndarray | None:
    given = pilot.spec.evaluation.review.capacity_per_day
    return None if given is None else joint.column("evaluation.review.capacity_per_day", given)


def _weakest(used: list[Drawn], demand: Demand) -> Grade:
    order = [Grade.MEASURED, Grade.ESTIMATED, Grade.ASSUMED]
    return max((*(d.grade for d in used), demand.grade), key=order.index)
