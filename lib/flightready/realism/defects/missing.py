"""Missing values: null, absent, empty or blank cells."""

from __future__ import annotations

from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection


@detector(
    "missing", name="missing values", place=1,
    repair="make the field required where it is entered, or give the pilot a rule for records without it",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells that hold nothing."""

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        return Marks(inspection.empty(name, column), inspection.applies(name, column))

    return {c: Detection(marks("raw", c), marks("curated", c)) for c in inspection.columns}
