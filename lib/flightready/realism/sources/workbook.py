"""Excel and OpenDocument workbooks: one sheet as text, as a person sees it."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError, listed, nearest
from flightready.realism.sources.dialect import is_header
from flightready.realism.sources.opening import BROKEN_ARCHIVE
from flightready.realism.sources.values import duration_text, moment_text, number_text
from flightready.realism.sources.workbook_parts import Parts, broken, look_into
from flightready.realism.table import MalformedRow, RawTable, TextColumns, checked_size, unique_names
from flightready.wording import count

_MOST_TITLE_LINES = 20
Row = tuple[int, list[str | None]]
"""0-based row of the sheet, and its cells."""


@dataclass(frozen=True)
class _Sheet:
    name: str
    rows: list[Row] = field(repr=False)
    """First rows that hold something."""


def read_workbook(data: bytes, *, name: str, where: str, sheet: str | None = None, is_part: bool = False) -> RawTable:
    """Return one sheet of a workbook as a table of text.

    Dates are in ISO form, numbers have the digits that a person sees, a formula error is its text (`#REF!`), a cell
    without a value is NA. Number formats (percent signs, currencies, leading zeros) are not part of a value.

    Parameters
    ----------
    sheet : str, optional
        By default the first sheet with a table.

    Raises
    ------
    InputError
        When the workbook is broken or protected, has no such sheet, or no rows.
    """
    import python_calamine as calamine

    parts = look_into(data, where)
    try:
        book = calamine.load_workbook(io.BytesIO(data))
        chosen, notes = _chosen(book, parts, sheet, where)
        errors, n_without = parts.formulas(chosen)
        rows = _rows(book.get_sheet_by_name(chosen), errors)
        table = _table(rows, name, where, is_part)
    except calamine.PasswordError:
        raise InputError("the workbook is protected by a password", where=where,
                         cure="save a copy without a password, or as CSV") from None  # fmt: skip
    except InputError:
        raise
    except (calamine.CalamineError, *BROKEN_ARCHIVE):
        raise broken(where) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader's own language ends on data it did not expect
            raise
        raise broken(where) from None
    frame, lines, places, bad, has_header, found = table
    if n_without:
        told = "has no stored result and is empty" if n_without == 1 else "have no stored result and are empty"
        found += (f"{count(n_without, 'formula')} {told}",)
    return RawTable(name, frame, lines, places, bad, "Excel" if not parts.is_open_document else "OpenDocument",
                    notes=notes + found + parts.notes, has_header=has_header)  # fmt: skip


def _chosen(book: Any, parts: Parts, sheet: str | None, where: str) -> tuple[str, tuple[str, ...]]:
    """Name of the sheet to read, and a note when there were others to choose from."""
    worksheets = [m for m in book.sheets_metadata if str(m.typ).endswith("WorkSheet")]
    names = [m.name for m in worksheets]
    if sheet is not None:
        if sheet not in names:
            raise InputError(f"the workbook has no sheet '{sheet}'", where=where, valid=listed(names),
                             cure=nearest(sheet, names) or "name one of these under 'sheet'")  # fmt: skip
        parts.refuse_vast(sheet, where)
        return sheet, ()
    for name in names:
        parts.refuse_vast(name, where)
    sizes = {n: len(list(islice(_filled(book.get_sheet_by_name(n)), 3))) for n in names}
    visible = [m.name for m in worksheets if str(m.visible).endswith(".Visible")]
    tables = [n for n in visible if sizes[n] > 1] or [n for n in names if sizes[n] > 1]
    if not tables:
        best = max(names, key=lambda n: sizes[n], default="")
        if not best or not sizes[best]:
            raise InputError("the workbook holds no rows", where=where, cure="export the rows again, or remove the key")
        return best, ()
    taken, others = tables[0], [n for n in names if sizes[n] > 1 and n != tables[0]]
    if not others:
        return taken, ()
    hold = "holds a table as well" if len(others) == 1 else "hold tables as well"
    return taken, (f"sheet '{taken}' taken; {listed([repr(o) for o in others], limit=4)} {hold}",)


def _filled(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """Yield rows that hold something, with their place."""
    for place, cells in enumerate(sheet.iter_rows()):
        if any(c != "" for c in cells):
            yield place, cells


def _rows(sheet: Any, errors: dict[tuple[int, int], str]) -> Iterator[Row]:
    """Yield rows as text; a cell whose formula failed holds the text of its error."""
    failed = {row for row, _ in errors}
    for place, cells in enumerate(sheet.iter_rows()):
        texts = [None if c == "" else _text(c) for c in cells]
        if place in failed:
            texts = [errors.get((place, column), text) for column, text in enumerate(texts)]
        if any(t is not None and t.strip() for t in texts):
            yield place, texts


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return number_text(float(value))
    return duration_text(value) if isinstance(value, dt.timedelta) else moment_text(value)


def _table(rows: Iterator[Row], name: str, where: str, is_part: bool) -> tuple[Any, ...]:
    first = list(islice(rows, policy.value("rows_looked_at_for_shape")))
    if not first:
        raise InputError("the sheet holds no rows", where=where, cure="export the rows again, or name another 'sheet'")
    at = _header_row([cells for _, cells in first])
    header = [c or "" for c in first[at][1]]
    has_header = is_header([h for h in header if h.strip()])
    notes = [f"{count(at, 'row')} above the header left out"] if at else []
    if not has_header:
        notes.append("the sheet has no header: columns are numbered")
        header = [""] * len(header)
    body = chain(first[at + has_header :], rows)
    cells, lines, places, bad = TextColumns(len(header)), [], [], []
    for place, (row, values) in enumerate(body):
        if has_header and [v or "" for v in values] == header:
            bad.append(MalformedRow(row + 1, place, len(values), len(values), "repeats the header"))
            continue
        cells.add(values)
        lines.append(row + 1)
        places.append(place)
    if not lines and not bad:
        raise InputError("the file holds a header and no rows", where=where, cure="export the rows again")
    columns = {
        n: c for n, h, c in zip(unique_names(header), header, cells.finished(), strict=True)
        if h.strip() or not c.isna().all()
    }  # fmt: skip
    checked_size(len(lines), len(bad), len(columns), where=where, is_part=is_part)
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(lines)))
    return frame, np.array(lines), np.array(places), tuple(bad), has_header, tuple(notes)


def _header_row(cells: list[list[str | None]]) -> int:
    """Place of the header: the first row that fills more than half of what a row usually fills."""
    filled = [sum(c is not None and bool(c.strip()) for c in row) for row in cells]
    usual = Counter(filled).most_common(1)[0][0]
    at = next((i for i, n in enumerate(filled[:_MOST_TITLE_LINES]) if 2 * n > usual and n > 1), 0)
    return at if usual > 1 else 0
