"""What a defect touches, told by column, system, period and threshold."""

from __future__ import annotations

import pytest

from flightready.evidence import Interval
from flightready.narrative import affected as narrative
from flightready.realism.outcome import Defect, Rate
from flightready.realism.selection import ANY_COLUMN, Affected, Chosen


def late(**more) -> Defect:
    base = {
        "detector": "late", "name": "records that came days late", "repair": "", "gap": "G1", "kind": "fact",
        "column": "time", "raw": None, "curated": None, "difference": None, "difference_interval": None,
        "p_value": None, "worse": None, "by_system": {}, "first": None, "last": None, "examples": (),
        "by_month": {"web": {"2026-01": (3, 30), "": (0, 4)}}, "strength": "days late",
        "strengths": (("web", "2026-01", 3.0), ("web", "2026-01", 5.0), ("web", "2026-01", 40.0)),
    }  # fmt: skip
    return Defect(**(base | more))


RATE = Rate(50, 1000, Interval(0.04, 0.06))


def test_records_are_scaled_to_the_volume_with_their_interval():
    told = narrative.sentence(Affected(late(), {}, RATE), Chosen("time", "web", since="2026-03"), 20_000)
    assert told.startswith("Records that came days late in 'time' in 'web', since 2026-03: 5 %")
    assert told.endswith("Of 20,000 records a day that is 1,000 (nine times in ten 800 to 1,200).")


@pytest.mark.parametrize(
    ("defect", "at_least", "told"),
    [
        (None, 0, "records that need any repair"),
        (None, 3, "records that need 3 repairs or more"),
        (late(), 0, "records that came days late in 'time'"),
        (late(), 7, "records that came days late in 'time', from 7 days late on"),
        (late(strengths=()), 7, "records that came days late in 'time'"),
    ],
)
def test_a_threshold_is_named_where_it_counts(defect, at_least, told):
    chosen = Chosen("time" if defect else ANY_COLUMN, at_least=at_least)
    assert narrative.what(Affected(defect, {}, RATE), chosen) == told
    is_idle = defect is not None and not defect.strengths
    assert bool(narrative.threshold_note(Affected(defect, {}, RATE), chosen)) is is_idle


def test_records_without_a_date_are_said_to_be_left_out():
    assert (
        narrative.undated(Affected(late(), {}, RATE), Chosen("time", until="2026-02"))
        == "4 records without a date are left out."
    )
    assert narrative.undated(Affected(late(), {}, RATE), Chosen("time")) == ""


def test_nothing_to_look_at_is_said():
    none = Affected(late(), {}, Rate(0, 0, Interval(None, None)))
    assert narrative.sentence(none, Chosen("time"), 100).startswith("No record to look at for")
