"""How a pilot answers at a load: requests simulated at a grid of loads, with the uncertainty of few traces.

Each load is simulated once, with every traced request as often as any other. The requests then carry resampled weights
of the traces they stand for, so that all resamples share the waits of one run; what a resample changes in the load
itself, since its requests take longer or shorter, moves it along the loads (`planned`). What it changes in the scatter
of the times, and so in the waits and time-outs, is left out: of 60 traces close to where retries feed on themselves the
90 % intervals held the truth in 7 to 8 of 10 cases only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.latency.bounds import Bound, bounds, shrunk, tightest
from flightready.latency.measured import Resampled, ServiceTimes
from flightready.latency.scenario import Scenario, run
from flightready.traffic.arrivals import minutes_stood_for
from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.peaks import MINUTES_PER_HOUR
from flightready.traffic.simulation_result import SimulationResult, standard_error

SHARES = ("in_time", "degraded", "lost", "tries")
_IDLE = 1e-6  # share of the load that counts as none
_ROUNDING = 1e-12  # sums of weights are exact to about this


@dataclass(frozen=True)
class Response:
    """Answers at g loads, with r resamples of the traces; infinite where that share is never answered.

    Parameters
    ----------
    per_second : array of shape (g,)
        Requests a second, rising.
    quantiles_s, error_s : dict of str to array of shape (g,)
        Best estimate of the time until the answer, and the simulation's own standard error.
    low_s, high_s : dict of str to array of shape (r, g)
        The same with each resample's uncertainty at its low and its high end.
    shares : dict of str to array of shape (g,)
        Shares of the requests in time, degraded and lost, and mean attempts of each.
    resampled : dict of str to array of shape (r, g)
    wait_s, service_s : array of shape (g,)
        Mean of the answered requests: in queues, and the rest of their time.
    stable : array of bool, shape (g,)
    why : tuple of str, length g
        What gives way: servers, limit, storm (retries keep it overloaded); empty where nothing does.
    what : tuple of str, length g
        Name of the stage or limit that gives way.
    smaller : int
        How many times smaller a system was simulated, for a very large load; its waits are then rather too long.
    """

    per_second: np.ndarray
    quantiles_s: dict[str, np.ndarray]
    error_s: dict[str, np.ndarray]
    low_s: dict[str, np.ndarray]
    high_s: dict[str, np.ndarray]
    shares: dict[str, np.ndarray]
    resampled: dict[str, np.ndarray]
    wait_s: np.ndarray
    service_s: np.ndarray
    stable: np.ndarray
    why: tuple[str, ...]
    what: tuple[str, ...]
    smaller: int = 1


@dataclass(frozen=True)
class Effort:
    """How much is simulated: requests at each load at least and at most, and what peak hour they come in."""

    least: int
    most: int
    peak_minute: float | None = None
    least_minutes: int = 20

    @classmethod
    def full(cls, peak_minute: float | None = None) -> Effort:
        """As the analysis simulates."""
        return cls(int(policy.value("load_least_requests")), int(policy.value("load_most_requests")), peak_minute,
                   int(policy.value("load_least_minutes")))  # fmt: skip

    @classmethod
    def coarse(cls, peak_minute: float | None = None) -> Effort:
        """As a first answer of the live panel."""
        few = int(policy.value("load_coarse_requests"))
        return cls(few, few, peak_minute, int(policy.value("load_least_minutes")))

    def smaller(self, per_second: float) -> int:
        """How many times smaller a system is simulated, so that enough minutes of its load are followed."""
        return max(1, int(np.ceil(per_second * self.least_minutes * SECONDS_PER_MINUTE / self.most)))

    def at(self, per_second: float) -> tuple[int, int]:
        """Requests that are simulated at a load, and for how many minutes of an hour they stand."""
        each_minute = per_second * SECONDS_PER_MINUTE
        requests = int(np.clip(np.ceil(each_minute * MINUTES_PER_HOUR), self.least, self.most))
        return requests, int(np.clip(requests / each_minute, self.least_minutes, MINUTES_PER_HOUR))


@dataclass(frozen=True)
class _Run:
    """One load: the run, answers in order of arrival, row and place of each request's first attempt, and weights."""

    result: SimulationResult
    answer_s: np.ndarray
    row: np.ndarray
    place: np.ndarray
    weight: np.ndarray

    def mean(self, values: np.ndarray, chosen: np.ndarray | None = None) -> float:
        """Mean over all requests, or over the chosen ones; NaN of none."""
        weight = self.weight if chosen is None else self.weight * chosen
        return float(weight @ values / weight.sum()) if weight.any() else float("nan")


def respond(
    scenario: Scenario, loads: np.ndarray, *, saturation: float, effort: Effort, seed: int,
    percentiles: dict[str, float], service: ServiceTimes | None, parts: Resampled | None = None, name: str = "",
) -> Response:  # fmt: skip
    """Simulate a scenario at several loads.

    Parameters
    ----------
    loads : array of shape (g,)
        Requests a second, rising; 0 stands for requests that never meet.
    saturation : float
        Load at which something is used up, requests a second.
    percentiles : dict of str to float
        Shares strictly between 0 and 1 by name.
    service : ServiceTimes or None
        The traced requests, one for each row; None where the rows were drawn from typed times.
    parts : Resampled or None
        Their resampled weights; without them there is no uncertainty of few traces.
    """
    times = effort.smaller(saturation)
    small = shrunk(scenario, times)
    order = _in_order(scenario, service)
    part = _part(scenario, small, times)
    runs = [_simulated(small, max(x, _IDLE * saturation) * part, effort, order, seed, name) for x in loads]
    best = [_best(each, percentiles, service) for each in runs]
    errors = [_errors(each, percentiles) for each in runs]
    resampled = [_resampled(each, scenario, percentiles, service, parts) for each in runs]
    known = bounds(scenario)
    gives_way = [_gives_way(each.result, known, x) for each, x in zip(runs, loads, strict=True)]
    kept = [each.result.outcome == 0 for each in runs]
    waits = [each.mean(each.result.wait_s, answered) for each, answered in zip(runs, kept, strict=True)]
    whole = [each.mean(each.result.response_s, answered) for each, answered in zip(runs, kept, strict=True)]
    return Response(
        np.asarray(loads, dtype=float),
        {p: _rising(np.array([b[p] for b in best])) for p in percentiles},
        {p: np.array([e[p] for e in errors]) for p in percentiles},
        {p: _rising(np.stack([r[0][p] for r in resampled], axis=-1)) for p in percentiles},
        {p: _rising(np.stack([r[1][p] for r in resampled], axis=-1)) for p in percentiles},
        {key: np.array([each.mean(_shares(each, scenario.budget_s)[:, i]) for each in runs])
         for i, key in enumerate(SHARES)},
        {key: np.stack([r[2][:, i] for r in resampled], axis=-1) for i, key in enumerate(SHARES)},
        np.array(waits), np.array(whole) - np.array(waits), np.array([not why for why, _ in gives_way]),
        tuple(why for why, _ in gives_way), tuple(what for _, what in gives_way), times,
    )  # fmt: skip


def _part(scenario: Scenario, small: Scenario, times: int) -> float:
    """Part of the load that comes to the smaller system: it is used as much, though its servers are whole numbers."""
    whole, less = tightest(bounds(scenario)), tightest(bounds(small))
    return 1 / times if times <= 1 or whole is None else less.saturation / whole.saturation


def _rising(values: np.ndarray) -> np.ndarray:
    """More load never answers sooner; what falls with the load is chance."""
    return np.maximum.accumulate(values, axis=-1)


def _in_order(scenario: Scenario, service: ServiceTimes | None) -> np.ndarray:
    """Rows from the shortest time until the answer to the longest, those that failed last."""
    total_s = np.nansum(scenario.service_s, axis=1) if service is None else service.at_row_s
    return np.lexsort((total_s, scenario.failure))


def _simulated(scenario: Scenario, per_second: float, effort: Effort, order: np.ndarray, seed: int, name: str) -> _Run:
    requests, minutes = effort.at(per_second)
    place = generator(seed, "latency", "rows", name).permutation(requests)
    row = order[((place + 0.5) / requests * order.size).astype(int)]
    burst = effort.peak_minute if per_second * SECONDS_PER_MINUTE >= 1 else None
    found = run(scenario, per_second, requests=requests, seed=seed, name=name, peak_minute=burst, minutes=minutes,
                row=row)  # fmt: skip
    answer_s = np.where(found.outcome == 0, found.response_s, np.inf)
    if _never_ends(scenario, found, per_second):
        answer_s = np.full(requests, np.inf)
    weight = np.ones(requests) if burst is None else minutes_stood_for(found.finish_s - found.response_s, minutes)
    return _Run(found, answer_s, row, place, weight)


def _never_ends(scenario: Scenario, found: SimulationResult, per_second: float) -> bool:
    """Whether a queue grows for as long as the load lasts, and nobody in it gives up or is turned away."""
    if np.isfinite(scenario.client.timeout_s).all():
        return False
    first = tightest(bounds(scenario))
    if first is not None and first.kind == "servers" and per_second >= first.saturation:
        return scenario.stages[first.place].room is None
    grows = [load.offered >= 1 for load, stage in zip(found.stages, scenario.stages, strict=True)
             if stage.servers is not None and stage.room is None]  # fmt: skip
    waits_at_limit = scenario.limits is not None and scenario.limits.delays and max(found.limit_use) >= 1
    return any(grows) or waits_at_limit


def _gives_way(found: SimulationResult, known: tuple[Bound, ...], per_second: float) -> tuple[str, str]:
    """What gives way at a load, and its name: what first attempts alone use up, else what retries overload."""
    used = [bound for bound in known if per_second >= bound.saturation]
    stages = {load.name: load.offered for load in found.stages if load.servers is not None}
    if used:
        first = tightest(tuple(used))
        return first.kind, first.name
    limits = [bound for bound in known if bound.kind == "limit"]
    over = [name for name, offered in stages.items() if offered >= 1]
    over += [bound.name for bound, use in zip(limits, found.limit_use, strict=True) if use >= 1]
    return ("storm", over[0]) if over else ("", "")


def _shares(each: _Run, budget_s: float) -> np.ndarray:
    """What became of each request, shape (requests, 4): in time, degraded, lost, and its attempts."""
    found = each.result
    in_time = each.answer_s <= budget_s
    return np.column_stack([in_time, found.outcome == 1, found.outcome == 2, found.tries]).astype(float)


def _best(each: _Run, percentiles: dict[str, float], service: ServiceTimes | None) -> dict[str, float]:
    """Percentiles with each time between the measured ones that stand beside it, as for the pilot's own."""
    answer_s = each.answer_s
    if service is not None and service.even_s.size:
        n, even = answer_s.size, service.even_s
        at = np.ceil((each.place + 1) / n / service.even_weight - _ROUNDING).astype(int) - 1
        measured_s = service.at_row_s[each.row]
        alone = (each.result.tries == 1) & np.isfinite(answer_s) & (at < even.size)
        answer_s = np.where(alone, answer_s + even[np.minimum(at, even.size - 1)] - measured_s, answer_s)
    order = np.argsort(answer_s, kind="stable")
    reached = np.cumsum(each.weight[order])
    at = np.searchsorted(reached, (np.array(list(percentiles.values())) - _ROUNDING) * reached[-1])
    return dict(zip(percentiles, answer_s[order][at].tolist(), strict=True))


def _errors(each: _Run, percentiles: dict[str, float]) -> dict[str, float]:
    """Standard error of each percentile over batches of requests; NaN where a batch has none."""
    parts = int(policy.value("simulation_batches"))
    size = each.answer_s.size // parts
    batches = np.sort(each.answer_s[: parts * size].reshape(parts, size), axis=1)
    found = {}
    for name, share in percentiles.items():
        values = batches[:, int(np.ceil(share * size)) - 1]
        found[name] = standard_error(values) if np.isfinite(values).all() else float("nan")
    return found


def _resampled(
    each: _Run, scenario: Scenario, percentiles: dict[str, float], service: ServiceTimes | None,
    parts: Resampled | None,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:  # fmt: skip
    """Percentiles at the low and the high end of every resample, and the shares in its middle."""
    if service is None or parts is None:
        return {p: np.empty(0) for p in percentiles}, {p: np.empty(0) for p in percentiles}, np.empty((0, len(SHARES)))
    groups, has_failed = service.size.size - 1, bool(service.size[-1])
    most = int(policy.value("load_resampled_requests"))
    chosen = np.argsort(each.place, kind="stable")
    chosen = chosen[np.unique(np.linspace(0, chosen.size - 1, min(most, chosen.size)).round().astype(int))]
    group, answer_s, weight = service.group[each.row[chosen]], each.answer_s[chosen], each.weight[chosen]
    many = np.bincount(group, weight, minlength=groups + 1)
    many[many == 0] = 1.0
    answered = np.flatnonzero(np.isfinite(answer_s))
    answered = answered[np.argsort(answer_s[answered], kind="stable")]
    ends = []
    for weights, at_zero in ((parts.low, parts.at_zero), (parts.high, np.zeros(len(parts.high)))):
        # what the answered groups leave is that of failed requests and of what was never seen
        left = np.clip(1 - weights.sum(axis=1) - at_zero, 0, 1) * has_failed
        each_one = np.take(np.column_stack([weights, left]) / many, group[answered], axis=1)  # row by row in memory
        each_one *= weight[answered]
        reached = np.cumsum(each_one, axis=1) + at_zero[:, None]
        ends.append({p: _where_reached(reached, share, answer_s[answered]) for p, share in percentiles.items()})
    low = {p: np.minimum(ends[0][p], ends[1][p]) for p in percentiles}  # of few requests the waits alone may turn them
    shares = _shares(each, scenario.budget_s)[chosen].T
    of_group = np.stack([np.bincount(group, weight * column, minlength=groups + 1) / many for column in shares], axis=1)
    if not has_failed:  # none was seen, which does not mean that none fails: such a request fails at every attempt
        works = scenario.client.fallback
        of_group[-1] = 0.0, works, 1 - works, 1 + scenario.client.retries
    return low, ends[1], parts.in_shares @ of_group


def _where_reached(reached: np.ndarray, share: float, answer_s: np.ndarray) -> np.ndarray:
    """First time at which each resample has reached a share; infinite where it never does."""
    at = np.array([np.searchsorted(row, share - _ROUNDING) for row in reached])
    return np.append(answer_s, np.inf)[at]
