"""Reading the pilot's records as text: one file, or the demo set and the raw sample aligned to the same columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from flightready.assessment import Pilot
from flightready.errors import InputError
from flightready.realism.decoding import decode
from flightready.realism.delimited import read_delimited
from flightready.realism.nested import read_nested
from flightready.realism.sample import Sample, Side, align, roles
from flightready.realism.table import MalformedRow, RawTable, checked_size

__all__ = ["MalformedRow", "RawTable", "Sample", "Side", "read_sample", "read_table"]

_JSON_SUFFIXES = {".json", ".jsonl", ".ndjson"}


def read_table(path: Path, *, where: str = "") -> RawTable:
    """Return one file of records as text; no row is lost, and no value is changed.

    Parameters
    ----------
    path : Path
        CSV, TSV, JSON, JSON lines or Parquet.
    where : str
        Place that names the file, for messages; the file name by default.

    Raises
    ------
    InputError
        When the file is empty, holds a header only or one row, is binary, cannot be decoded, or is one giant line.
    """
    where = f"{where}, {path.name}" if where else path.name
    data = path.read_bytes()
    if data.startswith(b"PAR1"):
        return _parquet(path, where)
    text, encoding, notes = decode(data, where=where)
    looks_nested = text.lstrip()[:1] in ("{", "[")
    if path.suffix.lower() in _JSON_SUFFIXES or looks_nested:
        try:
            table = read_nested(text, name=path.name, where=where)
        except RecursionError:
            raise InputError("the records are nested too deeply to be rows", where=where,
                             cure="export the records as a flat table") from None  # fmt: skip
    else:
        table = read_delimited(text, name=path.name, where=where)
    return RawTable(table.name, table.frame, table.lines, table.records, table.malformed, table.format, encoding,
                    table.delimiter, notes + table.notes)  # fmt: skip


def read_sample(pilot: Pilot) -> Sample:
    """Return the demo set and the raw production sample of a pilot, aligned to the same column names.

    Parameters
    ----------
    pilot : Pilot
        Sources are `data.curated` and `data.production`; a side that is not named is None.

    Raises
    ------
    InputError
        When a file cannot be read, or a named column is not there; naming YAML line, file and the nearest column.
    """
    data = pilot.spec.data
    named = [(("data", "curated"), data.curated)] if data.curated else []
    named += [(("data", "production", i), source) for i, source in enumerate(data.production)]
    tables = [read_table(pilot.file(s.file, *place), where=pilot.where(*place)) for place, s in named]
    sources = align(pilot, [(place, s, t) for (place, s), t in zip(named, tables, strict=True)])
    n_curated = 1 if data.curated else 0
    return Sample(Side.joined(sources[:n_curated]), Side.joined(sources[n_curated:]), roles(data))


def _parquet(path: Path, where: str) -> RawTable:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError):
        raise InputError(
            "the Parquet file cannot be read", where=where, cure="write it again, or save it as CSV"
        ) from None
    frame = pd.DataFrame({name: _as_text(table[name]) for name in table.column_names})
    checked_size(len(frame), 0, len(frame.columns), where=where)
    rows = np.arange(len(frame))
    return RawTable(path.name, frame, rows + 1, rows, (), "Parquet")


def _as_text(column: pa.ChunkedArray) -> pd.Series:
    try:
        return pd.Series(column.cast(pa.string()).to_pandas(), dtype="str")
    except pa.ArrowException:  # lists and structs
        return pd.Series([None if v is None else str(v) for v in column.to_pylist()], dtype="str")
