"""Charts of weak spots and of groups."""

from __future__ import annotations

import pytest

from flightready.evaluation.groups.gaps import largest_gap
from flightready.evaluation.groups.result import Group, GroupComparison, GroupsResult
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.slices.result import Slice, SlicesResult
from flightready.evidence import Interval
from flightready.figures import evaluation_slices as figures

HOSTILE = "<img src=x onerror=alert(1)>"


def weak(*traits: str) -> Slice:
    return Slice(traits, 300, 120, accuracy(180, 300), accuracy(810, 900), 0.3, Interval(0.2, 0.4), Interval(0.5, 0.7),
                 0.57, 90.0, 0.001)  # fmt: skip


def spots(*slices: Slice) -> SlicesResult:
    return SlicesResult(accuracy(990, 1200), slices, 20, 143, len(slices), 0.1)


def test_slices_stand_against_all_raw_records_with_widened_bars():
    made = figures.figure_slices(spots(weak("amount above 126"), weak("month 2026-03", "system 'web'")))
    assert made.layout.title.text == "Weakest: amount above 126, 30.0 points below the rest"
    dots = made.data[0]
    assert list(dots.x) == [60, 60]
    assert (dots.error_x.array[0], dots.error_x.arrayminus[0]) == (pytest.approx(10), pytest.approx(10))
    assert made.layout.shapes[0].x0 == pytest.approx(82.5)
    assert [a.text for a in made.layout.annotations] == ["all raw records 82.5 %", "300 records", "300 records"]
    assert "%" in made.layout.xaxis.title.text


def test_long_names_break_and_stay_out_of_the_title():
    made = figures.figure_slices(
        spots(weak("disguised missing values in any column", "texts that are cut off in body"))
    )
    assert made.layout.title.text == "Weakest spot: 30.0 points below the rest, 57 % of all errors"
    assert "<br>" in made.data[0].y[0]


def test_groups_stand_in_the_band_of_the_best_and_small_ones_have_no_dot():
    members = (Group("north", 200, accuracy(180, 200), 0), Group(HOSTILE, 200, accuracy(150, 200), 0),
               Group("west", 12, None, 168), Group("not given", 40, accuracy(30, 40), 0, is_named=False, is_missing=True))  # fmt: skip
    gap = largest_gap({"north": (180, 200), "south": (150, 200)})
    comparison = GroupComparison(("region",), members, gap, None)
    made = figures.figure_groups(GroupsResult(accuracy(360, 440), (comparison,), "", False), comparison)
    assert made.layout.title.text == "By 'region' the worst group is 15.0 points behind the best: more than is allowed"
    assert (made.layout.shapes[0].x0, made.layout.shapes[0].x1) == (pytest.approx(85), pytest.approx(90))
    drawn = [label for trace in made.data if trace.mode == "markers" for label in trace.y]
    assert "west" not in drawn and len(drawn) == 3
    assert "too few to tell: 168 more records would" in made.data[-1].text
    assert HOSTILE not in made.to_json().replace("\\u003c", "<")


def test_charts_refuse_nothing_to_draw():
    with pytest.raises(ValueError, match="weak spots"):
        figures.figure_slices(spots())
    empty = GroupComparison(("region",), (Group("west", 12, None, 168),), None, None)
    with pytest.raises(ValueError, match="groups"):
        figures.figure_groups(GroupsResult(accuracy(12, 12), (empty,), "", False), empty)
