"""The price file beside an assessment: dated prices that people may edit, and what they say of one situation."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from flightready.assessment.fields import Strict
from flightready.assessment.load import validated
from flightready.assessment.places import read_yaml
from flightready.cost.prices_rates import DAY_S, MILLION, STANDARD, Bands, Rates
from flightready.errors import InputError, InputErrors
from flightready.quantity import CURRENCIES

FILE_NAME = "prices.yaml"
_MOST = 1e15  # as amounts of the assessment; beyond it arithmetic loses its footing
_EXAMPLE = "models: [{model: my-model, prices: [{input: 2, output: 8}]}]"
_HOURS = re.compile(r"^(\d\d):(\d\d) to (\d\d):(\d\d)$")
_MARK_LENGTH = 12


def _price(raw: object) -> object:
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise InputError(f"'{str(raw)[:60]}' is not a price", valid="a number, such as 2.5, in the file's currency")
    if not math.isfinite(raw) or not 0 <= raw <= _MOST:
        raise InputError(f"{raw} is not a price", valid=f"0 to {_MOST:,.0f}")
    return raw


Price = Annotated[float, BeforeValidator(_price)]
Factor = Annotated[
    float, Field(ge=1 / MILLION, le=MILLION, allow_inf_nan=False, description="what is paid for 1 of the prices below")
]


class PriceRow(Strict):
    """Prices of one situation: per million tokens of each kind, and `call` for each call."""

    tier: str = "standard"
    since: dt.date | None = Field(default=None, alias="from", description="first day, UTC; from the beginning")
    hours: str | None = Field(default=None, description="of the day, UTC: 00:30 to 16:30; the whole day")
    above: int = Field(default=0, ge=0, description="input tokens of the call, beyond which these prices hold")
    input: Price
    cached_input: Price | None = Field(default=None, description="as input when it is not given")
    cache_write_5m: Price | None = Field(default=None, description="as input when it is not given")
    cache_write_1h: Price | None = Field(default=None, description="as cache_write_5m when it is not given")
    output: Price
    reasoning: Price | None = Field(default=None, description="as output when it is not given")
    call: Price = 0

    @model_validator(mode="after")
    def _some_hours(self) -> PriceRow:
        if self.hours is not None:
            start, end = seconds_of(self.hours)
            if start == end or max(start, end) > DAY_S:
                raise InputError(f"'{self.hours}' is no part of a day", valid="such as 00:30 to 16:30, UTC")
        return self

    def rates(self) -> Rates:
        """Return the price of one token of each kind."""
        short = self.input if self.cache_write_5m is None else self.cache_write_5m
        kinds = (
            self.input, self.input if self.cached_input is None else self.cached_input, short,
            short if self.cache_write_1h is None else self.cache_write_1h,
            self.output, self.output if self.reasoning is None else self.reasoning,
        )  # fmt: skip
        # in decimals, so that a price read back is the very number that the list gave
        return Rates(*(float(Decimal(str(k)) / MILLION) for k in kinds), float(self.call))


class PricedModel(Strict):
    """Prices of one model; `provider` is empty when they hold for every provider of it."""

    model: str = Field(min_length=1)
    provider: str = ""
    source: str = ""
    checked: dt.date | None = None
    factor: Factor = 1
    written: str = Field(default="", description="mark of `flightready prices`; an entry that was edited keeps it")
    prices: list[PriceRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _possible(self) -> PricedModel:
        if not self.of_tier("standard"):
            raise InputError(f"'{self.model}' has no price without a tier", cure="add the standard price")
        for rows in _grouped(self.prices, lambda r: (r.tier, r.since)):
            _refuse_impossible(rows, self.model)
        return self

    @property
    def key(self) -> tuple[str, str]:
        """Provider and model as they are compared."""
        return self.provider.lower(), self.model.lower()

    @property
    def is_edited(self) -> bool:
        """Whether somebody wrote or changed it: then it stays as it is."""
        return self.written != mark(self)

    def of_tier(self, tier: str) -> list[PriceRow]:
        """Return the rows of one service tier."""
        return [r for r in self.prices if r.tier.lower() in ((tier,) if tier not in STANDARD else STANDARD)]

    def bands(self, tier: str, moment: dt.datetime) -> tuple[Bands, bool]:
        """Return the rates at a moment, and whether the tier has prices of its own; else the standard ones stand in."""
        day, second = moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second
        rows = [r for r in self.of_tier(tier) if r.since is None or r.since <= day] if tier not in STANDARD else []
        is_listed = bool(rows) or tier in STANDARD
        if not rows:
            standard = self.of_tier("standard")
            begun = [r for r in standard if r.since is None or r.since <= day]
            rows = begun or [r for r in standard if r.since == min(s.since for s in standard)]
        last = max((r.since or dt.date.min) for r in rows)
        rows = [r for r in rows if (r.since or dt.date.min) == last]
        now = [r for r in rows if r.hours and _holds(r.hours, second)] or [r for r in rows if not r.hours]
        now = sorted(now, key=lambda r: r.above)
        return Bands(tuple(r.above for r in now), tuple(r.rates() for r in now)).times(self.factor), is_listed

    @property
    def steady_s(self) -> int | None:
        """Seconds within which no price changes; None when none ever does."""
        ends = [end for r in self.prices if r.hours for end in seconds_of(r.hours)]
        return math.gcd(DAY_S, *ends) if ends or any(r.since for r in self.prices) else None


class PriceFile(Strict):
    """Prices of several models in one currency."""

    currency: Literal[CURRENCIES] = "USD"  # type: ignore[valid-type]
    factor: Factor = 1
    models: list[PricedModel]

    def find(self, provider: str, model: str) -> PricedModel | None:
        """Return the entry of a model: of that provider, or of any where the entry or the log names none."""
        named = [m for m in self.models if m.key[1] == model.lower()]
        fitting = [m for m in named if m.key[0] == provider.lower()] or [m for m in named if not m.provider]
        return next(iter(fitting or ([] if provider else named)), None)


def read_price_file(path: Path) -> PriceFile:
    """Return a checked price file.

    Raises
    ------
    InputError
        With the line, what is valid and the nearest key: an unknown key, a negative price, bands or hours that cannot
        be, a model that stands twice.
    """
    try:
        content, lines = read_yaml(path)
    except InputErrors:
        raise
    except InputError as error:  # its examples are those of an assessment
        raise InputError(error.problem, where=error.where, valid=_EXAMPLE, cure=error.cure) from None
    found = validated(PriceFile, content, {at: (path.name, line) for at, line in lines.items()}, path.name)
    first: dict[tuple[str, str], int] = {}
    for i, entry in enumerate(found.models):
        if entry.key in first:
            of = f" of '{entry.provider}'" if entry.provider else ""
            raise InputError(
                f"the model '{entry.model}'{of} stands twice", where=f"{path.name}, line {lines['models', i]}",
                cure=f"keep one of the two; the first is in line {lines['models', first[entry.key]]}",
            )  # fmt: skip
        first[entry.key] = i
    return found


def mark(entry: PricedModel) -> str:
    """Return a short text that changes when a price of an entry does, however it is laid out."""
    rows = [r.model_dump(mode="json") for r in entry.prices]
    return hashlib.sha256(repr((entry.key, entry.factor, rows)).encode()).hexdigest()[:_MARK_LENGTH]


def seconds_of(hours: str) -> tuple[int, int]:
    """Return the seconds of the day at which hours begin and end.

    Raises
    ------
    InputError
        When they are not hours.

    Examples
    --------
    >>> seconds_of("00:30 to 16:30")
    (1800, 59400)
    """
    found = _HOURS.match(hours)
    if not found or int(found[2]) > 59 or int(found[4]) > 59:
        raise InputError(f"'{hours[:60]}' are no hours of a day", valid="such as 00:30 to 16:30, UTC")
    begin_h, begin_m, end_h, end_m = (int(part) for part in found.groups())
    return begin_h * 3600 + begin_m * 60, end_h * 3600 + end_m * 60


def _holds(hours: str, second: int) -> bool:
    start, end = seconds_of(hours)
    return start <= second < end if start < end else second >= start or second < end


def _refuse_impossible(rows: Sequence[PriceRow], model: str) -> None:
    """Refuse rows of one tier and day that leave a call without a price, or give it two."""
    for band in _grouped(rows, lambda r: r.hours):
        starts = sorted(r.above for r in band)
        if len(set(starts)) < len(starts):
            raise InputError(f"'{model}' has two prices for the same calls (above {starts[0]:,} input tokens)",
                             cure="tell them apart by tier, from, hours or above, or keep one")  # fmt: skip
        if starts[0] != 0:
            raise InputError(f"'{model}' has a price above {starts[0]:,} input tokens, but none for less",
                             cure="add the same row without 'above' for smaller calls")  # fmt: skip
    hours = list(dict.fromkeys(r.hours for r in rows if r.hours))
    ends = sorted({0, *(end % DAY_S for h in hours for end in seconds_of(h))})
    times = [sum(_holds(h, second) for h in hours) for second in ends]
    if max(times) > 1:
        raise InputError(f"'{model}' has hours that overlap", cure="let each hour of the day have one price")
    if min(times) == 0 and all(r.hours for r in rows):
        raise InputError(f"'{model}' has hours of the day without a price", cure="add the price of the other hours")


def _grouped(rows: Iterable[PriceRow], key) -> list[list[PriceRow]]:
    found: dict[object, list[PriceRow]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return list(found.values())
