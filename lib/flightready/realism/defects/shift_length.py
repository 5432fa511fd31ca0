"""Shift in length: texts are longer, shorter or more uneven than those of the demo set."""

from __future__ import annotations

from dataclasses import replace

from flightready.realism.defects.shift_number import compare_quantities
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.measures import LENGTH


@detector(
    "shift_length", name="texts of another length", place=43, kind="shift",
    repair="test with texts as long and as short as production sends; cost and time grow with length",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Compare the number of characters of every free text."""
    found = compare_quantities(inspection, LENGTH, "shift_length")
    return {column: replace(d, told=_of_texts(d.told)) for column, d in found.items()}


_WORDS = {
    "larger": "longer",
    "smaller": "shorter",
    "raw values lie": "the lengths of raw texts lie",
    "raw values are": "the lengths of raw texts are",
    "raw values": "raw texts",
}


def _of_texts(told: str) -> str:
    for said, meant in _WORDS.items():
        told = told.replace(said, meant)
    return told
