"""Dates that no record can have: after the day of the assessment, or decades before or after all the others."""

from __future__ import annotations

import numpy as np

from flightready.realism.astray import is_astray, is_future
from flightready.realism.coverage import moments
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection


@detector(
    "future", name="dates in the future or decades off", place=22,
    repair="take the time from the system's own clock, and refuse dates after now or decades back on the way in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark dates after the day of the assessment, and dates that lie decades from all others of their system."""
    column = inspection.sample.columns.time
    marks = {}
    for name, _ in inspection.sides():
        if inspection.has(name, column or ""):
            values = moments(inspection, name)[0]
            marks[name] = Marks(is_future(inspection, name) | is_astray(inspection, name), ~np.isnat(values))
    return {column: Detection(marks.get("raw"), marks.get("curated"))} if marks else {}
