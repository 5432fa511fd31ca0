"""The notebook's cells: each shows something that is true for every kind of input, and never an empty chart."""

import json

import plotly.graph_objects as go
import pytest
from latency_spans import request
from test_latency_budget import LOAD, latency, log, traced

from flightready.pages import latency as pages
from flightready.pages.display import Prose, Table

CELLS = (
    "headline",
    "percentile_table",
    "answered",
    "meaning_answered",
    "stages",
    "meaning_stages",
    "stage_table",
    "kinds",
    "composition",
    "meaning_composition",
    "budget_split",
    "meaning_split",
    "faster_stages",
    "meaning_faster",
    "slowest",
    "meaning_slowest",
    "load",
    "meaning_load",
    "outcomes",
    "meaning_outcomes",
    "assumed",
    "capacity",
    "limits",
    "meaning_limits",
    "findings",
    "missing",
)
FULL = LOAD + latency(
    "limits: {concurrency: 14, requests_per_minute: 500}, policy: {retries: 1}", budget="p95: 6 s, p99: 9 s"
)
TYPED = "latency: {stages: {a: {p50: 1 s, p95: 3 s}, b: {p50: 1 s}}}\n"
CASES = {
    "everything": (FULL, {"spans": traced(failed=9)}),
    "no servers": (LOAD + latency(), {"spans": traced(n=50)}),
    "only failures": (FULL, {"spans": traced(n=20, failed=20)}),
    "one request": (FULL, {"spans": traced(n=1)}),
    "a stage of a name that is taken": (
        LOAD + latency("stage_names: {model: the whole request}, limits: {stages: {the whole request: {waiting: 1}}}"),
        {"spans": traced(n=50)},
    ),
    "all of one length": (
        FULL,
        {"spans": [row for i in range(50) for row in request(i, {"search": 1.0, "model": 2.0}, at=60.0 * i)]},
    ),
    "calls": (LOAD + latency(spans=""), {"usage": log()}),
    "typed": (TYPED, {}),
    "load only": (LOAD + "latency: {limits: {concurrency: 12}}\n", {}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize("case", CASES)
def test_every_cell_shows_something_for_every_kind_of_input(run, case):
    text, options = CASES[case]
    study = run(text, **options)
    for cell in CELLS:
        shown = getattr(pages, cell)(study)
        assert isinstance(shown, go.Figure | Prose | Table), cell
        if isinstance(shown, go.Figure):
            assert any(len(t.x) for t in shown.data if t.x is not None), cell
        else:
            odd = ("None", "nan", "inf ", " 1 requests", " -0")
            assert not any(word in repr(shown) for word in odd), (cell, repr(shown))
    assert isinstance(pages.headline(study), Prose)


def test_there_are_charts_when_there_is_data(run):
    study = run(*CASES["everything"][:1], **CASES["everything"][1])
    drawn = [cell for cell in CELLS if isinstance(getattr(pages, cell)(study), go.Figure)]
    assert drawn == ["answered", "stages", "composition", "load", "outcomes", "limits"]


def test_names_from_data_cannot_run(run):
    rows = traced(n=30)
    for row in rows:
        if row["name"] == "model":
            row["name"] = "<script>alert(1)</script>"
    study = run(FULL, spans=rows)
    shown = [getattr(pages, cell)(study) for cell in CELLS]
    html = "".join(s._repr_html_() for s in shown if not isinstance(s, go.Figure))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_what_if_is_shown_against_the_assessment(run):
    spans = traced()
    before, after = run(FULL, spans=spans), run(FULL.replace("concurrency: 14", "concurrency: 40"), spans=spans)
    after.baseline, after.what_ifs = before, {"concurrency": 40.0}
    said = repr(pages.headline(after))
    assert "What if concurrency = 40.0: 95 of 100 requests take up to" in said
    assert "The verdict does not follow what-ifs." in said


def test_the_panel_answers_other_loads_budgets_and_policies(run):
    panel = pages.what_if(run(FULL, spans=traced()))
    assert panel.problem == ""
    assert set(panel.fields) == {"peak_per_second", "concurrency", "budget_p95_s", "timeout_s", "retries", "limits"}
    free = {"budget_p95_s": 60.0, "timeout_s": 0.0, "retries": 0.0, "limits": "none"}

    def said(**values):
        panel.update(free | values)
        return panel.area.outputs[0]["data"]["text/plain"]

    assert "more arrive than can be done" in said(peak_per_second=9.0, concurrency=3.0)
    assert "within a budget of 60 s" in said(peak_per_second=1.0, concurrency=30.0)
    assert "0 with an error" in said(peak_per_second=1.0, concurrency=0.0).replace("0 %", "0")
    assert "the rate limit 'Requests a minute' turns them away" in said(
        peak_per_second=20.0, concurrency=0.0, limits="as stated"
    )
    panel.refine()
    assert json.dumps(panel.area.outputs[1]["data"])


@pytest.mark.parametrize("case", ["typed", "nothing", "load only", "only failures", "calls"])
def test_the_panel_works_without_traces(run, case):
    text, options = CASES[case]
    panel = pages.what_if(run(text, **options))
    assert panel.problem == ""
    assert panel.area.outputs


def test_the_panel_changes_one_stage(run):
    panel = pages.stage_what_if(run(FULL, spans=traced()))
    assert panel.problem == ""
    values = {"stage": "model", "factor": 0.5, "p50_s": 0.0, "p95_s": 0.0}
    panel.update(values)
    half = panel.area.outputs[0]["data"]["text/plain"]
    assert "With 'model' changed" in half
    panel.update(values | {"p50_s": 4.0, "p95_s": 20.0})
    assert panel.area.outputs[0]["data"]["text/plain"] != half
    panel.update(values | {"p50_s": 30.0, "p95_s": 20.0})
    assert "above 0 and rising" in panel.problem


def test_without_traces_no_stage_can_be_changed(run):
    assert "takes" not in repr(pages.stage_what_if(run(TYPED)))


def test_the_answer_says_what_the_context_waits_for(run):
    streams = run(FULL.replace("latency: {", "latency: {context: streaming, "), spans=traced(n=40))
    assert "first words of an answer come is not known" in repr(pages.headline(streams))
    batch = run(FULL.replace("latency: {", "latency: {context: batch, "), spans=traced(n=40))
    assert "Nobody waits for a batch" in repr(pages.headline(batch))
