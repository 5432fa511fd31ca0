"""Quantity: a value or distribution with its unit and where it comes from.

`parse` reads what a person writes in an assessment: `2 s`, `6 to 18 USD`, `1% to 5%`, `normal -2% to 8%`,
`{p10: .8, p50: 1.1, p90: 1.9}`, or any of these under `value:` with `source:` and `checked:`.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready.errors import InputError, listed, nearest
from flightready.quantity.distributions import Distribution, Fixed, Metalog, Pool, Spread
from flightready.quantity.units import CURRENCIES, DAYS_PER_MONTH, KINDS, Kind, factor

__all__ = [
    "CURRENCIES", "DAYS_PER_MONTH", "KINDS", "Distribution", "Fixed", "Kind", "Metalog", "Pool", "Quantity", "Spread",
    "parse", "pooled",
]  # fmt: skip

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d[\d_]*)?(?:\.\d+)?(?:[eE][-+]?\d+)?"
_SHAPE = re.compile(r"^\s*(normal|lognormal|logitnormal)\s+")
_END = re.compile(rf"^\s*(?P<number>{_NUMBER})\s*(?P<unit>[^\d\s.,+-].*?)?\s*$")
_SMALLEST = 1e-9  # nothing that anybody plans with is smaller; below it arithmetic loses its footing
_KEYS = ("value", "p10", "p50", "p90", "low", "high", "unit", "source", "checked")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, its uncertainty and its provenance.

    Parameters
    ----------
    distribution : Fixed, Spread or Metalog
        In the canonical unit.
    unit : str
        Canonical unit, such as `s`, `share`, `USD per month`.
    text : str
        What the person wrote.
    source : str
        Who or what says so; empty when not stated.
    checked : date, optional
        When it was last checked.
    """

    distribution: Distribution
    unit: str
    text: str
    source: str = ""
    checked: dt.date | None = None

    def ppf(self, u: np.ndarray) -> np.ndarray:
        """Return the quantile at each share of probability, in the canonical unit."""
        return self.distribution.ppf(u)

    @property
    def median(self) -> float:
        """Median in the canonical unit."""
        return float(self.ppf(np.asarray(0.5)))

    @property
    def is_certain(self) -> bool:
        """Whether it carries no uncertainty."""
        return isinstance(self.distribution, Fixed)

    @property
    def range90(self) -> tuple[float, float]:
        """Ends of the 90 % interval in the canonical unit; equal when it is certain."""
        low, high = self.ppf(np.array([0.05, 0.95]))
        return float(low), float(high)


def parse(raw: Any, kind_name: str, *, where: str = "") -> Quantity:
    """Read a quantity of a known kind.

    Parameters
    ----------
    raw : number, str or mapping
        What the person wrote.
    kind_name : str
        A key of `KINDS`.
    where : str, optional
        Place for the message.

    Raises
    ------
    InputError
        With what was got, what is valid, and the cure.

    Examples
    --------
    >>> low, high = parse("6 to 18 USD", "amount of money").range90
    >>> round(low, 9), round(high, 9)
    (6.0, 18.0)
    >>> parse("300 ms", "duration").median
    0.3
    """
    kind = KINDS[kind_name]
    if isinstance(raw, Quantity):
        return raw
    if isinstance(raw, Mapping):
        return _from_mapping(raw, kind, where)
    if isinstance(raw, bool) or raw is None or not isinstance(raw, int | float | str):
        raise InputError(f"'{_shown(raw)}' is not {kind.label}", where=where, valid=f"for example '{kind.example}'")
    return _from_text(str(raw), kind, where)


def _from_text(text: str, kind: Kind, where: str) -> Quantity:
    shape_match = _SHAPE.match(text)
    shape = shape_match[1] if shape_match else kind.shape
    parts = re.split(r"\s+to\s+", text[shape_match.end() :] if shape_match else text)
    ends = [_END.match(part) for part in parts]
    if len(parts) > 2 or not all(end and re.search(r"\d", end["number"]) for end in ends):
        raise InputError(
            f"'{_shown(text)}' cannot be read as {kind.label}", where=where, valid=f"for example '{kind.example}'"
        )
    last_word = ends[-1]["unit"] or ends[0]["unit"] or ""
    unit = factor(kind, last_word, where=where)[1]
    values = tuple(
        _number(end["number"], where) * factor(kind, end["unit"] or last_word, where=where)[0] for end in ends
    )
    if len(values) == 2:
        if shape_match and shape == "normal" and kind.low >= 0 and not kind.is_money:
            raise InputError(f"'{text}' could turn negative, and {kind.label} cannot", where=where,
                             valid=f"for example '{kind.example}'", cure="leave out 'normal'")  # fmt: skip
        ends = tuple(abs(v) for v in values) if kind.is_money and shape == "normal" else values
        return _build(lambda: Spread(*values, shape), kind, unit, text, where, ends)
    _check_range(values[0], kind, text, where)
    return Quantity(Fixed(values[0]), unit, text)


def _from_mapping(raw: Mapping[str, Any], kind: Kind, where: str) -> Quantity:
    for key in raw:
        if key not in _KEYS:
            raise InputError(f"unknown key '{key}' in a quantity", where=where, valid=listed(_KEYS),
                             cure=nearest(str(key), _KEYS))  # fmt: skip
    source, checked = str(raw.get("source") or ""), raw.get("checked")
    if checked is not None and not isinstance(checked, dt.date):
        raise InputError(f"'checked' must be a date (got '{checked}')", where=where, valid="2026-10-01")
    if "value" in raw:
        inner = parse(raw["value"], kind.name, where=where)
        return Quantity(inner.distribution, inner.unit, inner.text, source, checked)
    keys = [k for k in ("p10", "p50", "p90", "low", "high") if k in raw]
    if keys not in (["p10", "p50", "p90"], ["low", "high"]):
        raise InputError(f"a quantity cannot be made of {listed(keys) or 'nothing'}", where=where,
                         valid="value, or low and high, or p10 and p50 and p90")  # fmt: skip
    parts = [_plain(raw[k], raw.get("unit"), kind, f"{where} '{k}'".strip()) for k in keys]
    values, unit = [p[0] for p in parts], parts[-1][1]
    text = ", ".join(f"{k} {raw[k]}" for k in keys) + (f" {raw['unit']}" if raw.get("unit") else "")
    make = (lambda: Metalog(*values, kind.shape)) if len(keys) == 3 else (lambda: Spread(*values, kind.shape))
    built = _build(make, kind, unit, text, where, tuple(values))
    return Quantity(built.distribution, unit, text, source, checked)


def _plain(raw: Any, unit: Any, kind: Kind, where: str) -> tuple[float, str]:
    text = f"{raw} {unit}" if unit and not re.search(r"[^\d\s._,+\-eE]", str(raw)) else str(raw)
    if isinstance(raw, bool) or raw is None:
        raise InputError(f"'{_shown(raw)}' is not a number", where=where)
    got = _from_text(text, kind, where)
    if not got.is_certain:
        raise InputError(f"'{raw}' is an interval where one number is needed", where=where)
    return got.median, got.unit


def _build(make: Any, kind: Kind, unit: str, text: str, where: str, ends: tuple[float, ...]) -> Quantity:
    for end in ends:
        _check_range(end, kind, text, where)
    try:
        return Quantity(make(), unit, text)
    except InputError as error:
        raise error.at(where) if where else error from None


def _check_range(value: float, kind: Kind, text: str, where: str) -> None:
    beyond = value < kind.low or value > kind.high or not math.isfinite(value) or 0 < abs(value) < _SMALLEST
    if beyond or (kind.low_open and value == kind.low):
        lowest = f"above {kind.low:,g}" if kind.low_open else f"from {kind.low:,g}"
        bounds = f"{lowest} up to {kind.high:,.15g}" if math.isfinite(kind.high) else lowest
        cure = f"did you mean '{text.strip()}%'?" if kind.name == "share" and 1 < value <= 100 else ""
        raise InputError(f"'{text}' is out of range for {kind.label}", where=where, valid=bounds, cure=cure)


def _number(text: str, where: str) -> float:
    try:
        return float(text.replace(",", "").replace("_", ""))
    except ValueError:
        raise InputError(f"'{text}' is not a number", where=where) from None


def _shown(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def pooled(estimates: Mapping[str, Quantity]) -> Quantity:
    """Return several people's estimates of one quantity as one, each with the same weight.

    Parameters
    ----------
    estimates : mapping of role to Quantity
        At least one, all in the same unit.

    Raises
    ------
    InputError
        When the units differ.
    """
    given = list(estimates.values())
    if len(given) == 1:
        return given[0]
    units = sorted({q.unit for q in given})
    if len(units) > 1:
        raise InputError(f"estimates of one quantity in different units: {listed(units)}", cure="use one unit")
    text = ", ".join(f"{role}: {q.text}" for role, q in estimates.items())
    return Quantity(Pool(tuple(q.distribution for q in given)), units[0], text, f"pooled from {len(given)} estimates")
