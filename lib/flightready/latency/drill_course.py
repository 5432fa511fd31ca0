"""How the requests of a drill ended over time: counted by the time at which they came, and when all is as before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import LEVEL, clopper_pearson, wilson
from flightready.traffic.simulation_result import OUTCOMES, SimulationResult, standard_error

WAYS = ("in_time", "late", "degraded", "lost")
"""How a request ends: answered in time, answered late, by the fallback, with a clear error."""
_ROUNDING = 1e-9  # a bound is as exact as this


@dataclass(frozen=True)
class Course:
    """How requests ended by the time of their arrival, m stretches of time, all runs together.

    Parameters
    ----------
    edge_s : array of shape (m + 1,)
        From the beginning of the fault on; before it they are below 0.
    requests, in_time, late, degraded, lost, attempts : array of int, shape (m,)
    """

    edge_s: np.ndarray
    requests: np.ndarray
    in_time: np.ndarray
    late: np.ndarray
    degraded: np.ndarray
    lost: np.ndarray
    attempts: np.ndarray

    def share(self, way: str, low_s: float = -np.inf, high_s: float = np.inf) -> float:
        """Return the share of one of WAYS over the stretches between two times; NaN where nobody came."""
        return self.per_request(way, low_s, high_s)

    def per_request(self, figure: str, low_s: float = -np.inf, high_s: float = np.inf) -> float:
        """Return a count over that of the requests, between two times."""
        within = (self.edge_s[:-1] >= low_s) & (self.edge_s[1:] <= high_s)
        came = int(self.requests[within].sum())
        return float(getattr(self, figure)[within].sum()) / came if came else math.nan


def counted(results: Sequence[SimulationResult], edges: np.ndarray, start_s: float) -> Course:
    """Count how the requests of all runs ended, by the time at which they came."""
    counts = {name: np.zeros(edges.size - 1) for name in ("requests", *WAYS, "attempts")}
    for result in results:
        came_s = result.finish_s - result.response_s
        for name, weight in {"requests": np.ones(came_s.size), **ways(result), "attempts": result.tries}.items():
            counts[name] += np.histogram(came_s, edges, weights=weight.astype(float))[0]
    return Course(edges - start_s, **{name: np.round(c).astype(int) for name, c in counts.items()})


def ways(result: SimulationResult) -> dict[str, np.ndarray]:
    """Which requests ended in which way; each in exactly one, or the program has lost one from sight."""
    answered, degraded, lost = (result.outcome == OUTCOMES.index(name) for name in OUTCOMES)
    ways = {"in_time": result.in_time, "late": answered & ~result.in_time, "degraded": degraded, "lost": lost}
    if not (np.all(sum(w.astype(int) for w in ways.values()) == 1) and np.all(np.isfinite(result.finish_s))):
        raise RuntimeError("a drill lost requests from sight: not every one ended in exactly one way")
    return ways


def errors(results: Sequence[SimulationResult], begins_s: float, ends_s: float) -> dict[str, Interval]:
    """Interval of the simulation's own error: batches of the requests that came while the fault lasted, all runs."""
    each = math.ceil(int(policy.value("drill_batches")) / len(results))
    batches: dict[str, list[float]] = {way: [] for way in WAYS}
    counted = 0
    for result in results:
        came_s = result.finish_s - result.response_s
        there = np.flatnonzero((came_s >= begins_s) & (came_s < ends_s))
        counted += there.size
        for way, hit in ways(result).items():
            batches[way] += [float(hit[part].mean()) for part in np.array_split(there, each) if part.size]
    return {way: _around(np.array(means), counted) for way, means in batches.items()}


def _around(means: np.ndarray, counted: int) -> Interval:
    """Interval of the mean of batches; where all or none of the requests are of that kind, what the number allows."""
    if means.size < 2:
        return Interval(0.0, 1.0)
    if np.all(means == means[0]) and means[0] in (0.0, 1.0):
        return clopper_pearson(round(means[0] * counted), counted)
    half = float(special.stdtrit(means.size - 1, 0.5 + LEVEL / 2)) * standard_error(means)
    return Interval(max(float(means.mean()) - half, 0.0), min(float(means.mean()) + half, 1.0))


def recovered(course: Course, usual: Course, end_s: float) -> float | None:
    """Return the time from the end of the fault until the share in time stays within chance of the undisturbed one.

    It is the begin of so many quiet stretches as the policy asks for; None where the last third of the run is below it.
    """
    later = (course.edge_s[:-1] >= end_s) & (usual.requests > 0)
    counts = zip(course.in_time[later], usual.in_time[later], usual.requests[later], strict=True)
    is_low = np.array([_is_below(*map(int, each)) for each in counts])
    last = np.flatnonzero(later)[-max(is_low.size // 3, 1) :]
    if is_low.size == 0 or _is_below(*(int(a[last].sum()) for a in (course.in_time, usual.in_time, usual.requests))):
        return None
    quiet = min(int(policy.value("drill_quiet_bins")), is_low.size)
    starts = np.flatnonzero(~np.lib.stride_tricks.sliding_window_view(is_low, quiet).any(axis=1))
    return float(course.edge_s[:-1][later][starts[0]]) - end_s if starts.size else None


def _is_below(in_time: int, usually: int, came: int) -> bool:
    """Whether fewer requests were in time than chance explains."""
    return in_time < came * wilson(usually, came).low - _ROUNDING
