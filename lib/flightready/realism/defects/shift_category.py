"""Shift of categories: their shares are not those of the demo set."""

from __future__ import annotations

import numpy as np

from flightready.draws import generator
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.measures import CATEGORY, categories, measure_of
from flightready.realism.shift import category_shift


@detector(
    "shift_category", name="another mix of categories", place=41, kind="shift",
    repair="weight the demo set to the mix of production, or draw it again, and score it again",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Compare the shares of every category; missing and disguised values are left to other detectors."""
    found = {}
    for column in inspection.columns:
        both = inspection.has("raw", column) and inspection.has("curated", column)
        if not both or measure_of(inspection, column) != CATEGORY:
            continue
        codes, size = categories(inspection, column)
        counts = [np.bincount(codes[name][codes[name] >= 0], minlength=size) for name in ("raw", "curated")]
        shift = category_shift(*counts, rng=generator(inspection.seed, "realism", "shift_category", column))
        if shift is not None:
            found[column] = Detection(p_value=shift.p_value, effect=shift.effect, told=shift.told)
    return found
