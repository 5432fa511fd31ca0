"""Charts of stages: bars where the stages are, percentiles in three ways, names escaped, never by colour alone."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from request_coverage import correlated
from test_figures_latency import axes_have_units

from flightready.figures.latency_budget import figure_composition, figure_waterfall
from flightready.latency.composition import composition
from flightready.latency.waterfall import waterfall


@pytest.fixture
def result():
    def made(name="b", budgets=None):
        traces = replace(correlated(200, np.random.default_rng(1)), stages=("a", name, "c"))
        return SimpleNamespace(
            waterfalls=tuple(waterfall(traces, n, q) for n, q in (("p50", 0.5), ("p99", 0.99))),
            composition=composition(traces, [0.5, 0.95, 0.99]),
            budgets_s=budgets or {},
        )

    return made


def test_bars_lie_where_the_stages_are(result):
    found = result(budgets={"p95": 3.0, "p99": 900.0})
    fig = figure_waterfall(found)
    usual, slow = fig.data
    assert list(slow.base) == [b.start_s for b in found.waterfalls[1].bars]
    assert slow.base[-1] + slow.x[-1] == pytest.approx(found.waterfalls[1].total_s)
    assert usual.marker.pattern.shape != slow.marker.pattern.shape
    assert fig.layout.title.text.startswith("'b' takes")
    assert [s.x0 for s in fig.layout.shapes] == [3.0]  # a budget far beyond the requests would squeeze the bars
    assert axes_have_units(fig)


def test_three_ways_differ_by_shape_and_only_whole_requests_have_an_interval(result):
    found = result()
    apart, added, together = figure_composition(found).data
    assert len({t.marker.symbol for t in (apart, added, together)}) == 3
    p95 = found.composition[1]
    assert (apart.x[1], added.x[1], together.x[1]) == (p95.independent, p95.added, p95.together)
    assert together.error_x.array[1] == pytest.approx(p95.interval.high - p95.together)
    # 200 requests do not bound the 99th percentile: its line runs to the edge
    assert together.x[2] + together.error_x.array[2] == pytest.approx(figure_composition(found).layout.xaxis.range[1])
    assert "no upper bound" in together.text[2]
    assert apart.error_x.array is None


def test_names_from_data_are_escaped(result):
    fig = figure_waterfall(result(name="<img src=x onerror=alert(1)>"))
    assert "<img" not in fig.layout.title.text
    assert not any("<img" in name for t in fig.data for name in t.y)
