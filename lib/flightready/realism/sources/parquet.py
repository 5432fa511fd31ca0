"""Parquet as text: nested columns flattened as in JSON, numbers without binary noise, times in ISO form."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flightready import policy
from flightready.errors import InputError
from flightready.realism.sources.opening import too_large
from flightready.realism.sources.values import bytes_text, duration_text, moment_text, number_text
from flightready.realism.table import RawTable, checked_size, text_array, unique_names

_TEXT = pa.large_string()


def read_parquet(given: Path | pa.BufferReader, *, name: str, where: str, is_part: bool = False) -> RawTable:
    """Return a Parquet file as a table of text.

    Raises
    ------
    InputError
        When it is broken, encrypted, too large, or holds no rows.
    """
    try:
        file = pq.ParquetFile(given)
        groups = [file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)]
        if sum(groups) > policy.value("largest_file"):
            raise too_large(where, "unpacks to")
        table = file.read()
    except (pa.ArrowException, OSError):
        raise InputError("the Parquet file is broken or cut off", where=where,
                         cure="write it again, or save it as CSV") from None  # fmt: skip
    while any(pa.types.is_struct(f.type) for f in table.schema):
        table = table.flatten()
    checked_size(table.num_rows, 0, table.num_columns, where=where, is_part=is_part)
    names, notes = unique_names(table.column_names), []
    columns = {}
    for column, values in zip(names, table.columns, strict=True):
        texts, is_binary = _as_text(values)
        columns[column] = text_array(texts)
        if is_binary:
            notes.append(f"the column '{column}' holds bytes that are no text; their size stands for them")
    frame = pd.DataFrame(columns, index=pd.RangeIndex(table.num_rows))
    rows = np.arange(len(frame))
    return RawTable(name, frame, rows + 1, rows, (), "Parquet", notes=tuple(notes))


def _as_text(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, bool]:
    """Return a column as text, and whether it holds bytes that are none."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind) and kind.bit_width == 64:
        return _by_value(column, number_text), False
    if pa.types.is_floating(kind):  # few digits: Arrow writes the shortest text, which is what was meant
        return _by_value(column.cast(pa.string()), lambda t: number_text(float(t))), False
    if pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return _moments(column), False
    if pa.types.is_duration(kind):
        return _by_value(column.cast(pa.duration("us"), safe=False), duration_text), False
    if pa.types.is_nested(kind):
        written = [None if v is None else json.dumps(_plain(v), ensure_ascii=False) for v in column.to_pylist()]
        return pa.chunked_array([pa.array(written, _TEXT)]), False
    if pa.types.is_decimal(kind):
        return column.cast(pa.string()).cast(_TEXT), False
    try:
        texts = column.cast(_TEXT)
        is_text = not _is_bytes(kind) or not pc.any(pc.match_substring(texts, "\0")).as_py()
    except pa.ArrowException:
        is_text = False
    return (texts, False) if is_text else (pa.chunked_array([pa.array(map(_safe, column.to_pylist()), _TEXT)]), True)


def _is_bytes(kind: pa.DataType) -> bool:
    return pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)


def _by_value(column: pa.ChunkedArray, write: Any) -> pa.ChunkedArray:
    """Write each different value once."""
    encoded = column.combine_chunks().dictionary_encode()
    texts = pa.array([write(v) for v in encoded.dictionary.to_pylist()], _TEXT)
    return pa.chunked_array([texts.take(encoded.indices)])


def _moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    texts = pc.replace_substring_regex(column.cast(pa.string()), r"(\.\d*?)0+(\+|-|Z|$)", r"\1\2")
    texts = pc.replace_substring_regex(texts, r"\.(\+|-|Z|$)", r"\1")
    texts = pc.replace_substring_regex(texts, r"([+-]\d\d)(\d\d)$", r"\1:\2")
    if pa.types.is_timestamp(column.type):
        texts = pc.replace_substring_regex(texts, r"^(\S+) ", r"\1T")
    return texts.cast(_TEXT)


def _plain(value: Any) -> Any:
    """Return a nested value as JSON can write it."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        is_map = bool(value) and all(isinstance(v, tuple) and len(v) == 2 for v in value)
        return {str(k): _plain(v) for k, v in value} if is_map else [_plain(v) for v in value]
    if isinstance(value, float):
        text = number_text(value)
        return float(text) if "." in text else (int(text) if text.lstrip("-").isdigit() else text)
    return _safe(value) if isinstance(value, bytes | dt.timedelta | dt.date | dt.time | decimal.Decimal) else value


def _safe(value: Any) -> Any:
    if isinstance(value, bytes):
        return bytes_text(value)
    if isinstance(value, dt.timedelta):
        return duration_text(value)
    return moment_text(value) if isinstance(value, dt.date | dt.time) else str(value) if value is not None else None
