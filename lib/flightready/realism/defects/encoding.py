"""Broken characters: text read in the wrong encoding, replacement characters, HTML entities, control characters."""

from __future__ import annotations

from flightready.realism.characters import first_broken
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.masks import excerpt, safe
from flightready.realism.readable import broken_texts


def shown(text: str) -> str:
    """Return a value masked but for its broken characters, cut so that the first of them is in it."""
    return safe(excerpt(text, around=first_broken(text) or 0), shows_broken=True)


@detector(
    "encoding", name="broken characters", place=3, mask=shown,
    repair="read every file in its own encoding, decode HTML entities once, and repair misread text (ftfy does)",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells with broken characters."""

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        broken = inspection.holds(name, column, broken_texts(inspection, name, column))
        filled = inspection.filled(name, column)
        return Marks(broken & filled, filled)

    return {c: Detection(marks("raw", c), marks("curated", c)) for c in inspection.columns}
