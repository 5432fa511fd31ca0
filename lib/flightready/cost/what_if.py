"""A month with typed values in place of the forecast's: another load, model, share of cached input, or growth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready.cost.repricing import Repriced, as_in_the_pilot
from flightready.cost.result import Basis, CostResult
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import Summary, summarise
from flightready.quantity import DAYS_PER_MONTH


@dataclass(frozen=True)
class Month:
    """A month in production at a fixed load.

    Parameters
    ----------
    draws : array of shape (replicates, draws)
        Cost of the month, what runs beside the calls included.
    monthly, per_request : Summary
        Of a month, and of the calls of a request.
    exceeded_share : float or None
        Share of the draws above the approved amount; None when none is approved or comparable.
    year : Summary or None
        Twelve months that begin at this load; None when no growth is given.
    """

    draws: np.ndarray
    monthly: Summary
    per_request: Summary
    exceeded_share: float | None
    year: Summary | None = None


def month(
    result: CostResult, *, users_per_day: float, requests_per_user: float, model: Repriced | None = None,
    cached_share: float | None = None, growth_per_month: float | None = None, approved_usd: float | None = None,
) -> Month:  # fmt: skip
    """Return a month at a typed load.

    Parameters
    ----------
    result : CostResult
        With a cost of one request.
    users_per_day, requests_per_user : float
        Above 0.
    model : Repriced, optional
        The pilot's calls at another model's prices; the pilot's own when it is not given.
    cached_share : float, optional
        Share of input tokens that come from the cache, 0 to 1; as in the pilot when it is not given.
    growth_per_month : float, optional
        Share by which the load changes from one month to the next, above -1.
    approved_usd : float, optional
        Approved for a month, in the result's currency.
    """
    assert result.response is not None
    each = result.basis.draws * calls_factor(result.basis, model, cached_share)
    response = replace(result.response, calls_usd=each)
    load = users_per_day * requests_per_user * DAYS_PER_MONTH
    draws = response.at(load)
    above = None if approved_usd is None else float(np.mean(draws > approved_usd))
    year = None
    if growth_per_month is not None:
        loads = load * (1 + growth_per_month) ** np.arange(MONTHS_PER_YEAR)
        year = summarise(sum(response.at(at) for at in loads))
    return Month(draws, summarise(draws), summarise(each), above, year)


def can_change_caching(basis: Basis | None) -> bool:
    """Whether the prices of cached and uncached input are known, and differ."""
    return basis is not None and bool(basis.input_tokens) and basis.input_rate not in (None, basis.cached_rate)


def calls_factor(basis: Basis, model: Repriced | None = None, cached_share: float | None = None) -> float:
    """Return the cost of the calls of a request over their cost in the pilot.

    With another share of cached input, tokens move between the uncached and the cached price of the model; everything
    else stays.
    """
    priced = model or as_in_the_pilot(basis)
    if not basis.pilot_usd:
        return 1.0
    change = 0.0
    if cached_share is not None and priced.input_rate is not None and priced.cached_rate is not None:
        moved = cached_share * basis.input_tokens - basis.cached_tokens
        change = moved * (priced.cached_rate - priced.input_rate)
    return (priced.per_request_usd + change) / basis.pilot_usd
