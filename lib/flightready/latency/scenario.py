"""One pilot as the simulation sees it: stages with their servers, whole requests, limits, and whoever calls.

The parts of one request stay together as one row, and a failed request is a row that fails after its time in service.
A further attempt is the whole request again, with the times of another row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, generator
from flightready.errors import InputError, nearest
from flightready.evidence import Grade
from flightready.latency.caller import breaker, caller
from flightready.latency.stages import TypedStages, typed_stages
from flightready.latency.traces import BETWEEN, Traces
from flightready.telemetry import UsageLog
from flightready.traffic.arrivals import in_hours
from flightready.traffic.call_sample import call_sample
from flightready.traffic.limit_rules import Rule, charges, rules_of
from flightready.traffic.peaks import MINUTES_PER_HOUR
from flightready.traffic.simulation import simulate
from flightready.traffic.simulation_result import SimulationResult
from flightready.traffic.system import Breaker, Client, Fault, Limits, Stage, Visit
from flightready.wording import count

WHOLE = "the whole request"
_ONE_ATTEMPT = "Each traced request counts as one attempt: declared retries come on top of what it did by itself."
_NEW_LUCK = (
    "A further attempt takes the time and the luck of another request; one that fails for its own sake would fail "
    "again, so that retries help less than here."
)
_REQUIRED_PERCENTILES = {"p95": 0.95}


@dataclass(frozen=True)
class Scenario:
    """What is simulated.

    Parameters
    ----------
    stages : tuple of Stage
    visits : tuple of Visit or None
        Which stage each column of `service_s` visits, and in which order; None: one stage after the other.
    service_s : array of shape (rows, columns)
        Times in service, seconds; a row is one request.
    failure : array of shape (rows,)
        Chance that an attempt with this row fails once it is served; 1 for a request that failed.
    limits : Limits or None
    client : Client
    breaker : Breaker or None
    budget_s : float
        Time within which an answer is in time, seconds; infinite without a budget.
    grade : Grade
        measured for rows of whole traces, estimated otherwise.
    notes : tuple of str
        What was taken for granted, sentences.
    """

    stages: tuple[Stage, ...]
    visits: tuple[Visit, ...] | None
    service_s: np.ndarray
    failure: np.ndarray
    limits: Limits | None
    client: Client
    breaker: Breaker | None
    budget_s: float
    grade: Grade = Grade.MEASURED
    notes: tuple[str, ...] = ()

    @property
    def has_pool(self) -> bool:
        """Whether it is known of any stage how many it serves at once."""
        return any(stage.servers is not None for stage in self.stages)


def scenario(
    pilot: Pilot, traces: Traces | None, *, joint: JointSample, usage: UsageLog | None, budget_s: float = np.inf
) -> Scenario | None:
    """Return the pilot as the simulation sees it, or None when no time of a request is known.

    With `limits.concurrency` alone a request holds one of so many places from start to end, and the rate limits stand
    in front of it. With `limits.stages` each stage named there has places of its own, and everything else has as many
    as it takes.

    Parameters
    ----------
    traces : Traces or None
        Requests of the pilot; None where stages are typed in, or nothing is known.
    budget_s : float
        Time within which an answer is in time, seconds.

    Raises
    ------
    InputError
        When a stage that the limits name is not among those of the requests.
    """
    if traces is None or not traces.n:
        typed = typed_stages(pilot, _REQUIRED_PERCENTILES)
        if typed is None:
            return None
        traces, grade, notes = drawn(typed, joint.seed), Grade.ESTIMATED, [_about(typed)]
    else:
        grade, notes = Grade.MEASURED, [_ONE_ATTEMPT]
    _check_names(pilot, traces.stages)
    stages, visits, service_s = _pools(pilot, traces, notes)
    declared = pilot.spec.latency.policy
    client, of_client = caller(declared, budget_s)
    if client.retries and (~traces.answered).any():
        notes.append(_NEW_LUCK)
    limits = _limits(pilot, joint, usage, traces.n, [s.name for s in stages], notes)
    failure = (~traces.answered).astype(float)
    return Scenario(
        stages, visits, service_s, failure, _for_each_visit(limits, visits, service_s), client, breaker(declared),
        budget_s, grade, (*notes, *of_client),
    )  # fmt: skip


def run(
    scenario: Scenario, per_second: float, *, requests: int, seed: int, name: str = "",
    peak_minute: float | None = None, minutes: int = MINUTES_PER_HOUR, faults: tuple[Fault, ...] = (),
    row: np.ndarray | None = None, arrival_s: np.ndarray | None = None,
) -> SimulationResult:  # fmt: skip
    """Simulate a scenario at one load.

    Parameters
    ----------
    per_second : float
        Requests a second, above 0.
    requests : int
        Requests that come, at least 1; one hour after the other.
    seed, name : int, str
        The same give the same arrivals, only faster or slower, and the same luck at any load.
    peak_minute, minutes : float, int
        Busiest minute of each hour over its mean minute, and how many minutes of an hour are followed.
    faults : tuple of Fault
    row : array of shape (requests,), optional
        Row of each request; drawn at random by default.
    arrival_s : array of shape (n,), optional
        When requests come, in order, in place of what `per_second`, `requests` and the minutes would make.
    """
    if arrival_s is None:
        dice = generator(seed, "latency", "arrivals", name)
        arrival_s = in_hours(requests, per_second, dice, peak_minute=peak_minute, minutes=minutes)
    return simulate(
        arrival_s, scenario.service_s, scenario.stages, seed=seed, name=name, client=scenario.client,
        limits=scenario.limits, failure=scenario.failure, row=row, visits=scenario.visits, breaker=scenario.breaker,
        faults=faults,
    )  # fmt: skip


with_ = replace
"""A scenario with some fields changed, as `dataclasses.replace`."""


def drawn(typed: TypedStages, seed: int) -> Traces:
    """Return requests of typed stages: each stage evenly spread over its lognormal, in an order of its own."""
    rows = int(policy.value("scenario_typed_rows"))
    even = special.ndtri((np.arange(rows) + 0.5) / rows)
    columns = []
    for name, p50, p95 in zip(typed.names, typed.p50_s, typed.p95_s, strict=True):
        sigma = np.log(p95 / p50) / float(special.ndtri(_REQUIRED_PERCENTILES["p95"]))
        columns.append(p50 * np.exp(sigma * generator(seed, "latency", "typed stage", name).permutation(even)))
    stage_s = np.column_stack(columns)
    return Traces(
        stage_s.sum(axis=1), np.ones(rows, dtype=bool), np.full(rows, np.nan), typed.names, stage_s,
        np.column_stack([stage_s, np.zeros(rows)]), ("request",), np.zeros(rows, dtype=int), (),
    )  # fmt: skip


def _about(typed: TypedStages) -> str:
    tail = f" {_quoted(typed.no_tail)} without a tail." if typed.no_tail else ""
    return ("Times of requests are drawn from the typed times of the stages, as if one stage had nothing to do with "
            f"another; how often a request fails is not known.{tail}")  # fmt: skip


def _check_names(pilot: Pilot, names: tuple[str, ...]) -> None:
    limits = pilot.spec.latency.limits
    if not names:  # requests known as a whole only
        return
    for name in limits.stages:
        if name not in names:
            raise _unknown(pilot, name, names, "stages", name)
    if limits.at is not None and limits.at not in names:
        raise _unknown(pilot, limits.at, names, "at")


def _unknown(pilot: Pilot, name: str, names: tuple[str, ...], *path: str) -> InputError:
    return InputError(
        f"no stage of the requests is named '{name}'", where=pilot.where("latency", "limits", *path),
        valid=", ".join(names), cure=nearest(name, names),
    )  # fmt: skip


def _pools(
    pilot: Pilot, traces: Traces, notes: list[str]
) -> tuple[tuple[Stage, ...], tuple[Visit, ...] | None, np.ndarray]:
    """The stages with their servers, which of them each column of the service times visits, and these times."""
    limits, waiting = pilot.spec.latency.limits, pilot.spec.latency.policy.waiting
    room = None if waiting is None else round(waiting.median)
    at_once = None if limits.concurrency is None else max(round(limits.concurrency.median), 1)
    pools = {name: s for name, s in limits.stages.items() if s.concurrency is not None or s.waiting is not None}
    if not traces.stages or (not pools and (at_once is not None or limits.at is None)):
        if limits.at is not None:
            notes.append("Who is turned away at the rate limits does not hold a place meanwhile.")
        return (Stage(WHOLE, at_once, room),), None, traces.total_s[:, None]
    if at_once is not None:
        notes.append("The places of the stages count; how many whole requests may be at work at once does not.")
    stages = tuple(_stage(name, pools.get(name), room) for name in (*traces.stages, BETWEEN))
    counted = [s for s, name in enumerate(traces.stages) if name in pools or name == limits.at]
    return stages, *visited(traces, counted)


def visited(traces: Traces, counted: Sequence[int]) -> tuple[tuple[Visit, ...], np.ndarray]:
    """Return the visits of whole requests to their stages, and the time of each, NaN where a request makes none.

    Each stage is at work as long as it was in the trace; what then is left of the request's time comes last, in no
    stage. Where several calls of a stage ran side by side, each is a visit.

    Parameters
    ----------
    counted : sequence of int
        Stages at which the number of calls counts.
    """
    stage_s = np.where(traces.made, traces.stage_s, 0.0)
    step = np.asarray(traces.steps, dtype=int)
    by_step = [stage_s[:, step == number].max(axis=1) for number in np.unique(step)]
    worked = np.sum(by_step, axis=0) if by_step else np.zeros(traces.n)
    # stages that ran beside each other in this request alone: cut so that it takes as long as it did
    stage_s = stage_s * np.divide(traces.total_s, worked, out=np.ones(traces.n), where=worked > traces.total_s)[:, None]
    visits, columns = [], []
    for s in range(len(traces.stages)):
        beside = traces.spent_s[:, s] / np.where(traces.stage_s[:, s] > 0, traces.stage_s[:, s], np.inf)
        copies = np.clip(np.rint(beside), 1, int(policy.value("scenario_most_copies")) if s in counted else 1)
        for copy in range(int(copies.max())):
            visits.append(Visit(s, int(step[s])))
            columns.append(np.where(traces.made[:, s] & (copies > copy), stage_s[:, s], np.nan))
    visits.append(Visit(len(traces.stages), int(step.max(initial=-1)) + 1))
    columns.append(np.maximum(traces.total_s - worked, 0.0))
    return tuple(visits), np.column_stack(columns)


def _stage(name: str, given: Any, room: int | None) -> Stage:
    if given is None:
        return Stage(name)
    servers = None if given.concurrency is None else max(round(given.concurrency.median), 1)
    return Stage(name, servers, room if given.waiting is None else round(given.waiting.median))


def _limits(
    pilot: Pilot, joint: JointSample, usage: UsageLog | None, rows: int, names: list[str], notes: list[str]
) -> Limits | None:
    """The rate limits, each row paired with the tokens of one request of the log, at random."""
    sample = call_sample(pilot, usage)
    rules = rules_of(pilot, joint, sample.models).rules
    if not rules:
        return None
    taken = [charges(sample, rule) for rule in rules]
    by_request = [[np.add.reduceat(part, sample.first[:-1]) for part in each] for each in taken]
    known = [k for k, (held, _) in enumerate(by_request) if np.isfinite(held).all()]
    if len(known) < len(rules):
        notes.append("Limits on tokens are left out: how many a request takes is not known.")
    if not known:
        return None
    kept_rules = tuple(rules[k] for k in known)
    held, kept = (np.column_stack([by_request[k][end] for k in known]) for end in (0, 1))
    row = _paired(kept, kept_rules, rows, joint.seed)
    at = pilot.spec.latency.limits.at
    return Limits(kept_rules, *_within(held[row], kept[row], kept_rules, notes),
                  stage=names.index(at) if at in names else 0, delays=not policy.value("scenario_rejects"))  # fmt: skip


def _for_each_visit(limits: Limits | None, visits: tuple[Visit, ...] | None, service_s: np.ndarray) -> Limits | None:
    """What a request takes from the limits, shared evenly among its calls of the stage behind them."""
    if limits is None or visits is None:
        return limits
    here = [column for column, visit in enumerate(visits) if visit.stage == limits.stage]
    calls = np.maximum(np.sum(~np.isnan(service_s[:, here]), axis=1), 1)[:, None]
    return replace(limits, held=limits.held / calls, kept=limits.kept / calls)


def _paired(kept: np.ndarray, rules: tuple[Rule, ...], rows: int, seed: int) -> np.ndarray:
    """Which request of the log each row is paired with: evenly over small and large ones, in a random order."""
    order = np.argsort((kept / [rule.per_minute for rule in rules]).max(axis=1), kind="stable")
    even = ((np.arange(rows) + 0.5) / rows * len(kept)).astype(int)
    return generator(seed, "latency", "charges").permutation(order[even])


def _within(
    held: np.ndarray, kept: np.ndarray, rules: tuple[Rule, ...], notes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """What the rows take, none more than a limit ever holds."""
    capacity = np.array([rule.capacity for rule in rules])
    over = int((held > capacity).any(axis=1).sum())
    if over:
        large = f"{count(over, 'request')} of {len(held):,} would be larger than a limit ever holds"
        notes.append(f"{large}; each is taken as just as large, though the provider would refuse it.")
    return np.minimum(held, capacity), np.minimum(kept, capacity)


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
