"""Dates that cannot be right: after the day of the assessment, or decades from all others of their system."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.realism.coverage import moments
from flightready.realism.inspection import Inspection

_DAYS_IN_YEAR = 365.25


def is_future(inspection: Inspection, name: str) -> np.ndarray:
    """Return which records are dated after the day of the assessment; none when that day is not known."""
    days = moments(inspection, name)[0].astype("datetime64[D]")
    if inspection.as_of is None:
        return np.zeros(len(days), dtype=bool)
    return ~np.isnat(days) & (days > np.datetime64(inspection.as_of, "D"))


def is_astray(inspection: Inspection, name: str) -> np.ndarray:
    """Return which records are dated decades before or after the bulk of their system."""
    side, days = inspection.side(name), moments(inspection, name)[0].astype("datetime64[D]")
    astray = np.zeros(len(side), dtype=bool)
    for system in side.systems:
        rows = np.flatnonzero(~np.isnat(days) & side.of(system))
        astray[rows] = apart(days[rows].astype(np.int64))
    return astray


def apart(days: np.ndarray) -> np.ndarray:
    """Return which days an empty stretch of decades parts from the bulk, shape (days,).

    A record that goes back for decades without such a stretch is a long record; where no part holds nearly all days,
    none is the bulk.

    Examples
    --------
    >>> apart(np.array([20_000, 20_001, 20_400, 2, 20_050, 20_100] + [20_500] * 20)).nonzero()[0].tolist()
    [3]
    """
    order = np.argsort(days, kind="stable")
    jumps = np.diff(days[order]) > policy.value("decades_apart") * 10 * _DAYS_IN_YEAR
    part = np.zeros(len(days), dtype=int)
    part[order[1:]] = np.cumsum(jumps)
    sizes = np.bincount(part, minlength=1)
    if not len(days) or sizes.max() < policy.value("least_share_of_bulk") * len(days):
        return np.zeros(len(days), dtype=bool)
    return part != int(sizes.argmax())
