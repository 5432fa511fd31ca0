"""Charts of the evaluation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flightready.evaluation import planning, rules
from flightready.evaluation.counts import Confusion
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.scoring import NO_ANSWER
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.what_if import judged
from flightready.evidence import Grade, Interval
from flightready.figures import evaluation as figures
from flightready.intervals import newcombe

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def result() -> EvaluationResult:
    """166 of 200 right on raw data, 470 of 500 on the demo set; floor 90 %, 5 points allowed."""
    raw, demo = accuracy(166, 200), accuracy(470, 500)
    floor, allowed, drop = Interval(0.9, 0.9), Interval(0.05, 0.05), newcombe(470, 500, 166, 200)
    about = {"grade": Grade.MEASURED, "rows": None, "sources": (), "held_back": ""}
    findings = (
        rules.accuracy_finding(raw, floor, rules.floor_state(raw, floor), why_not="", **about),
        rules.drop_finding(0.11, drop, allowed, rules.drop_state(drop, allowed), n_raw=200, lacking="", **about),
    )
    return EvaluationResult(
        task="classification", grade=Grade.MEASURED, raw=raw, curated=demo,
        by_system={"web": accuracy(90, 100), HOSTILE: accuracy(76, 100)}, raw_counted=None, curated_counted=None,
        drop=0.11, drop_interval=drop, detectable_drop=0.06, floor=floor, allowed_drop=allowed, rows_for_floor=None,
        rows_for_drop=None, errors_per_10000=1700.0, errors_interval=Interval(1300, 2200), error_cost=None,
        confusions=(Confusion("a", "a", 90), Confusion("a", HOSTILE, 10), Confusion(HOSTILE, "a", 1)),
        plan=planning.plan(0.83, demo), raw_accuracy_replicates=None, curated_accuracy_replicates=None,
        findings=findings, absences=(),
    )  # fmt: skip


DRAWN = (
    figures.figure_accuracy,
    figures.figure_drop,
    figures.figure_confusions,
    figures.figure_plan,
)


def test_accuracy_is_drawn_with_intervals_against_the_floor(result):
    made = figures.figure_accuracy(result)
    assert made.layout.title.text == "Right in 83 % of raw records, 94 % of the demo set: below the floor"
    assert [t.name for t in made.data] == ["demo set", "raw data", "raw, by system"]
    assert len({t.marker.symbol for t in made.data}) == 3
    assert made.data[1].x[0] + made.data[1].error_x.array[0] == pytest.approx(100 * result.raw.interval.high)
    assert made.layout.shapes[0].x0 == pytest.approx(90)
    assert any(a.text == "floor 90 %" for a in made.layout.annotations)


def test_a_floor_that_is_a_range_is_a_band(result):
    made = figures.figure_accuracy(replace(result, floor=Interval(0.8, 0.9)))
    assert (made.layout.shapes[0].x0, made.layout.shapes[0].x1) == (pytest.approx(80), pytest.approx(90))


def test_accuracy_of_one_side_alone(result):
    made = figures.figure_accuracy(replace(result, raw=None, by_system={}))
    assert made.layout.title.text == "Right in 94 % of the demo set; raw data has no score yet"


def test_the_drop_is_drawn_against_the_allowance(result):
    made = figures.figure_drop(result)
    assert made.layout.title.text == "Accuracy falls by 11.0 points: more than is allowed"
    assert made.data[0].x[0] == pytest.approx(11)
    low, high = made.layout.xaxis.range
    assert low < 0
    assert high > 100 * result.drop_interval.high


def test_only_wrong_answers_are_counted(result):
    made = figures.figure_confusions(result)
    assert "10 records" in made.layout.title.text
    assert made.data[0].text[0][0] == "right"


def test_no_answer_stands_in_a_column_of_its_own(result):
    silent = (Confusion("a", "a", 90), Confusion("a", NO_ANSWER, 7), Confusion("b", "a", 2), Confusion("b", "b", 9))
    made = figures.figure_confusions(replace(result, confusions=silent))
    assert list(made.data[0].x) == ["a", "b", "(no answer)"]
    assert list(made.data[0].y) == ["a", "b"]
    assert [row[2] for row in made.data[0].text] == ["7", "0"]
    assert "(no answer) for a" in made.layout.title.text


def test_the_plan_shows_where_we_stand(result):
    made = figures.figure_plan(result)
    assert made.layout.title.text.startswith("200 labelled raw rows bound accuracy to")
    assert made.data[1].text == ("now: 200 rows",)
    assert len(figures.figure_plan(replace(result, raw=None)).data) == 1


def test_a_what_if_says_its_state(result):
    tried = judged(result, floor=0.8, allowed_drop=0.05, share=0.95, rows=500)
    assert figures.figure_tried(tried, floor=0.8).layout.title.text == "95 % of 500 rows reach the floor"


def test_text_from_data_is_escaped_everywhere(result):
    for make in DRAWN:
        assert "<img" not in make(result).to_json()


def test_nothing_is_drawn_from_nothing(result):
    nothing = replace(result, raw=None, curated=None, drop=None, confusions=(), plan=())
    for make in DRAWN:
        with pytest.raises(ValueError, match="needs"):
            make(nothing)
