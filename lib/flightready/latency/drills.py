"""Fault drills in simulation: what a storm, an outage or a slow mode makes of the requests at the planned peak.

Each drill runs beside an undisturbed run with the same luck, so that what differs is the fault. Every request ends in
exactly one way: answered by an attempt, by the fallback, or with a clear error; a request that ended in none of them
would be a defect of the program and stops it. The drills themselves are data: policy/latency_drills.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from flightready import policy
from flightready.evidence import Interval
from flightready.latency.drill_course import WAYS, Course, counted, errors, recovered
from flightready.latency.fallback import PeopleLoad, Team, people_load
from flightready.latency.scenario import Scenario, run
from flightready.traffic.simulation_result import OUTCOMES, SimulationResult
from flightready.traffic.system import Fault

_MINUTE_S = 60.0


@dataclass(frozen=True)
class Plan:
    """One drill as the policy states it.

    Parameters
    ----------
    key, name, kind, why, source : str
        `kind` is one of the simulation's faults.
    length_s : float
    share : float
        Part of the attempts that meet the fault.
    factor : float
        How many times as long a slow call takes.
    """

    key: str
    name: str
    kind: str
    length_s: float
    share: float
    factor: float
    why: str
    source: str


@dataclass(frozen=True)
class DrillResult(Plan):
    """One drill as it is planned, run at one load; shares are of the requests that came while the fault lasted.

    Parameters
    ----------
    shortened : int
        How many times shorter it was simulated, because very many requests come; 1 otherwise.
    runs, requests : int
        Runs, and requests that came while the fault lasted, all runs together.
    ends : bool
        Whether every call ends; a stuck call without a time-out never does, and nothing is simulated then.
    is_steady : bool
        Whether the undisturbed run keeps up with the load.
    answered, late, degraded, lost : float
        Answered in time or late, by the fallback, with a clear error.
    error : dict of str to Interval
        90 % interval of the simulation's own error of these shares.
    attempts, usual_attempts : float
        Attempts for each request, and in the undisturbed run.
    usual_answered : float
        Share answered in time in the undisturbed run.
    after : dict of str to float
        The same shares of the requests that came between the end of the fault and the end of the run.
    recovered_after_s : float or None
        Time from the end of the fault until the share in time is back within chance of the undisturbed one; None where
        it is not until the end of the run. Of a shortened run as many times longer, as a backlog is.
    watched_s : float
        How long after the end of the fault was looked at.
    course, usual : Course or None
        Over time, and the undisturbed run.
    people : PeopleLoad or None
        What falls back on people in one such fault.
    """

    shortened: int = 1
    runs: int = 0
    requests: int = 0
    ends: bool = True
    is_steady: bool = True
    answered: float = math.nan
    late: float = math.nan
    degraded: float = math.nan
    lost: float = math.nan
    error: dict[str, Interval] | None = None
    attempts: float = math.nan
    usual_attempts: float = math.nan
    usual_answered: float = math.nan
    after: dict[str, float] | None = None
    recovered_after_s: float | None = None
    watched_s: float = 0.0
    course: Course | None = None
    usual: Course | None = None
    people: PeopleLoad | None = None

    @property
    def is_known(self) -> bool:
        """Whether enough requests met the fault for its shares to say something."""
        return self.ends and self.requests >= int(policy.value("drill_least_requests"))

    @property
    def recovers(self) -> bool | None:
        """Whether it is back to normal before the end of the run; None where the undisturbed run keeps up no better."""
        return None if not (self.is_known and self.is_steady) else self.recovered_after_s is not None


@dataclass(frozen=True)
class _Span:
    """When a fault begins and ends in a run, and when the run does, seconds; and how often it is run."""

    start_s: float
    end_s: float
    until_s: float
    shortened: int
    runs: int


def plans() -> tuple[Plan, ...]:
    """Return the drills of the policy.

    Examples
    --------
    >>> [plan.key for plan in plans()][:3]
    ['timeout_storm', 'burst_5xx', 'storm_429']
    """
    return tuple(
        Plan(key, d["name"], d["kind"], d["minutes"] * _MINUTE_S, float(d["share"]), float(d["factor"]), d["why"],
             d["source"])
        for key, d in policy.read("latency_drills.yaml").items()
    )  # fmt: skip


def drilled(
    scenario: Scenario, per_second: float, *, seed: int, crew: Team | None, wanted: Iterable[Plan] | None = None
) -> tuple[DrillResult, ...]:
    """Run every drill on a scenario at one load.

    Parameters
    ----------
    per_second : float
        Requests a second, above 0.
    crew : Team or None
        People who take over, where they are the fallback.
    wanted : iterable of Plan, optional
        Drills to run; those of the policy by default.
    """
    undisturbed: dict[_Span, list[SimulationResult]] = {}
    made = []
    for plan in plans() if wanted is None else wanted:
        if plan.kind == "stuck" and not _gives_up(scenario):
            made.append(DrillResult(**asdict(plan), ends=False))
            continue
        span = _span(plan, per_second)
        if span not in undisturbed:
            undisturbed[span] = _runs(scenario, per_second, span, seed, ())
        fault = Fault(plan.kind, span.start_s, span.end_s, faulted_stage(scenario), plan.share, plan.factor)
        disturbed = _runs(scenario, per_second, span, seed, (fault,))
        made.append(_result(plan, span, per_second, disturbed, undisturbed[span], crew, seed))
    return tuple(made)


def faulted_stage(scenario: Scenario) -> int:
    """Return the stage that calls the model: the one with the rate limits, else the one that takes longest."""
    limits = scenario.limits if isinstance(scenario.limits, tuple) else (scenario.limits,)
    limited = [one.stage for one in limits if one is not None and one.rules]
    if limited:
        return limited[0]
    visited = range(len(scenario.stages)) if scenario.visits is None else [v.stage for v in scenario.visits]
    work_s = np.zeros(len(scenario.stages))
    np.add.at(work_s, list(visited), np.nan_to_num(scenario.service_s).mean(axis=0))
    return int(np.argmax(work_s))


def _gives_up(scenario: Scenario) -> bool:
    return bool(np.all(np.isfinite(scenario.client.timeout_s)))


def _span(plan: Plan, per_second: float) -> _Span:
    """Windows of a run, all shorter by one factor where so many requests come that it would take long."""
    before_s, after_s = float(policy.value("drill_before_s")), float(policy.value("drill_after_s"))
    expected = per_second * (before_s + plan.length_s + after_s)
    shortened = max(1, math.ceil(expected / int(policy.value("drill_most_requests"))))
    runs = int(min(max(policy.value("drill_requests") * shortened // expected, 1), policy.value("drill_most_runs")))
    start_s, end_s = before_s / shortened, (before_s + plan.length_s) / shortened
    return _Span(start_s, end_s, end_s + after_s / shortened, shortened, runs)


def _runs(
    scenario: Scenario, per_second: float, span: _Span, seed: int, faults: tuple[Fault, ...]
) -> list[SimulationResult]:
    expected = per_second * span.until_s
    requests = math.ceil(expected + 4 * math.sqrt(expected)) + 1  # so that a run is nearly surely long enough
    return [
        run(scenario, per_second, requests=requests, seed=seed, name=f"drill {i}", faults=faults)
        for i in range(span.runs)
    ]


def _result(
    plan: Plan, span: _Span, per_second: float, disturbed: list[SimulationResult], usual: list[SimulationResult],
    crew: Team | None, seed: int,
) -> DrillResult:  # fmt: skip
    edges = _edges(span, per_second)
    course, normal = counted(disturbed, edges, span.start_s), counted(usual, edges, span.start_s)
    length_s, watched_s = span.end_s - span.start_s, span.until_s - span.end_s
    recovered_s = recovered(course, normal, length_s)
    during = {way: course.share(way, 0.0, length_s) for way in WAYS}
    return DrillResult(
        **asdict(plan), shortened=span.shortened, runs=span.runs,
        requests=int(course.requests[(course.edge_s[:-1] >= 0) & (course.edge_s[1:] <= length_s)].sum()),
        is_steady=2 * sum(map(_keeps_up, usual)) >= len(usual),
        answered=during["in_time"], late=during["late"], degraded=during["degraded"], lost=during["lost"],
        error=errors(disturbed, span.start_s, span.end_s), attempts=course.per_request("attempts", 0.0, length_s),
        usual_attempts=normal.per_request("attempts", 0.0, length_s),
        usual_answered=normal.share("in_time", 0.0, length_s),
        after={way: course.share(way, length_s) for way in WAYS},
        recovered_after_s=None if recovered_s is None else recovered_s * span.shortened,
        watched_s=watched_s * span.shortened, course=course, usual=normal,
        people=None if crew is None else _people(crew, disturbed[0], span, seed, plan.key),
    )  # fmt: skip


def _keeps_up(result: SimulationResult) -> bool:
    """Whether the stages can do what is asked of them; what a limit turns away for ever leaves no backlog."""
    return not (result.is_growing or any(s.servers is not None and s.offered >= 1 for s in result.stages))


def _edges(span: _Span, per_second: float) -> np.ndarray:
    """Cuts of the time of a run: minutes, or longer where few come; the fault begins and ends at one of them."""
    least_s = float(policy.value("drill_bin_requests")) / (per_second * span.runs)
    bin_s = max(float(policy.value("drill_bin_s")) / span.shortened, least_s)
    marks = (0.0, span.start_s, span.end_s, span.until_s)
    parts = [np.linspace(a, b, max(1, round((b - a) / bin_s)) + 1)[:-1] for a, b in pairwise(marks)]
    return np.append(np.concatenate(parts), span.until_s)


def _people(crew: Team, result: SimulationResult, span: _Span, seed: int, key: str) -> PeopleLoad | None:
    """What one such fault brings to people; a shortened run stands for its full length with the same rate."""
    came_s = result.finish_s[result.outcome == OUTCOMES.index("degraded")]
    came_s = np.sort(came_s[(came_s >= span.start_s)]) * span.shortened
    spread_s = np.tile(np.arange(span.shortened), came_s.size) / max(1, came_s.size)
    arrival_s = np.sort(np.repeat(came_s, span.shortened) + spread_s)
    return people_load(crew, arrival_s, end_s=span.end_s * span.shortened, seed=seed, name=key)
