"""The chart and the sentences of the data work."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from flightready.figures.realism_repairs import figure_repairs
from flightready.narrative import realism_repairs as narrative
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Repair, rate
from flightready.realism.result import RealismResult

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def result() -> RealismResult:
    """400 of 1,000 records are affected: 300 by the first, 200 by the second repair, 100 of them by both."""
    repairs = (
        Repair(
            "make the field required",
            ("missing values",),
            ("body", HOSTILE, "a", "b", "c"),
            rate(300, 1000),
            300,
            0.75,
            0.5,
        ),
        Repair("mask mails", ("personal data", "x", "y"), (RECORD,), rate(200, 1000), 100, 1.0, 1.0),
    )
    return RealismResult(
        dt.date(2026, 4, 2), 1000, 0, 1000, ("web",), (), (), (), None, None, (), (), (), (), repairs=repairs
    )


def test_the_chart_has_a_bar_and_an_interval_for_each_repair(result):
    made = figure_repairs(result)
    (bars,) = made.data
    assert list(bars.x) == [300, 200]
    assert list(bars.y) == ["1. missing values", "2. personal data, x and 1 further kind"]
    ends = result.repairs[0].records.interval
    assert bars.error_x.array[0] == pytest.approx(1000 * (ends.high - 0.3))
    assert bars.error_x.arrayminus[0] == pytest.approx(1000 * (0.3 - ends.low))
    assert made.layout.title.text == "Mend missing values first: 75 % of the affected records need it"
    assert [a.text for a in made.layout.annotations[:2]] == ["50 %", "100 %"]


def test_many_repairs_are_cut_and_none_is_refused(result):
    many = replace(result, repairs=result.repairs * 10)
    made = figure_repairs(many)
    assert len(made.data[0].x) == 12 and made.layout.title.text.endswith("(the first 12 of 20 repairs)")
    assert len(set(made.data[0].y)) == 12
    with pytest.raises(ValueError, match="at least one"):
        figure_repairs(replace(result, repairs=()))


def test_the_sentences_hold_the_figures(result):
    """Exact 90 % interval of 300 in 1,000 (Clopper-Pearson): .2761 to .3248."""
    first, second, last = narrative.meaning(result)
    assert "400 raw records of 1,000 need some repair" in first
    assert "300 records (300 of 1,000, nine times in ten 276 to 325)" in first
    assert (
        second
        == "The first repair leaves 50 % of the affected records without a defect; all 2 together leave none with one."
    )
    assert "worth" in last
    slow = replace(result, repairs=(replace(result.repairs[0], mended=0.2), result.repairs[1]))
    assert "after the first 2 of 2 at least half of them are" in narrative.meaning(slow)[1]


def test_columns_are_named_a_few(result):
    assert narrative.where(result.repairs[0]) == f"body, {HOSTILE}, a and 2 further columns"
    assert narrative.where(result.repairs[1]) == "whole records"


@pytest.mark.parametrize(("n_raw", "words"), [(0, "no raw records"), (10, "Nothing that was looked for")])
def test_nothing_to_mend_is_said(result, n_raw, words):
    (told,) = narrative.meaning(replace(result, n_raw=n_raw, repairs=()))
    assert words in told
