"""How values that a file holds as numbers, times or bytes are written as text, as a person sees them."""

from __future__ import annotations

import datetime as dt
import math

from flightready.wording import count

_DIGITS = 15  # what a double holds for certain, and what a spreadsheet shows
_SECONDS_PER_HOUR = 3600


def number_text(value: float) -> str:
    """Return a number without the noise of its binary form, and never as a power of ten.

    Examples
    --------
    >>> [number_text(v) for v in (0.1 + 0.2, 5.0, 1e20, 1.5e-7, float("nan"))]
    ['0.3', '5', '100000000000000000000', '0.00000015', 'NaN']
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer():
        return str(int(value))
    text = f"{value:.{_DIGITS}g}"
    if "e" not in text:
        return text
    mantissa, _, power = text.partition("e")
    places = len(mantissa.partition(".")[2]) - int(power)
    return f"{value:.{max(0, places)}f}"


def moment_text(value: dt.datetime | dt.date | dt.time) -> str:
    """Return a date or time in ISO form, without a fraction of zero.

    Examples
    --------
    >>> moment_text(dt.datetime(2026, 1, 5, 13, 45)), moment_text(dt.date(2026, 1, 5)), moment_text(dt.time(6, 30))
    ('2026-01-05T13:45:00', '2026-01-05', '06:30:00')
    """
    return value.isoformat()


def duration_text(value: dt.timedelta) -> str:
    """Return a length of time as hours, minutes and seconds.

    Examples
    --------
    >>> duration_text(dt.timedelta(days=1, seconds=43205)), duration_text(dt.timedelta(seconds=-90))
    ('36:00:05', '-0:01:30')
    """
    seconds = abs(value.total_seconds())
    hours, rest = divmod(seconds, _SECONDS_PER_HOUR)
    minutes, rest = divmod(rest, 60)
    sign = "-" if value.total_seconds() < 0 else ""
    fraction = f"{rest % 1:.6f}"[1:].rstrip("0.") if rest % 1 else ""
    return f"{sign}{hours:.0f}:{minutes:02.0f}:{int(rest):02d}" + (f".{fraction}" if fraction else "")


def bytes_text(value: bytes) -> str:
    """Return what stands for bytes that are no text.

    Examples
    --------
    >>> bytes_text(bytes(1500))
    '(binary, 1,500 bytes)'
    """
    return f"(binary, {count(len(value), 'byte')})"
