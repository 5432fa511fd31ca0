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
    page.head(3, _INPUT_HEAD)
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
    page.head(3, _MONTH_HEAD)
    page.section(4, "Load", 4)
    shown = []
    for row, (key, look) in enumerate(((USERS, "count"), (REQUESTS, "number"), (DAYS, "number")), start=5):
        page.words(row, 0, cells.labels[key])
        shown.append(page.formula(row, 2, cells[key], look))
    page.words(8, 0, "Requests of a month")
    requests = page.formula(8, 2, product(shown), "count")
    page.section(9, "The bill", 4)
    parts, units, first = {}, {}, 10
    row = first
    for key, label, each in each_request(cells):
        page.words(row, 0, label)
        units[key] = page.formula(row, 1, each, "each")
        parts[key] = page.formula(row, 2, requests * units[key], "money")
        row += 1
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
    whole = page.formula(row, 2, total([grown, *lasting.values()]), "money", is_bold=True)
    for line, cell in enumerate([*parts.values(), grown, *lasting.values(), whole], start=first):
        page.formula(line, 3, ratio(cell, whole), "share")
    row = _approval(page, cells, whole, row + 1, factor=constant(1))
    on_top, with_people, row = _on_top(page, cells, requests, whole, row)
    each, right = _units(page, cells, requests, whole, with_people, row)
    return MonthCells(parts | lasting, units, growing, whole, each, right, on_top, with_people)


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
    months, end = range(MONTHS_PER_YEAR), MONTHS_PER_YEAR + 1
    page.head(3, ["Month", *[""] * MONTHS_PER_YEAR, "First year"])
    number = [page.value(3, 1 + m, m + 1, "month_head") for m in months]
    writer = _Lines(page, end, row=4)
    writer.section("Load")
    share = writer.line("Share of the planned users", [cells[f"{ADOPTION}.{m}"] for m in months], "share")
    growth = constant(1) + cells[GROWTH]
    grown = writer.line("Growth since the first month", [growth ** (n - constant(1)) for n in number], "number")
    users = [writer.line("Planned users a day", [cells[USERS] * share[m] * grown[m] for m in months], "count")]
    for key in cells.starting(LAUNCH):
        if key.endswith(".adds"):
            after = cells[key.replace(".adds", ".after")]
            arrived = [_launched(cells, n, cells[key], after, growth) for n in number]
            users.append(writer.line(cells.labels[key], arrived, "count"))
    everyone = writer.line("Users a day", [total([u[m] for u in users]) for m in months], "count")
    arrive = [e * cells[REQUESTS] * cells[DAYS] for e in everyone]
    requests = writer.line("Requests", arrive, "count", is_summed=True)[:MONTHS_PER_YEAR]
    twelfth = constant(MONTHS_PER_YEAR)
    change = constant(1) + cells[PRICE_CHANGE]
    powers = [Term(f"({n.text}-1)/{twelfth.text}", (n.number - 1) / MONTHS_PER_YEAR) for n in number]
    price = writer.line("Prices of calls, first month = 1", [change**p for p in powers], "number")
    held = _held(writer, cells, months)
    writer.section("The bill")
    bill = [writer.money(cells.labels[k], [cells[k] * requests[m] * price[m] for m in months])
            for k in cells.starting(CALL)]  # fmt: skip
    bill += [writer.money(cells.labels[k], [cells[k] * r for r in requests]) for k in cells.starting(EACH)]
    if held:
        bill.append(writer.money(_RECORDS, [cells[RECORD] * _records(requests, held, m) for m in months]))
    bill += [writer.money(cells.labels[k], [cells[k]] * MONTHS_PER_YEAR) for k in cells.starting(FIXED)]
    whole = writer.line("Total", [total([b[m] for b in bill]) for m in months], "money", is_summed=True, is_bold=True)
    so_far = [whole[0]]
    for m in months[1:]:
        so_far.append(Term(f"SUM({whole[0].text}:{whole[m].text})", math.fsum(w.number for w in whole[: m + 1])))
    writer.line("Total so far", so_far, "money")
    _approval(page, cells, whole[-1], writer.row, factor=twelfth, column=end)
    return whole[-1]


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
            cells.append(self.page.formula(self.row, self.end, total(cells), look, is_bold=True))
        self.row += 1
        return cells


def _launched(cells: Cells, month: Term, adds: Term, after: Term, growth: Term) -> Term:
    """Users of a launch: they come along the same adoption, counted from their own launch, and grow from then on."""
    one, none = constant(1), constant(0)
    since = month - after
    shares = [cells[f"{ADOPTION}.{m}"] for m in range(MONTHS_PER_YEAR)]
    place = max(1, math.ceil(since.number))
    share = Term(f"INDEX({shares[0].text}:{shares[-1].text},MAX(1,ROUNDUP({since.text},0)))", shares[place - 1].number)
    return adds * most(none, least(one, since)) * share * growth ** most(none, since - one)


def _held(writer: _Lines, cells: Cells, months: Sequence[int]) -> list[Term]:
    """Write which part of a month a record is paid for, by its age: it comes in the middle of its own month."""
    if RECORD not in cells.at:
        return []
    kept = cells[KEPT]
    parts = [least(Term("0.5", 0.5), kept)]
    parts += [most(constant(0), least(constant(1), kept - Term(f"{m - 0.5:g}", m - 0.5))) for m in months[1:]]
    return writer.line("Part of a month that a record is kept, by its age: 0, 1, 2 ... months", parts, "number")


def _records(requests: Sequence[Term], held: Sequence[Term], month: int) -> Term:
    """Records paid for in a month: each earlier month's requests by the part of this month that they are kept."""
    terms = [requests[m] * held[month - m] for m in range(month + 1)]
    return Term("+".join(t.text for t in terms), math.fsum(t.number for t in terms), is_sum=True)
