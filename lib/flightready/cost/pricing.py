"""Pricing a whole log: every call by the rates of its own situation, every bucket by base rates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.cost import prices
from flightready.cost.prices import LIST_CURRENCY, LIST_NAME, PriceBook, Rates
from flightready.errors import InputError

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
        Service tiers that the list has no price for; they were priced as standard.
    """

    parts: dict[str, np.ndarray]
    input_rate: np.ndarray
    cached_rate: np.ndarray
    currency: str
    source: str
    unlisted_tiers: tuple[str, ...] = ()

    @property
    def total(self) -> np.ndarray:
        """Cost of each row."""
        return np.sum([self.parts[kind] for kind in KINDS], axis=0)


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
    size = len(frame)
    parts = {kind: np.zeros(size) for kind in KINDS}
    rates = np.full((2, size), np.nan)
    stated = frame[billed].to_numpy()
    currencies, sources, unlisted = set(), set(), set()
    for (provider, model, tier), rows in _groups(frame, book):
        if not model and not book.own and np.isfinite(stated[rows]).all():
            parts["other"][rows] = stated[rows]
            currencies, sources = currencies | {LIST_CURRENCY}, sources | {"amounts stated in the log"}
            continue
        own = book.is_own(model)
        currencies.add(book.own_currency if own else LIST_CURRENCY)
        sources.add("prices given in the assessment" if own else f"{LIST_NAME}, at the date of each call")
        for moment, at in _moments(frame[time], rows, provider, model, own=own):
            bands = book.bands(provider, model, tier, moment)
            band = bands.index(frame["input_total"].to_numpy()[at]) if by_context else np.zeros(at.size, dtype=int)
            for i in np.unique(band):
                _fill(parts, rates, frame, at[band == i], bands.rates[i], by_call=by_context)
            if not own and not prices.tier_is_listed(provider, model, tier, moment):
                unlisted.add(tier)
    if len(currencies) > 1:
        raise InputError(f"some prices are in {book.own_currency}, some in {LIST_CURRENCY}, and nothing is converted",
                         where=book.where, cure=f"give the price of every model in {book.own_currency}")  # fmt: skip
    source = " and ".join(sorted(sources))
    return Priced(parts, rates[0], rates[1], next(iter(currencies)), source, tuple(sorted(unlisted)))


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


def _moments(
    times: pd.Series, rows: np.ndarray, provider: str, model: str, *, own: bool
) -> Iterator[tuple[dt.datetime, np.ndarray]]:
    """Rows by the stretches of time within which a price cannot change."""
    if own:
        yield prices.NEWEST, rows
        return
    try:
        step = prices.steady_s(provider, model)
    except LookupError:
        step = prices.DAY_S  # an unknown model: the price book asks for it
    seconds = times.to_numpy(dtype="datetime64[s]")[rows].astype(np.int64)
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
    parts["fees"][at] = r.call * ((tokens("input_total") + spoken) > 0 if by_call else tokens("requests"))
    rates[:, at] = [[r.input], [r.cache_read]]
