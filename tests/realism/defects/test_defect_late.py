"""The detector 'late'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, sample_of, side_of, table

from flightready.assessment.schema import Columns
from flightready.realism.defects.late import find
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample

ROWS = list(range(100, 280, 12))


def shifted(frame: pd.DataFrame, rows: list[int], by: np.timedelta64) -> pd.DataFrame:
    """The frame with the times of some records moved."""
    frame = frame.copy()
    times = frame["time"].str.rstrip("Z").to_numpy().astype("datetime64[s]")
    times[rows] += by
    return frame.assign(time=[f"{t}Z" for t in times])


def thirty_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Records that came thirty days after their own time: some 22 others of the year went before them."""
    return shifted(frame, ROWS, -np.timedelta64(30, "D"))


INJECTION = Injection(thirty_days, "time", ROWS)


def hits(frame: pd.DataFrame) -> list[int]:
    return np.flatnonzero(find(inspect(sample_of(frame, None), seed=7))["time"].raw.hit).tolist()


def test_newest_first_is_an_order_as_well():
    frame = thirty_days(table())
    assert hits(frame) == ROWS
    assert hits(frame.iloc[::-1].reset_index(drop=True)) == sorted(len(frame) - 1 - r for r in ROWS)


def test_the_order_of_a_shuffled_file_says_nothing_and_that_is_said():
    frame = thirty_days(table()).sample(frac=1, random_state=3).reset_index(drop=True)
    detection = find(inspect(sample_of(frame, None), seed=7))["time"]
    assert (detection.raw.hits, detection.raw.n) == (0, 0)
    assert detection.told == "the order of the records says nothing about when they came in: web"


def test_each_file_has_an_order_of_its_own():
    frame = table()
    one, two = side_of(frame[150:], "web"), side_of(frame[:150], "mail")
    raw = type(one).joined([*one.sources, *two.sources])
    found = find(inspect(Sample(None, raw, Columns(id="id", time="time")), seed=7))["time"]
    assert (found.raw.hits, found.raw.n) == (0, 300)


def test_a_wrong_early_record_does_not_make_the_others_late():
    """One record dated half a year ahead, before 200 others: it is wrong, they are not late."""
    assert hits(shifted(table(), [60], np.timedelta64(180, "D"))) == []


def test_a_system_that_delivers_every_week_is_not_late():
    """A fifth of the records wait for up to six days: that is how the file is written, not a delay."""
    frame = table(n=600)
    rows = list(range(100, 590, 6))
    moved = shifted(frame, rows, -np.timedelta64(6, "D"))
    assert hits(moved) == []


@pytest.mark.parametrize("n", [5, 19])
def test_a_few_records_have_no_order(n):
    assert hits(shifted(table()[:n], [3], -np.timedelta64(60, "D"))) == []
