"""What could be asked when no option is stated: what the price list offers beside the pilot's model, not tried."""

from __future__ import annotations

from flightready import policy
from flightready.assessment.options import ApiOption
from flightready.cost import prices
from flightready.cost.prices import Rates
from flightready.cost.result import BILL, Basis
from flightready.options.line import Grounds

NOTE = "Suggested from the price list; nobody has tried it on this pilot."


def suggested(grounds: Grounds) -> tuple[ApiOption, ...]:
    """Return the options that the price list offers: a smaller model of the family, the batch price, more caching.

    Nothing is suggested where the assessment prices the model itself: the list does not know its relatives.
    """
    basis = grounds.cost.basis
    if basis is None or basis.origin == BILL or not basis.models or not basis.models[0]:
        return ()
    model, book = basis.models[0], prices.book(grounds.pilot)
    if any(book.is_own(m) for m in basis.models):
        return ()
    found = [ApiOption(name=f"Smaller model ({smaller})", model=smaller) for smaller in _smaller(model)]
    if all(prices.tier_is_listed("", m, "batch", prices.NEWEST) for m in basis.models):
        found.append(ApiOption(name="In batches, within hours", tier="batch"))
    return (*found, *_more_cached(basis))


def _smaller(model: str) -> list[str]:
    """The listed model that carries the family's name and a word for smaller, and costs less for input and output."""
    from genai_prices import Usage, calc_price  # loads an HTTP client

    family, now = calc_price(Usage(), model).model.id, _rates(model)
    for word in policy.value("option_smaller_words"):
        name = f"{family}-{word}"
        try:
            is_listed, price = calc_price(Usage(), name).model.id == name, _rates(name)
        except LookupError:
            continue
        if is_listed and price.input < now.input and price.output < now.output:
            return [name]
    return []


def _rates(model: str) -> Rates:
    return prices.PriceBook({}, prices.LIST_CURRENCY, "", "").bands("", model, "", prices.NEWEST).rates[0]


def _more_cached(basis: Basis) -> list[ApiOption]:
    share, rates = policy.value("option_cached_share"), (basis.cached_rate, basis.input_rate)
    if not basis.input_tokens or None in rates or not rates[0] < rates[1]:
        return []
    if (basis.cached_tokens or 0.0) / basis.input_tokens >= share:
        return []
    return [ApiOption(name=f"{100 * share:g} % of the input from the cache", cached_share=f"{100 * share:g}%")]
