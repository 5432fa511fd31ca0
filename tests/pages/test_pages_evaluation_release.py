"""The scoring pipeline and accuracy over time as the notebook shows them, and what stands there without data."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from flightready.evaluation.release.negative_control import AS_GOOD, SAME_RECORDS, SHUFFLED, ControlRun, NegativeControl
from flightready.evaluation.release.pipeline import Pipeline
from flightready.evaluation.release.result import Change, Compared, Provenance, ReleaseComparison
from flightready.evaluation.release.staleness_result import Period, Staleness, Trend, Trigger
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evidence import Interval
from flightready.figures.evaluation_release import figure_over_time
from flightready.narrative import evaluation_release as narrative
from flightready.pages import evaluation as page
from flightready.pages.display import Prose, Table
from flightready.realism.outcome import rate

TRIGGER = Trigger(
    fall=0.05, is_own_fall=True, expected=0.9, line=4.0, evidence=np.array([0, 1.0, 5.0]),
    days=np.array([20_000.0, 20_010.0, 20_020.0]), rang_on=dt.date(2024, 10, 25), fell_on=dt.date(2024, 10, 10),
    false_alarms=rate(50, 999), fired=rate(900, 999), delay_records=120.0, delay_records_most=260.0, after=500,
    records_per_day=40.0, within_days=14, in_time=rate(480, 500), needed_per_day=19, systems=2,
)  # fmt: skip
PERIODS = tuple(Period(dt.date(2024, 10, 7 + 7 * i), accuracy(90 - 5 * i, 100)) for i in range(3))
OVER_TIME = Staleness("week", PERIODS, 0, 300, 4, Trend(-0.021, Interval(-0.035, -0.007), 300), None, TRIGGER)
CONTROL = NegativeControl("raw", 400, 0.09, 0.05, 0.04, (
    ControlRun(SHUFFLED, SAME_RECORDS, True, 0.089, rate(498, 500)), ControlRun(AS_GOOD, SAME_RECORDS, False, 0.0, rate(22, 500)),
), 0.031, 0.064)  # fmt: skip
MAIN = Compared(
    "raw data", accuracy(360, 400), accuracy(350, 400), 0.025, Interval(0.005, 0.045), Change.BETTER, True, 15, 5, 2, 7
)
COMPARISON = ReleaseComparison(Change.BETTER, MAIN, (), 0.02, 0.02, (), "", Provenance(dt.date(2026, 2, 20)))
PIPELINE = Pipeline({"raw": accuracy(366, 407)}, COMPARISON.accepted, 9, "", COMPARISON)


def study(staleness=OVER_TIME, control=CONTROL, pipeline=PIPELINE):
    return SimpleNamespace(evaluation=SimpleNamespace(staleness=staleness, negative_control=control, pipeline=pipeline))


def test_the_chart_says_that_the_alarm_rang_and_where_its_line_is():
    made = page.over_time(study())
    assert isinstance(made, go.Figure)
    assert made.layout.title.text == "Accuracy fell about 2024-10-10: the alarm rang on 2024-10-25"
    assert made.layout.yaxis.title.text == "right answers, %" and made.layout.yaxis2.title.text == "evidence"
    assert max(made.layout.yaxis2.range) > 5 and list(made.data[0].y) == [90, 85, 80]
    assert any(s.y0 == 4.0 and s.yref == "y2" for s in made.layout.shapes)


@pytest.mark.parametrize(
    "found", [replace(OVER_TIME, trigger=None, why_not="few"), replace(OVER_TIME, periods=(), unit="")]
)
def test_a_chart_with_one_part_only(found):
    assert len(figure_over_time(found).data) == 1


def test_no_chart_without_anything_to_draw():
    nothing = Staleness("", (), 0, 0, 40, None, None, None, "0 scored raw records carry a day")
    with pytest.raises(ValueError, match="needs a period"):
        figure_over_time(nothing)
    for found in (None, nothing):
        assert isinstance(page.over_time(study(found)), Prose) and page.over_time(study(found)).paragraphs[0]
        assert not page.meaning_over_time(study(found)).paragraphs[0]


def test_the_sentences_over_time():
    told = " ".join(page.meaning_over_time(study()).paragraphs)
    assert "Accuracy falls by 2.1 points a month (nine times in ten -3.5 to -0.7)." in told
    assert "The alarm rang on 2024-10-25; the fall began about 2024-10-10." in told
    assert "rings the alarm in 900 of 999 replays; unchanged quality rings it in 50 of 999" in told
    assert (
        "half of such falls ring within 120 scored records, here 3 days. To ring within 14 days, 19 answers a day must be checked."
        in told
    )
    steady = replace(OVER_TIME, trend=Trend(0.0002, Interval(-0.01, 0.01), 300), trigger=replace(TRIGGER, rang_on=None))
    assert "no trend (0.0 points a month" in narrative.staleness_meaning(steady)
    assert "did not ring" in narrative.staleness_meaning(steady)


def test_the_table_of_the_worse_model():
    made = page.worse_model(study())
    assert made.rows[0] == (SHUFFLED, SAME_RECORDS, "8.9 points", "498 of 500", "98.7 % to 99.9 %")
    assert made.rows[1][2] == "none"
    assert "called worse in 498 of 500 runs at least" in made.note
    assert "a fall of 3.1 points on the same records and 6.4 points on new ones" in made.note
    assert isinstance(page.worse_model(study(control=None)), Prose)


def test_the_accepted_score():
    made = page.accepted_score(study())
    assert isinstance(made, Table)
    assert made.rows == [("raw data", "90 % of 400", "87.5 % of 400", "+2.5 (+0.5 to +4.5)", "better")]
    assert "Compared record by record on 400 records that both scores hold: 15 gained, 5 lost" in made.note
    assert "7 new, 2 gone or with another right answer left out" in made.note
    first = replace(PIPELINE, accepted=None, comparison=None)
    assert "No score is accepted yet" in page.accepted_score(study(pipeline=first)).paragraphs[0]
    damaged = replace(first, problem="accepted_score.json: the score is empty (0 bytes).")
    assert "cannot be used: accepted_score.json" in page.accepted_score(study(pipeline=damaged)).paragraphs[0]
    assert "No record is scored" in page.accepted_score(study(pipeline=None)).paragraphs[0]


def test_two_samples_are_said_to_be_two():
    other = replace(MAIN, is_paired=False, verdict=Change.CANNOT_TELL, rows_needed=2_300)
    told = narrative.Told(
        SimpleNamespace(sets={"raw": 1}, provenance=Provenance(dt.date(2026, 3, 1), data="d" * 64)),
        replace(COMPARISON, verdict=Change.CANNOT_TELL, main=other), "the accepted score", "", 4,
    )  # fmt: skip
    assert narrative.headline(told) == (
        "CANNOT TELL against the accepted score: 2,300 scored records in all would decide, if both stay as they are."
    )
    assert any("two samples are compared" in s for s in narrative.sentences(told))
