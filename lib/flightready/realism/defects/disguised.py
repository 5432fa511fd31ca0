"""Disguised missing values: words, default dates and numbers that stand for nothing, listed or found."""

from __future__ import annotations

import pandas as pd

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.masks import safe
from flightready.realism.stand_ins import stands_for_nothing


def shown(text: str) -> str:
    """Return a value as an example shows it: our own listed words for nothing in full, anything else masked."""
    is_listed = stands_for_nothing(pd.Series([text]))[text]
    return text.strip()[: policy.value("longest_example")] if is_listed else safe(text)


@detector(
    "disguised", name="disguised missing values", place=2, mask=shown,
    repair="turn the stand-in (such as N/A, 9999 or 1900-01-01) into an empty value on the way in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells that hold something which stands for a missing value."""

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        return Marks(inspection.disguised(name, column), inspection.applies(name, column))

    return {c: Detection(marks("raw", c), marks("curated", c)) for c in inspection.columns}
