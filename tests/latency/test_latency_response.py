"""Requests simulated at several loads: against closed forms, exact intervals, and what must hold of any load."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latency_spans import timed
from load_scenarios import SHARES, answer, exponential_times, limited, pool

from flightready.intervals import quantile_with_interval
from flightready.latency.measured import resample, service_times
from flightready.latency.response import Effort, respond
from flightready.traffic.queues import mean_wait_s, sojourn_quantile_s


@pytest.mark.parametrize(("servers", "load", "p99"), [(2, 1.8, 23.34443), (10, 8.0, 4.94611), (20, 18.0, 5.04162)])
def test_exponential_times_reproduce_the_exact_sojourn(servers, load, p99):
    scenario, service = pool(exponential_times(), servers)
    found = answer(scenario, [load], service=service, requests=300_000)
    exact = sojourn_quantile_s(0.95, servers=servers, arrivals_per_s=load, service_s=1.0)
    for name, known in (("p95", exact), ("p99", p99)):
        assert abs(found.quantiles_s[name][0] - known) < 3 * found.error_s[name][0] + 0.01 * known
    wait_s = mean_wait_s(servers=servers, arrivals_per_s=load, service_s=1.0)
    assert float(found.wait_s[0]) == pytest.approx(wait_s, rel=0.1)
    assert float(found.service_s[0]) == pytest.approx(1.0, rel=0.01)


def test_regular_times_wait_less_than_a_formula_for_scattered_ones_says():
    # M/D/10 at rho .9: Wq .34458 against .66873 for exponential times
    scenario, service = pool(np.ones(50), 10)
    assert float(answer(scenario, [9.0], service=service, requests=300_000).wait_s[0]) == pytest.approx(
        0.34458, rel=0.1
    )


def test_without_load_the_estimate_is_that_of_the_traces():
    times = np.random.default_rng(4).lognormal(1, 0.5, 400)
    scenario, service = pool(times, 5)
    found = answer(scenario, [0.0], service=service)
    for name, share in SHARES.items():
        assert float(found.quantiles_s[name][0]) == pytest.approx(quantile_with_interval(times, share)[0], rel=1e-6)


@pytest.mark.parametrize("failed", [0, 9])
def test_resampled_ends_reproduce_the_exact_interval_without_load(failed):
    traces = timed(np.random.default_rng(4).lognormal(1, 0.5, 400), np.arange(400) >= failed)
    scenario, service = pool(traces.total_s, 5, traces.answered)
    parts = resample(service, seed=7, replicates=1024)
    found = answer(scenario, [0.0], service=service, parts=parts)
    ordered = np.sort(traces.answer_s)
    for name, share in {"p50": 0.5, "p95": 0.95}.items():
        exact = quantile_with_interval(traces.answer_s, share)[1]
        low = np.quantile(found.low_s[name][:, 0], 0.05, method="inverted_cdf")
        high = np.quantile(found.high_s[name][:, 0], 0.95, method="inverted_cdf")
        # 1,024 resamples: within two ranks of the exact ones
        assert abs(np.searchsorted(ordered, low) - np.searchsorted(ordered, exact.low)) <= 2
        assert abs(np.searchsorted(ordered, high) - np.searchsorted(ordered, exact.high)) <= 2
    is_open = np.isinf(found.high_s["p99"][:, 0])
    assert is_open.mean() == pytest.approx(0.99**400 if not failed else 1.0, abs=0.04)


def test_reweighted_requests_answer_as_if_their_resample_had_been_simulated():
    # the resample with the longest mean, simulated itself: the same p95 at the load to which its mean moves it
    times = np.concatenate([np.linspace(1, 2, 150), np.linspace(4, 6, 50)])
    scenario, service = pool(times, 8)
    parts = resample(service, seed=7, replicates=64)
    mean = parts.service_s
    pick = int(np.argmax(mean))
    rows = np.random.default_rng(1).choice(
        200, 4000, p=parts.in_service[pick, :200] / parts.in_service[pick, :200].sum()
    )
    itself, its_service = pool(times[rows], 8)
    load = 0.85 * 8 / mean[pick]
    direct = answer(itself, [load], service=its_service, requests=60_000)
    moved = load * mean[pick] / service.mean_service_s
    found = answer(scenario, [moved], service=service, parts=parts, requests=60_000)
    between = (found.low_s["p95"][pick, 0] + found.high_s["p95"][pick, 0]) / 2
    assert between == pytest.approx(float(direct.quantiles_s["p95"][0]), rel=0.06)


def test_failed_requests_occupy_a_server_and_never_answer():
    scenario, service = pool([1.0] * 300 + [13.0] * 100, 3, [True] * 300 + [False] * 100, budget_s=500.0)
    found = answer(scenario, [0.5], service=service)
    assert np.isinf(found.quantiles_s["p95"][0])
    assert np.isfinite(found.quantiles_s["p50"][0])
    assert float(found.shares["in_time"][0]) == pytest.approx(0.75, abs=0.005)
    assert float(found.shares["lost"][0]) == pytest.approx(0.25, abs=0.005)


def test_overload_never_answers_unless_someone_gives_up():
    loads = [0.4, 0.6, 2.0]
    waits, service = pool([1.0, 2.0, 3.0], 1, budget_s=9.0)
    found = answer(waits, loads, service=service)
    assert np.isinf(found.quantiles_s["p50"]).tolist() == [False, True, True]
    assert found.shares["in_time"][1:].tolist() == [0.0, 0.0]
    assert (found.stable.tolist(), found.why[1]) == ([True, False, False], "servers")
    leaves, service = pool([1.0, 2.0, 3.0], 1, budget_s=9.0, timeout_s=9.0, stops="everything")
    assert 0.5 < float(answer(leaves, loads, service=service).shares["in_time"][1]) < 1.0


def test_retries_keep_a_pool_overloaded_that_bears_first_attempts():
    # known answer: M/M/10 at rho .9 with 6 s time-outs of which work goes on and 2 retries collapses; none stay near 1 %
    storm, service = pool(exponential_times(), 10, timeout_s=6.0, stops="waiting", retries=2)
    found = answer(storm, [9.0], service=service, requests=40_000)
    calm, _ = pool(exponential_times(), 10, timeout_s=6.0, stops="waiting")
    alone = answer(calm, [9.0], service=service, requests=40_000)
    assert alone.stable[0]
    assert float(alone.shares["lost"][0]) < 0.03
    if not found.stable[0]:
        assert found.why[0] == "storm"
    assert float(found.shares["tries"][0]) > float(alone.shares["tries"][0])


def test_a_rate_limit_turns_away_what_it_cannot_take():
    scenario, service = pool([0.5] * 20, 100, budget_s=5.0)
    found = answer(limited(scenario, 60.0), [0.5, 4.0], service=service)
    assert found.why == ("", "limit")
    assert found.what[1] == "Requests a minute"
    # 1 of 4 a second gets through, and a minute's worth at the start
    assert float(found.shares["in_time"][1]) == pytest.approx(0.25 + 60 / 6000, abs=0.01)


@settings(max_examples=15, deadline=None)
@given(
    times=st.lists(st.floats(0.05, 20), min_size=2, max_size=25), servers=st.integers(1, 12),
    timeout=st.sampled_from([np.inf, 5.0]), retries=st.integers(0, 2), failed=st.integers(0, 3),
)  # fmt: skip
def test_more_load_never_answers_sooner_and_every_request_ends_once(times, servers, timeout, retries, failed):
    answered = np.arange(len(times)) >= min(failed, len(times) - 1)
    scenario, service = pool(times, servers, answered, budget_s=3.0, timeout_s=timeout, retries=retries, fallback=0.5)
    able = servers / service.mean_service_s
    found = answer(scenario, [0.0, 0.5 * able, 0.9 * able, 1.5 * able], service=service, requests=400,
                   parts=resample(service, seed=1, replicates=8))  # fmt: skip
    for q in (*found.quantiles_s.values(), *found.low_s.values(), *found.high_s.values()):
        assert (q[..., 1:] >= q[..., :-1]).all()
    for name in SHARES:
        assert (found.low_s[name] <= found.high_s[name]).all()
    s = found.shares
    assert (s["in_time"] + s["degraded"] + s["lost"] <= 1 + 1e-9).all()
    assert ((s["tries"] >= 1) & (s["tries"] <= retries + 1)).all()
    for key, resampled in found.resampled.items():
        assert ((resampled >= -1e-9) & (resampled <= (retries + 1 if key == "tries" else 1) + 1e-9)).all()


def test_weights_and_their_means_are_those_of_the_spacings():
    # the expected weight of each of n + 1 spacings is 1 / (n + 1), whatever the grouping
    service = service_times(timed(np.arange(1.0, 5001.0)))
    assert service.low_s.size == 800
    assert service.n == 5000
    assert np.array_equal(np.bincount(service.group), service.size[:-1])
    parts = resample(service, seed=1, replicates=2000)
    assert parts.high.mean(axis=0) == pytest.approx(service.size[:-1] / 5001, rel=0.1)
    assert (parts.low.sum(axis=1) + parts.at_zero) == pytest.approx(1.0, abs=1e-3)
    assert parts.service_s.mean() == pytest.approx(2500.5, rel=0.002)
    assert parts.service_s.std() == pytest.approx(np.arange(1.0, 5001.0).std() / np.sqrt(5000), rel=0.08)


def test_a_very_large_load_is_simulated_in_a_smaller_system():
    effort = Effort(1000, 60_000)
    assert (effort.smaller(3.0), effort.smaller(1000.0)) == (1, 20)
    assert effort.at(3.0) == (10_800, 60)
    assert effort.at(40.0) == (60_000, 25)
    few, service = pool(exponential_times(), 50)
    many, _ = pool(exponential_times(), 5000)
    one = answer(few, [40.0], service=service, requests=1200)
    other = answer(many, [4000.0], service=service, requests=1200)
    assert float(other.quantiles_s["p95"][0]) == pytest.approx(float(one.quantiles_s["p95"][0]), rel=0.1)


def test_minutes_around_the_busiest_stand_for_their_hour():
    # of 12 servers at rho .75, the busiest minute at 1.6 times the mean is overloaded; weighted minutes say the same
    scenario, service = pool(exponential_times(), 12, budget_s=3.0)
    hours = {"scenario": scenario, "loads": np.array([9.0]), "saturation": 9.0, "seed": 7, "percentiles": SHARES,
             "service": service}  # fmt: skip
    whole = respond(**hours, effort=Effort(320_000, 320_000, peak_minute=1.6))
    part = respond(**hours, effort=Effort(10_000, 10_800, peak_minute=1.6))
    assert Effort(10_000, 10_800).at(9.0) == (10_800, 20)
    assert float(part.shares["in_time"][0]) == pytest.approx(float(whole.shares["in_time"][0]), abs=0.03)
    assert float(part.quantiles_s["p50"][0]) == pytest.approx(float(whole.quantiles_s["p50"][0]), rel=0.05)


def test_the_same_seed_gives_the_same_answer():
    scenario, service = pool(exponential_times(), 3, timeout_s=4.0, retries=1)
    one, two, other = (answer(scenario, [2.5], service=service, seed=s) for s in (7, 7, 8))
    assert np.array_equal(one.quantiles_s["p95"], two.quantiles_s["p95"])
    assert not np.array_equal(one.quantiles_s["p95"], other.quantiles_s["p95"])
