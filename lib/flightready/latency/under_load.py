"""Requests under load: how times grow with it, what the planned peak makes of them, and what gives way.

What it rests on: requests come at random (Poisson), with one busier minute in the peak hour; a request holds a server
for its own measured time, which does not grow with the load; limits, time-outs, retries and the fallback act as
declared. Waits are simulated, so the scatter of the measured times is in them. Each hour begins with nobody waiting.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.latency.bounds import Bound, bounds, tightest
from flightready.latency.capacity import Capacity, capacity, servers, servers_needed
from flightready.latency.measured import Resampled, ServiceTimes, by_group, resample
from flightready.latency.percentiles import Percentile, from_draws
from flightready.latency.planned import (
    ENDS,
    Plan,
    Variant,
    limits_drawn,
    over_the_day,
    plan_of,
    reading,
    servers_drawn,
    variants_of,
)
from flightready.latency.response import SHARES, Effort, Response, respond
from flightready.latency.scenario import WHOLE, Scenario
from flightready.telemetry import UsageLog
from flightready.traffic.demand import Demand

_INTERVAL = (0.05, 0.95)


@dataclass(frozen=True)
class LoadCurve:
    """How answers change with the load, for a chart: arrays of shape (g,); infinite where that share has no answer.

    Parameters
    ----------
    per_second : array
        Loads, requests a second, from 0 on.
    quantiles_s, low_s, high_s : dict of str to array
        Time until the answer: estimate, and ends of the 90 % interval from the number of traces.
    error_s : dict of str to array
        Standard error of the simulation itself; NaN where a part of the run has no such time.
    shares : dict of str to array
        Shares of the requests in time, degraded and lost, and mean attempts of each.
    wait_s, service_s : array
        Mean of the answered requests: in queues, and the rest of their time.
    stable : array of bool
    saturation_per_second, saturation_low, saturation_high : float
        Load at which what is tightest is used up by first attempts, and its 90 % interval from the number of traces.
    tightest : str
        Name of the stage or of the rate limit; empty for the servers of the whole request.
    kind : str
        servers or limit.
    concurrency : int or None
        Servers of that stage; None where a limit is tightest.
    gives_way_per_second : float or None
        Lowest simulated load that is not borne; None where all are.
    why, what : str
        What gives way there: servers, limit or storm (retries keep it overloaded); and its name.
    smaller : int
        How many times smaller a system was simulated at the same use, 1 for the system itself.
    """

    per_second: np.ndarray
    quantiles_s: dict[str, np.ndarray]
    low_s: dict[str, np.ndarray]
    high_s: dict[str, np.ndarray]
    error_s: dict[str, np.ndarray]
    shares: dict[str, np.ndarray]
    wait_s: np.ndarray
    service_s: np.ndarray
    stable: np.ndarray
    saturation_per_second: float
    saturation_low: float
    saturation_high: float
    tightest: str
    kind: str
    concurrency: int | None
    gives_way_per_second: float | None
    why: str
    what: str
    smaller: int = 1


@dataclass(frozen=True)
class Planned:
    """What the planned load makes of the requests.

    Parameters
    ----------
    percentiles : tuple of Percentile
        In the peak hour.
    shares : dict of str to array of shape (replicates, draws)
        Over a day: shares of the requests in time, degraded and lost, and mean attempts of each.
    at_peak : dict of str to Summary
        The same in the peak hour.
    gives_way_probability : float
        Share of the draws in which the peak is at or above what is borne.
    """

    percentiles: tuple[Percentile, ...]
    shares: dict[str, np.ndarray]
    at_peak: dict[str, Summary]
    gives_way_probability: float


@dataclass(frozen=True)
class UnderLoad:
    """Everything that load makes of a pilot; None for what cannot be said."""

    curve: LoadCurve | None
    capacity: Capacity | None
    planned: Planned | None


def under_load(
    pilot: Pilot, scenario: Scenario | None, service: ServiceTimes | None, measured: tuple[Percentile, ...], *,
    joint: JointSample, demand: Demand | None, usage: UsageLog | None, percentiles: dict[str, float],
) -> UnderLoad:  # fmt: skip
    """Return how a pilot answers under load, and at the planned one.

    Parameters
    ----------
    service : ServiceTimes or None
        The traced requests, one for each row of the scenario; None where the rows were drawn from typed times.
    measured : tuple of Percentile
        The percentiles in the pilot.
    """
    if scenario is None or (service is not None and not service.low_s.size):
        return UnderLoad(None, None if demand is None else _of_demand(pilot, joint, demand), None)
    parts = None
    if service is not None:
        parts = resample(service, seed=joint.seed, replicates=int(policy.value("load_resamples")))
    effort = Effort.full(None if demand is None else float(np.median(demand.peak_minute)))
    drawn, found = servers_drawn(pilot, joint, scenario), bounds(scenario)
    plan = plan_of(scenario, joint, drawn, limits_drawn(pilot, joint, usage, scenario), service, parts)
    curve = None
    if found:
        uses = _uses(plan, demand)
        variants = tuple(
            _variant(changed, uses, effort, drawn, joint.seed, percentiles, service, parts)
            for changed in variants_of(scenario, drawn)
        )
        plan = reading(plan, variants, drawn)
        curve = curve_of(scenario, tightest(found), variants[len(variants) // 2].response, service, parts)
    if demand is None:
        return UnderLoad(curve, None, None)
    needed, place = None, _place(scenario, found)
    if service is not None and place is not None:
        budgets = {p.name: p.budget_s for p in measured if p.budget_s is not None}
        needed = servers_needed(scenario, place, summarise(demand.peak_per_second).high, budgets, percentiles,
                                service=service, effort=effort, seed=joint.seed)  # fmt: skip
    able = _capacity(scenario, plan, drawn, demand, place, needed)
    is_read = curve is not None and parts is not None
    return UnderLoad(curve, able, _planned(plan, curve, demand, measured, scenario, service) if is_read else None)


def _uses(plan: Plan, demand: Demand | None) -> np.ndarray:
    """Loads that are simulated, over those that use something up: as far as the plan reaches, and a little beyond."""
    every = np.asarray(policy.value("load_uses"), dtype=float)
    top = 0.0 if demand is None else float(np.max(demand.peak_per_second * plan.per_request))
    return every[: int(np.searchsorted(every, max(top, float(policy.value("load_least_reach"))))) + 1]


def _place(scenario: Scenario, found: tuple[Bound, ...]) -> int | None:
    """Place of the stage whose servers are used up first; of the whole request where nothing is known of servers."""
    first = tightest(tuple(bound for bound in found if bound.kind == "servers"))
    if first is not None:
        return first.place
    return 0 if scenario.visits is None else None


def _variant(
    scenario: Scenario, uses: np.ndarray, effort: Effort, drawn: dict[int, np.ndarray], seed: int,
    percentiles: dict[str, float], service: ServiceTimes | None, parts: Resampled | None,
) -> Variant:  # fmt: skip
    able = tightest(bounds(scenario)).saturation
    response = respond(scenario, uses * able, saturation=able, effort=effort, seed=seed, percentiles=percentiles,
                       service=service, parts=parts)  # fmt: skip
    return Variant(tuple(float(scenario.stages[place].servers) for place in drawn), uses, response)


def curve_of(
    scenario: Scenario, first: Bound, found: Response, service: ServiceTimes | None, parts: Resampled | None
) -> LoadCurve:
    """Return the response to a load for a chart; `first` is what is used up first."""
    able = np.array([first.saturation])
    if parts is not None and first.kind == "servers":
        able = first.able / (parts.in_service @ by_group(first.work, service))
    gone = np.flatnonzero(~found.stable)
    at = int(gone[0]) if gone.size else None
    return LoadCurve(
        found.per_second, found.quantiles_s,
        {name: _end(q, 0, found.quantiles_s[name]) for name, q in found.low_s.items()},
        {name: _end(q, 1, found.quantiles_s[name]) for name, q in found.high_s.items()},
        found.error_s, found.shares, found.wait_s, found.service_s, found.stable, first.saturation,
        float(np.quantile(able, _INTERVAL[0])), float(np.quantile(able, _INTERVAL[1])),
        "" if first.name == WHOLE else first.name, first.kind,
        scenario.stages[first.place].servers if first.kind == "servers" else None,
        None if at is None else float(found.per_second[at]), "" if at is None else found.why[at],
        "" if at is None else found.what[at], found.smaller,
    )  # fmt: skip


def _end(resampled: np.ndarray, end: int, best: np.ndarray) -> np.ndarray:
    """End of the interval by rank, since infinite values have no mean; the best estimate without resamples."""
    return np.quantile(resampled, _INTERVAL[end], axis=0, method="inverted_cdf") if len(resampled) else best


def _of_demand(pilot: Pilot, joint: JointSample, demand: Demand) -> Capacity:
    """What the planned peak asks for where no time of a request is known."""
    given = pilot.spec.latency.limits.concurrency
    drawn = None if given is None else servers(joint, given)
    return capacity(demand, mean_service_s=None, servers=drawn, stage_s=None)


def _capacity(
    scenario: Scenario, plan: Plan, drawn: dict[int, np.ndarray], demand: Demand, place: int | None, needed: int | None
) -> Capacity:
    many = drawn.get(place)
    name = "" if many is None or scenario.stages[place].name == WHOLE else scenario.stages[place].name
    stage_s = None if many is None else plan.servers * many
    return capacity(demand, mean_service_s=plan.whole_s, servers=many, stage_s=stage_s, needed=needed, place=name)


def _planned(
    plan: Plan, curve: LoadCurve, demand: Demand, measured: tuple[Percentile, ...], scenario: Scenario,
    service: ServiceTimes,
) -> Planned:  # fmt: skip
    peak, longest = demand.peak_per_second, float(service.high_s[-1])
    times = tuple(
        from_draws(p, **{end: plan.quantile_s(p.name, end, peak) for end in ENDS}, longest_answer_s=longest,
                   alone_s=float(curve.high_s[p.name][0]))
        for p in measured
    )  # fmt: skip
    leaves_queue = not np.isfinite(scenario.client.timeout_s).all() and scenario.has_pool
    day = over_the_day(plan, demand.mean_per_second, demand.peak_to_mean, leaves_queue=leaves_queue)
    at_peak = {key: summarise(plan.share(key, peak)) for key in SHARES}
    borne = np.inf if curve.gives_way_per_second is None else curve.gives_way_per_second / curve.saturation_per_second
    return Planned(times, day, at_peak, float(np.mean(peak * plan.per_request >= borne)))
