"""The detector 'malformed': rows that do not parse are no rows of the table, so it has no injection of cells."""

from __future__ import annotations

import numpy as np
from realism_samples import NAME, found, halves, side_of

from flightready.assessment.schema import Columns
from flightready.realism.sample import AlignedSource, Sample, Side
from flightready.realism.table import MalformedRow, RawTable

INJECTION = None


def test_rows_that_do_not_parse_are_counted():
    frame, demo = halves()
    rows = np.arange(len(frame))
    bad = tuple(MalformedRow(400 + i, 300 + i, 9, 8, "too many fields", f"{NAME},x") for i in range(12))
    raw = Side.joined([AlignedSource(RawTable("web.csv", frame, rows + 2, rows, bad, "CSV"), "web", frame)])
    sample = Sample(side_of(demo, "demo"), raw, Columns(id="id", time="time", text="text"))
    defect = next(d for d in found(sample) if d.detector == "malformed")
    assert (defect.raw.hits, defect.raw.n, defect.curated.hits, defect.worse) == (12, 312, 0, True)
    assert defect.by_system["web"].hits == 12
    assert defect.examples[0].masked == "9 of 8 fields: too many fields"
    assert NAME not in repr(defect)
