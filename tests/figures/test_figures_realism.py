"""Charts of data realism: the title says the message, certainty has a mark, intervals are drawn, nothing is empty."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from flightready.figures import realism as figures
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Defect, rate
from flightready.realism.result import Completeness, RealismResult
from flightready.realism.time_span import Coverage

HOSTILE = "<script>alert(1)</script>"


def defect(
    column: str, hits: int, worse: bool | None, detector: str = "missing", name: str = "missing values"
) -> Defect:
    return Defect(
        detector, name, "mend it", "G1", "fact", column, rate(hits, 1000), rate(0, 500), hits / 1000, None, 0.01, worse,
        {"web": rate(hits, 600), HOSTILE: rate(0, 400)}, None, None, (),
    )  # fmt: skip


@pytest.fixture
def result() -> RealismResult:
    defects = (
        defect("body", 100, True),
        defect("body", 0, False, "encoding", "broken characters"),
        defect("region", 20, False),
        defect(HOSTILE, 5, True, "encoding", "broken characters"),
        defect(RECORD, 12, True, "malformed", "rows that do not parse"),
    )
    coverage = Coverage(
        "time", 90, 10, 0, 0, dt.date(2026, 1, 1), dt.date(2026, 3, 30), 89, ("2026-01", "2026-02", "2026-03"),
        {"web": (30, 0, 20), HOSTILE: (25, 0, 15)}, ("2026-02",), 3, (),
    )  # fmt: skip
    incomplete = Completeness(rate(230, 1000), {"web": rate(150, 600), HOSTILE: rate(80, 400)}, ())
    return RealismResult(
        dt.date(2026, 4, 2), 1012, 500, 1000, ("web", HOSTILE), (), (), defects, incomplete, coverage, (), (), (), (),
    )  # fmt: skip


def test_the_map_prints_rates_and_marks_certainty(result):
    made = figures.figure_map(result)
    grid = made.data[0]
    assert made.layout.title.text == (
        "3 defects in 2 columns and in whole records are more frequent than in the demo set"
    )
    assert list(grid.x) == ["body", "region", "whole record", "&lt;script&gt;alert(1)&lt;/scrip…"]
    assert list(grid.y) == ["rows that do not parse", "missing values", "broken characters"]
    body = [row[0] for row in grid.text]
    assert body == ["", "10.0 ▲", "0"]
    assert grid.text[1][1] == "2.0 ○"
    assert "▲ worse than the demo set beyond chance" in made.layout.annotations[0].text


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("order_value_eur", "order_value_<br>eur"),
        ("Datum der Rechnung", "Datum der<br>Rechnung"),
        ("x" * 60, "x" * 23 + "…"),
        ("a&b<c", "a&amp;b&lt;c"),
        ("", ""),
    ],
)
def test_names_of_columns_are_broken_where_they_may_be(result, column, shown):
    named = replace(result, defects=(replace(result.defects[0], column=column),))
    assert figures.figure_map(named).data[0].x[0] == shown


def test_the_map_without_a_demo_set_has_no_marks(result):
    alone = replace(result, n_curated=0, defects=tuple(replace(d, worse=None, curated=None) for d in result.defects))
    made = figures.figure_map(alone)
    assert made.layout.title.text == "4 defects in 3 columns and in whole records of raw data"
    assert not any("▲" in t or "○" in t for row in made.data[0].text for t in row)


def test_the_worst_columns_are_drawn_for_both_sides_with_intervals(result):
    made = figures.figure_worst(result)
    assert made.layout.title.text == (
        "The 3 largest differences from the demo set; most: missing values in &#x27;body&#x27;, 10 % against 0 %"
    )
    assert [t.name for t in made.data] == ["demo set", "raw data"]
    assert len({t.marker.symbol for t in made.data}) == 2, "not by colour alone"
    raw = made.data[1]
    interval = result.defects[0].raw.interval
    assert raw.x[0] == pytest.approx(10.0)
    assert raw.x[0] + raw.error_x.array[0] == pytest.approx(100 * interval.high)
    assert raw.x[0] - raw.error_x.arrayminus[0] == pytest.approx(100 * interval.low)
    assert "%" in made.layout.xaxis.title.text


def test_affected_records_are_scaled(result):
    made = figures.figure_affected({"web": rate(50, 1000)}, "missing values in 'body'", 20_000)
    assert made.data[0].x[0] == pytest.approx(1000)
    assert "20,000 records a day" in made.layout.title.text


def test_text_from_data_is_escaped_everywhere(result):
    drawn = (figures.figure_map, figures.figure_worst)
    for make in drawn:
        assert "<script>" not in make(result).to_json()


def test_nothing_is_drawn_from_nothing(result):
    nothing = replace(result, defects=(), coverage=None, completeness=None)
    for make in (figures.figure_map, figures.figure_worst):
        with pytest.raises(ValueError, match="needs"):
            make(nothing)


def test_every_chart_has_a_description_for_those_who_cannot_see_it(result):
    for make in (figures.figure_map, figures.figure_worst):
        assert make(result).layout.meta["description"]
