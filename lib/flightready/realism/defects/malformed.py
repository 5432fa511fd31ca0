"""Rows that do not parse: too many or too few fields, quotes that are not closed, lines that are no JSON object."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.realism.detector import RECORD, Detection, Marks, detector
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Example
from flightready.realism.sample import Side


@detector(
    "malformed", name="rows that do not parse", place=0,
    repair="quote texts that hold the delimiter in the export, and count refused rows where records come in",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Count the rows that could not be read."""
    marks = {
        name: Marks(
            np.zeros(len(side), dtype=bool),
            np.ones(len(side), dtype=bool),
            sum(len(s.table.malformed) for s in side.sources),
        )
        for name, side in inspection.sides()
    }
    sides = dict(inspection.sides())
    examples = _examples(sides.get("raw") or sides["curated"]) if sides else ()
    return {RECORD: Detection(marks.get("raw"), marks.get("curated"), examples=examples)}


def _examples(side: Side) -> tuple[Example, ...]:
    rows = [(s, row) for s in side.sources for row in s.table.malformed][: policy.value("most_examples")]
    return tuple(
        Example(
            s.system, s.table.name, row.line,
            f"{row.fields} of {row.expected} fields: {row.reason}" if row.expected else row.reason,
        )
        for s, row in rows
    )  # fmt: skip
