"""Queues: closed forms against published values and against independent simulations.

The table holds time in mean service times; values are exact (Erlang C, M/M/c sojourn) and were reproduced twice.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flightready.traffic import queues

TABLE = [
    # servers, offered load, P(wait), mean wait, p99 of the sojourn (None: not in the table)
    (1, 0.9, 0.9, 9.0, 46.0517),
    (2, 1.8, 0.85263158, 4.26315789, 23.34443),
    (5, 4.0, 0.55411255, 0.55411255, None),
    (10, 8.0, 0.40918015, 0.20459008, 4.94611),
    (10, 9.0, 0.66873152, 0.66873152, 6.24988),
    (20, 18.0, 0.55076900, 0.27538450, 5.04162),
    (100, 95.0, 0.50645685, 0.10129137, 4.72439),
]


@pytest.mark.parametrize(("servers", "load", "waits", "mean_wait", "p99"), TABLE)
def test_mmc_matches_the_table(servers, load, waits, mean_wait, p99):
    setting = {"servers": servers, "arrivals_per_s": load, "service_s": 1.0}
    assert float(queues.erlang_c(servers, load)) == pytest.approx(waits, abs=5e-9)
    assert queues.mean_wait_s(**setting) == pytest.approx(mean_wait, abs=5e-9)
    if p99 is not None:
        assert queues.sojourn_quantile_s(0.99, **setting) == pytest.approx(p99, abs=5e-5)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.3), (7, 5.0), (50, 48.0), (300, 250.0)])
def test_erlang_b_recursion_equals_the_poisson_form(servers, load):
    # second route: blocked share = Poisson(load) at c, given at most c
    second = stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load)
    assert float(queues.erlang_b(servers, load)) == pytest.approx(second, rel=1e-10)


def test_erlang_b_stays_finite_far_above_saturation():
    blocked = float(queues.erlang_b(10, 1e6))
    assert 0.99998 < blocked < 1


def test_erlang_c_broadcasts_servers_against_loads():
    found = queues.erlang_c(np.array([1, 10, 10]), np.array([0.9, 9.0, 12.0]))
    assert found == pytest.approx([0.9, 0.66873152, 1.0], abs=1e-8)


def test_a_number_of_servers_below_one_is_refused():
    with pytest.raises(ValueError, match="servers must be >= 1"):
        queues.erlang_b(0, 1.0)


def test_under_overload_nobody_is_served_in_the_long_run():
    setting = {"servers": 2, "arrivals_per_s": 2.0, "service_s": 1.0}
    assert queues.mean_wait_s(**setting) == math.inf
    assert queues.sojourn_quantile_s(0.5, **setting) == math.inf
    assert float(queues.wait_exceeds(1e9, **setting)) == 1.0
    assert float(queues.sojourn_exceeds(1e9, **setting)) == 1.0


def test_other_exact_values():
    # M/D/1, M/G/1, M/D/10, Erlang-A and M/M/1/10 from the literature
    one = {"arrivals_per_s": 0.8, "service_s": 1.0}
    assert queues.mean_wait_mdc_s(servers=1, **one) == pytest.approx(2.0)
    assert queues.mean_wait_mg1_s(variation_squared=0.0, **one) == pytest.approx(2.0)
    assert queues.md1_wait_within(1.0, **one) == pytest.approx(0.44510819, abs=5e-9)
    assert queues.md1_wait_within(5.0, **one) == pytest.approx(0.89950276, abs=5e-9)
    assert queues.mean_wait_mg1_s(variation_squared=4.0, **one) == pytest.approx(10.0)
    assert queues.mean_wait_mdc_s(servers=10, arrivals_per_s=9.0, service_s=1.0) == pytest.approx(0.34458, abs=5e-6)
    assert queues.abandonment(servers=10, offered_load=10.0, patience_services=1.0) == pytest.approx(0.12511, abs=5e-6)
    assert queues.blocking(servers=1, places=10, offered_load=0.9) == pytest.approx(0.0508137, abs=5e-8)


def test_blocking_without_waiting_room_is_erlang_b():
    assert queues.blocking(servers=7, places=7, offered_load=5.0) == pytest.approx(float(queues.erlang_b(7, 5.0)))


def test_abandonment_with_boundless_patience_vanishes_and_with_none_is_erlang_b():
    calm = queues.abandonment(servers=10, offered_load=8.0, patience_services=1e4)
    hasty = queues.abandonment(servers=10, offered_load=8.0, patience_services=1e-7)
    assert calm < 1e-4
    assert hasty == pytest.approx(float(queues.erlang_b(10, 8.0)), rel=1e-4)


def test_little():
    # 10,000 an hour at 4.5 s are 12.5 in flight; 10,000 a second at 150 ms are 1,500
    assert float(queues.in_flight(10_000 / 3600, 4.5)) == pytest.approx(12.5)
    assert float(queues.in_flight(10_000, 0.15)) == pytest.approx(1500)


def single_server_waits(arrivals_per_s, services):
    """Lindley's recursion in closed form: a random walk minus its running minimum."""
    rng = np.random.default_rng(20)
    gaps = rng.exponential(1 / arrivals_per_s, services.size)
    walk = np.concatenate([[0.0], np.cumsum(services[:-1] - gaps[1:])])
    return walk - np.minimum.accumulate(walk)


@pytest.mark.parametrize(
    ("kind", "variation_squared", "tolerance"),
    [("exponential", 1.0, 0.05), ("fixed", 0.0, 0.03), ("hyperexponential", 4.0, 0.08)],
)
def test_mg1_mean_wait_against_a_simulation(kind, variation_squared, tolerance):
    rng, n = np.random.default_rng(7), 1_500_000
    if kind == "exponential":
        services = rng.exponential(1.0, n)
    elif kind == "fixed":
        services = np.ones(n)
    else:
        # balanced means: squared variation 4 needs p = (1 + sqrt(3/5)) / 2
        p = (1 + math.sqrt(3 / 5)) / 2
        services = np.where(rng.random(n) < p, rng.exponential(1 / (2 * p), n), rng.exponential(1 / (2 * (1 - p)), n))
    waits = single_server_waits(0.8, services)
    exact = queues.mean_wait_mg1_s(arrivals_per_s=0.8, service_s=1.0, variation_squared=variation_squared)
    assert waits.mean() == pytest.approx(exact, rel=tolerance)
    if kind == "fixed":
        within = queues.md1_wait_within(1.0, arrivals_per_s=0.8, service_s=1.0)
        assert np.mean(waits <= 1.0) == pytest.approx(within, abs=0.01)


def test_mmc_against_a_simulation_of_ten_servers():
    rng, n, servers = np.random.default_rng(3), 120_000, 10
    arrivals, services = np.cumsum(rng.exponential(1 / 8.0, n)), rng.exponential(1.0, n)
    free, waits = np.zeros(servers), np.empty(n)
    for i in range(n):
        first = free.argmin()
        waits[i] = max(0.0, free[first] - arrivals[i])
        free[first] = arrivals[i] + waits[i] + services[i]
    setting = {"servers": servers, "arrivals_per_s": 8.0, "service_s": 1.0}
    assert np.mean(waits > 1e-12) == pytest.approx(float(queues.erlang_c(10, 8.0)), abs=0.025)
    assert np.mean(waits > 0.5) == pytest.approx(float(queues.wait_exceeds(0.5, **setting)), abs=0.02)
    assert np.quantile(waits + services, 0.99) == pytest.approx(queues.sojourn_quantile_s(0.99, **setting), rel=0.04)
    assert float(queues.fewest_servers(8.0, 1.0, wait_s=0.75, share=0.9)) == servers
    assert np.mean(waits > 0.75) < 0.1


@pytest.mark.parametrize("wait", [0.0, 0.3, 4.0])
def test_the_fewest_servers_are_those_that_a_count_from_below_finds(wait):
    loads = np.array([0.0, 0.01, 0.9, 1.0, 4.0, 9.0, 95.0, 300.0])
    found = queues.fewest_servers(loads / 2, 2.0, wait_s=wait, share=0.9)
    for load, servers in zip(loads, found, strict=True):
        late = [1.0 if n == 0 else float(queues.wait_exceeds(wait, servers=n, arrivals_per_s=load / 2, service_s=2.0))
                for n in range(int(servers) + 1)]  # fmt: skip
        assert late[-1] <= 0.1 < min(late[:-1])


def test_the_fewest_servers_at_the_share_of_the_table():
    # ten servers at load 9: P(wait) .66873152, so that share and a bit more lie on either side of ten
    ten, more = (float(queues.fewest_servers(9.0, 1.0, wait_s=0.0, share=1 - 0.66873152 + d)) for d in (-1e-7, 1e-7))
    assert (ten, more) == (10.0, 11.0)
    # any load ends; the square-root rule (Halfin and Whitt 1981) holds it near
    assert float(queues.fewest_servers(1e9, 1.0, wait_s=0.0, share=0.9)) == pytest.approx(
        1e9 + 1.4 * 1e9**0.5, rel=1e-4
    )


@given(servers=st.integers(1, 60), busy=st.floats(0.05, 0.97), more=st.floats(0.005, 0.02), service=st.floats(0.01, 50))
def test_more_load_waits_longer_and_one_more_server_waits_less(servers, busy, more, service):
    rate = servers * busy / service
    here = queues.mean_wait_s(servers=servers, arrivals_per_s=rate, service_s=service)
    busier = queues.mean_wait_s(servers=servers, arrivals_per_s=servers * (busy + more) / service, service_s=service)
    helped = queues.mean_wait_s(servers=servers + 1, arrivals_per_s=rate, service_s=service)
    assert helped < here < busier


@given(servers=st.integers(1, 40), busy=st.floats(0.05, 0.97), quantile=st.floats(0.05, 0.999))
def test_sojourn_quantile_inverts_the_distribution(servers, busy, quantile):
    setting = {"servers": servers, "arrivals_per_s": servers * busy, "service_s": 1.0}
    time = queues.sojourn_quantile_s(quantile, **setting)
    assert float(queues.sojourn_exceeds(time, **setting)) == pytest.approx(1 - quantile, abs=1e-8)


@given(servers=st.integers(1, 30), busy=st.floats(0.1, 0.95))
def test_services_all_alike_wait_less_than_exponential_ones_and_at_least_half_with_one_server(servers, busy):
    setting = {"servers": servers, "arrivals_per_s": servers * busy, "service_s": 1.0}
    regular, exponential = queues.mean_wait_mdc_s(**setting), queues.mean_wait_s(**setting)
    assert regular < exponential
    if servers == 1:
        assert regular == pytest.approx(exponential / 2, rel=1e-6)


def test_servers_busy_quantile_covers_the_share_of_time():
    enough = float(queues.servers_busy_quantile(0.99, 12.5))
    assert stats.poisson.cdf(enough, 12.5) >= 0.99 > stats.poisson.cdf(enough - 1, 12.5)
