"""From marks to defects: rates with intervals, the comparison of both sides under one budget, masked examples."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy
from flightready.intervals import newcombe, two_level_discoveries
from flightready.realism.coverage import months_of
from flightready.realism.detector import RECORD, Detection, Detector, Marks, detectors
from flightready.realism.inspection import Inspection
from flightready.realism.masks import shapes
from flightready.realism.outcome import Defect, Example, Rate, rate
from flightready.realism.sample import Side


def defects(inspection: Inspection, days: dict[str, np.ndarray]) -> tuple[Defect, ...]:
    """Run every detector and compare both sides.

    Parameters
    ----------
    inspection : Inspection
    days : dict of side name to array of datetime64[D], shape (rows,)
        Day of each record, NaT where unknown.

    Returns
    -------
    tuple of Defect
        By column in order of appearance, the whole record last.
    """
    found = detected(inspection)
    tested, worse = compared(inspection)
    order = {c: i for i, c in enumerate((*inspection.columns, RECORD))}
    found = sorted(found, key=lambda item: (order[item[1]], item[0].place))
    return tuple(_defect(inspection, d, c, x, tested.get((c, d.id)), (c, d.id) in worse, days) for d, c, x in found)


def compared(inspection: Inspection) -> tuple[dict[tuple[str, str], float], set[tuple[str, str]]]:
    """Return the p-value of every comparison, by column and detector, and those in which raw is worse; computed once.

    Worse means within the false-discovery budget of all comparisons.
    """

    def run() -> tuple[dict[tuple[str, str], float], set[tuple[str, str]]]:
        found = detected(inspection)
        p_values = {(column, d.id): _p_value(detection) for d, column, detection in found}
        tested = {key: p for key, p in p_values.items() if p is not None}
        least = {(c, d.id): _least_p(x) for d, c, x in found if (c, d.id) in tested}
        budget = policy.value("false_discovery_budget")
        return tested, two_level_discoveries(worth_testing(tested, least, budget=budget), budget=budget)

    return inspection.once(("compared",), run)


def detected(inspection: Inspection) -> tuple[tuple[Detector, str, Detection], ...]:
    """Return what every detector says of every column, with its marks; computed once."""

    def run() -> tuple[tuple[Detector, str, Detection], ...]:
        return tuple(
            (detector, column, detection)
            for detector in detectors()
            for column, detection in detector.find(inspection).items()
            if _has_content(detection)
        )

    return inspection.once(("detected",), run)


def worth_testing(
    p_values: Mapping[tuple[str, str], float], least: Mapping[tuple[str, str], float], *, budget: float
) -> dict[tuple[str, str], float]:
    """Return the comparisons on which it is worth spending budget.

    Three affected records in all cannot show a difference however they fall; leaving such tests out is fair, because
    it looks only at how many records are affected in all, and it keeps the budget for those that can.

    Parameters
    ----------
    p_values : mapping of (column, detector) to p-value
    least : mapping of (column, detector) to float
        Smallest p-value that the comparison could have had, given how many records are affected in all.
    budget : float
        False-discovery rate.

    Source
    ------
    Tarone 1990 (Biometrics 46:515); Gilbert 2005 (JRSS C 54:143) for false-discovery rates.
    """
    possible = {key for key, p in least.items() if p <= budget}
    columns = len({column for column, _ in possible})
    return {key: p for key, p in p_values.items() if key in possible and least[key] * columns <= budget}


@lru_cache(maxsize=1 << 12)
@lru_cache(maxsize=1 << 12)
def higher_rate_p(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Return the exact one-sided p-value that the first rate is above the second.

    Source
    ------
    Fisher 1935 (hypergeometric tail).

    Examples
    --------
    >>> round(higher_rate_p(3, 4, 1, 4), 4)  # the lady tasting tea, three of four right
    0.2429
    """
    from scipy import stats  # slow to load

    return float(stats.hypergeom.sf(hits - 1, n + other_n, hits + other_hits, n))


def _p_value(detection: Detection) -> float | None:
    raw, curated = detection.raw, detection.curated
    if detection.effect is not None or not detection.is_compared:
        return detection.p_value
    if raw is None or curated is None or not raw.n or not curated.n:
        return None
    if detection.p_value is not None:
        return detection.p_value
    return higher_rate_p(raw.hits, raw.n, curated.hits, curated.n)


def _has_content(detection: Detection) -> bool:
    parts = (detection.raw, detection.curated, detection.effect)
    return any(part is not None for part in parts) or bool(detection.observations)


def _least_p(detection: Detection) -> float:
    """Smallest p-value that a comparison could have, given how many records are marked on both sides together."""
    raw, curated = detection.raw, detection.curated
    if detection.effect is not None or detection.least_p is not None:
        return detection.least_p or 0.0
    marked = sum(m.hits for m in (raw, curated) if m is not None)
    if detection.p_value is not None or not marked:
        return 0.0 if marked else 1.0
    most = min(marked, raw.n)
    return higher_rate_p(most, raw.n, marked - most, curated.n)


def _defect(
    inspection: Inspection, detector: Detector, column: str, detection: Detection, p: float | None, worse: bool,
    days: dict[str, np.ndarray],
) -> Defect:  # fmt: skip
    raw, curated = detection.raw, detection.curated
    both = p is not None and raw is not None and curated is not None
    # a permutation test asks another question than the interval of two rates, which may contradict it
    is_plain = both and detection.p_value is None
    shown = "raw" if raw is not None else "curated"
    marks, side = (raw if raw is not None else curated), inspection.side(shown)
    where: dict[str, Any] = {"first": None, "last": None, "by_system": {}, "examples": detection.examples or ()}
    if marks is not None:
        where = _where(side, marks, days[shown])
        no_example = detection.examples is None
        where["examples"] = _examples(side, detector, column, marks) if no_example else detection.examples
    return Defect(
        detector.id, detector.name, detector.repair, detector.gap, detector.kind, column,
        raw=rate(raw.hits, raw.n) if raw else None,
        curated=rate(curated.hits, curated.n) if curated else None,
        difference=raw.hits / raw.n - curated.hits / curated.n if both else None,
        difference_interval=newcombe(raw.hits, raw.n, curated.hits, curated.n) if is_plain else None,
        p_value=p, worse=worse if p is not None else None, effect=detection.effect, told=detection.told,
        observations=detection.observations, strength=detector.strength, **where,
    )  # fmt: skip


def _where(side: Side, marks: Marks, days: np.ndarray) -> dict[str, Any]:
    """Systems, time span and strength of marked records, as the fields of a defect."""
    first, last = _span(days[marks.hit])
    return {
        "first": first, "last": last, "by_system": rates_by_system(side, marks),
        "by_month": _by_month(side, marks, days) if marks.hits else {},
        "strengths": _strengths(side, marks, days),
    }  # fmt: skip


def rates_by_system(side: Side, marks: Marks) -> dict[str, Rate]:
    """Return the rate of marked records of each system that has any record to mark."""
    rates = {}
    for system in side.systems:
        mine = side.of(system)
        unparsed = 0
        if marks.unparsed:
            unparsed = sum(len(s.table.malformed) for s in side.sources if s.system == system)
        n = int((marks.applies & mine).sum()) + unparsed
        if n:
            rates[system] = rate(int((marks.hit & mine).sum()) + unparsed, n)
    return rates


def _strengths(side: Side, marks: Marks, days: np.ndarray) -> tuple[tuple[str, str, float], ...]:
    if marks.strength is None:
        return ()
    hit = np.flatnonzero(marks.hit)
    hit = hit[np.argsort(marks.strength[hit], kind="stable")]
    found = zip(side.system[hit], months_of(days[hit]), marks.strength[hit], strict=True)
    return tuple((str(system), str(month), float(strength)) for system, month, strength in found)


def _by_month(side: Side, marks: Marks, days: np.ndarray) -> dict[str, dict[str, tuple[int, int]]]:
    """Marked and possible records by system and month, those without a date under an empty name."""
    numbers = days.astype("datetime64[M]").astype(np.int64)
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for system in side.systems:
        mine = marks.applies & side.of(system)
        months, place = np.unique(numbers[mine], return_inverse=True)  # NaT comes first, as "" does
        hits, n = np.bincount(place, weights=marks.hit[mine], minlength=len(months)), np.bincount(place)
        names = months_of(months.astype("datetime64[M]")).tolist()
        found[system] = {name: (int(h), int(k)) for name, h, k in zip(names, hits, n, strict=True)}
    return found


def _span(days: np.ndarray) -> tuple[dt.date | None, dt.date | None]:
    known = days[~np.isnat(days)]
    if not known.size:
        return None, None
    return known.min().astype(dt.date), known.max().astype(dt.date)


def _examples(side: Side, detector: Detector, column: str, marks: Marks) -> tuple[Example, ...]:
    """Masked examples of the most frequent shapes, each with the place of the real one."""
    most = policy.value("most_examples")
    places = np.flatnonzero(marks.hit)
    if not places.size:
        return ()
    if column == RECORD:
        return tuple(_example(side, int(i), detector.says) for i in places[:most])
    cells = side.frame[column].iloc[places].fillna("")
    masks = cells.map(shapes(cells.unique())).reset_index(drop=True)
    leading = masks.value_counts(sort=True).index[:most]
    first = [
        int(places[int(np.flatnonzero(masks == s)[0])])
        for s in sorted(leading, key=lambda s: (-int((masks == s).sum()), s))
    ]
    return tuple(_example(side, i, _masked(detector, side.frame[column].iloc[i])) for i in first)


def _masked(detector: Detector, text: str | float) -> str:
    """A value as it may be shown."""
    if pd.isna(text):
        return "(absent or null)"
    if not text.strip():
        return "(empty)" if not text else "(blank)"
    return detector.mask(text)


def _example(side: Side, place: int, masked: str) -> Example:
    source = side.sources[side.source[place]]
    return Example(str(side.system[place]), source.table.name, int(side.line[place]), masked)
