"""Findings on latency: the budget (R3), and whether the planned load was ever tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.evidence import Finding, Grade, Interval, State, judge_at_least
from flightready.latency import omission
from flightready.latency.context_findings import WAITS_FOR, context_findings
from flightready.latency.percentiles import Percentile, capped
from flightready.wording import count, in_hundred, rounded, seconds

if TYPE_CHECKING:
    from flightready.latency.result import LatencyResult

_GAP = ("G4",)
_SCALE = "scale"


def findings(result: LatencyResult, *, phase: str) -> tuple[Finding, ...]:
    """Return the findings on latency.

    Parameters
    ----------
    phase : str
        Of the pilot; at scale a load that was only computed gives no yes.
    """
    left_out = None if result.omission is None else omission.finding(result.omission, grade=result.grade)
    shown = (left_out, _borne(result), _load_tried(result))
    return (*_budget_findings(result, phase), *context_findings(result), *(f for f in shown if f is not None))


def _budget_findings(result: LatencyResult, phase: str) -> tuple[Finding, ...]:
    """One finding for each percentile that has a budget, at the planned peak where it can be said."""
    if not result.budgets_s:
        return (_no_budget(result),) if result.pilot and result.context != "batch" else ()  # nobody waits for a batch
    planned = {p.name: p for p in result.planned}
    made = []
    for measured in result.pilot:
        if measured.budget_s is None:
            continue
        at_peak = planned.get(measured.name)
        made.append(_at_peak(result, measured, at_peak, phase) if at_peak else _in_pilot(result, measured))
    return tuple(made)


def _at_peak(result: LatencyResult, measured: Percentile, planned: Percentile, phase: str) -> Finding:
    grade = result.planned_grade
    state = capped(planned.state, grade)
    peak = result.capacity.peak_per_second
    why = _not_sure(result, state, phase)
    decides = "" if state is not State.UNKNOWN else _decides_at_peak(result, measured, planned, grade)
    if why:
        state, decides = State.UNKNOWN, "A load test at the planned peak, traced for an hour or more"
    return _budget_finding(
        result, planned, state, grade,
        f"At the planned peak of {rounded(peak.median)} requests a second {_claim(planned, result)}; "
        f"in the pilot {_short(measured)}. The budget is {seconds(planned.budget_s)}.{why}",
        decides,
    )  # fmt: skip


def _not_sure(result: LatencyResult, state: State, phase: str) -> str:
    """Why the traces do not carry a yes; empty when they do."""
    if result.service is None or state is State.UNKNOWN:
        return ""
    span_s = result.n / result.pilot_per_second if result.pilot_per_second else 0.0
    if state is State.PASS and span_s < policy.value("latency_least_span_s"):
        return f" The traces cover {seconds(span_s)} only, one moment of one day."
    if state is State.PASS and result.capacity.concurrency is None:
        return " How many can be served at once is not stated, so that no wait for a place is in it."
    tried = _load_tried(result)
    if state is State.PASS and phase == _SCALE and (tried is None or tried.state is not State.PASS):
        return " The pilot never ran at that load: what was computed is no yes for production at scale."
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
    needed, at_once = result.capacity.needed, result.capacity.concurrency
    more = f", or {needed:,} served at once" if needed and at_once and needed > at_once else ""
    if result.curve is not None and result.curve.why == "limit":
        more = f", or more than the rate limit '{result.curve.what}' allows"
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


def _borne(result: LatencyResult) -> Finding | None:
    """Whether the planned peak is borne: no stage and no limit is asked for more than it can do, retries included."""
    curve, over = result.curve, result.gives_way_probability
    if curve is None or over is None:
        return None
    low, high = float(policy.value("latency_borne_surely")), 1 - float(policy.value("latency_borne_surely"))
    state = State.PASS if over <= low else State.FAIL if over >= high else State.UNKNOWN
    peak, at = result.capacity.peak_per_second, curve.gives_way_per_second
    sentence = "The planned peak is borne in all cases of the plan, time-outs and retries included."
    if over:
        words = overload_words(result)
        sentence = (f"{words[:1].upper()}{words[1:]}. Simulated, that begins at {rounded(at)} requests a second; the "
                    f"planned peak is {rounded(peak.median)}.")  # fmt: skip
    return Finding(
        id="latency.borne", title="Planned peak is borne", sentence=sentence, state=capped(state, result.planned_grade),
        grade=result.planned_grade, value=over, unit="share of the cases of the plan", n=result.n or None,
        rule="latency_borne_surely", threshold=low, gaps=("G2", "G4"), tags=("reliability", "availability"),
        decides="" if state is not State.UNKNOWN else "A narrower range for the planned peak, or a load test at it",
    )  # fmt: skip


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
    return {
        "overload": overload_words(result),
        "few": f"{count(p.n, 'traced request')} {'is' if p.n == 1 else 'are'} too few",
        "failures": f"{result.n_failed:,} of {count(result.n, 'traced request')} failed",
        "part": "what surrounds the model's calls is not in the log",
        "tail": "a stage has no p95",
    }[p.unbounded]


def overload_words(result: LatencyResult) -> str:
    """Return how often the planned peak is more than is borne, and what gives way, as a clause."""
    if result.curve is None or not result.gives_way_probability:
        return "under load too many get no answer"
    where = f"in {in_hundred(result.gives_way_probability)} of 100 cases of the plan"
    at_once = "" if result.capacity.concurrency is None else f"{result.capacity.concurrency:,.0f} at once"
    return {
        "servers": f"{where} more arrive than {at_once} can work on",
        "storm": f"{where} time-outs and retries make so much work that nearly nobody is answered",
        "limit": f"{where} more is asked for than the rate limit '{result.curve.what}' allows",
    }[result.curve.why]


def _short(p: Percentile) -> str:
    return seconds(p.value_s) if p.value_s is not None else "not all were answered"
