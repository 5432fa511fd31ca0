"""A labelling sheet as a workbook, and what people wrote into it; every cell is text, none is a formula."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flightready.errors import InputError
from flightready.evaluation.labelling.asked import Asked

KEY, NOTES = "record", "notes"
QUESTIONS = {
    "first": "right answer", "second": "right answer", "answers": "the pilot's answer", "disagreements": "agreed",
}  # fmt: skip
"""Heading of the column that people fill in, by the kind of sheet."""

_BANNER = "CONFIDENTIAL: raw records. Keep this file where the records may be kept. Draw {}."
_DRAW = re.compile(r"Draw ([0-9a-f]+)\.")
_LONGEST_CELL = 32_000  # a cell of a workbook holds 32,767 characters
_NOT_IN_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
_MOST_LINES = 30
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Sheet:
    """One sheet before it is filled in.

    Parameters
    ----------
    kind : str
        A key of `QUESTIONS`.
    draw : str
        Digest of the sample and its seed.
    heads : tuple of str
        Headings of what is shown, after the key.
    rows : tuple of tuples of str
        Key, then what is shown; personal, never stored with the results.
    filled : tuple of str
        Answers that are there already, one a row; empty ones otherwise.
    """

    kind: str
    draw: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    filled: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Filled:
    """What people wrote into one sheet.

    Parameters
    ----------
    name : str
        File name.
    draw : str
        As the sheet says; empty where its first line was removed.
    answers : dict of key to answer
        As written; empty where nothing was.
    lines : dict of key to int
        1-based line of the sheet.
    """

    name: str
    draw: str
    answers: dict[str, str] = field(repr=False)
    lines: dict[str, int] = field(repr=False)

    @property
    def is_filled(self) -> bool:
        """Whether anybody wrote anything."""
        return any(a.strip() for a in self.answers.values())


def workbook(sheet: Sheet, asked: Asked, *, instructions: Sequence[str], created: dt.date) -> bytes:
    """Return a sheet as a workbook: a frozen heading, wrapped text, a drop-down where classes are known."""
    import xlsxwriter  # slow to load

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        moment = dt.datetime.combine(created, dt.time(12))
        book.set_properties({"title": "Labelling sheet", "comments": "CONFIDENTIAL: raw records", "created": moment})
        plain = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D5DCE3"})
        ask = book.add_format(
            {"num_format": "@", "valign": "top", "border": 1, "border_color": "#D5DCE3", "bg_color": "#FFF7E0",
             "text_wrap": True}
        )  # fmt: skip
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#0B5FA5",
                                "font_color": "#FFFFFF", "border": 1})  # fmt: skip
        warning = book.add_format({"bold": True, "font_color": "#B3261E"})
        page = book.add_worksheet("Labels")
        page.write_string(0, 0, _BANNER.format(sheet.draw), warning)
        heads = (KEY, *sheet.heads, QUESTIONS[sheet.kind], NOTES)
        for column, text in enumerate(heads):
            page.write_string(1, column, cell_text(text), head)
            page.set_column(column, column, _width(column, heads))
        place = len(sheet.heads) + 1
        for line, row in enumerate(sheet.rows, start=2):
            for column, text in enumerate(row):
                page.write_string(line, column, cell_text(text), plain)
            answer = sheet.filled[line - 2] if sheet.filled else ""
            for column, text in ((place, answer), (place + 1, "")):
                page.write_string(line, column, cell_text(text), ask) if text else page.write_blank(
                    line, column, None, ask
                )
        page.freeze_panes(2, 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(1)
        page.set_header('&C&"Arial,Bold"CONFIDENTIAL: raw records')
        how = book.add_worksheet("How to label")
        how.set_column(0, 0, 100)
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for line, text in enumerate(("CONFIDENTIAL: raw records", *instructions)):
            how.write_string(line, 0, cell_text(text), wrapped if line else warning)
        _offer(book, page, sheet, asked, place)
    return content.getvalue()


def _offer(book, page, sheet: Sheet, asked: Asked, place: int) -> None:
    """Let the column of answers be chosen from a list, or hold a number of the scale."""
    first, last = 2, max(2, len(sheet.rows) + 1)
    if asked.choices and sheet.kind != "answers":
        listed = book.add_worksheet("Classes")
        for line, text in enumerate(asked.choices):
            listed.write_string(line, 0, cell_text(text))
        listed.hide()
        rule = {"validate": "list", "source": f"=Classes!$A$1:$A${len(asked.choices)}", "error_title": "Not a class",
                "error_message": "Choose one of the list; 'cannot tell' when you cannot."}  # fmt: skip
        page.data_validation(first, place, last, place, rule)
    elif asked.low is not None and sheet.kind != "answers":
        message = f"A number from {asked.low:g} to {asked.high:g}, or leave it empty."
        page.data_validation(first, place, last, place, {"validate": "any", "input_message": message})


def _width(column: int, heads: Sequence[str]) -> int:
    if column == 0:
        return 21
    if column >= len(heads) - 2:
        return 24
    shown = len(heads) - 3
    return max(14, min(60, 110 // max(1, shown)))


def cell_text(text: str) -> str:
    """Return a text as a cell of a workbook holds it: nothing that XML forbids, and not longer than a cell."""
    text = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} ... (cut; {len(text):,} characters in all)"


def read_sheet(path: Path, kind: str) -> Filled:
    """Return what was written into a sheet, a workbook or the CSV saved from it.

    Raises
    ------
    InputError
        When the file is no such sheet, or a record stands in it twice.
    """
    rows = _workbook_rows(path) if path.suffix == ".xlsx" else _csv_rows(path)
    question = QUESTIONS[kind]
    start = next((i for i, row in enumerate(rows[:_MOST_LINES]) if {KEY, question} <= set(row)), None)
    if start is None:
        raise InputError(f"no line of the sheet names the columns '{KEY}' and '{question}'", where=path.name,
                         cure="keep the headings of the sheet as they were written")  # fmt: skip
    key_at, answer_at = rows[start].index(KEY), rows[start].index(question)
    said = _DRAW.search(" ".join(c for row in rows[:start] for c in row))
    answers: dict[str, str] = {}
    lines: dict[str, int] = {}
    for line, row in enumerate(rows[start + 1 :], start=start + 2):
        key = row[key_at].strip() if len(row) > key_at else ""
        answer = row[answer_at].strip() if len(row) > answer_at else ""
        if not key:
            if answer:
                cure = "put the record's name back into its first column, or clear the line"
                raise InputError(
                    "an answer stands in a line without a record", where=f"{path.name}, line {line}", cure=cure
                )
            continue
        if key in answers:
            raise InputError(f"the record {key} stands in lines {lines[key]} and {line}", where=path.name,
                             cure="delete one of the two lines")  # fmt: skip
        answers[key], lines[key] = answer, line
    return Filled(path.name, said[1] if said else "", answers, lines)


def _workbook_rows(path: Path) -> list[list[str]]:
    import python_calamine as calamine  # slow to load

    try:
        book = calamine.load_workbook(io.BytesIO(path.read_bytes()))
        name = "Labels" if "Labels" in book.sheet_names else book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, IndexError, KeyError):
        raise InputError("the workbook cannot be read", where=path.name,
                         cure="close it in the spreadsheet program, and save it as .xlsx or CSV") from None  # fmt: skip
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _csv_rows(path: Path) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-16" if content[:2] in _UTF_16 else "utf-8-sig")  # "Unicode text" is UTF-16
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")  # as spreadsheet programs save CSV by default
    head = next(
        (line for line in text.splitlines()[:_MOST_LINES] if KEY in re.split(r"[,;\t]", line.replace('"', ""))), ""
    )
    delimiter = max(",;\t", key=head.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
