"""Rows that do not parse: too many or too few fields, quotes that are not closed, lines that are no JSON object."""

from __future__ import annotations

import numpy as np

from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection


@detector(
    "malformed", name="rows that do not parse", place=0,
    repair="quote texts that hold the delimiter in the export, and count refused rows where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Count the rows that could not be read."""
    marks = {
        name: Marks(
            np.zeros(len(side), dtype=bool),
            np.ones(len(side), dtype=bool),
            sum(len(s.table.malformed) for s in side.sources),
        )
        for name, side in inspection.sides()
    }
    return {RECORD: Detection(marks.get("raw"), marks.get("curated"))}
