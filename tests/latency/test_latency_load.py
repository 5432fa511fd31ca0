"""Requests under load: the measured times with the exact wait in front, against closed forms and a simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from latency_spans import timed

from flightready.draws import JointSample
from flightready.intervals import quantile_with_interval
from flightready.latency.load import answers, best_estimate, load_curve
from flightready.latency.measured import resample, service_times
from flightready.latency.planned import at_load, day_share, rest_of_day
from flightready.traffic.queues import sojourn_quantile_s, wait_exceeds

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def exponential_times(n=800):
    """Exponential quantiles with mean 1, evenly spaced."""
    times = -np.log1p(-(np.arange(n) + 0.5) / n)
    return times / times.mean()


@pytest.mark.parametrize(("servers", "load", "p99"), [(1, 0.9, 46.0517), (10, 9.0, 6.24988), (100, 95.0, 4.72439)])
def test_exponential_times_reproduce_the_exact_sojourn(servers, load, p99):
    found = best_estimate(service_times(timed(exponential_times())), per_second=np.array(load),
                          servers=np.array(servers), percentiles=SHARES)  # fmt: skip
    assert float(found.quantiles_s["p99"]) == pytest.approx(p99, rel=0.01)
    exact = sojourn_quantile_s(0.95, servers=servers, arrivals_per_s=load, service_s=1.0)
    assert float(found.quantiles_s["p95"]) == pytest.approx(exact, rel=0.01)


def mixture(x, times, failed, **setting):
    """Share answered within x: the mean over the traces of P(wait <= x - s), written out."""
    within = [1 - float(wait_exceeds(x - s, **setting)) if x >= s else 0.0 for s in times]
    return sum(within) / (len(times) + failed)


@settings(max_examples=40, deadline=None)
@given(
    times=st.lists(st.floats(0.05, 20), min_size=1, max_size=25), failed=st.integers(0, 3), busy=st.floats(0.02, 0.98),
    servers=st.integers(1, 30),
)  # fmt: skip
def test_closed_form_quantiles_invert_the_mixture(times, failed, busy, servers):
    ordered, mean = np.sort(times), float(np.mean(times))
    setting = {"servers": servers, "arrivals_per_s": servers * busy / mean, "service_s": mean}
    weights = np.full((1, len(times)), 1 / (len(times) + failed))
    found = answers(
        service_times(timed(times)), weights, ordered, rows=np.array(0), service_s=np.array(mean),
        per_second=np.array(setting["arrivals_per_s"]), servers=np.array(servers), percentiles=SHARES, limit_s=3.0,
    )  # fmt: skip
    for name, share in SHARES.items():
        q = float(found.quantiles_s[name])
        if np.isinf(q):
            assert len(times) / (len(times) + failed) <= share + 1e-9
        else:
            assert mixture(q * (1 + 1e-9), ordered, failed, **setting) >= share - 1e-6
            assert mixture(q * (1 - 1e-6) - 1e-9, ordered, failed, **setting) <= share + 1e-6
    assert float(found.in_time_share) == pytest.approx(mixture(3.0, ordered, failed, **setting), abs=1e-9)


def test_against_a_simulation_with_measured_times_that_are_exponential_enough():
    # M/M/c assumed: the simulated queue has exponential services, its traces are a sample of them
    rng, n, servers, rate = np.random.default_rng(11), 60_000, 5, 4.0
    arrivals, services = np.cumsum(rng.exponential(1 / rate, n)), rng.exponential(1.0, n)
    free, total = np.zeros(servers), np.empty(n)
    for i in range(n):
        first = free.argmin()
        start = max(arrivals[i], free[first])
        free[first] = start + services[i]
        total[i] = start + services[i] - arrivals[i]
    traces = service_times(timed(rng.exponential(1.0, 4000)))
    found = best_estimate(traces, per_second=np.array(rate), servers=np.array(servers), percentiles=SHARES)
    assert float(found.quantiles_s["p95"]) == pytest.approx(np.quantile(total, 0.95), rel=0.12)


def test_without_load_the_estimate_is_that_of_the_traces():
    rng = np.random.default_rng(4)
    times = rng.lognormal(1, 0.5, 400)
    found = best_estimate(
        service_times(timed(times)), per_second=np.array(0.0), servers=np.array(5), percentiles=SHARES
    )
    for name, share in SHARES.items():
        assert float(found.quantiles_s[name]) == pytest.approx(quantile_with_interval(times, share)[0], rel=1e-9)


@pytest.mark.parametrize("failed", [0, 9])
def test_resampled_ends_reproduce_the_exact_interval_without_load(failed):
    rng = np.random.default_rng(4)
    traces = timed(rng.lognormal(1, 0.5, 400), np.arange(400) >= failed)
    service, joint = service_times(traces), JointSample(7)
    parts = resample(service, seed=7, replicates=1024)
    idle, many = np.zeros((joint.replicates, joint.draws)), np.full((joint.replicates, joint.draws), 5)
    ordered = np.sort(traces.answer_s)
    for name, share in {"p50": 0.5, "p95": 0.95}.items():
        exact = quantile_with_interval(traces.answer_s, share)[1]
        ends = {
            end: at_load(service, parts, end, joint, per_second=idle, servers=many, percentiles=SHARES, limit_s=None)
            for end in ("low", "high")
        }
        low = np.quantile(ends["low"].quantiles_s[name], 0.05, method="inverted_cdf")
        high = np.quantile(ends["high"].quantiles_s[name], 0.95, method="inverted_cdf")
        # 1,024 resamples: within two ranks of the exact ones
        assert abs(np.searchsorted(ordered, low) - np.searchsorted(ordered, exact.low)) <= 2
        assert abs(np.searchsorted(ordered, high) - np.searchsorted(ordered, exact.high)) <= 2


def test_few_traces_leave_the_p99_open_under_load_too():
    service, joint = service_times(timed(np.linspace(1, 2, 100))), JointSample(7, replicates=4, draws=256)
    parts = resample(service, seed=7, replicates=1024)
    shape = (joint.replicates, joint.draws)
    found = at_load(service, parts, "high", joint, per_second=np.full(shape, 1.0), servers=np.full(shape, 4),
                    percentiles=SHARES, limit_s=None)  # fmt: skip
    # P(no upper bound) = .99^100 = .366 of the resamples
    assert np.mean(np.isinf(found.quantiles_s["p99"])) == pytest.approx(0.99**100, abs=0.04)
    assert np.isfinite(np.quantile(found.quantiles_s["p95"], 0.95, method="inverted_cdf"))


def test_weights_and_their_means_are_those_of_the_spacings():
    # the expected weight of each of n + 1 spacings is 1 / (n + 1), whatever the grouping
    service = service_times(timed(np.arange(1.0, 5001.0)))
    assert service.low_s.size == 800
    assert service.n == 5000
    parts = resample(service, seed=1, replicates=2000)
    assert parts.high.mean(axis=0) == pytest.approx(service.size[:-1] / 5001, rel=0.1)
    assert (parts.low.sum(axis=1) + parts.at_zero) == pytest.approx(1.0, abs=1e-3)
    assert parts.service_s.mean() == pytest.approx(2500.5, rel=0.002)
    assert parts.service_s.std() == pytest.approx(np.arange(1.0, 5001.0).std() / np.sqrt(5000), rel=0.08)


def test_failed_requests_occupy_a_server_and_never_answer():
    service = service_times(timed([1.0] * 300 + [13.0] * 100, [True] * 300 + [False] * 100))
    assert service.mean_service_s == pytest.approx(4.0)
    found = best_estimate(service, per_second=np.array(0.5), servers=np.array(3), percentiles=SHARES, limit_s=500.0)
    assert np.isinf(found.quantiles_s["p95"])
    assert np.isfinite(found.quantiles_s["p50"])
    assert float(found.in_time_share) == pytest.approx(0.75, abs=0.005)


def test_overload_never_answers():
    service = service_times(timed([1.0, 2.0, 3.0]))
    found = best_estimate(
        service, per_second=np.array([0.4, 0.5, 9.0]), servers=np.array(1), percentiles=SHARES, limit_s=9.0
    )
    assert np.isinf(found.quantiles_s["p50"]).tolist() == [False, True, True]
    assert found.in_time_share[1:].tolist() == [0.0, 0.0]


def test_the_load_curve_rises_and_its_band_holds_it():
    rng = np.random.default_rng(9)
    service = service_times(timed(rng.lognormal(1, 0.5, 300)))
    curve = load_curve(service, seed=7, concurrency=12, percentiles=SHARES, limit_s=6.0)
    for name in SHARES:
        finite = np.isfinite(curve.quantiles_s[name])
        assert (np.diff(curve.quantiles_s[name][finite]) >= -1e-9).all()
        assert (curve.low_s[name] <= curve.quantiles_s[name] + 1e-9).all()
        assert (curve.quantiles_s[name] <= curve.high_s[name] + 1e-9).all()
    assert (np.diff(curve.in_time_share) <= 1e-9).all()
    assert curve.saturation_low < curve.saturation_per_second < curve.saturation_high
    assert curve.saturation_per_second == pytest.approx(12 / service.mean_service_s)


def test_more_servers_never_answer_later():
    service = service_times(timed(np.random.default_rng(9).lognormal(1, 0.5, 300)))
    found = best_estimate(service, per_second=np.array(2.0), servers=np.arange(7, 40), percentiles=SHARES)
    assert (np.diff(found.quantiles_s["p95"]) <= 1e-9).all()


def test_the_same_seed_gives_the_same_resamples():
    service = service_times(timed(np.arange(1.0, 50.0)))
    one, two, other = (resample(service, seed=s, replicates=8).high for s in (7, 7, 8))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_a_day_of_one_peak_hour():
    # peak 2.4 times the mean: the peak hour holds a tenth of the day; the other 23 hours carry the rest
    mean, ratio = np.array([1.0]), np.array([2.4])
    rest = rest_of_day(mean, ratio)
    assert float(rest[0] * 23 + 2.4) == pytest.approx(24.0)
    calm = day_share(np.array([0.5]), np.array([0.9]), peak_to_mean=ratio, peak=mean * ratio, rest=rest,
                     capacity=np.array([5.0]))  # fmt: skip
    assert float(calm[0]) == pytest.approx(0.1 * 0.5 + 0.9 * 0.9)


def test_an_overloaded_peak_hour_leaves_a_backlog():
    # capacity 2: backlog 0.4 of an hour's work, worked off at 2 - 21.6/23 a second: 0.377 hours of 23
    mean, ratio = np.array([1.0]), np.array([2.4])
    rest = rest_of_day(mean, ratio)
    late = day_share(np.array([0.0]), np.array([0.9]), peak_to_mean=ratio, peak=mean * ratio, rest=rest,
                     capacity=np.array([2.0]))  # fmt: skip
    hours = 0.4 / (2 - 21.6 / 23)
    assert float(late[0]) == pytest.approx(0.9 * 0.9 * (1 - hours / 23))


@given(st.floats(1, 20), st.floats(0.1, 10), st.floats(0.1, 30))
def test_the_share_of_a_day_is_a_share(ratio, mean, able):
    rest = rest_of_day(np.array(mean), np.array(ratio))
    found = float(day_share(np.array(0.4), np.array(0.95), peak_to_mean=np.array(ratio), peak=np.array(mean * ratio),
                            rest=rest, capacity=np.array(able)))  # fmt: skip
    assert 0 <= found <= 1
