"""Prices of model calls: those that the assessment gives, those of its price file, and else the dated price list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flightready.assessment import Pilot
from flightready.cost.prices_file import PriceFile, read_price_file
from flightready.cost.prices_list import (
    LIST_CURRENCY,
    LIST_NAME,
    closest,
    listed_bands,
    newest_price,
    steady_s,
    tier_is_listed,
)
from flightready.cost.prices_rates import DAY_S, MILLION, NEWEST, STANDARD, Bands, Rates, noon_of
from flightready.errors import InputError
from flightready.quantity import Quantity

__all__ = [
    "DAY_S", "LIST_CURRENCY", "LIST_NAME", "NEWEST", "STANDARD", "Bands", "PriceBook", "PriceFile", "Quote", "Rates",
    "book", "noon_of",
]  # fmt: skip

OWN_SOURCE = "prices given in the assessment"
LISTED = f"{LIST_NAME}, at the date of each call"


@dataclass(frozen=True)
class Quote:
    """What one model costs in one situation.

    Parameters
    ----------
    bands : Bands
        Rates by size of the context, in `currency`.
    currency : str
    source, said_by : str
        Where they come from in a few words; and who says so in full.
    dated : date or None
        Day up to which they are known to be right; None where nobody says.
    tier_is_listed : bool
        Whether the service tier has prices of its own; else these are the standard ones.
    is_own : bool
        Whether the assessment or its price file gives them.
    is_converted : bool
        Whether they were in US dollars and are converted.
    """

    bands: Bands
    currency: str
    source: str
    said_by: str
    dated: dt.date | None
    tier_is_listed: bool
    is_own: bool
    is_converted: bool = False


@dataclass(frozen=True)
class PriceBook:
    """Where the prices of one pilot come from.

    Parameters
    ----------
    own : mapping of str to Rates
        Prices that the assessment gives, by model name in lower case.
    own_currency : str
        Currency of these prices.
    fallback_model : str
        Model of calls whose log names none: the only priced one, or that of `cost.per_request`; empty when unclear.
    where : str
        Place of `cost.prices` in the assessment, for messages.
    said : mapping of str to (source, date or None)
        Who says so, and when it was checked, by model name in lower case.
    file, file_name : PriceFile or None, str
        The price file beside the assessment.
    exchange : float or None
        Amount of `own_currency` for one US dollar; without it nothing is converted.
    """

    own: Mapping[str, Rates]
    own_currency: str
    fallback_model: str
    where: str
    said: Mapping[str, tuple[str, dt.date | None]] = field(default_factory=dict)
    file: PriceFile | None = None
    file_name: str = ""
    exchange: float | None = None

    def quote(self, provider: str, model: str, tier: str, moment: dt.datetime) -> Quote:
        """Return what a model costs at a moment: the assessment's price, else the price file's, else the list's.

        Raises
        ------
        InputError
            When the model is not known: asks for its price.
        """
        own = self.own.get(model.lower())
        if own is not None:
            said_by, checked = self.said.get(model.lower(), ("", None))
            return Quote(Bands((0,), (own,)), self.own_currency, OWN_SOURCE, said_by or OWN_SOURCE, checked,
                         tier in STANDARD, True)  # fmt: skip
        if not model:
            raise InputError(
                "the log does not name the model that was called", where=self.where,
                cure="give one price under cost.prices, or name the model under cost.per_request; for example "
                     + _example("my-model"),
            )  # fmt: skip
        entry = self.file.find(provider, model) if self.file else None
        if entry is not None:
            bands, is_listed = entry.bands(tier, moment)
            bands, factor = bands.times(self.file.factor), self.file.factor * entry.factor
            said_by = ", ".join(filter(None, (
                entry.source, "changed by hand" if entry.written and entry.is_edited else "",
                f"times {factor:g}" if factor != 1 else "",
            )))  # fmt: skip
            return self._converted(Quote(bands, self.file.currency, self.file_name, said_by or self.file_name,
                                         entry.checked, is_listed, True))  # fmt: skip
        try:
            bands = listed_bands(provider, model, tier, moment)
            is_listed = tier_is_listed(provider, model, tier, moment)
        except LookupError:
            raise self._unknown(provider, model) from None
        return self._converted(Quote(bands, LIST_CURRENCY, LISTED, LIST_NAME, newest_price(), is_listed, False))

    def bands(self, provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
        """Return the rates of a model at a moment, in the currency of its quote.

        Raises
        ------
        InputError
            When the model is not known.
        """
        return self.quote(provider, model, tier, moment).bands

    def steady_s(self, provider: str, model: str) -> int | None:
        """Seconds within which the price of a model cannot change; None when it never does."""
        if self.is_own(model):
            return None
        entry = self.file.find(provider, model) if self.file else None
        if entry is not None:
            return entry.steady_s
        try:
            return steady_s(provider, model)
        except LookupError:
            return DAY_S  # an unknown model: the quote asks for it

    def stated(self, amount: float = 1.0) -> tuple[float, str]:
        """Return an amount in US dollars as this book counts it, and its currency."""
        is_other = self.exchange is not None and self.own_currency != LIST_CURRENCY
        return (amount * self.exchange, self.own_currency) if is_other else (amount, LIST_CURRENCY)

    def is_own(self, model: str) -> bool:
        """Whether the assessment itself gives the price of a model."""
        return model.lower() in self.own

    def named(self, model: str) -> str:
        """Return the model's name, or the one that stands in when the log names none."""
        return model or self.fallback_model

    def _converted(self, quote: Quote) -> Quote:
        if quote.currency != LIST_CURRENCY or self.exchange is None or self.own_currency == LIST_CURRENCY:
            return quote
        return replace(quote, bands=quote.bands.times(self.exchange), currency=self.own_currency, is_converted=True)

    def _unknown(self, provider: str, model: str) -> InputError:
        shown = model if len(model) <= 60 else model[:57] + "..."
        more = (*self.own, *(m.model for m in self.file.models)) if self.file else tuple(self.own)
        beside = f", or in {self.file_name}" if self.file else ""
        return InputError(
            f"no price is known for the model '{shown}'", where=self.where,
            valid=f"a model of the price list ({LIST_NAME}) or one with its own price, for example {_example(shown)}",
            cure=closest(provider, model, more) or f"add its price under cost.prices{beside}",
        )  # fmt: skip


def book(pilot: Pilot) -> PriceBook:
    """Return the price book of a pilot.

    Raises
    ------
    InputError
        When a price is an interval, the price file is not there or wrong, or a currency cannot be.
    """
    cost, currency = pilot.spec.cost, pilot.spec.currency
    own = {name.lower(): _own_rates(pilot, name) for name in cost.prices}
    said = {name.lower(): (given.source, given.checked) for name, given in cost.prices.items()}
    typed = cost.per_request.model if cost.per_request else ""
    only = next(iter(cost.prices)) if len(cost.prices) == 1 else ""
    file = None
    if cost.price_file:
        file = read_price_file(pilot.file(cost.price_file, "cost", "price_file"))
        if file.currency not in (LIST_CURRENCY, currency):
            also = "" if currency == LIST_CURRENCY else f", or {LIST_CURRENCY}"
            raise InputError(f"its prices are in {file.currency}, and the assessment is in {currency}",
                             where=cost.price_file, valid=f"currency: {currency}{also}")  # fmt: skip
    rate = cost.exchange_rate
    if rate is not None and currency == LIST_CURRENCY:
        raise InputError("an exchange rate for an assessment in US dollars", where=pilot.where("cost", "exchange_rate"),
                         cure="remove it, or set 'currency' to the assessment's own")  # fmt: skip
    return PriceBook(own, currency, typed or only, pilot.where("cost", "prices"), said, file,
                     cost.price_file or "", rate.median if rate is not None else None)  # fmt: skip


def _own_rates(pilot: Pilot, name: str) -> Rates:
    given, place = pilot.spec.cost.prices[name], pilot.where("cost", "prices", name)
    fresh, spoken = (_per_token(getattr(given, f"{kind}_per_million"), place) for kind in ("input", "output"))
    read, written = (
        fresh if price is None else _per_token(price, place)
        for price in (given.cached_input_per_million, given.cache_write_per_million)
    )
    return Rates(fresh, read, written, written, spoken, spoken)


def _per_token(price: Quantity, where: str) -> float:
    if not price.is_certain:
        raise InputError(
            f"a price is one amount, not an interval ('{price.text}')",
            where=where,
            cure="write what you pay now; what you expect goes under roi.estimates.cost_per_request",
        )
    return price.median / MILLION


def _example(model: str) -> str:
    return f"{{{model}: {{input_per_million: 2 USD, output_per_million: 8 USD}}}}"
