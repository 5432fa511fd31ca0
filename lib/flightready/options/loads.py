"""The load that options are priced at: the planned one, or what another number of users would bring."""

from __future__ import annotations

import numpy as np

from flightready.options.line import Load
from flightready.traffic.demand import Demand


def planned_load(demand: Demand) -> Load:
    """Return the load when everybody planned uses it."""
    return load_of(demand, demand.users_per_day)


def load_of(demand: Demand, users_per_day: np.ndarray | float) -> Load:
    """Return the load that a number of users brings, each as busy as those who are planned.

    Parameters
    ----------
    demand : Demand
    users_per_day : array or float
        Broadcasts against the joint sample's shape (replicates, draws).
    """
    scale = np.asarray(users_per_day, dtype=float) / demand.users_per_day
    return Load(demand.requests_per_month * scale, demand.peak_minute_per_second * scale, demand.users_per_day * scale)
