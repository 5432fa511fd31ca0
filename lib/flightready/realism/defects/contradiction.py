"""Contradictions: values that the rest of their record speaks against, by what the other records show."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.draws import generator
from flightready.errors import listed
from flightready.realism.dependencies import contradictions
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

_DECIDING = (Kind.CATEGORY, Kind.CODE, Kind.KEY, Kind.TEXT, Kind.NUMBER)


@detector(
    "contradiction", name="values that contradict their record", place=19,
    repair="look the value up by the column that decides it, such as the city by the postal code, where it is entered",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark cells that break a near-exact dependency between columns of their side."""
    marks: dict[str, dict[str, Marks]] = {}
    told: dict[str, tuple[str, ...]] = {}
    for name, _ in inspection.sides():
        columns = _columns(inspection, name)
        dependents = tuple(c for c in columns if _may_depend(inspection, name, c))
        rng = generator(inspection.seed, "realism", "contradiction", name)
        for column, found in contradictions(columns, dependents, rng=rng).items():
            filled = inspection.filled(name, column)
            marks.setdefault(column, {})[name] = Marks(found.hit & filled, filled)
            told.setdefault(column, found.deciding)
    return {c: _detection(inspection, c, marks[c], told[c]) for c in inspection.columns if c in marks}


def _detection(inspection: Inspection, column: str, marks: dict[str, Marks], deciding: tuple[str, ...]) -> Detection:
    for name, _ in inspection.sides():
        if name not in marks and inspection.has(name, column):
            filled = inspection.filled(name, column)
            marks[name] = Marks(np.zeros(len(filled), dtype=bool), filled)
    words = f"decided by {listed(repr(c) for c in deciding)} in nearly all other records"
    # a dependency that only one side shows is no difference in how often it is broken
    return Detection(marks.get("raw"), marks.get("curated"), is_compared=len(marks) > 1, told=words)


def _columns(inspection: Inspection, name: str) -> dict[str, pd.Series]:
    """Columns that may decide others; what people and models judge decides nothing."""
    roles = inspection.sample.columns
    judged = {roles.label, roles.prediction, roles.confidence, *inspection.answers}
    return {
        c: inspection.texts(name, c).where(inspection.filled(name, c))
        for c in inspection.columns
        if inspection.has(name, c) and c not in judged and inspection.kinds[c] in _DECIDING
    }


def _may_depend(inspection: Inspection, name: str, column: str) -> bool:
    """Whether a column holds names or codes; an amount may change while all else stays the same."""
    if inspection.kinds[column] is not Kind.NUMBER:
        return True
    texts = inspection.texts(name, column)[inspection.filled(name, column)].str.strip()
    width = texts.str.len()
    if not len(texts):
        return False
    is_fixed = (width == width.mode().iloc[0]).mean() >= policy.value("dominant_code_share")
    is_whole = texts.str.fullmatch(r"\d+").mean() >= policy.value("dominant_code_share")
    return bool(is_fixed and is_whole and width.mode().iloc[0] >= policy.value("least_digits_of_a_code"))
