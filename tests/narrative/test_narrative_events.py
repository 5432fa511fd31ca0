"""The way of events in sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flightready import policy
from flightready.narrative.realism import events_meaning
from flightready.realism.outcome import Defect, Observation, rate
from flightready.realism.result import RealismResult
from flightready.realism.time_span import EventTimeline

EVENTS = EventTimeline(
    "time", "week", (dt.date(2026, 3, 2),), ("web",), {"web": (9,)}, {"web": (1,)}, {"web": (2,)}, {"web": (1,)},
    {"web": 1}, (), (),
)  # fmt: skip
SILENT = Observation("raw", "web", "'web' is silent for 3.0 days from 2026-03-02, when about 9 records were expected")


def defect(detector: str, **changes) -> Defect:
    made = Defect(detector, "name", "repair", "G1", "fact", "time", rate(0, 9), None, None, None, None, None, {}, None,
                  None, ())  # fmt: skip
    return replace(made, **changes)


def result(*defects: Defect, events: EventTimeline | None = EVENTS) -> RealismResult:
    return RealismResult(dt.date(2026, 4, 2), 9, 0, 9, ("web",), (), (), defects, None, None, (), (), (), (), events)


def test_one_of_anything_is_singular():
    told = events_meaning(result())
    for part in (
        "1 record came days late",
        "2 records stand behind",
        "1 record was sent more than once",
        "1 date lies",
    ):
        assert part in told


def test_observations_are_told_as_they_are():
    told = events_meaning(result(defect("time_gap", observations=(SILENT,))))
    assert f"{SILENT.sentence}." in told


def test_what_the_order_cannot_tell_is_said():
    told = events_meaning(result(defect("late", told="the order of the records says nothing")))
    assert told.endswith("The order of the records says nothing.")


def test_nothing_wrong_and_no_date_are_said():
    nothing = replace(EVENTS, late={}, out_of_order={}, duplicated={}, future={})
    assert events_meaning(result(events=nothing)) == "Nothing was found wrong with the way that events came in."
    assert events_meaning(result(events=None)).startswith("No raw record carries a date")


def test_no_jargon_reaches_the_reader():
    told = events_meaning(result(defect("time_gap", observations=(SILENT,))))
    for word in (*policy.read("words.yaml")["never"], "Poisson", "p-value", "null", "curated"):
        assert word not in told
