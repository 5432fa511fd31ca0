"""Exact duplicates: records that repeat an earlier record of the same system in every value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.draws import generator
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.permutation import permutation_p, repeats


@detector(
    "duplicate", name="exact copies", place=5, says="repeats an earlier record in every value",
    repair="drop records that repeat an earlier one in every value, before they are counted or processed",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that repeat an earlier one."""
    marks = {name: Marks(side.is_copy, np.ones(len(side), dtype=bool)) for name, side in inspection.sides()}
    p = None
    if len(marks) == 2:
        p = _p_value(inspection) if any(m.hits for m in marks.values()) else 1.0
    return {RECORD: Detection(marks.get("raw"), marks.get("curated"), p)}


def _p_value(inspection: Inspection) -> float:
    """More rows hold more copies by chance alone, so that rates of copies cannot be compared as if independent."""
    raw, curated = inspection.sample.raw, inspection.sample.curated
    shared = [c for c in raw.frame.columns if c in curated.frame.columns]
    if not shared:
        return 1.0
    pooled = pd.concat([raw.frame[shared], curated.frame[shared]], ignore_index=True)
    codes = pooled.groupby(shared, dropna=False, sort=False).ngroup().to_numpy()
    size = int(codes.max()) + 1
    counts = [np.bincount(part, minlength=size) for part in (codes[: len(raw)], codes[len(raw) :])]
    rng = generator(inspection.seed, "realism", "duplicate")
    return permutation_p(*counts, repeats, rng=rng, singles="ignore")
