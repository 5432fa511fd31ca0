"""The time that records cover: span, months, gaps, freshness."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.inspection import Inspection
from flightready.realism.parsing import read_times
from flightready.realism.time_span import Coverage

_GRIDS_S = (86_400, 3_600, 60)


@dataclass(frozen=True)
class Clock:
    """The time column of one side as it was read, system by system.

    Parameters
    ----------
    values : array of datetime64[s], shape (rows,)
        NaT where there is no column, no value, or a default date.
    ambiguous : array of bool, shape (rows,)
    other : array of datetime64[s], shape (rows,)
        Day and month the other way round, NaT where a date cannot be read so.
    precision_s : array of int, shape (rows,)
        Seconds that a time may stand for, by its text and by the grid on which all times of its system lie.
    zoned : array of bool, shape (rows,)
    notes : tuple of str
    """

    values: np.ndarray
    ambiguous: np.ndarray
    other: np.ndarray
    precision_s: np.ndarray
    zoned: np.ndarray
    notes: tuple[str, ...]


def moments(inspection: Inspection, name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read the time column of one side, system by system.

    Returns
    -------
    values : array of datetime64[s], shape (rows,)
        NaT where there is no column, no value, or a default date.
    ambiguous : array of bool, shape (rows,)
    notes : tuple of str
    """
    read = clock(inspection, name)
    return read.values, read.ambiguous, read.notes


def clock(inspection: Inspection, name: str) -> Clock:
    """Read the time column of one side with all that is known of how exact each time is."""
    return inspection.once(("clock", name), lambda: _clock(inspection, name))


def _clock(inspection: Inspection, name: str) -> Clock:
    side, column = inspection.side(name), inspection.sample.columns.time
    nothing = np.full(len(side), np.datetime64("NaT"), dtype="datetime64[s]")
    no, zero = np.zeros(len(side), dtype=bool), np.zeros(len(side), dtype=int)
    found = Clock(nothing, no, nothing.copy(), zero, no.copy(), ())
    if not inspection.has(name, column or ""):
        return found
    notes: list[str] = []
    filled = inspection.filled(name, column)
    for system in side.systems:
        rows = filled & side.of(system)
        got = read_times(inspection.texts(name, column)[rows])
        found.values[rows], found.ambiguous[rows] = got.values, got.ambiguous
        found.other[rows], found.zoned[rows] = got.other, got.zoned
        found.precision_s[rows] = np.where(np.isnat(got.values), 0, np.maximum(got.precision_s, _grid_s(got.values)))
        if got.is_mixed:
            notes.append(f"'{system}' mixes both orders of day and month")
        elif got.ambiguous.any():
            notes.append(f"no date of '{system}' proves the order of day and month")
    return Clock(found.values, found.ambiguous, found.other, found.precision_s, found.zoned, tuple(notes))


def _grid_s(values: np.ndarray) -> int:
    """Return the coarsest grid (day, hour, minute) on which nearly all times lie, in seconds; 1 when on none."""
    known = values[~np.isnat(values)].astype(int)
    share = policy.value("least_share_on_time_grid")
    return next((g for g in _GRIDS_S if known.size and (known % g == 0).mean() >= share), 1)


def months_of(days: np.ndarray) -> np.ndarray:
    """Return the month of each day as text such as `2026-03`, empty where the day is not known, shape (rows,)."""
    return np.where(np.isnat(days), "", days.astype("datetime64[M]").astype(str))


def coverage(inspection: Inspection, name: str, *, as_of: dt.date) -> Coverage | None:
    """Return the time that one side covers, or None when no date can be read."""
    column = inspection.sample.columns.time
    values, ambiguous, notes = moments(inspection, name)
    known = ~np.isnat(values)
    if not known.any():
        return None
    # nothing was received after the day of the assessment: such a date is wrong, and would stretch the span
    days = values.astype("datetime64[D]")
    today = np.datetime64(as_of, "D")
    is_future = known & (days > today)
    past = np.sort(days[known & ~is_future])
    if not past.size:
        return None
    first, last = trimmed(past)
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
    by_month = _by_month(inspection.side(name), days, months, first, last)
    totals = np.sum(list(by_month.values()), axis=0)
    return Coverage(
        column, int(past.size), int((~known).sum()), int((ambiguous & known).sum()), int(is_future.sum()),
        first.astype(dt.date), last.astype(dt.date), int((last - first).astype(int)) + 1, tuple(str(m) for m in months),
        by_month, tuple(str(m) for m, total in zip(months, totals, strict=True) if not total),
        int((today - last).astype(int)), notes, int(((past < first) | (past > last)).sum()),
    )  # fmt: skip


def mostly(doubtful: np.ndarray) -> bool:
    """Return whether so many dates are in doubt that what follows from their order is in doubt as well."""
    return bool(doubtful.mean() > policy.value("most_ambiguous_share"))


def trimmed(ordered: np.ndarray) -> tuple[Any, Any]:
    """Return the first and the last of values in order, without a few at either end that lie far from all others."""
    stray = int(ordered.size * policy.value("trimmed_time_share"))
    first, last = ordered[stray], ordered[ordered.size - 1 - stray]
    near = (last - first) * policy.value("near_end_share")
    kept = ordered[(ordered >= first - near) & (ordered <= last + near)]
    return kept[0], kept[-1]


def _by_month(side, days: np.ndarray, months: np.ndarray, first, last) -> dict[str, tuple[int, ...]]:
    within = ~np.isnat(days) & (days >= first) & (days <= last)
    counts: dict[str, tuple[int, ...]] = {}
    for system in side.systems:
        mine = pd.Series(days[within & side.of(system)].astype("datetime64[M]"))
        tally = mine.value_counts()
        counts[system] = tuple(int(tally.get(pd.Timestamp(m), 0)) for m in months)
    return counts
