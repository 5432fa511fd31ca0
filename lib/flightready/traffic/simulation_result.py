"""What a simulation tells: how every request and every attempt ended, how long it took, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready.evidence import Interval
from flightready.intervals import LEVEL

OUTCOMES = ("answered", "degraded", "lost")
"""How a request ends: by an attempt, by the fallback, or with a clear error."""
ENDINGS = ("answered in time", "answered late", "timed out", "rejected", "failed", "shed", "overtaken", "cut off")
"""How an attempt ends for the one who made it: overtaken by the answer to the other attempt beside it, cut off without
load by a breaker that is open."""


@dataclass(frozen=True)
class StageLoad:
    """Load of one stage.

    Parameters
    ----------
    name : str
    servers : int or None
        None: as many as it takes.
    came : int
        Attempts that came to the stage.
    offered : float
        Service asked for by all who came, a second, over the servers: 1 or more cannot be worked off. What a fault
        makes slow counts as long as it takes. Erlang (servers busy at once) where servers are None; NaN when all
        requests came at the same moment.
    utilisation : float
        Share of the servers' time at work until the last arrival; servers at work where servers are None.
    mean_wait_s : float
        Over all who came, those that gave up included; NaN when none came.
    """

    name: str
    servers: int | None
    came: int
    offered: float
    utilisation: float
    mean_wait_s: float


@dataclass(frozen=True)
class SimulationResult:
    """One run.

    Parameters
    ----------
    requests, attempts : int
    outcomes : dict of str to int
        Requests by OUTCOMES; they add up to `requests`.
    endings : dict of str to int
        Attempts by ENDINGS; they add up to `attempts`, those that answered to the requests answered less the cached.
    outcome : array of int8, shape (requests,)
        Place in OUTCOMES.
    response_s : array of shape (requests,)
        From the arrival of a request to its outcome, all attempts and pauses included.
    wait_s : array of shape (requests,)
        Time that the attempt that answered, else the last one, spent in queues; of visits beside each other, the
        longest.
    tries : array of int, shape (requests,)
        Attempts of each request, hedges included; 0 where a kept answer was given, else at least 1.
    in_time : array of bool, shape (requests,)
        Answered within the budget.
    stages : tuple of StageLoad
    limit_wait_s : float
        Mean wait at the rate limits over all attempts; 0 without limits.
    limit_short : tuple of int
        For each limit, attempts that it rejected.
    limit_use : tuple of float
        For each limit, what all attempts that came to it use over what it allows until the last arrival; NaN when all
        requests came at the same moment.
    horizon_s : float
        Time of the last arrival.
    growth_per_s : float
        Attempts by which those inside grew a second over the second half of the arrivals.
    is_growing : bool
        They grew by more than the policy's share of the arrivals, and by more than chance.
    replicates : dict of str to array of shape (batches,)
        Mean of each batch of requests in order of arrival: in_time, response_s, wait_s, tries, answered, degraded,
        lost, and p50_s, p95_s, p99_s of the response.
    hedges : int
        Attempts that were made beside another one.
    cached : array of bool, shape (requests,)
        Answered by a kept answer, without an attempt.
    row : array of int, shape (requests,)
        Row of the attempt that answered, else of the last; where a kept answer was given, the row it stands for.
    finish_s : array of shape (requests,)
        When the request had its outcome.
    attempt_request, attempt_row : array of int, shape (attempts,)
        Request and row of each attempt, in the order in which they began.
    attempt_ending : array of int8, shape (attempts,)
        Place in ENDINGS.
    attempt_start_s : array of shape (attempts,)
        When it began.
    """

    requests: int
    attempts: int
    outcomes: dict[str, int]
    endings: dict[str, int]
    outcome: np.ndarray
    response_s: np.ndarray
    wait_s: np.ndarray
    tries: np.ndarray
    in_time: np.ndarray
    stages: tuple[StageLoad, ...]
    limit_wait_s: float
    limit_short: tuple[int, ...]
    limit_use: tuple[float, ...]
    horizon_s: float
    growth_per_s: float
    is_growing: bool
    replicates: dict[str, np.ndarray]
    hedges: int
    cached: np.ndarray
    row: np.ndarray
    finish_s: np.ndarray
    attempt_request: np.ndarray
    attempt_row: np.ndarray
    attempt_ending: np.ndarray
    attempt_start_s: np.ndarray

    @property
    def is_stable(self) -> bool:
        """No stage and no limit is asked for more than it can do, and the queues do not grow."""
        is_overloaded = any(s.servers is not None and s.offered >= 1 for s in self.stages)
        return not (is_overloaded or self.is_growing or any(use >= 1 for use in self.limit_use))

    def quantile_s(self, quantile: float) -> float:
        """Return the response time within which that share of the requests got an outcome, seconds."""
        return float(np.quantile(self.response_s, quantile, method="median_unbiased"))

    def error(self, name: str) -> float:
        """Return the simulation's own standard error of a figure of `replicates`."""
        return standard_error(self.replicates[name])

    def interval(self, name: str) -> Interval:
        """Return the 90 % interval of the simulation's own error around the mean of the batches.

        Source
        ------
        Law 2015, Simulation Modeling and Analysis, section 9.5 (batch means, t quantiles).
        """
        batches = self.replicates[name]
        half = float(special.stdtrit(batches.size - 1, 0.5 + LEVEL / 2)) * standard_error(batches)
        return Interval(float(batches.mean()) - half, float(batches.mean()) + half)


def standard_error(batches: np.ndarray) -> float:
    """Return the standard error of the mean of independent batches; infinite for fewer than two.

    Examples
    --------
    >>> standard_error(np.array([1.0, 3.0]))
    1.0
    """
    return float(np.std(batches, ddof=1) / np.sqrt(batches.size)) if batches.size > 1 else float("inf")
