"""Unseen categories: words of a column of categories that the demo set never shows in any spelling."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.draws import generator
from flightready.realism.advancing import is_advancing
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.permutation import novelty, permutation_p, surely_new
from flightready.realism.spellings import Spellings, category_columns, spellings


@detector(
    "unseen_category", name="categories the demo set never shows", place=16, kind="comparison",
    repair="list the allowed categories, and decide with the data's owner what the pilot does with any other",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark raw values whose category the demo set lacks; another spelling of a known one is none of them.

    In a long tail a word that only raw shows is no news: there only those are marked that are too frequent for it.
    """
    found = {}
    for column in category_columns(inspection):
        both = inspection.has("raw", column) and inspection.has("curated", column)
        if both and not is_advancing(inspection, column):  # a later month is no new category
            told = spellings(inspection, column)
            if told.known is not None:
                found[column] = _detection(inspection, column, told)
    return found


def _detection(inspection: Inspection, column: str, told: Spellings) -> Detection:
    filled = {name: inspection.filled(name, column) for name in ("raw", "curated")}
    keys = {name: inspection.texts(name, column)[rows].map(told.category) for name, rows in filled.items()}
    codes, unique = pd.factorize(pd.concat([keys["raw"], keys["curated"]]))
    n_raw = len(keys["raw"])
    counts = [np.bincount(part, minlength=len(unique)) for part in (codes[:n_raw], codes[n_raw:])]
    rng = generator(inspection.seed, "realism", "unseen_category", column)
    p = permutation_p(*counts, novelty, rng=rng, singles="count")
    hit = np.zeros(len(filled["raw"]), dtype=bool)
    hit[filled["raw"]] = surely_new(*counts)[codes[:n_raw]]
    none = np.zeros(len(filled["curated"]), dtype=bool)
    return Detection(Marks(hit, filled["raw"]), Marks(none, filled["curated"]), p if hit.any() else 1.0, least_p=0.0)
