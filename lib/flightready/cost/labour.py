"""People who review: how many at work, how many on the payroll, and what they cost in a month.

Reviews arrive at random and each takes its time, so people who begin nine in ten reviews soon enough in the busiest
hour are idle in others. Beside the staffed amount stands the simple one, reviews times the cost of one review; what
lies between them is the price of being there in time. One team of the size of the busiest hour works all stated hours,
every day; answers that come outside of them wait for the next day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
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
_MIDDLE_AND_ENDS = (0.5, 0.05, 0.95)  # of a 90 % interval


@dataclass(frozen=True)
class StaffingCurve:
    """People against users a day; arrays of one length, `users` rising."""

    users: np.ndarray
    at_work: np.ndarray
    at_work_low: np.ndarray
    at_work_high: np.ndarray


@dataclass(frozen=True)
class Team:
    """What decides how many people it takes; arrays have the joint sample's shape (replicates, draws).

    Parameters
    ----------
    share, time_s, begin_within_s, hours_per_day : array
        Share of answers that are reviewed, mean time of a review, longest wait, and hours a day.
    place_usd : array
        What one person at work costs in a month of such days.
    """

    share: np.ndarray
    time_s: np.ndarray
    begin_within_s: np.ndarray
    hours_per_day: np.ndarray
    place_usd: np.ndarray

    def people(self, requests_per_month: np.ndarray, peak_per_second: np.ndarray) -> np.ndarray:
        """Return how many people are at work at once at a load; arrays that broadcast against (replicates, draws).

        Nobody where no answer is reviewed, else at least one.
        """
        # what comes in a day is done in the stated hours, so their mean is the least that the busiest hour brings
        mean = requests_per_month / DAYS_PER_MONTH / (self.hours_per_day * _HOUR_S)
        rate = self.share * np.maximum(peak_per_second, mean)
        share = policy.value("review_begins_in_time_share")
        needed = fewest_servers(rate, self.time_s, wait_s=self.begin_within_s, share=share)
        return np.where(self.share > 0, needed, 0.0)

    def first_draws(self, number: int) -> Team:
        """Return the team of the first draws of each replicate."""
        return Team(*(getattr(self, f.name)[:, :number] for f in fields(self)))


@dataclass(frozen=True)
class Staffing:
    """The team that begins reviews in time.

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
    team : Team
        For other loads.
    """

    at_work: Summary
    full_time: Summary
    occupancy: Summary
    paid_hours: Summary
    begin_within_s: Summary
    team: Team


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
        team = self.staffing.team
        return team.people(requests_per_month, peak_per_second) * team.place_usd


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
    terms = _terms(pilot, joint) if _can_count(pilot) else {}
    staffing = curve = too_many = None
    monthly = simple
    if terms:
        team, paid_hours = _team(share, terms)
        people = team.people(demand.requests_per_month, demand.peak_per_second)
        if summarise(people).high > policy.value("reviewers_at_once_most"):
            too_many = float(np.median(people))
        else:
            monthly = people * team.place_usd
            staffing = _staffing(team, people, people * paid_hours, reviews)
            curve = _curve(team, demand)
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
        curve=curve,
    )  # fmt: skip


def _can_count(pilot: Pilot) -> bool:
    """Whether people can be counted: not where a review has a stated cost and nothing says how long it takes."""
    review = pilot.spec.evaluation.review
    is_priced = review.cost is not None or "review_cost" in pilot.spec.roi.estimates
    return review.time is not None or not is_priced


def _terms(pilot: Pilot, joint: JointSample) -> dict[str, Drawn]:
    spec = pilot.spec
    found = {"time": review_time_s(spec, joint), "wage": wage_per_hour(spec, joint)}
    each = cost_of_a_review(spec, joint)
    if found["wage"].default and not each.default:  # who says what a review costs and how long it takes, says the wage
        found["wage"] = replace(each, draws=each.draws * _HOUR_S / found["time"].draws)
    kinds = {"begin_within": "duration", "hours_per_day": "ratio", "at_work": "share"}
    return found | {name: review_term(spec, joint, name, kind) for name, kind in kinds.items()}


def _team(share: Drawn, terms: dict[str, Drawn]) -> tuple[Team, np.ndarray]:
    """The team, and the hours a month that are paid for one person at work."""
    hours = np.minimum(terms["hours_per_day"].draws, HOURS_OF_A_DAY)
    paid = hours * DAYS_PER_MONTH / terms["at_work"].draws
    wage, time, wait = (terms[name].draws for name in ("wage", "time", "begin_within"))
    return Team(share.draws, time, wait, hours, paid * wage), paid


def _staffing(team: Team, people: np.ndarray, paid_hours: np.ndarray, reviews_per_day: np.ndarray) -> Staffing:
    there_s = people * team.hours_per_day * _HOUR_S
    busy = np.divide(reviews_per_day * team.time_s, there_s, out=np.zeros(people.shape), where=people > 0)
    full_time = paid_hours / policy.value("full_time_hours_per_month")
    return Staffing(summarise(people), summarise(full_time), summarise(busy), summarise(paid_hours),
                    summarise(team.begin_within_s), team)  # fmt: skip


def _curve(team: Team, demand: Demand) -> StaffingCurve:
    """People at rising numbers of users, each with its own requests and peak, over a part of the draws."""
    reach = summarise(demand.users_per_day).high * policy.value("cost_curve_reach")
    users = np.linspace(0.0, reach, policy.value("cost_curve_points"))[1:]
    number = max(1, policy.value("staffing_curve_draws") // demand.requests_per_user.shape[0])
    few = team.first_draws(number)
    requests = demand.requests_per_user[:, :number] * DAYS_PER_MONTH
    peak = (demand.peak_per_second / demand.users_per_day)[:, :number]
    people = np.stack([few.people(n * requests, n * peak) for n in users])
    drawn = people.reshape(len(users), -1)
    return StaffingCurve(users, *np.quantile(drawn, _MIDDLE_AND_ENDS, axis=1, method="inverted_cdf"))


def _capacity(pilot: Pilot, joint: JointSample) -> np.ndarray | None:
    given = pilot.spec.evaluation.review.capacity_per_day
    return None if given is None else joint.column("evaluation.review.capacity_per_day", given)


def _weakest(used: list[Drawn], demand: Demand) -> Grade:
    order = [Grade.MEASURED, Grade.ESTIMATED, Grade.ASSUMED]
    return max((*(d.grade for d in used), demand.grade), key=order.index)
