"""Charts of latency: they show the result's own numbers, say their message, and never rely on colour alone."""

import json
from dataclasses import replace

import numpy as np
import pytest

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.figures import latency as figures
from flightready.figures import latency_load as of_load
from flightready.intervals import clopper_pearson
from flightready.latency.budget import analyse
from flightready.traffic.demand import plan

LOAD = "workload: {users_per_day: 80_000 to 120_000, requests_per_user: 1, peak_to_mean: 2.5}\n"
FULL = LOAD + "latency: {spans: s.jsonl, budget: {p95: 6 s, p99: 9 s}, limits: {concurrency: 14}}\n"


def traces(n=300, failed=0, name="model"):
    rng = np.random.default_rng(6)
    for i in range(n):
        now, spans = 1_780_000_000.0 + 30 * i, []
        shared, start = rng.lognormal(0, 0.4), 1_780_000_000.0 + 30 * i
        for j, (step, length) in enumerate((("search", 0.6 * shared), (name, 2.4 * shared * rng.lognormal(0, 0.3)))):
            spans.append((step, f"{i * 4 + j + 2:016x}", f"{i * 4 + 1:016x}", now, now + length, 0))
            now += length
        spans.append(("request", f"{i * 4 + 1:016x}", "", start, now, 2 if i < failed else 0))
        made = [
            {
                "traceId": f"{i + 1:032x}",
                "name": step,
                "spanId": own,
                "parentSpanId": parent,
                "status": {"code": code},
                "startTimeUnixNano": str(round(a * 1e6) * 1000),
                "endTimeUnixNano": str(round(b * 1e6) * 1000),
            }
            for step, own, parent, a, b, code in spans
        ]
        yield json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": made}]}]})


@pytest.fixture
def result(tmp_path):
    def make(yaml=FULL, **options):
        (tmp_path / "s.jsonl").write_text("\n".join(traces(**options)) + "\n")
        (tmp_path / "assessment.yaml").write_text("name: Test\n" + yaml)
        pilot, joint = load(tmp_path), JointSample(7, replicates=4, draws=256)
        return analyse(pilot, joint, plan(pilot, joint), usage=None)

    return make


def axes_have_units(fig):
    return all(
        "(" in (t or "") or "second" in (t or "")
        for t in (fig.layout.xaxis.title.text, fig.layout.yaxis.title.text)
        if t
    )


def test_the_curve_of_answers_ends_at_the_share_that_was_answered(result):
    found = result(failed=30)
    fig = figures.figure_answered(found)
    curve = next(t for t in fig.data if t.name and t.name.startswith("share answered"))
    assert max(curve.y) == pytest.approx(90)
    assert len(curve.x) == 270 + 2
    assert "10 % get no answer" in [a.text for a in fig.layout.annotations]
    assert "are answered within 6.0 s" in fig.layout.title.text
    assert axes_have_units(fig)
    assert fig.layout.meta["description"]


def test_percentile_marks_stand_at_their_estimate_and_budget(result):
    found = result()
    fig = figures.figure_answered(found)
    p95 = next(p for p in found.pilot if p.name == "p95")
    marks = {t.name: t for t in fig.data if t.name}
    mark = next(t for name, t in marks.items() if name.startswith("p95"))
    assert (mark.x[0], mark.y[0]) == (p95.value_s, 95)
    budgets = [t for t in fig.data if t.mode == "markers+text"]
    assert [(t.x[0], t.y[0]) for t in budgets] == [(6.0, 95), (9.0, 99)]


def test_the_load_curve_marks_plan_budgets_and_saturation(result):
    found = result()
    fig = of_load.figure_load(found.curve, found)
    names = [t.name for t in fig.data if t.name]
    assert any(n.startswith("p95") for n in names)
    assert "load in the pilot's traces" in names
    texts = " ".join(a.text for a in fig.layout.annotations)
    assert "planned peak 2.84" in texts
    assert "the queue<br>never ends" in texts
    assert "budget p95" in texts
    p95 = next(t for t in fig.data if t.name and t.name.startswith("p95"))
    assert p95.y[0] == pytest.approx(found.curve.quantiles_s["p95"][0])
    assert np.isfinite(np.array(p95.y, dtype=float)).all()
    assert axes_have_units(fig)


def test_close_budgets_are_named_on_two_sides_and_a_small_load_is_drawn_whole(result):
    found = result()
    near, far = (of_load.figure_load(found.curve, found, budgets_s=b) for b in (
        {"p95": 8.0, "p99": 8.2}, {"p95": 2.0, "p99": 9.0}))  # fmt: skip
    sides = [[a.yanchor for a in fig.layout.annotations if a.text.startswith("budget")] for fig in (near, far)]
    assert sides == [["top", "bottom"], ["bottom", "bottom"]]
    assert near.layout.xaxis.range[0] < 0
    assert of_load.figure_outcomes(found.curve, found).layout.xaxis.range[0] < 0


def test_a_p99_that_is_never_reached_is_said_in_the_legend(result):
    found = result(failed=9)
    fig = of_load.figure_load(found.curve, found)
    assert "p99: more than 1 of 100 get no answer" in [t.name for t in fig.data]


def test_a_plan_above_saturation_is_in_the_title(result):
    found = result(FULL.replace("concurrency: 14", "concurrency: 3"))
    assert of_load.figure_load(found.curve, found).layout.title.text.endswith(", the planned peak brings 2.84")


def test_another_load_and_budget_can_be_drawn(result):
    found = result()
    fig = of_load.figure_load(found.curve, found, peak=(1.0, 1.0, 1.0), budgets_s={"p95": 4.0})
    assert fig.layout.title.text.endswith("; the load tried is 1")  # not the plan's
    tried = of_load.figure_outcomes(found.curve, found, peak=(1.0, 1.0, 1.0)).layout.title.text
    assert tried.startswith("At the load tried, 1 request a second")
    assert [s.y0 for s in fig.layout.shapes if s.y0 == s.y1] == [4.0]


def test_the_endings_of_requests_add_up_at_every_load(result):
    found = result(FULL.replace("concurrency: 14", "concurrency: 14, requests_per_minute: 120"), failed=9)
    fig = of_load.figure_outcomes(found.curve, found)
    areas = [t for t in fig.data if t.stackgroup]
    assert [t.name for t in areas] == ["in time", "late", "by the fallback", "with an error"]
    assert np.sum([t.y for t in areas], axis=0) == pytest.approx(np.full(len(areas[0].x), 100.0))
    assert len({t.fillpattern.shape for t in areas}) == 4  # never by colour alone
    assert fig.layout.title.text.startswith("At the planned peak, 2.84 requests a second, ")
    assert axes_have_units(fig)
    assert "turned away<br>at a limit" in [a.text for a in of_load.figure_load(found.curve, found).layout.annotations]


def test_typed_stages_are_drawn_as_ranges(result):
    found = result("latency: {stages: {a: {p50: 1 s, p95: 3 s}, b: {p50: 1 s, p95: 2 s}}, budget: {p95: 4 s}}\n")
    fig = figures.figure_typed(found)
    ends = [sorted((c.independent, c.added)) for c in found.composition]
    assert list(fig.data[0].base) == pytest.approx([low for low, _ in ends])
    assert list(fig.data[1].x) == [4.0]
    assert fig.data[0].marker.pattern.shape == "/"
    assert fig.data[0].y[1].startswith("95 of 100: ")  # the range beside the axis, clear of the mark of the budget


def test_the_band_is_the_exact_interval_of_each_share(result):
    found = result(n=60, failed=3)
    data, fig = found.answered, figures.figure_answered(found)
    low, high = (t for t in fig.data if t.line.width == 0)
    exact = clopper_pearson(30, 60)
    at = int(np.argmax(data.share == 0.5))
    assert (low.y[at + 1], high.y[at + 1]) == pytest.approx((100 * exact.low, 100 * exact.high))
    # read across, the band gives the exact interval of the percentile
    p50 = found.pilot[0]
    assert data.times_s[np.argmax(data.high >= 0.5)] == pytest.approx(p50.low_s)
    assert data.times_s[np.argmax(data.low >= 0.5)] == pytest.approx(p50.high_s)


def test_a_long_tail_is_drawn_on_a_logarithmic_axis(result):
    found = result()
    assert figures.figure_answered(found).layout.xaxis.type != "log"
    times = found.answered.times_s.copy()
    times[-1] = 100 * times[times.size // 2]
    fig = figures.figure_answered(replace(found, answered=replace(found.answered, times_s=times)))
    assert fig.layout.xaxis.type == "log"
    assert "logarithmic" in fig.layout.xaxis.title.text
    assert 10 ** fig.layout.xaxis.range[0] < times[0] < times[-1] < 10 ** fig.layout.xaxis.range[1]
