"""The search as one pilot states it: what is asked for, at which load, what may be chosen, and at which prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy as data
from flightready.assessment import Pilot
from flightready.cost.result import CostResult
from flightready.draws import JointSample
from flightready.errors import listed
from flightready.latency.availability import in_series
from flightready.latency.budget import observed, percentiles
from flightready.latency.caller import caller
from flightready.latency.result import LatencyResult
from flightready.latency.scenario import Scenario, scenario
from flightready.options.policy_cost import Costs
from flightready.options.policy_models import ModelChoice, times_factor
from flightready.options.policy_trial import Problem, Requirement
from flightready.options.result import OptionsResult
from flightready.quantity import Quantity
from flightready.telemetry import UsageLog
from flightready.traffic.demand import Demand
from flightready.traffic.simulation import Limits
from flightready.wording import seconds

AVAILABILITY = "availability"


@dataclass(frozen=True)
class Asked:
    """What is asked for, with what is not certain about it.

    Parameters
    ----------
    requirements : tuple of Requirement
    needed : dict of str to array
        Draws of the share that a requirement needs, where that is uncertain.
    reachable : float or None
        Availability if every request that can be answered is, median; None without a target.
    target : float or None
    """

    requirements: tuple[Requirement, ...]
    needed: dict[str, np.ndarray]
    reachable: float | None
    target: float | None


def asked(pilot: Pilot, joint: JointSample, latency: LatencyResult, works: float) -> Asked:
    """Return every stated percentile, and the share that has to be answered for the target of availability.

    Parameters
    ----------
    works : float
        Share of cases in which the fallback gives an answer.
    """
    shares = percentiles()
    given = [Requirement(key, shares[key], limit) for key, limit in latency.budgets_s.items()]
    stated = pilot.spec.latency.availability
    if stated.target is None:
        return Asked(tuple(given), {}, None, None)
    target = stated.target.median
    up = in_series([joint.column(f"latency.availability.upstreams.{u.name}", u.available) for u in stated.upstreams])
    needed = share_to_answer(target, up, works)
    share = float(np.median(needed))
    given.append(Requirement(AVAILABILITY, share, None))
    reachable = float(np.median(up + (1 - up) * works))
    return Asked(tuple(given), {AVAILABILITY: np.atleast_1d(needed)} if up.ndim else {}, reachable, target)


def share_to_answer(target: float, up: np.ndarray | float, works: float) -> np.ndarray:
    """Return the share of requests that must be answered while everything works, so that the target is met.

    A request gets an answer when the upstreams work and it is answered, else from the fallback as often as that works.
    Above 1 it cannot be met; infinite where the upstreams never work.

    Examples
    --------
    >>> float(share_to_answer(0.99, 1.0, 0.0)), round(float(share_to_answer(0.995, 0.999, 0.9)), 4)
    (0.99, 0.951)
    >>> share_to_answer(0.99, np.array([0.0, 1.0]), 0.0).tolist(), float(share_to_answer(1.0, 0.0, 1.0))
    ([inf, 0.99], 0.0)
    """
    left = max(1.0 - (1.0 - target) / (1.0 - works), 0.0) if works < 1.0 else 0.0
    works_at_all = np.asarray(up, dtype=float)
    never = np.full(works_at_all.shape, np.inf if left else 0.0)
    return np.divide(left, works_at_all, out=never, where=works_at_all > 0)


def pilot_scenario(pilot: Pilot, joint: JointSample, latency: LatencyResult, usage: UsageLog | None) -> Scenario | None:
    """Return the pilot as the simulation sees it, ready for retries and answers from a cache that it does not use yet.

    None when no time of a request is known.
    """
    _, traces, _ = observed(pilot, usage, percentiles())
    limit_s = np.inf if latency.in_time_limit_s is None else latency.in_time_limit_s
    found = scenario(pilot, traces, joint=joint, usage=usage, budget_s=limit_s)
    if found is None:
        return None
    rule = pilot.spec.latency.policy
    ready, told = caller(rule.model_copy(update={"retries": max(rule.retries or 0, 1)}), limit_s)
    client = replace(
        ready, retries=found.client.retries,
        cached_s=float(data.value("default_cached_s")) if rule.cache is None else ready.cached_s,
    )  # fmt: skip
    return replace(found, client=client, notes=tuple(dict.fromkeys((*found.notes, *told))))


def place_of(found: Scenario) -> int:
    """Return the stage whose places a policy sets: the one that is nearest to full, else the one that takes longest."""
    work = np.nan_to_num(found.service_s).mean(axis=0)
    by_stage = np.zeros(len(found.stages))
    for column, worked in enumerate(work):
        by_stage[column if found.visits is None else found.visits[column].stage] += worked
    use = [worked / s.servers if s.servers else 0.0 for worked, s in zip(by_stage, found.stages, strict=True)]
    return int(np.argmax(use if max(use) > 0 else by_stage))


def costs(
    pilot: Pilot, joint: JointSample, demand: Demand, cost: CostResult, options: OptionsResult | None,
    models: Sequence[ModelChoice], *, attempts: float,
) -> tuple[Costs, tuple[str, ...]]:  # fmt: skip
    """Return the prices of a policy, and what must be said about them.

    Parameters
    ----------
    attempts : float
        Attempts of a request in the pilot, which the cost of a request holds already.
    """
    notes: list[str] = []
    own = 0.0 if cost.per_request_usd is None else cost.per_request_usd * demand.requests_per_month / attempts
    calls: dict[str, np.ndarray | float] = {"": own}
    for model in models:
        row = next(o for o in options.options if o.name == model.name)
        calls[model.name] = row.monthly_draws / (1.0 if model.is_reserved else attempts)
    stated = pilot.spec.latency.search
    if not cost.is_comparable:
        notes.append(f"Amounts of latency.search are in {cost.assessment_currency}, those of the calls in "
                     f"{cost.currency}: they are left out, as nothing is converted.")  # fmt: skip

    def price(name: str, given: Quantity | None) -> np.ndarray | float:
        return joint.column(f"latency.search.{name}", given) if given is not None and cost.is_comparable else 0.0

    tiers = {t.name: price(f"tiers.{t.name}", t.price) for t in stated.tiers}
    per_served = price("per_served", stated.per_served)
    reserved = tuple(m.name for m in models if m.is_reserved)
    return Costs(calls, reserved, per_served, tiers), tuple(notes)


def attempts_in(usage: UsageLog | None) -> float:
    """Return the attempts of a call in the pilot's log, at least 1; 1 where no log tells them apart."""
    if usage is None or usage.calls is None or not len(usage.calls):
        return 1.0
    first = int((usage.calls["attempt"] <= 1).sum())
    return len(usage.calls) / first if first else 1.0


def tiers_of(pilot: Pilot) -> dict[str, dict[str, float]]:
    """Return what each tier allows a minute, by what is counted."""
    found = {}
    for tier in pilot.spec.latency.search.tiers:
        given = {"requests": tier.requests_per_minute, "tokens": tier.tokens_per_minute}
        found[tier.name] = {counts: q.median for counts, q in given.items() if q is not None}
    return found


def problem(
    found: Scenario, wanted: Asked, prices: Costs, models: Sequence[ModelChoice], *, per_second: float, seed: int,
    peak_minute: float | None, tiers: dict[str, dict[str, float]],
) -> Problem:  # fmt: skip
    """Return the problem at one load."""
    return Problem(
        found, place_of(found), wanted.requirements, prices, per_second, seed, peak_minute, tiers,
        {m.name: times_factor(found, m.p95_s) for m in models}, tuple(m.name for m in models if not m.is_limited),
    )  # fmt: skip


def of_search(
    pilot: Pilot, at: Problem, models: Sequence[ModelChoice], latency: LatencyResult
) -> tuple[str, ...]:  # fmt: skip
    """Return what the search takes for granted, one sentence each."""
    found, rule, notes = at.scenario, pilot.spec.latency.policy, []
    search = pilot.spec.latency.search
    unpriced = [name for name in search.models if name not in {m.name for m in models}]
    if unpriced:
        notes.append(f"Without a price, and so not tried: {listed(unpriced)}.")
    if found.limits is None and at.tiers:
        notes.append("No present limit is known, so that a tier changes nothing here.")
    missing = sorted({counts for tier in at.tiers.values() for counts in tier} - _counted(found.limits))
    if found.limits is not None and missing:
        notes.append(f"Today nothing limits {listed(missing)} a minute, so what a tier says of it is left out.")
    if models:
        notes.append("Another model is taken to be faster or slower by the same factor on every request, and to fail "
                     "as often as the pilot's.")  # fmt: skip
    if any(m.is_reserved for m in models):
        notes.append("A model that stands ready costs the same whatever a cache answers or is tried again.")
    if len(search.cached_share) and (rule.cache is None or rule.cache.time is None):
        notes.append(f"An answer from a cache is taken to need {seconds(found.client.cached_s)}.")
    if latency.source == "calls":
        notes.append("Times are those of the model's calls alone; people wait longer.")
    return tuple(notes)


def _counted(limits: Limits | tuple[Limits, ...] | None) -> set[str]:
    each = limits if isinstance(limits, tuple) else () if limits is None else (limits,)
    return {rule.counts for one in each for rule in one.rules}
