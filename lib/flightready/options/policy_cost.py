"""What a policy costs a month: calls with every further attempt, what the cache saves, places, limits, its model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from flightready.options.policy_choices import Policy

_Amount = np.ndarray | float


@dataclass(frozen=True)
class Costs:
    """Prices behind every policy; arrays have the joint sample's shape (replicates, draws), or are one amount for all.

    Parameters
    ----------
    calls_usd : dict of str to array
        By model, empty for the pilot's own: calls of a month at the planned load if no cache answered and each request
        took one attempt. Of a model that is paid for standing ready: the month, whatever is asked of it.
    reserved : tuple of str
        Models that are paid for standing ready.
    per_served_usd : array
        A month of one more served at once.
    tiers_usd : dict of str to array
        By tier, what a month costs more than with the present limits.

    Examples
    --------
    >>> costs = Costs({"": 1_000.0}, per_served_usd=4.0, tiers_usd={"next": 50.0})
    >>> round(costs.middle_usd(Policy(concurrency=10, cached_share=0.25, tier="next"), attempts=1.2))
    990
    """

    calls_usd: Mapping[str, _Amount]
    reserved: tuple[str, ...] = ()
    per_served_usd: _Amount = 0.0
    tiers_usd: Mapping[str, _Amount] = field(default_factory=dict)

    def draws_usd(self, policy: Policy, attempts: float) -> np.ndarray:
        """Return the cost of a month in every draw, shape (replicates, draws); (1, 1) where nothing is uncertain.

        Parameters
        ----------
        attempts : float
            Paid attempts of a request that no cache answers.
        """
        return np.atleast_2d(self._sum(policy, attempts, self))

    def middle_usd(self, policy: Policy, attempts: float) -> float:
        """Return the cost of a month with every price and the load at its middle."""
        return float(self._sum(policy, attempts, self._middle))

    def _sum(self, policy: Policy, attempts: float, prices: Costs) -> _Amount:
        asked = 1.0 if policy.model in self.reserved else attempts * (1.0 - policy.cached_share)
        at_once = 0 if policy.concurrency is None else policy.concurrency
        tier = prices.tiers_usd[policy.tier] if policy.tier else 0.0
        return prices.calls_usd[policy.model] * asked + prices.per_served_usd * at_once + tier

    @cached_property
    def _middle(self) -> Costs:
        def middle(amounts: Mapping[str, _Amount]) -> dict[str, float]:
            return {name: float(np.median(amount)) for name, amount in amounts.items()}

        return Costs(middle(self.calls_usd), self.reserved, float(np.median(self.per_served_usd)),
                     middle(self.tiers_usd))  # fmt: skip
