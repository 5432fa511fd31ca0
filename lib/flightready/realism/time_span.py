"""The time that records cover: coverage, silences, and the timeline of events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Coverage:
    """The time that the raw sample covers.

    Parameters
    ----------
    column : str
        Time column.
    n_dated, n_undated : int
        Records with a date that could be read and is not after `as_of`, and records without a date.
    n_ambiguous, n_future : int
        Dates whose order of day and month the column does not prove, and dates after `as_of`.
    first, last : date
        Ends of the span; a few records that lie far from all others are left out.
    days : int
        Days from first to last, both counted.
    months : tuple of str
        Every month of the span, such as `2026-03`.
    by_month : dict of str to tuple of int
        Records of each system in each month, in the order of `months`.
    empty_months : tuple of str
    age_days : int
        Days from the last record to `as_of`.
    notes : tuple of str
        Why dates stay open, system by system, where the order of day and month does.
    n_far : int
        Dates that lie far from all others, and so are left out of the span.
    """

    column: str
    n_dated: int
    n_undated: int
    n_ambiguous: int
    n_future: int
    first: dt.date
    last: dt.date
    days: int
    months: tuple[str, ...]
    by_month: dict[str, tuple[int, ...]]
    empty_months: tuple[str, ...]
    age_days: int
    notes: tuple[str, ...]
    n_far: int = 0


@dataclass(frozen=True)
class Silence:
    """A stretch of time without a record of one system that does not fit its rhythm.

    Parameters
    ----------
    system : str
    first, last : date
        Days of the records before and after it.
    hours : float
        Its length.
    expected : float
        Records that the rhythm of the system would have brought.
    chance : float
        Chance of a silence as long anywhere in the records of the system.
    """

    system: str
    first: dt.date
    last: dt.date
    hours: float
    expected: float
    chance: float


@dataclass(frozen=True)
class EventTimeline:
    """When raw records happened, and what went wrong with them on the way.

    Parameters
    ----------
    column : str
        Time column.
    period : str
        `week` (from Monday) or `month`.
    starts : tuple of date
        First day of each period.
    systems : tuple of str
    records, late, out_of_order, duplicated : dict of str to tuple of int
        By system: records of each period by their own time, and those of them that came days late, stand out of order,
        or were sent again (copies and events under a second id).
    future : dict of str to int
        By system: records dated after the day of the assessment or decades off, which are in no period.
    silences : tuple of Silence
        Within the records of a system.
    ended : tuple of Silence
        Systems that end long before the others, from their last record to that of the others.
    """

    column: str
    period: str
    starts: tuple[dt.date, ...]
    systems: tuple[str, ...]
    records: dict[str, tuple[int, ...]]
    late: dict[str, tuple[int, ...]]
    out_of_order: dict[str, tuple[int, ...]]
    duplicated: dict[str, tuple[int, ...]]
    future: dict[str, int]
    silences: tuple[Silence, ...]
    ended: tuple[Silence, ...]
