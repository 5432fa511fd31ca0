"""One file of records as text: its rows, where each stands, and the rows that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready import policy
from flightready.errors import InputError

_ROWS_AT_ONCE = 20_000  # rows that are packed together: enough to be fast, few enough to be small

_LARGE = 1 << 24  # bytes of a column from which putting its pieces together costs more memory than it saves time


@dataclass(frozen=True)
class MalformedRow:
    """A row that does not parse.

    Parameters
    ----------
    line : int
        1-based line of the file on which it begins.
    record : int
        0-based place among all records of the file.
    fields, expected : int
        Number of fields found and expected; 0 found when nothing could be read.
    reason : str
        A few words.
    text : str
        The row as it stands; for repair only, never shown.
    """

    line: int
    record: int
    fields: int
    expected: int
    reason: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True)
class RawTable:
    """A file as text.

    Parameters
    ----------
    name : str
        File name.
    frame : DataFrame of str
        One row per record that parsed; a value that is absent or null is NA, an empty one is "".
    lines : array of int
        1-based line of the file on which each row begins.
    records : array of int
        0-based place of each row among all records of the file, those that do not parse included.
    malformed : tuple of MalformedRow
    format : str
        CSV, JSON lines, JSON, Parquet or Excel.
    encoding, delimiter : str
        As found out; empty where it does not apply.
    notes : tuple of str
        What had to be found out or mended, for the reader.
    quote : str
        How values are quoted; empty when no quote was seen.
    has_header : bool, optional
        Whether the first row names the columns; None where the format itself names them.
    decimal : str
        Decimal mark that columns of numbers prove: point, comma, both; empty when none does.
    """

    name: str
    frame: pd.DataFrame = field(repr=False)
    lines: np.ndarray = field(repr=False)
    records: np.ndarray = field(repr=False)
    malformed: tuple[MalformedRow, ...]
    format: str
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = ()
    quote: str = ""
    has_header: bool | None = None
    decimal: str = ""

    @property
    def n_records(self) -> int:
        """Number of records, those that do not parse included."""
        return len(self.frame) + len(self.malformed)


class TextColumns:
    """Rows of text that become columns while they are read, so that a large file is never held as single cells.

    Examples
    --------
    >>> columns = TextColumns(2)
    >>> columns.add(["1", None])
    >>> [list(c) for c in columns.finished()]
    [['1'], [nan]]
    """

    def __init__(self, width: int) -> None:
        self._rows: list[Sequence[str | None]] = []
        self._chunks: list[list[pa.Array]] = [[] for _ in range(width)]

    def add(self, row: Sequence[str | None]) -> None:
        """Add one row; it has one value for each column."""
        self._rows.append(row)
        if len(self._rows) >= _ROWS_AT_ONCE:
            self._pack()

    def _pack(self) -> None:
        for chunks, values in zip(self._chunks, zip(*self._rows, strict=True), strict=True):
            chunks.append(pa.array(values, pa.large_string()))
        self._rows.clear()

    def finished(self) -> list[pd.api.extensions.ExtensionArray]:
        """Return the columns; nothing can be added afterwards."""
        if self._rows:
            self._pack()
        made = []
        while self._chunks:
            made.append(text_array(pa.chunked_array(self._chunks.pop(0), pa.large_string())))
        return made


def text_array(values: pa.ChunkedArray) -> pd.api.extensions.ExtensionArray:
    """Return text as a column; a large one stays in pieces, so that it is never held twice."""
    return pd.array(values.combine_chunks() if values.nbytes < _LARGE else values, dtype="str")


def unique_names(header: Sequence[str]) -> list[str]:
    """Return column names without blanks around them, unnamed and repeated ones numbered.

    Examples
    --------
    >>> unique_names(["id", " name ", "", "id"])
    ['id', 'name', 'column 3', 'id (2)']
    """
    names: list[str] = []
    for place, raw in enumerate(header, start=1):
        name = base = raw.strip().strip("\ufeff") or f"column {place}"
        times = 1
        while name in names:
            times += 1
            name = f"{base} ({times})"
        names.append(name)
    return names


def checked_size(n_rows: int, n_malformed: int, n_columns: int, *, where: str, is_part: bool = False) -> None:
    """Refuse a table that holds too little to say anything, or too many columns to be one.

    One row is enough for a file that is one of several of the same system (`is_part`).

    Raises
    ------
    InputError
    """
    export = "export the rows again, or remove the key"
    if n_columns > policy.value("most_columns"):
        most, cure = (
            policy.value("most_columns"),
            "write one record per row; keys that are themselves data become columns",
        )
        raise InputError(f"the file has {n_columns:,} columns", where=where, valid=f"at most {most}", cure=cure)
    if n_rows + n_malformed == 0:
        raise InputError("the file holds no rows", where=where, cure=export)
    if n_columns == 0:
        raise InputError("the records of the file hold no values", where=where, cure=export)
    if n_rows == 0:
        raise InputError(f"none of the {n_malformed:,} rows has as many fields as the header", where=where,
                         cure="check the delimiter, and that texts which hold it are in quotes")  # fmt: skip
    if n_rows + n_malformed == 1 and not is_part:
        raise InputError("the file holds one row", where=where, valid="two rows or more", cure=export)
