"""Forecasts from the first part of a log, held against its rest."""

import numpy as np
import pytest
from scipy import stats

from flightready import policy
from flightready.cost.backtest import backtest
from flightready.cost.observed import of_requests, of_sums
from flightready.draws import generator

DAY_S = 86_400


def observed(level, each=200, tail=0.5, seed=1):
    at = np.repeat(np.arange(len(level)), each)
    cost = np.asarray(level)[at] * np.exp(tail * generator(seed, "calls").standard_normal(at.size) - tail**2 / 2)
    return of_requests(at * DAY_S, cost, None)


def run(seen, **given):
    return backtest(seen, generator(1, "backtest"), **given)


def test_forecasts_use_nothing_that_came_later():
    calm = observed(np.ones(30))
    wild = observed(np.where(np.arange(30) < 14, 1, 9.0))
    before, after = run(calm).days, run(wild).days
    np.testing.assert_array_equal(before.high_usd[:7], after.high_usd[:7])  # made after 7 days
    np.testing.assert_array_equal(before.high_usd[7:14], after.high_usd[7:14])  # made after 14 days
    assert np.all(after.high_usd[14:] > before.high_usd[14:])


def test_every_later_day_is_forecast_once_and_counted():
    found = run(observed(np.ones(20)))
    assert (found.first_days, found.splits, found.n, found.days.covered) == (7, 2, 13, 13)
    assert found.days.day.tolist() == list(range(7, 20))
    assert found.coverage.low == pytest.approx(0.05 ** (1 / 13))  # all of 13: the exact one-sided bound
    assert found.coverage.high == 1.0
    assert abs(found.error) < 0.05


def test_the_first_forecast_is_wide_and_the_later_ones_as_wide_as_the_days_differ():
    days = run(observed(np.ones(28), tail=0.05)).days
    width = np.log(days.high_usd / days.low_usd) / 2 / 1.6449
    assert width[0] == pytest.approx(policy.value("cost_mix_spread"), rel=0.05)
    assert width[-1] == pytest.approx(policy.value("cost_mix_spread_least"), rel=0.1)


def test_a_jump_is_missed_and_its_size_is_told():
    found = run(observed(np.where(np.arange(14) < 7, 1, 2.0)))
    assert found.days.covered == 0
    assert found.error == pytest.approx(1.0, abs=0.1)
    assert found.coverage.low == 0.0


def test_it_covers_about_as_often_as_it_says():
    # 60 worlds of four weeks whose days differ by 20 %: nominal 90 %
    worlds = [run(observed(np.exp(0.2 * generator(s, "level").standard_normal(28)), seed=s)) for s in range(60)]
    share = sum(w.days.covered for w in worlds) / sum(w.n for w in worlds)
    assert share == pytest.approx(0.9, abs=0.04)


def test_chance_among_the_requests_of_a_day_is_allowed_for():
    found = run(observed(np.ones(60), each=5, tail=1.0))
    assert found.days.covered >= stats.binom(found.n, 0.9).ppf(0.02)


@pytest.mark.parametrize(("seen", "missing"), [
    (observed(np.ones(9)), "too_short"), (of_sums(np.zeros(1, dtype=int), np.ones(1), np.ones(1)), "too_short"),
    (of_requests(np.arange(30) * DAY_S, np.ones(30), None), "too_short"),  # a single request a day
    (of_requests(np.repeat(np.arange(30), 5) * DAY_S, np.zeros(150), None), "unpaid"),
])  # fmt: skip
def test_too_short_to_test(seen, missing):
    found = run(seen)
    assert (found.missing, found.n, found.days, found.coverage) == (missing, 0, None, None)


def test_a_long_log_is_forecast_from_few_days_only():
    found = run(observed(np.ones(400), each=3))
    assert (found.splits, found.n) == (policy.value("cost_backtest_most_splits"), 393)
