"""Other spellings of a known category: case, blanks, accents, punctuation, or one slip of a key."""

from __future__ import annotations

from flightready.realism.detector import Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.spellings import category_columns, spellings


@detector(
    "category_variant", name="other spellings of a category", place=17,
    repair="trim blanks, unify case and accents, and map every spelling to one word where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Mark values that are a known category in another spelling.

    The demo set's spelling is the known one; without a demo set it is the most frequent one.
    """

    def marks(name: str, column: str) -> Marks | None:
        if not inspection.has(name, column):
            return None
        filled = inspection.filled(name, column)
        is_variant = inspection.texts(name, column).isin(spellings(inspection, column).variants)
        return Marks(is_variant.to_numpy(dtype=bool) & filled, filled)

    return {c: Detection(marks("raw", c), marks("curated", c)) for c in category_columns(inspection)}
