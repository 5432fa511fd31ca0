"""The detector 'shift_category'."""

from __future__ import annotations

import numpy as np
import pandas as pd
from realism_samples import Injection, halves, sample_of

from flightready.assessment.schema import Columns
from flightready.realism.defects import shift_category
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample


def more_of_the_rarer(frame: pd.DataFrame) -> pd.DataFrame:
    """Every second record of the most frequent category moves to the next one."""
    first, second = frame["category"].value_counts().index[:2]
    moved = (frame["category"] == first) & (frame.index % 2 == 0)
    return frame.assign(category=frame["category"].mask(moved, second))


INJECTION = Injection(more_of_the_rarer, "category", None)


def detected(raw: pd.DataFrame, curated: pd.DataFrame, **roles):
    made = sample_of(raw, curated)
    roles = Columns(id="id", time="time", text="text", **roles)
    return shift_category.find(inspect(Sample(made.curated, made.raw, roles), seed=7))


def test_says_how_many_records_would_have_to_change():
    raw, curated = halves()
    told = detected(more_of_the_rarer(raw), curated)["category"]
    moved = (more_of_the_rarer(raw)["category"] != raw["category"]).mean()
    assert told.effect.interval.low <= moved <= told.effect.interval.high
    assert told.told == f"about {100 * told.effect.value:.0f} of 100 raw records would have to change category"


def test_case_and_blanks_make_no_other_category():
    raw, curated = halves()
    other = raw.assign(category=" " + raw["category"].str.upper())
    assert detected(other, curated)["category"] == detected(raw, curated)["category"]


def test_names_and_ids_are_left_alone_and_labels_are_not():
    rng = np.random.default_rng(1)
    raw, curated = halves()
    assert not {"id", "time", "name", "text"} & set(detected(raw, curated))
    raw["team"] = rng.choice(["one", "two"], len(raw), p=[0.2, 0.8])
    curated["team"] = rng.choice(["one", "two"], len(curated))
    assert detected(raw, curated, label="team")["team"].p_value < 1e-3
