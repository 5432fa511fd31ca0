"""Cells of a workbook: formulas that carry the number that they give, and words that are never formulas.

A `Term` holds both the formula and its value, worked out together, so that what a viewer without a calculating engine
shows is what a spreadsheet program works out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flightready.evaluation.labelling.sheet import cell_text

_DIGITS = 10  # of an input: what stands in the cell is exactly what the cached totals are made of
_A4 = 9
_MARGIN = 3  # characters; bold figures are wider
_INK, _HEAD, _ASKED, _LINE, _ALARM = "#1F2933", "#0B5FA5", "#FFF7E0", "#D5DCE3", "#B3261E"
_BASE = {"valign": "top", "font_color": _INK}
_HEADING = {"bold": True, "text_wrap": True, "bg_color": _HEAD, "font_color": "#FFFFFF", "border": 1}
_WORDS = {
    "title": {"bold": True, "font_size": 14},
    "note": {"text_wrap": True},
    "alarm": {"bold": True, "font_color": _ALARM},
    "section": {"bold": True, "font_color": _HEAD, "top": 1, "top_color": _HEAD},
    "head": _HEADING,
    "figure_head": _HEADING | {"align": "right", "num_format": "0"},
    "text": {"text_wrap": True, "quote_prefix": True},
    "bold": {"bold": True, "text_wrap": True, "quote_prefix": True, "top": 1},
}  # fmt: skip
_NUMBERS = {
    "money": '#,##0.00 "{}";[Red]-#,##0.00 "{}"', "each": '0.0000#### "{}"', "count": "#,##0", "share": "0.00%",
    "number": "#,##0.00##",
}  # fmt: skip


@dataclass(frozen=True)
class Term:
    """A part of a formula with its value; a value of None is an empty text.

    Parameters
    ----------
    text : str
        As a spreadsheet program reads it, without the sign of equality.
    value : float or None
        What it gives; 0 for a reference to an empty cell, as in a spreadsheet.
    is_sum : bool
        Whether it needs brackets as a factor.

    Examples
    --------
    >>> a, b = Term("A1", 2.0), Term("A2", 3.0)
    >>> (a + b) * b
    Term(text='(A1+A2)*A2', value=15.0, is_sum=False)
    """

    text: str
    value: float | None
    is_sum: bool = False

    @property
    def number(self) -> float:
        """Its value where a sum asks for it: an empty text counts as nothing."""
        return self.value or 0.0

    @property
    def factor(self) -> str:
        """Its text as a factor."""
        return f"({self.text})" if self.is_sum else self.text

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.text}+{other.text}", self.number + other.number, is_sum=True)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.text}-{other.factor}", self.number - other.number, is_sum=True)

    def __mul__(self, other: Term) -> Term:
        return Term(f"{self.factor}*{other.factor}", self.number * other.number)

    def __pow__(self, other: Term) -> Term:
        return Term(f"({self.text})^({other.text})", self.number**other.number)


def constant(value: float) -> Term:
    """Return a plain number in a formula."""
    return Term(f"{value:g}", value)


def product(terms: Sequence[Term]) -> Term:
    """Return a product."""
    return math.prod(terms[1:], start=terms[0])


def total(cells: Sequence[Term]) -> Term:
    """Return the sum of neighbouring cells, from the first to the last."""
    return Term(f"SUM({cells[0].text}:{cells[-1].text})", math.fsum(c.number for c in cells))


def least(*terms: Term) -> Term:
    """Return the smallest of some terms."""
    return Term(f"MIN({','.join(t.text for t in terms)})", min(t.number for t in terms))


def most(*terms: Term) -> Term:
    """Return the largest of some terms."""
    return Term(f"MAX({','.join(t.text for t in terms)})", max(t.number for t in terms))


def ratio(part: Term, whole: Term) -> Term:
    """Return a ratio that is empty where there is nothing to divide by."""
    value = part.number / whole.number if whole.number else None
    return Term(f'IF(N({whole.text})=0,"",{part.factor}/({whole.text}))', value)


def where_known(needed: Sequence[Term], known: Sequence[bool], term: Term) -> Term:
    """Return a term that is empty while one of the cells that it needs is."""
    empty = ",".join(f'{n.text}=""' for n in needed)
    test = f"OR({empty})" if len(needed) > 1 else empty
    return Term(f'IF({test},"",{term.text})', term.value if all(known) else None)


def where_any(cells: Sequence[Term], term: Term) -> Term:
    """Return a term that is empty while all of some neighbouring cells are."""
    value = term.value if any(c.value is not None for c in cells) else None
    return Term(f'IF(COUNT({cells[0].text}:{cells[-1].text})=0,"",{term.text})', value)


class Page:
    """One sheet that is being written; references to its own cells lose their prefix.

    Parameters
    ----------
    book : xlsxwriter.Workbook
    name : str
        Of the sheet, one word.
    widths : sequence of float
        Of its columns, in characters; an amount that needs more room gets it.
    currency : str
        Of its amounts.
    """

    def __init__(self, book: Any, name: str, widths: Sequence[float], currency: str) -> None:
        self.book, self.name, self.currency = book, name, currency
        self.sheet = book.add_worksheet(name)
        self._looks: dict[tuple[str, bool, bool], Any] = {}
        self._widths = list(widths)

    def words(self, row: int, column: int, text: str, look: str = "text") -> None:
        """Write a text, whatever it begins with."""
        self.sheet.write_string(row, column, cell_text(text), self._format(look))

    def head(self, row: int, texts: Sequence[str], *, numbers: Iterable[int] = ()) -> None:
        """Write the headings of a table and keep them in sight, on the screen and on paper.

        `numbers` are the columns of figures, whose headings stand to the right as they do.
        """
        for column, text in enumerate(texts):
            self.words(row, column, text, "figure_head" if column in numbers else "head")
        self.sheet.freeze_panes(row + 1, 1)
        self.sheet.repeat_rows(row)

    def section(self, row: int, text: str, columns: int) -> None:
        """Write a heading over a group of lines."""
        for column in range(columns):
            self.words(row, column, text if column == 0 else "", "section")

    def value(self, row: int, column: int, value: float | None, look: str, *, is_input: bool = False) -> Term:
        """Write a number, or a cell for one that is not known, and return the reference to it."""
        style = self._format(look, is_input=is_input)
        if value is None or not math.isfinite(value):
            self.sheet.write_blank(row, column, None, style)
            return self._reference(row, column, 0.0)
        kept = float(f"{value:.{_DIGITS}g}")
        self._make_room(column, kept, look)
        self.sheet.write_number(row, column, kept, style)
        return self._reference(row, column, kept)

    def formula(self, row: int, column: int, term: Term, look: str, *, is_bold: bool = False) -> Term:
        """Write a formula with its value, and return the reference to its cell."""
        own = term.text.replace(f"{self.name}!", "")
        cached = "" if term.value is None else term.value
        self._make_room(column, term.number, look)
        self.sheet.write_formula(row, column, f"={own}", self._format(look, is_bold=is_bold), cached)
        return self._reference(row, column, term.value)

    def alarm(self, row: int, column: int, cell: Term, said: str, *, is_raised: bool) -> None:
        """Write a sentence of our own that stands there while a cell is empty."""
        formula = f'=IF({cell.text}="","{said}","")'
        self.sheet.write_formula(row, column, formula, self._format("alarm"), said if is_raised else "")

    def finish(self, footer: str) -> None:
        """Set the sheet up for paper: A4 across, as wide as the page."""
        for column, width in enumerate(self._widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        self.sheet.set_header("&L&A&RCost at scale")
        self.sheet.set_footer(f"&L{footer}&RPage &P of &N")
        self.sheet.hide_gridlines(2)

    def _make_room(self, column: int, value: float, look: str) -> None:
        """Keep a column wide enough for its amounts; a number that does not fit shows as a row of crosses."""
        text = f"{value:,.2f} {self.currency}" if look == "money" else f"{value:,.0f}"
        self._widths[column] = max(self._widths[column], len(text) + _MARGIN)

    def _reference(self, row: int, column: int, value: float | None) -> Term:
        from xlsxwriter.utility import xl_rowcol_to_cell

        return Term(f"{self.name}!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}", value)

    def _format(self, look: str, *, is_input: bool = False, is_bold: bool = False) -> Any:
        key = look, is_input, is_bold
        if key not in self._looks:
            style = _BASE | _WORDS.get(look, {})
            if look in _NUMBERS:
                style["num_format"] = _NUMBERS[look].format(*[self.currency] * 2)
            if is_input:
                style |= {"bg_color": _ASKED, "border": 1, "border_color": _LINE, "locked": False}
            self._looks[key] = self.book.add_format(style | ({"bold": True, "top": 1} if is_bold else {}))
        return self._looks[key]
