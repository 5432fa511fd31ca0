"""The data work: what to mend, in the order that touches most raw records soonest, no record counted twice."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from flightready.realism.comparison import detected
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Defect, Repair, rate

_EMPTY = "missing"  # in a column that is often empty an empty value is none to mend


@dataclass
class Work:
    """Everything that one repair mends; `hit` has the shape (records,)."""

    hit: np.ndarray
    names: dict[str, None] = field(default_factory=dict)
    columns: dict[str, None] = field(default_factory=dict)


def needed(inspection: Inspection, found: Sequence[Defect], *, optional: Collection[str] = ()) -> dict[str, Work]:
    """Return the raw records that need each repair, and the defects and columns behind it.

    What is a fact in a record counts always; what is only unlike the demo set counts where it is more than chance.

    Parameters
    ----------
    inspection : Inspection
        Without raw records nothing is needed.
    found : sequence of Defect
        From `comparison.defects` on the same inspection.
    optional : collection of str
        Columns in which an empty value is none to mend.
    """
    if inspection.sample.raw is None:
        return {}
    worse = {(d.detector, d.column) for d in found if d.worse}
    n = inspection.sample.raw.n_records
    work: dict[str, Work] = {}
    for detector, column, detection in detected(inspection):
        marks = detection.raw
        if marks is None or not marks.hits or (detector.id == _EMPTY and column in optional):
            continue
        if column in inspection.answers:  # what is wrong with an answer is scored, and none of the data work
            continue
        if detector.kind == "comparison" and detection.is_compared and (detector.id, column) not in worse:
            continue
        one = work.setdefault(detector.repair, Work(np.zeros(n, dtype=bool)))
        one.hit[: len(marks.hit)] |= marks.hit
        one.hit[len(marks.hit) : len(marks.hit) + marks.unparsed] = True  # rows that do not parse stand at the end
        one.names[detector.name] = one.columns[column] = None
    return work


def repairs(work: Mapping[str, Work]) -> tuple[Repair, ...]:
    """Return the repairs in the order that touches most raw records soonest, from what `needed` found."""
    hits = {repair: one.hit for repair, one in work.items()}
    return tuple(
        Repair(
            repair, tuple(work[repair].names), tuple(work[repair].columns), rate(int(hit.sum()), len(hit)), *step
        )
        for repair, step in _in_order(hits) for hit in [hits[repair]]
    )  # fmt: skip


def _in_order(hits: Mapping[str, np.ndarray]) -> list[tuple[str, tuple[int, float, float]]]:
    """Repairs in the order that covers most records soonest, with new records and shares touched and mended.

    Source
    ------
    Chvatal 1979, A greedy heuristic for the set-covering problem (Mathematics of Operations Research 4:233).
    """
    if not hits:
        return []
    affected = np.logical_or.reduce(list(hits.values()))
    touched, left = np.zeros_like(affected), dict(hits)
    ordered = []
    while left:
        # among those that add as many, the one that more records need; dictionaries keep the order of detectors
        repair = max(left, key=lambda r: (int((left[r] & ~touched).sum()), int(left[r].sum())))
        added = int((left.pop(repair) & ~touched).sum())
        touched = touched | hits[repair]
        open_still = np.logical_or.reduce([*left.values(), np.zeros_like(affected)])
        mended = int((affected & ~open_still).sum())
        ordered.append((repair, (added, touched.sum() / affected.sum(), mended / affected.sum())))
    return [(r, (added, float(t), float(m))) for r, (added, t, m) in ordered]
