"""Another load, budget or policy tried on a pilot: a quick simulation of its requests, for the live panel."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.latency.bounds import bounds, tightest
from flightready.latency.measured import ServiceTimes
from flightready.latency.response import Effort, respond
from flightready.latency.scenario import Scenario
from flightready.latency.under_load import LoadCurve, curve_of

_LEAST_USE = 0.01  # a load below this share of what is there is as good as none


@dataclass(frozen=True)
class Tried:
    """One load under one policy.

    Parameters
    ----------
    curve : LoadCurve or None
        How answers change with the load, without the uncertainty of few traces; None where nothing can be used up.
    p95_s, error_s : float
        Time of 95 of 100 requests at that load, infinite where so many get no answer, and the simulation's own error.
    shares : dict of str to float
        Shares of the requests in time, degraded and lost, and mean attempts.
    why, what : str
        What gives way at that load, and its name; empty where nothing does.
    """

    curve: LoadCurve | None
    p95_s: float
    error_s: float
    shares: dict[str, float]
    why: str
    what: str


def changed(
    scenario: Scenario, *, budget_s: float, timeout_s: float, retries: int, servers: int | None = None,
    per_minute: dict[str, float] | None = None,
) -> Scenario:  # fmt: skip
    """Return a scenario with another policy.

    Parameters
    ----------
    timeout_s : float
        Infinite for none.
    servers : int, optional
        Servers of the stage that is used up first, or of the whole request, 0 for as many as it takes; as they are
        when not given.
    per_minute : dict of str to float, optional
        What a rate limit allows a minute, by what it counts; empty for no limit, as it is when not given.
    """
    client = replace(scenario.client, budget_s=budget_s, timeout_s=timeout_s, retries=retries)
    stages, limits = scenario.stages, scenario.limits
    if servers is not None:
        first = tightest(tuple(bound for bound in bounds(scenario) if bound.kind == "servers"))
        place = first.place if first is not None else 0
        stages = tuple(replace(s, servers=servers or None) if i == place else s for i, s in enumerate(stages))
    if limits is not None and per_minute is not None:
        rules = tuple(r.allowing(per_minute[r.counts]) if r.counts in per_minute else r for r in limits.rules)
        room = np.array([rule.capacity for rule in rules])
        limits = replace(limits, rules=rules, held=np.minimum(limits.held, room), kept=np.minimum(limits.kept, room))
    limits = None if per_minute == {} else limits
    return replace(scenario, client=client, stages=stages, limits=limits, budget_s=budget_s)


def tried(
    scenario: Scenario, per_second: float, *, seed: int, percentiles: dict[str, float], service: ServiceTimes | None,
    peak_minute: float | None = None, is_coarse: bool = True,
) -> Tried:  # fmt: skip
    """Simulate one load under one policy, and a few other loads for its curve.

    Parameters
    ----------
    per_second : float
        Requests a second, at least 0.
    is_coarse : bool
        A quick answer, in some hundredths of a second; otherwise as finely as the analysis.
    """
    first = tightest(bounds(scenario))
    effort = Effort.coarse(peak_minute) if is_coarse else Effort.full(peak_minute)
    uses = np.asarray(policy.value("load_coarse_uses" if is_coarse else "load_uses"), dtype=float)
    able = max(per_second, np.finfo(float).tiny) / _LEAST_USE if first is None else first.saturation
    loads = np.unique([*(() if first is None else uses * able), per_second])
    found = respond(scenario, loads, saturation=able, effort=effort, seed=seed, percentiles=percentiles,
                    service=service, name="tried")  # fmt: skip
    at = int(np.searchsorted(loads, per_second))
    curve = None if first is None else curve_of(scenario, first, found, service, None)
    return Tried(
        curve, float(found.quantiles_s["p95"][at]), float(found.error_s["p95"][at]),
        {key: float(values[at]) for key, values in found.shares.items()}, found.why[at], found.what[at],
    )  # fmt: skip
