"""What triage returns: which answers a threshold on the confidence keeps, how good these are, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval
from flightready.realism.outcome import Rate


@dataclass(frozen=True)
class Kept:
    """What one threshold gives.

    Parameters
    ----------
    threshold : float
        Answers of this confidence or more are used; the others go to people.
    right : Accuracy
        Right answers among those kept, with the interval for this one threshold, chosen without looking.
    reviewed : Rate
        Records that go to people, among all.
    """

    threshold: float
    right: Accuracy
    reviewed: Rate


@dataclass(frozen=True)
class Triage:
    """Answers that the pilot is sure of are used, the others go to people: what each threshold gives.

    Parameters
    ----------
    n : int
        Scored raw records.
    unsure : int
        Records without a confidence or without an answer; they always go to people.
    right_of_all : int
        Right answers among all records.
    thresholds : array of float, shape (g,)
        Rising; the first keeps every answer that has a confidence, the last keeps none.
    kept, right : array of int, shape (g,)
        Answers at or above each threshold, and the right ones among them.
    worth : array of float, shape (g,)
        Independent records that the kept ones are worth, 0 to `kept`; fewer where entities have several records.
    reviewed_replicates, wrong_replicates : array of float, shape (m, g)
        Shares of all records that go to people, and that are kept and wrong, in other samples that might be drawn.
    floor : float, optional
        Share of right answers that the kept ones must reach.
    proposed : float, optional
        Lowest threshold whose kept answers reach the floor, the choice itself included: nine times in ten.
    in_force : float, optional
        Threshold that the assessment states.
    requests_per_day : array of float, shape (q,), optional
        Equally likely loads of the first month.
    capacity_per_day : Interval, optional
        Reviews that people can do; both ends are equal for a plain number.
    reviewer_accuracy : float
        Share of reviewed answers that are right afterwards.
    error_cost : float, optional
        Mean cost of a wrong answer, where the assessment prices errors.
    review_cost : float
        Cost of one review.
    review_cost_is_assumed : bool
        Whether the policy stands in for what a review costs.
    currency : str
    design_effect : float
        How many times the variance of the accuracy over all records is that of independent ones.
    """

    n: int
    unsure: int
    right_of_all: int
    thresholds: np.ndarray = field(repr=False)
    kept: np.ndarray = field(repr=False)
    right: np.ndarray = field(repr=False)
    worth: np.ndarray = field(repr=False)
    reviewed_replicates: np.ndarray = field(repr=False)
    wrong_replicates: np.ndarray = field(repr=False)
    floor: float | None
    proposed: float | None
    in_force: float | None
    requests_per_day: np.ndarray | None = field(repr=False)
    capacity_per_day: Interval | None
    reviewer_accuracy: float
    error_cost: float | None
    review_cost: float
    review_cost_is_assumed: bool
    currency: str
    design_effect: float = 1.0

    @property
    def threshold(self) -> float | None:
        """The threshold to judge: the one in force, else the proposed one."""
        return self.in_force if self.in_force is not None else self.proposed


@dataclass(frozen=True)
class Load:
    """Reviews a day at one threshold: median, 90 % interval, and the chance of more than people can do."""

    median: float
    interval: Interval
    chance_over: float | None


@dataclass(frozen=True)
class Costs:
    """What errors and reviews cost together at each threshold.

    Parameters
    ----------
    per_10000 : array of float, shape (g,)
        Cost in 10,000 cases.
    low, high : array of float, shape (g,)
        Its 90 % interval at each threshold.
    cheapest : float
        Threshold with the lowest cost.
    cheapest_interval : Interval
        Its 90 % interval over samples that might be drawn.
    """

    per_10000: np.ndarray = field(repr=False)
    low: np.ndarray = field(repr=False)
    high: np.ndarray = field(repr=False)
    cheapest: float
    cheapest_interval: Interval
