"""Late records: they stand behind records that are days newer, where the file is in the order of arrival."""

from __future__ import annotations

from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.order import DAY_S, displaced


@detector(
    "late", name="records that came days late", place=20, strength="days late",
    repair="process by the time of the event, keep each period open until its late records are in, and correct it then",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark records that stand days and many places behind newer ones; the sides are not compared.

    How many records stand behind newer ones depends on how densely they were drawn, and a demo set is sorted by hand.
    """
    return placed(inspection, "late")


def placed(inspection: Inspection, which: str) -> dict[str, Detection]:
    """Return the displaced records of both sides, `late` or `out_of_order`."""
    column = inspection.sample.columns.time
    sides = {name: displaced(inspection, name) for name, _ in inspection.sides() if inspection.has(name, column or "")}
    if not sides:
        return {}
    marks = {
        name: Marks(getattr(found, which), found.applies, strength=found.lag_s / DAY_S) for name, found in sides.items()
    }
    told = next((found.told for found in sides.values()), "")
    return {column: Detection(marks.get("raw"), marks.get("curated"), is_compared=False, told=told)}
