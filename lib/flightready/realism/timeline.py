"""The timeline of events: raw records by week or month, and what went wrong with them on the way."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.realism.astray import is_astray, is_future
from flightready.realism.coverage import moments, trimmed
from flightready.realism.defects.duplicated_events import repeated
from flightready.realism.inspection import Inspection
from flightready.realism.order import displaced
from flightready.realism.silence import ends, silences
from flightready.realism.time_span import EventTimeline

_TO_MONDAY = 3  # 1 January 1970 was a Thursday
_WEEK = 7


def timeline(inspection: Inspection) -> EventTimeline | None:
    """Return raw records by week or month with what happened to them, or None when none carries a date."""
    side = inspection.sample.raw
    if side is None:
        return None
    days = moments(inspection, "raw")[0].astype("datetime64[D]")
    wrong = is_future(inspection, "raw") | is_astray(inspection, "raw")
    known = ~np.isnat(days) & ~wrong
    if not known.any():
        return None
    first, last = trimmed(np.sort(days[known]))
    is_weekly = (last - first).astype(int) <= policy.value("longest_weekly_timeline")
    place, starts = _periods(days, first, last, is_weekly=is_weekly)
    within = known & (days >= first) & (days <= last)
    systems = tuple(str(s) for s in side.systems if (within & side.of(s)).any())

    def counted(hit: np.ndarray) -> dict[str, tuple[int, ...]]:
        rows = {s: within & hit & side.of(s) for s in systems}
        return {s: tuple(np.bincount(place[mine], minlength=len(starts)).tolist()) for s, mine in rows.items()}

    order, again = displaced(inspection, "raw"), repeated(inspection, "raw")
    copies = side.is_copy | (again[0].hit if again is not None else False)
    return EventTimeline(
        inspection.sample.columns.time, "week" if is_weekly else "month", starts, systems,
        records=counted(np.ones(len(side), dtype=bool)), late=counted(order.late),
        out_of_order=counted(order.out_of_order), duplicated=counted(copies),
        future={s: int((wrong & side.of(s)).sum()) for s in systems},
        silences=silences(inspection), ended=ends(inspection),
    )  # fmt: skip


def _periods(days: np.ndarray, first: np.datetime64, last: np.datetime64, *, is_weekly: bool) -> tuple:
    """Place of the period of each day, and the first day of each period."""
    if is_weekly:
        numbers, low, high = ((d.astype(np.int64) + _TO_MONDAY) // _WEEK for d in (days, first, last))
        starts = (np.arange(low, high + 1) * _WEEK - _TO_MONDAY).astype("datetime64[D]")
    else:
        numbers, low, high = (d.astype("datetime64[M]").astype(np.int64) for d in (days, first, last))
        starts = np.arange(low, high + 1).astype("datetime64[M]").astype("datetime64[D]")
    return np.clip(numbers - low, 0, high - low), tuple(d.item() for d in starts)
