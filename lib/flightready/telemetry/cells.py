"""The cells of a usage file by role: text until numbers or times are asked for, and a mistake names its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready.errors import InputError, listed
from flightready.telemetry.frames import LARGEST_SECONDS, TIME

_LAST_SECONDS = 9e9  # the year 2255
_EXACT = 2.0**53  # up to here every whole number has its own floating-point number
_MOST_NAMED = 5  # lines named in one message


class Cells:
    """Cells of a file, one row a call or bucket, one column a role.

    Parameters
    ----------
    frame : DataFrame of str
        A column for each role that the file has; NaN or empty where a cell says nothing.
    places : array of int, shape (rows,)
        1-based line or record of each row.
    path : Path
    unit : str
        What `places` count: line, row or record.
    names : mapping of str to str
        What the file calls a role, for messages.
    """

    def __init__(
        self, frame: pd.DataFrame, places: np.ndarray, *, path: Path, unit: str, names: Mapping[str, str]
    ) -> None:
        self.frame, self.places, self.path, self.unit, self.names = frame, places, path, unit, names
        self._numbers: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.places)

    def has(self, role: str) -> bool:
        """Whether the file has the role at all."""
        return role in self.frame

    def only(self, rows: np.ndarray) -> Cells:
        """The rows that are marked, at their places."""
        held = self.frame[rows].reset_index(drop=True)
        return Cells(held, self.places[rows], path=self.path, unit=self.unit, names=self.names)

    def text(self, role: str, *, default: Any = "") -> pd.Series:
        """Cells of a role; the default (one text, or one for each row) where it is absent or says nothing."""
        silent = self.silent(role)
        if not silent.any():
            return self.frame[role]
        given = default if isinstance(default, pd.Series) else pd.Series(default, index=range(len(self)), dtype="str")
        return given if silent.all() else self.frame[role].where(~silent, given)

    def silent(self, role: str) -> np.ndarray:
        """Rows in which a role is absent or says nothing."""
        if role not in self.frame:
            return np.ones(len(self), dtype=bool)
        cells = self.frame[role]
        return cells.isna().to_numpy() | (cells == "").to_numpy(dtype=bool)

    def number(self, role: str) -> np.ndarray:
        """Numbers of a role; NaN where it is absent or says nothing."""
        if role not in self.frame or self.silent(role).all():
            return np.full(len(self), np.nan)
        if role not in self._numbers:
            cells = self.frame[role]
            numbers = _numbers(cells)
            self.refuse(~np.isfinite(numbers) & ~self.silent(role), role, "is not a number")
            self._numbers[role] = numbers
        return self._numbers[role]

    def whole(self, role: str, *, default: int = 0) -> np.ndarray:
        """Whole numbers of a role; the default where it is absent or says nothing."""
        numbers = self.number(role)
        filled = np.where(np.isnan(numbers), default, numbers)
        self.refuse(filled % 1 != 0, role, "is not a whole number")
        self.refuse(np.abs(filled) > _EXACT, role, "is too large to be a count")
        return filled.astype(np.int64)

    def times(self, role: str, *, is_needed: bool = True) -> pd.Series:
        """Times of a role, NaT where an optional one says nothing.

        Without a zone they are taken as UTC, numbers as seconds, or milli-, micro- or nanoseconds, since 1970.
        """
        if role not in self.frame or (self.silent(role).all() and not is_needed):
            return pd.Series(pd.NaT, index=range(len(self)), dtype=TIME)
        times = as_times(self.frame[role])
        empty = self.silent(role)
        if is_needed:
            self.refuse(empty, role, "is empty", cure="log the time of every call")
        strange = times.isna().to_numpy() & ~empty
        self.refuse(strange, role, "is not a time", "2026-09-14 08:15:46 or 2026-09-14T08:15:46Z")
        return times

    def refuse_empty(self, roles: list[str], rows: np.ndarray) -> None:
        """Raise when one of these rows leaves a needed role empty; a call that failed has no tokens."""
        for role in roles:
            self.refuse(rows & self.silent(role), role, "is empty")

    def named(self, role: str) -> pd.Series:
        """Cells of a role, and the place in the file where one says nothing."""
        silent = self.silent(role)
        if not silent.any():
            return self.frame[role]
        return self.text(role).where(~silent, f"{self.path.name}, {self.unit} " + pd.Series(self.places).astype("str"))

    def refuse(self, bad: np.ndarray, role: str, what: str, valid: str = "", *, cure: str = "") -> None:
        """Raise when a row is marked, naming its place and the file's own name of the role."""
        if bad.any():
            places = self.places[bad]
            raise InputError(
                f"{'field' if self.unit == 'record' else 'column'} '{self.names.get(role, role)}' {what}", valid=valid,
                cure=cure or f"correct or remove these {'records' if self.unit == 'record' else 'rows'}",
                where=f"{self.path.name}, {self.unit}{'' if places.size == 1 else 's'} "
                      f"{listed(places, limit=_MOST_NAMED)}",
            )  # fmt: skip


def as_times(cells: pd.Series) -> pd.Series:
    """Return cells of text as times, NaT where they are none."""
    said = pa.array(cells.where(cells != ""), type=pa.string(), from_pandas=True)
    for kind in (pa.timestamp("ns", "UTC"), pa.timestamp("ns")):  # all with a zone, or all without: many at once
        try:
            return pd.Series(said.cast(kind).to_numpy(zero_copy_only=False)).dt.tz_localize("UTC").astype(TIME)
        except pa.ArrowInvalid:
            continue
    numbers = _numbers(cells)
    is_number = ~np.isnan(numbers)
    for _ in range(3):  # milli-, micro- and nanoseconds
        numbers = np.where(numbers > LARGEST_SECONDS, numbers / 1000, numbers)
    within = np.abs(numbers) < _LAST_SECONDS  # beyond, no time can be held
    micro = np.where(within, np.round(np.where(within, numbers, 0.0) * 1e6), 0.0).astype("datetime64[us]")
    times = pd.Series(np.where(within, micro, np.datetime64("NaT")).astype("datetime64[ns]")).dt.tz_localize("UTC")
    if is_number.all():
        return times
    written = pd.to_datetime(cells.where(~is_number), format="ISO8601", utc=True, errors="coerce").astype(TIME)
    return times.where(is_number, written)


def _numbers(cells: pd.Series) -> np.ndarray:
    """Cells as numbers, NaN where they are none."""
    said = cells.where(cells != "")
    try:
        return pa.array(said, type=pa.string(), from_pandas=True).cast(pa.float64()).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:  # at least one is no number: find out which
        return pd.to_numeric(said, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
