"""Cost at scale as a workbook for finance: inputs to overwrite, totals that are live formulas, ranges as values.

Cells from data are texts, never formulas. There is no macro and no link to another file, and the same input gives the
same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from flightready.cost.running import not_counted
from flightready.cost.units import REQUEST, RIGHT
from flightready.draws import Summary, summarise
from flightready.narrative.cost_terms import part_label
from flightready.options.result import OptionResult, OptionsResult
from flightready.reports import cost_sheets as sheets
from flightready.reports.cost_inputs import cost_inputs, part_keys
from flightready.reports.workbook_cells import Page, Term, ratio
from flightready.study import Study
from flightready.study.document import versions

_WHY = (
    "The middle of a simulation is not the product of the middles. The simulation takes every input anew in each of "
    "its cases, multiplies, and tells the middle of the results; the sheets Month and Year multiply the middles once. "
    "Inputs with a long dear end, and inputs that move together, make the two differ. Decide on the simulated range; "
    "use the formulas to see what moves when an input does. The simulated figures do not follow what you type."
)
_OPTIONS = (
    "Simulated values, middle of each option; they do not follow what you type on Inputs. The differences are "
    "formulas. The pilot's own way holds the calls here, as the options do, not what runs beside them."
)
_ABOUT = (
    ("Formulas", "Month and Year work from the yellow cells of Inputs alone. Year holds the bill alone."),
    ("Staffing", "People who begin reviews in time are a factor on the cost of the reviews; it holds near the planned "
                 "load. Far below it a team is idle more often, and the factor is larger."),
    ("Your own version", "Save this file under another name before you change it. The next report writes it anew, and "
                         "keeps a changed one as cost-kept-1.xlsx."),
)  # fmt: skip


def cost_workbook(study: Study) -> bytes | None:
    """Return cost at scale as an Excel workbook; None when nothing says what a request costs.

    Totals are formulas whose stored values agree with what they work out from the inputs of the same file.
    """
    if study.cost.basis is None:
        return None
    import xlsxwriter  # slow to load

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        moment = dt.datetime.combine(study.as_of, dt.time(12))
        book.set_properties({"title": "Cost at scale", "comments": f"As of {study.as_of}", "created": moment})
        _fill(book, study)
    return content.getvalue()


def _fill(book: Any, study: Study) -> None:
    result, pages = study.cost, []

    def page(name: str, *widths: float) -> Page:
        pages.append(Page(book, name, widths, result.currency))
        return pages[-1]

    cells = sheets.inputs_sheet(page(sheets.INPUTS, 44, 34, 17, 17, 17, 12, 60), study.pilot.spec.name,
                                cost_inputs(study))  # fmt: skip
    month = sheets.month_sheet(page(sheets.MONTH, 52, 18, 24, 14), cells)
    year = sheets.year_sheet(page(sheets.YEAR, 42, *[12] * 12, 14), cells)
    if len(study.options.options) > 1:
        options_sheet(page("Options", 34, 16, *[19] * 8, 14, 12, 70), study.options)
    ranges_sheet(page("Ranges", 52, 20, 20, 20, 22, 20, 14), study, month, year)
    about_sheet(page("About", 26, 110), study)
    for each in pages:
        each.finish(f"As of {study.as_of}")


def ranges_sheet(page: Page, study: Study, month: sheets.MonthCells, year: Term) -> None:
    """Write the simulated ranges beside what the formulas give, and say why the middles differ."""
    page.words(0, 0, "Simulated ranges, and what the formulas give", "title")
    page.sheet.merge_range(1, 0, 1, 6, "")
    page.words(1, 0, _WHY, "note")
    page.sheet.set_row(1, 64)
    page.head(3, ("What", "Simulated: low", "Simulated: middle", "Simulated: high", "Product of the middles (live)",
                  "Difference", "As a share"), numbers=range(1, 7))  # fmt: skip
    for row, (label, found, cell, look) in enumerate(_compared(study, month, year), start=4):
        page.words(row, 0, label)
        page.value(row, 1, found.low, look)
        middle = page.value(row, 2, found.median, look)
        page.value(row, 3, found.high, look)
        live = page.formula(row, 4, cell, look)
        gap = page.formula(row, 5, middle - live, look)
        page.formula(row, 6, ratio(gap, live), "share")


def _compared(study: Study, month: sheets.MonthCells, year: Term) -> Iterable[tuple[str, Summary, Term, str]]:
    """Every simulated figure with the cell that tells the same from the middles."""
    result, keys = study.cost, part_keys(study.cost)
    keyed = list(zip(keys, result.month.parts, strict=True))
    if not result.month.is_planned:  # the parts tell of a number of requests; one is compared
        each = result.unit(REQUEST)
        scale = result.response.per_request_usd.mean() / result.month.total_usd.mean()
        yield from ((f"{part_label(p)}, one request", summarise(p.draws * scale), month.units[key], "each")
                    for key, p in keyed)  # fmt: skip
        yield "One request", each, month.growing, "each"
        return
    yield from ((part_label(p), p.summary, month.parts[key], "money") for key, p in keyed)
    yield "A month, the bill", result.monthly, month.total, "money"
    yield "The first year, the bill", summarise(result.year.total_usd), year, "money"
    yield "One request", result.unit(REQUEST), month.each, "each"
    right = result.unit(RIGHT)
    if right is not None and month.right is not None:
        yield "One right answer, the bill alone", right, month.right, "each"
    for p in result.month.on_top:
        yield f"On top: {part_label(p)}", p.summary, month.on_top[p.key], "money"
    if result.month.on_top:
        whole = summarise(result.month.with_people_usd)
        yield "A month with people and wrong answers", whole, month.with_people, "money"


def options_sheet(page: Page, result: OptionsResult) -> None:
    """Write the options as they were simulated, and the differences to the pilot's own way as formulas."""
    page.words(0, 0, "Other ways of answering, beside the pilot's own", "title")
    page.sheet.merge_range(1, 0, 1, 11, "")
    page.words(1, 0, _OPTIONS, "note")
    page.sheet.set_row(1, 32)
    page.head(3, ("Option", "Kind", "1,000 requests", "Difference to the pilot's way", "A month", "A month: low",
                  "A month: high", "Difference to the pilot's way", "First year with setup",
                  "Difference to the pilot's way", "Cases in which it is cheaper", "How sure", "What it rests on"),
              numbers=range(2, 11))  # fmt: skip
    own: dict[int, Term] = {}
    for row, option in enumerate(result.options, start=4):
        _option(page, row, option, own)


_MIDDLES: tuple[tuple[int, int, Callable[[OptionResult], Summary | None], float], ...] = (
    (2, 3, lambda o: o.per_request, 1000.0), (4, 7, lambda o: o.monthly, 1.0), (8, 9, lambda o: o.year, 1.0),
)  # fmt: skip


def _option(page: Page, row: int, option: OptionResult, own: dict[int, Term]) -> None:
    """Write one option; `own` holds the cells of the pilot's own way, and gets them from its row."""
    page.words(row, 0, option.name)
    page.words(row, 1, "suggested, not tried" if option.is_suggested else option.kind.replace("_", " "))
    for place, beside, read, scale in _MIDDLES:
        found = read(option)
        if found is None:
            continue
        cell = page.value(row, place, scale * found.median, "money")
        if option.is_pilot:
            own[place] = cell
        elif place in own:
            page.formula(row, beside, cell - own[place], "money")
    if option.monthly is not None:
        page.value(row, 5, option.monthly.low, "money")
        page.value(row, 6, option.monthly.high, "money")
    if option.cheaper_chance is not None:
        page.value(row, 10, option.cheaper_chance, "share")
    page.words(row, 11, str(option.grade))
    page.words(row, 12, " ".join(option.notes))


def about_sheet(page: Page, study: Study) -> None:
    """Write what the file was made from, what is not counted, and how to use it."""
    page.words(0, 0, "About this file", "title")
    page.head(2, ("Subject", "What to know"))
    for row, (subject, told) in enumerate(_told(study), start=3):
        page.words(row, 0, subject)
        page.words(row, 1, told)


def _told(study: Study) -> Iterable[tuple[str, str]]:
    result, basis = study.cost, study.cost.basis
    yield "Pilot", study.pilot.spec.name
    yield "As of", study.as_of.isoformat()
    yield "Currency", f"All amounts in {result.currency}; ranges hold the true figure nine times in ten."
    rests = {"calls": "a log of calls", "buckets": "an export in time buckets", "per_request": "typed tokens",
             "bill": "a bill"}[basis.origin]  # fmt: skip
    counted = "" if basis.n is None else f", {basis.n:,} requests"
    yield "Cost of a request", f"From {rests}{counted}; {basis.grade}. Prices: {basis.price_source}."
    if study.what_ifs:
        yield "Tried values", ", ".join(f"{name} = {value}" for name, value in study.what_ifs.items())
    left_out = not_counted(result.month.not_counted)
    yield "Not counted", left_out or "Nothing that the assessment may state is left out."
    if not result.is_comparable:
        other = result.assessment_currency
        yield "Another currency", (f"What runs beside the calls, the approved amount, people and errors are in {other} "
                                   "and not added; state cost.exchange_rate.")  # fmt: skip
    yield from _ABOUT
    yield "Random numbers", f"Seed {study.pilot.spec.seed}, {np.size(basis.draws):,} cases"
    yield "Versions", ", ".join(f"{name} {number}" for name, number in versions().items())
    for name, (digest, size) in study.input_digests.items():
        yield f"Input {name}", f"SHA-256 {digest}, {size:,} bytes"
