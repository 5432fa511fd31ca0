"""The attribution in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attribution_samples import FOUND, REST, SHOWN, THIN, WIDE, WORTH

from flightready.evaluation.attribution.attribution_result import Valued
from flightready.evidence import Interval
from flightready.narrative import evaluation_attribution as narrative


def test_the_answer_names_what_to_mend_first():
    first, rest, wide, thin = narrative.answer(FOUND)
    assert first == (
        "Accuracy falls by 4.5 points from the demo set to raw data. Mend first: broken characters (3.6 points, nine "
        "times in ten 2.0 to 5.2 points), at the planned load about 119,000 wrong answers a month that cost $252,000."
    )
    assert (
        rest
        == "What no known defect explains is 0.5 points (nine times in ten -1.0 to 2.0 points), which may be nothing."
    )
    assert wide == "Cannot tell yet whether near copies costs anything; it costs at most 1.2 points."
    assert thin == "Too few wrong answers carry late records to say anything."


def test_several_kinds_are_counted():
    second = replace(SHOWN, name="empty texts", points=0.01)
    told = narrative.answer(replace(FOUND, parts=(SHOWN, second, REST)))[0]
    assert "4.6 points of that go with 2 kinds of defect; mend first: broken characters" in told


def test_an_unexplained_shift_that_is_shown():
    rest = replace(REST, points=0.03, simultaneous=Interval(0.01, 0.05), is_attributed=True)
    told = narrative.answer(replace(FOUND, parts=(SHOWN, rest)))[1]
    assert (
        told
        == "No known defect explains 3.0 points (nine times in ten 1.0 to 5.0 points): the same records are harder."
    )


def test_nothing_shown_and_no_drop():
    assert "No kind of defect is shown to cost any of it." in narrative.answer(replace(FOUND, parts=(WIDE, REST)))[0]
    assert "there is no drop" in narrative.answer(replace(FOUND, total=-0.01, parts=(WIDE, REST)))[0]
    assert "No scored record carries a defect" in narrative.answer(replace(FOUND, parts=(REST,)))[0]
    assert narrative.answer(None) == (narrative.NOTHING,)


def test_without_a_demo_set_it_says_so():
    alone = replace(FOUND, of="errors", total=0.145, curated_accuracy=None, n_curated=0)
    assert narrative.answer(alone)[0].startswith("14.5 points of answers on raw data are wrong.")
    assert "Without a scored demo set this splits the wrong answers" in narrative.grade(alone)
    assert "not yet proof" in narrative.grade(FOUND) and "Without a scored" not in narrative.grade(FOUND)


@pytest.mark.parametrize(
    ("part", "size", "how"),
    [
        (SHOWN, "3.6 [2.0 to 5.2]", "shown"),
        (WIDE, "0.4 [0.0 to 1.2]",
         "it may be nothing; if it is of that size, about 979 more labelled rows would show it"),
        (replace(WIDE, rows_needed=409_000), "0.4 [0.0 to 1.2]",
         "it may be nothing; if it is of that size, more rows than can be labelled would show it"),
        (THIN, "cannot tell yet",
         "1 wrong answer with it, 10 are needed; about 1 more labelled row would bring them"),
        (replace(THIN, rows_needed=None), "cannot tell yet", "1 wrong answer with it, 10 are needed"),
    ],
)  # fmt: skip
def test_a_part_in_the_table(part, size, how):
    assert (narrative.size(part), narrative.how_sure(part)) == (size, how)


def test_records_and_amounts():
    assert narrative.records(SHOWN, FOUND) == ("128", "72", "0")
    assert narrative.records(REST, FOUND) == ("", "", "")
    assert narrative.counted(FOUND) == "Of 1,161 raw records and 600 demo records."
    assert narrative.cases(WORTH) == "119,000 (66,100 to 251,000)"
    assert narrative.cost(WORTH, "USD") == "$252,000 ($122,000 to $551,000)"
    assert narrative.cases(Valued(-1200.0, Interval(-5000.0, 20.0))) == "-1,200 (-5,000 to 20)"
    assert (narrative.cases(Valued()), narrative.cost(Valued(), "USD")) == ("", "")


def test_the_title_says_the_answer():
    assert narrative.title(FOUND) == "Of the 4.5 points lost, 3.6 go with broken characters"
    assert (
        narrative.title(replace(FOUND, parts=(WIDE, REST)))
        == "Of the 4.5 points lost, none is shown to go with a defect yet"
    )
    assert narrative.title(replace(FOUND, total=0.0)).endswith("there is no drop to split")


def test_what_has_no_interval_is_not_drawn():
    """Points without an interval are a split that nobody can tell; a bar of them would look like an answer."""
    assert narrative.is_told(FOUND)
    assert not narrative.is_told(replace(FOUND, parts=(THIN,)))
