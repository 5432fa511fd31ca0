"""Records out of order: they slipped a few places behind newer ones."""

from __future__ import annotations

from flightready.realism.defects.late import placed
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection


@detector(
    "out_of_order", name="records out of order", place=21,
    repair="sort by the time of the event within a short window before anything depends on the order",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that stand behind newer ones without being late."""
    return placed(inspection, "out_of_order")
