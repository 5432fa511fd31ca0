"""Sentences about people who review, and about what wrong answers cost that nobody reviews."""

from __future__ import annotations

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost.errors import ErrorCostMonth
from flightready.cost.labour import Labour, Staffing
from flightready.draws import Summary
from flightready.errors import listed
from flightready.wording import chance, count, interval, money, number, rounded, seconds, share

ASSUMED = {
    "default_review_minutes": "how long a review takes", "default_wage_usd_per_hour": "the wage",
    "default_review_begin_within": "how soon a review begins", "default_review_hours_per_day": "the hours a day",
    "default_review_at_work": "the share of paid time at work",
}  # fmt: skip
"""What each figure of the policy stands in for."""


def reviews(labour: Labour | None, pilot: Pilot) -> tuple[str, ...]:
    """Return how many answers people review, how many people that takes, and what they cost."""
    if labour is None:
        return (f"What reviews by people take cannot be said yet: {listed(_missing(pilot))}.",)
    whole = (_how_many(labour), _team(labour), _price_of_waiting(labour), _capacity(labour), _assumed(labour))
    return tuple(filter(None, whole))


def _missing(pilot: Pilot) -> list[str]:
    spec, told = pilot.spec, []
    if spec.workload.users_per_day is None:
        told.append("the planned load is not stated (workload.users_per_day)")
    if "review_share" in spec.roi.estimates:
        return told
    if spec.evaluation.review.threshold is None:
        told.append("nothing says which answers people review (evaluation.review.threshold, or an estimate under "
                    "roi.estimates.review_share)")  # fmt: skip
    else:
        told.append("a threshold is stated, and no scored raw record has a confidence to hold against it "
                    "(data.columns.confidence, or an estimate under roi.estimates.review_share)")  # fmt: skip
    return told


def _how_many(labour: Labour) -> str:
    measured = "" if labour.is_measured_share else " by estimate"
    if labour.share.high == 0:
        return f"People review no answer{measured}, so reviews cost nothing."
    many = labour.per_day.median
    per_day = "less than one review" if many < 1 else "1 review" if round(many) == 1 else f"{number(many)} reviews"
    return (f"People review {share(labour.share.median)} of the answers{measured}: about {per_day} a day at the "
            f"planned load, {number(labour.busiest_hour.median)} in its busiest hour.")  # fmt: skip


def _team(labour: Labour) -> str:
    if labour.share.high == 0:
        return ""
    month = f"{_amount(labour, labour.monthly.median)} a month, nine times in ten {_between(labour, labour.monthly)}"
    if labour.too_many is not None:
        most = policy.value("reviewers_at_once_most")
        return (
            f"That would take about {rounded(labour.too_many)} people at work at once; nobody staffs more than "
            f"{most:,} for one pilot, so fewer answers must go to people. The reviews alone cost {month}."
        )
    staffing = labour.staffing
    if staffing is None:
        return (f"At the stated cost of a review that is {month}. How many people it takes can be said once "
                "evaluation.review.time says how long one review lasts.")  # fmt: skip
    return f"{_people(staffing)} They cost {month}."


def _people(staffing: Staffing) -> str:
    in_time = f"{10 * policy.value('review_begins_in_time_share'):.0f} of 10 reviews"
    people = "1 person" if staffing.at_work.median == 1 else f"about {number(staffing.at_work.median)} people"
    full, at_work = staffing.full_time, staffing.at_work
    return (
        f"For {in_time} to begin within {seconds(staffing.begin_within_s.median)}, in the busiest hour too, it takes "
        f"{people} at work at once (nine times in ten {interval(at_work.low, at_work.high, number)}), "
        f"{number(round(full.median, 1))} full-time on the payroll."
    )


def _price_of_waiting(labour: Labour) -> str:
    staffing = labour.staffing
    if staffing is None or labour.share.high == 0:
        return ""
    return (
        f"Reviews times the cost of one would be {_amount(labour, labour.simple.median)}; the rest is leave, breaks "
        "and the price of being there when an answer comes."
    )


def _capacity(labour: Labour) -> str:
    if labour.capacity_per_day is None or labour.share.high == 0:
        return ""
    reviews = count(labour.capacity_per_day, "review")
    return f"The chance that a day brings more than the {reviews} that people can do is {chance(labour.over_capacity)}."


def _assumed(labour: Labour) -> str:
    named = [ASSUMED[key] for key in labour.defaults]
    return f"Assumed, because the assessment does not say: {listed(named)}." if named else ""


def errors(cost: ErrorCostMonth | None) -> tuple[str, ...]:
    """Return what wrong answers cost in a month that nobody reviews."""
    if cost is None:
        return ("What wrong answers cost in a month cannot be said yet: it takes the planned load, the accuracy on raw "
                "data, and the price of an error (evaluation.error_cost).",)  # fmt: skip
    c = cost.currency
    month = interval(cost.monthly.low, cost.monthly.high, lambda value: money(value, c))
    which = "Wrong answers that nobody reviews" if cost.is_reviewed else "Wrong answers"
    told = [f"{which} cost about {money(cost.monthly.median, c)} a month, nine times in ten {month}: about "
            f"{rounded(cost.wrong.median)} of them at {money(cost.each_usd.median, c)} each."]  # fmt: skip
    if cost.is_reviewed:
        told.append(f"Without any review it would be {money(cost.unreviewed.median, c)}.")
    else:
        told.append("Nothing says that people review any answer, so all wrong ones count.")
    return tuple(told)


def _amount(labour: Labour, value: float) -> str:
    return money(value, labour.currency)


def _between(labour: Labour, amounts: Summary) -> str:
    return interval(amounts.low, amounts.high, lambda value: _amount(labour, value))
