"""What could be asked when no option is stated: what the price list offers beside the pilot's model, not tried."""

from __future__ import annotations

import datetime as dt

from flightready import policy
from flightready.assessment.options import ApiOption
from flightready.cost import prices
from flightready.cost.prices import PriceBook
from flightready.cost.result import Basis
from flightready.cost.retirement import announced, provider_of
from flightready.options.api import moment
from flightready.options.line import Grounds

NOTE = "Suggested from the price list; nobody has tried it on this pilot."


def suggested(grounds: Grounds) -> tuple[ApiOption, ...]:
    """Return the options that the price list offers: a successor, a smaller model of the family, batches, more caching.

    Nothing is suggested where the assessment prices the model itself: the list does not know its relatives.
    """
    basis, book = grounds.cost.basis, prices.book(grounds.pilot)
    named = basis is not None and bool(basis.models) and all(basis.models)
    if not named or any(book.is_own(m) for m in basis.models):
        return ()
    now = moment(grounds)
    found = [ApiOption(name=f"{why} ({name})", model=name) for why, name in _others(basis.models[0], book, grounds)]
    if all(book.quote("", m, "batch", now).tier_is_listed for m in basis.models):
        found.append(ApiOption(name="In batches, within hours", tier="batch"))
    return (*found, *_more_cached(basis))


def _others(model: str, book: PriceBook, grounds: Grounds) -> list[tuple[str, str]]:
    """Listed models that may take the model's place, none of which is known to retire."""
    day, provider = grounds.as_of, provider_of(grounds.cost.basis)
    ends = announced(model, day, provider=provider) if day is not None else None
    successor = ends.successor if ends is not None and _listed(ends.successor) else ""
    found = [("Successor named by the provider", successor)] if successor else []
    found += [("Smaller model", name) for name in _smaller(model, book, moment(grounds))[:1]]
    return [(why, name) for why, name in found if day is None or announced(name, day, provider=provider) is None]


def _smaller(model: str, book: PriceBook, now: dt.datetime) -> list[str]:
    """Listed models with the family's name and a word for smaller that cost less for input and for output."""
    words = policy.value("option_smaller_words")
    family = _listed(model)
    for word in words:
        family = family.removesuffix(f"-{word}")
    own, found = book.quote("", model, "", now), []
    for name in (f"{family}-{word}" for word in words):
        if _listed(name) != name:
            continue
        other = book.quote("", name, "", now)
        price, mine = other.bands.rates[0], own.bands.rates[0]
        if other.currency == own.currency and price.input < mine.input and price.output < mine.output:
            found.append(name)
    return found


def _listed(model: str) -> str:
    """The name under which the list knows a model; empty where it does not."""
    from genai_prices import Usage, calc_price  # loads an HTTP client

    try:
        return calc_price(Usage(), model).model.id
    except LookupError:
        return ""


def _more_cached(basis: Basis) -> list[ApiOption]:
    share, rates = policy.value("option_cached_share"), (basis.cached_rate, basis.input_rate)
    if not basis.input_tokens or None in rates or not rates[0] < rates[1]:
        return []
    if (basis.cached_tokens or 0.0) / basis.input_tokens >= share:
        return []
    return [ApiOption(name=f"{100 * share:g} % of the input from the cache", cached_share=f"{100 * share:g}%")]
