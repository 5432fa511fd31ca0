"""Findings of the actual figures: whether it improves, and whether it keeps the approved plan."""

from __future__ import annotations

from collections.abc import Iterator

from flightready import policy
from flightready.evidence import Finding, Grade, State
from flightready.roi.actuals import PlanAgainstActual
from flightready.roi.approved import HIGH, LOW, MIDDLE
from flightready.wording import count, interval, money


def findings(found: PlanAgainstActual | None) -> tuple[Finding, ...]:
    """Return whether it improves, and whether it keeps the plan; the scale gate asks both."""
    return () if found is None else (_improving(found), *_as_planned(found))


def _improving(found: PlanAgainstActual) -> Finding:
    t, c = found.trend, found.currency
    common = {"id": "roi.improving", "title": "Are we improving?", "grade": Grade.MEASURED, "n": t.months,
              "unit": f"{c} per month", "rule": "net_value_rises", "threshold": 0.0, "gaps": ("G4",),
              "sources": (found.file,), "collected": found.last, "state": t.state}  # fmt: skip
    if t.per_month is None:
        least = policy.value("least_months_of_trend")
        return Finding(sentence=f"{count(t.months, 'month')} of actual figures {'is' if t.months == 1 else 'are'} too "
                                f"few for a trend; {least} are needed.",
                       decides=count(least - t.months, "more month"), **common)  # fmt: skip
    return Finding(value=t.per_month, interval=t.interval, sentence=trend_sentence(found),
                   decides="More months of actual figures" if t.state is State.UNKNOWN else "", **common)  # fmt: skip


def trend_sentence(found: PlanAgainstActual) -> str:
    """Return how the net value moves from month to month."""
    t, c = found.trend, found.currency
    if t.per_month is None:
        return f"{count(t.months, 'month')} of actual figures: too few to say whether it improves."
    said = {State.PASS: "It improves", State.FAIL: "It gets worse"}.get(
        t.state, "Whether it improves cannot be told yet"
    )
    span = interval(t.interval.low, t.interval.high, lambda x: money(x, c))
    return (
        f"{said}: over the last {count(t.months, 'month')} the net value changes by {money(t.per_month, c)} from month "
        f"to month (nine times in ten {span})."
    )


def _as_planned(found: PlanAgainstActual) -> Iterator[Finding]:
    if found.plan is None:
        return
    at, c = int(found.months[-1]), found.currency
    low, middle, high = (float(found.plan.cumulative[i][at]) for i in (LOW, MIDDLE, HIGH))
    came = float(found.cumulative[-1])
    state = State.FAIL if came < low else State.PASS
    place = "below" if came < low else "above" if came > high else "within"
    yield Finding(
        id="roi.as_approved", title="Plan against actual", state=state, grade=Grade.MEASURED, value=came, unit=c,
        n=len(found.labels), rule="cumulative_within_plan", threshold=low, gaps=("G4",), sources=(found.file,),
        sentence=f"By {found.labels[-1]} {money(came, c)} came in net, {place} the approved range of "
                 f"{interval(low, high, lambda x: money(x, c))} (middle {money(middle, c)}).",
        collected=found.last,
    )  # fmt: skip
