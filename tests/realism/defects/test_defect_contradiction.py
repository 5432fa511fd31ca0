"""The detector 'contradiction'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, Injection, halves, sample_of
from value_tables import PLACES, clean_shapes

from flightready.realism import dependencies
from flightready.realism.dependencies import contradictions
from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect

BROKEN = HIT[:8]


def with_places(frame: pd.DataFrame, broken: list[int] = BROKEN) -> pd.DataFrame:
    """The frame with a postal code that decides the town, but for some records."""
    place = np.random.default_rng(4).integers(0, len(PLACES), len(frame))
    frame = frame.assign(postcode=[f"{7 + 1000 * p:05d}" for p in place], town=[PLACES[p] for p in place])
    frame.loc[broken, "town"] = [f"{NAME} {chr(97 + i)}" for i in range(len(broken))]
    return frame


INJECTION = Injection(with_places, "town", BROKEN)
FIND = next(d.find for d in detectors() if d.id == "contradiction")


def hits(frame: pd.DataFrame) -> dict[str, list[int]]:
    got = FIND(inspect(sample_of(frame, None), seed=7))
    return {c: np.flatnonzero(d.raw.hit).tolist() for c, d in got.items() if d.raw.hits}


def test_the_column_at_fault_is_marked_where_a_third_one_tells():
    frame = with_places(halves()[0], [])
    frame["county"] = ["county of " + t for t in frame["town"]]
    frame.loc[7, "postcode"] = "11007" if frame.loc[7, "postcode"] != "11007" else "10007"
    frame.loc[9, "town"] = "Goslar" if frame.loc[9, "town"] != "Goslar" else "Jena"
    assert hits(frame) == {"postcode": [7], "town": [9]}


def test_says_what_decides():
    got = FIND(inspect(sample_of(with_places(halves()[0]), None), seed=7))["town"]
    assert got.told == "decided by 'postcode' in nearly all other records"


def test_exceptions_that_share_a_cause_are_a_rule_of_their_own():
    frame = with_places(halves()[0], [])
    frame["branch"] = np.where(np.arange(len(frame)) < 8, "abroad", "home")
    frame.loc[:7, "town"] = [f"{t} (office)" for t in frame.loc[:7, "town"]]
    assert hits(frame) == {}


def test_what_people_and_models_judge_is_no_dependency():
    """A label decides a good prediction in nearly every record; where it does not, the model is wrong, not the data."""
    frame = with_places(halves()[0])
    from flightready.assessment.schema import Columns
    from flightready.realism.sample import Sample

    sample = sample_of(frame, None)
    judged = Sample(None, sample.raw, Columns(label="postcode", prediction="town"))
    assert FIND(inspect(judged, seed=7)) == {}


@pytest.mark.parametrize("n", [40, 200, 600])
def test_accidental_dependencies_are_none(n):
    for seed in range(8):
        assert hits(clean_shapes(np.random.default_rng(seed), n)) == {}


def test_independent_columns_with_small_groups():
    rng = np.random.default_rng(1)
    columns = {c: pd.Series(rng.choice(list("abcdefgh"), 60)).astype("str") for c in "xyz"}
    assert contradictions(columns, tuple(columns), rng=rng) == {}


def test_a_column_of_one_value_decides_nothing():
    columns = {"x": pd.Series(["a", "b"] * 100, dtype="str"), "y": pd.Series(["same"] * 199 + ["odd"], dtype="str")}
    assert contradictions(columns, ("x", "y"), rng=np.random.default_rng(1)) == {}


def _wide(columns: int, rows: int, seed: int) -> dict[str, pd.Series]:
    """Categories by chance with a few absent values, and one pair of which one decides the other but for two cells."""
    rng = np.random.default_rng(seed)
    made = {f"c{i}": pd.Series(rng.integers(0, 3 + i % 9, rows).astype(str)) for i in range(columns)}
    for texts in made.values():
        texts[rng.random(rows) < 0.05] = np.nan
    town = rng.integers(0, 8, rows)
    made |= {"code": pd.Series(town.astype(str)), "town": pd.Series([PLACES[t] for t in town])}
    made["town"].iloc[[1, 5]] = "nowhere"
    return made


@pytest.mark.parametrize("seed", range(4))
def test_counting_all_pairs_at_once_finds_what_one_by_one_finds(seed, monkeypatch):
    columns = _wide(10, 200, seed)
    found = contradictions(columns, tuple(columns), rng=np.random.default_rng(1))
    monkeypatch.setattr(dependencies, "_refused", lambda a, dependents: set())
    slow = contradictions(columns, tuple(columns), rng=np.random.default_rng(1))
    assert {c: f.hit.tolist() for c, f in found.items()} == {c: f.hit.tolist() for c, f in slow.items()}
    assert np.flatnonzero(found["town"].hit).tolist() == [1, 5]


def test_few_pairs_of_a_wide_table_are_looked_at_one_by_one(monkeypatch):
    """200 columns are 40,000 pairs."""
    seen, real = [], dependencies._dependency
    monkeypatch.setattr(dependencies, "_dependency", lambda *given: seen.append(1) or real(*given))
    columns = _wide(200, 100, 1)
    contradictions(columns, tuple(columns), rng=np.random.default_rng(1))
    assert len(seen) < 100
