"""Dates read from text by the evidence of their whole column; what stays ambiguous is said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from flightready.realism.distinct import by_row, distinct
from flightready.realism.numerals import number_style, read_numbers

__all__ = ["Times", "day_first_conflict", "number_style", "read_numbers", "read_times"]

_CLOCK = r"(?:[T ]+(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"^(?P<y>\d{{4}})[-/](?P<m>\d{{1,2}})[-/](?P<d>\d{{1,2}}){_CLOCK}{_ZONE}$")
_NUMERIC = re.compile(rf"^(?P<a>\d{{1,2}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}){_CLOCK}{_ZONE}$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_WORD = r"(?P<word>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_DAY_MONTH = re.compile(
    rf"^(?:[A-Za-z]{{3,9}},?\s+)?(?P<d>\d{{1,2}})[\s.-]+{_MONTH_WORD}[\s,-]+(?P<y>\d{{4}}){_CLOCK}{_ZONE}$",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"^(?:[A-Za-z]{{3,9}},?\s+)?{_MONTH_WORD}\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}}){_CLOCK}{_ZONE}$", re.IGNORECASE
)
_PACKED = re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])$")
_YEAR_MONTH = re.compile(r"^(?P<y>(?:19|20)\d{2})[-/](?P<m>0[1-9]|1[0-2])$")
_CJK = re.compile(rf"^(?P<y>\d{{4}})年\s*(?P<m>\d{{1,2}})月\s*(?:(?P<d>\d{{1,2}})日\s*{_CLOCK}{_ZONE})?$")
_EPOCH = re.compile(r"^(?P<epoch>1\d{9}|1\d{12})(?:\.\d+)?$")
_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_MONTHS_IN_YEAR = 12
_LONGEST_MONTH_S = 31 * 86_400
_NEVER = int(np.iinfo(np.int64).min)  # how numpy stores NaT
_FIRST_DAY = dt.date(1970, 1, 1).toordinal()
_LONGEST = 64  # no date or number is longer; keeps the patterns fast on long texts
_CENTURY_TURN = 70  # POSIX: two-digit years from 70 belong to the 1900s


@dataclass(frozen=True)
class Times:
    """Times read from a column.

    Parameters
    ----------
    values : array of datetime64[s], shape (n,)
        In UTC; a time without a zone is taken as UTC; NaT where nothing could be read.
    ambiguous : array of bool, shape (n,)
        Read as day first (or month first) without proof from this column.
    day_first : bool or None
        Order of numeric dates that the column proves; None when it proves neither or both.
    is_mixed : bool
        The column proves both orders.
    other : array of datetime64[s], shape (n,)
        The same text with day and month the other way round, NaT where it cannot be read so.
    precision_s : array of int, shape (n,)
        Seconds that a time as written may stand for: 1, 60 (no seconds), 86,400 (a day) or those of 31 days (a month,
        read as its first day); 0 where nothing was read.
    zoned : array of bool, shape (n,)
        Written with a zone or an offset, or as seconds since 1970.
    """

    values: np.ndarray
    ambiguous: np.ndarray
    day_first: bool | None
    is_mixed: bool
    other: np.ndarray
    precision_s: np.ndarray
    zoned: np.ndarray


def read_times(texts: pd.Series) -> Times:
    """Read times: ISO, day first or month first by the evidence of the column, month names, and seconds since 1970.

    Parameters
    ----------
    texts : Series of str, shape (n,)
        One column of one system.

    Examples
    --------
    >>> got = read_times(pd.Series(["03.09.2026 14:05", "25.09.2026", "1-Sep"], dtype="str"))
    >>> [str(v) for v in got.values], got.day_first
    (['2026-09-03T14:05:00', '2026-09-25T00:00:00', 'NaT'], True)
    >>> got.precision_s.tolist(), str(got.other[0])
    ([60, 86400, 0], '2026-03-09T14:05:00')
    """
    codes, different = distinct(texts)
    # the entry behind the last one is what the code -1 of NA picks
    read = _Reading(*np.array([*map(_read, different), _NOTHING_READ], dtype=np.int64).T)
    proves_day = bool(read.day_over.any())
    proves_month = bool(read.month_over.any() or read.has_half.any())
    is_mixed = proves_day and proves_month
    proved = None if proves_day == proves_month else proves_day
    # a dot between the parts is written where the day comes first; so is a column that proves nothing
    default = proved if proved is not None else True
    seconds, turned = (read.day_first, read.month_first) if default else (read.month_first, read.day_first)
    values = seconds.astype("datetime64[s]")
    other = np.where(read.is_swappable, turned, _NEVER).astype("datetime64[s]")
    ambiguous = read.is_unclear.astype(bool) & (proved is None)
    precision_s = np.where(np.isnat(values), 0, read.precision_s)
    zoned = read.is_zoned.astype(bool)
    return Times(values[codes], ambiguous[codes], proved, is_mixed, other[codes], precision_s[codes], zoned[codes])


def day_first_conflict(texts: pd.Series) -> np.ndarray:
    """Return which numeric dates prove the order that is rarer in their column, shape (n,)."""
    codes, different = distinct(texts)
    day, month = (by_row((part(_read(t)) for t in different), codes) for part in (_day_over, _month_over))
    if not (day.any() and month.any()):
        return np.zeros(len(texts), dtype=bool)
    return day if day.sum() < month.sum() else month


class _Reading(NamedTuple):
    """What one text says as a date, or many: seconds since 1970 in either order, and flags as 0 or 1."""

    day_first: Any
    month_first: Any
    day_over: Any
    month_over: Any
    has_half: Any
    is_swappable: Any
    is_unclear: Any
    is_zoned: Any
    precision_s: Any


_NOTHING_READ = _Reading(_NEVER, _NEVER, 0, 0, 0, 0, 0, 0, 0)
_day_over, _month_over = attrgetter("day_over"), attrgetter("month_over")


@lru_cache(maxsize=1 << 16)
def _read(text: str) -> _Reading:
    """Read one text by itself; which order of day and month holds is for its column to say."""
    parts = _split(text)
    if parts is None:
        return _NOTHING_READ
    zoned, precision = bool(parts.get("zone") or "epoch" in parts), _precision_s(parts)
    day_first = _moment(parts, True)
    if "a" not in parts:
        return _Reading(day_first, day_first, 0, 0, 0, 0, 0, zoned, precision)
    return _Reading(
        day_first, _moment(parts, False), int(parts["a"]) > _MONTHS_IN_YEAR, int(parts["b"]) > _MONTHS_IN_YEAR,
        bool(parts["half"]), _is_swappable(parts), _is_unclear(parts), zoned, precision,
    )  # fmt: skip


def _split(text: str) -> dict[str, str | None] | None:
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    for pattern in (_ISO, _NUMERIC, _DAY_MONTH, _MONTH_DAY, _PACKED, _EPOCH, _YEAR_MONTH, _CJK):
        if match := pattern.match(text):
            return match.groupdict()
    return None


def _is_unclear(parts: dict[str, str | None]) -> bool:
    """Whether nothing in a numeric date itself says which part is the day."""
    a, b = int(parts["a"]), int(parts["b"])
    if a > _MONTHS_IN_YEAR or b > _MONTHS_IN_YEAR or a == b or parts.get("half"):
        return False
    return parts["sep"] != "."


def _is_swappable(parts: dict[str, str | None]) -> bool:
    """Whether day and month could change places: both are months, they differ, and no half of the day says which."""
    if "a" not in parts or parts["half"]:
        return False
    a, b = int(parts["a"]), int(parts["b"])
    return a != b and max(a, b) <= _MONTHS_IN_YEAR


def _precision_s(parts: dict[str, str | None]) -> int:
    if "epoch" in parts or parts.get("s"):
        return 1
    if "word" not in parts and "a" not in parts and not parts.get("d"):
        return _LONGEST_MONTH_S
    return 60 if parts.get("h") else 86_400


def _moment(parts: dict[str, str | None] | None, day_first: bool) -> int:
    """Seconds since 1970, `_NEVER` where there is no such day."""
    if parts is None:
        return _NEVER
    if "epoch" in parts:
        number = int(parts["epoch"])
        return number if number < 10**12 else number // 1000
    try:
        days = dt.date(*_calendar(parts, day_first)).toordinal() - _FIRST_DAY
    except ValueError:
        return _NEVER
    return days * 86_400 + _seconds(parts)


def _calendar(parts: dict[str, str | None], day_first: bool) -> tuple[int, int, int]:
    year = int(parts["y"])
    if len(parts["y"]) == 2:
        year += 1900 if year >= _CENTURY_TURN else 2000
    if "word" in parts:
        return year, _MONTHS.index(parts["word"][:3].lower()) + 1, int(parts["d"])
    if "a" not in parts:
        return year, int(parts["m"]), int(parts.get("d") or 1)
    a, b = int(parts["a"]), int(parts["b"])
    is_month_first = b > _MONTHS_IN_YEAR or (a <= _MONTHS_IN_YEAR and (bool(parts["half"]) or not day_first))
    return (year, a, b) if is_month_first else (year, b, a)


def _seconds(parts: dict[str, str | None]) -> int:
    hour = int(parts.get("h") or 0)
    if half := parts.get("half"):
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    total = hour * 3600 + int(parts.get("mi") or 0) * 60 + int(parts.get("s") or 0)
    zone = _OFFSET.match(parts["zone"]) if parts.get("zone") else None
    if zone:
        total -= (1 if zone[1] == "+" else -1) * (int(zone[2]) * 3600 + int(zone[3]) * 60)
    return total
