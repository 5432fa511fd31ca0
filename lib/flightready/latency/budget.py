"""Latency against its budget: as measured in the pilot, and at the planned load."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, summarise
from flightready.evidence import Absence, Grade
from flightready.intervals import clopper_pearson_ends, wilson
from flightready.latency import findings as found
from flightready.latency.allocation import allocation
from flightready.latency.capacity import busiest
from flightready.latency.composition import composition, fan_out
from flightready.latency.contexts import batch, first_words
from flightready.latency.measured import service_times
from flightready.latency.omission import omission
from flightready.latency.percentiles import as_measured, from_composition
from flightready.latency.resamples import resampled
from flightready.latency.result import Answered, Kind, LatencyResult
from flightready.latency.retries import Retries, retry_effect
from flightready.latency.scenario import scenario
from flightready.latency.stage_change import each_changed
from flightready.latency.stage_uses import stage_uses
from flightready.latency.stages import TypedStages, stage_times, typed_stages
from flightready.latency.tail import tail
from flightready.latency.traces import Traces, from_calls, from_spans
from flightready.latency.under_load import under_load
from flightready.latency.waterfall import waterfall
from flightready.telemetry import UsageLog, read_several_spans
from flightready.traffic.demand import Demand
from flightready.traffic.limits import load_grade

_LAST_SECOND = 4_102_444_800.0  # the year 2100: beyond it a number is no time in seconds


def analyse(pilot: Pilot, joint: JointSample, demand: Demand | None, *, usage: UsageLog | None) -> LatencyResult:
    """Return how long requests take, at the pilot's load and at the planned peak, against the budget.

    Whole traces first, else the times of the model's calls in the usage log (a lower bound), else typed percentiles of
    stages, else only arithmetic of load and servers.

    Raises
    ------
    InputError
        When the traces cannot be read or cannot be, or typed percentiles do not rise.
    """
    shares = percentiles()
    budgets = _budgets(pilot)
    limit_s = in_time_limit(budgets)
    source, traces, typed = observed(pilot, usage, shares)
    base = _without_times(pilot, source, budgets, limit_s)
    if traces is not None:
        base = _with_traces(base, traces, shares, pilot)
    elif typed is not None:
        ranges = (from_composition(n, c, budgets.get(n)) for n, c in zip(shares, typed.composition, strict=True))
        base = replace(base, typed=typed, pilot=tuple(ranges), composition=typed.composition)
    base = _by_stage(base, pilot, joint, demand, traces, shares)
    base = _with_load(base, pilot, traces, joint, demand, usage=usage, shares=shares)
    base = replace(base, retries=_retries(pilot, usage, base))
    told = tuple(
        replace(f, sources=_files(pilot, base.source)) if f.n else f
        for f in found.findings(base, phase=pilot.spec.phase)
    )
    return replace(base, findings=told, absences=_absences(base, pilot, demand))


def percentiles() -> dict[str, float]:
    """Return the percentiles that are shown, by name."""
    return {name: float(share) for name, share in policy.value("latency_percentiles").items()}


def in_time_limit(budgets_s: dict[str, float]) -> float | None:
    """Return the time within which a request counts as in time: the shorter of the p95 and p99 budgets.

    Examples
    --------
    >>> in_time_limit({"p50": 1.0, "p95": 2.0, "p99": 4.0})
    2.0
    """
    *tails, middle = policy.value("latency_in_time_percentiles")
    known = [budgets_s[name] for name in tails if name in budgets_s]
    return min(known) if known else budgets_s.get(middle)


def _budgets(pilot: Pilot) -> dict[str, float]:
    budget = pilot.spec.latency.budget
    given = {"p50": budget.p50, "p95": budget.p95, "p99": budget.p99}
    return {name: q.median for name, q in given.items() if q is not None}


def traced_requests(pilot: Pilot) -> Traces | None:
    """Return the requests of the pilot's traces; None when it names none.

    Raises
    ------
    InputError
        When the traces cannot be read or cannot be.
    """
    names = pilot.spec.latency.spans
    if not names:
        return None
    where = pilot.where("latency", "spans")
    paths = [pilot.file(name, "latency", "spans") for name in names]
    return from_spans(
        read_several_spans(paths, where=where), where=f"{where}, {', '.join(p.name for p in paths)}",
        stage_names=pilot.spec.latency.stage_names, names_where=pilot.where("latency", "stage_names"),
    )  # fmt: skip


def observed(
    pilot: Pilot, usage: UsageLog | None, shares: dict[str, float]
) -> tuple[str, Traces | None, TypedStages | None]:
    """Return what is known of the times: its source (spans, stages, calls or none), and the traces or typed stages.

    Parameters
    ----------
    shares : dict of str to float
        Percentiles by name.
    """
    traced = traced_requests(pilot)
    if traced is not None:
        return "spans", traced, None
    typed = typed_stages(pilot, shares)
    if typed is not None:
        return "stages", None, typed
    traces = from_calls(usage.calls) if usage is not None and usage.calls is not None else None
    return ("calls" if traces is not None else "none"), traces, None


def _without_times(pilot: Pilot, source: str, budgets: dict[str, float], limit_s: float | None) -> LatencyResult:
    """The result as far as it needs no time."""
    context = pilot.spec.latency.context
    reference = policy.value("latency_reference_by_context")[context]
    return LatencyResult(
        source=source, grade=Grade.ASSUMED if source == "none" else Grade.ESTIMATED, n=0, n_failed=0, failed_share=None,
        pilot=(), planned=(), planned_grade=Grade.ASSUMED, budgets_s=budgets, in_time_limit_s=limit_s,
        pilot_in_time_share=None, pilot_in_time_interval=None, in_time_share=None, in_time_peak=None, in_time_day=None,
        answered=None, service=None, stages=(), composition=(), typed=None, kinds=(), problems=(), curve=None,
        capacity=None, retries=None, over_timeout=None, context=context,
        reference_s=None if reference is None else float(policy.value(reference)), busiest_at_once=None,
        pilot_per_second=None, last_day=None, findings=(), absences=(),
    )  # fmt: skip


def _with_traces(base: LatencyResult, traces: Traces, shares: dict[str, float], pilot: Pilot) -> LatencyResult:
    limit_s, timeout = base.in_time_limit_s, pilot.spec.latency.policy.timeout
    complete = traces.share_of("trace_without_root") <= float(policy.value("latency_incomplete_share"))
    in_time = None if limit_s is None else int(np.sum(traces.answer_s <= limit_s))
    most = busiest(traces.started_s, traces.total_s)
    return replace(
        base, grade=Grade.MEASURED if base.source == "spans" and complete else Grade.ESTIMATED,
        n=traces.n, n_failed=traces.n_failed, failed_share=wilson(traces.n_failed, traces.n),
        pilot=as_measured(traces.answer_s, shares, base.budgets_s, lower_bound=base.source == "calls"),
        pilot_in_time_share=None if in_time is None else in_time / traces.n,
        pilot_in_time_interval=None if in_time is None else wilson(in_time, traces.n),
        answered=_answered(traces), service=service_times(traces), stages=stage_times(traces),
        composition=composition(traces, list(shares.values())), kinds=_kinds(traces), problems=traces.problems,
        over_timeout=None if timeout is None else int(np.sum(traces.total_s > timeout.median)),
        busiest_at_once=None if most is None else most[0], pilot_per_second=None if most is None else most[1],
        last_day=_day(traces.started_s), named=traces.named, uses=stage_uses(traces),
        omission=omission(traces, pilot, shares=shares, budgets=base.budgets_s, limit_s=base.in_time_limit_s),
    )  # fmt: skip


def _by_stage(
    base: LatencyResult, pilot: Pilot, joint: JointSample, demand: Demand | None, traces: Traces | None,
    shares: dict[str, float],
) -> LatencyResult:  # fmt: skip
    """Add what whole requests say of their stages and of their tail, and what the context asks for beside it."""
    mean = None if base.typed is None else base.typed.mean_s
    samples = None if traces is None else resampled(traces, seed=pilot.spec.seed)
    base = replace(
        base, first_words=first_words(traces, pilot, shares),
        batch=batch(pilot, joint, demand, traces, samples, mean_s=mean, measured=base.grade is Grade.MEASURED)
        if base.context == "batch" else None,
    )  # fmt: skip
    if traces is None or samples is None or base.source != "spans":
        return base
    falls = (waterfall(traces, name, shares[name]) for name in ("p50", "p99"))
    return replace(
        base, waterfalls=tuple(w for w in falls if w is not None),
        allocations=allocation(traces, shares, base.budgets_s, seed=pilot.spec.seed),
        stage_changes=each_changed(traces, shares, samples), tail=tail(traces.total_s, traces.answered),
        fan_out=fan_out(traces, shares["p99"]),
    )  # fmt: skip


def _day(started_s: np.ndarray) -> dt.date | None:
    """Day (UTC) of the last traced request; None when the times are not those of a calendar."""
    last = float(np.max(started_s)) if started_s.size and np.isfinite(started_s).any() else 0.0
    return dt.datetime.fromtimestamp(last, tz=dt.UTC).date() if 0 < last < _LAST_SECOND else None


def _answered(traces: Traces) -> Answered:
    times, most = np.sort(traces.total_s[traces.answered]), int(policy.value("latency_most_times"))
    rank = np.arange(times.size) if times.size <= most else np.linspace(0, times.size - 1, most).round().astype(int)
    done = np.searchsorted(times, times[rank], side="right")  # requests answered within each time
    ends = clopper_pearson_ends(done, traces.n)
    return Answered(times[rank], traces.n, traces.n_failed, done / traces.n, *ends)


def _kinds(traces: Traces) -> tuple[Kind, ...]:
    most, share = int(policy.value("latency_most_stages")), percentiles()["p95"]
    made = []
    for i, name in enumerate(traces.kinds[:most]):
        mine = traces.answer_s[traces.kind == i]
        value = as_measured(mine, {"p95": share}, {})[0].value_s
        made.append(Kind(name, mine.size, int(np.sum(np.isinf(mine))), value))
    return tuple(made)


def _with_load(
    base: LatencyResult, pilot: Pilot, traces: Traces | None, joint: JointSample, demand: Demand | None, *,
    usage: UsageLog | None, shares: dict[str, float],
) -> LatencyResult:  # fmt: skip
    """Add what load makes of the requests, and the planned load where one is named."""
    limit_s = np.inf if base.in_time_limit_s is None else base.in_time_limit_s
    simulated = scenario(pilot, traces, joint=joint, usage=usage, budget_s=limit_s)
    loaded = under_load(pilot, simulated, base.service, base.pilot, joint=joint, demand=demand, usage=usage,
                       percentiles=shares)  # fmt: skip
    base = replace(base, curve=loaded.curve, capacity=loaded.capacity, scenario=simulated)
    if demand is None:
        return base
    base = replace(base, planned_grade=load_grade(demand, measured=base.grade is Grade.MEASURED))
    if loaded.planned is None:
        return base
    day, has_limit = loaded.planned.shares, base.in_time_limit_s is not None
    return replace(
        base, planned=loaded.planned.percentiles, in_time_share=day["in_time"] if has_limit else None,
        in_time_peak=loaded.planned.at_peak["in_time"] if has_limit else None,
        in_time_day=summarise(day["in_time"]) if has_limit else None, degraded_share=day["degraded"],
        lost_share=day["lost"], tries=day["tries"], planned_peak=loaded.planned.at_peak,
        gives_way_probability=loaded.planned.gives_way_probability,
    )  # fmt: skip


def _retries(pilot: Pilot, usage: UsageLog | None, base: LatencyResult) -> Retries | None:
    """What the declared retries do: by single calls when a log knows them, else by whole requests."""
    declared = pilot.spec.latency.policy.retries
    if declared is None:
        return None
    if usage is not None and usage.calls is not None:
        return retry_effect(len(usage.calls), int((usage.calls["status"] != "ok").sum()), declared, level="call")
    return retry_effect(base.n, base.n_failed, declared, level="request") if base.n else None


def _files(pilot: Pilot, source: str) -> tuple[str, ...]:
    """Names of the files that the times come from."""
    if source == "spans":
        return tuple(pilot.spec.latency.spans)
    return pilot.spec.cost.usage_files if source == "calls" else ()


def _absences(base: LatencyResult, pilot: Pilot, demand: Demand | None) -> tuple[Absence, ...]:
    missing = {
        "spans": base.source != "spans",
        "budget": not base.budgets_s,
        "workload": demand is None,
        "concurrency": pilot.spec.latency.limits.concurrency is None,
    }
    keys = [key for key, is_missing in missing.items() if is_missing]
    return tuple(policy.absences()[key] for key in keys)
