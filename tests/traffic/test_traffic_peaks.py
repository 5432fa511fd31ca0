"""The busiest day and minute against the distribution of the largest of many."""

import numpy as np
import pytest
from scipy import stats

from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.peaks import busiest_day, busiest_minute


@pytest.mark.parametrize(("spread", "index"), [(0.0, 1.0), (0.3, 1.0), (0.0, 3.0), (0.2, 2.0)])
def test_the_busiest_minute_is_that_of_an_hour_of_simulated_minutes(spread, index):
    """Second route: 20,000 hours of 60 counts, drawn as Poisson or negative binomial with the same variance."""
    rng, mean = np.random.default_rng(5), 80.0
    surplus = (index - 1) * mean + (spread * mean) ** 2
    rates = mean if surplus == 0 else rng.gamma(mean**2 / surplus, surplus / mean, size=(20_000, 60))
    simulated = rng.poisson(rates, size=(20_000, 60)).max(axis=1) / mean
    exact = busiest_minute((np.arange(2000) + 0.5) / 2000, mean, index=index, spread=spread)
    assert np.quantile(exact, [0.05, 0.5, 0.95]) == pytest.approx(np.quantile(simulated, [0.05, 0.5, 0.95]), abs=0.03)


def test_random_arrivals_give_the_poisson_value():
    """P(max of 60 <= x) = F(x)^60."""
    for mean in (0.5, 10.0, 500.0):
        value = busiest_minute(0.5, mean) * mean
        assert stats.poisson.cdf(value, mean) ** 60 >= 0.5 > stats.poisson.cdf(value - 1, mean) ** 60


def test_a_busier_hour_is_relatively_more_even_unless_all_share_the_burst():
    load = np.array([1.0, 10.0, 100.0, 10_000.0])
    assert np.all(np.diff(busiest_minute(0.5, load, index=2.0)) < 0)
    assert busiest_minute(0.5, load[-1], spread=0.3) == pytest.approx(busiest_minute(0.5, 1e6, spread=0.3), rel=0.01)


def test_the_busiest_day_is_the_largest_of_a_month_of_days():
    rng, sd = np.random.default_rng(3), 0.25
    days = np.exp(sd * rng.standard_normal((50_000, 30)) - sd**2 / 2)
    assert np.median(days.max(axis=1)) == pytest.approx(float(busiest_day(0.5, sd)), abs=0.01)
    assert stats.norm.cdf((np.log(busiest_day(0.2, sd)) + sd**2 / 2) / sd) ** DAYS_PER_MONTH == pytest.approx(0.2)
    assert busiest_day(0.9, 0.0) == 1.0
