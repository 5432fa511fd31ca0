"""The error budget: wrong answers in 10,000 cases and a month, against what the floor and the allowed drop leave."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.evaluation.budget.error_cost import ErrorDraws, middle
from flightready.evaluation.budget.result import ErrorBudget, MonthlyErrors
from flightready.evaluation.budget.tails import tails
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Grade, Interval


def budget(
    records: ScoredSample,
    drawn: ErrorDraws | None,
    raw: Accuracy | None,
    curated: Accuracy | None,
    *,
    floor: Interval | None,
    allowed_drop: Interval | None,
    grade: Grade,
) -> ErrorBudget | None:
    """Return the error budget, or None when accuracy on raw data is not known.

    Parameters
    ----------
    records : ScoredSample
    drawn : ErrorDraws, optional
        Of the same accuracy; gives the figures a month.
    raw, curated : Accuracy, optional
        Measured or typed in.
    floor, allowed_drop : Interval, optional
        Ends of what the assessment demands, shares.
    grade : Grade
        Of raw accuracy.
    """
    if raw is None or drawn is None:
        return None
    cases = policy.value("cases_of_error_budget")
    used, used_interval = _used(raw, floor)
    by_drop = None
    if curated is not None and allowed_drop is not None:
        wrong = 1 - curated.share
        by_drop = Interval(cases * min(1.0, wrong + allowed_drop.low), cases * min(1.0, wrong + allowed_drop.high))
    return ErrorBudget(
        grade,
        cases * (1 - raw.share),
        Interval(cases * (1 - raw.interval.high), cases * (1 - raw.interval.low)),
        Interval(cases * (1 - floor.high), cases * (1 - floor.low)) if floor else None,
        by_drop,
        used,
        used_interval,
        _month(drawn, raw, floor),
        tails(records.raw, records.inspection) if records.raw is not None else (),
    )


def _used(raw: Accuracy, floor: Interval | None) -> tuple[float | None, Interval | None]:
    """Share of the budget that is used; the load cancels, so its interval is that of accuracy and of the floor."""
    if floor is None or floor.high >= 1:
        return None, None
    middle_floor = (floor.low + floor.high) / 2
    ends = Interval((1 - raw.interval.high) / (1 - floor.low), (1 - raw.interval.low) / (1 - floor.high))
    return (1 - raw.share) / (1 - middle_floor), ends


def _month(drawn: ErrorDraws, raw: Accuracy, floor: Interval | None) -> MonthlyErrors | None:
    if drawn.load is None:
        return None
    low, median, high = middle(drawn.share * drawn.load)
    requests = float(np.median(drawn.load))
    cost = cost_interval = None
    if drawn.costs:
        cost_low, cost, cost_high = middle(drawn.cost * drawn.load)
        cost_interval = Interval(cost_low, cost_high)
    allowed = (1 - floor.high) * requests if floor else None
    at_median_load = Interval(requests * (1 - raw.interval.high), requests * (1 - raw.interval.low))
    return MonthlyErrors(requests, median, Interval(low, high), at_median_load, allowed, cost, cost_interval)
