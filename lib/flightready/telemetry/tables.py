"""Delimited and Parquet files as columns of text, with the line or row of each."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready.errors import InputError
from flightready.telemetry.formats import PARQUET, head_of
from flightready.telemetry.frames import TEXT


def text_table(path: Path, *, of: str = "call") -> tuple[pd.DataFrame, np.ndarray, str]:
    """Return the cells of a table as text, the place of each row, and what the places count: line or row.

    Rows that are empty throughout are left out; `of` says what a row stands for.

    Raises
    ------
    InputError
        When the file is not UTF-8 text, has rows longer than its header, or holds no row.
    """
    head = head_of(path)
    assert head is not None  # the reader was chosen by this head
    is_parquet = head.delimiter == PARQUET
    frame = _parquet(path) if is_parquet else _delimited(path, head.delimiter)
    places = np.arange(1, len(frame) + 1) if is_parquet else np.arange(2, len(frame) + 2)
    full = (frame.fillna("") != "").any(axis=1).to_numpy(dtype=bool)  # NaN in a row that ends early
    if not full.any():
        raise InputError(f"the file holds no {of}", where=path.name, cure="export a period with use")
    held = frame if full.all() else frame.loc[full].reset_index(drop=True)
    return held, places[full], "row" if is_parquet else "line"


def _delimited(path: Path, delimiter: str) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, sep=delimiter, dtype="str", keep_default_na=False, encoding="utf-8-sig",
                            skip_blank_lines=False)  # fmt: skip
    except UnicodeDecodeError:
        raise InputError("the file is not UTF-8 text", where=path.name, cure="export it as UTF-8") from None
    except (pd.errors.ParserError, csv.Error, ValueError) as error:
        found = re.search(r"line (\d+)", str(error))
        raise InputError("a row has more cells than the header", cure="export the file again",
                         where=f"{path.name}, line {found[1]}" if found else path.name) from None  # fmt: skip
    if not isinstance(frame.index, pd.RangeIndex):  # the first cells of too long rows would become row labels
        raise InputError("the rows have more cells than the header", where=f"{path.name}, line 2",
                         cure="export the file again")  # fmt: skip
    frame.columns = [str(c).strip() for c in frame.columns]
    return frame


def _parquet(path: Path) -> pd.DataFrame:
    """Every column as text; what is nested as JSON."""
    import duckdb  # slow to load

    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        source = f"read_parquet({quoted(str(path))})"
        kinds = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        columns = ", ".join(
            f"{'to_json' if any(mark in kind for mark in '[(') and 'DECIMAL' not in kind else ''}({as_name(name)})"
            f"::VARCHAR AS {as_name(name)}" for name, kind, *_ in kinds
        )  # fmt: skip
        try:
            table = engine.sql(f"SELECT {columns} FROM {source}").to_arrow_table()
        except duckdb.Error:
            raise InputError("the Parquet file cannot be read", where=path.name, cure="export it again") from None
    return text_frame(table)


def text_frame(table: Any) -> pd.DataFrame:
    """Return an answer of the engine, its texts of the type that every frame has."""
    return table.to_pandas(types_mapper=lambda kind: TEXT if pa.types.is_string(kind) else None)


def quoted(value: str) -> str:
    """A text within SQL."""
    return "'" + value.replace("'", "''") + "'"


def as_name(value: str) -> str:
    """A column within SQL."""
    return '"' + value.replace('"', '""') + '"'
