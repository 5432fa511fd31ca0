"""What bounds the load: the servers of a stage or a rate limit, and how much of it one request uses."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready.latency.scenario import Scenario
from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.system import Stage


@dataclass(frozen=True)
class Bound:
    """One thing that can be used up.

    Parameters
    ----------
    name : str
        Of the stage, or of the rate limit.
    kind : str
        servers or limit.
    place : int
        Place of the stage, or of the rule among those of the limits.
    work : array of shape (rows,)
        What one attempt of each row uses: seconds of a server, or what the limit counts.
    able : float
        What there is a second: servers, or what the limit allows.
    """

    name: str
    kind: str
    place: int
    work: np.ndarray
    able: float

    @property
    def saturation(self) -> float:
        """Requests a second that use it up when each makes one attempt."""
        return self.able / max(float(self.work.mean()), np.finfo(float).tiny)


def bounds(scenario: Scenario) -> tuple[Bound, ...]:
    """Return what can be used up, the stages first; empty where nothing can. Cached answers use nothing.

    A limit of which no request takes anything is not among them.
    """
    visits, called = scenario.visits, 1 - scenario.client.cached_share
    stage_of = np.arange(len(scenario.stages)) if visits is None else np.array([v.stage for v in visits])
    found = [
        Bound(stage.name, "servers", s, called * np.nansum(scenario.service_s[:, stage_of == s], axis=1),
              float(stage.servers))
        for s, stage in enumerate(scenario.stages) if stage.servers is not None
    ]  # fmt: skip
    limits = scenario.limits
    if limits is not None:
        here = scenario.service_s[:, stage_of == limits.stage]
        calls = np.ones(len(here)) if visits is None else np.sum(~np.isnan(here), axis=1)
        found += [
            Bound(rule.name, "limit", k, called * limits.kept[:, k] * calls, rule.per_minute / SECONDS_PER_MINUTE)
            for k, rule in enumerate(limits.rules)
        ]
    return tuple(bound for bound in found if bound.work.any())


def tightest(found: tuple[Bound, ...]) -> Bound | None:
    """Return what is used up first as the load grows; None where nothing can be.

    Examples
    --------
    >>> work = np.array([2.0, 4.0])
    >>> first = tightest((Bound("model", "servers", 0, work, 6.0), Bound("a minute", "limit", 0, work / work, 1.5)))
    >>> first.name, first.saturation
    ('a minute', 1.5)
    """
    return min(found, key=lambda bound: bound.saturation, default=None)


def with_servers(scenario: Scenario, place: int, servers: int) -> Scenario:
    """Return the scenario with so many servers at one stage."""
    stages = [replace(s, servers=servers) if i == place else s for i, s in enumerate(scenario.stages)]
    return replace(scenario, stages=tuple(stages))


def shrunk(scenario: Scenario, times: int) -> Scenario:
    """Return a scenario so many times smaller, for a load so many times smaller; waits are then rather too long."""
    if times <= 1:
        return scenario

    def smaller(stage: Stage) -> Stage:
        servers = None if stage.servers is None else max(stage.servers // times, 1)
        return replace(stage, servers=servers, room=None if stage.room is None else stage.room // times)

    limits = scenario.limits
    if limits is not None:
        rules = tuple(
            replace(r, per_minute=r.per_minute / times, burst=None if r.burst is None else r.burst / times)
            for r in limits.rules
        )
        room = np.array([rule.capacity for rule in rules])
        limits = replace(limits, rules=rules, held=np.minimum(limits.held, room), kept=np.minimum(limits.kept, room))
    return replace(scenario, stages=tuple(smaller(s) for s in scenario.stages), limits=limits)
