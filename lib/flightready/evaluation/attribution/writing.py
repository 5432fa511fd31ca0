"""Dates and numbers written another way: in the format of a given example, or of the demo set."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.numerals import number_style
from flightready.realism.parsing import read_numbers, read_times

_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y",
         "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%Y%m%d")  # fmt: skip
_CLOCKS = ("", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", "T%H:%M:%SZ", " %I:%M %p")
DATE_FORMATS = tuple(day + clock for day in _DAYS for clock in _CLOCKS)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


def date_format(text: str) -> str:
    """Return the format that a date is written in, "" when it is none of the usual ones.

    Examples
    --------
    >>> date_format("03.09.2026 14:05"), date_format("2026-09-03T14:05:00Z"), date_format("soon")
    ('%d.%m.%Y %H:%M', '%Y-%m-%dT%H:%M:%SZ', '')
    """
    text = text.strip()
    for written in DATE_FORMATS:
        try:
            if dt.datetime.strptime(text, written).strftime(written) == text:
                return written
        except ValueError:
            continue
    return ""


def rewritten_date(text: str, example: str) -> str:
    """Return a date in the format of an example; as it was where either cannot be read.

    Examples
    --------
    >>> rewritten_date("2026-09-03 14:05", "25.08.2026")
    '03.09.2026'
    """
    written, moment = date_format(example), read_times(pd.Series([text], dtype="str")).values[0]
    return text if not written or np.isnat(moment) else moment.item().strftime(written)


def rewritten_number(text: str, example: str) -> str:
    """Return a number with the decimal mark of an example; as it was where either cannot be read.

    Examples
    --------
    >>> rewritten_number("1234.5", "12,50"), rewritten_number("n/a", "12,50"), rewritten_number("7", "1.234,50")
    ('1234,5', 'n/a', '7')
    """
    style = number_style(example)
    if not _PLAIN.fullmatch(text.strip()) or not style.startswith("comma"):
        return text
    return text.strip().replace(".", ",")


def rewritten(text: str, example: str, kind: Kind) -> str:
    """Return a date or a number as an example writes it; any other value as it was."""
    if kind is Kind.TIME:
        return rewritten_date(text, example)
    return rewritten_number(text, example) if kind is Kind.NUMBER else text


def as_in_demo(inspection: Inspection, column: str, row: int) -> str | None:
    """Return the value of a raw record in the format of the demo set; None where it cannot be read.

    Dates and numbers are read by the evidence of their whole column in their system.
    """
    kind = inspection.kinds[column]
    if kind not in (Kind.TIME, Kind.NUMBER) or not inspection.has("curated", column):
        return None
    written = inspection.once(("written in demo", column), lambda: _leading(inspection, column, kind))
    read = inspection.once(("read in raw", column), lambda: _read(inspection, column, kind))
    value = read[row]
    if not written or pd.isna(value):
        return None
    if kind is Kind.TIME:
        return value.item().strftime(written)
    text = f"{float(value):.12g}"
    return text.replace(".", ",") if written == "comma" else text


def _leading(inspection: Inspection, column: str, kind: Kind) -> str:
    texts = inspection.filled_values("curated", column)
    if kind is Kind.TIME:
        return _most(date_format(t) for t in texts)
    return "comma" if _most(s for t in texts if (s := number_style(t)) in ("comma", "point")) == "comma" else "point"


def _most(found: Iterable[str]) -> str:
    counts = Counter(f for f in found if f)
    return max(counts, key=lambda f: counts[f], default="")


def _read(inspection: Inspection, column: str, kind: Kind) -> Sequence[object]:
    side = inspection.sample.raw
    texts = inspection.texts("raw", column)
    values = np.full(len(side), np.datetime64("NaT", "s") if kind is Kind.TIME else np.nan)
    for system in side.systems:
        mine = side.of(system)
        values[mine] = read_times(texts[mine]).values if kind is Kind.TIME else read_numbers(texts[mine])
    return values
