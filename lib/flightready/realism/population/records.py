"""A sample of the records in files: each record's text as it stands, those that do not parse among them.

A record's place in the draw is the hash of its id and the seed, as in an engine, or of its whole text where it has no
id; so the same records are drawn from a file and from a table that hold them.
"""

from __future__ import annotations

import csv
import hashlib
import heapq
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.assessment.patterns import base_of, means_several, system_name
from flightready.assessment.places import read_yaml
from flightready.assessment.schema import Source
from flightready.errors import InputError
from flightready.realism.sources.opening import open_file
from flightready.realism.sources.several import Taken, read_source
from flightready.realism.table import RawTable

_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
MANIFEST_NAME = "sample.manifest.yaml"
_BEGINNING = 1000


@dataclass(frozen=True)
class DrawnFile:
    """The records drawn from one file.

    Parameters
    ----------
    origin : str
        The file they come from, as the assessment names it.
    suffix : str
        .csv or .jsonl
    content : bytes
        Header and records; personal, never stored with the results.
    rows, of_rows : int
        Drawn, and in the file; records that do not parse included.
    is_as_it_stands : bool
        Whether every record is byte for byte that of the file; else its values are, written anew.
    system : str
        What the assessment calls the system that the file belongs to.
    frame : DataFrame of str
        Values of the drawn records that parse.
    """

    origin: str
    suffix: str
    content: bytes = field(repr=False)
    rows: int
    of_rows: int
    is_as_it_stands: bool
    system: str = ""
    frame: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False, compare=False)


@dataclass(frozen=True)
class _Record:
    source: int
    place: int  # among all records of its file
    text: bytes = field(repr=False)
    key: str = field(repr=False)


def draw_from_files(pilot: Pilot, n: int, *, seed: int) -> tuple[DrawnFile, ...]:
    """Return `n` records drawn by chance from all files under `data.production` together.

    Raises
    ------
    InputError
        When no file is named, or one cannot be read.
    """
    opened = [_Opened(*found) for found in _files(pilot)]
    if not opened:
        cure = "name the raw records under data.production, or a table under data.population"
        raise InputError("no file to draw from is named", where=pilot.where("data"), cure=cure)
    every = (record for i, file in enumerate(opened) for record in file.records(i, _id_of(pilot, file.source)))
    chosen = heapq.nsmallest(n, every, key=lambda r: (_hash(r.key, seed), r.source, r.place))
    return tuple(file.drawn([r for r in chosen if r.source == i]) for i, file in enumerate(opened))


def _files(pilot: Pilot) -> Iterator[tuple[str, bytes | None, RawTable, Source]]:
    """Name, unpacked text (None where it is no text), table and source of every file under data.production."""
    taken = Taken.of(pilot)
    for i, source in enumerate(pilot.spec.data.production):
        place = ("data", "production", i)
        is_one = not means_several(pilot.folder, source.file)
        for _, _, table in read_source(pilot, place, source, taken):
            name = source.file if is_one else (base_of(Path(), source.file) / table.name).as_posix()
            where = pilot.where(*place)
            _refuse_sample(pilot.folder / name, name, where)
            content = open_file(pilot.folder / name, where=where)
            yield name, bytes(content.data) if content.kind == "text" else None, table, source


def _refuse_sample(path: Path, name: str, where: str) -> None:
    """A sample of a sample would claim the wrong population, and might overwrite what it was drawn from."""
    manifest = path.parent / MANIFEST_NAME
    if manifest.is_file() and path.name in (read_yaml(manifest)[0].get("sha256") or {}):
        cure = "name the files that it was drawn from, and keep samples in a folder of their own"
        raise InputError(f"'{name}' is itself a drawn sample, says {MANIFEST_NAME} beside it", where=where, cure=cure)


def _id_of(pilot: Pilot, source: Source) -> str:
    own = source.columns.id or pilot.spec.data.columns.id or ""
    return next((old for old, new in source.rename.items() if new == own), own)


def _hash(key: str, seed: int) -> str:
    return hashlib.md5(f"{key}|{seed}".encode(errors="surrogateescape"), usedforsecurity=False).hexdigest()


class _Opened:
    """One file with the text of each of its records."""

    def __init__(self, name: str, data: bytes | None, table: RawTable, source: Source) -> None:
        self.name, self.table, self.source = name, table, source
        if data is not None and (data.startswith(_WIDE) or b"\0" in data[:_BEGINNING]):
            data = None  # UTF-16: its lines cannot be told apart byte by byte
        items = _items(data, table) if data is not None and table.format == "JSON" else None
        self.as_it_stands = data is not None and table.format in ("CSV", "JSON lines")
        self.is_json = items is not None or (self.as_it_stands and table.format == "JSON lines")
        if self.as_it_stands:
            self.header, self.texts = _sliced(data, table)
        else:
            self.header, self.texts = (b"", items) if items is not None else _written(table)

    def records(self, source: int, key: str) -> Iterator[_Record]:
        """Yield every record; its key is its id, or its text where it has none."""
        ids = {}
        if key in self.table.frame.columns:
            held = self.table.frame[key]
            ids = {int(at): v for at, v in zip(self.table.records, held, strict=True) if not pd.isna(v) and v.strip()}
        for place, text in self.texts.items():
            yield _Record(source, place, text, ids.get(place) or text.decode("utf-8", errors="surrogateescape"))

    def drawn(self, chosen: list[_Record]) -> DrawnFile:
        """Return the chosen records as a file of the same kind, in the order of the file."""
        body = b"".join(_ended(r.text) for r in sorted(chosen, key=lambda r: r.place))
        return DrawnFile(self.name, ".jsonl" if self.is_json else ".csv", self.header + body, len(chosen),
                         self.table.n_records, self.as_it_stands,
                         self.source.system or system_name(self.source.file), self._frame(chosen))  # fmt: skip

    def _frame(self, chosen: list[_Record]) -> pd.DataFrame:
        return self.table.frame[np.isin(self.table.records, [r.place for r in chosen])]


def copies_in(drawn: Sequence[DrawnFile]) -> int:
    """Return how many drawn records repeat another of their system in every value; those that do not parse never do."""
    by_system: dict[str, list[pd.DataFrame]] = {}
    for file in drawn:
        by_system.setdefault(file.system, []).append(file.frame)
    return sum(int(pd.concat(frames).duplicated().sum()) for frames in by_system.values())


def _ended(text: bytes) -> bytes:
    return text if text.endswith((b"\n", b"\r")) else text + b"\n"


def _sliced(data: bytes, table: RawTable) -> tuple[bytes, dict[int, bytes]]:
    """Header, and the bytes from the first line of each record to the first of the next."""
    lines = _LINES.findall(data)
    starts = sorted([(int(at), int(place)) for at, place in zip(table.lines, table.records, strict=True)]
                    + [(row.line, row.record) for row in table.malformed])  # fmt: skip
    ends = [at for at, _ in starts[1:]] + [len(lines) + 1]
    texts = {}
    for (first, place), end in zip(starts, ends, strict=True):
        mine = lines[first - 1 : end - 1]
        while len(mine) > 1 and not mine[-1].strip():
            mine.pop()
        texts[place] = b"".join(mine)
    header = b"".join(lines[: starts[0][0] - 1]) if table.format == "CSV" else b""
    return header, texts


def _items(data: bytes, table: RawTable) -> dict[int, bytes] | None:
    """Every item of a list of records, one line each; None where the file is no such list."""
    try:
        whole: Any = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        return None
    lists = [whole] if isinstance(whole, list) else list(whole.values()) if isinstance(whole, dict) else []
    found = next((v for v in lists if isinstance(v, list) and len(v) == table.n_records), None)
    if found is None:
        return None
    return {i: json.dumps(item, ensure_ascii=False).encode(errors="replace") for i, item in enumerate(found)}


def _written(table: RawTable) -> tuple[bytes, dict[int, bytes]]:
    """The values of a file that is not plain text, as CSV."""
    rows = table.frame.itertuples(index=False, name=None)
    texts = {int(p): _line(["" if pd.isna(v) else v for v in row]) for p, row in zip(table.records, rows, strict=True)}
    texts |= {row.record: row.text.encode(errors="replace") for row in table.malformed}
    return _line(list(table.frame.columns)), texts


def _line(values: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue().encode(errors="replace")
