"""Duplicate keys: the same id on records whose content differs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.draws import generator
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.permutation import permutation_p, repeats


@detector(
    "duplicate_key", name="same id, other content", place=6,
    repair="decide which version of a record counts (usually the last), and keep that one",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that carry the id of an earlier record of their system but differ from it."""
    column = inspection.sample.columns.id
    marks = {name: _marks(inspection, name, column) for name, _ in inspection.sides() if inspection.has(name, column)}
    if not marks:
        return {}
    p = _p_value(inspection, column) if len(marks) == 2 else None
    return {column: Detection(marks.get("raw"), marks.get("curated"), p)}


def _marks(inspection: Inspection, name: str, column: str) -> Marks:
    side, filled = inspection.side(name), inspection.filled(name, column)
    keys = pd.DataFrame({"system": side.system, "key": side.frame[column].str.strip()})
    first = ~side.is_copy & filled
    hit = np.zeros(len(side), dtype=bool)
    hit[first] = keys[first].duplicated(keep="first").to_numpy()
    return Marks(hit, filled)


def _p_value(inspection: Inspection, column: str) -> float:
    """Ids repeat more often among more rows, so the sides are compared by dealing the pooled rows out anew."""
    parts = []
    for name, side in inspection.sides():
        rows = inspection.filled(name, column) & ~side.is_copy
        parts.append(side.frame.loc[rows, column].str.strip())
    codes, unique = pd.factorize(pd.concat(parts, ignore_index=True))
    counts = [np.bincount(c, minlength=len(unique)) for c in (codes[: len(parts[0])], codes[len(parts[0]) :])]
    rng = generator(inspection.seed, "realism", "duplicate_key")
    return permutation_p(*counts, repeats, rng=rng, singles="ignore")
