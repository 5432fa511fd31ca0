"""The planned load: the response to a load, read at every draw of the plan, uncertainty of load and traces together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.latency.bounds import bounds, with_servers
from flightready.latency.capacity import servers
from flightready.latency.measured import Resampled, ServiceTimes, by_group
from flightready.latency.response import SHARES, Response
from flightready.latency.scenario import Scenario
from flightready.telemetry import UsageLog
from flightready.traffic.call_sample import call_sample
from flightready.traffic.limit_rules import SECONDS_PER_MINUTE, rules_of

HOURS_PER_DAY = 24.0
ENDS = ("low", "middle", "high")


@dataclass(frozen=True)
class Variant:
    """The response with certain numbers of servers, at loads over that which uses something up (`use`)."""

    servers: tuple[float, ...]
    use: np.ndarray
    response: Response


@dataclass(frozen=True)
class Plan:
    """Every draw of the plan as the responses are read there, arrays of shape (replicates, draws).

    Parameters
    ----------
    variants : tuple of Variant
        Same loads, by share of what is there; one where the number of servers is certain.
    nearest : array of int
        Which variant stands for each draw.
    rows : array of int
        Which resample of the traces belongs to each draw.
    per_request : array
        Share of what is there that one request a second uses, of what is used up first.
    servers : array
        The same of servers alone; 0 where there are as many as it takes.
    central : array
        `per_request` with the traces as they are.
    whole_s : array or float
        Mean time of a request.
    """

    variants: tuple[Variant, ...]
    nearest: np.ndarray
    rows: np.ndarray
    per_request: np.ndarray
    servers: np.ndarray
    central: np.ndarray
    whole_s: np.ndarray | float

    def share(self, key: str, per_second: np.ndarray) -> np.ndarray:
        """Return a share of `response.SHARES` at every draw of a load."""
        return self._read(per_second * self.per_request, lambda v: v.response.resampled[key], "middle", self.rows)

    def quantile_s(self, name: str, end: str, per_second: np.ndarray) -> np.ndarray:
        """Return a percentile at every draw of a load; `middle` without the uncertainty of the traces."""
        if end == "middle":
            return self._read(
                per_second * self.central, lambda v: v.response.quantiles_s[name][None], end, np.zeros_like(self.rows)
            )
        return self._read(
            per_second * self.per_request, lambda v: getattr(v.response, f"{end}_s")[name], end, self.rows
        )

    def _read(self, use: np.ndarray, table: Callable[[Variant], np.ndarray], end: str, rows: np.ndarray) -> np.ndarray:
        found = np.empty(use.shape)
        for number, variant in enumerate(self.variants):
            mine = self.nearest == number
            found[mine] = between(table(variant), variant.use, use[mine], rows[mine], end)
        return found


def between(table: np.ndarray, at: np.ndarray, use: np.ndarray, rows: np.ndarray, end: str) -> np.ndarray:
    """Return a table's values between its columns, on a line; beyond the last column as there.

    Parameters
    ----------
    table : array of shape (r, g)
    at : array of shape (g,)
        Rising places of the columns.
    use, rows : array of one shape
        Place and row of each value.
    end : str
        Between a finite value and an infinite one: low takes the finite one, high the infinite one, middle the nearer.

    Examples
    --------
    >>> table, at, row = np.array([[1.0, 3.0, np.inf]]), np.array([0.0, 1.0, 2.0]), np.zeros(3, dtype=int)
    >>> between(table, at, np.array([0.5, 1.2, 9.0]), row, "low").tolist()
    [2.0, 3.0, inf]
    """
    left = np.clip(np.searchsorted(at, use, side="right") - 1, 0, at.size - 2)
    part = np.clip((use - at[left]) / (at[left + 1] - at[left]), 0, 1)
    first, second = table[rows, left], table[rows, left + 1]
    known = np.isfinite(first) & np.isfinite(second)
    line = first + part * np.where(known, second - np.where(known, first, 0.0), 0.0)
    turns = {"low": 1.0, "middle": 0.5, "high": np.finfo(float).tiny}[end]
    return np.where(known, line, np.where(part >= turns, second, first))


def servers_drawn(pilot: Pilot, joint: JointSample, scenario: Scenario) -> dict[int, np.ndarray]:
    """Return the draws of the number of servers of each stage that has one, by its place; whole and at least 1."""
    limits, found = pilot.spec.latency.limits, {}
    for place, stage in enumerate(scenario.stages):
        if stage.servers is None:
            continue
        is_whole = scenario.visits is None  # a stage of the traces may bear any name
        given = limits.concurrency if is_whole else limits.stages[stage.name].concurrency
        name = "latency.limits.concurrency" if is_whole else f"latency.limits.stages.{stage.name}.concurrency"
        found[place] = servers(joint, given, name)
    return found


def variants_of(scenario: Scenario, drawn: dict[int, np.ndarray]) -> list[Scenario]:
    """Return the scenario at a few numbers of servers; one where they are certain."""
    made: list[Scenario] = []
    for share in policy.value("load_concurrency_shares"):
        changed = scenario
        for place, many in drawn.items():
            changed = with_servers(changed, place, round(float(np.quantile(many, share, method="inverted_cdf"))))
        if all(changed.stages != other.stages for other in made):
            made.append(changed)
    return made


def plan_of(
    scenario: Scenario, joint: JointSample, drawn: dict[int, np.ndarray], allowed: dict[int, np.ndarray],
    service: ServiceTimes | None, parts: Resampled | None,
) -> Plan:  # fmt: skip
    """Return what every draw of the plan uses, still without a response to read (`reading`).

    Parameters
    ----------
    drawn, allowed : dict of int to array
        Draws of the servers of each stage, and of what each limit allows a second.
    """
    shape = joint.replicates, joint.draws
    rows = np.zeros(shape, dtype=int) if parts is None else sample_rows(joint, len(parts.service_s))
    first, of_servers, central = (np.zeros(shape) for _ in range(3))
    for bound in bounds(scenario):
        mean, work = float(bound.work.mean()), float(bound.work.mean())
        able = (drawn if bound.kind == "servers" else allowed).get(bound.place, bound.able)
        if bound.kind == "servers" and parts is not None:
            work = (parts.in_service @ by_group(bound.work, service))[rows]
        if bound.kind == "servers":
            of_servers = np.maximum(of_servers, work / able)
        first, central = np.maximum(first, work / able), np.maximum(central, mean / able)
    whole = float(np.nansum(scenario.service_s, axis=1).mean()) if parts is None else parts.service_s[rows]
    return Plan((), np.zeros(shape, dtype=int), rows, first, of_servers, central, whole)


def reading(plan: Plan, variants: tuple[Variant, ...], drawn: dict[int, np.ndarray]) -> Plan:
    """Return the plan with a response for each draw: the one whose numbers of servers are nearest, by their ratios."""
    apart = [
        sum(
            (np.log(servers / v.servers[k]) ** 2 for k, servers in enumerate(drawn.values())), np.zeros(plan.rows.shape)
        )
        for v in variants
    ]
    return replace(plan, variants=variants, nearest=np.argmin(apart, axis=0))


def limits_drawn(pilot: Pilot, joint: JointSample, usage: UsageLog | None, scenario: Scenario) -> dict[int, np.ndarray]:
    """Return the draws of what each rate limit allows a second, by its place among the rules."""
    if scenario.limits is None:
        return {}
    known = rules_of(pilot, joint, call_sample(pilot, usage).models)
    by_key = {rule.key: allowed for rule, allowed in zip(known.rules, known.allowed, strict=True)}
    return {k: by_key[rule.key] / SECONDS_PER_MINUTE for k, rule in enumerate(scenario.limits.rules)}


def over_the_day(
    plan: Plan, mean: np.ndarray, peak_to_mean: np.ndarray, *, leaves_queue: bool
) -> dict[str, np.ndarray]:
    """Return each share over a day: one peak hour, the other hours level, arrays of shape (replicates, draws).

    Parameters
    ----------
    mean, peak_to_mean : array
        Mean requests a second of the day, and the peak hour's over it.
    leaves_queue : bool
        Whether whoever came in an overloaded peak hour still waits after it.
    """
    peak, rest = mean * peak_to_mean, rest_of_day(mean, peak_to_mean)
    at_peak, at_rest = ({key: plan.share(key, load) for key in SHARES} for load in (peak, rest))
    able = 1 / np.maximum(plan.servers, np.finfo(float).tiny) if leaves_queue else np.full(peak.shape, np.inf)
    weight = np.clip(peak_to_mean / HOURS_PER_DAY, 0, 1)
    day = {key: weight * at_peak[key] + (1 - weight) * at_rest[key] for key in SHARES}
    day["in_time"] = day_share(at_peak["in_time"], at_rest["in_time"], peak_to_mean=peak_to_mean, peak=peak, rest=rest,
                               capacity=able)  # fmt: skip
    return day


def sample_rows(joint: JointSample, resamples: int) -> np.ndarray:
    """Return which resample of the traces belongs to each draw, shape (replicates, draws)."""
    return np.minimum((joint.uniform("latency.traces") * resamples).astype(int), resamples - 1)


def day_share(
    peak_share: np.ndarray, rest_share: np.ndarray, *, peak_to_mean: np.ndarray, peak: np.ndarray, rest: np.ndarray,
    capacity: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return the share of a day's requests answered in time: one peak hour, the other hours level.

    A peak hour above what the servers can do leaves a backlog that is worked off afterwards; until then nothing is
    answered in time.

    Parameters
    ----------
    peak_share, rest_share : array
        Shares in time at the two rates.
    peak, rest, capacity : array
        Requests a second in the peak hour, in the other hours, and that the servers can do.
    """
    weight = np.clip(peak_to_mean / HOURS_PER_DAY, 0, 1)
    spare = np.maximum(capacity - rest, 1e-12)
    backlog_hours = np.clip(np.maximum(peak - capacity, 0) / spare / (HOURS_PER_DAY - 1), 0, 1)
    return weight * peak_share + (1 - weight) * rest_share * (1 - backlog_hours)


def rest_of_day(mean: np.ndarray, peak_to_mean: np.ndarray) -> np.ndarray:
    """Return the rate in the hours beside the peak hour, so that the day's mean stays what it is."""
    return np.maximum(mean * (HOURS_PER_DAY - peak_to_mean) / (HOURS_PER_DAY - 1), 0)
