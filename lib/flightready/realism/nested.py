"""JSON and JSON lines: nested records flattened to dotted names, every value as it was written."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from flightready.errors import InputError
from flightready.realism.decoding import without_surrogates
from flightready.realism.table import MalformedRow, RawTable, checked_size, text_frame

_CURE = "write one JSON object per line, or one list of objects"


class _Number(str):
    """A number as it was written: text for us, bare when a list is written back."""


def read_nested(text: str, *, name: str, where: str) -> RawTable:
    """Return JSON or JSON lines as a table; an absent or null value is NA, apart from an empty one.

    Raises
    ------
    InputError
        When it is no list of records, or holds fewer than two.
    """
    try:
        whole = _loads(text)
    except (ValueError, RecursionError):
        return _from_lines(text, name, where)
    if isinstance(whole, dict) and "\n" not in text.strip() and not _record_lists(whole):
        return _from_lines(text, name, where)
    items, notes = _items(whole, where)
    good = [(i, item) for i, item in enumerate(items) if isinstance(item, dict)]
    bad = tuple(MalformedRow(0, i, 0, 0, "not an object") for i, item in enumerate(items) if not isinstance(item, dict))
    places = [i for i, _ in good]
    return _table([item for _, item in good], places, [p + 1 for p in places], bad, "JSON", name, where, notes)


def _from_lines(text: str, name: str, where: str) -> RawTable:
    items: list[dict[str, Any]] = []
    places: list[int] = []
    lines: list[int] = []
    bad: list[MalformedRow] = []
    numbered = ((i, line) for i, line in enumerate(text.split("\n"), start=1) if line.strip())
    for place, (number, line) in enumerate(numbered):
        try:
            item = _loads(line)
        except (ValueError, RecursionError):
            item = None
        if isinstance(item, dict):
            items.append(item)
            places.append(place)
            lines.append(number)
        else:
            bad.append(MalformedRow(number, place, 0, 0, "not a JSON object", line))
    if len(bad) > len(items):
        raise InputError(f"{len(bad):,} of {len(bad) + len(items):,} lines are no JSON object", where=where, cure=_CURE)
    return _table(items, places, lines, tuple(bad), "JSON lines", name, where, ())


def _loads(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)


def _record_lists(whole: dict[str, Any]) -> list[str]:
    return [k for k, v in whole.items() if isinstance(v, list) and v and all(isinstance(i, dict) for i in v)]


def _items(whole: Any, where: str) -> tuple[list[Any], tuple[str, ...]]:
    if isinstance(whole, list):
        return whole, ()
    keys = _record_lists(whole) if isinstance(whole, dict) else []
    if len(keys) != 1:
        what = "several lists of records" if keys else "no list of records"
        raise InputError(f"the file holds {what}", where=where, cure=_CURE)
    return whole[keys[0]], (f"the records taken from the list '{keys[0]}'",)


def _table(
    items: list[dict[str, Any]], places: list[int], lines: list[int], bad: tuple[MalformedRow, ...], kind: str,
    name: str, where: str, notes: tuple[str, ...],
) -> RawTable:  # fmt: skip
    flat = [_flat(item) for item in items]
    names = list(dict.fromkeys(key for row in flat for key in row))
    parents = {key.rsplit(".", depth)[0] for key in names for depth in range(1, key.count(".") + 1)}
    # a parent that is only ever null stands for its absent children
    names = [n for n in names if n not in parents or any(row.get(n) is not None for row in flat)]
    checked_size(len(items), len(bad), len(names), where=where)
    frame = text_frame({n: [row.get(n) for row in flat] for n in names}, len(items))
    return RawTable(name, frame, np.array(lines), np.array(places), bad, kind, notes=notes)


def _flat(value: dict[str, Any], prefix: str = "") -> dict[str, str | None]:
    row: dict[str, str | None] = {}
    for key, inner in value.items():
        dotted = f"{prefix}{without_surrogates(key).strip() or '(no name)'}"
        if isinstance(inner, dict):
            row |= _flat(inner, f"{dotted}.")
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
    return without_surrogates(_written(value))


def _written(value: Any) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_written(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {_written(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False)
