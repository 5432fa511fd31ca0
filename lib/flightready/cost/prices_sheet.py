"""The prices that a result rests on: what they are, who says so, and how old they are on the day of the study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost.prices import Quote
from flightready.cost.prices_rates import MILLION, STANDARD
from flightready.cost.pricing import Priced


@dataclass(frozen=True)
class PriceLine:
    """Price of one model and service tier, the last one that was used.

    Parameters
    ----------
    provider, model, tier : str
        As the log has them; the tier is empty where it is the standard one.
    input_usd, cached_usd, output_usd, call_usd : float
        For a million tokens, and for a call, in the currency of the sheet.
    dearer_above : int or None
        Input tokens of a call beyond which another price holds.
    source : str
    dated : date or None
        Day up to which the price is known to be right; None when nobody says.
    age_days : int or None
        Days from then to the day of the study, 0 or more; None when one of the two is not known.
    tier_is_listed, is_own : bool
        Whether the tier has a price of its own; whether the assessment or its price file gives it.
    """

    provider: str
    model: str
    tier: str
    input_usd: float
    cached_usd: float
    output_usd: float
    call_usd: float
    dearer_above: int | None
    source: str
    dated: dt.date | None
    age_days: int | None
    tier_is_listed: bool
    is_own: bool

    @property
    def is_old(self) -> bool:
        """Whether nobody has looked at it for longer than the policy allows."""
        return self.age_days is not None and self.age_days > policy.value("price_age_most")


@dataclass(frozen=True)
class Exchange:
    """How amounts in US dollars became amounts in the assessment's currency.

    Parameters
    ----------
    rate : float
        The assessment's currency for one US dollar; the middle one of a range.
    text, source : str
        As the assessment states it, and who says so; the source may be empty.
    checked : date or None
    share : float
        Share of the pilot's money that was converted, 0 to 1.
    """

    rate: float
    text: str
    source: str
    checked: dt.date | None
    share: float


@dataclass(frozen=True)
class PriceSheet:
    """Every price that was used.

    Parameters
    ----------
    currency : str
        Of all amounts.
    as_of : date or None
        The day of the study.
    lines : tuple of PriceLine
        By provider, model and tier.
    file : str
        Name of the price file beside the assessment; empty without one.
    exchange : Exchange or None
        When amounts were converted.
    """

    currency: str
    as_of: dt.date | None
    lines: tuple[PriceLine, ...]
    file: str
    exchange: Exchange | None = None

    @property
    def old(self) -> tuple[PriceLine, ...]:
        """Prices that nobody has looked at for longer than the policy allows, oldest first."""
        return tuple(sorted((line for line in self.lines if line.is_old), key=lambda line: -line.age_days))


def sheet(
    pilot: Pilot, used: Mapping[tuple[str, str, str], Quote], *, currency: str, converted: float, as_of: dt.date | None
) -> PriceSheet:
    """Return the prices that were used.

    Parameters
    ----------
    pilot : Pilot
    used : mapping of (provider, model, tier) to Quote
    currency : str
    converted : float
        Share of the money that was converted from US dollars.
    as_of : date or None
        The day of the study.
    """
    named = {(p, m, "" if tier in STANDARD else tier): quote for (p, m, tier), quote in used.items()}
    lines = tuple(_line(*key, named[key], as_of) for key in sorted(named))
    cost = pilot.spec.cost
    given, exchange = cost.exchange_rate, None
    if given is not None and converted > 0:
        exchange = Exchange(given.median, given.text, given.source, given.checked, converted)
    return PriceSheet(currency, as_of, lines, cost.price_file or "", exchange)


def converted_share(priced: Priced) -> float:
    """Return which share of a priced log was converted from US dollars, 0 to 1."""
    amounts = priced.total
    whole = float(amounts.sum())
    return min(1.0, max(0.0, float(amounts[priced.is_converted].sum()) / whole)) if whole > 0 else 0.0


def _line(provider: str, model: str, tier: str, quote: Quote, as_of: dt.date | None) -> PriceLine:
    rates, starts = quote.bands.rates[0], quote.bands.starts
    age = None if as_of is None or quote.dated is None else max(0, (as_of - quote.dated).days)
    return PriceLine(
        provider, model, tier, rates.input * MILLION, rates.cache_read * MILLION, rates.output * MILLION, rates.call,
        starts[1] if len(starts) > 1 else None, quote.said_by, quote.dated, age, quote.tier_is_listed, quote.is_own,
    )  # fmt: skip
