"""New formats: values written in a way that the demo set never shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.draws import generator
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.formats import fits_number_style, formats, leading_number_style
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.permutation import novelty, permutation_p


@detector(
    "new_format", name="formats the demo set never shows", place=7, kind="comparison",
    repair="read every system's dates, numbers and codes into one format before the pilot sees them",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark raw cells whose format does not occur in the demo set."""
    found = {}
    for column in inspection.columns:
        both = inspection.has("raw", column) and inspection.has("curated", column)
        if both and inspection.kinds[column] not in (Kind.FREE_TEXT, Kind.EMPTY):
            found[column] = _detection(inspection, column)
    return found


def _detection(inspection: Inspection, column: str) -> Detection:
    kind = inspection.kinds[column]
    filled = {name: inspection.filled(name, column) for name in ("raw", "curated")}
    classes = {name: formats(inspection.texts(name, column)[filled[name]], kind) for name in filled}
    if kind is Kind.NUMBER:
        leading = leading_number_style(classes["curated"])
        classes = {name: found.mask(fits_number_style(found, leading), leading) for name, found in classes.items()}
    hit = np.zeros(len(filled["raw"]), dtype=bool)
    hit[filled["raw"]] = ~classes["raw"].isin(classes["curated"].unique()).to_numpy(dtype=bool)
    codes, unique = pd.factorize(pd.concat([classes["raw"], classes["curated"]]))
    n_raw = len(classes["raw"])
    counts = [np.bincount(part, minlength=len(unique)) for part in (codes[:n_raw], codes[n_raw:])]
    rng = generator(inspection.seed, "realism", "new_format", column)
    p = permutation_p(*counts, novelty, rng=rng, singles="count") if counts[1].sum() else 1.0
    none = np.zeros(len(filled["curated"]), dtype=bool)
    return Detection(Marks(hit & bool(counts[1].sum()), filled["raw"]), Marks(none, filled["curated"]), p)
