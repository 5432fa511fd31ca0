"""What another threshold, capacity or price gives, from the points of the curve that a result keeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import wilson_share
from flightready.evaluation.triage.result import Costs, Kept, Load, Triage
from flightready.evidence import Interval
from flightready.intervals import LEVEL, jeffreys_shares
from flightready.realism.outcome import Rate

_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)


@dataclass(frozen=True)
class TriedTriage:
    """What supposed figures give.

    Parameters
    ----------
    kept : Kept
        At the nearest threshold of the curve at or above the supposed one.
    load : Load, optional
        None without a planned load.
    capacity_per_day : float, optional
    costs : Costs, optional
        None when no cost of an error is supposed.
    cost_here : float, optional
        Cost in 10,000 cases at this threshold.
    right_in_all : float
        Share of right answers after review, those that people decide included.
    """

    kept: Kept
    load: Load | None
    capacity_per_day: float | None
    costs: Costs | None
    cost_here: float | None
    right_in_all: float


def kept_at(found: Triage, threshold: float) -> Kept:
    """Return what a threshold gives, at the nearest point of the curve at or above it."""
    at = _place(found, threshold)
    kept, right = int(found.kept[at]), int(found.right[at])
    reviewed, worth = found.n - kept, found.n / found.design_effect
    ends = wilson_share(right / kept, found.worth[at]) if kept else Interval(0.0, 1.0)
    return Kept(
        float(found.thresholds[at]), Accuracy(right, kept, ends),
        Rate(reviewed, found.n, wilson_share(reviewed / found.n, worth)),
    )  # fmt: skip


def load_at(found: Triage, threshold: float, capacity_per_day: float | None) -> Load | None:
    """Return reviews a day in the first month, or None without a planned load."""
    if found.requests_per_day is None:
        return None
    at = _place(found, threshold)
    reviewed, n = found.n - int(found.kept[at]), found.n
    if (at == 0 and not reviewed) or reviewed == n:
        shares = np.array([reviewed / n])  # by the rule itself, not by what was seen
    else:
        size = found.requests_per_day.size
        worth = 1 / found.design_effect
        shares = jeffreys_shares(reviewed * worth, (n - reviewed) * worth, size)
    loads = np.multiply.outer(shares, found.requests_per_day)
    low, median, high = (float(q) for q in np.quantile(loads, [_TAILS[0], 0.5, _TAILS[1]]))
    over = None if capacity_per_day is None else float(np.mean(loads > capacity_per_day))
    return Load(median, Interval(low, high), over)


def costs(found: Triage, *, error_cost: float, review_cost: float) -> Costs:
    """Return what errors and reviews cost together at each threshold, and where that is least.

    Wrong answers that are used cost an error each; every review costs, and where people decide wrongly too.

    Parameters
    ----------
    found : Triage
    error_cost, review_cost : float
        Cost of one wrong answer that is used, and of one review.
    """
    cases = policy.value("cases_of_error_budget")
    per_review = review_cost + (1 - found.reviewer_accuracy) * error_cost
    drawn = cases * (found.wrong_replicates * error_cost + found.reviewed_replicates * per_review)
    seen = cases * ((found.kept - found.right) * error_cost + (found.n - found.kept) * per_review) / found.n
    low, high = np.quantile(drawn, _TAILS, axis=0)
    best = found.thresholds[np.argmin(drawn, axis=1)]
    ends = np.quantile(best, _TAILS, method="inverted_cdf")
    cheapest = float(found.thresholds[int(np.argmin(seen))])
    return Costs(
        seen, low, high, cheapest, Interval(min(float(ends[0]), cheapest), max(float(ends[1]), cheapest))
    )  # fmt: skip


def tried_triage(
    found: Triage, *, threshold: float, capacity_per_day: float | None, error_cost: float, review_cost: float
) -> TriedTriage:
    """Return what supposed figures give: answers kept, reviews a day, cost.

    Parameters
    ----------
    found : Triage
    threshold : float
        0 to 1.
    capacity_per_day : float, optional
        Reviews that people can do in a day.
    error_cost, review_cost : float
        Cost of one wrong answer that is used, and of one review; without either there is no cost.
    """
    kept = kept_at(found, threshold)
    priced = costs(found, error_cost=error_cost, review_cost=review_cost) if error_cost or review_cost else None
    here = None if priced is None else float(priced.per_10000[_place(found, threshold)])
    right = (kept.right.right + kept.reviewed.hits * found.reviewer_accuracy) / found.n
    load = load_at(found, threshold, capacity_per_day)
    return TriedTriage(kept, load, capacity_per_day, priced, here, right)


def _place(found: Triage, threshold: float) -> int:
    return min(int(np.searchsorted(found.thresholds, threshold)), found.thresholds.size - 1)
