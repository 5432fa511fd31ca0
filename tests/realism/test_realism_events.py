"""Events of the sample and of small pilots: sharp in each class, silences, and the timeline that is drawn."""

from __future__ import annotations

import csv
import datetime as dt
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from realism_samples import clean_table, halves, pilot_in, sample_of, side_of

from flightready.assessment import load
from flightready.assessment.schema import Columns
from flightready.realism import analyse, inspected, read_sample
from flightready.realism.coverage import clock
from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample
from flightready.realism.timeline import timeline
from flightready.study.store import Store

SAMPLE = Path(__file__).parents[2] / "sample_data" / "support_triage"
TRUTH = SAMPLE / "truth" / "injected_defects.csv"
OWN = ("late", "out_of_order", "future", "sequence_gap", "duplicated_event", "time_gap", "stale")
FIND = {d.id: d.find for d in detectors()}
ROLES = {"id": "id", "time": "time", "text": "text"}


@pytest.fixture
def make_pilot(tmp_path):
    """Function that writes files and an assessment into a folder and loads it."""
    return partial(pilot_in, tmp_path)


@pytest.mark.parametrize("name", ["late", "out_of_order"])
def test_late_and_out_of_order_records_of_the_sample(name):
    sample = read_sample(load(SAMPLE))
    raw = sample.raw
    place = {(str(s), int(r)): i for i, (s, r) in enumerate(zip(raw.system, raw.record, strict=True))}
    with TRUTH.open(encoding="utf-8", newline="") as stream:
        truth = [t for t in csv.DictReader(stream) if t["defect"] == name]
    injected = {place[t["system"], int(t["row"])] for t in truth}
    found = set(np.flatnonzero(FIND[name](inspect(sample, seed=7))["created_at"].raw.hit).tolist())
    assert len(found & injected) >= 0.9 * len(found)
    assert len(found & injected) >= 0.85 * len(injected)


def own_facts(sample: Sample) -> list[tuple]:
    inspection = inspect(sample, seed=7)
    found = [(name, *item) for name in OWN for item in FIND[name](inspection).items()]
    return [(n, c) for n, c, d in found if d.observations or any(m and m.hits for m in (d.raw, d.curated))]


@pytest.mark.parametrize("by_time", [True, False])
def test_halves_of_clean_tables_show_nothing(by_time):
    for seed in range(12):
        if by_time:
            frame = clean_table(np.random.default_rng(seed), 400)
            sample = Sample(side_of(frame[:200], "demo"), side_of(frame[200:]), Columns(**ROLES))
        else:
            sample = sample_of(*halves(seed))
        assert own_facts(sample) == []


def read(*texts: str):
    frame = pd.DataFrame({"id": [str(i) for i in range(len(texts))], "time": list(texts), "text": "x"})
    return clock(inspect(sample_of(frame, None), seed=7), "raw")


def test_the_precision_and_the_zone_of_each_time():
    got = read("2026-06-03T09:12:44Z", "2026-06-03 09:12", "03.06.2026", "2026-06-03T11:12:44+02:00", "soon")
    assert got.precision_s.tolist() == [1, 60, 86_400, 1, 0]
    assert got.zoned.tolist() == [True, False, False, True, False]
    assert str(got.other[2]) == "2026-03-06T00:00:00"


def test_midnight_throughout_is_a_day():
    assert set(read(*[f"2026-06-{d:02d}T00:00:00Z" for d in range(1, 21)]).precision_s) == {86_400}


def test_the_timeline_counts_every_dated_record_once(make_pilot, tmp_path):
    year = clean_table(np.random.default_rng(3), 400)
    year.loc[399, "time"] = "2031-05-04T10:20:30Z"
    pilot = make_pilot({"data": {"production": "raw.csv", "columns": ROLES}}, {"raw.csv": year.to_csv(index=False)})
    result = analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1)))
    events = result.events
    assert (events.period, events.future) == ("week", {"raw": 1})
    assert sum(events.records["raw"]) == result.coverage.n_dated == 399
    assert all(day.weekday() == 0 for day in events.starts)
    assert events.starts[0] <= result.coverage.first < events.starts[1]
    store = Store(tmp_path / "store")
    store.put("events", result)
    assert store.get("events") == result


def test_long_records_are_shown_by_month():
    frame = clean_table(np.random.default_rng(3), 300)
    days = np.datetime64("2022-01-01", "s") + np.arange(300) * np.timedelta64(5 * 86_400, "s")
    events = timeline(inspect(sample_of(frame.assign(time=[f"{d}Z" for d in days]), None), seed=7))
    assert events.period == "month"
    assert all(day.day == 1 for day in events.starts)
    assert sum(events.records["web"]) == 300


def test_without_a_date_there_is_no_timeline():
    frame = clean_table(np.random.default_rng(3), 50).assign(time="")
    assert timeline(inspect(sample_of(frame, None), seed=7)) is None
    assert timeline(inspect(Sample(side_of(frame), None, Columns(**ROLES)), seed=7)) is None


def test_the_checklist_names_the_months_of_a_system_that_stopped(make_pilot):
    web, mail = (clean_table(np.random.default_rng(s), 400) for s in (1, 2))
    files = {"web.csv": web[web["time"] < "2025-10-20"].to_csv(index=False), "mail.csv": mail.to_csv(index=False)}
    pilot = make_pilot({"data": {"production": ["web.csv", "mail.csv"], "columns": ROLES}}, files)
    result = analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1)))
    told = next(f for f in result.findings if f.id == "realism.coverage")
    assert "no month is empty" in told.sentence
    assert told.sentence.endswith(" 'web' has no record in 2025-11, 2025-12, 2026-01, 2026-02.")
    assert [e.system for e in result.events.ended] == ["web"]


def test_a_sample_drawn_by_chance_is_not_asked_for_its_numbers(make_pilot):
    frame = clean_table(np.random.default_rng(1), 300)
    numbers = [i for i in range(340) if i not in range(100, 140)]
    text = frame.assign(id=[f"T-{i:05d}" for i in numbers]).to_csv(index=False)
    told = {}
    for method in ("random", "first_rows"):
        spec = {"production": "raw.csv", "columns": ROLES, "sampling": {"method": method}}
        pilot = make_pilot({"data": spec}, {"raw.csv": text})
        defects = analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1))).defects
        told[method] = [d.detector for d in defects if d.detector == "sequence_gap"]
    assert told == {"random": [], "first_rows": ["sequence_gap"]}
