"""A month with typed values in place of the forecast's: another load, another share of cached input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.cost.result import Basis, CostResult
from flightready.draws import Summary, summarise
from flightready.quantity import DAYS_PER_MONTH


@dataclass(frozen=True)
class Month:
    """A month in production at a fixed load.

    Parameters
    ----------
    draws : array of shape (replicates, draws)
        Cost of the month.
    monthly, per_request : Summary
        Of a month and of a request.
    exceeded_share : float or None
        Share of the draws above the approved amount; None when none is approved or comparable.
    """

    draws: np.ndarray
    monthly: Summary
    per_request: Summary
    exceeded_share: float | None


def month(
    result: CostResult, *, users_per_day: float, requests_per_user: float, cached_share: float | None = None,
    approved_usd: float | None = None,
) -> Month:  # fmt: skip
    """Return a month at a typed load.

    Parameters
    ----------
    result : CostResult
        With a cost of one request.
    users_per_day, requests_per_user : float
        Above 0.
    cached_share : float, optional
        Share of input tokens that come from the cache, 0 to 1; as in the pilot when it is not given.
    approved_usd : float, optional
        Approved for a month, in the result's currency.
    """
    assert result.basis is not None
    each = result.basis.draws * (1.0 if cached_share is None else caching_factor(result.basis, cached_share))
    draws = users_per_day * requests_per_user * DAYS_PER_MONTH * each
    above = None if approved_usd is None else float(np.mean(draws > approved_usd))
    return Month(draws, summarise(draws), summarise(each), above)


def can_change_caching(basis: Basis | None) -> bool:
    """Whether the prices of cached and uncached input are known, and differ."""
    return basis is not None and bool(basis.input_tokens) and basis.input_rate not in (None, basis.cached_rate)


def caching_factor(basis: Basis, cached_share: float) -> float:
    """Return the cost of a request at another share of cached input over its cost in the pilot.

    Tokens move between the uncached and the cached price; everything else stays.
    """
    old = basis.cached_tokens / basis.input_tokens
    change = (cached_share - old) * basis.input_tokens * (basis.cached_rate - basis.input_rate)
    return (basis.pilot_usd + change) / basis.pilot_usd
