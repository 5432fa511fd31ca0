"""Sharp on the sample: cells found against the generator's own record of what it injected."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from flightready.assessment import load
from flightready.realism.detector import RECORD, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sources import read_sample

SAMPLE = Path(__file__).parents[2] / "sample_data" / "support_triage"
TRUTH = SAMPLE / "truth" / "injected_defects.csv"
CLASSES = {
    "missing": {"missing"},
    "disguised": {"disguised_null"},
    "encoding": {"mojibake", "replacement_character", "html_entity"},
    "mixed_format": {"date_format", "number_format", "spreadsheet_mangling"},
    "duplicate": {"exact_duplicate"},
    "duplicate_key": {"duplicate_key"},
    "personal_data": {"personal_data"},
}
PRECISION, RECALL = 0.95, 0.90

pytestmark = pytest.mark.skipif(not TRUTH.is_file(), reason="the sample is not there")


@pytest.fixture(scope="module")
def sample():
    return read_sample(load(SAMPLE))


@pytest.fixture(scope="module")
def truth():
    with TRUTH.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", CLASSES)
def test_cells_are_found(sample, truth, name):
    raw = sample.raw
    place = {(str(s), int(r)): i for i, (s, r) in enumerate(zip(raw.system, raw.record, strict=True))}
    is_record = name.startswith("duplicate")
    injected = {
        (place[t["system"], int(t["row"])], RECORD if is_record else t["column"])
        for t in truth
        if t["defect"] in CLASSES[name]
    }
    find = next(d.find for d in detectors() if d.id == name)
    found = {
        (int(i), RECORD if is_record else column)
        for column, detection in find(inspect(sample, seed=7)).items()
        if detection.raw is not None
        for i in np.flatnonzero(detection.raw.hit)
    }
    hits = len(found & injected)
    assert hits >= PRECISION * len(found)
    assert hits >= RECALL * len(injected)


def test_every_row_that_does_not_parse_is_counted(sample, truth):
    injected = {(t["system"], int(t["row"])) for t in truth if t["defect"] == "does_not_parse"}
    assert {(s.system, m.record) for s in sample.raw.sources for m in s.table.malformed} == injected
