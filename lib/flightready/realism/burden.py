"""How many different things are wrong with one record: records by the number of repairs they need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flightready.realism.coverage import months_of
from flightready.realism.outcome import Burden
from flightready.realism.sample import Side


def burden(side: Side, days: np.ndarray, hits: Mapping[str, np.ndarray]) -> Burden:
    """Return the records of one side by system, month and number of repairs they need.

    Parameters
    ----------
    side : Side
    days : array of datetime64[D], shape (rows,)
        Day of each record, NaT where unknown.
    hits : mapping of repair to array of bool, shape (records,)
        Records that need it; rows that do not parse stand at the end and are left out here.
    """
    n = len(side)
    needed = np.sum([hit[:n] for hit in hits.values()], axis=0, dtype=int) if hits else np.zeros(n, dtype=int)
    months = months_of(days)
    most = int(needed.max(initial=0))
    counts: dict[str, dict[str, tuple[int, ...]]] = {}
    for system in side.systems:
        mine = side.system == system
        counts[system] = {
            str(month): tuple(int(c) for c in np.bincount(needed[mine & (months == month)], minlength=most + 1))
            for month in np.unique(months[mine])
        }
    return Burden(counts)
