"""Delimited text (CSV, TSV and their relatives): delimiter, quoting and header found out, no row lost."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from flightready import policy
from flightready.errors import InputError
from flightready.realism.table import MalformedRow, RawTable, checked_size, text_frame, unique_names

_DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "\x1f": ""}
_ONE_COLUMN = "\x1f"  # a delimiter that no text holds: the file is one column
_MOST_TITLE_LINES = 20  # lines of title or remarks above a header
_FIELD_LIMIT = 2**31 - 1  # the longest that every platform takes; length is checked before
_VALUE_NOT_NAME = re.compile(r"@|^[-+]?\d+[.,]\d+$|^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{2,4}")


@dataclass(frozen=True)
class _Record:
    first: int  # 0-based index of its first line
    fields: list[str]
    is_whole: bool = True


def read_delimited(text: str, *, name: str, where: str) -> RawTable:
    """Return a delimited text as a table.

    Raises
    ------
    InputError
        When it is one giant line, holds only a header, or holds one row.
    """
    lines = list(io.StringIO(text, newline=""))
    _refuse_giant_line(lines, where)
    csv.field_size_limit(_FIELD_LIMIT)
    skipped = 1 if (declared := re.match(r"^sep=(.)\s*$", lines[0], re.IGNORECASE)) else 0
    dialect = _dialect(lines[skipped:], declared[1] if declared else "", where)
    records = [r for r in _records(lines, skipped, dialect) if not _is_blank(r)]
    header, body, notes = _header(records)
    if not body:
        raise InputError("the file holds a header and no rows", where=where, cure="export the rows again")
    header, width = _fitted(header, body, notes)
    good = [r for r in body if r.is_whole and len(r.fields) == width]
    bad = tuple(
        _malformed(r, i, lines, width) for i, r in enumerate(body) if not (r.is_whole and len(r.fields) == width)
    )
    checked_size(len(good), len(bad), width, where=where)
    cells = list(zip(*(r.fields for r in good), strict=True))
    frame = text_frame(dict(zip(header, cells, strict=False)), len(good))
    places = {id(r): i for i, r in enumerate(body)}
    return RawTable(
        name, frame, np.array([r.first + 1 for r in good]), np.array([places[id(r)] for r in good]), bad, "CSV",
        delimiter=_NAMES.get(dialect["delimiter"], dialect["delimiter"]), notes=tuple(notes),
    )  # fmt: skip


def _refuse_giant_line(lines: list[str], where: str) -> None:
    longest = max(len(line) for line in lines)
    if longest > policy.value("longest_line"):
        cure = "the line breaks were lost in the export; export it again with one record per line"
        raise InputError(f"one line is {longest:,} characters long", where=where, cure=cure)


def _dialect(lines: list[str], declared: str, where: str) -> dict[str, Any]:
    sample = lines[: policy.value("rows_looked_at_for_shape")]
    quote = "'" if _is_single_quoted(sample) else '"'
    options = [{"quotechar": quote}, {"quotechar": quote, "escapechar": "\\"}]
    scored = []
    for delimiter in [declared] if declared else _DELIMITERS:
        for plainness, option in enumerate(options):
            dialect = {"delimiter": delimiter, **option}
            widths = [len(r.fields) for r in islice(_records(sample, 0, dialect), len(sample)) if any(r.fields)]
            if not widths:
                raise InputError("the file holds delimiters and line ends, but no value", where=where)
            modal, hits = Counter(widths).most_common(1)[0]
            fits_header = modal > 1 and modal in widths[:1]
            scored.append(((fits_header, round(hits / len(widths), 2) if modal > 1 else 0, modal, -plainness), dialect))
    best, dialect = max(scored, key=lambda pair: pair[0])
    return dialect if best[2] > 1 else {"delimiter": _ONE_COLUMN, "quotechar": quote}


def _is_single_quoted(sample: list[str]) -> bool:
    text = "".join(sample)
    return (
        '"' not in text
        and len(re.findall(r"(?:^|[,;\t|])'[^'\n]*'(?=[,;\t|\r\n])", text, re.MULTILINE)) > len(sample) / 2
    )


def _records(lines: list[str], start: int, dialect: dict[str, Any]) -> Iterator[_Record]:
    """Yield records; a quote that was never closed costs one line, not the rest of the file."""
    most = policy.value("longest_record_lines")
    while start < len(lines):
        begun = start

        def following(first: int = start) -> Iterator[str]:
            for at in range(first, len(lines)):
                if at - begun >= most:  # noqa: B023 - grows with the loop below on purpose
                    return
                yield lines[at]

        reader = csv.reader(following(), **dialect)
        for fields in reader:
            end = start + reader.line_num
            if end - begun > 1 and not _is_closed(lines[begun:end], dialect):
                yield _Record(begun, next(csv.reader([lines[begun]], **{**dialect, "quoting": csv.QUOTE_NONE})), False)
                begun += 1
                break
            yield _Record(begun, fields)
            begun = end
        start = begun


def _is_closed(lines: list[str], dialect: dict[str, Any]) -> bool:
    """Whether a record of several lines is one quoted text, and not a stray quote that swallowed the next records."""
    try:
        return len(list(csv.reader(lines, strict=True, **dialect))) == 1
    except csv.Error:
        return False


def _is_blank(record: _Record) -> bool:
    """Whether a line is blank; a row of nothing but delimiters is a record that misses every value."""
    return len(record.fields) < 2 and not "".join(record.fields).strip()


def _header(records: list[_Record]) -> tuple[list[str], list[_Record], list[str]]:
    """Split records into column names and rows; lines of title above the header are left out and said."""
    modal = Counter(len(r.fields) for r in records).most_common(1)[0][0]
    first = next((i for i, r in enumerate(records[:_MOST_TITLE_LINES]) if len(r.fields) >= modal), 0)
    if len([f for f in records[0].fields if f.strip()]) > 1 or modal == 1:
        first = 0
    notes = [f"{first} line{'s' if first > 1 else ''} above the header left out"] if first else []
    head = records[first].fields
    numeric = sum(bool(re.fullmatch(r"\s*[-+]?\d+\s*", f)) for f in head)
    if any(_VALUE_NOT_NAME.search(f.strip()) for f in head) or numeric > len(head) / 2:
        notes.append("the file has no header: columns are numbered")
        return [""] * len(head), records[first:], notes
    return head, records[first + 1 :], notes


def _fitted(header: list[str], body: list[_Record], notes: list[str]) -> tuple[list[str], int]:
    """Names of the columns, fitted to rows that end in one delimiter more, or begin with an unnamed column."""
    modal = Counter(len(r.fields) for r in body).most_common(1)[0][0]
    if modal == len(header) + 1:
        is_empty = all(not r.fields[-1].strip() for r in body if len(r.fields) == modal)
        if is_empty:
            notes.append("rows end in a delimiter more than the header")
            return unique_names(header), modal
        notes.append("the first column has no name")
        return unique_names(["", *header]), modal
    return unique_names(header), len(header)


def _malformed(record: _Record, place: int, lines: list[str], width: int) -> MalformedRow:
    found = len(record.fields)
    reason = "too many fields" if found > width else "too few fields"
    if not record.is_whole:
        reason = "a quote is not closed"
    return MalformedRow(record.first + 1, place, found, width, reason, lines[record.first].rstrip("\r\n"))
