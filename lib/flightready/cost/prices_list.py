"""The price list of genai-prices: the rates of one situation (provider, model, service tier, moment, context).

Within one situation a price is linear in the tokens, so its rates are found by asking for the price of probe calls.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from flightready import policy
from flightready.cost.prices_rates import DAY_S, MILLION, NEWEST, STANDARD, Bands, Rates
from flightready.errors import nearest
from flightready.telemetry.providers import listed_provider

if TYPE_CHECKING:  # the list loads an HTTP client: only where a price is asked for
    from genai_prices import types

LIST_VERSION = version("genai-prices")
LIST_NAME = f"genai-prices {LIST_VERSION}"
LIST_CURRENCY = "USD"

_BEDROCK = re.compile(r"-v\d+:\d+$")
"""How the names of models on Amazon Bedrock end, whatever region stands before them."""
_FINE_TUNED = re.compile(r"^ft:([^:]+):")
_PROBED: dict[tuple[str, str, str, str], Bands] = {}
"""Rates by provider, model, tier and the list's entry, which is the same for many moments."""


def listed_bands(provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
    """Return the rates of a model at a moment.

    Raises
    ------
    LookupError
        When the list does not know the model, or does not price it by tokens.
    """
    price = _priced(provider, model, tier, moment).model_price
    if price.input_mtok is None and price.output_mtok is None:
        raise LookupError(f"{model} is not priced by tokens")
    key = (provider, model, tier, repr(price))
    if key not in _PROBED:
        _PROBED[key] = _bands(price, provider, model, tier, moment)
    return _PROBED[key]


def tier_is_listed(provider: str, model: str, tier: str, moment: dt.datetime) -> bool:
    """Whether the list has a price of its own for a service tier; without one the standard price applies."""
    if tier in STANDARD:
        return True
    return _priced(provider, model, tier, moment).model_price != _priced(provider, model, "", moment).model_price


def steady_s(provider: str, model: str) -> int:
    """Seconds within which the listed price of a model cannot change: a day, or less where it depends on the hour.

    Raises
    ------
    LookupError
        When the list does not know the model.
    """
    ends = [end for hours in _daily(provider, model) for end in hours]
    return math.gcd(DAY_S, *(end.hour * 3600 + end.minute * 60 + end.second for end in ends))


def changes(provider: str, model: str) -> tuple[tuple[dt.date, ...], tuple[int, ...], tuple[str, ...]]:
    """Return the days from which a price changes, the seconds of the day at which it does, and the tiers priced apart.

    Raises
    ------
    LookupError
        When the list does not know the model.
    """
    from genai_prices import types

    constraints = (h.constraint for h in _holders(provider, model))
    days = sorted({c.start_date for c in constraints if isinstance(c, types.StartDateConstraint)})
    hours = sorted({0, *(e.hour * 3600 + e.minute * 60 + e.second for p in _daily(provider, model) for e in p)})
    variants = _priced(provider, model, "", NEWEST).model.price_variants or ()
    tiers = {"batch" if v.when == {"processing": "batch"} else v.when.get("service_tier", "") for v in variants}
    return tuple(days), tuple(hours), tuple(sorted(tiers - set(STANDARD)))


def page_of(provider: str, model: str) -> str:
    """Return what the list calls a model, and the provider's own page of prices where the list names one."""
    found = _priced(provider, model, "", NEWEST)
    urls = found.provider.pricing_urls or ()
    return ", ".join([f"{found.provider.id} {found.model.id}", *urls[:1]])


@cache
def newest_price() -> dt.date:
    """Return the day up to which the list is known to hold prices: it is at least as new as that."""
    from genai_prices import types
    from genai_prices.data_snapshot import get_snapshot

    known = policy.value("price_list_holds_to")
    if LIST_VERSION in known:
        return known[LIST_VERSION]
    holders = (
        h for p in get_snapshot().providers for m in p.models for h in (m.prices if type(m.prices) is list else ())
    )
    dates = [h.constraint.start_date for h in holders if isinstance(h.constraint, types.StartDateConstraint)]
    later = max(known.values())
    return max((d for d in dates if d <= later), default=later)  # prices may be announced ahead of their day


def closest(provider: str, model: str, more: tuple[str, ...] = ()) -> str:
    """Return a question that names the models nearest to an unknown name; empty when none is near.

    Parameters
    ----------
    provider, model : str
    more : tuple of str
        Names that have a price of their own.
    """
    bare = _FINE_TUNED.sub(r"ft:\1", model.rsplit("/", 1)[-1])
    for of in dict.fromkeys((provider, "")):
        known = [*more, *(name for name in _known_names(of) if "/" not in name)]
        if hint := nearest(bare, known):
            return hint
    return nearest(model, _known_names(""))


def _known_names(provider: str) -> Iterator[str]:
    from genai_prices.data_snapshot import get_snapshot

    for listed in get_snapshot().providers:
        if not provider or listed.id == provider:
            yield from (m.id for m in listed.models)


def _holders(provider: str, model: str) -> list[Any]:
    found = _priced(provider, model, "", NEWEST).model
    return [*(found.prices if isinstance(found.prices, list) else ()), *(found.price_variants or ())]


def _daily(provider: str, model: str) -> list[tuple[dt.time, dt.time]]:
    from genai_prices import types

    constraints = (h.constraint for h in _holders(provider, model))
    return [(c.start_time, c.end_time) for c in constraints if isinstance(c, types.TimeOfDateConstraint)]


def _bands(price: types.ModelPrice, provider: str, model: str, tier: str, moment: dt.datetime) -> Bands:
    from genai_prices import types

    tiers = {t.start for p in vars(price).values() if isinstance(p, types.TieredPrices) for t in p.tiers}
    starts = (0, *sorted(tiers))
    # a probe of `size` input tokens lies inside its band, whose upper end belongs to it
    sizes = (*starts[1:], starts[-1] + MILLION)
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

    context = None if tier in STANDARD else {"processing": "batch"} if tier == "batch" else {"service_tier": tier}
    known_provider, known_model = _known(provider, model)
    return calc_price(
        Usage(**tokens), known_model, provider_id=known_provider or None, genai_request_timestamp=moment,
        price_context=context,
    )  # fmt: skip


@cache
def _known(provider: str, model: str) -> tuple[str, str]:
    """Return the provider and name by which the list knows a model: gateways write the provider into the name.

    Raises
    ------
    LookupError
        When the list knows it by none.
    """
    from genai_prices import Usage, calc_price

    written = [(provider, model)]
    if "/" in model:
        prefix, rest = model.split("/", 1)
        written.append((listed_provider(prefix), rest))
    if not provider:
        written += [("aws", name) for _, name in written if _BEDROCK.search(name)]
    for attempt in written:
        try:
            calc_price(Usage(), attempt[1], provider_id=attempt[0] or None, genai_request_timestamp=NEWEST)
        except LookupError:
            continue
        return attempt
    raise LookupError(f"{model} is not in the list")
