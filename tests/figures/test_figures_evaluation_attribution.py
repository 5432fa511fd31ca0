"""The drop in steps, as a chart."""

from __future__ import annotations

from dataclasses import replace

import pytest
from attribution_samples import FOUND, REST, SHOWN, THIN, WIDE

from flightready.figures.evaluation_attribution import figure_attribution
from flightready.pages.evaluation.attribution import attribution, attribution_table, meaning_attribution


def bars(made):
    return {y: (base, x) for t in made.data if t.type == "bar" for y, base, x in zip(t.y, t.base, t.x, strict=True)}


def test_steps_lead_from_the_demo_set_to_raw_data():
    found = replace(FOUND, parts=(SHOWN, WIDE, replace(REST, points=0.005)))
    made = figure_attribution(found)
    steps = bars(made)
    assert steps["broken characters"] == (pytest.approx(90.0), pytest.approx(-3.6))
    assert steps["near copies"] == (pytest.approx(86.4), pytest.approx(-0.4))
    base, length = steps["unexplained"]
    assert base + length == pytest.approx(85.5)  # raw accuracy
    assert [made.data[0].y[0], made.data[-2].y[0]] == ["demo set", "raw data"]


def test_shown_open_and_unexplained_differ_by_pattern():
    made = figure_attribution(FOUND)
    patterns = {t.name: t.marker.pattern.shape for t in made.data if t.type == "bar"}
    assert patterns == {"shown": None, "cannot tell yet: dotted": ".", "unexplained: hatched": "/"}
    whiskers = made.data[-1]
    assert whiskers.x[0] + whiskers.error_x.array[0] == pytest.approx(90 - 2.0)
    assert whiskers.x[0] - whiskers.error_x.arrayminus[0] == pytest.approx(90 - 5.2)
    assert "too few records to tell (1 kind)" in bars(made)
    assert made.layout.title.text == "Of the 4.5 points lost, 3.6 go with broken characters"


def test_without_a_demo_set_steps_start_at_every_answer_right():
    made = figure_attribution(replace(FOUND, of="errors", curated_accuracy=None, total=0.145))
    assert made.data[0].y[0] == "every answer right" and made.data[0].x[0] == 100


def test_parts_without_points_are_no_step():
    made = figure_attribution(replace(FOUND, parts=(SHOWN, replace(THIN, points=None), REST)))
    assert set(bars(made)) == {"broken characters", "unexplained"}


class _Study:
    def __init__(self, found):
        self.evaluation = type("Result", (), {"attribution": found})


def test_pages():
    study = _Study(FOUND)
    table = attribution_table(study)
    assert table.rows[0][0] == "broken characters" and "$252,000" in repr(table)
    assert [row[0] for row in table.rows] == ["broken characters", "near copies", "late records", "unexplained"]
    assert attribution(study).layout.title.text
    assert "not yet proof" in repr(meaning_attribution(study))
    nothing = _Study(None)
    assert "nothing says which defect" in repr(attribution(nothing))
    assert not repr(attribution_table(nothing)).strip() and not repr(meaning_attribution(nothing)).strip()
