"""Inputs of the value model that other analyses found: accuracy, reviews, cost of a request, late answers, errors."""

from __future__ import annotations

from typing import Any

import numpy as np

from flightready.cost.errors import error_price
from flightready.cost.reviewing import RATE, by_threshold, cost_of_a_review
from flightready.evidence import Grade
from flightready.roi.gathering import Gathering
from flightready.traffic.demand import Demand


def gather_found(g: Gathering, demand: Demand | None, evaluation: Any, cost: Any, latency: Any) -> None:
    """Collect what evaluation, cost and latency measured; estimates and defaults where they did not."""
    _accuracy(g, evaluation)
    _reviewed(g, evaluation)
    _cost(g, cost)
    _price_change(g)
    _in_time(g, latency)
    _error_cost(g, evaluation)
    _review_cost(g, demand, cost)


def _accuracy(g: Gathering, evaluation: Any) -> None:
    raw, demo = evaluation.raw_accuracy_replicates, evaluation.curated_accuracy_replicates
    if raw is not None:
        drawn = g.joint.measured("evaluation.raw_accuracy", raw)
        g.keep("accuracy", "Right answers on raw data", drawn, "share", evaluation.grade, "evaluation")
    else:
        g.estimate("accuracy", "Right answers on raw data", "default_accuracy")
    if demo is not None:
        promised = g.joint.measured("evaluation.curated_accuracy", demo)
        g.keep("accuracy_promised", "Right answers on the demo set", promised, "share", Grade.MEASURED, "evaluation")


def _reviewed(g: Gathering, evaluation: Any) -> None:
    """Share of answers that people review, and errors among the others, as a stated threshold divides them."""
    label = "Share of answers that a person reviews"
    measured = by_threshold(g.joint, evaluation)
    if measured is None:
        g.estimate("review_share", label, "default_review_share")
        return
    drawn, automated = measured
    g.show("accuracy_unreviewed", "Right answers among those that nobody reviews", automated, "share",
           evaluation.grade, "evaluation")  # fmt: skip
    wrong = 1 - g.columns["accuracy"]
    g.columns["unreviewed_errors"] = np.divide(1 - automated, wrong, out=np.ones_like(wrong), where=wrong > 0)
    g.keep("review_share", label, drawn, "share", evaluation.grade, "evaluation")


def _cost(g: Gathering, cost: Any) -> None:
    """Cost of one request in production and as the pilot paid it, and which part of the former is paid for calls."""
    label = "Cost of one request"
    if cost.per_request_usd is None:
        g.estimate("cost_per_request", label, "default_cost_per_request_usd")
        return
    rate, grade, source = 1.0, cost.grade, "cost at scale"
    if cost.currency != g.spec.currency:
        rate, grade, source = g.usd_per_unit, Grade.ASSUMED, f"cost at scale in {cost.currency}; {RATE}"
    beside = cost.running.per_request_usd if cost.running else g.zero()  # in the assessment's currency
    source += ", with tools and storage" if beside.any() else ""
    calls = cost.per_request_usd / rate
    draws = g.keep("cost_per_request", label, calls + beside, g.spec.currency, grade, source)
    g.columns["cost_promised"] = np.full_like(draws, cost.pilot_per_request_usd / rate)
    if beside.any() and g.spec.cost.price_change is not None:  # only then it matters what the calls are
        g.columns["calls_share"] = np.divide(calls, draws, out=np.ones_like(draws), where=draws > 0)


def _price_change(g: Gathering) -> None:
    given = g.spec.cost.price_change
    if given is not None:
        g.drawn("price_change", "Change of the prices of calls", given, name="cost.price_change")


def _in_time(g: Gathering, latency: Any) -> None:
    always = g.zero() + 1.0
    in_pilot, lost = latency.pilot_in_time_share, getattr(latency, "lost_share", None)
    pilot = always if in_pilot is None else np.full_like(always, in_pilot)
    if latency.in_time_share is not None:
        g.columns["in_time_promised"] = always
        g.keep("in_time", "Requests answered within the budget at planned load", latency.in_time_share, "share",
               Grade.ESTIMATED, "latency under load")  # fmt: skip
    elif in_pilot is not None:
        g.columns["in_time_promised"] = always
        g.keep("in_time", "Requests answered within the budget, as in the pilot", pilot, "share", Grade.ESTIMATED,
               "latency, pilot load")  # fmt: skip
    else:
        g.columns["in_time"] = always
    if lost is not None:
        g.keep("lost", "Requests that end without an answer at planned load", lost, "share", Grade.ESTIMATED,
               "latency under load")  # fmt: skip


def _error_cost(g: Gathering, evaluation: Any) -> None:
    label, price = "Cost of one wrong answer", error_price(g.spec, g.joint, evaluation)
    if price is None:
        g.keep("error_cost", label, g.zero(), g.spec.currency, Grade.ASSUMED, "not stated: counted as nothing")
    else:
        g.keep("error_cost", label, price.draws, g.spec.currency, price.grade, price.source)


def _review_cost(g: Gathering, demand: Demand | None, cost: Any) -> None:
    """Cost of one review; of the team that is there in time, where the assessment promises a time."""
    each, labour = cost_of_a_review(g.spec, g.joint), getattr(cost, "labour", None)
    staffing = labour.staffing if labour is not None and demand is not None else None
    if staffing is None or g.spec.evaluation.review.begin_within is None:
        g.keep("review_cost", "Cost of one review", each.draws, g.spec.currency, each.grade, each.source)
        return
    reviews = staffing.team.share * demand.requests_per_month
    draws = np.divide(labour.monthly_usd, reviews, out=each.draws.copy(), where=reviews > 0)
    g.keep("review_cost", "Cost of one review, by a team that begins in time", draws, g.spec.currency,
           labour.grade, "cost at scale, people who review")  # fmt: skip
