"""Shift of a number: its level, spread or shape is not that of the demo set."""

from __future__ import annotations

import numpy as np

from flightready.draws import generator
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.measures import NUMBER, measure_of, quantities
from flightready.realism.shift import number_shift


@detector(
    "shift_number", name="numbers at another level or spread", place=40, kind="shift",
    repair="find out why the numbers differ; then take demo records that look like production, and score them again",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Compare the distribution of every number; missing and disguised values are left to other detectors."""
    return compare_quantities(inspection, NUMBER, "shift_number")


def compare_quantities(inspection: Inspection, measure: str, key: str) -> dict[str, Detection]:
    """Compare every column of one measure, numbers or lengths of text."""
    found = {}
    for column in inspection.columns:
        both = inspection.has("raw", column) and inspection.has("curated", column)
        if not both or measure_of(inspection, column) != measure:
            continue
        sides = (quantities(inspection, name, column) for name in ("raw", "curated"))
        values = [v[~np.isnan(v)] for v in sides]
        shift = number_shift(*values, rng=generator(inspection.seed, "realism", key, column))
        if shift is not None:
            found[column] = Detection(p_value=shift.p_value, effect=shift.effect, told=shift.told)
    return found
