"""The register of file formats: what a reader is, how it is found by content, and which one fits a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from flightready.errors import InputError, listed

Kind = Literal["usage_log", "usage_export", "spans"]

_HEAD_BYTES = 262_144  # enough for the first records of any log; the whole file is read only by its reader
_HEAD_RECORDS = 20
PARQUET = "parquet"
"""Stands as the delimiter of a file whose columns no text separates."""


@dataclass(frozen=True)
class Head:
    """The beginning of a file, as far as a reader needs it to know its format.

    Parameters
    ----------
    text : str
        The first quarter of a megabyte, decoded.
    objects : tuple of dict
        JSON objects that are whole within it, at most twenty; empty for another format.
    columns : tuple of str
        Names in the first line of a delimited file, or of a Parquet file; empty for JSON.
    delimiter : str
        What separates them; `PARQUET` in a Parquet file.
    """

    text: str
    objects: tuple[dict[str, Any], ...] = ()
    columns: tuple[str, ...] = ()
    delimiter: str = ","

    def has(self, key: str) -> bool:
        """Whether a JSON key occurs, also when no object is whole within the head."""
        return any(key in o for o in self.objects) or (not self.objects and f'"{key}"' in self.text)


@dataclass(frozen=True)
class Reader:
    """One file format.

    Parameters
    ----------
    name : str
        Plain name, shown to users.
    kind : str
        usage_log (calls), usage_export (buckets) or spans.
    matches : callable
        Whether a head is of this format.
    read : callable
        From a path to the canonical frame of its kind.
    input_holds_cached : bool or None
        Whether the format counts cached tokens inside its input tokens; None where it counts no tokens. The reader
        returns the inclusive count either way.
    example : bytes
        A small valid file, which the conformance test reads, cuts in half and empties.
    """

    name: str
    kind: Kind
    matches: Callable[[Head], bool]
    read: Callable[[Path], pd.DataFrame]
    input_holds_cached: bool | None
    example: bytes


_READERS: dict[str, Reader] = {}


def reader(
    name: str, *, kind: Kind, matches: Callable[[Head], bool], input_holds_cached: bool | None, example: bytes
) -> Callable[[Callable[[Path], pd.DataFrame]], Callable[[Path], pd.DataFrame]]:
    """Register the decorated function as the reader of one format."""

    def register(read: Callable[[Path], pd.DataFrame]) -> Callable[[Path], pd.DataFrame]:
        if name in _READERS:
            raise ValueError(f"a reader named {name!r} is registered already")
        _READERS[name] = Reader(name, kind, matches, read, input_holds_cached, example)
        return read

    return register


def readers() -> tuple[Reader, ...]:
    """Return every registered reader in order of registration."""
    return tuple(_READERS.values())


def head_of(path: Path) -> Head | None:
    """Return the head of a file, or None when it is not text."""
    with path.open("rb") as stream:
        raw = stream.read(_HEAD_BYTES)
    if raw.startswith(b"PAR1"):
        return _parquet_head(path)
    if b"\0" in raw:
        return None
    text = raw.decode("utf-8-sig", errors="replace")
    if text.lstrip()[:1] in ("{", "["):
        return Head(text, objects=_objects(text, whole=len(raw) < _HEAD_BYTES))
    delimiter, columns = _header(text)
    return Head(text, columns=columns, delimiter=delimiter)


def _parquet_head(path: Path) -> Head | None:
    import pyarrow as pa
    import pyarrow.parquet as pq  # slow to load

    try:
        return Head("", columns=tuple(pq.read_schema(path).names), delimiter=PARQUET)
    except (pa.ArrowException, OSError):
        return None


def find(path: Path, kinds: tuple[Kind, ...], *, where: str = "") -> Reader:
    """Return the reader that fits a file.

    Raises
    ------
    InputError
        When the file is not text or no reader of these kinds knows it; says which formats are readable.
    """
    head = head_of(path)
    fitting = [r for r in readers() if r.kind in kinds]
    found = next((r for r in fitting if head is not None and r.matches(head)), None)
    if found is not None:
        return found
    if head is not None and not head.text.strip(" \t\r\n[]{}"):
        raise InputError("the file holds no record", where=f"{where}, {path.name}" if where else path.name,
                         cure="export a period in which the pilot was used")  # fmt: skip
    known = next((r for r in readers() if head is not None and r.matches(head)), None)
    problem = "the file is not text" if head is None else "the format is not known"
    if known is not None:
        problem = f"this is a file of another kind: {known.name}"
    raise InputError(problem, where=f"{where}, {path.name}" if where else path.name,
                     valid=listed((r.name for r in fitting), limit=len(fitting)),
                     cure="export one of these formats, or a CSV with a time and token columns"
                     if "usage_log" in kinds else "export one of these formats")  # fmt: skip


def _objects(text: str, *, whole: bool) -> tuple[dict[str, Any], ...]:
    """JSON objects of the head: of its lines, or of the one document when the head holds all of it."""
    found = []
    for line in text.splitlines()[:_HEAD_RECORDS]:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        found += [record] if isinstance(record, dict) else []
    if found or not whole:
        return tuple(found)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    records = document if isinstance(document, list) else [document]
    return tuple(r for r in records[:_HEAD_RECORDS] if isinstance(r, dict))


def _header(text: str) -> tuple[str, tuple[str, ...]]:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max((",", ";", "\t", "|"), key=first.count)
    names = next(csv.reader([first], delimiter=delimiter), [])
    return delimiter, tuple(n.strip() for n in names) if len(names) > 1 else ()
