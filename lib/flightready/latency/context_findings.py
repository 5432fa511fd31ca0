"""Findings that depend on who waits: the first words of a streamed answer, and a batch that must be done in its day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flightready import policy
from flightready.evidence import Finding, Grade, Interval, State, judge_at_most
from flightready.latency.percentiles import Percentile, capped
from flightready.wording import interval, number, seconds

if TYPE_CHECKING:
    from flightready.latency.result import LatencyResult

WAITS_FOR = {
    "interactive": "time to the answer",
    "blocking_form": "wait in front of the form",
    "streaming": "time to the end of the streamed answer",
    "batch": "time of one request of the batch",
}
"""What the percentiles of whole requests are called in each context."""


def context_findings(result: LatencyResult) -> tuple[Finding, ...]:
    """Return the findings on first words and on a batch, as far as the context asks for them."""
    return (*_first_words(result), *((_batch(result),) if result.context == "batch" else ()))


def _first_words(result: LatencyResult) -> tuple[Finding, ...]:
    """One finding for each budget of the first words; one in all where a streamed answer lacks budget or times."""
    found = result.first_words
    if found is None:
        return ()
    made = tuple(_against_budget(p, result.grade) for p in found.percentiles if p.budget_s is not None)
    if made or not (found.budgets_s or result.context == "streaming"):
        return made
    if found.percentiles:
        shown = next(p for p in found.percentiles if p.name == "p95")
        said = f"No budget for the first words is stated; in the pilot {_claim(shown)}."
        decides = "The longest acceptable time until the first words under latency.budget.first_token"
    else:
        said = "Answers are read as they come, and when their first words come is not known."
        decides = "Traces with the time of the first token, such as the event or attribute of OpenTelemetry for it"
    return (Finding(
        id="latency.first_token", title="Time to the first words", sentence=said, state=State.UNKNOWN,
        grade=result.grade if found.n else Grade.ASSUMED, n=found.n or None, questions=("R3",), gaps=("G4",),
        tags=("reliability",), decides=decides,
    ),)  # fmt: skip


def _against_budget(p: Percentile, grade: Grade) -> Finding:
    """In the pilot a budget can only be missed: at the planned peak a wait comes before the first words."""
    state = p.state if p.state is State.FAIL else State.UNKNOWN
    return Finding(
        id=f"latency.first_token.{p.name}", title=f"{p.name} of the time to the first words",
        sentence=f"At the pilot's load {_claim(p)}. The budget is {seconds(p.budget_s)}.", state=state, grade=grade,
        value=p.value_s, unit="s", interval=Interval(p.low_s, p.high_s), n=p.n,
        rule=f"latency.budget.first_token.{p.name}", threshold=p.budget_s, questions=("R3",), gaps=("G4",),
        tags=("reliability",),
        decides="" if state is State.FAIL else "A load test at the planned peak, with the time of the first token",
    )  # fmt: skip


def _claim(p: Percentile) -> str:
    hundred = f"{100 * p.share:g} of 100 requests"
    if p.value_s is None:
        return f"not even {hundred} show a first word"
    known = p.low_s is not None or p.high_s is not None
    between = interval(p.low_s, p.high_s, seconds) if known else "no bounds yet"
    return f"{hundred} show their first words within {seconds(p.value_s)} ({between})"


def _batch(result: LatencyResult) -> Finding:
    """Whether the requests of a day are worked off within the day: nobody waits, but a backlog would never end."""
    found, allowed = result.batch, float(policy.value("latency_batch_hours"))
    title, limits = "The batch of a day is done in time", {"questions": ("R3",), "gaps": ("G2", "G4")}
    waits = "Nobody waits for a batch; what counts is when it is done."
    if found is None:
        return Finding(
            id="latency.batch", title=title, state=State.UNKNOWN, grade=Grade.ASSUMED, **limits,
            sentence=f"{waits} How long a day's requests take is not known.",
            decides="The load under workload.users_per_day, latency.limits.concurrency, and the time of a request",
        )  # fmt: skip
    hours = found.hours
    state = capped(judge_at_most(Interval(hours.low, hours.high), allowed), found.grade)
    return Finding(
        id="latency.batch", title=title, state=state, grade=found.grade, **limits,
        sentence=f"{waits} The requests of a day are worked off in {number(hours.median)} hours "
                 f"({interval(hours.low, hours.high, number)}); a day has {number(allowed)}.",
        value=hours.median, unit="hours", interval=Interval(hours.low, hours.high), n=result.n or None,
        rule="latency_batch_hours", threshold=allowed, tags=("reliability",),
        decides="" if state is not State.UNKNOWN else "A narrower plan of the load, or traces of some hundred requests",
    )  # fmt: skip
