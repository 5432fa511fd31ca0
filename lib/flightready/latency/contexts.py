"""Who waits for what: first words and the end of a streamed answer, and when a batch that nobody waits for is done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.latency.capacity import servers
from flightready.latency.percentiles import Percentile, as_measured
from flightready.latency.resamples import Resamples
from flightready.latency.traces import Traces
from flightready.traffic.demand import Demand
from flightready.traffic.limits import load_grade

HOURS_PER_DAY = 24.0


@dataclass(frozen=True)
class FirstWords:
    """When the first words of a streamed answer come.

    Parameters
    ----------
    percentiles : tuple of Percentile
        Over the requests whose first words are timed and those that failed; empty when none is timed.
    budgets_s : dict of str to float
    n : int
        Requests behind it.
    n_untimed : int
        Answered requests of which only the end is known.
    """

    percentiles: tuple[Percentile, ...]
    budgets_s: dict[str, float]
    n: int
    n_untimed: int


@dataclass(frozen=True)
class Batch:
    """How long the requests of a day keep the servers busy.

    Parameters
    ----------
    hours : Summary
        Hours until the requests of the mean day are worked off.
    grade : Grade
    """

    hours: Summary
    grade: Grade


def first_words(traces: Traces | None, pilot: Pilot, shares: dict[str, float]) -> FirstWords | None:
    """Return when the first words come; None where no context or budget asks for it and none is timed."""
    given = pilot.spec.latency.budget.first_token
    budgets = {n: q.median for n, q in (("p50", given.p50), ("p95", given.p95), ("p99", given.p99)) if q is not None}
    timed = np.zeros(0, dtype=bool) if traces is None else np.isfinite(traces.first_s) & traces.answered
    if not timed.any():
        asked = budgets or pilot.spec.latency.context == "streaming"
        return FirstWords((), budgets, 0, 0 if traces is None else int(traces.answered.sum())) if asked else None
    known = timed | ~traces.answered
    times = np.where(traces.answered, traces.first_s, np.inf)[known]
    return FirstWords(as_measured(times, shares, budgets), budgets, int(known.sum()), int(np.sum(~known)))


def batch(
    pilot: Pilot, joint: JointSample, demand: Demand | None, traces: Traces | None, resamples: Resamples | None,
    *, mean_s: float | None, measured: bool,
) -> Batch | None:  # fmt: skip
    """Return how long the requests of a day take to be worked off; None where times, load or servers are missing.

    Parameters
    ----------
    mean_s : float or None
        Mean time of a request where none was traced.
    measured : bool
        Whether the times were.
    """
    given = pilot.spec.latency.limits.concurrency
    if demand is None or given is None or (resamples is None and mean_s is None):
        return None
    if resamples is None:
        service = np.asarray(mean_s)
    else:
        service = joint.measured("latency.mean_service", resamples.weights @ traces.total_s[resamples.rows])
    hours = demand.mean_per_second * service / servers(joint, given) * HOURS_PER_DAY
    return Batch(summarise(hours), load_grade(demand, measured=measured))
