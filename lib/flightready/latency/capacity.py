"""Capacity: how many requests are at work at the planned peak, what the servers can do, and how many are needed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.draws import JointSample, Summary, summarise
from flightready.latency.bounds import bounds, with_servers
from flightready.latency.measured import ServiceTimes
from flightready.latency.response import Effort, respond
from flightready.latency.scenario import Scenario
from flightready.quantity import Quantity
from flightready.traffic.demand import Demand
from flightready.traffic.queues import in_flight, servers_busy_quantile


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
    place : str
        Stage whose servers these are; empty for those of the whole request.
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
    place: str = ""


def servers(joint: JointSample, given: Quantity, name: str = "latency.limits.concurrency") -> np.ndarray:
    """Return the draws of a number of servers, whole and at least 1."""
    return np.maximum(np.rint(joint.column(name, given)), 1).astype(int)


def capacity(
    demand: Demand, *, mean_service_s: float | np.ndarray | None, servers: np.ndarray | None,
    stage_s: float | np.ndarray | None, place: str = "", needed: int | None = None,
) -> Capacity:  # fmt: skip
    """Return the capacity at the planned peak.

    Parameters
    ----------
    mean_service_s : float, array or None
        Mean time of a request; an array of draws carries the uncertainty of the traces.
    servers : array or None
        Number of servers, shape (replicates, draws).
    stage_s : float, array or None
        Mean time for which a request holds one of them; None when it is not known.
    """
    peak = demand.peak_per_second
    flight = None if mean_service_s is None else in_flight(peak, mean_service_s)
    busy = None if servers is None or stage_s is None else in_flight(peak, stage_s) / servers
    moment = float(policy.value("latency_busy_moment"))
    return Capacity(
        peak_per_second=summarise(peak),
        mean_service_s=None if mean_service_s is None else float(np.mean(mean_service_s)),
        in_flight=None if flight is None else summarise(flight),
        in_flight_busy=None if flight is None else summarise(servers_busy_quantile(moment, flight)),
        concurrency=None if servers is None else float(np.median(servers)),
        busy_share=None if busy is None else summarise(busy),
        overload_probability=None if busy is None else float(np.mean(busy >= 1)),
        longest_service_s=None if servers is None else summarise(servers / peak),
        needed=needed, place=place,
    )  # fmt: skip


def servers_needed(
    scenario: Scenario, place: int, per_second: float, budgets: dict[str, float], percentiles: dict[str, float], *,
    service: ServiceTimes, effort: Effort, seed: int,
) -> int | None:  # fmt: skip
    """Return the fewest servers of a stage with which every budget holds at a load, no rate limit in the way.

    Parameters
    ----------
    place : int
        Place of the stage.
    per_second : float
        Requests a second.
    budgets : dict of str to float
        Longest acceptable time, seconds, by percentile.

    Returns
    -------
    int or None
        None when no number would do, because the requests alone take longer; or when there is no budget.
    """
    shares = {name: percentiles[name] for name in budgets}
    free = replace(scenario, limits=None)
    bound = next(b for b in bounds(with_servers(free, place, 1)) if b.kind == "servers" and b.place == place)
    work = float(in_flight(per_second, float(bound.work.mean())))

    def holds(servers: int) -> bool:
        tried = with_servers(free, place, servers)
        found = respond(tried, np.array([per_second]), saturation=per_second, effort=effort, seed=seed,
                        percentiles=shares, service=service, name="needed")  # fmt: skip
        return all(found.quantiles_s[name][0] <= limit for name, limit in budgets.items())

    low, high = max(math.floor(work), 1), math.ceil(work + 10 * math.sqrt(work) + 10)  # these are never all busy
    if not budgets or not holds(high):
        return None
    if holds(low):
        return low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


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
