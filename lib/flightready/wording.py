"""How numbers are written in sentences, with their unit and no false precision."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

_ROUNDING = 1e-9  # percent
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}


def sign(currency: str) -> str:
    """Return what stands before an amount; empty where the currency has no sign of its own."""
    return _SIGNS.get(currency, "")


def money(value: float, currency: str = "USD") -> str:
    """Write an amount with about three significant digits.

    Examples
    --------
    >>> money(1234567.0), money(0.00912), money(-45.5), money(5200.0, "CHF")
    ('$1.23 million', '$0.0091', '-$45.50', '5,200 CHF')
    """
    minus, size = ("-" if value < 0 else ""), abs(value)
    if size >= 1e6:
        scale, name = (1e9, "billion") if size >= 1e9 else (1e6, "million")
        number, suffix = f"{_significant(size / scale, 3)}", f" {name}"
    elif size >= 100:
        number, suffix = f"{float(_significant(size, 3).replace(',', '')):,.0f}", ""
    elif size >= 1 or size == 0:
        number, suffix = f"{size:,.2f}", ""
    else:
        number, suffix = _significant(size, 2), ""
    symbol = sign(currency)
    return f"{minus}{symbol}{number}{suffix}" if symbol else f"{minus}{number}{suffix} {currency}"


def share(value: float) -> str:
    """Write a share as a percentage with the digits that matter.

    Examples
    --------
    >>> share(0.7416), share(0.0041), share(0.999), share(1.0), share(-1e-12)
    ('74.2 %', '0.41 %', '99.9 %', '100 %', '0 %')
    """
    percent = 100 * value
    percent = percent if abs(percent) > _ROUNDING else 0.0  # what a subtraction leaves is not less than nothing
    if percent == 0 or math.isclose(percent, round(percent), abs_tol=_ROUNDING):
        return f"{percent:.0f} %"
    return f"{percent:.2f} %" if abs(percent) < 1 else f"{percent:.1f} %"


def share_of_time(value: float) -> str:
    """Write an availability with the first digit of what is missing to all of the time; a stated one as it stands.

    Examples
    --------
    >>> share_of_time(0.995), share_of_time(0.999741), share_of_time(0.973912), share_of_time(1.0)
    ('99.5 %', '99.97 %', '97.4 %', '100 %')
    >>> share_of_time(0.9975), share_of_time(0.99985)
    ('99.75 %', '99.985 %')
    """
    missing = 100 * (1 - value)
    is_stated = math.isclose(100 * value, round(100 * value, 3), abs_tol=1e-9)
    digits = 3 if is_stated or missing <= 0 else max(1, -math.floor(math.log10(missing)))
    written = f"{100 * value:.{min(digits, 6)}f}"
    return f"{written.rstrip('0').rstrip('.')} %"


def points(value: float) -> str:
    """Write a difference of shares in percentage points.

    Examples
    --------
    >>> points(0.152), points(0.01)
    ('15.2 points', '1.0 point')
    """
    text = f"{100 * value:.1f}"
    return f"{text} point" if text in ("1.0", "-1.0") else f"{text} points"


def count(n: float, noun: str) -> str:
    """Write a count with its noun in the right number.

    Examples
    --------
    >>> count(1, "row"), count(1200, "row"), count(2, "query")
    ('1 row', '1,200 rows', '2 queries')
    """
    if round(n) == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"{n:,.0f} {plural}"


def together(parts: Iterable[str]) -> str:
    """Join the parts of a sentence.

    Examples
    --------
    >>> together(["a"]), together(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *before, last = parts
    return f"{', '.join(before)} and {last}" if before else last


def with_noun(written: str, noun: str) -> str:
    """Join a number that is written already with its noun in the right number.

    Examples
    --------
    >>> with_noun("1", "user"), with_noun("1.3 million", "user")
    ('1 user', '1.3 million users')
    """
    return f"{written} {noun}" if written == "1" else f"{written} {noun}s"


def seconds(value: float) -> str:
    """Write a time in the unit that a person would use.

    Examples
    --------
    >>> seconds(0.31), seconds(4.234), seconds(95), seconds(7200)
    ('310 ms', '4.2 s', '95 s', '2 hours')
    >>> seconds(0.9996), seconds(9.96)
    ('1.0 s', '10 s')
    """
    if value < 0.9995:  # from there on it would read 1000 ms
        return f"{1000 * value:.0f} ms"
    if value < 9.95:
        return f"{value:.1f} s"
    if value < 120:
        return f"{value:.0f} s"
    amount, unit = (value / 60, "minute") if value < 3600 else (value / 3600, "hour")
    text = f"{amount:.1f}".removesuffix(".0")
    return f"{text} {unit}" if text == "1" else f"{text} {unit}s"


def number(value: float) -> str:
    """Write a pure number with about three significant digits.

    Examples
    --------
    >>> number(1234567.0), number(3.14159), number(12)
    ('1.23 million', '3.14', '12')
    """
    if abs(value) >= 1e6:
        return f"{_significant(value / 1e6, 3)} million"
    return _significant(value, 3)


def in_hundred(chance: float) -> str:
    """Write a chance as cases of 100, without claiming certainty; 0 and 1 themselves are exact counts.

    Examples
    --------
    >>> in_hundred(0.004), in_hundred(0.83), in_hundred(0.999), in_hundred(0.0), in_hundred(1.0)
    ('fewer than 1', '83', 'more than 99', '0', '100')
    """
    if 0 < chance < 0.01:
        return "fewer than 1"
    return "more than 99" if 0.99 < chance < 1 else f"{100 * chance:.0f}"


def chance(share_of_draws: float) -> str:
    """Write a chance without claiming certainty.

    Examples
    --------
    >>> chance(0.001), chance(0.654), chance(1.0)
    ('less than 1 in 100', 'about 65 in 100', 'more than 99 in 100')
    """
    if share_of_draws < 0.01:
        return "less than 1 in 100"
    return "more than 99 in 100" if share_of_draws > 0.99 else f"about {100 * share_of_draws:.0f} in 100"


def rounded(value: float) -> str:
    """Write an amount with three significant digits, written out: a rate or a volume that is itself an estimate.

    Examples
    --------
    >>> rounded(991_234.0), rounded(197.3), rounded(3.149)
    ('991,000', '197', '3.15')
    """
    return f"{float(f'{value:.3g}'):,.0f}" if value >= 100 else f"{value:.3g}"


def interval(low: float | None, high: float | None, write: Callable[[float], str]) -> str:
    """Write a 90 % interval; an end that the data cannot bound is said in words, two ends that read alike once.

    Examples
    --------
    >>> interval(0.7, 0.8, share), interval(2.1, None, seconds), interval(0.0, 0.0, share)
    ('70 % to 80 %', '2.1 s or more', '0 %')
    """
    if low is None and high is None:
        return "no bounds yet"
    if high is None:
        return f"{write(low)} or more"
    if low is None:
        return f"up to {write(high)}"
    ends = dict.fromkeys((write(low), write(high)))
    return " to ".join(ends)


def _significant(value: float, digits: int) -> str:
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{round(value, digits - 1 - math.floor(math.log10(abs(value)))):,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text and float(value).is_integer() else text
