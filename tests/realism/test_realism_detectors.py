"""Every detector: quiet on a clean table, sharp on its own injection, masking its examples."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import clean_table, side_of

from flightready.assessment.schema import Columns
from flightready.realism import comparison
from flightready.realism.defects.encoding import is_broken
from flightready.realism.detector import RECORD, detector, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import AlignedSource, Sample, Side
from flightready.realism.table import MalformedRow, RawTable

ROLES = {"id": "id", "time": "time", "text": "text"}
NAME = "Annabella"
HIT = list(range(5, 45, 2))


def table(seed: int = 1, n: int = 300) -> pd.DataFrame:
    return clean_table(np.random.default_rng(seed), n).drop(columns="optional")


def put(frame: pd.DataFrame, column: str, values: list[str | None]) -> pd.DataFrame:
    frame = frame.copy()
    frame.loc[HIT, column] = [values[i % len(values)] for i in range(len(HIT))]
    return frame


def copied(frame: pd.DataFrame, **changed: str) -> pd.DataFrame:
    """Later records that repeat earlier ones, with some values changed."""
    frame = frame.copy()
    for row in HIT:
        frame.loc[row + 200] = frame.loc[row]
        for column, value in changed.items():
            frame.loc[row + 200, column] = value
    return frame


INJECTIONS = {
    "missing": lambda f: (put(f, "name", ["", None, "  "]), "name", HIT),
    "disguised": lambda f: (put(f, "name", ["N/A", "-", " unknown ", "#NV"]), "name", HIT),
    "encoding": lambda f: (put(f, "text", [f"{NAME} NÃ®mes", "caf\ufffd", "a &eacute; b", "a\x07b"]), "text", HIT),
    "mixed_format": lambda f: (put(f, "amount", ["12,50", "1.5E+02", "12.50 EUR"]), "amount", HIT),
    "new_format": lambda f: (put(f, "category", [f"#{NAME} 7", "R-12"]), "category", HIT),
    "duplicate": lambda f: (copied(f), RECORD, [r + 200 for r in HIT]),
    "duplicate_key": lambda f: (copied(f, name=f"{NAME} X"), "id", [r + 200 for r in HIT]),
}


def sample_of(raw: pd.DataFrame, curated: pd.DataFrame | None) -> Sample:
    return Sample(None if curated is None else side_of(curated, "demo"), side_of(raw), Columns(**ROLES))


def found(sample: Sample):
    inspection = inspect(sample, seed=7)
    days = {name: np.full(len(side), np.datetime64("NaT"), dtype="datetime64[D]") for name, side in inspection.sides()}
    return comparison.defects(inspection, days)


def test_every_detector_has_its_injection_here():
    assert {d.id for d in detectors()} == {*INJECTIONS, "malformed"}


@pytest.mark.parametrize("name", INJECTIONS)
def test_sharp_on_its_own_injection(name):
    raw, column, rows = INJECTIONS[name](table(1))
    sample = sample_of(raw, table(2))
    find = next(d.find for d in detectors() if d.id == name)
    marks = find(inspect(sample, seed=7))[column].raw
    assert np.flatnonzero(marks.hit).tolist() == rows
    defect = next(d for d in found(sample) if (d.detector, d.column) == (name, column))
    assert defect.worse is True
    detection = find(inspect(sample, seed=7))[column]
    if detection.p_value is None:
        assert defect.difference_interval.low > 0
    else:
        assert defect.difference_interval is None, "a permutation test and the interval of two rates may disagree"
    assert (defect.raw.hits, defect.curated.hits) == (len(rows), 0)


@pytest.mark.parametrize("name", INJECTIONS)
def test_counts_itself_without_a_demo_set(name):
    raw, column, rows = INJECTIONS[name](table(1))
    defect = next((d for d in found(sample_of(raw, None)) if (d.detector, d.column) == (name, column)), None)
    if name == "new_format":
        assert defect is None, "a format is only new beside something"
        return
    assert defect.raw.hits == len(rows)
    assert (defect.worse, defect.p_value, defect.difference) == (None, None, None)


@pytest.mark.parametrize("name", INJECTIONS)
def test_masks_its_examples(name):
    raw, column, rows = INJECTIONS[name](table(1))
    defect = next(d for d in found(sample_of(raw, table(2))) if (d.detector, d.column) == (name, column))
    assert 1 <= len(defect.examples) <= 5
    for example in defect.examples:
        assert NAME not in example.masked
        assert example.line - 2 in rows
        assert len(example.masked) <= 60


def test_quiet_on_two_clean_tables():
    clean = found(sample_of(table(1), table(2)))
    assert [d for d in clean if d.worse] == []
    assert {d.detector for d in clean if d.raw and d.raw.hits} <= {"new_format"}


def test_nothing_seen_is_bounded_by_the_rule_of_three():
    """Hanley and Lippman-Hand 1983: none in n bounds the rate to about 3/n (one-sided 95 %)."""
    clean = next(d for d in found(sample_of(table(1), None)) if (d.detector, d.column) == ("missing", "name"))
    assert clean.raw.interval.high == pytest.approx(3 / 300, rel=0.01)


def test_rows_that_do_not_parse_are_counted():
    frame = table(1)
    rows = np.arange(len(frame))
    bad = tuple(MalformedRow(400 + i, 300 + i, 9, 8, "too many fields", f"{NAME},x") for i in range(12))
    raw = Side.joined([AlignedSource(RawTable("web.csv", frame, rows + 2, rows, bad, "CSV"), "web", frame)])
    sample = Sample(side_of(table(2), "demo"), raw, Columns(**ROLES))
    defect = next(d for d in found(sample) if d.detector == "malformed")
    assert (defect.raw.hits, defect.raw.n, defect.curated.hits, defect.worse) == (12, 312, 0, True)
    assert defect.by_system["web"].hits == 12
    assert defect.examples[0].masked == "9 of 8 fields: too many fields"
    assert NAME not in repr(defect)


@pytest.mark.parametrize(
    "text", ["Crème brûlée in Málaga", "über", "naïve café", "AT&T; R&D", "50 € – “quoted”", "日本語", ""]
)
def test_good_characters_are_not_broken(text):
    assert not is_broken(text)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("count", "-1"),
        ("count", "9999"),
        ("amount", "99999999"),
        ("time", "1970-01-01T00:00:00Z"),
        ("time", "01.01.1900"),
    ],
)
def test_numbers_and_dates_that_stand_for_nothing(column, value):
    frame = put(table(1), column, [value])
    defect = next(d for d in found(sample_of(frame, table(2))) if (d.detector, d.column) == ("disguised", column))
    assert (defect.raw.hits, defect.worse) == (len(HIT), True)


def test_a_stand_in_that_no_list_holds_is_found_by_its_frequency():
    frame = put(table(1), "name", ["siehe Anlage Meier"])
    sample = sample_of(frame, table(2))
    assert inspect(sample, seed=7).stand_ins["name"] == ("siehe Anlage Meier",)
    defect = next(d for d in found(sample) if (d.detector, d.column) == ("disguised", "name"))
    assert defect.raw.hits == len(HIT)
    assert "Meier" not in repr(defect)


@pytest.mark.parametrize("column", ["category", "code", "amount", "count"])
def test_frequent_values_of_clean_columns_are_no_stand_ins(column):
    """Zipf categories, heavy-tailed amounts and geometric counts have frequent values by nature."""
    for seed in range(10):
        assert inspect(sample_of(table(seed), None), seed=7).stand_ins[column] == ()


def test_systems_with_their_own_keys_share_no_key():
    frame = pd.DataFrame({"id": ["1", "2", "3"] * 2, "x": list("abcdef")})
    one, two = side_of(frame[:3], "web"), side_of(frame[3:], "mail")
    raw = Side.joined([*one.sources, *two.sources])
    got = found(Sample(None, raw, Columns(id="id")))
    assert next(d for d in got if d.detector == "duplicate_key").raw.hits == 0


def test_two_detectors_cannot_have_one_id():
    with pytest.raises(ValueError, match="'missing'"):
        detector("missing", name="", repair="", place=0)(lambda inspection: {})
