"""Pricing a whole log: every call by the rates of its own situation, every bucket by base rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.cost import prices
from flightready.cost.prices import LIST_CURRENCY, PriceBook, Quote, Rates
from flightready.errors import InputError
from flightready.telemetry.frames import seconds_since_1970

KINDS = ("uncached_input", "cached_input", "cache_write", "output", "reasoning", "fees", "other")
"""Parts of a call's price: `fees` are for the call as such, `other` is an amount that a log states as a whole."""


@dataclass(frozen=True)
class Priced:
    """Cost of each row of a frame.

    Parameters
    ----------
    parts : dict of str to array
        For each of `KINDS` one amount a row.
    input_rate, cached_rate : array
        Price of one uncached and one cached input token in each row; NaN where it is not known.
    currency, source : str
        Of all amounts; where the prices come from.
    unlisted_tiers : tuple of str
        Service tiers that have no price of their own; they were priced as standard.
    is_stated, is_converted : array of bool
        Rows whose cost is an amount of the log itself, and rows whose cost was converted from US dollars.
    used : mapping of (provider, model, tier) to Quote
        The last price of each.
    credits : float
        Amount of the credits among the stated amounts, which are no part of the cost.
    """

    parts: dict[str, np.ndarray]
    input_rate: np.ndarray
    cached_rate: np.ndarray
    currency: str
    source: str
    unlisted_tiers: tuple[str, ...]
    is_stated: np.ndarray
    is_converted: np.ndarray
    used: Mapping[tuple[str, str, str], Quote]
    credits: float

    @property
    def total(self) -> np.ndarray:
        """Cost of each row."""
        return np.sum([self.parts[kind] for kind in KINDS], axis=0)

    def mean_rates(self, tokens: np.ndarray) -> tuple[float, float]:
        """Return the mean price of an uncached and of a cached input token, weighted by input tokens."""
        weights = tokens if tokens.sum() else np.ones(tokens.size)
        uncached, cached = (float(np.average(rate, weights=weights)) for rate in (self.input_rate, self.cached_rate))
        return uncached, cached


def price_calls(calls: pd.DataFrame, book: PriceBook) -> Priced:
    """Return the cost of every call, at the price of its model, tier, moment and context.

    Raises
    ------
    InputError
        When a model has no known price, or prices in two currencies would be added up.
    """
    return _price(calls, book, "time", "billed_usd", by_context=True)


def price_buckets(buckets: pd.DataFrame, book: PriceBook) -> Priced:
    """Return the cost of every bucket at base rates, linear in its tokens: a bucket is many calls, never one.

    Raises
    ------
    InputError
        As for calls.
    """
    return _price(buckets, book, "start", "cost_usd", by_context=False)


def _price(frame: pd.DataFrame, book: PriceBook, time: str, billed: str, *, by_context: bool) -> Priced:
    size, amounts = len(frame), frame[billed].to_numpy()
    parts, rates = {kind: np.zeros(size) for kind in KINDS}, np.full((2, size), np.nan)
    is_fee = np.isfinite(amounts) & (amounts != 0) & (_total_tokens(frame) == 0)
    is_stated, is_converted = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    sizes = frame["input_total"].to_numpy() if by_context else np.zeros(size)  # a bucket has no context of its own
    used: dict[tuple[str, str, str], Quote] = {}
    for (provider, model, tier), rows in _groups(frame, book):
        is_bill = not model and not book.own and np.isfinite(amounts[rows]).all()
        is_stated[rows] = is_bill | is_fee[rows]  # an amount without a token is no price by the token
        rows = rows[~is_stated[rows]]
        for moment, at in _moments(frame[time], rows, book.steady_s(provider, model)) if rows.size else ():
            quote = used[provider, model, tier] = book.quote(provider, model, tier, moment)
            is_converted[at] = quote.is_converted
            band = quote.bands.index(sizes[at])
            for i in np.unique(band):
                _fill(parts, rates, frame, at[band == i], quote.bands.rates[i], by_call=by_context)
    of_a_dollar, stated_currency = book.stated()
    stated = of_a_dollar * amounts[is_stated]
    parts["other"][is_stated] = np.maximum(stated, 0.0)  # a credit ends, and what is extrapolated goes on
    is_converted[is_stated] = stated_currency != LIST_CURRENCY
    rates[:, is_fee] = 0.0  # it has no token to weigh it by
    currencies = {q.currency for q in used.values()} | ({stated_currency} if is_stated.any() else set())
    return Priced(
        parts, rates[0], rates[1], _the_currency(currencies, book), _source(used, is_stated),
        tuple(sorted({tier for (_, _, tier), q in used.items() if not q.tier_is_listed})),
        is_stated, is_converted, used, float(-np.minimum(stated, 0.0).sum()),
    )  # fmt: skip


def _the_currency(found: set[str], book: PriceBook) -> str:
    if len(found) > 1:
        raise InputError(f"some prices are in {book.own_currency}, some in {LIST_CURRENCY}, and nothing is converted",
                         where=book.where, cure=f"give the price of every model in {book.own_currency}, or say what a "
                         "US dollar is worth under cost.exchange_rate")  # fmt: skip
    return next(iter(found), LIST_CURRENCY)


def _source(used: Mapping[tuple[str, str, str], Quote], is_stated: np.ndarray) -> str:
    stated = {"amounts stated in the log"} if is_stated.any() else set()
    return " and ".join(sorted({q.source for q in used.values()} | stated))


def _total_tokens(frame: pd.DataFrame) -> np.ndarray:
    return (frame["input_total"] + frame["output"]).to_numpy()


def _groups(frame: pd.DataFrame, book: PriceBook) -> Iterator[tuple[tuple[str, str, str], np.ndarray]]:
    """Rows by provider, model and service tier."""
    names = [c for c in ("provider", "model", "tier") if c in frame]
    codes, keys = np.zeros(len(frame), dtype=np.int64), [()]
    for name in names:
        code, values = pd.factorize(frame[name], use_na_sentinel=False)
        codes, keys = codes * len(values) + code, [(*k, str(v)) for k in keys for v in values]
    for code in np.unique(codes):
        provider, model, *tier = keys[code]
        yield (provider, book.named(model), tier[0] if tier else ""), np.flatnonzero(codes == code)


def _moments(times: pd.Series, rows: np.ndarray, step: int | None) -> Iterator[tuple[dt.datetime, np.ndarray]]:
    """Rows by the stretches of time within which a price cannot change."""
    if step is None:
        yield prices.NEWEST, rows
        return
    seconds = seconds_since_1970(times.iloc[rows])
    starts, code = np.unique(seconds // step, return_inverse=True)
    for i, start in enumerate(starts):
        yield dt.datetime.fromtimestamp(int(start) * step, tz=dt.UTC), rows[code == i]


def _fill(
    parts: dict[str, np.ndarray], rates: np.ndarray, frame: pd.DataFrame, at: np.ndarray, r: Rates, *, by_call: bool
) -> None:
    def tokens(name: str) -> np.ndarray:
        return frame[name].to_numpy()[at] if name in frame else np.zeros(at.size)

    read, short, long = (tokens(n) for n in ("cache_read", "cache_write_5m", "cache_write_1h"))
    spoken, thought = tokens("output"), tokens("reasoning")
    parts["uncached_input"][at] = r.input * (tokens("input_total") - read - short - long)
    parts["cached_input"][at] = r.cache_read * read
    parts["cache_write"][at] = r.cache_write_5m * short + r.cache_write_1h * long
    parts["output"][at] = r.output * (spoken - thought)
    parts["reasoning"][at] = r.reasoning * thought
    # a call that failed without a token costs no fee
    parts["fees"][at] = r.call * (_total_tokens(frame)[at] > 0 if by_call else tokens("requests"))
    rates[:, at] = [[r.input], [r.cache_read]]
