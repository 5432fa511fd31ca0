"""The detector 'future'."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from realism_samples import HIT, Injection, put, sample_of, table

from flightready.realism.astray import apart
from flightready.realism.defects.future import find
from flightready.realism.inspection import inspect

ASTRAY = [f"{year}-05-{1 + i:02d}T10:00:00Z" for i in range(5) for year in (2091, 1931, 2225, 1944)]

INJECTION = Injection(lambda f: put(f, "time", ASTRAY), "time", HIT)


def hits(frame, as_of=None):
    return np.flatnonzero(find(inspect(sample_of(frame, None), seed=7, as_of=as_of))["time"].raw.hit).tolist()


def test_dates_after_the_day_of_the_assessment():
    frame = table()
    times = frame["time"].str[:10]
    day = dt.date(2025, 12, 1)
    later = np.flatnonzero(times > "2025-12-01").tolist()
    assert later
    assert hits(frame, day) == later
    assert hits(frame) == []


def test_the_day_of_the_assessment_itself_is_not_the_future():
    frame = put(table()[:100].copy(), "time", ["2026-10-15T23:59:59Z", "2026-10-16T00:00:07Z"], rows=[98, 99])
    assert hits(frame, dt.date(2026, 10, 15)) == [99]


@pytest.mark.parametrize(
    ("days", "astray"),
    [
        (list(range(0, 20_000, 100)), []),  # 55 years without an empty decade: a long record
        ([0] * 50 + [20_000] * 50, []),  # two halves: none is the bulk
        ([0] + [20_000] * 50, [0]),
        ([20_000 - 7_000] + [20_000] * 50, []),  # nineteen years
        ([], []),
    ],
)
def test_only_a_few_dates_beyond_empty_decades_are_astray(days, astray):
    assert np.flatnonzero(apart(np.array(days, dtype=np.int64))).tolist() == astray
