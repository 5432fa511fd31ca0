"""Kinds of quantity, the units each accepts, and the canonical unit that all computation uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flightready.errors import InputError, listed, nearest

CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD", "INR", "SEK", "NOK", "DKK", "PLN")
"""ISO 4217 codes that may be written in an assessment; nothing is ever converted between them."""

DAYS_PER_MONTH = 365.25 / 12
"""Mean length of a month in days; a convention of the calendar."""


@dataclass(frozen=True)
class Kind:
    """A kind of quantity.

    Parameters
    ----------
    name : str
        Used in messages.
    unit : str
        Canonical unit; `{currency}` stands for the assessment's currency.
    words : mapping of str to float
        Accepted unit words and the factor to the canonical unit; "" accepts a bare number.
    shape : str
        Shape of a `low to high` interval: lognormal, logitnormal or normal.
    low, high : float
        Valid range in the canonical unit; an end may itself be taken.
    example : str
        One valid spelling.
    """

    name: str
    unit: str
    words: Mapping[str, float] = field(default_factory=dict)
    shape: str = "lognormal"
    low: float = 0.0
    high: float = float("inf")
    example: str = ""
    low_open: bool = False

    @property
    def label(self) -> str:
        """The name with its article, for a sentence."""
        return ("an " if self.name[0] in "aeiou" else "a ") + self.name

    @property
    def is_money(self) -> bool:
        """Whether the canonical unit holds a currency."""
        return "{currency}" in self.unit


_SECONDS = {
    "ms": 1e-3, "millisecond": 1e-3, "milliseconds": 1e-3, "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0,
    "min": 60.0, "minute": 60.0, "minutes": 60.0, "h": 3600.0, "hour": 3600.0, "hours": 3600.0, "day": 86400.0,
    "days": 86400.0,
}  # fmt: skip
_MONTHS = {
    "month": 1.0, "months": 1.0, "year": 12.0, "years": 12.0, "week": 7 / DAYS_PER_MONTH, "weeks": 7 / DAYS_PER_MONTH,
    "day": 1 / DAYS_PER_MONTH, "days": 1 / DAYS_PER_MONTH,
}  # fmt: skip
_COUNT_WORDS = ("users", "requests", "rows", "records", "cases", "tickets", "calls", "tokens", "people", "documents")

_COUNTED = {"": 1.0} | dict.fromkeys(_COUNT_WORDS, 1.0)

KINDS: Mapping[str, Kind] = MappingProxyType({
    k.name: k
    for k in (
        Kind("count", "", _COUNTED, high=1e12, example="80_000 to 120_000"),
        Kind("number above zero", "", _COUNTED, high=1e12, example="80_000 to 120_000", low_open=True),
        Kind("number served at once", "", _COUNTED, high=10_000.0, example="24", low_open=True),
        Kind("ratio", "", {"": 1.0}, high=1e6, example="2.5", low_open=True),
        Kind("duration", "s", _SECONDS, high=1e7, example="2 s", low_open=True),
        Kind("period", "months", _MONTHS, high=600.0, example="36 months"),
        Kind("share", "share", {"": 1.0, "%": 0.01, "percent": 0.01}, "logitnormal", 0.0, 1.0, "60% to 80%"),
        Kind("number of points", "share", {"points": 0.01, "point": 0.01, "percentage points": 0.01}, "lognormal",
             0.0, 1.0, "5 points"),
        Kind("growth rate", "per month",
             {"": 1.0, "%": 0.01, "% per month": 0.01, "per month": 1.0, "percent per month": 0.01},
             "normal", -1.0, 1.0, example="1% to 5%", low_open=True),
        Kind("yearly rate", "per year",
             {"": 1.0, "%": 0.01, "% per year": 0.01, "per year": 1.0, "percent per year": 0.01},
             "normal", -0.9, 10.0, example="10% per year"),
        Kind("amount of money", "{currency}",
             {"{currency}": 1.0, "{currency} per case": 1.0, "{currency} per error": 1.0}, high=1e15,
             example="6 to 18 USD"),
        Kind("amount of money per month", "{currency} per month",
             {"{currency} per month": 1.0, "{currency} per year": 1 / 12, "{currency} per day": DAYS_PER_MONTH},
             high=1e15, example="60_000 USD per month"),
        Kind("amount of money per hour", "{currency} per hour", {"{currency} per hour": 1.0}, high=1e9,
             example="35 to 55 USD per hour"),
        Kind("measure", "", {}, example="4.2 minutes"),
    )
})  # fmt: skip


def factor(kind: Kind, word: str, *, where: str) -> tuple[float, str]:
    """Return the factor to the canonical unit, and the canonical unit with its currency filled in.

    Raises
    ------
    InputError
        When the word is not a unit of the kind.
    """
    word = " ".join(word.replace("/", " per ").split())
    if kind.name == "measure":
        return 1.0, word
    currency = next((c for c in CURRENCIES if c in word.upper().split()), "")
    generic = word.upper().replace(currency, "{currency}").lower() if currency else word.lower()
    if generic in kind.words:
        return kind.words[generic], kind.unit.replace("{currency}", currency)
    valid = [w.replace("{currency}", "USD") or "a bare number" for w in kind.words]
    raise InputError(
        f"the unit '{word}' does not fit {kind.label}" if word else f"{kind.label} needs a unit",
        where=where,
        valid=f"{listed(valid)}, for example '{kind.example}'",
        cure=nearest(word, valid),
    )
