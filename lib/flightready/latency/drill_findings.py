"""Findings of the drills: the fallback (R7), a storm of 429s (R5), a missing time-out, and the availability.

A simulation proves the logic of a policy, not what was deployed: it can show that the fallback fails, and it leaves
open whether it works where it runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flightready import policy
from flightready.assessment import Pilot
from flightready.evidence import Finding, Grade, Interval, State, judge_at_least, judge_at_most
from flightready.latency.availability import ANSWERING, AvailabilityResult
from flightready.latency.percentiles import capped
from flightready.latency.result import LatencyResult
from flightready.wording import count, interval, number, seconds, share, share_of_time, together

if TYPE_CHECKING:
    from flightready.latency.resilience import Resilience

STORM_429 = "storm_429"
_FALLBACK_WORKS = "How often the fallback itself works, under latency.policy.fallback_works"
_ALL_TAGS = ("reliability", "availability", "safety")


def findings(found: Resilience, latency: LatencyResult, pilot: Pilot) -> tuple[Finding, ...]:
    """Return the findings of drills and availability."""
    made = [_fallback(found, latency, pilot), _no_timeout(found), _storm(found, pilot), _availability(found)]
    sources = tuple(pilot.spec.latency.spans) if latency.source == "spans" else ()
    return tuple(replace(f, sources=sources) if f.n else f for f in made if f is not None)


def _fallback(found: Resilience, latency: LatencyResult, pilot: Pilot) -> Finding:
    """The declared policy for slow and failed calls, and how it did in the drills."""
    state, sentence, decides = _declared(pilot)
    drilled, stuck = found.known, [d for d in found.drills if d.recovers is False]
    if drilled:
        sentence += f" {_drilled(found)}"
        decides = decides if state is State.FAIL else (
            "Drill the same faults in staging or production, and record how each ended: a simulation proves the logic, "
            "not what was deployed")  # fmt: skip
    if stuck and latency.planned_grade is not Grade.ASSUMED:
        stops = pilot.spec.latency.policy.timeout_stops
        state = state if stops is None else State.FAIL
        decides = "Fewer retries, a longer pause before them, a breaker, or more served at once" if stops else (
            "What a time-out stops, under latency.policy.timeout_stops: it was assumed that work goes on")  # fmt: skip
    late, timeout = latency.over_timeout, pilot.spec.latency.policy.timeout
    if late and timeout:
        took = "request" if late == 1 else "requests"
        sentence += f" {late:,} of {latency.n:,} traced {took} took longer than the time-out."
    return Finding(
        id="latency.fallback", title="Fallback defined and tested", sentence=sentence, state=state,
        grade=Grade.ESTIMATED, questions=("R7",), gaps=("G2",), tags=_ALL_TAGS, decides=decides,
    )  # fmt: skip


def _declared(pilot: Pilot) -> tuple[State, str, str]:
    """What is declared, as far as it goes: state, sentence, and what would decide."""
    rule = pilot.spec.latency.policy
    declared = [
        *([f"a time-out of {seconds(rule.timeout.median)}"] if rule.timeout else []),
        *([f"{count(rule.retries, 'retry')}"] if rule.retries is not None else []),
        *([f"the fallback '{rule.fallback.replace('_', ' ')}'"] if rule.fallback not in (None, "none") else []),
    ]
    drill = "time-out, 429, 5xx and malformed answers"
    if rule.fallback == "none":
        return (State.FAIL, "The assessment declares that there is no fallback when the pilot fails.",
                "A manual path, a cached known-good answer or a clear error, declared and drilled")  # fmt: skip
    if not declared:
        return (State.UNKNOWN, "Neither time-out, retries nor fallback are declared.",
                f"Declare them under latency.policy, and drill {drill}")  # fmt: skip
    but = "" if rule.fallback else ", and no fallback"
    return (State.UNKNOWN, f"Declared: {together(declared)}{but}. Declaring is not testing: no drill is recorded.",
            f"Drill {drill}, and record how each ended")  # fmt: skip


def _drilled(found: Resilience) -> str:
    """How the drills went, in two sentences."""
    known = found.known
    worst = max(known, key=lambda d: d.lost)
    said = f"In simulation at the planned peak each request of {count(len(known), 'drill')} ended in exactly one way"
    lost = (f"; most end without an answer when it is '{worst.name}': {share(round(worst.lost, 3))} of those that come "
            "meanwhile") if round(worst.lost, 3) else "; none of them without an answer"  # fmt: skip
    never = [f"'{d.name}'" for d in known if d.recovers is False]
    if never:
        return f"{said}{lost}. After {together(never)} it does not recover by itself."
    slowest = max((d for d in known if d.recovers), key=lambda d: d.recovered_after_s, default=None)
    if slowest is None:
        return f"{said}{lost}."
    back = slowest.recovered_after_s
    return f"{said}{lost}. It recovers by itself{f', at the latest after {seconds(back)}' if back else ', at once'}."


def _no_timeout(found: Resilience) -> Finding | None:
    """Without a time-out a stuck call waits for ever: nothing has to be simulated to know that."""
    if found.has_timeout or found.per_second is None:
        return None
    return Finding(
        id="latency.no_timeout", title="Time-out", state=State.UNKNOWN, grade=Grade.ASSUMED, questions=("R7",),
        gaps=("G2",), tags=_ALL_TAGS,
        sentence="No time-out is declared: without a time-out a stuck call waits for ever, and holds its place.",
        decides="The time-out of a call under latency.policy.timeout",
    )  # fmt: skip


def _storm(found: Resilience, pilot: Pilot) -> Finding | None:
    """Whether a storm of 429s loses a request, in simulation: the part of R5 that a simulation is asked for.

    What the fallback has to keep rests on how often it works, which is typed at best: that is no yes, and where the
    policy stands in for it no no either. At scale nothing that is only simulated is a yes.
    """
    storm = next((d for d in found.known if d.key == STORM_429), None)
    if storm is None:
        return None
    most = float(policy.value("drill_lost_share"))
    rule = pilot.spec.latency.policy
    is_assumed = rule.fallback in ANSWERING and rule.fallback_works is None
    is_typed = storm.error["lost"].high + storm.degraded > most and rule.fallback in ANSWERING
    grade = Grade.ESTIMATED if is_typed and found.grade is Grade.MEASURED else found.grade
    state = State.UNKNOWN if is_assumed else capped(judge_at_most(storm.error["lost"], most), grade)
    state = State.UNKNOWN if state is State.PASS and pilot.spec.phase == "scale" else state
    kept = "falls back" if storm.degraded > storm.answered + storm.late else "is answered"
    told = (f"Of the requests that come while {share(storm.share)} of the calls are turned away for "
            f"{seconds(storm.length_s)}, {share(round(storm.lost, 3))} end without an answer in simulation "
            f"({interval(storm.error['lost'].low, storm.error['lost'].high, lambda v: share(round(v, 3)))}); "
            f"most of the rest {kept}, with {storm.attempts:.2f} attempts a request.")  # fmt: skip
    return Finding(
        id="latency.storm_429", title="A storm of 429s", sentence=told, state=state, grade=grade,
        value=storm.lost, unit="share of the requests", interval=storm.error["lost"], n=storm.requests,
        rule="drill_lost_share", threshold=most, questions=("R5",), gaps=("G4",), tags=("reliability", "availability"),
        decides=_decides_storm(found, storm.error["lost"].high <= most, state, is_assumed),
    )  # fmt: skip


def _decides_storm(found: Resilience, is_kept: bool, state: State, is_assumed: bool) -> str:
    if state is not State.UNKNOWN:
        return ""
    if is_assumed:
        return _FALLBACK_WORKS
    if found.grade is Grade.MEASURED and is_kept:
        return "The same storm in staging or production, and how often the fallback then worked"
    if found.grade is Grade.MEASURED:
        return "A fallback that works more surely, or more retries with a longer pause"
    return "Traces of some hundred requests under latency.spans, and the planned load as it was measured"


def _availability(found: Resilience) -> Finding | None:
    a = found.availability
    if a.available is None or a.target is None:
        return None
    ends = Interval(a.available.low, a.available.high)
    state, lost = capped(judge_at_least(ends, a.target), a.grade), float(f"{a.minutes.median:.2g}")
    return Finding(
        id="latency.availability", title="Availability", state=state, grade=a.grade, value=a.available.median,
        unit="share of the time", interval=ends, n=a.n or None, rule="latency.availability.target", threshold=a.target,
        gaps=("G2",), tags=("availability",), decides="" if state is not State.UNKNOWN else _decides_availability(a),
        sentence=(
            f"Requests get an answer {share_of_time(a.available.median)} of the time "
            f"({interval(a.available.low, a.available.high, share_of_time)}): {number(lost)} minutes of a "
            f"month without one, where the target of {share_of_time(a.target)} allows {number(a.allowed_minutes)}."
        ),
    )  # fmt: skip


def _decides_availability(a: AvailabilityResult) -> str:
    if a.fallback and a.fallback_works is None:
        return _FALLBACK_WORKS
    if a.grade is not Grade.MEASURED:
        return "The availability of each upstream and of the fallback as measured over months, not as promised"
    return "More traced requests, so that the share that fails is known more closely"
