"""Findings on latency: the budget (R3), the fallback (R7), and whether the planned load was ever tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.evidence import Finding, Grade, Interval, State, judge_at_least
from flightready.latency.context_findings import WAITS_FOR, context_findings
from flightready.latency.percentiles import Percentile, capped
from flightready.wording import rounded, seconds

if TYPE_CHECKING:
    from flightready.latency.result import LatencyResult

_GAP = ("G4",)


def findings(result: LatencyResult, pilot: Pilot) -> tuple[Finding, ...]:
    """Return the findings on latency."""
    tried = _load_tried(result)
    return (
        *_budget_findings(result), *context_findings(result), *([tried] if tried else []), _fallback(result, pilot),
    )  # fmt: skip


def _budget_findings(result: LatencyResult) -> tuple[Finding, ...]:
    """One finding for each percentile that has a budget, at the planned peak where it can be said."""
    if not result.budgets_s:
        return (_no_budget(result),) if result.pilot and result.context != "batch" else ()  # nobody waits for a batch
    planned = {p.name: p for p in result.planned}
    made = []
    for measured in result.pilot:
        if measured.budget_s is None:
            continue
        at_peak = planned.get(measured.name)
        made.append(_at_peak(result, measured, at_peak) if at_peak else _in_pilot(result, measured))
    return tuple(made)


def _at_peak(result: LatencyResult, measured: Percentile, planned: Percentile) -> Finding:
    grade = result.planned_grade
    state = capped(planned.state, grade)
    peak = result.capacity.peak_per_second
    why = _not_sure(result, measured, planned, state)
    decides = "" if state is not State.UNKNOWN else _decides_at_peak(result, measured, planned, grade)
    if why:
        state, decides = State.UNKNOWN, "A load test at the planned peak, traced for an hour or more"
    return _budget_finding(
        result, planned, state, grade,
        f"At the planned peak of {rounded(peak.median)} requests a second {_claim(planned, result)}; "
        f"in the pilot {_short(measured)}. The budget is {seconds(planned.budget_s)}.{why}",
        decides,
    )  # fmt: skip


def _not_sure(result: LatencyResult, measured: Percentile, planned: Percentile, state: State) -> str:
    """Why the queue formula or the traces do not carry a yes or a no; empty when they do."""
    if result.service is None or state is State.UNKNOWN:
        return ""
    regular, scatter = float(policy.value("latency_regular_service")), result.service.variation
    span_s = result.n / result.pilot_per_second if result.pilot_per_second else 0.0
    if state is State.PASS and span_s < policy.value("latency_least_span_s"):
        return f" The traces cover {seconds(span_s)} only, one moment of one day."
    if state is State.PASS and scatter > regular:
        return " The measured times scatter more than the queue formula takes them to, so the wait may be longer."
    bounded = planned.high_s is not None  # a queue that never ends does so however regular the service is
    if state is State.FAIL and measured.state is not State.FAIL and bounded and scatter < regular:
        return " The measured times scatter less than the queue formula takes them to, so the wait may be shorter."
    return ""


def _in_pilot(result: LatencyResult, measured: Percentile) -> Finding:
    """Without the planned peak a failure stays a failure, as waiting only adds; anything else cannot be told."""
    state = measured.state if measured.state is State.FAIL else State.UNKNOWN
    where = {"spans": "At the pilot's load", "calls": "In the model's calls alone",
             "stages": "By the typed percentiles of the stages"}[result.source]  # fmt: skip
    return _budget_finding(
        result,
        measured,
        state,
        result.grade,
        f"{where} {_claim(measured, result)}. The budget is {seconds(measured.budget_s)}.",
        "" if state is State.FAIL else _decides_in_pilot(result, measured),
    )


def _budget_finding(
    result: LatencyResult, shown: Percentile, state: State, grade: Grade, sentence: str, decides: str
) -> Finding:
    return Finding(
        id=f"latency.{shown.name}", title=f"{shown.name} of the {WAITS_FOR[result.context]}", sentence=sentence,
        state=state, grade=grade, value=shown.value_s, unit="s", interval=Interval(shown.low_s, shown.high_s),
        n=result.n or None, rule=f"latency.budget.{shown.name}", threshold=shown.budget_s, questions=("R3",), gaps=_GAP,
        tags=("reliability",), decides=decides,
    )  # fmt: skip


def _no_budget(result: LatencyResult) -> Finding:
    shown = next(p for p in result.pilot if p.name == "p95")
    return Finding(
        id="latency.no_budget",
        title="Latency budget",
        questions=("R3",),
        gaps=_GAP,
        state=State.UNKNOWN,
        grade=result.grade,
        sentence=f"No budget is stated; in the pilot {_claim(shown, result)}.",
        value=shown.value_s,
        unit="s",
        interval=Interval(shown.low_s, shown.high_s),
        n=result.n or None,
        decides="The longest acceptable time under latency.budget, such as p95: 2 s",
    )


def _decides_at_peak(result: LatencyResult, measured: Percentile, planned: Percentile, grade: Grade) -> str:
    if planned.state is State.PASS or result.source != "spans":
        return _what_measures(result, grade)
    if measured.requests_needed is not None and measured.n < measured.requests_needed:
        return f"{measured.requests_needed:,} traced requests, so that {measured.name} is bounded from above"
    if measured.state is State.UNKNOWN and measured.requests_to_decide:
        return f"About {measured.requests_to_decide:,} traced requests, if the share in time stays what it is"
    needed = result.capacity.needed
    more = f", or {needed:,} served at once" if needed and needed > (result.capacity.concurrency or 0) else ""
    return f"A narrower range for the planned peak{more}"


def _decides_in_pilot(result: LatencyResult, measured: Percentile) -> str:
    if result.source != "spans":
        return "Traces of some hundred requests under latency.spans"
    missing = []
    if result.capacity is None:
        missing.append("the planned load under workload.users_per_day")
    if result.capacity is None or result.capacity.concurrency is None:
        missing.append("how many can be served at once under latency.limits.concurrency")
    if result.service is not None and result.service.low_s.size == 0:
        return "Traces of requests that were answered"
    text = " and ".join(missing)
    return text[:1].upper() + text[1:]


def _what_measures(result: LatencyResult, grade: Grade) -> str:
    if grade is Grade.ASSUMED:
        return "State workload.requests_per_user and workload.peak_to_mean; house assumptions stand in for them"
    if result.source == "spans":
        return "Whole traces: too many are cut off to stand for the rest"
    return "Traces of some hundred requests under latency.spans"


def _load_tried(result: LatencyResult) -> Finding | None:
    """Whether the pilot ever had as many requests at work at once as the planned peak brings."""
    flight = None if result.capacity is None else result.capacity.in_flight
    if flight is None or result.busiest_at_once is None:
        return None
    most, threshold = result.busiest_at_once, float(policy.value("latency_load_tried"))
    ratios = sorted(most / max(x, np.finfo(float).tiny) for x in (flight.low, flight.high))
    state = capped(judge_at_least(Interval(*ratios), threshold), result.planned_grade)
    tried = state is State.PASS
    return Finding(
        id="latency.load_tried",
        title="Planned load was tried",
        sentence=(
            f"In the traces at most {most:,} request{'s were' if most != 1 else ' was'} at work at once; the "
            "planned peak "
            f"keeps {rounded(flight.median)} at work on average. "
            + ("The pilot has run at that load." if tried else "What happens at that load was computed, not tried.")
        ),
        state=state if tried else State.UNKNOWN,
        grade=result.planned_grade,
        value=most / flight.median,
        unit="share of the planned peak",
        interval=Interval(*ratios),
        n=result.n,
        rule="latency_load_tried",
        threshold=threshold,
        gaps=("G2", "G4"),
        tags=("reliability",),
        decides="" if tried else "A load test at the planned peak, traced",
    )


def _fallback(result: LatencyResult, pilot: Pilot) -> Finding:
    """The declared policy for slow and failed calls; declaring is not testing."""
    rule = pilot.spec.latency.policy
    declared = [
        *([f"a time-out of {seconds(rule.timeout.median)}"] if rule.timeout else []),
        *([f"{rule.retries} retr{'y' if rule.retries == 1 else 'ies'}"] if rule.retries is not None else []),
        *([f"the fallback '{rule.fallback.replace('_', ' ')}'"] if rule.fallback not in (None, "none") else []),
    ]
    if rule.fallback == "none":
        sentence, decides = "The assessment declares that there is no fallback when the pilot fails.", (
            "A manual path, a cached known-good answer or a clear error, declared and drilled")  # fmt: skip
        state = State.FAIL
    elif not declared:
        sentence = "Neither time-out, retries nor fallback are declared."
        decides, state = (
            "Declare them under latency.policy, and drill time-out, 429, 5xx and malformed answers",
            State.UNKNOWN,
        )
    else:
        but = "" if rule.fallback else ", and no fallback"
        sentence = f"Declared: {_and(declared)}{but}. Declaring is not testing: no drill is recorded."
        decides, state = "Drill time-out, 429, 5xx and malformed answers, and record how each ended", State.UNKNOWN
    late = result.over_timeout
    if late and rule.timeout:
        sentence += f" {late:,} of {result.n:,} traced requests took longer than the time-out."
    return Finding(
        id="latency.fallback",
        title="Fallback defined and tested",
        sentence=sentence,
        state=state,
        grade=Grade.ESTIMATED,
        questions=("R7",),
        gaps=("G2",),
        tags=("reliability", "availability", "safety"),
        decides=decides,
    )


def _claim(p: Percentile, result: LatencyResult) -> str:
    """Such as: 95 of 100 requests take up to 4.2 s (3.9 s to 4.6 s)."""
    hundred = f"{100 * p.share:g} of 100 requests"
    if p.value_s is None:
        return f"not even {hundred} are answered ({_why_unbounded(p, result)})"
    if p.high_s is None:
        bound = f"{seconds(p.low_s)} or more; " if p.low_s is not None else ""
        return f"{hundred} take up to about {seconds(p.value_s)} ({bound}no upper bound: {_why_unbounded(p, result)})"
    return f"{hundred} take up to {seconds(p.value_s)} ({seconds(p.low_s or 0.0)} to {seconds(p.high_s)})"


def _why_unbounded(p: Percentile, result: LatencyResult) -> str:
    if p.unbounded == "overload":
        over, at_once = result.capacity.overload_probability, result.capacity.concurrency
        return f"in {100 * over:.0f} of 100 cases of the plan more arrive than {at_once:,.0f} at once can work on"
    return {
        "few": f"{p.n:,} traced requests are too few",
        "failures": f"{result.n_failed:,} of {result.n:,} traced requests failed",
        "part": "what surrounds the model's calls is not in the log",
        "tail": "a stage has no p95",
    }[p.unbounded]


def _short(p: Percentile) -> str:
    return seconds(p.value_s) if p.value_s is not None else "not all were answered"


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
