"""Sentences about the pilot's results, the first days after the launch, and the plan against what came."""

from __future__ import annotations

from collections.abc import Callable

from flightready.evidence import Interval
from flightready.roi.actuals import PlanAgainstActual
from flightready.roi.actuals_findings import trend_sentence
from flightready.roi.approved import HIGH, LOW
from flightready.roi.detection import Detection, days_sentence
from flightready.roi.early import EarlyDays
from flightready.roi.effects import Compared
from flightready.roi.pilot_effects import BEFORE_AFTER, MetricEffect, PilotEffects
from flightready.roi.results_findings import effect_sentence, span_of, written
from flightready.wording import count, in_hundred, interval, money, number, share

NO_RESULTS = (
    "No results of the pilot are named, so the value rests on what people expect. Bring one row for each arm, period "
    "and metric (arm, period, metric, n, value, sd) under pilot_results."
)
NO_EARLY = (
    "What the first days after the launch show needs a planned load and the worth of a case, or a change to look for: "
    "baseline and target of the outcome, or roi.comparison.effect."
)
NO_ACTUALS = (
    "No actual figures are named. When the case is approved, freeze it with flightready approve; after the launch "
    "write month, value and cost into a table and name it under roi.actuals."
)


def results_answer(found: PilotEffects | None) -> tuple[str, ...]:
    """Return what the pilot showed against today's way of working, and what to know before trusting it."""
    if found is None:
        return (NO_RESULTS,)
    effect = found.deciding
    if effect.better is None:
        span = span_of(effect, effect.whole.interval)
        first = (
            f"'{effect.metric}' differs by {written(effect, effect.whole.difference)} between the arms (nine times in "
            f"ten {span}); nothing says whether lower or higher is better."
        )
    else:
        first = effect_sentence(found)
    return tuple(filter(None, (first, _against_plan(found), told(found))))


def told(found: PilotEffects) -> str:
    """Return what was guessed, left out, or looks odd, as sentences."""
    return " ".join(f"{t[:1].upper()}{t[1:]}." for t in found.told)


def _against_plan(found: PilotEffects) -> str:
    effect = found.deciding
    if found.planned is None or effect.better is None:
        return ""
    value, ends = effect.better
    low, high = ends.low / found.planned, ends.high / found.planned
    said = (
        f"That is {share(value / found.planned)} of the planned {written(effect, found.planned)} (nine times in ten "
        f"{interval(low, high, share)})"
    )
    if high < 1:
        return f"{said}: less than was hoped."
    return f"{said}: as hoped." if low >= 1 else f"{said}; whether it is as hoped is not clear yet."


def effect_rows(found: PilotEffects) -> list[tuple[str, ...]]:
    """Return the effects as table cells, the deciding metric first, period by period and together."""
    rows: list[tuple[str, ...]] = []
    for effect in (found.deciding, *found.others):
        rows += [_row(effect, p.period, p.compared) for p in effect.periods if len(effect.periods) > 1]
        whole = effect.periods[0].period if len(effect.periods) == 1 else "all together"
        rows.append(_row(effect, whole, effect.whole))
    rows += [
        (r.metric, "all together", f"{r.n:,}", share(r.share), "", interval(r.interval.low, r.interval.high, share), "")
        for r in found.rates
        if found.effect(r.metric) is None
    ]
    return rows


def _row(effect: MetricEffect, period: str, c: Compared) -> tuple[str, ...]:
    write = share if effect.is_share else number
    change = "" if c.relative is None else f"{'+' if c.relative > 0 else ''}{share(c.relative)}"
    name = effect.metric if not effect.unit or effect.is_share else f"{effect.metric} ({effect.unit})"
    ends = _ends(effect, c.interval)
    return (
        name,
        period,
        f"{c.treated.n:,} / {c.control.n:,}",
        write(c.treated.mean),
        write(c.control.mean),
        ends,
        change,
    )


def _ends(effect: MetricEffect, ends: Interval) -> str:
    return span_of(effect, ends) if effect.is_share else interval(ends.low, ends.high, number)


def table_head(found: PilotEffects) -> tuple[str, ...]:
    """Return the headings of the table of effects."""
    return ("Metric", "Period", "n", found.treated, found.control, "Difference, nine times in ten", "Change")


def table_note(found: PilotEffects) -> str:
    """Return how the periods were put together."""
    if found.design == BEFORE_AFTER:
        return "The arms were measured one after the other; their ranges are widened by how far single periods differ."
    periods = len(found.deciding.periods)
    return f"Each of {periods} periods is compared with itself; a period weighs by its cases." if periods > 1 else ""


def early_answer(early: EarlyDays | None, currency: str) -> tuple[str, ...]:
    """Return what the first days after the launch bring, and when the planned comparison shows it."""
    if early is None or (early.first_days is None and early.detection is None):
        return (NO_EARLY,)
    return tuple(filter(None, (_first_days(early, currency), detection_sentence(early.detection))))


def _first_days(early: EarlyDays, currency: str) -> str:
    f = early.first_days
    if f is None:
        return "Whether the first days bring more than they cost needs a planned load and the worth of a case."
    span = interval(f.net.low, f.net.high, lambda x: money(x, currency))
    late = (
        f" In {in_hundred(f.too_late / (f.too_late + f.n_draws))} of 100 draws the horizon ends before that; they are "
        "left out."
        if f.too_late
        else ""
    )
    return (
        f"In the first {count(f.days, 'day')} after the launch the net benefit is above zero in "
        f"{in_hundred(f.chance_positive)} of 100 draws: {money(f.net.median, currency)} in the middle, nine times "
        f"in ten {span}. It also covers what was spent before in {in_hundred(f.chance_paid_back)} of 100.{late}"
    )


def detection_sentence(d: Detection | None) -> str:
    """Return when the planned comparison shows the effect."""
    if d is None:
        return "How long a comparison takes is not told: nothing says which change to look for."
    if d.days is not None:
        return days_sentence(d)
    if d.cases is None:
        return "The effect may be nothing, so no number of cases is sure to show it."
    cases = f"About {number(d.cases.median)} cases show a change of {share(abs(d.effect.median))}"
    if d.never:
        return f"{cases}; in {in_hundred(d.never)} of 100 draws a year after the launch does not bring so many."
    return f"{cases}; how long that takes needs a planned load (workload.users_per_day)."


FROM = {
    "comparison": "stated under roi.comparison", "results": "measured in the pilot",
    "outcome": "hoped for in the outcome", "policy": "assumed by the policy", "": "half, as nothing else is stated",
}  # fmt: skip
"""Where effect, spread and share come from, in words."""


def detection_rows(d: Detection) -> list[tuple[str, str, str]]:
    """Return what the comparison rests on as table cells."""
    rows = [
        ("Change to look for", _range(abs(d.effect.median), d.effect.low, d.effect.high, share), FROM[d.effect_from]),
        ("Spread of one case over the mean", _range(d.spread.median, d.spread.low, d.spread.high, share),
         FROM[d.spread_from]),
        ("Share of cases with it", share(d.treated_share), FROM[d.share_from]),
    ]  # fmt: skip
    if d.cases is not None:
        high = None if d.cases.high == float("inf") else d.cases.high
        rows.append(("Cases needed in both groups", _range(d.cases.median, d.cases.low, high, number), "computed"))
    return rows


def _range(middle: float, low: float, high: float | None, write: Callable[[float], str]) -> str:
    ends = (low, high) if high is None or low >= 0 else (abs(high), abs(low))
    span = interval(*ends, write)
    return write(middle) if span == write(middle) else f"{write(middle)} ({span})"


def actual_answer(found: PlanAgainstActual | None, currency: str) -> tuple[str, ...]:
    """Return what came against the plan, where it leads, and whether it improves."""
    if found is None:
        return (NO_ACTUALS,)
    parts = [_so_far(found, currency), _forecast(found, currency), trend_sentence(found)]
    parts += [" ".join(f"{t[:1].upper()}{t[1:]}." for t in found.told)]
    return tuple(filter(None, parts))


def _so_far(found: PlanAgainstActual, currency: str) -> str:
    came, last = money(float(found.cumulative[-1]), currency), found.labels[-1]
    if found.plan is None:
        return (
            f"By {last} {came} came in net. There is no approved case to compare with: freeze one with flightready "
            "approve."
        )
    at = int(found.months[-1])
    low, high = float(found.plan.cumulative[LOW][at]), float(found.plan.cumulative[HIGH][at])
    outside = len(found.below) + len(found.above)
    where = (
        f"{count(outside, 'month')} of {len(found.labels)} lay outside it ({len(found.below)} below, "
        f"{len(found.above)} above)"
        if outside
        else "no month lay outside it"
    )
    return (
        f"By {last} {came} came in net; the approved plan expects {interval(low, high, lambda x: money(x, currency))} "
        f"nine times in ten, and {where}."
    )


def _forecast(found: PlanAgainstActual, currency: str) -> str:
    f = found.forecast
    if f is None:
        return "" if found.plan is None else "Too few months have brought a benefit to say where this leads."
    span = interval(f.interval.low, f.interval.high, lambda x: money(x, currency))
    return (
        f"If the months to come keep the plan's shape at today's level, the whole comes to {money(f.value, currency)} "
        f"(nine times in ten {span}; planned {money(f.planned, currency)}): {share(f.benefit_ratio)} of the planned "
        f"benefit and {share(f.cost_ratio)} of the planned cost came so far."
    )


def actual_rows(found: PlanAgainstActual, currency: str) -> list[tuple[str, ...]]:
    """Return actual figures and plan by month as table cells."""
    rows = []
    for label, at, net, total in zip(found.labels, found.months, found.net, found.cumulative, strict=True):
        plan = place = ""
        if found.plan is not None:
            low, high = (float(found.plan.cumulative[i][int(at)]) for i in (LOW, HIGH))
            plan = interval(low, high, lambda x: money(x, currency))
            place = "below" if label in found.below else "above" if label in found.above else "within"
        rows.append((label, money(float(net), currency), money(float(total), currency), plan, place))
    return rows
