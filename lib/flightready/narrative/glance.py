"""A pilot in five figures: what the data misses, accuracy, cost, time and value, each with its range and its state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flightready.evidence import Finding, State
from flightready.narrative.readiness import STATE_SYMBOL, STATE_WORDS
from flightready.study import Study
from flightready.wording import interval, money, seconds, share

NOT_KNOWN = "not known yet"
_OPEN = (State.UNKNOWN, "? cannot tell yet")


@dataclass(frozen=True)
class Figure:
    """One figure: label, value as written, range beside it, state of its finding, and that state in words."""

    label: str
    value: str
    beside: str
    state: State
    mark: str


def figures(study: Study) -> tuple[Figure, ...]:
    """Return the five figures in the order of the notebooks; one that is not known says so."""
    return (_data(study), _accuracy(study), _cost(study), _latency(study), _value(study))


def _data(study: Study) -> Figure:
    found, label = study.realism.completeness, "Raw records that miss a value"
    if found is None:
        return Figure(label, NOT_KNOWN, "needs a raw sample", *_OPEN)
    rate = found.overall
    # a count of defects has no threshold of its own: what it costs shows in accuracy
    return Figure(label, share(rate.share), interval(rate.interval.low, rate.interval.high, share), State.NA, "")


def _accuracy(study: Study) -> Figure:
    result, label = study.evaluation, "Right answers on raw data"
    if result.raw is None:
        return Figure(label, NOT_KNOWN, "needs right answers for raw records", *_OPEN)
    demo = f"demo {share(result.curated.share)}; " if result.curated else ""
    span = interval(result.raw.interval.low, result.raw.interval.high, share)
    state = _state(result.findings, "evaluation.raw_accuracy")
    return Figure(label, share(result.raw.share), f"{demo}{span}", *state)


def _cost(study: Study) -> Figure:
    result = study.cost

    def write(amount: float) -> str:
        return money(amount, result.currency)

    state = _state(result.findings, "cost.approved")
    if result.monthly is not None:
        span = interval(result.monthly.low, result.monthly.high, write)
        approved = f"approved {write(result.approval.approved_usd)}; " if result.approval is not None else ""
        return Figure("A month in production", write(result.monthly.median), approved + span, *state)
    if result.per_request is not None:
        each = result.per_request
        span = interval(1000 * each.low, 1000 * each.high, write)
        return Figure("1,000 requests cost", write(1000 * each.median), span, *state)
    return Figure("A month in production", NOT_KNOWN, "needs a usage log or export", *_OPEN)


def _latency(study: Study) -> Figure:
    result = study.latency
    slow = next((p for p in (*result.planned, *result.pilot) if p.name == "p95"), None)
    label = "95 of 100 requests take up to" if slow is None or not result.planned else "At peak 95 of 100 take up to"
    if slow is None:
        return Figure(label, NOT_KNOWN, "needs traces of requests", *_OPEN)
    budget = f"budget {seconds(slow.budget_s)}; " if slow.budget_s else ""
    value = "no answer" if slow.value_s is None else seconds(slow.value_s)
    beside = f"{budget}{interval(slow.low_s, slow.high_s, seconds)}"
    return Figure(label, value, beside, *_state(result.findings, "latency.p95"))


def _value(study: Study) -> Figure:
    result = study.roi

    def write(amount: float) -> str:
        return money(amount, result.currency)

    if result.npv is not None:
        span = interval(result.npv.low, result.npv.high, write)
        label = f"Present value over {result.horizon_months} months"
        return Figure(label, write(result.npv.median), span, *_state(result.findings, "roi.present_value"))
    even = result.break_even_benefit
    span = interval(even.low, even.high, write)
    return Figure("A right answer must be worth", write(even.median), f"{span}; assumed", *_OPEN)


def _state(findings: Iterable[Finding], name: str) -> tuple[State, str]:
    """State and words; what has no limit to be judged by is said to be that, not unknown."""
    found = next((f for f in findings if f.id == name), None)
    if found is None or (found.state is State.UNKNOWN and found.threshold is None):
        return State.UNKNOWN, "? not judged: no limit stated"
    return found.state, f"{STATE_SYMBOL[found.state]} {STATE_WORDS[found.state]}"
