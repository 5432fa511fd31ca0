"""The first days after the launch: is the net benefit positive by then, and does the planned comparison show it.

The net benefit counts what comes in and goes out from the launch on; what was spent before is told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.quantity import DAYS_PER_MONTH
from flightready.roi.detection import Detection, detection
from flightready.roi.pilot_effects import PilotEffects
from flightready.traffic.demand import Demand


@dataclass(frozen=True)
class FirstDays:
    """The net benefit of the first days after the launch, in the assessment's currency.

    Parameters
    ----------
    days : int
    net : Summary
        Without what was spent before the launch.
    chance_positive : float
        Share of the draws that count in which it is above zero.
    chance_paid_back : float
        Share in which it also covers what was spent before.
    n_draws, too_late : int
        Draws that count, and those whose launch lies too late for the horizon to hold these days.
    """

    days: int
    net: Summary
    chance_positive: float
    chance_paid_back: float
    n_draws: int
    too_late: int


@dataclass(frozen=True)
class EarlyDays:
    """What the first days after the launch show; either part is None where its inputs are missing."""

    first_days: FirstDays | None
    detection: Detection | None


def net_of_first_days(flows: np.ndarray, delay_months: np.ndarray, *, days: float) -> np.ndarray:
    """Return the net cash of the first days after the launch, shape (...); NaN where the horizon ends before them.

    Within a month, what flows after the launch flows evenly.

    Parameters
    ----------
    flows : array of shape (..., months)
        Net cash of months 1 to n, without what is paid for building.
    delay_months : array of shape (...)
        Months from today to the launch.
    days : float

    Examples
    --------
    >>> net = net_of_first_days(np.array([0.0, 50.0, 100.0, 100.0, 100.0, 100.0]), np.array(1.5), days=76.09375)
    >>> round(float(net), 6)
    250.0
    """
    months, launch = flows.shape[-1], np.asarray(delay_months, dtype=float)[..., None]
    end = launch + days / DAYS_PER_MONTH
    month = np.arange(1, months + 1)
    live = np.clip(month - launch, 0, 1)
    counted = np.clip(np.minimum(month, end) - np.maximum(month - 1, launch), 0, 1)
    part = np.divide(counted, live, out=np.zeros_like(live), where=live > 0)
    net = np.sum(np.where(live > 0, flows * part, 0.0), axis=-1)
    return np.where(end[..., 0] > months, np.nan, net)


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, results: PilotEffects | None,
    columns: Mapping[str, np.ndarray] | None = None, flows: Mapping[str, np.ndarray] | None = None,
) -> EarlyDays:  # fmt: skip
    """Return what the first days after the launch show.

    Parameters
    ----------
    demand : Demand or None
        The planned load.
    results : PilotEffects or None
        What the pilot measured.
    columns : mapping of str to array, shape (replicates, draws)
        Inputs of the value model: `delay`, `adoption`, and `ramp` where there is one.
    flows : mapping of stream to array, shape (replicates, draws, months + 1)
        Its cash; what flows in months that lie wholly before the launch is spent before it.
    """
    columns = columns or {}
    first = None
    if flows is not None and "delay" in columns:
        first = _first_days(sum(flows.values()), np.asarray(columns["delay"], dtype=float))
    return EarlyDays(first, detection(pilot, joint, demand, results, columns))


def _first_days(net: np.ndarray, delay: np.ndarray) -> FirstDays | None:
    days = policy.value("early_days")
    delay = np.broadcast_to(delay, net.shape[:-1])
    monthly = net[..., 1:]
    found = net_of_first_days(monthly, delay, days=days)
    before_launch = np.arange(1, monthly.shape[-1] + 1) <= delay[..., None]
    spent = net[..., 0] + np.sum(np.where(before_launch, monthly, 0.0), axis=-1)
    counts = np.isfinite(found)
    if not counts.any():
        return None
    held, late = found[counts], int((~counts).sum())
    summary = summarise(found) if not late else summarise(held[None, :])
    return FirstDays(days, summary, float(np.mean(held > 0)), float(np.mean((found + spent)[counts] > 0)),
                     int(held.size), late)  # fmt: skip
