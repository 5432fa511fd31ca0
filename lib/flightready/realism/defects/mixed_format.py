"""Mixed formats: values written unlike the others of their own column in their own system."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.formats import NOT_A_NUMBER, fits_number_style, formats, leading_number_style
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.parsing import day_first_conflict

_STRUCTURED = (Kind.TIME, Kind.NUMBER, Kind.CODE, Kind.KEY)


@detector(
    "mixed_format", name="formats mixed within a system", place=4,
    repair="have each system write one format, and refuse or convert the others where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark dates, numbers and codes that are written unlike the rest of their column in their system."""

    def marks(name: str, column: str) -> Marks | None:
        return _marks(inspection, name, column) if inspection.has(name, column) else None

    structured = [c for c in inspection.columns if inspection.kinds[c] in _STRUCTURED]
    return {c: Detection(marks("raw", c), marks("curated", c)) for c in structured}


def _marks(inspection: Inspection, name: str, column: str) -> Marks:
    side, filled = inspection.side(name), inspection.filled(name, column)
    hit = np.zeros(len(side), dtype=bool)
    for system in side.systems:
        rows = filled & (side.system == system)
        if rows.sum() >= policy.value("least_values_for_format"):
            hit[rows] = exceptions(inspection.texts(name, column)[rows], inspection.kinds[column])
    return Marks(hit, filled)


def exceptions(texts: pd.Series, kind: Kind) -> np.ndarray:
    """Return which values of one system's column are written unlike the rest, shape (values,)."""
    classes = formats(texts, kind)
    if kind is Kind.NUMBER:
        fits = fits_number_style(classes, leading_number_style(classes)) & (classes != NOT_A_NUMBER)
        return ~fits.to_numpy(dtype=bool)
    leading = classes.value_counts()
    if kind is not Kind.TIME and leading.iloc[0] < policy.value("dominant_code_share") * len(classes):
        return np.zeros(len(classes), dtype=bool)
    odd = (classes != leading.index[0]).to_numpy(dtype=bool)
    return odd | day_first_conflict(texts) if kind is Kind.TIME else odd
