"""Silences of raw systems: gaps that do not fit their rhythm, records that end before the others', thin months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.draws import generator
from flightready.realism.astray import is_astray, is_future
from flightready.realism.coverage import clock, mostly, trimmed
from flightready.realism.inspection import Inspection
from flightready.realism.rhythm import Rhythm, any_of, gap_chances, surprise
from flightready.realism.time_span import Silence

_HOUR_S, _DAY_S = 3_600, 86_400


@dataclass(frozen=True)
class ThinMonths:
    """Months of one system (or of all, with an empty name) with no record or far fewer than usual.

    Parameters
    ----------
    system : str
    empty, low : tuple of str
        Such as `2026-03`.
    usual : float
        Records a month in the others.
    """

    system: str
    empty: tuple[str, ...]
    low: tuple[str, ...]
    usual: float


def times_of(inspection: Inspection) -> dict[str, np.ndarray]:
    """Return the moments of each raw system in order, in seconds, wrong dates left out.

    A time without seconds or hours is put at random within the minute or day that it may stand for, so that records of
    one day do not seem to come all at once. A system most of whose dates could be read day first or month first is left
    out: a silence in one reading is none in the other.
    """
    return inspection.once(("times_of",), lambda: _times_of(inspection))


def _times_of(inspection: Inspection) -> dict[str, np.ndarray]:
    side = inspection.sample.raw
    if side is None:
        return {}
    read = clock(inspection, "raw")
    kept = ~np.isnat(read.values) & ~is_future(inspection, "raw") & ~is_astray(inspection, "raw") & ~side.is_copy
    within = generator(inspection.seed, "realism", "silence").uniform(size=len(side)) * read.precision_s
    times = read.values.astype(np.int64) + within
    rows = {str(s): kept & side.of(s) for s in side.systems}
    return {s: np.sort(times[mine]) for s, mine in rows.items() if mine.any() and not mostly(read.ambiguous[mine])}


def silences(inspection: Inspection) -> tuple[Silence, ...]:
    """Return the silences too long for the rhythm of their system, in order of time."""
    return inspection.once(("silences",), lambda: _silences(inspection))


def _silences(inspection: Inspection) -> tuple[Silence, ...]:
    found: list[Silence] = []
    for system, times in times_of(inspection).items():
        if len(times) < policy.value("least_records_for_rhythm"):
            continue
        gaps = np.diff(Rhythm(times, has_hours=_has_hours(inspection, system)).passed(times))
        told, usual = surprise(gaps)
        chances = any_of(gap_chances(told), len(gaps))
        for i in np.flatnonzero(chances < policy.value("chance_of_false_silence")):
            found.append(_silence(system, times[i], times[i + 1], gaps[i] / max(usual[i], 1e-12), chances[i]))
    return tuple(sorted(found, key=lambda s: (s.first, s.system)))


def ends(inspection: Inspection) -> tuple[Silence, ...]:
    """Return the systems whose records end long before those of the others, each with the silence since."""
    return inspection.once(("ends",), lambda: _ends(inspection))


def _ends(inspection: Inspection) -> tuple[Silence, ...]:
    by_system = times_of(inspection)
    found = []
    for system, times in by_system.items():
        others = np.concatenate([np.empty(0), *(t for s, t in by_system.items() if s != system)])
        if not others.size or len(times) < policy.value("least_records_for_rhythm"):
            continue
        last = float(trimmed(np.sort(others))[1])
        if last - times[-1] < policy.value("least_days_stale") * _DAY_S:
            continue
        rhythm = Rhythm(times, until_s=last, has_hours=_has_hours(inspection, system))
        gaps = np.diff(rhythm.passed(np.append(times, last)))
        told, usual = surprise(gaps)
        chance = float(any_of(gap_chances(told)[-1:], len(by_system))[0])
        if chance < policy.value("chance_of_false_silence"):
            found.append(_silence(system, times[-1], last, gaps[-1] / max(usual[-1], 1e-12), chance))
    return tuple(found)


def _has_hours(inspection: Inspection, system: str) -> bool:
    """Whether most times of a system tell the hour."""
    mine = inspection.sample.raw.of(system)
    precision = clock(inspection, "raw").precision_s[mine]
    return bool((precision[precision > 0] < _DAY_S).mean() > 0.5)


def _silence(system: str, start_s: float, end_s: float, expected: float, chance: float) -> Silence:
    first, last = (np.datetime64(int(s), "s").astype("datetime64[D]").item() for s in (start_s, end_s))
    return Silence(system, first, last, (end_s - start_s) / _HOUR_S, float(expected), float(chance))


def thin_months(inspection: Inspection) -> tuple[ThinMonths, ...]:
    """Return systems, and all raw records together, with empty months or months far below the usual."""
    return inspection.once(("thin_months",), lambda: _thin_months(inspection))


def _thin_months(inspection: Inspection) -> tuple[ThinMonths, ...]:
    by_system = times_of(inspection)
    if len(by_system) > 1:
        by_system = {"": np.sort(np.concatenate(list(by_system.values()))), **by_system}
    whole: set[str] = set()
    found = []
    for system, times in by_system.items():
        months, counts = monthly(times)
        empty, low, usual = _thin(counts)
        told = ThinMonths(system, *(tuple(m for m, is_it in zip(months, which, strict=True) if is_it and m not in whole)
                                    for which in (empty, low)), usual)  # fmt: skip
        if not system:
            whole = {*told.empty, *told.low}
        if told.empty or told.low:
            found.append(told)
    return tuple(found)


def monthly(times_s: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the full months between the first and the last record, and the records of each."""
    months = times_s.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    if not months.size or months[-1] - months[0] < 2:
        return (), np.empty(0, dtype=int)
    counts = np.bincount(months - months[0])[1:-1]
    names = np.arange(months[0] + 1, months[-1]).astype("datetime64[M]")
    return tuple(str(m) for m in names), counts


def _thin(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Empty months, months far below the usual, and the usual number.

    A month is thin when its exact chance, given all months, is small and it holds a fraction of the fuller months on
    either side of it: growth, decline and seasons thin months out on one side only, or by less.
    """
    if not counts.any():
        return np.zeros(len(counts), dtype=bool), np.zeros(len(counts), dtype=bool), 0.0
    usual, share = float(np.median(counts[counts > 0])), policy.value("share_of_a_thin_month")
    chance = any_of(special.bdtr(counts, counts.sum(), 1 / len(counts)), len(counts))
    is_thin = (chance < policy.value("chance_of_false_silence")) & (counts < share * usual)
    fuller = np.flatnonzero(~is_thin)
    for i in np.flatnonzero(is_thin):
        before, after = fuller[fuller < i], fuller[fuller > i]
        lies_between = before.size > 0 and after.size > 0
        is_thin[i] = lies_between and counts[i] < share * min(counts[before[-1]], counts[after[0]])
    return is_thin & (counts == 0), is_thin & (counts > 0), usual


def months_without(inspection: Inspection, months: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return, by system, the months without a record where its rhythm would have brought some.

    Parameters
    ----------
    months : tuple of str
        Months that the raw records cover, such as `2026-03`; the one in which a system ends is not among its own.
    """
    found: dict[str, list[str]] = {}
    for thin in thin_months(inspection):
        if thin.system and thin.empty:
            found.setdefault(thin.system, []).extend(thin.empty)
    for ended in ends(inspection):
        found.setdefault(ended.system, []).extend(m for m in months if m > f"{ended.first:%Y-%m}")
    return {system: tuple(names) for system, names in found.items() if names}
