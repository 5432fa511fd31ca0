"""What wrong answers cost in a month: those that nobody reviews, at the price of each kind of error.

A person who reviews an answer is taken to decide rightly, as in the value of the pilot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.assessment import Assessment, Pilot
from flightready.cost.reviewing import Drawn, by_threshold, raw_accuracy, review_share
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.result import EvaluationResult


@dataclass(frozen=True)
class ErrorCostMonth:
    """What wrong answers cost in a month at the planned load; money in `currency`, the assessment's own.

    Parameters
    ----------
    currency : str
    grade : Grade
        Estimated, because the price of an error is an estimate; assumed with the load.
    is_reviewed : bool
        Whether it is known how many answers people review; without that, all wrong answers count.
    wrong : Summary
        Wrong answers a month that nobody reviews.
    each_usd : Summary
        Mean cost of one of them.
    per_request_usd, monthly_usd : array of shape (replicates, draws)
        Cost of one request, and of the month.
    monthly : Summary
    unreviewed : Summary
        What a month would cost if nobody reviewed any answer.
    """

    currency: str
    grade: Grade
    is_reviewed: bool
    wrong: Summary
    each_usd: Summary
    per_request_usd: np.ndarray
    monthly_usd: np.ndarray
    monthly: Summary
    unreviewed: Summary


def error_cost(
    pilot: Pilot, joint: JointSample, demand: Demand | None, evaluation: EvaluationResult | None
) -> ErrorCostMonth | None:
    """Return what wrong answers cost in a month; None when the load, the accuracy or their price is not known."""
    spec = pilot.spec
    price, accuracy = error_price(spec, joint, evaluation), raw_accuracy(spec, joint, evaluation)
    if price is None or accuracy is None or demand is None:
        return None
    share, divided = review_share(spec, joint, evaluation), by_threshold(joint, evaluation)
    kept = 1.0 if share is None else 1 - share.draws
    right = accuracy.draws if divided is None else divided[1]
    wrong = (1 - right) * kept
    load, per_request = demand.requests_per_month, wrong * price.draws
    monthly = load * per_request
    return ErrorCostMonth(
        spec.currency, demand.grade, share is not None, summarise(load * wrong), summarise(price.draws), per_request,
        monthly, summarise(monthly), summarise(load * (1 - accuracy.draws) * price.draws),
    )  # fmt: skip


def error_price(spec: Assessment, joint: JointSample, evaluation: EvaluationResult | None) -> Drawn | None:
    """Return the mean cost of a wrong answer, or None where none is priced.

    Each priced kind has its share of the wrong answers, drawn as they were counted.
    """
    prices = spec.evaluation.error_cost
    raw, priced = getattr(evaluation, "raw", None), getattr(evaluation, "error_cost", None)
    kinds: list[str] = []
    shares = np.ones((joint.replicates, joint.draws, 1))
    if priced is not None and priced.mix is not None and raw.n > raw.right:
        kinds, shares = [kind.kind for kind in priced.kinds], joint.beside("evaluation.error_mix", priced.mix)
    elif "default" in prices:
        kinds = ["default"]
    if not kinds:
        return None
    draws, sources = np.zeros(shares.shape[:2]), []
    for place, kind in enumerate(kinds):
        price = prices.get(kind, prices.get("default"))
        column = f"evaluation.error_cost.{kind}" if kind in prices and kind != "default" else "evaluation.error_cost"
        draws = draws + shares[..., place] * joint.column(column, price)
        sources.append(price.source)
    return Drawn(draws, Grade.ESTIMATED, next(filter(None, sources), "assessment"))
