"""The time that records cover: span, months, gaps, freshness."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.inspection import Inspection
from flightready.realism.parsing import read_times
from flightready.realism.result import Coverage


def moments(inspection: Inspection, name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Read the time column of one side, system by system.

    Returns
    -------
    values : array of datetime64[s], shape (rows,)
        NaT where there is no column, no value, or a default date.
    ambiguous : array of bool, shape (rows,)
    notes : tuple of str
    """
    return inspection.once(("moments", name), lambda: _moments(inspection, name))


def _moments(inspection: Inspection, name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    side, column = inspection.side(name), inspection.sample.columns.time
    values = np.full(len(side), np.datetime64("NaT"), dtype="datetime64[s]")
    ambiguous = np.zeros(len(side), dtype=bool)
    notes: list[str] = []
    if not inspection.has(name, column or ""):
        return values, ambiguous, ()
    filled = inspection.filled(name, column)
    for system in side.systems:
        rows = filled & (side.system == system)
        got = read_times(inspection.texts(name, column)[rows])
        values[rows], ambiguous[rows] = got.values, got.ambiguous
        if got.is_mixed:
            notes.append(f"{system}: dates prove both orders, day first and month first")
        elif got.ambiguous.any():
            notes.append(f"{system}: no date proves the order of day and month; read as day first")
    return values, ambiguous, tuple(notes)


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
    stray = int(past.size * policy.value("trimmed_time_share"))
    first, last = past[stray], past[past.size - 1 - stray]
    months = np.arange(first.astype("datetime64[M]"), last.astype("datetime64[M]") + 1)
    by_month = _by_month(inspection.side(name), days, months, first, last)
    totals = np.sum(list(by_month.values()), axis=0)
    return Coverage(
        column, int(known.sum()), int((~known).sum()), int((ambiguous & known).sum()), int(is_future.sum()),
        first.astype(dt.date), last.astype(dt.date), int((last - first).astype(int)) + 1, tuple(str(m) for m in months),
        by_month, tuple(str(m) for m, total in zip(months, totals, strict=True) if not total),
        int((today - last).astype(int)), notes,
    )  # fmt: skip


def _by_month(side, days: np.ndarray, months: np.ndarray, first, last) -> dict[str, tuple[int, ...]]:
    within = ~np.isnat(days) & (days >= first) & (days <= last)
    counts: dict[str, tuple[int, ...]] = {}
    for system in side.systems:
        mine = pd.Series(days[within & (side.system == system)].astype("datetime64[M]"))
        tally = mine.value_counts()
        counts[system] = tuple(int(tally.get(pd.Timestamp(m), 0)) for m in months)
    return counts
