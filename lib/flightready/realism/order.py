"""The order of a file against the times of its records: which of them stand behind much newer ones."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.coverage import Clock, clock
from flightready.realism.formats import formats
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

_HOUR_S, DAY_S = 3_600, 86_400
_SUNDAY = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True)
class Displaced:
    """Records that stand behind newer ones, on one side.

    Parameters
    ----------
    late, out_of_order : array of bool, shape (rows,)
        Arrived days after their own time, and slipped a few places behind; never both.
    applies : array of bool, shape (rows,)
        Records with a time in a file whose order follows time.
    lag_s : array of float, shape (rows,)
        Time of the newest record before it minus its own, in seconds; 0 for records in order.
    unordered : tuple of str
        Systems with a file whose order says nothing about when its records came.
    """

    late: np.ndarray
    out_of_order: np.ndarray
    applies: np.ndarray
    lag_s: np.ndarray
    unordered: tuple[str, ...]

    @property
    def told(self) -> str:
        """What the order of the files cannot tell, in a few words."""
        if not self.unordered:
            return ""
        return f"the order of the records says nothing about when they came in: {', '.join(self.unordered)}"


def longest_ordered(values: np.ndarray) -> np.ndarray:
    """Return which values form a longest non-decreasing subsequence, shape (values,).

    Of several it takes one of late values: where two neighbours are swapped, the smaller one, which stands behind the
    larger, is left out; a record can come after its own time, not before it.

    Source
    ------
    Schensted 1961 (longest increasing subsequence by patience sorting), O(n log n).

    Examples
    --------
    >>> longest_ordered(np.array([1, 2, 5, 3, 4, 4, 6])).tolist()
    [True, True, False, True, True, True, True]
    >>> longest_ordered(np.array([2, 1, 3])).tolist()
    [True, False, True]
    """
    kept = np.zeros(len(values), dtype=bool)
    tails: list[int] = []
    places: list[int] = []
    before = np.full(len(values), -1)
    for place in range(len(values) - 1, -1, -1):
        key = -int(values[place])
        at = bisect_right(tails, key)
        before[place] = places[at - 1] if at else -1
        tails[at : at + 1], places[at : at + 1] = [key], [place]
    place = places[-1] if places else -1
    while place >= 0:
        kept[place] = True
        place = before[place]
    return kept


def displaced(inspection: Inspection, name: str) -> Displaced:
    """Return the records of one side that stand behind newer ones in their file."""
    return inspection.once(("displaced", name), lambda: _displaced(inspection, name))


def _displaced(inspection: Inspection, name: str) -> Displaced:
    side, read = inspection.side(name), clock(inspection, name)
    known = ~np.isnat(read.values) & ~side.is_copy
    made = Displaced(*(np.zeros(len(side), dtype=bool) for _ in range(3)), np.zeros(len(side)), ())
    latest, is_anchor = _readings(inspection, name, read)
    unordered: list[str] = []
    for place, source in enumerate(side.sources):
        rows = np.flatnonzero(known & (side.source == place))
        rows = rows[np.argsort(side.record[rows], kind="stable")]
        if len(rows) < policy.value("least_records_in_order"):
            continue
        times, anchors = read.values[rows].astype(np.int64), is_anchor[rows]
        is_kept, is_descending = _order(times, anchors)
        if is_kept.sum() < policy.value("least_ordered_share") * max(1, anchors.sum()):
            unordered.append(source.system)
            continue
        if is_descending:
            rows, is_kept, times = rows[::-1], is_kept[::-1], times[::-1]
        lag, places = _behind(times, latest[rows], is_kept)
        lag[_fits(read.other[rows].astype(np.int64), times, is_kept)] = 0
        is_late = _is_late(lag, places)
        made.applies[rows] = True
        made.lag_s[rows] = lag
        made.late[rows], made.out_of_order[rows] = is_late, (lag > 0) & ~is_late
    return Displaced(made.late, made.out_of_order, made.applies, made.lag_s, tuple(dict.fromkeys(unordered)))


def _order(times: np.ndarray, anchors: np.ndarray) -> tuple[np.ndarray, bool]:
    """Records of the longest ordered part, and whether it runs from the newest to the oldest."""
    kept, share = [], []
    for sequence in (times[anchors], times[anchors][::-1]):
        kept.append(longest_ordered(sequence))
        share.append(kept[-1].mean() if len(sequence) else 0.0)
    is_descending = share[1] > share[0]
    is_kept = np.zeros(len(times), dtype=bool)
    is_kept[anchors] = kept[1][::-1] if is_descending else kept[0]
    return is_kept, is_descending


def _behind(times: np.ndarray, latest: np.ndarray, is_kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Seconds and records by which each record stands behind newer ones of the ordered part; 0 when it does not."""
    ordered = times[is_kept]
    n_before = np.cumsum(is_kept) - is_kept
    if not ordered.size:
        return np.zeros(len(times)), np.zeros(len(times), dtype=int)
    newest = np.where(n_before > 0, ordered[np.maximum(n_before - 1, 0)], latest)
    lag = np.where(is_kept, 0, np.maximum(newest - latest, 0)).astype(float)
    places = np.where(lag > 0, n_before - np.searchsorted(ordered, latest, side="right"), 0)
    return lag, places


def _fits(other: np.ndarray, times: np.ndarray, is_kept: np.ndarray) -> np.ndarray:
    """Dates that stand in order with day and month the other way round: more likely written so than that late."""
    ordered = times[is_kept]
    if not ordered.size:
        return np.zeros(len(times), dtype=bool)
    n_before = np.cumsum(is_kept) - is_kept
    after = ordered[np.minimum(n_before, len(ordered) - 1)]
    before = ordered[np.maximum(n_before - 1, 0)]
    nowhere = np.iinfo(np.int64).min  # NaT as a number
    return ~is_kept & (other != nowhere) & (before - DAY_S <= other) & (other <= after + DAY_S)


def _is_late(lag_s: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Late is days and many places behind, and more than what the file does anyway."""
    usual = float(np.quantile(lag_s, policy.value("usual_lag_quantile")))
    least = max(policy.value("least_late_days") * DAY_S, policy.value("late_beyond_usual_lag") * usual)
    return (lag_s >= least) & (places > policy.value("most_places_slipped"))


def _readings(inspection: Inspection, name: str, read: Clock) -> tuple[np.ndarray, np.ndarray]:
    """Latest moment that each time may stand for, in seconds, and which times are sure enough to judge others by.

    A time counts up to the end of its minute or day; a date whose order of day and month is not sure counts as the
    later of both; a time without a zone among times with one may be off by any zone; and in the early hours of a
    Sunday clocks are set back, so that local times run through one hour twice.
    """
    side = inspection.side(name)
    values, other = read.values.astype(np.int64), read.other.astype(np.int64)
    has_other, is_odd_zone = _is_swappable(inspection, name, read), _is_odd_zone(side.system, read)
    latest = np.where(has_other, np.maximum(values, other), values) + np.maximum(read.precision_s - 1, 0)
    latest += is_odd_zone * policy.value("largest_zone_difference_hours") * _HOUR_S
    is_sunday = (values // DAY_S) % 7 == _SUNDAY
    is_night = values % DAY_S < policy.value("clock_change_before_hour") * _HOUR_S
    latest += (~read.zoned & is_sunday & is_night & ~np.isnat(read.values)) * _HOUR_S
    return latest, ~np.isnat(read.values) & ~has_other & ~is_odd_zone


def _is_odd_zone(system: np.ndarray, read: Clock) -> np.ndarray:
    """Times with a zone where most of their system have none, or the other way round."""
    known = ~np.isnat(read.values)
    odd = np.zeros(len(system), dtype=bool)
    for one in dict.fromkeys(system):
        mine = known & (system == one)
        odd |= mine & (read.zoned != (read.zoned[mine].mean() > 0.5 if mine.any() else False))
    return odd


def _is_swappable(inspection: Inspection, name: str, read: Clock) -> np.ndarray:
    """Dates that may be meant the other way round: not proved, or written unlike the rest of their system."""
    side, column = inspection.side(name), inspection.sample.columns.time
    swappable = ~np.isnat(read.other)
    if not swappable.any():
        return swappable
    sure = np.zeros(len(side), dtype=bool)
    for one in side.systems:
        mine = ~np.isnat(read.values) & side.of(one)
        if mine.any():
            classes = formats(inspection.texts(name, column)[mine], Kind.TIME)
            sure[mine] = (classes == pd.Series(classes).value_counts().index[0]).to_numpy(dtype=bool)
    return swappable & (read.ambiguous | ~sure)
