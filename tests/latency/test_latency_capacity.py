"""Capacity: Little's law, and the fewest servers that keep the budget."""

import numpy as np
import pytest
from load_scenarios import SHARES, answer, pool

from flightready.evidence import Grade
from flightready.latency.capacity import busiest, capacity, servers_needed
from flightready.latency.response import Effort
from flightready.traffic.demand import Demand


def demand(per_second):
    one = np.ones((2, 64))
    return Demand(one * 86_400 * per_second, one, one * 0, one, Grade.ESTIMATED, ())


def test_little():
    # 10,000 an hour at 4.5 s: 12.5 in flight
    found = capacity(demand(10_000 / 3600), mean_service_s=4.5, servers=None, stage_s=None)
    assert found.in_flight.median == pytest.approx(12.5)
    assert found.in_flight_busy.median == 21  # Poisson(12.5) at .99
    assert found.busy_share is None


def test_busy_share_and_overload():
    count = np.where(np.arange(128).reshape(2, 64) % 2 == 0, 20, 10)
    found = capacity(demand(10_000 / 3600), mean_service_s=4.5, servers=count, stage_s=4.5)
    assert found.overload_probability == 0.5
    assert found.busy_share.high == pytest.approx(1.25)


def test_without_times_the_longest_that_would_keep_up_is_said():
    found = capacity(demand(2.0), mean_service_s=None, servers=np.full((2, 64), 10), stage_s=None)
    assert found.longest_service_s.median == pytest.approx(5.0)
    assert found.in_flight is None


def needed(scenario, service, rate, budgets):
    return servers_needed(scenario, 0, rate, budgets, SHARES, service=service, effort=Effort(4000, 40_000), seed=7)


@pytest.mark.parametrize("rate", [0.3, 2.0, 40.0])
def test_needed_is_the_fewest_that_holds(rate):
    times = np.random.default_rng(9).lognormal(1, 0.5, 300)
    scenario, service = pool(times, 5)
    budget = 1.15 * float(answer(scenario, [0.0], service=service).quantiles_s["p95"][0])
    found = needed(scenario, service, rate, {"p95": budget})
    load = rate * times.mean()
    # at least what works them off, and no more than keeps nearly everyone from waiting
    assert load < found <= load + 3 * np.sqrt(load) + 3
    holds = pool(times, found)[0]
    assert float(answer(holds, [rate], service=service, requests=60_000).quantiles_s["p95"][0]) <= 1.1 * budget


def test_no_number_of_servers_makes_the_requests_themselves_faster():
    scenario, service = pool([1.0, 2.0, 3.0], 1)
    assert needed(scenario, service, 1.0, {"p95": 0.5}) is None
    assert needed(scenario, service, 1.0, {}) is None


def test_busiest_counts_requests_at_work_at_once():
    assert busiest(np.array([0.0, 1.0, 1.5, 9.0]), np.array([2.0, 1.0, 1.0, 1.0])) == (3, pytest.approx(3 / 9))
    # one ends as the next begins
    assert busiest(np.array([0.0, 1.0]), np.array([1.0, 1.0]))[0] == 1
    assert busiest(np.array([np.nan, 1.0]), np.array([1.0, 1.0])) is None
