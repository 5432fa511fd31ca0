"""Capacity: Little's law, and the fewest servers that keep the budget."""

import numpy as np
import pytest
from latency_spans import timed

from flightready.evidence import Grade
from flightready.latency.capacity import busiest, capacity, servers_needed
from flightready.latency.load import best_estimate
from flightready.latency.measured import service_times
from flightready.traffic.demand import Demand

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def demand(per_second):
    one = np.ones((2, 64))
    return Demand(one * 86_400 * per_second, one, one * 0, one, Grade.ESTIMATED, ())


def test_little():
    # 10,000 an hour at 4.5 s: 12.5 in flight
    found = capacity(demand(10_000 / 3600), None, mean_service_s=4.5, needed=None)
    assert found.in_flight.median == pytest.approx(12.5)
    assert found.in_flight_busy.median == 21  # Poisson(12.5) at .99
    assert found.busy_share is None


def test_busy_share_and_overload():
    count = np.where(np.arange(128).reshape(2, 64) % 2 == 0, 20, 10)
    found = capacity(demand(10_000 / 3600), count, mean_service_s=4.5, needed=None)
    assert found.overload_probability == 0.5
    assert found.busy_share.high == pytest.approx(1.25)


def test_without_times_the_longest_that_would_keep_up_is_said():
    found = capacity(demand(2.0), np.full((2, 64), 10), mean_service_s=None, needed=None)
    assert found.longest_service_s.median == pytest.approx(5.0)
    assert found.in_flight is None


def p95_of(service, rate, count):
    return float(
        best_estimate(service, per_second=np.array(rate), servers=np.array(count), percentiles=SHARES).quantiles_s[
            "p95"
        ]
    )


@pytest.mark.parametrize("rate", [0.3, 2.0, 40.0])
def test_needed_is_the_fewest_that_holds(rate):
    service = service_times(timed(np.random.default_rng(9).lognormal(1, 0.5, 300)))
    budget = 1.15 * p95_of(service, 0.0, 1)
    needed = servers_needed(service, rate, {"p95": budget}, SHARES)
    assert p95_of(service, rate, needed) <= budget
    assert needed == 1 or p95_of(service, rate, needed - 1) > budget


def test_no_number_of_servers_makes_the_requests_themselves_faster():
    service = service_times(timed([1.0, 2.0, 3.0]))
    assert servers_needed(service, 1.0, {"p95": 0.5}, SHARES) is None
    assert servers_needed(service, 1.0, {}, SHARES) is None


def test_busiest_counts_requests_at_work_at_once():
    assert busiest(np.array([0.0, 1.0, 1.5, 9.0]), np.array([2.0, 1.0, 1.0, 1.0])) == (3, pytest.approx(3 / 9))
    # one ends as the next begins
    assert busiest(np.array([0.0, 1.0]), np.array([1.0, 1.0]))[0] == 1
    assert busiest(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) is None
