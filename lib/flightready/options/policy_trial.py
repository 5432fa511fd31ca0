"""One policy tried in the simulation: the share of requests in time at one load, against what is asked for.

Every policy meets the same arrivals and the same luck, so that two differ by what they do and not by chance. A short
run, which begins empty and is kind to every policy, only throws out what clearly fails; whether a policy holds is said
by runs of a whole hour, one after another until the simulation's own error is clear of what is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import special

from flightready import policy as data
from flightready.draws import Summary, summarise
from flightready.evidence import Interval, State, judge_at_least
from flightready.intervals import LEVEL, wilson
from flightready.latency.scenario import Scenario, run
from flightready.options.policy_choices import Policy
from flightready.options.policy_cost import Costs
from flightready.traffic.arrivals import minutes_stood_for
from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.peaks import MINUTES_PER_HOUR
from flightready.traffic.simulation import Limits
from flightready.traffic.simulation_result import OUTCOMES, SimulationResult, standard_error

SECONDS_PER_HOUR = 3_600.0
_UNPAID = ("rejected", "shed", "cut off")
"""Endings of attempts that never reached the model."""


@dataclass(frozen=True)
class Requirement:
    """What is asked for: a share of all requests answered within a time; a failed request is not.

    Parameters
    ----------
    key : str
        p50, p95, p99 or availability.
    share : float
        Above 1 where no policy can reach it.
    within_s : float or None
        None: an answer at any time.
    """

    key: str
    share: float
    within_s: float | None


@dataclass(frozen=True)
class Met:
    """What a policy makes of one requirement.

    Parameters
    ----------
    key : str
    needed, share : float
        Of all requests that have to be answered within the time, and that are.
    interval : Interval
        90 % of the simulation's own error in `share`.
    state : State
    time_s : float or None
        Time within which the needed share is answered; None where so many never are, and in a short run.
    """

    key: str
    needed: float
    share: float
    interval: Interval
    state: State
    time_s: float | None

    @property
    def short(self) -> float:
        """Share of requests by which it falls short; negative where it does not."""
        return self.needed - self.share


@dataclass(frozen=True)
class Trial:
    """A policy as it was tried.

    Parameters
    ----------
    policy : Policy
    state : State
        PASS when everything asked for is met, UNKNOWN while the simulation's own error leaves it open.
    met : tuple of Met
    in_time_share : float
        Of all requests.
    attempts : float
        Paid attempts of a request that no cache answers.
    monthly_usd : float
        Cost of a month with every input at its middle.
    requests : int
        Simulated.
    monthly : Summary or None
        Cost of a month over the draws; of a trial that is shown.
    holds_chance : float or None
        Share of draws of the load and the traces in which everything asked for is met, and its interval.
    """

    policy: Policy
    state: State
    met: tuple[Met, ...]
    in_time_share: float
    attempts: float
    monthly_usd: float
    requests: int
    monthly: Summary | None = None
    holds_chance: float | None = None
    holds_interval: Interval | None = None

    @property
    def shortfall(self) -> float:
        """Largest share of requests by which it misses what is asked for; 0 when it misses nothing."""
        return max([0.0, *(m.short for m in self.met)])

    @property
    def worst(self) -> Met:
        """What it misses most, or meets with least to spare."""
        return max(self.met, key=lambda m: m.short)


@dataclass(frozen=True)
class Problem:
    """What is searched: how requests are served at one load, what is asked for, and what things cost.

    Parameters
    ----------
    scenario : Scenario
        With the present policy.
    place : int
        Stage whose places a policy sets.
    requirements : tuple of Requirement
    costs : Costs
    per_second : float
        Requests a second.
    seed : int
    peak_minute : float or None
        Busiest minute over the mean minute.
    tiers : dict of str to dict of str to float
        What a tier allows a minute, by what is counted.
    factors : dict of str to float
        By model, its times over the pilot's own.
    without_limits : tuple of str
        Models to which the provider's limits do not apply.
    """

    scenario: Scenario
    place: int
    requirements: tuple[Requirement, ...]
    costs: Costs
    per_second: float
    seed: int
    peak_minute: float | None = None
    tiers: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)
    without_limits: tuple[str, ...] = ()

    def under(self, policy: Policy) -> Scenario:
        """Return the scenario with a policy in the place of the present one."""
        base = self.scenario
        stages = tuple(replace(s, servers=policy.concurrency) if i == self.place else s
                       for i, s in enumerate(base.stages))  # fmt: skip
        client = replace(
            base.client, timeout_s=np.inf if policy.timeout_s is None else policy.timeout_s, retries=policy.retries,
            cached_share=policy.cached_share,
        )  # fmt: skip
        limits = None if policy.model in self.without_limits else _limited(base.limits, self.tiers.get(policy.tier, {}))
        factor = self.factors.get(policy.model, 1.0)
        service_s = base.service_s if factor == 1.0 else base.service_s * factor
        return replace(base, stages=stages, client=client, limits=limits, service_s=service_s)


class Bench:
    """Tries policies on one problem, each once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.most_hours = int(data.value("search_most_hours"))
        self.hour = hour_requests(problem.per_second)
        self._quick: dict[Policy, Trial] = {}
        self._whole: dict[Policy, Trial] = {}

    def quick(self, policy: Policy) -> Trial:
        """Return a policy after a short run: FAIL when it clearly fails, never PASS."""
        if policy not in self._quick:
            count, level = int(data.value("search_screen_requests")), float(data.value("search_screen_level"))
            found = _run(self.problem, policy, count, "short", with_peak=False)
            attempts = paid_attempts(found)
            trial = _trial(policy, [found], self.problem, level, attempts, with_time=False)
            state = trial.state if trial.state is State.FAIL else State.UNKNOWN
            self._quick[policy] = replace(trial, state=state)
        return self._quick[policy]

    def whole(self, policy: Policy) -> Trial:
        """Return a policy after as many whole hours as it takes; the attempts are those of the short run."""
        if policy not in self._whole:
            attempts, runs = self.quick(policy).attempts, []
            while len(runs) < self.most_hours:
                runs.append(self._hour(policy, len(runs)))
                trial = _trial(policy, runs, self.problem, LEVEL, attempts)
                if self._is_overloaded(runs[-1]):
                    trial = replace(trial, state=State.FAIL)
                if trial.state is not State.UNKNOWN:
                    break
            self._whole[policy] = trial
        return self._whole[policy]

    def once(self, policy: Policy) -> Trial:
        """Return a policy after a single hour, its state left open where chance decides it."""
        return _trial(policy, [self._hour(policy, 0)], self.problem, LEVEL, self.quick(policy).attempts)

    def limit_use(self, policy: Policy) -> tuple[float, ...]:
        """Return how much of each limit is asked for within an hour, over what it allows."""
        return self._hour(policy, 0).limit_use

    def _is_overloaded(self, found: SimulationResult) -> bool:
        """Whether the queue would grow for the rest of an hour that is too busy to be simulated whole."""
        is_cut = self.hour < round(self.problem.per_second * SECONDS_PER_HOUR)
        return is_cut and any(s.servers is not None and s.offered >= 1 for s in found.stages)

    def _hour(self, policy: Policy, number: int) -> SimulationResult:
        return _run(self.problem, policy, self.hour, str(number), with_peak=True)

    def shown(self, policy: Policy) -> Trial:
        """Return a policy after whole hours, with its cost over the draws."""
        trial = self.whole(policy)
        return replace(trial, monthly=summarise(self.problem.costs.draws_usd(policy, trial.attempts)))


def hour_requests(per_second: float) -> int:
    """Return how many requests stand for the busiest hour: of a large load a part of it, but never only moments.

    Examples
    --------
    >>> [hour_requests(rate) for rate in (0.1, 5.0, 20.0, 200.0, 10_000.0)]
    [4000, 18000, 30000, 60000, 150000]
    """
    least, enough, most = data.value("search_hour_requests")
    moments = per_second * float(data.value("search_least_s"))
    return int(np.clip(max(min(round(per_second * SECONDS_PER_HOUR), enough), round(moments)), least, most))


def paid_attempts(found: SimulationResult) -> float:
    """Return the attempts that are paid, for each request that no cache answered: all that were not turned away."""
    unpaid = sum(found.endings.get(ending, 0) for ending in _UNPAID)
    asked = found.requests - int(found.cached.sum())
    return (sum(found.endings.values()) - unpaid) / asked if asked else 0.0


def hits(found: SimulationResult, within_s: float | None) -> np.ndarray:
    """Return which requests were answered within a time, shape (requests,)."""
    answered = found.outcome == OUTCOMES.index("answered")
    return answered if within_s is None else answered & (found.response_s <= within_s)


def _run(problem: Problem, policy: Policy, requests: int, name: str, *, with_peak: bool) -> SimulationResult:
    return run(
        problem.under(policy), problem.per_second, requests=requests, seed=problem.seed, name=f"policy search {name}",
        peak_minute=problem.peak_minute if with_peak else None, minutes=minutes_of(requests, problem.per_second),
    )  # fmt: skip


def minutes_of(requests: int, per_second: float) -> int:
    """Return how many minutes of an hour are followed: those around the busiest where the requests last no longer.

    Examples
    --------
    >>> minutes_of(4_000, 0.1), minutes_of(30_000, 20.0), minutes_of(150_000, 10_000.0)
    (60, 25, 2)
    """
    return int(np.clip(requests / per_second / SECONDS_PER_MINUTE, 2, MINUTES_PER_HOUR))


def weights_of(found: SimulationResult, minutes: int, peak_minute: float | None) -> np.ndarray:
    """Return what each request counts so that the minutes that were followed stand for the hour; 1 on average."""
    if peak_minute is None or peak_minute <= 1:
        return np.ones(found.requests)
    weight = minutes_stood_for(found.finish_s - found.response_s, minutes)
    return weight / weight.mean()


def _trial(
    policy: Policy, runs: list[SimulationResult], problem: Problem, level: float, attempts: float, *,
    with_time: bool = True,
) -> Trial:  # fmt: skip
    peak = problem.peak_minute if with_time else None  # a short run has no busiest minute
    weights = [weights_of(r, minutes_of(r.requests, problem.per_second), peak) for r in runs]
    met = tuple(_met(r, runs, weights, level, with_time=with_time) for r in problem.requirements)
    states = {m.state for m in met}
    state = State.FAIL if State.FAIL in states else State.UNKNOWN if State.UNKNOWN in states else State.PASS
    in_time = float(np.mean([(w * hits(r, problem.scenario.budget_s)).mean()
                             for r, w in zip(runs, weights, strict=True)]))  # fmt: skip
    requests = sum(r.requests for r in runs)
    return Trial(policy, state, met, in_time, attempts, problem.costs.middle_usd(policy, attempts), requests)


def _met(
    asked: Requirement, runs: list[SimulationResult], weights: list[np.ndarray], level: float, *, with_time: bool
) -> Met:  # fmt: skip
    each = [w * hits(r, asked.within_s) for r, w in zip(runs, weights, strict=True)]
    share, interval = share_of(each, level)
    return Met(asked.key, asked.share, share, interval, judge_at_least(interval, asked.share),
               _time_s(asked, runs, weights) if with_time else None)  # fmt: skip


def _time_s(asked: Requirement, runs: list[SimulationResult], weights: list[np.ndarray]) -> float | None:
    """Time within which the asked share is answered; None where so many never are."""
    times = np.concatenate([np.where(hits(r, None), r.response_s, np.inf) for r in runs])
    share, weight = min(asked.share, 1.0), np.concatenate(weights)
    time_s = float(np.quantile(times, share, method="inverted_cdf", weights=weight))
    return time_s if np.isfinite(time_s) else None


def share_of(each: list[np.ndarray], level: float) -> tuple[float, Interval]:
    """Return a share over runs of one length and its interval: the wider of batch means and of single requests.

    Batches one after the other carry that slow requests come together; where all batches are alike, the count of
    requests still says how much that is worth.

    Source
    ------
    Law 2015, Simulation Modeling and Analysis, section 9.5 (batch means, t quantiles).
    """
    parts = int(data.value("simulation_batches"))
    size = max(each[0].size // parts, 1)
    batches = np.concatenate([e[: size * (e.size // size)].reshape(-1, size).mean(axis=1) for e in each])
    counted = wilson(round(sum(e.sum() for e in each)), sum(e.size for e in each), level)
    share = min(float(np.mean([e.mean() for e in each])), 1.0)
    half = float(special.stdtrit(batches.size - 1, 0.5 + level / 2)) * standard_error(batches)
    return share, Interval(max(min(share - half, counted.low), 0.0), min(max(share + half, counted.high), 1.0))


def _limited(limits: Limits | tuple[Limits, ...] | None, tier: Mapping[str, float]) -> Limits | tuple | None:
    """The limits with what a tier allows; what it does not speak of stays."""
    if limits is None or not tier:
        return limits
    if isinstance(limits, tuple):
        return tuple(_limited(one, tier) for one in limits)
    rules = tuple(r.allowing(tier[r.counts]) if r.counts in tier else r for r in limits.rules)
    most = np.array([r.capacity for r in rules])
    return replace(limits, rules=rules, held=np.minimum(limits.held, most), kept=np.minimum(limits.kept, most))
