"""Delimited text (CSV, TSV and their relatives): delimiter, quoting and header found out, no row lost."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError
from flightready.realism.sources.decoding import Decoded
from flightready.realism.sources.dialect import ONE_COLUMN, Heading, find_dialect, find_heading
from flightready.realism.sources.opening import LOST_LINE_BREAKS
from flightready.realism.sources.records import Record, records
from flightready.realism.table import MalformedRow, RawTable, TextColumns, checked_size, unique_names

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", ONE_COLUMN: ""}


@dataclass
class _Rows:
    """What is gathered while the records of a file go by."""

    width: int
    cells: TextColumns
    lines: array = field(default_factory=lambda: array("q"))
    places: array = field(default_factory=lambda: array("q"))
    bad: list[MalformedRow] = field(default_factory=list)


def read_delimited(found: Decoded, *, name: str, where: str, is_part: bool = False) -> RawTable:
    """Return a delimited text as a table.

    Parameters
    ----------
    found : Decoded
    name, where : str
        File name, and the place that names it for messages.
    is_part : bool
        The file is one of several of the same system, so that one row is enough.

    Raises
    ------
    InputError
        When it holds one giant line, only a header, or one row.
    """
    lines = _sane_lines(found.stream(), where)
    head = list(islice(lines, policy.value("rows_looked_at_for_shape")))
    declared = re.match(r"^sep=(.)\s*$", head[0], re.IGNORECASE)
    head = head[1:] if declared else head
    dialect = find_dialect(head, declared[1] if declared else "", where)
    stream = (r for r in records(chain(head, lines), dialect) if len(r[1]) > 1 or "".join(r[1]).strip())
    first = list(islice(stream, policy.value("rows_looked_at_for_shape")))
    heading = find_heading(first)
    body = first[heading.skipped :]
    if not body:
        raise InputError("the file holds a header and no rows", where=where, cure="export the rows again")
    rows = _gathered(chain(body, stream), heading, _width(heading, body), 2 if declared else 1)
    frame, notes = _frame(rows, heading)
    checked_size(len(frame), len(rows.bad), len(frame.columns), where=where, is_part=is_part)
    return RawTable(
        name, frame, np.array(rows.lines), np.array(rows.places), tuple(rows.bad), "CSV", found.encoding,
        _NAMES.get(dialect["delimiter"], dialect["delimiter"]), found.notes + heading.notes + notes,
        quote=_quote(found, head, dialect), has_header=heading.has_header,
    )  # fmt: skip


def _sane_lines(lines: Iterable[str], where: str) -> Iterator[str]:
    """Yield lines; one that is far too long to be a record ends the reading."""
    longest = policy.value("longest_line")
    for line in lines:
        if len(line) > longest:
            raise InputError(f"one line is {len(line):,} characters long", where=where, cure=LOST_LINE_BREAKS)
        yield line


def _width(heading: Heading, body: list[Record]) -> int:
    """Fields of a row: as many as names, or one more when rows end in a delimiter or begin with an unnamed column."""
    modal = Counter(len(fields) for _, fields, _, _ in body).most_common(1)[0][0]
    return modal if modal == len(heading.fields) + 1 else len(heading.fields)


def _gathered(stream: Iterable[Record], heading: Heading, width: int, first_line: int) -> _Rows:
    rows = _Rows(width, TextColumns(width))
    add_cells, add_line, add_place = rows.cells.add, rows.lines.append, rows.places.append
    header = list(heading.fields) if heading.has_header and len(heading.fields) > 1 else None
    for place, (first, fields, is_whole, text) in enumerate(stream):
        if is_whole and len(fields) == width and not (header and _repeats(fields, header)):
            add_cells(fields)
            add_line(first + first_line)
            add_place(place)
        else:
            reason = _reason(fields, is_whole, width, header)
            rows.bad.append(MalformedRow(first + first_line, place, len(fields), width, reason, text.rstrip("\r\n")))
    return rows


def _repeats(fields: list[str], header: list[str]) -> bool:
    """Whether a row is the header again, as in files that were put together from several exports."""
    return fields[-1] == header[-1] and [fields[0].removeprefix("\ufeff"), *fields[1:]] == header


def _reason(fields: list[str], is_whole: bool, width: int, header: list[str] | None) -> str:
    if not is_whole:
        return "a quote is not closed"
    if header and _repeats(fields, header):
        return "repeats the header"
    return "too many fields" if len(fields) > width else "too few fields"


def _frame(rows: _Rows, heading: Heading) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Columns under their names, fitted to rows that hold a field more than the header."""
    columns, names = rows.cells.finished(), list(heading.fields)
    notes: tuple[str, ...] = ()
    if rows.width == len(names) + 1:
        is_empty = not pd.Series(columns[-1]).str.strip().astype(bool).any()
        notes = ("rows end in a delimiter more than the header",) if is_empty else ("the first column has no name",)
        columns, names = (columns[:-1], names) if is_empty else (columns, ["", *names])
    frame = pd.DataFrame(dict(zip(unique_names(names), columns, strict=True)), index=pd.RangeIndex(len(rows.lines)))
    return frame, notes


def _quote(found: Decoded, head: list[str], dialect: dict[str, str]) -> str:
    """How values are quoted; empty when no quote was seen."""
    mark = dialect["quotechar"]
    is_seen = any(mark in line for line in head)
    if not is_seen and not found.codec.startswith("utf-16"):
        is_seen = mark.encode() in found.data
    how = "double quotes" if mark == '"' else "single quotes"
    return (f"{how}, escaped by a backslash" if "escapechar" in dialect else how) if is_seen else ""
