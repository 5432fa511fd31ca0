"""Cells of the drills and of the availability: sentences, charts and tables for every kind of input."""

import dataclasses

import plotly.graph_objects as go
import pytest
from test_latency_budget import LOAD, latency, traced

from flightready.figures.latency_drills import figure_availability, figure_drills
from flightready.narrative import latency_drills as narrative
from flightready.pages import latency as pages
from flightready.pages.display import Prose, Table

UPSTREAMS = "availability: {target: 99.5%, upstreams: [{name: <b>store</b>, available: 99.9%}]}"
PEOPLE = "policy: {timeout: 20 s, retries: 1, fallback: queue_for_human, fallback_works: 99%}"
REVIEW = "evaluation: {review: {capacity_per_day: 2_500, time: 90 s}}\n"
CASES = {
    "everything": (REVIEW + LOAD + latency(f"limits: {{concurrency: 40}}, {PEOPLE}, {UPSTREAMS}"), {"spans": traced(failed=4)}),
    "no policy": (LOAD + latency("limits: {concurrency: 40}", budget=""), {"spans": traced(n=60)}),
    "typed": (LOAD + "latency: {stages: {a: {p50: 1 s, p95: 3 s}}, policy: {timeout: 9 s, fallback: cached_answer}}\n", {}),
    "no load": (latency(f"{PEOPLE}, {UPSTREAMS}"), {"spans": traced(n=60)}),
    "nothing": ("", {}),
}  # fmt: skip
CELLS = ("drill_chart", "meaning_drills", "drill_table", "availability", "meaning_availability")


@pytest.fixture(params=CASES)
def study(run, request):
    text, options = CASES[request.param]
    made = run(text, **options)
    made.case = request.param
    return made


def test_every_cell_says_something_true_of_every_kind_of_input(study):
    for cell in CELLS:
        shown = getattr(pages, cell)(study)
        assert isinstance(shown, go.Figure | Prose | Table), cell
        assert not any(word in repr(shown) for word in ("None", "nan", "inf ")), (cell, repr(shown))
    drawn = [cell for cell in CELLS if isinstance(getattr(pages, cell)(study), go.Figure)]
    charts = {"everything": ["drill_chart", "availability"], "no policy": ["drill_chart", "availability"],
              "typed": ["drill_chart"], "no load": ["availability"], "nothing": []}  # fmt: skip
    assert drawn == charts[study.case]
    assert repr(pages.meaning_drills(study))
    assert {f.title for f in study.drills.findings} <= {row[1] for row in pages.findings(study).rows}


def test_a_chart_has_a_panel_for_each_drill_and_a_shade_for_each_fault(run):
    text, options = CASES["everything"]
    found = run(text, **options).drills
    chart = figure_drills(found)
    assert len([s for s in chart.layout.shapes if s.type == "rect"]) == len(found.known) == 6
    stacked = [t for t in chart.data if t.stackgroup]
    assert len(stacked) == 4 * 6
    for i in range(6):
        total = sum(t.y for t in stacked[4 * i : 4 * i + 4])
        assert total == pytest.approx([100] * len(total), abs=0.05)
    minutes = figure_availability(found.availability)
    names = [bar.name for bar in minutes.data if bar.type == "bar"]
    assert names[0] == "&lt;b&gt;store&lt;/b&gt;"  # what comes from the assessment is escaped
    stack = sum(bar.x[0] for bar in minutes.data if bar.type == "bar" and bar.y[0] == "by itself")
    assert stack == pytest.approx(found.availability.primary_minutes.median)


def test_the_title_says_what_hits_hardest_and_whether_it_goes_well_without_a_fault(run):
    text, options = CASES["everything"]
    found = run(text, **options).drills
    worst = min(found.known, key=lambda d: d.answered)
    assert figure_drills(found).layout.title.text.startswith(f"'{worst.name}' hits hardest: ")
    bad = dataclasses.replace(worst, usual_answered=0.4, answered=0.1)
    overloaded = dataclasses.replace(found, drills=(bad,))
    assert figure_drills(overloaded).layout.title.text == (
        f"Even without a fault 40 of 100 are in time; with '{worst.name}' 10")  # fmt: skip
    assert "mend that first" in " ".join(narrative.answer(overloaded))


def test_the_table_is_narrow_and_says_the_simulations_own_error_once(run):
    text, options = CASES["everything"]
    shown = pages.drill_table(run(text, **options))
    assert shown.rows[0][1] == "50 % of calls, 5 minutes"
    assert not any("(" in cell for row in shown.rows for cell in row[1:])
    assert "The simulation's own error: at most" in shown.note


def test_what_cannot_be_drawn_is_refused(run):
    found = run("").drills
    with pytest.raises(ValueError, match="no drill"):
        figure_drills(found)
    with pytest.raises(ValueError, match="no minutes"):
        figure_availability(found.availability)


def test_sentences_name_what_lasts_and_what_never_ends(run):
    text, options = CASES["no policy"]
    found = run(text, **options).drills
    said = " ".join(narrative.answer(found))
    assert "Without a time-out a stuck call waits for ever" in said
    assert "what comes then is not declared" in said
    assert "every answer counts as in time" in said
    lasting = dataclasses.replace(found.known[0], recovered_after_s=None, is_steady=True, watched_s=1_800.0)
    told = " ".join(narrative.answer(dataclasses.replace(found, drills=(lasting,))))
    assert f"After '{lasting.name}' it does not recover by itself within 30 minutes" in told
    assert narrative.back(dataclasses.replace(lasting, is_steady=False)) == "cannot tell"


def test_what_falls_on_people_is_said_with_what_they_can_take(run):
    text, options = CASES["everything"]
    found = run(text, **options).drills
    said = " ".join(narrative.people(found))
    assert "With 6 people at it" in said  # 2,500 cases of 90 s in the policy's 9.8 hours a day
    assert "how long people work a day" in said
    assert "who can take 2,500 cases a day" in " ".join(narrative.availability(found))
