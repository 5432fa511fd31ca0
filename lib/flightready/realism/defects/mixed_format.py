"""Mixed formats: values written unlike the others of their own column in their own system."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.formats import exceptions, formats_of
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

_WRITTEN_BY_RULE = (Kind.TIME, Kind.NUMBER, Kind.CODE, Kind.KEY, Kind.CATEGORY)


@detector(
    "mixed_format", name="formats mixed within a system", place=4,
    repair="have each system write one format, and refuse or convert the others where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark dates, numbers and codes that are written unlike the rest of their column in their system."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] in _WRITTEN_BY_RULE:
            marks = {
                name: _marks(inspection, name, column) for name in ("raw", "curated") if inspection.has(name, column)
            }
            is_ruled = inspection.kinds[column] is not Kind.CATEGORY or any(m.hits for m in marks.values())
            if is_ruled:
                found[column] = Detection(marks.get("raw"), marks.get("curated"))
    return found


def _marks(inspection: Inspection, name: str, column: str) -> Marks:
    side, filled = inspection.side(name), inspection.filled(name, column)
    known = _known(inspection, column) if name == "raw" else None
    hit = np.zeros(len(side), dtype=bool)
    for system in side.systems:
        rows = filled & side.of(system)
        if rows.sum() >= policy.value("least_values_for_format"):
            texts = inspection.texts(name, column)[rows]
            classes = formats_of(inspection, name, column)[rows[filled]]
            hit[rows] = exceptions(texts, inspection.kinds[column], known=known, classes=classes)
    return Marks(hit, filled)


def _known(inspection: Inspection, column: str) -> pd.Series | None:
    if not inspection.has("curated", column):
        return None
    return inspection.texts("curated", column)[inspection.filled("curated", column)]
