"""The store gives back what was put in, survives damage, and rebuilds nothing but this package's classes."""

import datetime as dt
import json
import stat
from dataclasses import dataclass

import numpy as np
import pytest

from flightready.draws import Summary
from flightready.evidence import Finding, Grade, Interval, State
from flightready.study.store import Store

RESULT = Finding(
    id="a.b", title="Ümläut", sentence="x < y & 'z'", state=State.FAIL, grade=Grade.MEASURED, value=0.1,
    interval=Interval(None, 2.0), n=3, questions=("R1", "E2"),
)  # fmt: skip


def test_round_trip_of_everything_a_result_may_hold(tmp_path):
    store = Store(tmp_path / "store")
    values = {"f": RESULT, "s": Summary(1, 2, 3, 4, float("inf")), "none": None, "t": (1, 2.5, True, "x"),
              "d": {"a": dt.date(2026, 1, 2), "b": dt.datetime(2026, 1, 2, 3, 4)}}  # fmt: skip
    store.put("k", values)
    assert store.get("k") == values


def test_arrays_keep_shape_type_and_every_bit(tmp_path):
    store = Store(tmp_path)
    arrays = {"f": np.random.default_rng(0).normal(size=(3, 4)), "i": np.arange(5), "b": np.array([True, False]),
              "e": np.empty((0, 2)), "n": np.array([np.nan, np.inf])}  # fmt: skip
    store.put("k", arrays)
    for name, array in store.get("k").items():
        assert array.dtype == arrays[name].dtype and array.shape == arrays[name].shape
        assert np.array_equal(array, arrays[name], equal_nan=array.dtype.kind == "f")


def test_missing_damaged_or_foreign_entries_are_computed_again(tmp_path):
    store = Store(tmp_path)
    assert store.get("nothing") is None
    store.put("k", RESULT)
    (tmp_path / "k" / "result.json").write_text("{half a")
    assert store.get("k") is None
    store.put("foreign", {"x": 1})
    document = {"$class": "subprocess:Popen", "fields": {"args": ["true"]}}
    (tmp_path / "foreign" / "result.json").write_text(json.dumps(document))
    assert store.get("foreign") is None


def test_only_the_owner_may_read(tmp_path):
    store = Store(tmp_path / "s")
    store.put("k", RESULT)
    entry = tmp_path / "s" / "k"
    for path in (tmp_path / "s", entry, *entry.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_two_writers_of_one_key_leave_one_whole_entry(tmp_path):
    store = Store(tmp_path)
    store.put("k", {"x": 1})
    store.put("k", {"x": 2})
    assert store.get("k") == {"x": 1}
    assert [p.name for p in tmp_path.iterdir()] == ["k"]


def test_a_store_that_cannot_be_written_only_costs_time(tmp_path):
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "below")
    store.put("k", RESULT)
    assert store.get("k") is None


def test_what_a_result_may_not_hold_is_a_defect(tmp_path):
    @dataclass(frozen=True)
    class Bad:
        things: list

    with pytest.raises(TypeError, match="list"):
        Store(tmp_path).put("k", Bad([1]))
