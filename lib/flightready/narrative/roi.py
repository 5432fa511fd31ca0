"""Sentences about value."""

from __future__ import annotations

from flightready.evidence import Grade
from flightready.narrative.roi_plan import stopped
from flightready.roi.inputs import RoiInput
from flightready.roi.projection import GapPrice, RoiResult
from flightready.wording import count, in_hundred, interval, money, number, share


def answer(result: RoiResult) -> tuple[str, ...]:
    """Return the answer: present value with its interval and chance of a loss, or what can be said without one."""
    opening = "Estimates only: nothing behind this value has been measured yet." if result.estimates_only else ""
    if result.npv is None:
        return tuple(filter(None, (opening, _without_value(result))))
    v, c = result.npv, result.currency
    where = interval(v.low, v.high, lambda x: money(x, c))
    sentences = [
        opening,
        f"Over {count(result.horizon_months, 'month')} the present value of going to production is "
        f"{money(v.median, c)} "
        f"(nine times in ten {where}); it is above zero in {in_hundred(result.chance_positive)} of 100 draws.",
        stopped(result),
        _promise(result),
        payback(result),
    ]
    return tuple(filter(None, sentences))


def _promise(result: RoiResult) -> str:
    promised, c = result.npv_promised, result.currency
    accuracy = "the demo's accuracy" if result.has_demo else "the same accuracy (there is no demo set to compare with)"
    return (
        f"As promised it would be {money(promised.median, c)}: with {accuracy}, the pilot's cost, no reviews, "
        "everyone using it from the first day."
    )


def payback(result: RoiResult) -> str:
    """Return when the money comes back, and how often it never does."""
    if result.never_pays_back is None:
        return ""
    if result.payback_months is None:
        return f"In no draw does it pay back within {count(result.horizon_months, 'month')}."
    p = result.payback_months
    never = (
        f"; in {in_hundred(result.never_pays_back)} of 100 draws it never pays back"
        if result.never_pays_back > 0
        else ""
    )
    span = f"nine times in ten {p.low:.0f} to {p.high:.0f}"
    return f"Where it pays back in cash, not discounted, it does so after {p.median:.0f} months ({span}){never}."


def _without_value(result: RoiResult) -> str:
    b, c = result.break_even_benefit, result.currency
    worth = f"{money(b.median, c)} (nine times in ten {interval(b.low, b.high, lambda x: money(x, c))})"
    missing = {a.key for a in result.absences}
    if "workload" in missing and result.margin_per_request is not None:
        m = result.margin_per_request
        return (
            f"Without a planned load there is no present value. One request earns {money(m.median, c)} after its "
            f"own costs "
            f"(nine times in ten {interval(m.low, m.high, lambda x: money(x, c))}); it breaks even when a rightly "
            f"handled case is worth {worth}."
        )
    if "workload" in missing:
        return (
            "Without a planned load and a worth of a case there is no present value. "
            f"A request pays for itself when a rightly handled case is worth {worth}."
        )
    return (
        "Without the worth of a case there is no present value. "
        f"Building and running it pays off when a rightly handled case is worth {worth}."
    )


def gap_sentence(result: RoiResult) -> str:
    """Return which gap takes most of the promised value."""
    if not result.gaps:
        return "The price of the gaps needs a planned load and the worth of a case."
    top = result.gaps[0]
    if top.mean <= 0:
        return "No gap takes value away from the promise." + _means(result)
    known = (
        "the gap is measured, its worth estimated"
        if top.grade is Grade.MEASURED
        else f"{top.grade}, so measure it first"
    )
    return (
        f"The costliest gap is '{top.label}': on average it takes {money(top.mean, result.currency)} of the promised "
        f"value ({known})."
    ) + _means(result)


def _means(result: RoiResult) -> str:
    c, v = result.currency, result.npv
    unknown = "" if result.has_demo else " What the fall in accuracy costs is not known: there is no demo set."
    return (
        f" These are means, because means add up; the mean value of production is {money(v.mean, c)}, the middle one "
        f"{money(v.median, c)}.{unknown}"
    )


def gap_row(gap: GapPrice, currency: str) -> tuple[str, ...]:
    """Return one gap as table cells: label, mean, interval, grade, gaps of the field."""
    span = interval(gap.low, gap.high, lambda x: money(x, currency))
    return gap.label, money(gap.mean, currency), span, str(gap.grade), ", ".join(gap.gaps)


def input_row(row: RoiInput, currency: str) -> tuple[str, ...]:
    """Return one input as table cells: label, median, interval, grade, source."""
    write = writer(row.unit, currency)
    span = "certain" if row.low == row.high else interval(row.low, row.high, write)
    return row.label, write(row.median), span, str(row.grade), row.source


def writer(unit: str, currency: str):
    """Return how a value of a unit is written."""
    if unit == "share":
        return share
    if unit.startswith(currency):
        return lambda x: money(x, currency) + unit[len(currency) :]
    if unit == "per year":
        return lambda x: share(x) + " a year"
    return lambda x: f"{number(x)} {unit}".strip()


def simulation_error(result: RoiResult) -> str:
    """Return how far the simulation itself may be off."""
    if result.npv is None:
        return ""
    return f"The simulation's own error of the middle value is {money(result.npv.simulation_error, result.currency)}."


def margin_sentence(result: RoiResult) -> str:
    """Return what one request earns and when it breaks even."""
    if result.margin_per_request is None or result.break_even_benefit is None:
        return ""
    m, b, c = result.margin_per_request, result.break_even_benefit, result.currency
    return (
        f"One request earns {money(m.median, c)} after its own costs (nine times in ten "
        f"{interval(m.low, m.high, lambda x: money(x, c))}). The whole breaks even when a rightly handled case is "
        f"worth "
        f"{money(b.median, c)} or more."
    )


def how_to_read_cash() -> str:
    """Return how to read the curve of cumulative cash."""
    return (
        "The dark band holds the middle half of the draws, the light band nine of ten. Each phase is paid in the month "
        "in which it begins, and building when it begins; running costs and benefits begin at launch. A draw that is "
        "stopped at a gate stays where it is from there on. This curve is not discounted."
    )


def how_to_read_gaps() -> str:
    """Return how to read the prices of the gaps."""
    return (
        "Each gap's price is its average effect over all orders in which the gaps could be closed, so the prices add "
        "up to the difference between promise and production. A hatched bar rests on a range that somebody assumed or "
        "estimated. A negative price means that the gap, taken alone, saves money: less use of a service that loses "
        "money on each case, for example."
    )
