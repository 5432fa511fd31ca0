"""From when on the provider's cache and its batch service pay, at the prices of the pilot's own model."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.prices import Bands, Rates
from flightready.draws import Summary, summarise
from flightready.telemetry.frames import UsageLog
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # the result holds what is computed here
    from flightready.cost.result import Basis


@dataclass(frozen=True)
class MainModel:
    """The model that the pilot calls most, and its prices.

    Parameters
    ----------
    model, provider, tier : str
        As in its last call.
    rates : Rates
        At that time.
    batch_share : float or None
        Price of a request in a batch over its price without, of one day; None where the list has no batch price.
    input_total : float
        Mean tokens of a call.
    """

    model: str
    provider: str
    tier: str
    rates: Rates
    batch_share: float | None
    input_total: float


@dataclass(frozen=True)
class Batch:
    """What it saves to let requests wait for a batch, a day at most; money in `currency`.

    Parameters
    ----------
    currency : str
    is_used : bool
        Whether the pilot asks in batches already.
    price_share : float or None
        Price of a request in a batch over its price now, 0 to 1; None where the list has no batch price for the model.
    of_all : Summary or None
        Saved a month if every request could wait; of a part of them, that part.
    """

    currency: str
    is_used: bool
    price_share: float | None = None
    of_all: Summary | None = None


def uses_to_pay(write: float, read: float) -> int | None:
    """Return from how many uses of one stretch of input on a cache pays: the first writes, the others read.

    Parameters
    ----------
    write, read : float
        Price of a token that is written and read over the price of one without a cache.

    Returns
    -------
    int or None
        Smallest n with write + (n - 1) read < n; None where it never pays.

    Examples
    --------
    >>> uses_to_pay(1.25, 0.1), uses_to_pay(2.0, 0.1), uses_to_pay(1.25, 1.0)
    (2, 3, None)
    """
    if read >= 1:
        return None if read > 1 or write >= 1 else 1
    even = (write - read) / (1 - read)
    return max(1, math.floor(even + 1e-9) + 1)


def least_hit_rate(write: float, read: float) -> float | None:
    """Return the share of calls that must hit for a cache to pay, 0 to 1; None where it never does.

    Examples
    --------
    >>> round(least_hit_rate(1.25, 0.1), 4), least_hit_rate(1.0, 0.25)
    (0.2174, 0.0)
    """
    if write <= 1:
        return 0.0 if read < 1 else None
    return (write - 1) / (write - read) if read < 1 else None


def main_model(pilot: Pilot, usage: UsageLog | None, *, as_of: dt.date | None = None) -> MainModel | None:
    """Return the model that the pilot calls most with its prices, or None where no input names a priced one.

    Parameters
    ----------
    pilot : Pilot
    usage : UsageLog or None
    as_of : date, optional
        The day that a batch is priced at; the newest price without it.
    """
    book, typed = prices.book(pilot), pilot.spec.cost.per_request
    day = prices.noon_of(as_of)
    if usage is not None:
        return _from_log(book, usage, day)
    if typed is None:
        return None
    sizes = [0.0 if q is None else q.median for q in (typed.input_tokens, typed.cached_tokens, typed.output_tokens)]
    return _priced(book, _Call("", typed.model, "", day), day, sizes)


def batch(model: MainModel | None, basis: Basis | None, demand: Demand | None) -> Batch | None:
    """Return what a batch saves at the planned load; None without a priced model."""
    if model is None or basis is None:
        return None
    is_used = model.tier == policy.value("batch_tier")
    if is_used or model.batch_share is None or demand is None:
        return Batch(basis.currency, is_used, None if is_used else model.batch_share)
    saved = demand.requests_per_month * basis.draws * (1 - model.batch_share) * _share_of_spend(basis)
    return Batch(basis.currency, False, model.batch_share, summarise(saved))


def _share_of_spend(basis: Basis) -> float:
    """Share of the money that goes to the model that is called most."""
    if basis.spent is None or not basis.spent.total_usd:
        return 1.0
    most = max(basis.spent.models, key=lambda m: m.calls)
    return most.amount_usd / basis.spent.total_usd


def _from_log(book: prices.PriceBook, usage: UsageLog, day: dt.datetime) -> MainModel | None:
    frame, moments = (usage.calls, "time") if usage.calls is not None else (usage.buckets, "start")
    if frame is None:
        return None
    frame = frame[frame["input_total"] + frame["output"] > 0]  # a fee without a token has no price by the token
    if frame.empty:
        return None
    counted = frame["requests"] if "requests" in frame else pd.Series(1.0, index=frame.index)
    of_model = frame[frame["model"] == counted.groupby(frame["model"], sort=True).sum().idxmax()]
    calls, last = float(counted[of_model.index].sum()), of_model.iloc[-1]
    sizes = [float(of_model[name].sum()) / calls if calls else 0.0 for name in ("input_total", "cache_read", "output")]
    moment = day if pd.isna(last[moments]) else last[moments].floor("s").to_pydatetime()
    return _priced(book, _Call(str(last["provider"]), str(last["model"]), str(last["tier"]), moment), day, sizes)


@dataclass(frozen=True)
class _Call:
    """How a price is asked for."""

    provider: str
    model: str
    tier: str
    moment: dt.datetime


def _priced(book: prices.PriceBook, call: _Call, day: dt.datetime, sizes: list[float]) -> MainModel | None:
    name = book.named(call.model)
    if not name:
        return None  # the log states amounts without a model
    rates = _at(book.bands(call.provider, name, call.tier, call.moment), sizes)
    return MainModel(call.model, call.provider, call.tier, rates, _batch_share(book, call.provider, name, day, sizes),
                     sizes[0])  # fmt: skip


def _batch_share(
    book: prices.PriceBook, provider: str, model: str, day: dt.datetime, sizes: list[float]
) -> float | None:
    """Price in a batch over the standard price, both of the same day: that of a request to come, not of the pilot's."""
    quote = book.quote(provider, model, policy.value("batch_tier"), day)
    if not quote.tier_is_listed:
        return None
    each = dict(zip(("input_total", "cache_read", "output"), sizes, strict=True))
    now = _at(book.bands(provider, model, "", day), sizes).cost(**each)
    return float(_at(quote.bands, sizes).cost(**each) / now) if now else None


def _at(bands: Bands, sizes: list[float]) -> Rates:
    """The rates of a call with so much input."""
    return bands.rates[int(bands.index(np.array([sizes[0]]))[0])]
