"""What a month costs as a function of its load, for every draw of the joint sample.

In each draw a month costs its fixed parts, plus the cost of a request times the requests. Whatever asks for another
load (the curve over users, the load at which the approval breaks, a what-if) asks here, so that a load means the same.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Response:
    """Cost of a month against its requests; arrays broadcast against (replicates, draws).

    Parameters
    ----------
    calls_usd, beside_usd : array
        What one request costs in calls of the model, and in tools and storage beside them (steady state).
    fixed_usd : array
        What a month costs whatever the load.

    Examples
    --------
    >>> response = Response(np.array(0.01), np.array(0.002), np.array(600.0))
    >>> round(float(response.at(100_000)), 2), round(float(response.load_at(1_800.0)))
    (1800.0, 100000)
    """

    calls_usd: np.ndarray
    beside_usd: np.ndarray
    fixed_usd: np.ndarray

    @property
    def per_request_usd(self) -> np.ndarray:
        """What one more request costs."""
        return self.calls_usd + self.beside_usd

    def at(self, requests_per_month: np.ndarray | float) -> np.ndarray:
        """Return the cost of a month with these requests, one amount a draw."""
        return self.fixed_usd + self.per_request_usd * requests_per_month

    def load_at(self, amount_usd: float) -> np.ndarray:
        """Return the largest load, requests a month, whose cost stays within an amount; solved exactly in each draw.

        It is 0 where the fixed parts alone cost more, and infinite where a request costs nothing.
        """
        left = amount_usd - self.fixed_usd
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.asarray(self.per_request_usd)
            return np.where(left < 0, 0.0, np.where(each > 0, left / each, np.inf))
