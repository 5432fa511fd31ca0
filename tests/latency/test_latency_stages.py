"""Stages: composition against exact sums, and what makes slow requests slow."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latency_spans import frame, request
from scipy import stats

from flightready.assessment import load
from flightready.errors import InputError
from flightready.latency.composition import composition, independent_sum
from flightready.latency.stages import stage_times, typed_stages, typical_and_slowest
from flightready.latency.traces import from_spans

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def exponential(x):
    return 1 - np.exp(-np.maximum(x, 0))


def test_sum_of_three_exponentials():
    # exact (gamma distribution): p50 / p95 / p99 = 2.67406 / 6.29579 / 8.40595; adding the p99s would give 13.81551
    found = independent_sum([exponential] * 3, [17.0] * 3, [0.5, 0.95, 0.99])
    assert found == pytest.approx([2.67406, 6.29579, 8.40595], abs=2e-4)
    assert 3 * -np.log(0.01) == pytest.approx(13.81551, abs=1e-5)


def test_sum_with_a_heavy_tail_against_a_simulation():
    rng = np.random.default_rng(2)
    parts = [stats.lognorm(1.2, scale=0.3), stats.lognorm(0.5, scale=1.0)]
    drawn = sum(p.rvs(2_000_000, random_state=rng) for p in parts)
    found = independent_sum([p.cdf for p in parts], [float(p.isf(1e-7)) for p in parts], [0.5, 0.95, 0.99])
    assert found == pytest.approx(np.quantile(drawn, [0.5, 0.95, 0.99]), rel=0.01)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=5))
def test_sum_of_certain_times_is_their_sum(times):
    steps = [lambda x, t=t: (np.asarray(x) >= t).astype(float) for t in times]
    assert independent_sum(steps, times, [0.5])[0] == pytest.approx(sum(times), rel=1e-4)


def pilot_of(folder, stages):
    (folder / "assessment.yaml").write_text(f"name: pilot\nlatency: {{stages: {stages}}}\n")
    return load(folder)


def test_typed_percentiles_are_met_by_each_stage(tmp_path):
    found = typed_stages(pilot_of(tmp_path, "{a: {p50: 300 ms, p95: 900 ms}}"), SHARES)
    p50, p95, p99 = found.composition
    assert (p50.independent, p95.independent) == pytest.approx((0.3, 0.9), rel=2e-3)
    assert (p50.added, p95.added) == pytest.approx((0.3, 0.9), rel=1e-9)
    sigma = np.log(3) / stats.norm.ppf(0.95)
    assert p99.added == pytest.approx(0.3 * np.exp(sigma * stats.norm.ppf(0.99)))
    assert found.mean_s == pytest.approx(0.3 * np.exp(sigma**2 / 2))


def test_two_typed_stages_lie_between_independent_and_slow_together(tmp_path):
    found = typed_stages(pilot_of(tmp_path, "{a: {p50: 1 s, p95: 3 s}, b: {p50: 1 s, p95: 3 s}}"), SHARES)
    p95, p99 = found.composition[1:]
    assert p95.independent < p95.added == pytest.approx(6.0)
    assert p99.independent < p99.added
    assert p95.together is None


def test_a_p99_that_asks_for_a_heavier_tail_is_met(tmp_path):
    found = typed_stages(pilot_of(tmp_path, "{a: {p50: 1 s, p95: 2 s, p99: 20 s}}"), SHARES)
    assert found.composition[2].added == pytest.approx(20.0)


def test_a_stage_without_a_tail_has_no_upper_end(tmp_path):
    found = typed_stages(pilot_of(tmp_path, "{a: {p50: 1 s, p95: 3 s}, b: {p50: 1 s}}"), SHARES)
    assert found.no_tail == ("b",)
    assert found.composition[1].added is None
    assert found.composition[1].independent == pytest.approx(4.0, rel=2e-3)


@pytest.mark.parametrize("stage", ["{p50: 2 s, p95: 1 s}", "{p50: 1 s, p95: 3 s, p99: 2 s}"])
def test_percentiles_that_do_not_rise_are_refused(tmp_path, stage):
    with pytest.raises(InputError, match=r"assessment.yaml, line 2.*percentiles of the stage 'a' do not rise"):
        typed_stages(pilot_of(tmp_path, f"{{a: {stage}}}"), SHARES)


def test_no_stages_typed(tmp_path):
    (tmp_path / "assessment.yaml").write_text("name: pilot\n")
    assert typed_stages(load(tmp_path), SHARES) is None


def traces_of(columns):
    rows = []
    for i, lengths in enumerate(zip(*columns.values(), strict=True)):
        rows += request(i, dict(zip(columns, lengths, strict=True)), at=1000.0 * i)
    return from_spans(frame(*rows), where="spans.jsonl")


def test_the_stage_that_makes_slow_requests_slow():
    # 'model' takes 1 s, and 9 s in one of ten requests; 'search' always 2 s
    model = [9.0 if i % 10 == 0 else 1.0 for i in range(100)]
    times = {s.name: s for s in stage_times(traces_of({"search": [2.0] * 100, "model": model}))}
    assert times["model"].share_of_excess == pytest.approx(1.0, abs=1e-6)
    assert times["search"].share_of_excess == pytest.approx(0.0, abs=1e-6)
    assert times["model"].slowest_s == pytest.approx(9.0, abs=1e-5)
    assert times["search"].typical_s == pytest.approx(2.0, abs=1e-5)
    assert sum(s.share_of_excess for s in times.values()) == pytest.approx(1.0)


def test_stages_slow_together_reach_what_adding_says_and_more_than_independence():
    rng = np.random.default_rng(1)
    shared = rng.lognormal(0, 0.8, 400)
    found = composition(traces_of({"a": shared, "b": shared}), [0.95])[0]
    assert found.together == pytest.approx(found.added, rel=1e-4)
    assert found.independent < 0.95 * found.together


def test_stages_that_know_nothing_of_one_another_match_independence():
    rng = np.random.default_rng(1)
    columns = {"a": rng.lognormal(0, 0.8, 3000), "b": rng.lognormal(0, 0.8, 3000)}
    found = composition(traces_of(columns), [0.95])[0]
    assert found.together == pytest.approx(found.independent, rel=0.05)
    assert found.added > 1.1 * found.together


def test_single_requests_still_have_a_typical_and_a_slowest():
    typical, slowest = typical_and_slowest(np.array([4.0]))
    assert list(typical) == list(slowest) == [0]


def test_without_answers_there_are_no_stage_times():
    found = from_spans(frame(*request(1, {"a": 1.0, "b": 1.0}, ok=False)), where="spans.jsonl")
    assert stage_times(found) == ()
    assert composition(found, [0.95]) == ()
