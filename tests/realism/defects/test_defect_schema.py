"""The detector 'schema': columns rather than records, so that it has no injection of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import halves, side_of
from value_tables import clean_shapes

from flightready.assessment.schema import Columns
from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample, Side

INJECTION = None
FIND = next(d.find for d in detectors() if d.id == "schema")


def told(demo: pd.DataFrame | None, *systems: pd.DataFrame, roles: Columns | None = None) -> dict[str, list[str]]:
    sources = [s for i, frame in enumerate(systems) for s in side_of(frame, f"s{i}").sources]
    curated = None if demo is None else side_of(demo, "demo")
    got = FIND(inspect(Sample(curated, Side.joined(sources), roles or Columns(id="id")), seed=7))
    return {c: [o.sentence for o in d.observations] for c, d in got.items()}


def test_a_column_that_is_absent_or_extra():
    raw, demo = halves()
    assert told(demo, raw.drop(columns="count")) == {"count": ["no raw file has the column 'count' of the demo set"]}
    assert told(demo.drop(columns="text"), raw) == {"text": ["the demo set lacks the column 'text' of the raw data"]}
    assert told(demo, raw, raw.drop(columns="count")) == {"count": ["1 system of 2 ('s1') lacks the column 'count'"]}
    assert told(None, raw, raw.drop(columns="count")) == {"count": ["1 system of 2 ('s1') lacks the column 'count'"]}


def test_a_renamed_column_is_recognised_by_name_and_content():
    raw, demo = halves()
    got = told(demo, raw.rename(columns={"category": "Categorie"}))
    assert got == {"category": ["system 's0' seems to call the column 'category' 'Categorie'"]}
    other = raw.rename(columns={"category": "Categorie"}).assign(Categorie=[str(i * 0.37) for i in range(len(raw))])
    assert set(told(demo, other)) == {"category", "Categorie"}


def test_a_retyped_column():
    raw, demo = halves()
    words = raw.assign(count=raw["name"])
    assert told(demo, words) == {"count": ["system 's0' fills 'count' with text instead of numbers as in the demo set"]}
    assert told(None, raw, words) == {
        "count": [
            "system 's0' fills 'count' with numbers instead of text as in system 's1'",
            "system 's1' fills 'count' with text instead of numbers as in system 's0'",
        ]
    }


def test_answers_on_one_side_only_are_no_defect():
    raw, demo = halves()
    assert told(demo.assign(team="a"), raw, roles=Columns(id="id", label="team")) == {}


@pytest.mark.parametrize("seed", range(3))
def test_clean_halves_have_one_schema(seed):
    whole = clean_shapes(np.random.default_rng(seed), 400)
    assert told(whole.iloc[:200], whole.iloc[200:300], whole.iloc[300:]) == {}
    assert told(*halves(seed)) == {}
