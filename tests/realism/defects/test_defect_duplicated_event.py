"""The detector 'duplicated_event'."""

from __future__ import annotations

import numpy as np
import pandas as pd
from realism_samples import HIT, Injection, copied, halves, sample_of, table

from flightready.realism.defects.duplicated_events import find, repeated
from flightready.realism.detector import RECORD
from flightready.realism.inspection import inspect


def sent_twice(frame: pd.DataFrame) -> pd.DataFrame:
    """Later records that repeat earlier ones under an id of their own."""
    own = frame["id"].copy()
    return copied(frame).assign(id=own)


INJECTION = Injection(sent_twice, RECORD, [r + 200 for r in HIT])


def hits(frame):
    return np.flatnonzero(find(inspect(sample_of(frame, None), seed=7))[RECORD].raw.hit).tolist()


def test_an_exact_copy_or_the_same_id_is_another_defect():
    assert hits(copied(table())) == []
    assert hits(copied(table(), name="other")) == []
    both = copied(sent_twice(table()))
    side = sample_of(both, None).raw
    assert not (side.is_copy & np.isin(np.arange(len(both)), hits(both))).any()


def test_records_of_few_different_values_share_time_and_content_by_chance():
    """600 readings of 4 values in 200 minutes: some 3 share a minute with another and every second of those a value."""
    rng = np.random.default_rng(1)
    minutes = np.datetime64("2026-01-01T00:00", "s") + np.sort(rng.integers(0, 200, 600)) * np.timedelta64(60, "s")
    frame = pd.DataFrame({
        "id": [f"K{i}" for i in range(600)], "time": [f"{m}Z" for m in minutes],
        "text": rng.choice(["low", "mid", "high", "top"], 600),
    })  # fmt: skip
    detection = find(inspect(sample_of(frame, None), seed=7))[RECORD]
    assert detection.raw.hits == 0
    assert "as chance alone would give" in detection.told


def test_without_ids_or_times_there_is_no_event():
    raw, _ = halves()
    for column in ("id", "time"):
        assert repeated(inspect(sample_of(raw.drop(columns=column), None), seed=7), "raw") is None
