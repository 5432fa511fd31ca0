"""JSON and JSON lines: nested records flattened to dotted names, every value as it was written."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready.errors import InputError
from flightready.realism.sources.decoding import Decoded, without_surrogates
from flightready.realism.sources.json_records import (
    CURE,
    Item,
    Number,
    Reader,
    by_line,
    end_of_first,
    has_a_record_per_line,
    one_after_another,
    record_lists,
    under_a_key,
)
from flightready.realism.table import MalformedRow, RawTable, checked_size, text_array
from flightready.wording import count

_RECORDS_AT_ONCE = 20_000  # records that are packed together, so that a large file is never held as single cells


def read_nested(found: Decoded, *, name: str, where: str, is_part: bool = False) -> RawTable:
    """Return JSON or JSON lines as a table; an absent or null value is NA, apart from an empty one.

    Raises
    ------
    InputError
        When it is no list of records, or holds fewer than two.
    """
    read = Reader()
    kind, items, notes = _items(found, read, where)
    gathered = _Gathered(where)
    for place, item in enumerate(items):
        gathered.add(place, item)
    frame = gathered.finished()
    bad = tuple(gathered.bad)
    if len(bad) > len(frame):
        whole = count(len(bad) + len(frame), "line" if kind == "JSON lines" else "record")
        verb = "is" if len(bad) == 1 else "are"
        reasons = {row.reason for row in bad}
        told = f"no JSON object: {reasons.pop()}" if reasons == {"nested too deeply"} else "no JSON object"
        raise InputError(f"{len(bad):,} of {whole} {verb} {told}", where=where, cure=CURE)
    checked_size(len(frame), len(bad), len(frame.columns), where=where, is_part=is_part)
    if read.n_repeated:
        twice = "name a key" if read.n_repeated > 1 else "names a key"
        notes += (f"{count(read.n_repeated, 'object')} {twice} twice; the last value is kept",)
    return RawTable(
        name, frame, np.array(gathered.lines), np.array(gathered.places), bad, kind, found.encoding,
        notes=found.notes + notes,
    )  # fmt: skip


def _items(found: Decoded, read: Reader, where: str) -> tuple[str, Iterable[Item], tuple[str, ...]]:
    """Return the kind of file, its records, and notes."""
    lines = ("JSON lines", by_line(found, read), ())
    if has_a_record_per_line(found):
        return lines
    text = found.text.strip("\ufeff \r\n\t")
    if text.startswith("["):
        return "JSON", one_after_another(text, read), ()
    end = end_of_first(text, where)
    if end is None:
        return lines
    if end < len(text):
        rest_of_line = text[end:].partition("\n")[0].strip()
        is_one_a_line = "\n" not in text[:end] and not rest_of_line
        return lines if is_one_a_line else ("JSON", one_after_another(text, read), ())
    if text.startswith("{") and "\n" not in text and not record_lists(text):
        return lines
    values, key = under_a_key(text, read, where)
    items = (Item(i, v) for i, v in enumerate(values, start=1))
    return "JSON", items, (f"the records taken from the list '{key}'",)


class _Gathered:
    """Records that become columns while they are read; a column may begin late."""

    def __init__(self, where: str) -> None:
        self.lines, self.places, self.bad = array("q"), array("q"), list[MalformedRow]()
        self._where = where
        self._rows: list[dict[str, str | None]] = []
        self._chunks: dict[str, list[pa.Array]] = {}
        self._n_packed = 0

    def add(self, place: int, item: Item) -> None:
        try:
            flat = None if item.value is None else flattened(item.value)
        except RecursionError:
            item, flat = Item(item.line, None, "nested too deeply"), None
        if flat is None:
            self.bad.append(MalformedRow(item.line, place, 0, 0, item.reason, item.text))
            return
        self.lines.append(item.line)
        self.places.append(place)
        self._rows.append(flat)
        if len(self._rows) >= _RECORDS_AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        text = pa.large_string()
        for name in dict.fromkeys((*self._chunks, *(key for row in self._rows for key in row))):
            chunks = self._chunks.setdefault(name, [pa.nulls(self._n_packed, text)])
            chunks.append(pa.array([row.get(name) for row in self._rows], text))
        self._n_packed += len(self._rows)
        self._rows.clear()
        checked_size(2, 0, len(self._names()) or 1, where=self._where)

    def _names(self) -> list[str]:
        """Columns; a parent that is only ever null stands for its absent children."""
        parents = {key.rsplit(".", depth)[0] for key in self._chunks for depth in range(1, key.count(".") + 1)}
        is_null = {n for n in parents & set(self._chunks) if all(c.null_count == len(c) for c in self._chunks[n])}
        return [n for n in self._chunks if n not in is_null]

    def finished(self) -> pd.DataFrame:
        """Return the records; nothing can be added afterwards."""
        if self._rows:
            self._pack()
        columns = {}
        for name in self._names():
            columns[name] = text_array(pa.chunked_array(self._chunks.pop(name), pa.large_string()))
        return pd.DataFrame(columns, index=pd.RangeIndex(self._n_packed))


def flattened(value: dict[str, Any], prefix: str = "") -> dict[str, str | None]:
    """Return a record with dotted names and every value as text.

    Examples
    --------
    >>> flattened({"a": {"b": True, "c": None}, "d": ["x", {"e": 1}]})
    {'a.b': 'true', 'a.c': None, 'd': '["x", {"e": 1}]'}
    """
    row: dict[str, str | None] = {}
    for key, inner in value.items():
        dotted = f"{prefix}{without_surrogates(key).strip() or '(no name)'}"
        if isinstance(inner, dict):
            row |= flattened(inner, f"{dotted}.")
        else:
            row[dotted] = _text(inner)
    return row


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return without_surrogates(str(value))
    return without_surrogates(written(value))


def written(value: Any) -> str:
    """Return a list or an object as JSON, with numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(written(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
