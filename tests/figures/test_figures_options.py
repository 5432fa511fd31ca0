"""The chart of options: every line told apart without colour, labels that lie apart, dots where the cheapest changes."""

from html import escape

import numpy as np
import pytest
from option_rows import compared

from flightready.figures.options import figure_options

OWN = {"name": "Own <b>machines</b>, " + 40 * "long ", "kind": "self_hosted", "per_gpu": "6.4 USD per hour",
       "gpus_per_replica": 1, "rate_per_replica": 2, "headroom": 1}  # fmt: skip
LIKE = [{"name": f"Product {k}", "kind": "buy", "per_request": f"{0.003 + 0.00001 * k:.5f} USD"} for k in range(9)]
LOAD = {
    "users_per_day": "40_000 to 60_000",
    "requests_per_user": 1,
    "growth_per_month": "0%",
    "peak_to_mean": 3,
    "peak_minute": 1,
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    result = compared(tmp_path_factory.mktemp("pilot"), OWN, *LIKE, workload=LOAD)
    return result, figure_options(result)


def test_lines_differ_without_colour_and_the_rest_is_left_to_the_table(drawn):
    result, fig = drawn
    lines = [t for t in fig.data if t.mode == "lines+markers"]
    assert len(lines) == 7 and lines[0].name == escape("The pilot's own way")
    assert len({t.line.dash for t in lines}) == len({t.marker.symbol for t in lines}) == 7
    np.testing.assert_allclose(lines[0].y, np.interp(lines[0].x, result.comparison.users,
                                                     result.comparison.middle_usd["The pilot's own way"]))  # fmt: skip
    assert "&lt;b&gt;" in lines[1].name and "<b>" not in fig.layout.title.text


def test_labels_lie_apart_inside_the_chart(drawn):
    _, fig = drawn
    low, high = fig.layout.yaxis.range
    inner = fig.layout.height - fig.layout.margin.t - fig.layout.margin.b
    ends = [a for a in fig.layout.annotations if a.xref == "paper"]
    places = sorted((a.y - low) / (high - low) * inner - a.ay for a in ends)
    assert len(ends) == 7 and np.diff(places).min() >= 18.9
    assert min(places) >= 0 and max(places) <= inner + 1e-6


def test_the_plan_and_the_changes_are_marked(drawn):
    result, fig = drawn
    traces = {t.name: t for t in fig.data}
    low, high = (10**end for end in fig.layout.xaxis.range)
    changes = [r.high for r in result.comparison.cheapest[:-1] if low <= r.high <= high]
    np.testing.assert_allclose(traces["the cheapest changes"].x, changes)
    assert len(traces["two cost the same"].x) >= len(changes) > 3
    texts = [a.text for a in fig.layout.annotations]
    assert "planned: 49,000 users a day" in texts and any(" to " in t and t.endswith(" users") for t in texts)
    assert fig.layout.meta["description"].startswith("Lines of monthly cost") and "(USD)" in fig.layout.yaxis.title.text


def test_what_costs_nothing_has_no_place_on_a_logarithmic_axis(tmp_path):
    free = {"name": "Free", "kind": "buy", "per_request": "0 USD"}
    fig = figure_options(compared(tmp_path, free, log=None, cost={"bill": "0 USD for 10 requests"}, workload=LOAD))
    assert all(np.isfinite(fig.layout.yaxis.range)) and np.isnan(np.array(fig.data[0].y, dtype=float)).all()
