"""What is in the way when no policy holds: which parts miss what is asked for, and what each would have to become.

Four parts can be: the places and the limits, how often an attempt fails, and how long it takes. Each can be taken away
in the simulation: as many places and as high a limit as it takes, no failure, no time. In the way is the smallest set
of parts that have to go before some policy holds; of sets of one size the one that is the easiest to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from flightready import policy as data
from flightready.latency.scenario import Scenario
from flightready.options.policy_choices import Policy
from flightready.options.policy_models import whole_s
from flightready.options.policy_trial import Bench, Met, Problem, Trial
from flightready.traffic.simulation import Limits

SERVICE, FAILURES, LIMITS, PLACES, UPSTREAM = "service", "failures", "limits", "places", "upstream"
_FREE = float("inf")
_P95 = 0.95  # as people know the times of the pilot


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way.

    Parameters
    ----------
    key : str
        service, failures, limits, places or upstream.
    name : str
        Of the limit, where it is one.
    met : Met or None
        What is missed most with every choice at its best and nothing else in the way.
    now, then : float or None
        The part today, and what it would have to be at the most (times, failures) or at the least: p95 of the times in
        service (s), share of attempts that fail, what the limit allows a minute, served at once, share of the time in
        which the upstreams work. `then` is None where nothing that was tried is enough.
    """

    key: str
    name: str
    met: Met | None
    now: float
    then: float | None


@dataclass(frozen=True)
class _Eased:
    """What each part is multiplied by; an infinite limit or number of places is none at all."""

    places: float = 1.0
    limits: float = 1.0
    failures: float = 1.0
    service: float = 1.0


_GONE = {PLACES: _FREE, LIMITS: _FREE, FAILURES: 0.0, SERVICE: 0.0}
"""Each part taken away; the easiest to change first."""


def obstacles(problem: Problem, policies: Iterable[Policy]) -> tuple[Obstacle, ...]:
    """Return what is in the way of the pilot's own model, the easiest to change first; empty when it is chance alone.

    Parameters
    ----------
    policies : iterable of Policy
        That may be chosen; only those that leave the model as it is are looked at.
    """
    reachable = tuple(r for r in problem.requirements if r.share <= 1.0)
    own = [p for p in policies if not p.model]
    if not reachable or not own:
        return ()
    tried = _Tried(replace(problem, requirements=reachable), own)
    return tuple(tried.obstacle(key, keys) for keys in [_in_the_way(tried)] for key in keys)


def _in_the_way(tried: _Tried) -> tuple[str, ...]:
    """The smallest set of parts without which some policy holds."""
    needed = [key for key in _GONE if not tried.holds(_without(k for k in _GONE if k != key))]
    for size in range(len(needed), len(_GONE) + 1):
        for keys in combinations(_GONE, size):
            if set(needed) <= set(keys) and tried.holds(_without(keys)):
                return keys
    return tuple(_GONE)


def _without(keys: Iterable[str]) -> _Eased:
    return _Eased(**{key: _GONE[key] for key in keys})


class _Tried:
    """Tries every policy in a world in which some parts are eased."""

    def __init__(self, problem: Problem, policies: list[Policy]) -> None:
        self.problem, self.policies = problem, policies

    def holds(self, eased: _Eased) -> bool:
        """Whether the best policy misses nothing, leaving aside the simulation's own error."""
        return self.best(eased).shortfall <= 0

    def best(self, eased: _Eased) -> Trial:
        """Return the policy that misses least, after one whole hour."""
        bench = Bench(_world(self.problem, eased))
        policies = dict.fromkeys(_within(p, eased) for p in self.policies)
        return bench.once(min(policies, key=lambda p: bench.quick(p).shortfall))

    def _promising(self, *worlds: _Eased) -> _Tried:
        """The same with the few policies only that miss least in these worlds."""
        few, kept = int(data.value("search_promising")), {}
        for eased in worlds:
            bench = Bench(_world(self.problem, eased))
            short = sorted(self.policies, key=lambda p: bench.quick(_within(p, eased)).shortfall)
            kept |= dict.fromkeys(short[:few])
        return _Tried(self.problem, list(kept))

    def obstacle(self, key: str, keys: tuple[str, ...]) -> Obstacle:
        """Return one part of a set that is in the way, with the others of the set gone."""
        others = _without(k for k in keys if k != key)
        best = self.best(others)
        factor = self._factor(others, key)
        name, now = self._today(key, best.policy, others)
        then = None if factor is None else np.ceil(factor * now) if key == PLACES else factor * now
        return Obstacle(key, name, best.worst, now, None if then is None else float(then))

    def _factor(self, others: _Eased, key: str) -> float | None:
        """How far a part must be eased until a policy holds, as closely as the policy file says."""
        few = self._promising(others, replace(others, **{key: _GONE[key]}))

        def holds(factor: float) -> bool:
            return few.holds(replace(others, **{key: factor}))

        if key in (SERVICE, FAILURES):
            return _between(0.0, 1.0, holds)
        most = int(data.value("search_most_doublings"))
        enough = next((2.0**k for k in range(1, most + 1) if holds(2.0**k)), None)
        return None if enough is None else _between(enough, enough / 2, holds)

    def _today(self, key: str, policy: Policy, others: _Eased) -> tuple[str, float]:
        """Name of a part and what it is today; of several limits the one that is asked for most."""
        scenario = self.problem.scenario
        if key == SERVICE:
            return "", float(np.quantile(whole_s(scenario), _P95, method="inverted_cdf"))
        if key == FAILURES:
            return "", float(np.mean(scenario.failure))
        if key == PLACES:
            return "", float(max(p.concurrency or 0 for p in self.policies))
        bench = Bench(_world(self.problem, others))
        tightest = _rules(bench.problem.under(policy))[int(np.nanargmax(bench.limit_use(policy)))]
        return tightest.name, tightest.per_minute


def _between(good: float, bad: float, holds: Callable[[float], bool]) -> float:
    """Return a factor that holds, next to one that does not."""
    finest = float(data.value("search_finest_change"))
    while abs(good - bad) > finest * max(good, bad):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def _world(problem: Problem, eased: _Eased) -> Problem:
    base = problem.scenario
    limits = None if eased.limits == _FREE else _widened(base.limits, eased.limits)
    tiers = {name: {counts: eased.limits * most for counts, most in tier.items()}
             for name, tier in problem.tiers.items()} if limits is not None else {}  # fmt: skip
    scenario = replace(base, service_s=base.service_s * eased.service, failure=base.failure * eased.failures,
                       limits=limits, breaker=base.breaker if eased.places != _FREE else None)  # fmt: skip
    return replace(problem, scenario=scenario, tiers=tiers)


def _within(policy: Policy, eased: _Eased) -> Policy:
    """The policy with what is free left out, so that two that differ in it only are tried once."""
    at_once = policy.concurrency
    free = eased.places == _FREE or at_once is None
    return replace(policy, concurrency=None if free else int(np.ceil(eased.places * at_once)),
                   tier="" if eased.limits == _FREE else policy.tier)  # fmt: skip


def _widened(limits: Limits | tuple[Limits, ...] | None, factor: float) -> Limits | tuple | None:
    if limits is None or factor == 1.0:
        return limits
    if isinstance(limits, tuple):
        return tuple(_widened(one, factor) for one in limits)
    return replace(limits, rules=tuple(
        replace(r, per_minute=r.per_minute * factor, burst=None if r.burst is None else r.burst * factor)
        for r in limits.rules
    ))  # fmt: skip


def _rules(scenario: Scenario) -> list:
    limits = scenario.limits if isinstance(scenario.limits, tuple) else (scenario.limits,)
    return [rule for one in limits for rule in one.rules]
