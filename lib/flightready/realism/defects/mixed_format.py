"""Mixed formats: values written unlike the others of their own column in their own system."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.formats import exceptions, formats_of
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.masks import shape
from flightready.realism.masks import shapes as shape_of_each
from flightready.realism.numerals import number_style

_WRITTEN_BY_RULE = (Kind.TIME, Kind.NUMBER, Kind.CODE, Kind.KEY, Kind.CATEGORY)


@detector(
    "mixed_format", name="formats mixed within a system", place=4,
    repair="have each system write one format, and refuse or convert the others where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark dates, numbers and codes that are written unlike the rest of their column in their system."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] in _WRITTEN_BY_RULE:
            marks = {
                name: _marks(inspection, name, column) for name in ("raw", "curated") if inspection.has(name, column)
            }
            _clear_second_formats(inspection, column, marks)
            is_ruled = inspection.kinds[column] is not Kind.CATEGORY or any(m.hits for m in marks.values())
            if is_ruled:
                found[column] = Detection(marks.get("raw"), marks.get("curated"))
    return found


def _marks(inspection: Inspection, name: str, column: str) -> Marks:
    side, filled = inspection.side(name), inspection.filled(name, column)
    known = _known(inspection, column) if name == "raw" else None
    hit = np.zeros(len(side), dtype=bool)
    for system in side.systems:
        rows = filled & side.of(system)
        if rows.sum() >= policy.value("least_values_for_format"):
            texts = inspection.texts(name, column)[rows]
            classes = formats_of(inspection, name, column)[rows[filled]]
            hit[rows] = exceptions(texts, inspection.kinds[column], known=known, classes=classes)
    return Marks(hit, filled)


def _clear_second_formats(inspection: Inspection, column: str, marks: dict[str, Marks]) -> None:
    """Take the marks off values that are a second format of the column.

    With both sides it is one that both write about as often; without a demo set one that is too frequent for a slip
    and made of the same letters, digits and signs. Dates and readable numbers in two formats are mixed in any case.
    """
    kind = inspection.kinds[column]
    if kind is Kind.TIME or not any(m.hit.any() for m in marks.values()):
        return
    shapes = {name: inspection.texts(name, column)[m.hit].str.strip().map(shape) for name, m in marks.items()}
    if kind is Kind.NUMBER:
        shapes = {name: found[~_are_numbers(inspection, name, column, found)] for name, found in shapes.items()}
    if len(marks) > 1:
        shown = {name: found if len(found) else _all(inspection, name, column) for name, found in shapes.items()}
        second = _alike_on_both(*(_shares(shown[name], marks[name]) for name in ("raw", "curated")))
    else:
        second = set() if kind is Kind.NUMBER else _frequent(inspection, column, marks, shapes)
    for name, found in shapes.items():
        cleared = found.index[found.isin(second)]
        marks[name].hit[inspection.texts(name, column).index.get_indexer(cleared)] = False


def _all(inspection: Inspection, name: str, column: str) -> pd.Series:
    """Shapes of all cells of a side where none is marked, because no format leads there."""
    filled = inspection.texts(name, column)[inspection.filled(name, column)].str.strip()
    return filled.map(shape_of_each(filled.unique()))


def _are_numbers(inspection: Inspection, name: str, column: str, found: pd.Series) -> np.ndarray:
    texts = inspection.texts(name, column).loc[found.index]
    return np.array([bool(number_style(t)) for t in texts], dtype=bool)


def _shares(found: pd.Series, marks: Marks) -> pd.Series:
    return found.value_counts() / max(1, int(marks.applies.sum()))


def _alike_on_both(raw: pd.Series, curated: pd.Series) -> set[str]:
    """Formats that the demo set shows often, and neither side much less often than the other."""
    least, similar = policy.value("least_share_of_a_second_format"), policy.value("similar_share_of_a_format")
    shared = [str(s) for s in curated.index if s in raw.index and curated[s] >= least]
    return {s for s in shared if min(raw[s], curated[s]) >= similar * max(raw[s], curated[s])}


def _frequent(inspection: Inspection, column: str, marks: dict[str, Marks], shapes: dict[str, pd.Series]) -> set[str]:
    """Formats of one side that are frequent and of the same characters as the usual ones, but not of their shape."""
    (name, found), usual = next(iter(shapes.items())), set()
    for text in inspection.values(name, column, marks[name].applies & ~marks[name].hit):
        usual.add(shape(text.strip()))
    signs = set("".join(usual))
    shares = _shares(found, marks[name])
    often = shares.index[shares >= policy.value("second_format_without_demo")]
    return {str(s) for s in often if s not in usual and set(str(s)) <= signs}


def _known(inspection: Inspection, column: str) -> pd.Series | None:
    if not inspection.has("curated", column):
        return None
    return inspection.texts("curated", column)[inspection.filled("curated", column)]
