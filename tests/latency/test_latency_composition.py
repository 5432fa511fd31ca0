"""Percentiles end to end: known sums and maxima, steps side by side, stages that not every request visits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from request_coverage import of_stages

from flightready.latency.composition import at_same_time, composition, fan_out, independent_sum, share_of_each
from flightready.latency.flow import flow
from flightready.latency.waterfall import waterfall


def exponential(x):
    return 1 - np.exp(-np.maximum(x, 0))


def exponential_times(n, k, seed=1):
    return np.random.default_rng(seed).exponential(size=(n, k))


def test_the_longest_of_five_exponential_times():
    # exact: p99 6.21059, mean 2.28333
    found = independent_sum([at_same_time([exponential] * 5)], [30.0], [0.99])
    assert found[0] == pytest.approx(6.21059, abs=1e-3)
    drawn = exponential_times(200_000, 5).max(axis=1)
    assert drawn.mean() == pytest.approx(2.28333, rel=0.01)
    assert np.quantile(drawn, 0.99) == pytest.approx(found[0], rel=0.02)


def test_how_sure_each_copy_must_be():
    # exact: .99 ** (1/5), .99 ** (1/100); of 100 copies late in 1 of 100 at least one is in 63.397 %, 2000 at .01 % in 18.127 %
    assert share_of_each(0.99, 5) == pytest.approx(0.997992, abs=1e-6)
    assert share_of_each(0.99, 100) == pytest.approx(0.9998995, abs=1e-7)
    for late, copies, any_late in ((0.01, 100, 0.63397), (0.0001, 2000, 0.18127)):
        within = at_same_time([lambda x, p=late: np.full_like(x, 1 - p)] * copies)
        assert 1 - within(np.array([1.0]))[0] == pytest.approx(any_late, abs=1e-5)


def test_one_after_the_other_in_three_ways():
    # exact: sum of three Exp(1) p99 8.40595; percentiles added 13.81551
    (found,) = composition(of_stages(exponential_times(40_000, 3)), [0.99])
    assert found.independent == pytest.approx(8.40595, rel=0.02)
    assert found.together == pytest.approx(found.independent, rel=0.03)
    assert found.added == pytest.approx(13.81551, rel=0.03)
    assert found.interval.low <= found.together <= found.interval.high


def test_side_by_side_the_longest_counts():
    (found,) = composition(of_stages(exponential_times(40_000, 5), steps=(0,) * 5), [0.99])
    assert found.independent == pytest.approx(6.21059, rel=0.02)
    assert found.together == pytest.approx(6.21059, rel=0.03)
    assert found.added == pytest.approx(-np.log(0.01), rel=0.03)  # all slow at once: the longest of equal percentiles


def test_a_stage_that_few_requests_visit_counts_without_time_elsewhere():
    rng = np.random.default_rng(3)
    visited = rng.random(40_000) < 0.03
    stage = np.column_stack([np.ones(40_000), np.where(visited, 5.0, 0.0)])
    p95, p99 = composition(of_stages(stage), [0.95, 0.99])
    assert (p95.independent, p99.independent) == pytest.approx((1.0, 6.0), abs=0.01)
    assert p99.added == pytest.approx(p99.together) == pytest.approx(6.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 2), min_size=2, max_size=4), st.floats(0, 0.5))
def test_steps_and_the_rest_make_up_each_request(seed, steps, rest):
    traces = of_stages(exponential_times(20, len(steps), seed) + 0.6, rest, steps=tuple(sorted(steps)))
    whole = flow(traces)
    assert whole.total_s == pytest.approx(traces.total_s)
    assert whole.rest_s == pytest.approx(np.full(20, rest))


def test_copies_of_a_stage_side_by_side():
    stage, copies = np.ones((10, 3)), np.tile([1, 5, 5], (10, 1))
    traces = of_stages(stage, copies=copies, spent_s=np.tile([1.0, 4.0, 1.0], (10, 1)))
    (found,) = fan_out(traces, 0.99)  # of the third stage one copy follows another
    assert (found.stage, found.copies, round(found.each, 6)) == ("b", 5, 0.997992)


def test_a_waterfall_adds_up_to_the_percentile():
    traces = of_stages(exponential_times(4000, 4), 0.2, steps=(0, 1, 1, 2))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        found = waterfall(traces, name, share)
        a, b, c, d, between = found.bars
        assert found.total_s == pytest.approx(np.quantile(traces.total_s, share), rel=0.01)
        assert (a.start_s, b.start_s, c.start_s) == pytest.approx((0.0, a.length_s, a.length_s))
        assert d.start_s >= b.start_s + max(b.length_s, c.length_s) - 1e-9  # the longest on average or longer
        assert between.start_s == pytest.approx(d.start_s + d.length_s)
        assert between.start_s + between.length_s == pytest.approx(found.total_s)


def test_no_waterfall_without_stages_or_answers():
    assert waterfall(of_stages(np.ones((5, 2)), answered=np.zeros(5, dtype=bool)), "p50", 0.5) is None
    assert waterfall(of_stages(np.ones((5, 1))), "p50", 0.5).bars[0].length_s == 1.0
