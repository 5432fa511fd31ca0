"""Numbers as people write them: decimal marks, thousands, signs, units, and the digits of other scripts."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.distinct import distinct

_LONGEST = 64  # no number is longer; keeps the patterns fast on long texts
_CURRENCY = "€$£¥₹₩₽₺₫₴₦₪₱฿"
_SIGN = "[-+−]"
_GROUP_MARKS = re.compile(r"[' ’\u00a0\u202f](?=\d{3})")
_GROUPED_POINT = re.compile(r"^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$")
_GROUPED_COMMA = re.compile(r"^[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?$")
_GROUPED_LAKH = re.compile(r"^[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?$")
_FOREIGN_MARKS = str.maketrans({"٫": ".", "٬": ",", "．": ".", "，": ",", "－": "-"})
_LARGEST_EXPONENT = 300
_LEAST_PROGRAM_EXPONENT, _MOST_PROGRAM_EXPONENT = -4, 16  # programs write 1e-05 and 1e+16 by themselves
LAKH = "lakh"


class Numeral(NamedTuple):
    """How a number is written.

    Parameters
    ----------
    value_text : str
        Digits with decimal point or comma and grouping marks, without unit, sign and the digits of other scripts.
    base : str
        plain, point, comma, either or scientific.
    is_negative : bool
    minus : str
        How it is negative: before, after, in brackets, or "" for a number that is not.
    has_unit, is_percent : bool
    is_foreign : bool
        Written in the digits of another script.
    group : str
        Mark between thousands, `lakh` for the Indian way, "" for none.
    whole : int
        Digits before the decimal mark.
    """

    value_text: str
    base: str
    is_negative: bool
    minus: str
    has_unit: bool
    is_percent: bool
    is_foreign: bool
    group: str
    whole: int


@lru_cache(maxsize=1 << 16)
def numeral(text: str) -> Numeral | None:
    """Return how a number is written, or None for no number.

    Examples
    --------
    >>> numeral("(1'234.50)")[:4], numeral("12,34,567").group, numeral("3 items")
    (('1234.50', 'point', True, 'in brackets'), 'lakh', None)
    """
    if len(text) > _LONGEST or not any(c.isdigit() for c in text):
        return None
    plain = text if text.isascii() else _in_western_digits(text)
    match = _pattern().match(plain)
    if not match or bool(match["open"]) != bool(match["close"]):
        return None
    signs = [s for s in (match["sign"], match["second"], match["last"]) if s]
    if len(signs) > 1 or (signs and match["open"]):
        return None
    minus = "in brackets" if match["open"] else "after" if match["last"] else "before" if signs[:1] != ["+"] else ""
    is_negative = bool(match["open"]) or bool(signs and signs[0] != "+")
    body = match["body"]
    value_text = _GROUP_MARKS.sub("", body)
    base = _base(value_text)
    if not base:
        return None
    units = (match["before"], match["inner"], match["after"], match["outer"])
    group, whole = _grouping(body, value_text, base)
    return Numeral(
        value_text, base, is_negative, minus if is_negative else "", any(units), "%" in units,
        plain != text and any(c.isdigit() and not c.isascii() for c in text), group, whole,
    )  # fmt: skip


def number_style(text: str) -> str:
    """Return how a number is written: plain, point, comma, either, scientific, with a unit, or "" for no number.

    Examples
    --------
    >>> [number_style(t) for t in ("12", "1,234.5", "1.234,50", "1.234", "1.5E+02", "12,50 €", "n/a")]
    ['plain', 'point', 'comma', 'either', 'scientific', 'comma with unit', '']
    """
    found = numeral(text)
    if found is None:
        return ""
    return found.base + (" with unit" if found.has_unit else "") + (" in other digits" if found.is_foreign else "")


def read_numbers(texts: pd.Series) -> np.ndarray:
    """Read numbers with decimal point or comma, thousands, units and signs; NaN where nothing could be read.

    `1.234` is a thousand where the column writes decimal commas, else one and a bit; `1,234` the other way round.

    Examples
    --------
    >>> read_numbers(pd.Series(["1.234,50", "12,5 €", "1.234", None], dtype="str"))
    array([1234.5,   12.5, 1234. ,    nan])
    """
    codes, different = distinct(texts)
    found = [numeral(t) for t in different]
    bases = [n.base for n in found if n]
    default = "comma" if bases.count("comma") > bases.count("point") else "point"
    # the entry behind the last one is what the code -1 of NA picks
    return np.array([*(_number(n, default) if n else np.nan for n in found), np.nan], dtype=float)[codes]


@cache
def _pattern() -> re.Pattern[str]:
    words = sorted(policy.value("number_units"), key=lambda w: (-len(w), w))
    spelled = "|".join(re.escape(w) for w in words if len(w) > 1)
    single = "|".join(re.escape(w) for w in words if len(w) == 1)
    sign = rf"[A-Z]{{3}}|[A-Z]{{1,2}}\$|[{_CURRENCY}]|[%‰°]"
    before = rf"(?:{sign}|Rs\.?|Fr\.|kr\.?)"
    # a lone letter without a blank before it belongs to a code
    after = rf"(?:{sign}|(?:{spelled})\.?|(?<=[\s\u00a0\u202f])(?:{single}))"
    return re.compile(
        rf"^\s*(?P<sign>{_SIGN})?\s*(?P<before>{before})?\s*(?P<open>\()?\s*(?P<inner>{before})?\s*(?P<second>{_SIGN})?\s*"
        rf"(?P<body>\d[\d.,'’ \u00a0\u202f]*?(?:[eE][-+]?\d+)?)\s*(?P<after>{after})?\s*"
        rf"(?P<last>[-−])?(?P<close>\))?\s*(?P<outer>{after})?\s*$"
    )


def _in_western_digits(text: str) -> str:
    return "".join(
        str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text.translate(_FOREIGN_MARKS)
    )


def _base(body: str) -> str:
    if "e" in body or "E" in body:
        exponent = int(re.split("[eE]", body)[1])
        if abs(exponent) > _LARGEST_EXPONENT:  # a code such as 12e345
            return ""
        by_program = "e" in body and not _LEAST_PROGRAM_EXPONENT <= exponent < _MOST_PROGRAM_EXPONENT
        return "point" if by_program else "scientific"
    if body.isdigit():
        return "plain"
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", body):
        return "either"
    if re.fullmatch(r"\d+\.\d+", body) or _GROUPED_POINT.match(body) or _GROUPED_LAKH.match(body):
        return "point"
    return "comma" if re.fullmatch(r"\d+,\d+", body) or _GROUPED_COMMA.match(body) else ""


def _grouping(body: str, value_text: str, base: str) -> tuple[str, int]:
    """(mark between thousands, digits before the decimal mark)"""
    blank = _GROUP_MARKS.search(body)
    decimal = "," if base == "comma" else "."
    other = "." if base == "comma" else ","
    head = re.split("[eE]", value_text)[0].split(decimal)[0] if base != "either" else value_text
    whole = sum(c.isdigit() for c in head)
    if blank:
        return blank[0], whole
    if _GROUPED_LAKH.match(value_text):
        return LAKH, whole
    return (other if other in value_text else ""), whole


def _number(found: Numeral, default: str) -> float:
    base, body = found.base, found.value_text
    if base in ("either", "scientific"):
        base = default if base == "either" else ("comma" if "," in body else "point")
    body = body.replace(".", "").replace(",", ".") if base == "comma" else body.replace(",", "")
    value = float(body) * (-1 if found.is_negative else 1)
    return value / 100 if found.is_percent else value
