"""What if one stage changes: ranks and the rest of each request stay, and the stated percentiles are met."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from request_coverage import correlated, of_stages

from flightready.errors import InputError
from flightready.intervals import quantile_with_interval
from flightready.latency.resamples import resampled
from flightready.latency.stage_change import changed, each_changed, effects

SHARES = {"p50": 0.5, "p95": 0.95}


def percentile(values, share):
    return quantile_with_interval(values, share)[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.05, 3), st.floats(1, 6), st.booleans())
def test_every_request_keeps_its_rank_within_the_stage(seed, p50, times, coarse):
    traces = correlated(60, np.random.default_rng(seed))
    if coarse:  # equal times stay equal
        traces = of_stages(np.ceil(traces.stage_s * 4) / 4, 0.05)
    if percentile(traces.stage_s[:, 1], 0.95) <= percentile(traces.stage_s[:, 1], 0.5):
        return
    after = changed(traces, "b", p50_s=p50, p95_s=p50 * times)
    old, new = traces.stage_s[:, 1], after.stage_s[:, 1]
    order = np.argsort(old, kind="stable")
    assert (np.diff(new[order]) >= -1e-12).all()
    assert (np.diff(new[order])[np.diff(old[order]) == 0] == 0).all()
    assert np.array_equal(after.stage_s[:, [0, 2]], traces.stage_s[:, [0, 2]])
    assert after.total_s - new == pytest.approx(traces.total_s - old)
    assert after.part_s.sum(axis=1) == pytest.approx(after.total_s)
    assert after.critical_s.sum(axis=1) == pytest.approx(after.total_s)


def test_stated_percentiles_are_met():
    traces = correlated(2000, np.random.default_rng(1))
    for asked in ({"p50_s": 0.7}, {"p95_s": 2.0}, {"p50_s": 0.4, "p95_s": 3.0}, {"p50_s": 0.9, "p95_s": 1.1}):
        stage = changed(traces, "b", **asked).stage_s[:, 1]
        met = {name: percentile(stage, SHARES[name.removesuffix("_s")]) for name in asked}
        assert met == pytest.approx(asked, rel=0.01)


def test_a_lognormal_stage_becomes_the_lognormal_through_both_percentiles():
    rng = np.random.default_rng(2)
    traces = of_stages(np.exp(rng.normal(size=(20_000, 1))))
    stage = changed(traces, "a", p50_s=2.0, p95_s=2.0 * np.exp(0.5 * 1.6448536)).stage_s[:, 0]
    assert np.log(stage / 2.0).std() == pytest.approx(0.5, rel=0.02)


def test_a_factor_of_one_changes_nothing_and_of_zero_takes_the_stage_away():
    traces = correlated(50, np.random.default_rng(3))
    assert changed(traces, "b", factor=1.0).total_s == pytest.approx(traces.total_s)
    assert changed(traces, "b", factor=0.0).total_s == pytest.approx(traces.total_s - traces.stage_s[:, 1])


def test_beside_a_longer_stage_a_faster_one_saves_nothing():
    traces = of_stages([[1.0, 4.0, 3.0]], 0.5, steps=(0, 1, 1))
    assert changed(traces, "c", factor=0.1).total_s == pytest.approx([5.5])
    after = changed(traces, "b", factor=0.25)
    assert after.total_s == pytest.approx([4.5])
    assert after.critical_s == pytest.approx(np.array([[1.0, 0.0, 3.0, 0.5]]))


def test_requests_that_skip_a_stage_stay_as_they_are_and_failed_ones_never_answer():
    stage = np.column_stack([np.ones(40), np.where(np.arange(40) < 20, np.arange(40) + 1.0, 0.0)])
    traces = of_stages(stage, answered=np.arange(40) != 5)
    after = changed(traces, "b", p50_s=2.0, p95_s=9.0)
    assert np.array_equal(after.total_s[20:], traces.total_s[20:])
    assert np.isinf(after.answer_s[5])
    assert after.total_s[5] < traces.total_s[5]  # its time in service changes like the others'
    assert percentile(after.stage_s[:20, 1][traces.answered[:20]], 0.5) == pytest.approx(2.0, rel=0.02)


def test_effects_come_with_a_difference_over_the_same_resamples():
    traces = correlated(500, np.random.default_rng(4))
    samples = resampled(traces, seed=1)
    p50, p95 = effects(traces, changed(traces, "b", factor=0.5), SHARES, samples)
    assert p95.difference_s == pytest.approx(p95.after_s - p95.before_s)
    assert p95.difference.low < p95.difference_s < p95.difference.high < 0
    # the same luck before and after: narrower than the percentile itself
    assert p95.difference.high - p95.difference.low < p95.before.high - p95.before.low
    (same, _) = effects(traces, traces, SHARES, samples)
    assert (same.difference_s, same.difference.low, same.difference.high) == (0.0, 0.0, 0.0)
    assert p50.before_s == percentile(traces.total_s, 0.5)


def test_too_few_or_failed_requests_give_no_difference():
    few = correlated(30, np.random.default_rng(5))
    (found,) = effects(few, changed(few, "b", factor=0.5), {"p99": 0.99}, resampled(few, seed=1))
    assert found.difference_s is not None
    assert (found.difference.low, found.difference.high, found.after.high) == (None, None, None)
    failed = of_stages(np.ones((100, 2)), answered=np.arange(100) >= 20)
    (never,) = effects(failed, failed, {"p95": 0.95}, resampled(failed, seed=1))
    assert (never.before_s, never.after_s, never.difference_s) == (None, None, None)


def test_each_stage_alone():
    traces = correlated(200, np.random.default_rng(6))
    found = {c.stage: c for c in each_changed(traces, SHARES, resampled(traces, seed=1))}
    gains = {stage: c.effects[1].difference_s for stage, c in found.items()}
    assert min(gains, key=gains.get) == "b"
    assert all(c.factor == 0.5 for c in found.values())


@pytest.mark.parametrize(
    ("stage", "asked", "said"),
    [
        ("bb", {"factor": 0.5}, "there is no stage 'bb'.*[Dd]id you mean 'b'"),
        ("b", {}, "p50, p95 or both"),
        ("b", {"factor": 0.5, "p50_s": 1.0}, "a factor alone"),
        ("b", {"factor": -1.0}, "a factor alone"),
        ("b", {"p50_s": 2.0, "p95_s": 1.0}, "above 0 and rising"),
        ("b", {"p95_s": 0.0}, "above 0 and rising"),
        ("c", {"p50_s": 1.0, "p95_s": 2.0}, "do not differ"),
        ("d", {"p50_s": 1.0}, "no answered request visited"),
    ],
)
def test_what_cannot_be_asked(stage, asked, said):
    times = np.column_stack([np.arange(9) + 1.0, np.arange(9) + 1.0, np.ones(9), np.zeros(9)])
    with pytest.raises(InputError, match=said):
        changed(of_stages(times), stage, **asked)
