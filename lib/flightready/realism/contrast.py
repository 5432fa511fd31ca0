"""Do systems differ from one another, and the later records from the earlier? This needs no demo set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.intervals import newcombe, two_level_discoveries
from flightready.realism import periods
from flightready.realism.comparison import detected, higher_rate_p, rates_by_system, worth_testing
from flightready.realism.detector import Detection, Detector
from flightready.realism.inspection import Inspection
from flightready.realism.measures import CATEGORY, categories, compared_as, measure_of, quantities
from flightready.realism.outcome import Contrast, Rate, rate
from flightready.realism.shift import Shift, category_shift, number_shift

COUNTED = ("fact", "screening")
_OTHERS = "the other systems"


def contrasts(inspection: Inspection, days: np.ndarray) -> tuple[Contrast, ...]:
    """Compare every raw system with the others, and the later half of the days with the earlier.

    Rates of counted defects are taken from the marks that the detectors made anyway; numbers, categories and lengths
    are compared as between raw and demo set. All contrasts share one two-level budget of their own: column, then
    detector and part.

    Parameters
    ----------
    inspection : Inspection
    days : array of datetime64[D], shape (raw rows,)
        Day of each raw record, NaT where unknown.

    Returns
    -------
    tuple of Contrast
        The clearest first; empty without raw records, or with one system and one day.
    """
    side = inspection.sample.raw
    if side is None:
        return ()
    found = [(d, c, x) for d, c, x in detected(inspection) if d.kind in COUNTED and x.is_compared and x.raw is not None]
    made = [*_of_systems(inspection, found), *periods.of_periods(inspection, found, days)]
    keys = {(c.column, f"{c.detector}\0{c.part}"): c for c in made}
    budget = policy.value("false_discovery_budget")
    p_values = {key: c.p_value for key, c in keys.items()}
    least = {key: _least_p(c) for key, c in keys.items()}
    real = two_level_discoveries(worth_testing(p_values, least, budget=budget), budget=budget)
    told = [replace(c, is_different=key in real) for key, c in keys.items()]
    return tuple(sorted(told, key=lambda c: (not c.is_different, c.p_value, c.column, c.detector, c.part)))


def either_way_p(hits: int, n: int, other_hits: int, other_n: int) -> float:
    """Return the exact p-value that two rates differ, whichever is the higher: twice the smaller tail.

    Examples
    --------
    >>> round(either_way_p(0, 10, 10, 10), 6)
    1.1e-05
    """
    tails = higher_rate_p(hits, n, other_hits, other_n), higher_rate_p(other_hits, other_n, hits, n)
    return min(1.0, 2 * min(tails))


def _least_p(contrast: Contrast) -> float:
    """Smallest p-value possible, given how many records are marked in all."""
    inside, outside = contrast.inside, contrast.outside
    if inside is None or outside is None:
        return 0.0
    marked = inside.hits + outside.hits
    extremes = (min(marked, inside.n), max(0, marked - outside.n))
    return min(either_way_p(k, inside.n, marked - k, outside.n) for k in extremes)


def _of_systems(inspection: Inspection, found: list[tuple[Detector, str, Detection]]) -> Iterator[Contrast]:
    side = inspection.sample.raw
    least = policy.value("least_records_of_part")
    systems = [s for s in side.systems if int((side.system == s).sum()) >= least]
    if len(systems) < 2:
        return
    # of two systems either says the same as the other
    parts = systems[:1] if len(systems) == 2 else systems
    for detector, column, detection in found:
        rates = {s: r for s, r in rates_by_system(side, detection.raw).items() if s in systems and r.n >= least}
        for part in (p for p in parts if p in rates and len(rates) > 1):
            yield from _of_rates(detector, column, rates, part)
    for column in inspection.columns:
        for part in parts:
            shift = _shift(inspection, column, side.system == part, np.isin(side.system, systems), part)
            if shift is not None:
                yield _of_shift(inspection, column, shift, part, _other_of(part, systems))


def _other_of(part: str, systems: list[str]) -> str:
    rest = [s for s in systems if s != part]
    return f"system '{rest[0]}'" if len(rest) == 1 else _OTHERS


def _of_rates(detector: Detector, column: str, rates: dict[str, Rate], part: str) -> Iterator[Contrast]:
    rest = [r for s, r in rates.items() if s != part]
    inside, outside = rates[part], rate(sum(r.hits for r in rest), sum(r.n for r in rest))
    if inside.hits or outside.hits:
        p = either_way_p(inside.hits, inside.n, outside.hits, outside.n)
        between = newcombe(inside.hits, inside.n, outside.hits, outside.n)
        yield Contrast(detector.id, detector.name, column, f"system '{part}'", _other_of(part, list(rates)), inside,
                       outside, between, None, p, False)  # fmt: skip


def _shift(inspection: Inspection, column: str, inside: np.ndarray, among: np.ndarray, part: str) -> Shift | None:
    measure = measure_of(inspection, column) if inspection.has("raw", column) else None
    rng = generator(inspection.seed, "realism", "contrast", column, part)
    if measure == CATEGORY:
        codes, size = categories(inspection, column)
        known = codes["raw"] >= 0
        groups = (known & inside, known & among & ~inside)
        return category_shift(*(np.bincount(codes["raw"][g], minlength=size) for g in groups), rng=rng)
    if measure is None:
        return None
    values = quantities(inspection, "raw", column)
    known = ~np.isnan(values)
    return number_shift(values[known & inside], values[known & among & ~inside], rng=rng)


def _of_shift(inspection: Inspection, column: str, shift: Shift, part: str, other: str) -> Contrast:
    measure = measure_of(inspection, column)
    told = shift.told.replace("raw values", "its values").replace("raw records", "its records")
    return Contrast(f"shift_{measure}", compared_as(measure), column, f"system '{part}'", other, None, None, None,
                    shift.effect, shift.p_value, False, told)  # fmt: skip
