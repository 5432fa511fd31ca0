"""The sheets of the workbook of cost that calculate: the inputs, a month, and the first year, all of it live."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flightready.cost.units import MONTHS_PER_YEAR
from flightready.reports.cost_inputs import (
    ADOPTION,
    APPROVED,
    CALL,
    DAYS,
    EACH,
    ERROR,
    FIXED,
    GROWTH,
    KEPT,
    LAUNCH,
    PRICE_CHANGE,
    RECORD,
    REQUESTS,
    REVIEW,
    REVIEWED,
    RIGHT,
    STAFFING,
    USERS,
    WRONG,
    Section,
)
from flightready.reports.workbook_cells import (
    Page,
    Term,
    constant,
    least,
    most,
    product,
    ratio,
    total,
    where_any,
    where_known,
)

INPUTS, MONTH, YEAR = "Inputs", "Month", "Year"
_RECORDS = "Storage of the audit log"
_HOW = ("Yellow cells hold the middle of each input and may be overwritten: the sheets Month and Year follow at once. "
        "Low and high are the ends of a range that holds the true figure nine times in ten; the totals do not read "
        "them.")  # fmt: skip
_INPUT_HEAD = ("Input", "Unit", "Middle", "Low", "High", "How sure", "Source")
_MONTH_HEAD = ("Part", "Each request", "A month", "Share of the bill")


@dataclass(frozen=True)
class Cells:
    """Where each input stands: its cell, its label, and whether it holds a figure."""

    at: Mapping[str, Term]
    labels: Mapping[str, str]
    known: frozenset[str]

    def __getitem__(self, key: str) -> Term:
        return self.at[key]

    def starting(self, kind: str) -> list[str]:
        """Return the keys of one kind, in their order."""
        return [key for key in self.at if key.startswith(f"{kind}.")]


@dataclass(frozen=True)
class MonthCells:
    """Cells of the sheet Month that others compare with; parts by the key of their input."""

    parts: Mapping[str, Term]
    units: Mapping[str, Term]
    growing: Term
    total: Term
    each: Term
    right: Term | None
    on_top: Mapping[str, Term]
    with_people: Term | None


def inputs_sheet(page: Page, title: str, sections: Iterable[Section]) -> Cells:
    """Write the inputs and return their cells."""
    page.words(0, 0, f"Cost at scale: {title}", "title")
    page.sheet.merge_range(1, 0, 1, len(_INPUT_HEAD) - 1, "")
    page.words(1, 0, _HOW, "note")
    page.sheet.set_row(1, 32)
    page.head(3, _INPUT_HEAD, numbers=(2, 3, 4))
    at, labels, known, row = {}, {}, set(), 4
    for name, inputs in sections:
        page.section(row, name, len(_INPUT_HEAD))
        row += 1
        for i in inputs:
            page.words(row, 0, i.label)
            page.words(row, 1, i.unit)
            at[i.key], labels[i.key] = page.value(row, 2, i.middle, i.look, is_input=True), i.label
            page.value(row, 3, i.low, i.look)
            page.value(row, 4, i.high, i.look)
            page.words(row, 5, i.grade)
            page.words(row, 6, i.source)
            known |= {i.key} if i.middle is not None else set()
            row += 1
    return Cells(at, labels, frozenset(known))


def _opening(page: Page, cells: Cells, title: str) -> None:
    page.words(0, 0, title, "title")
    place = cells[USERS].text.replace("$", "").replace("!", ", cell ")
    page.alarm(1, 0, cells[USERS], f"Users a day are not stated: type them into the sheet {place}",
               is_raised=USERS not in cells.known)  # fmt: skip


def month_sheet(page: Page, cells: Cells) -> MonthCells:
    """Write a month at the planned load and return what it comes to."""
    _opening(page, cells, "A month at the planned load, before growth and launches")
    page.head(3, _MONTH_HEAD, numbers=(1, 2, 3))
    requests = _month_load(page, cells, 4)
    units, parts, row = _growing(page, cells, requests, 9)
    page.words(row, 0, "What grows with the requests", "bold")
    growing = page.formula(row, 1, total(list(units.values())), "each", is_bold=True)
    grown = page.formula(row, 2, total(list(parts.values())), "money", is_bold=True)
    lasting = {}
    for key in cells.starting(FIXED):
        row += 1
        page.words(row, 0, cells.labels[key])
        lasting[key] = page.formula(row, 2, cells[key], "money")
    row += 1
    page.words(row, 0, "Total", "bold")
    page.words(row, 1, "", "bold")
    whole = page.formula(row, 2, total([grown, *lasting.values()]), "money", is_bold=True)
    lines = [*parts.values(), grown, *lasting.values(), whole]
    for line, cell in enumerate(lines, start=row + 1 - len(lines)):
        page.formula(line, 3, ratio(cell, whole), "share")
    row = _approval(page, cells, whole, row + 1, factor=constant(1))
    on_top, with_people, row = _on_top(page, cells, requests, whole, row)
    each, right = _units(page, cells, requests, whole, with_people, row)
    return MonthCells(parts | lasting, units, growing, whole, each, right, on_top, with_people)


def _month_load(page: Page, cells: Cells, row: int) -> Term:
    """Write the load of a month and return the cell of its requests."""
    page.section(row, "Load", len(_MONTH_HEAD))
    shown = []
    for line, (key, look) in enumerate(((USERS, "count"), (REQUESTS, "number"), (DAYS, "number")), start=row + 1):
        page.words(line, 0, cells.labels[key])
        shown.append(page.formula(line, 2, cells[key], look))
    page.words(row + 4, 0, "Requests of a month")
    return page.formula(row + 4, 2, product(shown), "count")


def _growing(page: Page, cells: Cells, requests: Term, row: int) -> tuple[dict[str, Term], dict[str, Term], int]:
    """Write the parts that grow with the requests: their cells for one request, for the month, and the next row."""
    page.section(row, "The bill", len(_MONTH_HEAD))
    units, parts = {}, {}
    for line, (key, label, each) in enumerate(each_request(cells), start=row + 1):
        page.words(line, 0, label)
        units[key] = page.formula(line, 1, each, "each")
        parts[key] = page.formula(line, 2, requests * units[key], "money")
    return units, parts, row + 1 + len(parts)


def each_request(cells: Cells) -> list[tuple[str, str, Term]]:
    """Return what one request costs by part: key, label and formula."""
    found = [(key, cells.labels[key], cells[key]) for key in (*cells.starting(CALL), *cells.starting(EACH))]
    if RECORD in cells.at:
        found.append((RECORD, f"{_RECORDS}, over its whole time", cells[RECORD] * cells[KEPT]))
    return found


def _approval(page: Page, cells: Cells, whole: Term, row: int, *, factor: Term, column: int = 2) -> int:
    """Write the approved amount and what is left of it; return the next row."""
    known = [APPROVED in cells.known]
    asked = cells[APPROVED]
    page.words(row, 0, "Approved")
    amount = asked if factor.number == 1 else asked * factor
    approved = page.formula(row, column, where_known([asked], known, amount), "money")
    page.words(row + 1, 0, "Left of the approved amount (minus: over it)")
    page.formula(row + 1, column, where_known([approved], known, approved - whole), "money")
    return row + 2


def _on_top(
    page: Page, cells: Cells, requests: Term, whole: Term, row: int
) -> tuple[dict[str, Term], Term | None, int]:
    """Write people who review and wrong answers, each empty while one of its inputs is."""
    if REVIEWED not in cells.at:
        return {}, None, row
    page.section(row, "On top of the bill, outside of the approved amount", 4)
    kept = constant(1) - cells[REVIEWED]
    kinds = (
        ("review", "Reviews by people", [REVIEWED, REVIEW, STAFFING], product([cells[REVIEWED], cells[REVIEW],
                                                                               cells[STAFFING]])),
        ("errors", "Wrong answers that nobody reviews", [WRONG, ERROR], kept * cells[WRONG] * cells[ERROR]),
    )  # fmt: skip
    found = {}
    for line, (key, label, needed, each) in enumerate(kinds, start=row + 1):
        known = all(k in cells.known for k in needed)
        page.words(line, 0, label)
        unit = page.formula(line, 1, where_known([cells[k] for k in needed], [known], each), "each")
        found[key] = page.formula(line, 2, where_known([unit], [known], requests * unit), "money")
    page.words(row + 3, 0, "Total with people and wrong answers", "bold")
    with_people = where_any(list(found.values()), whole + total(list(found.values())))
    return found, page.formula(row + 3, 2, with_people, "money", is_bold=True), row + 4


def _units(
    page: Page, cells: Cells, requests: Term, whole: Term, with_people: Term | None, row: int
) -> tuple[Term, Term | None]:
    """Write what one request and one right answer cost; return both cells."""
    page.section(row, "One unit, with its part of all that the month costs", 4)
    page.words(row + 1, 0, "One request")
    each = page.formula(row + 1, 2, ratio(whole, requests), "each")
    if RIGHT not in cells.at:
        return each, None
    page.words(row + 2, 0, "One right answer, the bill alone")
    right = page.formula(row + 2, 2, ratio(whole, requests * cells[RIGHT]), "each")
    page.words(row + 3, 0, "One right answer, with people and wrong answers")
    known = with_people.value is not None
    spread = where_known([with_people], [known], ratio(with_people, requests * cells[RIGHT]))
    page.formula(row + 3, 2, spread, "each")
    return each, right


def year_sheet(page: Page, cells: Cells) -> Term:
    """Write the first twelve months and return the cell of their total."""
    _opening(page, cells, "The first twelve months: the bill alone")
    end = MONTHS_PER_YEAR + 1
    page.head(3, ["Month", *[""] * MONTHS_PER_YEAR, "First year"], numbers=(end,))
    number = [page.value(3, 1 + m, m + 1, "figure_head") for m in range(MONTHS_PER_YEAR)]
    lines = _Lines(page, end, row=4)
    requests = _year_load(lines, cells, number)
    bill = _year_bill(lines, cells, number, requests)
    sums = [total(column) for column in zip(*(line[:MONTHS_PER_YEAR] for line in bill), strict=True)]
    whole = lines.line("Total", sums, "money", is_summed=True, is_bold=True)
    so_far = [total(whole[: m + 1]) for m in range(MONTHS_PER_YEAR)]
    lines.line("Total so far", so_far, "money")
    _approval(page, cells, whole[-1], lines.row, factor=constant(MONTHS_PER_YEAR), column=end)
    return whole[-1]


def _year_load(lines: _Lines, cells: Cells, number: Sequence[Term]) -> list[Term]:
    """Write users and requests of each month and return the cells of the requests."""
    lines.section("Load")
    shares = [cells[f"{ADOPTION}.{m}"] for m in range(MONTHS_PER_YEAR)]
    share = lines.line("Share of the planned users", shares, "share")
    growth = constant(1) + cells[GROWTH]
    grown = lines.line("Growth since the first month", [growth ** (n - constant(1)) for n in number], "number")
    planned = [cells[USERS] * s * g for s, g in zip(share, grown, strict=True)]
    users = [lines.line("Planned users a day", planned, "count")]
    for key in cells.starting(LAUNCH):
        if key.endswith(".adds"):
            after = cells[key.replace(".adds", ".after")]
            arrived = [_launched(shares, n, cells[key], after, growth) for n in number]
            users.append(lines.line(cells.labels[key], arrived, "count"))
    everyone = lines.line("Users a day", [total(column) for column in zip(*users, strict=True)], "count")
    arrive = [e * cells[REQUESTS] * cells[DAYS] for e in everyone]
    return lines.line("Requests", arrive, "count", is_summed=True)[:MONTHS_PER_YEAR]


def _year_bill(lines: _Lines, cells: Cells, number: Sequence[Term], requests: Sequence[Term]) -> list[list[Term]]:
    """Write the parts of the bill of each month and return their cells."""
    change = constant(1) + cells[PRICE_CHANGE]
    since = [Term(f"({n.text}-1)/{MONTHS_PER_YEAR}", (n.number - 1) / MONTHS_PER_YEAR) for n in number]
    price = lines.line("Prices of calls, first month = 1", [change**s for s in since], "number")
    held = _held(lines, cells)
    lines.section("The bill")
    bill = [lines.money(cells.labels[k], [cells[k] * r * p for r, p in zip(requests, price, strict=True)])
            for k in cells.starting(CALL)]  # fmt: skip
    bill += [lines.money(cells.labels[k], [cells[k] * r for r in requests]) for k in cells.starting(EACH)]
    if held:
        kept = [cells[RECORD] * _records(requests, held, m) for m in range(MONTHS_PER_YEAR)]
        bill.append(lines.money(_RECORDS, kept))
    return bill + [lines.money(cells.labels[k], [cells[k]] * MONTHS_PER_YEAR) for k in cells.starting(FIXED)]


class _Lines:
    """Lines of the sheet Year, from top to bottom."""

    def __init__(self, page: Page, end: int, *, row: int) -> None:
        self.page, self.end, self.row = page, end, row

    def section(self, text: str) -> None:
        """Write a heading."""
        self.page.section(self.row, text, self.end + 1)
        self.row += 1

    def money(self, label: str, terms: Sequence[Term]) -> list[Term]:
        """Write amounts of the months with their sum."""
        return self.line(label, terms, "money", is_summed=True)

    def line(
        self, label: str, terms: Sequence[Term], look: str, *, is_summed: bool = False, is_bold: bool = False
    ) -> list[Term]:
        """Write one figure for each month; return its cells, the last one the sum where there is one."""
        self.page.words(self.row, 0, label, "bold" if is_bold else "text")
        cells = [self.page.formula(self.row, 1 + m, term, look, is_bold=is_bold) for m, term in enumerate(terms)]
        if is_summed:
            cells.append(self.page.formula(self.row, self.end, total(cells), look, is_bold=is_bold))
        self.row += 1
        return cells


def _launched(shares: Sequence[Term], month: Term, adds: Term, after: Term, growth: Term) -> Term:
    """Users of a launch: they come along the same adoption, counted from their own launch, and grow from then on."""
    one, none = constant(1), constant(0)
    since = month - after
    place = max(1, math.ceil(since.number))
    share = Term(f"INDEX({shares[0].text}:{shares[-1].text},MAX(1,ROUNDUP({since.text},0)))", shares[place - 1].number)
    return adds * most(none, least(one, since)) * share * growth ** most(none, since - one)


def _held(lines: _Lines, cells: Cells) -> list[Term]:
    """Write which part of a month a record is paid for, by its age: it comes in the middle of its own month."""
    if RECORD not in cells.at:
        return []
    kept = cells[KEPT]
    ages = [constant(m - 0.5) for m in range(1, MONTHS_PER_YEAR)]
    parts = [least(constant(0.5), kept), *(most(constant(0), least(constant(1), kept - age)) for age in ages)]
    return lines.line("Part of a month that a record is kept, by its age: 0, 1, 2 ... months", parts, "number")


def _records(requests: Sequence[Term], held: Sequence[Term], month: int) -> Term:
    """Records paid for in a month: each earlier month's requests by the part of this month that they are kept."""
    terms = [requests[m] * held[month - m] for m in range(month + 1)]
    return Term("+".join(t.text for t in terms), math.fsum(t.number for t in terms), is_sum=True)
