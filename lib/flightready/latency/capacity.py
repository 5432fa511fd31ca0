"""Capacity: how many requests are at work at the planned peak, what the servers can do, and how many are needed."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import JointSample, Summary, summarise
from flightready.latency.load import best_estimate
from flightready.latency.measured import ServiceTimes
from flightready.traffic.demand import Demand
from flightready.traffic.queues import in_flight, servers_busy_quantile

_CANDIDATES = 48  # numbers of servers tried at once in the search


@dataclass(frozen=True)
class Capacity:
    """The planned peak against what can be worked on at once.

    Parameters
    ----------
    peak_per_second : Summary
        Requests a second in the peak hour.
    mean_service_s : float or None
        Mean time that a request is at work; None when no time is known.
    in_flight, in_flight_busy : Summary or None
        Requests at work at the peak on average (Little's law), and in all but one of 100 moments if none had to wait.
    concurrency : float or None
        How many can be at work at once; None when the assessment does not say.
    busy_share : Summary or None
        Share of the servers at work at the peak; at 1 and above the queue never ends.
    overload_probability : float or None
        Share of the draws in which the peak is at or above what the servers can do.
    longest_service_s : Summary or None
        Mean time of a request at which the servers would just keep up with the peak.
    needed : int or None
        Fewest servers that hold every budget at the upper end of the planned peak; None when none is known to.
    """

    peak_per_second: Summary
    mean_service_s: float | None
    in_flight: Summary | None
    in_flight_busy: Summary | None
    concurrency: float | None
    busy_share: Summary | None
    overload_probability: float | None
    longest_service_s: Summary | None
    needed: int | None


def servers(joint: JointSample, quantity) -> np.ndarray:
    """Return the draws of the number of servers, whole and at least 1."""
    return np.maximum(np.rint(joint.column("latency.limits.concurrency", quantity)), 1).astype(int)


def capacity(
    demand: Demand, count: np.ndarray | None, *, mean_service_s: float | np.ndarray | None, needed: int | None
) -> Capacity:
    """Return the capacity at the planned peak.

    Parameters
    ----------
    count : array or None
        Number of servers, shape (replicates, draws).
    mean_service_s : float, array or None
        Mean time in service; an array of draws carries the uncertainty of the traces.
    """
    peak = demand.peak_per_second
    flight = None if mean_service_s is None else in_flight(peak, mean_service_s)
    busy = None if flight is None or count is None else flight / count
    moment = float(policy.value("latency_busy_moment"))
    return Capacity(
        peak_per_second=summarise(peak),
        mean_service_s=None if mean_service_s is None else float(np.mean(mean_service_s)),
        in_flight=None if flight is None else summarise(flight),
        in_flight_busy=None if flight is None else summarise(servers_busy_quantile(moment, flight)),
        concurrency=None if count is None else float(np.median(count)),
        busy_share=None if busy is None else summarise(busy),
        overload_probability=None if busy is None else float(np.mean(busy >= 1)),
        longest_service_s=None if count is None else summarise(count / peak),
        needed=needed,
    )


def servers_needed(
    service: ServiceTimes, per_second: float, budgets: dict[str, float], percentiles: dict[str, float]
) -> int | None:
    """Return the fewest servers with which every budget holds at a load, by the measured times themselves.

    Parameters
    ----------
    per_second : float
        Requests a second.
    budgets : dict of str to float
        Longest acceptable time, seconds, by percentile.

    Returns
    -------
    int or None
        None when no number would do, because the requests alone take longer; or when there is no budget.
    """
    if not budgets or service.low_s.size == 0:
        return None
    load = float(in_flight(per_second, service.mean_service_s))
    low, high = max(1, math.floor(load) + 1), math.ceil(load + 10 * math.sqrt(load) + 10)
    while True:
        tried = np.unique(np.linspace(low, high, _CANDIDATES).round().astype(int))
        holds = _holds(service, per_second, tried, budgets, percentiles)
        if not holds.any():
            return None
        first = int(np.argmax(holds))
        if first == 0 or tried[first] - tried[first - 1] == 1:
            return int(tried[first])
        low, high = int(tried[first - 1]) + 1, int(tried[first])


def _holds(
    service: ServiceTimes,
    per_second: float,
    tried: np.ndarray,
    budgets: dict[str, float],
    percentiles: dict[str, float],
) -> np.ndarray:
    shares = {name: percentiles[name] for name in budgets}
    found = best_estimate(service, per_second=np.asarray(per_second), servers=tried, percentiles=shares)
    return np.all([found.quantiles_s[name] <= limit for name, limit in budgets.items()], axis=0)


def busiest(started_s: np.ndarray, total_s: np.ndarray) -> tuple[int, float] | None:
    """Return the most requests at work at once in the traces, and their mean rate a second; None without start times.

    Examples
    --------
    >>> busiest(np.array([0.0, 1.0, 10.0]), np.array([2.0, 2.0, 2.0]))
    (2, 0.2)
    """
    known = ~np.isnan(started_s)
    if known.sum() < 2:
        return None
    start, end = started_s[known], started_s[known] + total_s[known]
    moments = np.concatenate([start, end])
    steps = np.concatenate([np.ones(start.size), -np.ones(end.size)])
    order = np.lexsort((steps, moments))  # an end and a start at one moment do not overlap
    most = int(np.cumsum(steps[order]).max())
    length = float(start.max() - start.min())
    return most, float((start.size - 1) / length) if length > 0 else float("inf")
