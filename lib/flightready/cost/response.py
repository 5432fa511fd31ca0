"""What a month costs as a function of its load, for every draw of the joint sample.

In each draw a month costs its fixed parts, plus the cost of a request times the requests, plus steps: people who review
come in whole shifts. Whatever asks for another load (the curve over users, the load at which the approval breaks, a
what-if) asks here, so that a load means the same everywhere.
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
    step_loads : array of shape (steps,), optional
        Requests a month, rising: the largest load of each step.
    steps_usd : array of shape (..., steps), optional
        What a month costs in each step on top, not falling along the last axis; beyond the last load it stays.

    Examples
    --------
    >>> response = Response(np.array(0.01), np.array(0.002), np.array(600.0))
    >>> round(float(response.at(100_000)), 2), round(float(response.load_at(1_800.0)))
    (1800.0, 100000)
    """

    calls_usd: np.ndarray
    beside_usd: np.ndarray
    fixed_usd: np.ndarray
    step_loads: np.ndarray | None = None
    steps_usd: np.ndarray | None = None

    @property
    def per_request_usd(self) -> np.ndarray:
        """What one more request costs, steps apart."""
        return self.calls_usd + self.beside_usd

    def at(self, requests_per_month: np.ndarray | float) -> np.ndarray:
        """Return the cost of a month with these requests, one amount a draw."""
        linear = self.fixed_usd + self.per_request_usd * requests_per_month
        return linear if self.step_loads is None else linear + self.steps_at(requests_per_month)

    def steps_at(self, requests_per_month: np.ndarray | float) -> np.ndarray:
        """Return the cost of the step that each load falls into; 0 when there are none."""
        if self.step_loads is None:
            return np.zeros(())
        step = np.minimum(np.searchsorted(self.step_loads, requests_per_month), self.step_loads.size - 1)
        step = np.broadcast_to(step, np.broadcast_shapes(np.shape(step), self.steps_usd.shape[:-1]))
        steps = np.broadcast_to(self.steps_usd, (*step.shape, self.step_loads.size))
        return np.take_along_axis(steps, step[..., None], axis=-1)[..., 0]

    def load_at(self, amount_usd: float) -> np.ndarray:
        """Return the largest load, requests a month, whose cost stays within an amount; solved exactly in each draw.

        It is 0 where the fixed parts alone cost more, and infinite where a request costs nothing.
        """
        left = amount_usd - self.fixed_usd
        if self.step_loads is None:
            return self._affordable(left)
        starts = np.concatenate([[0.0], self.step_loads[:-1]])
        ends = np.append(self.step_loads[:-1], np.inf)
        reached = np.minimum(self._affordable(np.asarray(left)[..., None] - self.steps_usd, extra=True), ends)
        return np.where(reached >= starts, reached, 0.0).max(axis=-1)

    def _affordable(self, left: np.ndarray, *, extra: bool = False) -> np.ndarray:
        each = np.asarray(self.per_request_usd)
        each = each[..., None] if extra else each
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(left < 0, 0.0, np.where(each > 0, left / each, np.inf))
