"""The pilot's own calls at the prices of another model: the same tokens, another list."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.pricing import price_buckets, price_calls
from flightready.cost.result import Basis
from flightready.errors import InputError
from flightready.telemetry.frames import UsageLog


@dataclass(frozen=True)
class Repriced:
    """What the calls of one request would have cost in the pilot.

    Parameters
    ----------
    model : str
    per_request_usd : float
        Mean over the same log, retries and failures included.
    input_rate, cached_rate : float or None
        Mean price of an uncached and of a cached input token; None when it is not known.
    """

    model: str
    per_request_usd: float
    input_rate: float | None
    cached_rate: float | None


def as_in_the_pilot(basis: Basis) -> Repriced:
    """Return the pilot's own models at their own prices."""
    name = basis.models[0] if len(basis.models) == 1 else ""
    return Repriced(name, basis.pilot_usd, basis.input_rate, basis.cached_rate)


def repriced(pilot: Pilot, basis: Basis, usage: UsageLog | None, model: str, *, tokens: float = 1.0) -> Repriced | None:
    """Return the pilot's calls at another model's prices; None when these are not known or in another currency.

    Parameters
    ----------
    pilot : Pilot
    basis : Basis
    usage : UsageLog or None
        The log that `basis` was counted from; without one the typed tokens are priced.
    model : str
        Name in the price list, or one that the assessment prices.
    tokens : float
        Tokens of the other model for one of the pilot's.
    """
    book = prices.book(pilot)
    try:
        if usage is None:
            return _typed(book, basis, model, tokens)
        frame = usage.calls if usage.calls is not None else usage.buckets
        price = price_calls if usage.calls is not None else price_buckets
        priced = price(frame.assign(model=model, provider=""), book)
    except InputError:
        return None
    if priced.currency != basis.currency:
        return None
    rates = priced.mean_rates(frame["input_total"].to_numpy())
    each = float(priced.total.sum()) * tokens / basis.n
    return Repriced(model, each, *(r * tokens if math.isfinite(r) else None for r in rates))


def _typed(book: prices.PriceBook, basis: Basis, model: str, tokens: float) -> Repriced | None:
    if basis.input_tokens is None:
        return None
    quote = book.quote("", model, "", prices.NEWEST)
    bands = quote.bands
    rate = bands.rates[int(bands.index(np.array([basis.input_tokens]))[0])]
    each = rate.cost(input_total=basis.input_tokens, cache_read=basis.cached_tokens, output=basis.output_tokens)
    found = Repriced(model, float(each) * tokens, rate.input * tokens, rate.cache_read * tokens)
    return found if quote.currency == basis.currency else None
