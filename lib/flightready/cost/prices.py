"""Prices of model calls: the dated price list of genai-prices, and prices that the assessment gives itself.

Within one situation (provider, model, service tier, moment, size of the context) a price is linear in the tokens. Each
situation is asked of the price list once, and the rates then apply to all of its calls.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from flightready.assessment import Pilot
from flightready.errors import InputError, nearest
from flightready.quantity import Quantity

if TYPE_CHECKING:  # the list loads an HTTP client: only where a price is asked for
    from genai_prices import types

LIST_NAME = f"genai-prices {version('genai-prices')}"
LIST_CURRENCY = "USD"
NEWEST = dt.datetime(9999, 12, 31, 12, tzinfo=dt.UTC)
"""A moment after every dated price: asks for the newest one without reading a clock."""

DAY_S = 86_400
_MILLION = 1_000_000  # prices are per million tokens
_STANDARD = ("", "auto", "default", "standard")
_PROBED: dict[tuple[str, str, str, str], Bands] = {}
"""Rates by provider, model, tier and the list's entry, which is the same for many moments."""


@dataclass(frozen=True)
class Rates:
    """Price of one token of each kind, and of a call as such, in the currency of the price book.

    `input` is for uncached input; reasoning tokens are a part of the output and usually cost the same.
    """

    input: float
    cache_read: float
    cache_write_5m: float
    cache_write_1h: float
    output: float
    reasoning: float
    call: float = 0.0

    def cost(
        self, *, input_total: Any, output: Any, cache_read: Any = 0, cache_write_5m: Any = 0, cache_write_1h: Any = 0,
        reasoning: Any = 0,
    ) -> Any:  # fmt: skip
        """Return the cost of calls whose `input_total` holds the cached tokens.

        Parameters
        ----------
        input_total, output, cache_read, cache_write_5m, cache_write_1h, reasoning : float or array
            Tokens; arrays of one shape.

        Examples
        --------
        >>> Rates(2e-6, 0.5e-6, 2e-6, 2e-6, 8e-6, 8e-6).cost(input_total=4000, cache_read=2000, output=100)
        0.0058
        """
        fresh = input_total - cache_read - cache_write_5m - cache_write_1h
        written = self.cache_write_5m * cache_write_5m + self.cache_write_1h * cache_write_1h
        spoken = self.output * (output - reasoning) + self.reasoning * reasoning
        return self.input * fresh + self.cache_read * cache_read + written + spoken + self.call


@dataclass(frozen=True)
class Bands:
    """Rates by size of the context: `rates[i]` holds above `starts[i]` input tokens in one call."""

    starts: tuple[int, ...]
    rates: tuple[Rates, ...]

    def index(self, input_total: np.ndarray) -> np.ndarray:
        """Return which band each call falls into; a band begins above its start."""
        return np.maximum(np.searchsorted(np.asarray(self.starts), input_total, side="left") - 1, 0)


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
    """

    own: Mapping[str, Rates]
    own_currency: str
    fallback_model: str
    where: str

    def bands(self, provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
        """Return the rates of a model at a moment.

        Raises
        ------
        InputError
            When the model is not known: asks for its price.
        """
        own = self.own.get(model.lower())
        if own is not None:
            return Bands((0,), (own,))
        if not model:
            raise InputError(
                "the log does not name the model that was called", where=self.where,
                cure="give one price under cost.prices, or name the model under cost.per_request; for example "
                     + _example("my-model"),
            )  # fmt: skip
        try:
            return _listed_bands(provider, model, tier, moment)
        except LookupError:
            raise _unknown(provider, model, self.where) from None

    def is_own(self, model: str) -> bool:
        """Whether the assessment itself gives the price of a model."""
        return model.lower() in self.own

    def named(self, model: str) -> str:
        """Return the model's name, or the one that stands in when the log names none."""
        return model or self.fallback_model


def book(pilot: Pilot) -> PriceBook:
    """Return the price book of a pilot.

    Raises
    ------
    InputError
        When a price is an interval.
    """
    cost = pilot.spec.cost
    own = {}
    for name, given in cost.prices.items():
        place = pilot.where("cost", "prices", name)
        fresh, spoken = (_per_token(getattr(given, f"{kind}_per_million"), place) for kind in ("input", "output"))
        read = fresh if given.cached_input_per_million is None else _per_token(given.cached_input_per_million, place)
        own[name.lower()] = Rates(fresh, read, fresh, fresh, spoken, spoken)
    typed = cost.per_request.model if cost.per_request else ""
    only = next(iter(cost.prices)) if len(cost.prices) == 1 else ""
    return PriceBook(own, pilot.spec.currency, typed or only, pilot.where("cost", "prices"))


def _per_token(price: Quantity, where: str) -> float:
    if not price.is_certain:
        raise InputError(
            f"a price is one amount, not an interval ('{price.text}')",
            where=where,
            cure="write what you pay now; what you expect goes under roi.estimates.cost_per_request",
        )
    return price.median / _MILLION


def steady_s(provider: str, model: str) -> int:
    """Seconds within which the listed price of a model cannot change: a day, or less where it depends on the hour.

    Raises
    ------
    LookupError
        When the list does not know the model.
    """
    from genai_prices import types

    found = _priced(provider, model, "", NEWEST).model
    holders: list[Any] = [*(found.prices if isinstance(found.prices, list) else ()), *(found.price_variants or ())]
    daily = [h.constraint for h in holders if isinstance(h.constraint, types.TimeOfDateConstraint)]
    ends = [end for c in daily for end in (c.start_time, c.end_time)]
    return math.gcd(DAY_S, *(end.hour * 3600 + end.minute * 60 + end.second for end in ends))


def tier_is_listed(provider: str, model: str, tier: str, moment: dt.datetime) -> bool:
    """Whether the list has a price of its own for a service tier; without one the standard price applies."""
    if tier in _STANDARD:
        return True
    return _priced(provider, model, tier, moment).model_price != _priced(provider, model, "", moment).model_price


def _listed_bands(provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
    price = _priced(provider, model, tier, moment).model_price
    if price.input_mtok is None and price.output_mtok is None:
        raise LookupError(f"{model} is not priced by tokens")
    key = (provider, model, tier, repr(price))
    if key not in _PROBED:
        _PROBED[key] = _bands(price, provider, model, tier, moment)
    return _PROBED[key]


def _bands(price: types.ModelPrice, provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
    from genai_prices import types

    tiers = {t.start for p in vars(price).values() if isinstance(p, types.TieredPrices) for t in p.tiers}
    starts = (0, *sorted(tiers))
    # a probe of `size` input tokens lies inside its band, whose upper end belongs to it
    sizes = (*starts[1:], starts[-1] + _MILLION)
    return Bands(starts, tuple(_probed(provider, model, tier, moment, size) for size in sizes))


def _probed(provider: str, model: str, tier: str, moment: dt.datetime, size: int) -> Rates:
    """Return the rates of one band, each from the price of a call of `size` input tokens."""

    def price(**tokens: int) -> Decimal:
        return _priced(provider, model, tier, moment, **tokens).total_price

    call = price()
    fresh = price(input_tokens=size)
    outputs = {"output": {}, "reasoning": {"output_reasoning_tokens": size}}
    inputs = {"input": {}, "cache_read": {"cache_read_tokens": size}} | {
        f"cache_write_{ttl}": {"cache_write_tokens": size, f"cache_write_{ttl}_tokens": size} for ttl in ("5m", "1h")
    }  # fmt: skip
    found = {kind: (price(input_tokens=size, **more) - call) / size for kind, more in inputs.items()}
    found |= {k: (price(input_tokens=size, output_tokens=size, **more) - fresh) / size for k, more in outputs.items()}
    return Rates(**{f.name: float(call if f.name == "call" else found[f.name]) for f in fields(Rates)})


def _priced(provider: str, model: str, tier: str, moment: dt.datetime, **tokens: int) -> types.PriceCalculation:
    from genai_prices import Usage, calc_price

    context = None if tier in _STANDARD else {"processing": "batch"} if tier == "batch" else {"service_tier": tier}
    return calc_price(
        Usage(**tokens), model, provider_id=provider or None, genai_request_timestamp=moment, price_context=context
    )


def _unknown(provider: str, model: str, where: str) -> InputError:
    known = list(_known_names(provider))
    shown = model if len(model) <= 60 else model[:57] + "..."
    return InputError(
        f"no price is known for the model '{shown}'", where=where,
        valid=f"a model of the price list ({LIST_NAME}) or one with its own price, for example {_example(shown)}",
        cure=nearest(model, known) or "add its price under cost.prices",
    )  # fmt: skip


def _example(model: str) -> str:
    return f"{{{model}: {{input_per_million: 2 USD, output_per_million: 8 USD}}}}"


def _known_names(provider: str) -> Iterator[str]:
    from genai_prices.data_snapshot import get_snapshot

    for listed in get_snapshot().providers:
        if not provider or listed.id == provider:
            yield from (m.id for m in listed.models)
