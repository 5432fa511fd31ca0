"""The simulation against closed forms and published values.

Values in mean service times; they are exact unless another origin is named. The bounds are multiples of the
simulation's own error, so that they follow the number of requests.
"""

import numpy as np
import pytest

from flightready.traffic import arrivals, queues
from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation import Client, Limits, Stage, simulate
from flightready.traffic.simulation_result import standard_error

N = 300_000
ERRORS = 4  # standard errors, of 19 degrees of freedom: 1 in 1,300 would lie outside by chance
CALLS = Rule("requests_per_minute", "requests a minute", "requests", 60.0, burst=10.0)


def run(servers, load, *, service=None, room=None, n=N, seed=3, **options):
    """One stage with exponential service of mean 1 unless it is given, and random arrivals."""
    dice = np.random.default_rng(seed)
    arrival_s = arrivals.so_many(n, load, dice)
    service = dice.exponential(1.0, n) if service is None else service(n, dice)
    stage = (Stage("model", servers, room),)
    return simulate(arrival_s, service.reshape(-1, 1), stage, seed=seed, row=np.arange(n), **options)


def all_alike(n, _):
    return np.ones(n)


def four_times_as_varied(n, dice):
    """Mean 1, squared variation 4: one of two exponentials that bring the same load (balanced means)."""
    share = (1 + np.sqrt(3 / 5)) / 2
    return dice.exponential(1.0, n) / np.where(dice.random(n) < share, 2 * share, 2 * (1 - share))


def holds(shares_of, value):
    """Compare the share of requests with something, of which the error comes from twenty parts of the run."""
    batches = shares_of.reshape(20, -1).mean(axis=1)
    assert batches.mean() == pytest.approx(value, abs=ERRORS * standard_error(batches))


@pytest.mark.parametrize(("servers", "load", "waits", "mean_wait", "p99"), [
    (1, 0.9, 0.9, 9.0, 46.0517), (2, 1.8, 0.85263158, 4.26315789, 23.34443), (5, 4.0, 0.55411255, 0.55411255, None),
    (10, 8.0, 0.40918015, 0.20459008, 4.94611), (10, 9.0, 0.66873152, 0.66873152, 6.24988),
    (20, 18.0, 0.55076900, 0.27538450, 5.04162), (100, 95.0, 0.50645685, 0.10129137, 4.72439),
])  # fmt: skip
def test_mmc_matches_the_table(servers, load, waits, mean_wait, p99):
    found = run(servers, load)
    p99 = p99 or queues.sojourn_quantile_s(0.99, servers=servers, arrivals_per_s=load, service_s=1.0)
    holds(found.wait_s > 0, waits)
    assert found.wait_s.mean() == pytest.approx(mean_wait, abs=ERRORS * found.error("wait_s"))
    assert found.quantile_s(0.99) == pytest.approx(p99, abs=ERRORS * found.error("p99_s"))
    assert found.stages[0].mean_wait_s == pytest.approx(found.wait_s.mean())
    assert found.stages[0].utilisation == pytest.approx(load / servers, rel=0.01)
    assert found.is_stable


def test_md1_waits_as_erlang_found():
    found = run(1, 0.8, service=all_alike)
    holds(found.wait_s <= 1, 0.44510819)
    holds(found.wait_s <= 5, 0.89950276)
    assert found.wait_s.mean() == pytest.approx(2.0, abs=ERRORS * found.error("wait_s"))


@pytest.mark.parametrize(("servers", "load", "service", "mean_wait"), [
    (1, 0.8, four_times_as_varied, 10.0),  # M/G/1
    (10, 9.0, all_alike, 0.34458),  # M/D/10
])  # fmt: skip
def test_the_mean_wait_follows_the_variation_of_the_service(servers, load, service, mean_wait):
    found = run(servers, load, service=service)
    assert found.wait_s.mean() == pytest.approx(mean_wait, abs=ERRORS * found.error("wait_s"))


def test_patience_gives_up_as_often_as_erlang_a():
    patience = np.random.default_rng(8).exponential(1.0, N)
    found = run(10, 10.0, client=Client(timeout_s=patience, stops="patience"))
    assert found.endings["timed out"] == found.outcomes["lost"]
    assert found.outcomes["lost"] / N == pytest.approx(0.12511, abs=ERRORS * found.error("lost"))


def test_a_full_queue_sheds_as_often_as_m_m_1_10():
    found = run(1, 0.9, room=9)
    assert found.endings["shed"] / N == pytest.approx(0.0508137, abs=ERRORS * found.error("lost"))


def test_stages_in_a_row_are_independent_queues():
    # Burke 1956: what leaves M/M/c is Poisson, so each stage waits as if it stood alone
    dice = np.random.default_rng(4)
    arrival_s, service_s = arrivals.so_many(N, 0.8, dice), dice.exponential(1.0, (N, 2))
    found = simulate(arrival_s, service_s, (Stage("search", 1), Stage("model", 2)), seed=1, row=np.arange(N))
    second = queues.mean_wait_s(servers=2, arrivals_per_s=0.8, service_s=1.0)
    assert found.stages[0].mean_wait_s == pytest.approx(4.0, rel=0.05)
    assert found.stages[1].mean_wait_s == pytest.approx(float(second), rel=0.05)


@pytest.mark.parametrize(("per_second", "time_s", "in_flight"), [(10_000 / 3600, 4.5, 12.5), (10_000, 0.15, 1_500.0)])
def test_little(per_second, time_s, in_flight):
    dice = np.random.default_rng(6)
    found = simulate(arrivals.so_many(N, per_second, dice), [[time_s]], (Stage("model"),), seed=1)
    # the mean number in flight is the rate of the run times the time; the rate of N arrivals varies by 1 / sqrt(N)
    assert found.stages[0].utilisation == pytest.approx(in_flight, rel=ERRORS / np.sqrt(N))


def test_10_000_an_hour_are_166_7_a_minute_and_at_1_500_tokens_250_000():
    rules = (Rule("rpm", "calls", "requests", 500 / 3), Rule("tpm", "tokens", "tokens", 250_000.0))
    used = np.array([[1.0, 1_500.0]])
    arrival_s = arrivals.so_many(N, 10_000 / 3600, np.random.default_rng(6))
    found = simulate(arrival_s, [[4.5]], (Stage("model"),), seed=1, limits=Limits(rules, used, used))
    assert found.limit_use == pytest.approx((1.0, 1.0), rel=ERRORS / np.sqrt(N))


def test_a_token_bucket_delays_100_calls_at_once():
    # 10 at once, then one a second: the last after 90 s, the mean (1 + ... + 90) / 100
    one = np.ones((1, 1))
    found = simulate(np.zeros(100), [[0.0]], (Stage("model"),), seed=1, limits=Limits((CALLS,), one, one))
    assert found.response_s.max() == pytest.approx(90.0)
    assert found.response_s.mean() == found.limit_wait_s == pytest.approx(40.95)


def test_failed_calls_use_up_the_limit_too():
    # 10 in the bucket: a failing call and its four retries take five; the five calls of the third wait a second each
    one = np.ones((1, 1))
    found = simulate(np.zeros(3), [[0.0]], (Stage("model"),), seed=1, limits=Limits((CALLS,), one, one), failure=1.0,
                     client=Client(retries=4))  # fmt: skip
    assert found.response_s == pytest.approx([0.0, 0.0, 5.0])
    assert (found.attempts, found.endings["failed"]) == (15, 15)


def test_retries_try_as_often_as_they_must():
    # (1 - p^(r+1)) / (1 - p) attempts with p = .5 and 3 retries
    found = simulate(np.arange(100_000.0), [[0.0]], (Stage("model"),), seed=1, failure=0.5, client=Client(retries=3))
    assert found.tries.mean() == pytest.approx(1.875, abs=ERRORS * found.error("tries"))
    assert found.outcomes["lost"] / 1e5 == pytest.approx(0.0625, abs=ERRORS * found.error("lost"))


def test_an_independent_fallback_covers_what_is_lost():
    # .995 + .005 * .99 fallback * .95 of the switches work = .9997025
    found = simulate(np.arange(500_000.0), [[0.0]], (Stage("m"),), seed=1, failure=0.005,
                     client=Client(fallback=0.99 * 0.95))  # fmt: skip
    served = (found.outcomes["answered"] + found.outcomes["degraded"]) / 5e5
    assert served == pytest.approx(0.9997025, abs=ERRORS * np.sqrt(3e-4 / 5e5))


def test_retries_turn_a_busy_service_into_one_that_does_not_recover():
    # M/M/10 at 90 %, time-out 6 services: 2 retries collapse, without them about 1 in 100 is abandoned
    calm = run(10, 9.0, client=Client(timeout_s=6.0, stops="nothing"), seed=5)
    storm = run(10, 9.0, client=Client(timeout_s=6.0, stops="nothing", retries=2), seed=5)
    assert 0.005 < calm.outcomes["lost"] / N < 0.02
    assert calm.is_stable
    assert storm.outcomes["lost"] / N > 0.5
    assert storm.stages[0].offered > 1.5
    assert not storm.is_stable


@pytest.mark.parametrize(("load", "jobs", "runs"), [(0.8, 138_000, 12), (0.9, 584_000, 4)])
def test_the_error_it_reports_is_the_known_one(load, jobs, runs):
    # so many requests give the mean wait of M/M/1 to 5 %, nine times in ten: the variance of the mean is
    # load (2 + 5 load - 4 load^2 + load^3) / (1 - load)^4 over their number (Whitt 1989, Management Science 35:1341)
    halves = []
    for seed in range(runs):
        interval = run(1, load, n=jobs, seed=seed).interval("wait_s")
        halves.append((interval.high - interval.low) / 2)
    # a standard error from 20 batches varies by a sixth
    assert np.mean(halves) == pytest.approx(0.05 * load / (1 - load), rel=ERRORS * 0.17 / np.sqrt(runs))


def test_the_interval_covers_the_known_mean():
    # nominal 90 %: of 100 runs 90 on average, at least 82 but for a chance of 1 in 200 (binomial)
    hits = 0
    for seed in range(100):
        interval = run(1, 0.5, n=10_000, seed=seed).interval("wait_s")
        hits += interval.low <= 1.0 <= interval.high
    assert hits >= 82
