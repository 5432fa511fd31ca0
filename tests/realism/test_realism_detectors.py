"""Every detector: quiet on a clean table, sharp on its own injection, masking its examples.

What a detector must find is said in its own test, `defects/test_defect_<id>.py`, as `INJECTION`.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, Injection, found, halves, put, sample_of, side_of, table

from flightready.assessment.schema import Columns
from flightready.realism.characters import is_broken
from flightready.realism.detector import Detection, detector, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample, Side

OWN_TESTS = Path(__file__).with_name("defects")
DETECTORS = {d.id: d for d in detectors()}


def injections() -> dict[str, Injection]:
    told = {}
    for path in sorted(OWN_TESTS.glob("test_defect_*.py")):
        spec = importlib.util.spec_from_file_location(f"conformance_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        told[path.stem.removeprefix("test_defect_")] = module.INJECTION
    return told


TOLD = injections()
INJECTIONS = {name: injection for name, injection in TOLD.items() if injection is not None}
MARKING = [name for name, injection in INJECTIONS.items() if injection.rows is not None]
CLEAN_SEEDS = range(3)


def detected(name: str, sample: Sample) -> dict[str, Detection]:
    return dict(DETECTORS[name].find(inspect(sample, seed=7)))


def injected(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    raw, curated = halves()
    return INJECTIONS[name].change(raw), curated


def test_every_detector_has_its_own_test_with_an_injection():
    assert set(TOLD) == set(DETECTORS)


@pytest.mark.parametrize("name", DETECTORS)
def test_says_in_plain_words_what_it_finds_and_what_mends_it(name):
    told = DETECTORS[name]
    assert 3 <= len(told.name) <= 48 and told.name == told.name.strip() and not told.name.endswith(".")
    assert len(told.repair) > 20 and not told.repair.endswith(".")
    assert [d.place for d in DETECTORS.values()].count(told.place) == 1


@pytest.mark.parametrize("name", INJECTIONS)
def test_sharp_on_its_own_injection(name):
    raw, curated = injected(name)
    injection, sample = INJECTIONS[name], sample_of(raw, curated)
    detection = detected(name, sample)[injection.column]
    defect = next(d for d in found(sample) if (d.detector, d.column) == (name, injection.column))
    if detection.is_compared and (detection.raw is not None or detection.effect is not None):
        assert defect.worse is True
    if injection.rows is None:
        assert detection.effect is not None or detection.observations
        return
    assert np.flatnonzero(detection.raw.hit).tolist() == list(injection.rows)
    assert defect.raw.hits == len(injection.rows)
    if defect.difference is not None and detection.p_value is None:
        assert defect.difference_interval.low > 0
    else:
        assert defect.difference_interval is None, "a permutation test and the interval of two rates may disagree"


@pytest.mark.parametrize("name", INJECTIONS)
def test_without_a_demo_set_it_counts_or_keeps_silent(name):
    raw, _ = injected(name)
    column, rows = INJECTIONS[name].column, INJECTIONS[name].rows
    defect = next((d for d in found(sample_of(raw, None)) if (d.detector, d.column) == (name, column)), None)
    if DETECTORS[name].kind in ("comparison", "shift"):
        assert defect is None, "nothing is new or shifted but beside something"
        return
    if rows is not None:
        assert defect.raw.hits == len(rows)
    assert (defect.worse, defect.p_value, defect.difference) == (None, None, None)


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("rows", [0, 1, 2])
def test_a_side_of_hardly_any_row_is_no_obstacle(name, rows):
    raw, curated = halves()
    for sample in (sample_of(raw.iloc[:rows], curated), sample_of(raw, curated.iloc[:rows])):
        assert all(isinstance(d, Detection) for d in detected(name, sample).values())


@pytest.mark.parametrize("name", DETECTORS)
def test_a_table_without_a_value_is_no_obstacle(name):
    raw, curated = halves()
    empty = pd.DataFrame("", index=raw.index, columns=raw.columns).astype("str")
    for sample in (sample_of(empty, curated), sample_of(raw, empty), sample_of(empty, empty), sample_of(empty, None)):
        assert all(isinstance(d, Detection) for d in detected(name, sample).values())


@pytest.mark.parametrize("name", MARKING)
def test_masks_its_examples(name):
    raw, curated = injected(name)
    defects = found(sample_of(raw, curated))
    defect = next(d for d in defects if (d.detector, d.column) == (name, INJECTIONS[name].column))
    assert 1 <= len(defect.examples) <= 5
    for example in defect.examples:
        assert example.masked and len(example.masked) <= 60
        assert example.line - 2 in INJECTIONS[name].rows
    assert NAME not in repr(defects)


@pytest.mark.parametrize("name", DETECTORS)
def test_the_same_input_gives_the_same_answer(name):
    if name not in INJECTIONS:
        return
    raw, curated = injected(name)
    first, second = (detected(name, sample_of(raw, curated)) for _ in range(2))
    assert list(first) == list(second)
    assert all(first[c].p_value == second[c].p_value and first[c].told == second[c].told for c in first)


def test_quiet_on_two_halves_of_a_clean_table():
    for seed in CLEAN_SEEDS:
        clean = found(sample_of(*halves(seed)))
        assert [(d.detector, d.column) for d in clean if d.worse] == []
        # what is a fact is not there at all; what is new beside the demo set may be rare and new by chance
        facts = [d for d in clean if d.kind in ("fact", "screening") and d.raw and d.raw.hits]
        assert [(d.detector, d.column, d.raw.hits) for d in facts] == []
        assert [(d.detector, d.column, d.observations) for d in clean if d.observations] == []


def test_nothing_seen_is_bounded_by_the_rule_of_three():
    """Hanley and Lippman-Hand 1983: none in n bounds the rate to about 3/n (one-sided 95 %)."""
    clean = next(d for d in found(sample_of(table(1), None)) if (d.detector, d.column) == ("missing", "name"))
    assert clean.raw.interval.high == pytest.approx(3 / 300, rel=0.01)


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
