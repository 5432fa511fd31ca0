"""The planned load month by month: the one place that says how growth, adoption and launches make a month's users.

Months run one after the other over whole columns of draws, so that growth is one multiplication a month and what is at
work stays small.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.traffic.adoption import Curve

if TYPE_CHECKING:  # a demand is made of months
    from flightready.traffic.demand import Demand, LaunchPlan


@dataclass(frozen=True)
class Month:
    """One month from the first launch on, or from today where a delay puts the launch later.

    Parameters
    ----------
    number : int
        1 for the first.
    live : array
        Part of the month that lies after the launch, 0 to 1.
    used : array
        Share of the planned users who use it, over the whole month.
    users : array
        Users of its mean day, later launches included.
    """

    number: int
    live: np.ndarray
    used: np.ndarray
    users: np.ndarray


def month_by_month(demand: Demand, months: int, *, delay_months: np.ndarray | float = 0.0) -> Iterator[Month]:
    """Yield the months from 1 on; their arrays broadcast to (replicates, draws).

    Parameters
    ----------
    demand : Demand
    months : int
    delay_months : float or array of shape (replicates, draws)
        Months until the launch.
    """
    growth, level = 1 + demand.growth_per_month, np.ones_like(demand.growth_per_month)
    launch = np.asarray(delay_months, dtype=float)
    later = [_Later(plan, growth) for plan in demand.launches]
    for number in range(1, months + 1):
        live, used = _used(demand.curve, number, launch)
        users = demand.users_per_day * level * used
        for each in later:
            users = users + each.users(number, demand.curve, launch)
        yield Month(number, live, used, users)
        level = level * growth


class _Later:
    """Users of one later launch; growth changes their number from their own month on."""

    def __init__(self, plan: LaunchPlan, growth: np.ndarray) -> None:
        self.plan, self.growth, self.level = plan, growth, np.ones_like(growth)
        self.first = growth ** (np.ceil(plan.after) - plan.after)

    def users(self, number: int, curve: Curve | None, launch: np.ndarray) -> np.ndarray:
        calendar, after = number - 1, self.plan.after
        grown = np.where(calendar - 1 < after, self.first, self.level * self.growth)
        self.level = np.where(calendar <= after, 1.0, grown)
        return self.plan.adds * self.level * _used(curve, number, launch + after)[1]


def _used(curve: Curve | None, number: int, launch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    live = np.clip(number - launch, 0, 1)
    if curve is None or not live.any():
        return live, live
    return live, live * curve.share(np.maximum(number - 0.5 - launch, 0)[..., None])[..., 0]
