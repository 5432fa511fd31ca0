"""Cells on a month in production: its parts, one unit of value, what drives it, and how it grows with users."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.result import CostResult
from flightready.cost.units import UnitCost
from flightready.figures import cost as figures
from flightready.figures import cost_month as month_figures
from flightready.narrative import cost_month as words
from flightready.narrative import cost_terms as terms
from flightready.pages import display
from flightready.pages.display import Prose, Table
from flightready.study import Study
from flightready.wording import share


def month(study: Study) -> go.Figure | Table | Prose:
    """The forecast of a month against the approved amount."""
    if study.cost.monthly is None:
        return Prose(())
    return figures.figure_month(study.cost)


def meaning_month(study: Study) -> Prose:
    """What the forecast means."""
    return display.meaning(*words.meaning_month(study.cost))


def parts(study: Study) -> go.Figure | Prose:
    """A month by part; 1,000 requests without a planned load."""
    if not _has_month(study.cost):
        return Prose(())
    return month_figures.figure_parts(study.cost)


def meaning_parts(study: Study) -> Prose:
    """Which part weighs most, what is not counted, and what would save."""
    return display.meaning(*words.meaning_parts(study.cost))


def part_table(study: Study) -> Table | Prose:
    """The parts of a month in figures, each with how sure it is and who says so."""
    result = study.cost
    if not _has_month(result):
        return Prose(())
    total = result.month.total_usd
    mean = float(total.mean())
    rows = [(terms.part_label(p), terms.amount(result, p.summary.median),
             terms.between(result, p.summary.low, p.summary.high), share(p.summary.mean / mean), str(p.grade), p.source)
            for p in result.month.parts]  # fmt: skip
    planned = result.month.is_planned
    if planned:
        m = result.monthly
        rows.append(("All", terms.amount(result, m.median), terms.between(result, m.low, m.high), share(1.0), "", ""))
        rows += [(f"On top: {terms.part_label(p)}", terms.amount(result, p.summary.median),
                  terms.between(result, p.summary.low, p.summary.high), "", str(p.grade), p.source)
                 for p in result.month.on_top]  # fmt: skip
    note = "Shares are of the mean and add up; the middles of parts need not add up to the middle of the whole."
    head = ("Part", f"{'A month' if planned else '1,000 requests'} ({result.currency})", "Nine times in ten", "Share",
            "How sure", "Source")  # fmt: skip
    return Table("A month by part" if planned else "1,000 requests by part", head, rows, frozenset({1, 2, 3}), note)


def units(study: Study) -> Table | Prose:
    """What one unit costs: a call, a request, an answer, a right answer, a month, a year."""
    result = study.cost
    if not result.units:
        return Prose(())
    rows = [_unit_row(result, unit) for unit in result.units]
    head = ("Unit", f"Middle ({result.currency})", "Nine times in ten", "n", "How sure")
    note = "A call is the model alone; every other unit holds its part of all that a month costs."
    if result.monthly is None:
        note = "Only what grows with the requests; what a month costs whatever the load is not spread over them."
    return Table("What one unit costs, the bill alone", head, rows, frozenset({1, 2, 3}), note)


def _unit_row(result: CostResult, unit: UnitCost) -> tuple[str, ...]:
    name, s = terms.THOUSANDS.get(unit.key), unit.summary
    many = 1000 if name else 1
    return (
        name or terms.UNITS[unit.key].capitalize(), terms.amount(result, many * s.median),
        terms.between(result, many * s.low, many * s.high), "" if unit.n is None else f"{unit.n:,}", str(unit.grade),
    )  # fmt: skip


def meaning_units(study: Study) -> Prose:
    """What one unit of value and a year cost."""
    return display.meaning(*words.meaning_units(study.cost))


def drivers(study: Study) -> go.Figure | Prose:
    """What the range of a month comes from."""
    if not study.cost.drivers:
        return Prose(())
    return month_figures.figure_drivers(study.cost)


def meaning_drivers(study: Study) -> Prose:
    """Which input moves the month most."""
    return display.meaning(*words.meaning_drivers(study.cost))


def driver_table(study: Study) -> Table | Prose:
    """The inputs that move the month, in figures."""
    result = study.cost
    if not result.drivers:
        return Prose(())
    rows = [(terms.input_label(d.name), share(round(d.share, 2)), terms.amount(result, d.low_usd),
             terms.amount(result, d.high_usd)) for d in result.drivers]  # fmt: skip
    head = ("Input", "Share of the spread", "A month at its lowest tenth", "A month at its highest tenth")
    return Table("What the range of a month comes from", head, rows, frozenset({1, 2, 3}))


def at_scale(study: Study) -> go.Figure | Table | Prose:
    """Cost against users where a load is planned, else against round numbers of requests."""
    result = study.cost
    if result.curve is not None:
        return month_figures.figure_users(result)
    return figures.figure_volumes(result) if result.volumes else Prose(())


def meaning_at_scale(study: Study) -> Prose:
    """What growth means."""
    return display.meaning(*words.meaning_users(study.cost))


def volumes(study: Study) -> Table | Prose:
    """What a month costs at round numbers of requests."""
    result = study.cost
    if not result.volumes:
        return Prose(())
    rows = [(f"{v.requests:,}", terms.amount(result, v.median_usd), terms.between(result, v.low_usd, v.high_usd))
            for v in result.volumes]  # fmt: skip
    head = ("Requests a month", f"Middle ({result.currency})", "Nine times in ten")
    return Table("What a month would cost", head, rows, frozenset({0, 1, 2}))


def _has_month(result: CostResult) -> bool:
    return result.month is not None and bool(result.month.total_usd.any())
