"""One file of records as text, whatever format it is in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from flightready.errors import InputError
from flightready.realism.sources.decimals import decimal_mark
from flightready.realism.sources.decoding import decode
from flightready.realism.sources.delimited import read_delimited
from flightready.realism.sources.nested import read_nested
from flightready.realism.sources.opening import Content, open_file
from flightready.realism.sources.parquet import read_parquet
from flightready.realism.sources.workbook import read_workbook
from flightready.realism.table import RawTable

_JSON_SUFFIXES = (".json", ".jsonl", ".ndjson")


def read_table(path: Path, *, where: str = "", sheet: str | None = None, is_part: bool = False) -> RawTable:
    """Return one file of records as text; no row is lost, and no value is changed.

    Parameters
    ----------
    path : Path
        CSV, TSV, JSON, JSON lines, Parquet or a workbook; also packed by gzip, bzip2, xz, zstd or ZIP.
    where : str
        Place that names the file, for messages; the file name by default.
    sheet : str, optional
        Sheet of a workbook; by default the first with a table.
    is_part : bool
        The file is one of several of the same system, so that one row is enough.

    Raises
    ------
    InputError
        When the file is empty, holds a header only or one row, is binary, cannot be decoded, is broken, is one giant
        line, or is larger than memory should hold.
    """
    where = f"{where}, {path.name}" if where and not where.endswith(path.name) else path.name
    content = open_file(path, where=where)
    if content.kind == "workbook":
        table = read_workbook(content.data, name=path.name, where=where, sheet=sheet, is_part=is_part)
    elif sheet is not None:
        raise InputError(f"the file is no workbook, so it has no sheet '{sheet}'", where=where,
                         cure="remove the key 'sheet'")  # fmt: skip
    elif content.kind == "parquet":
        given = pa.BufferReader(content.data) if content.data else path
        table = read_parquet(given, name=path.name, where=where, is_part=is_part)
    else:
        table = _read_text(content, path.name, where, is_part)
    return replace(table, notes=content.notes + table.notes, decimal=decimal_mark(table.frame))


def _read_text(content: Content, name: str, where: str, is_part: bool) -> RawTable:
    found = decode(content.data, where=where)
    looks_nested = found.stream().read(1000).lstrip("\ufeff \r\n\t")[:1] in ("{", "[")
    read = read_nested if looks_nested or content.name.lower().endswith(_JSON_SUFFIXES) else read_delimited
    return read(found, name=name, where=where, is_part=is_part)
