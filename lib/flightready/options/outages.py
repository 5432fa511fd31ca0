"""Outages: the share of the time in which the network between devices and the cloud, or a device, works."""

from __future__ import annotations

import numpy as np

from flightready.errors import InputError
from flightready.options.line import Grounds
from flightready.quantity import DAYS_PER_MONTH

MINUTES_PER_MONTH = DAYS_PER_MONTH * 24 * 60
_SECONDS_PER_MINUTE = 60.0


def up_share(per_month: np.ndarray, outage_s: np.ndarray) -> np.ndarray:
    """Return the share of the time outside outages, for outages that begin so often and last so long on average.

    Working and broken times alternate; whatever their distributions, the long-run share is that of their means.

    Parameters
    ----------
    per_month : array
        Outages that begin in a month, at least 0.
    outage_s : array
        Mean length of one, seconds.

    Source
    ------
    Ross 2014, Introduction to Probability Models, section 7.5.2 (alternating renewal process).

    Examples
    --------
    >>> round(float(up_share(np.array(2.0), np.array(1_800.0)) * MINUTES_PER_MONTH - MINUTES_PER_MONTH), 6)
    -60.0
    """
    return np.maximum(1 - per_month * outage_s / _SECONDS_PER_MINUTE / MINUTES_PER_MONTH, 0.0)


def network_up(grounds: Grounds) -> np.ndarray:
    """Return the draws of the share of the time in which the network works; 1 where no outages are stated.

    Raises
    ------
    InputError
        When the stated outages fill more than a month.
    """
    network = grounds.pilot.spec.latency.network
    if network is None or network.outages_per_month is None or network.outage is None:
        return np.ones((grounds.joint.replicates, grounds.joint.draws))
    if up_share(network.outages_per_month.median, network.outage.median) == 0:
        raise InputError(
            "the outages of the network fill the whole month", cure="check the units",
            where=grounds.pilot.where("latency", "network", "outage"),
            valid="outages_per_month times outage below a month",
        )  # fmt: skip
    column = grounds.joint.column
    return up_share(column("latency.network.outages_per_month", network.outages_per_month),
                    column("latency.network.outage", network.outage))  # fmt: skip
