"""The budget split over stages: it adds up, weighs what slow requests spend, and finds what one stage must become."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from request_coverage import correlated, of_stages

from flightready.intervals import quantile_with_interval
from flightready.latency.allocation import allocation, near
from flightready.latency.stage_change import changed

SHARES = {"p95": 0.95, "p99": 0.99}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1, 10), st.integers(3, 80))
def test_parts_and_allowances_add_up(seed, budget, n):
    traces = correlated(n, np.random.default_rng(seed))
    for found in allocation(traces, SHARES, {"p95": budget}, seed=1):
        assert found.total_s == quantile_with_interval(traces.total_s, found.share)[0]
        assert sum(s.takes_s for s in found.stages) == pytest.approx(found.total_s)
        assert sum(s.part for s in found.stages) == pytest.approx(1.0)
        if found.budget_s:
            assert sum(s.allowed_s for s in found.stages) == pytest.approx(budget)
            assert sum(s.headroom_s for s in found.stages) == pytest.approx(budget - found.total_s)


def test_normal_stages_have_their_covariance_as_part():
    # E[a | a + b = q] = mean_a + var_a / (var_a + var_b) (q - mean), exact for independent normal stages
    rng = np.random.default_rng(7)
    traces = of_stages(np.column_stack([10 + 1.0 * rng.normal(size=200_000), 10 + 2.0 * rng.normal(size=200_000)]))
    (found,) = allocation(traces, {"p95": 0.95}, {}, seed=1)
    z = 1.6448536 * np.sqrt(5.0)
    assert [s.takes_s for s in found.stages[:2]] == pytest.approx([10 + z / 5, 10 + 4 * z / 5], rel=0.005)


def test_what_one_stage_must_become_alone_keeps_the_budget():
    traces = correlated(800, np.random.default_rng(8))
    (found,) = allocation(traces, {"p95": 0.95}, {"p95": 3.0}, seed=1)
    assert found.total_s > 3.0
    by_name = {s.name: s for s in found.stages}
    b = by_name["b"]
    after = quantile_with_interval(changed(traces, "b", factor=b.factor).total_s, 0.95)[0]
    assert after == pytest.approx(3.0, abs=0.01)
    assert b.factor_interval.low < b.factor < b.factor_interval.high < 1
    assert b.becomes_p95_s == pytest.approx(b.factor * quantile_with_interval(traces.stage_s[:, 1], 0.95)[0])
    assert by_name["a"].factor is None  # without it the rest still takes too long
    assert quantile_with_interval(changed(traces, "a", factor=0.0).total_s, 0.95)[0] > 3.0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.5, 8), st.sampled_from([(0, 1, 2), (0, 0, 1), (0, 1, 1)]))
def test_the_factor_is_where_the_share_in_time_crosses(seed, budget, steps):
    traces = of_stages(correlated(120, np.random.default_rng(seed)).stage_s, 0.05, steps=steps)
    (found,) = allocation(traces, {"p95": 0.95}, {"p95": budget}, seed=1)
    for stage in found.stages[:-1]:

        def in_time(factor, stage=stage):
            return np.mean(changed(traces, stage.name, factor=factor).total_s <= budget)

        if stage.factor is None:
            assert in_time(0.0) <= 0.96  # 120 requests: the percentile lies between two of them
        else:
            assert in_time(0.98 * stage.factor) >= 0.95 - 1 / 120
            assert stage.most or in_time(1.02 * stage.factor + 1e-6) <= 0.95 + 1 / 120


def test_room_is_a_factor_above_one():
    traces = of_stages(np.column_stack([np.linspace(1, 2, 100), np.full(100, 0.001)]))
    (found,) = allocation(traces, {"p95": 0.95}, {"p95": 3.9}, seed=1)
    a, b, _ = found.stages
    assert 1.9 < a.factor < 2.1
    assert b.most
    assert b.factor == 10


def test_more_failures_than_the_percentile_allows():
    traces = of_stages(np.random.default_rng(9).exponential(size=(300, 2)), answered=np.arange(300) >= 9)
    p95, p99 = allocation(traces, SHARES, {"p95": 1.0, "p99": 50.0}, seed=1)
    assert not p95.answered_only
    assert p99.answered_only
    assert all(s.factor is None for s in p99.stages)
    assert p99.total_s == quantile_with_interval(traces.total_s[traces.answered], 0.99)[0]


def test_too_few_requests_leave_the_upper_end_open():
    (p99,) = allocation(correlated(40, np.random.default_rng(10)), {"p99": 0.99}, {"p99": 9.0}, seed=1)
    assert all(s.takes.high is None and s.headroom.low is None for s in p99.stages)


def test_the_band_around_a_percentile():
    assert near(0.95, 10_000) == pytest.approx((0.925, 0.975))
    assert near(0.99, 100) == pytest.approx((0.94, 1.0))  # ten requests wide, as far as there are any
    assert near(0.5, 10_000) == pytest.approx((0.4, 0.6))


def test_nothing_to_split():
    assert allocation(of_stages(np.ones((4, 2)), answered=np.zeros(4, dtype=bool)), SHARES, {}, seed=1) == ()
