"""The tail beyond what was seen: a known tail, an independent fit, coverage, and where it is refused."""

import numpy as np
import pytest
from scipy import stats

from flightready.latency.tail import tail


def answered(times):
    return np.ones(times.size, dtype=bool)


def pareto(n, seed=1, exponent=2.5):
    return np.random.default_rng(seed).pareto(exponent, n) + 1


def test_a_pareto_tail():
    # exact: shape 1 / 2.5 = .4, q.999 = 1000 ** .4 = 15.849
    times = (1 - (np.arange(20_000) + 0.5) / 20_000) ** -0.4
    found = tail(times, answered(times))
    assert found.shapes[0].shape == pytest.approx(0.4, abs=0.01)
    assert found.far[0].value_s == pytest.approx(15.849, rel=0.01)
    assert found.far[0].interval.low < 15.849 < found.far[0].interval.high
    assert found.is_stable


@pytest.mark.parametrize("drawn", [pareto(1500), np.random.default_rng(2).exponential(size=3000)])
def test_the_estimate_is_that_of_an_independent_library(drawn):
    found = tail(drawn, answered(drawn))
    shape, _, scale = stats.genpareto.fit(drawn[drawn > found.threshold_s] - found.threshold_s, floc=0)
    assert found.shapes[0].shape == pytest.approx(shape, abs=0.005)
    assert found.scale_s == pytest.approx(scale, rel=0.005)


def test_intervals_hold_the_truth_about_nine_times_in_ten():
    runs, held = 120, np.zeros(2)
    for seed in range(runs):
        times = pareto(1600, seed=seed)
        found = tail(times, answered(times))
        shape, far = found.shapes[0].interval, found.far[0].interval
        held += shape.low <= 0.4 <= shape.high, far.low <= 15.849 <= far.high
    assert (abs(held / runs - 0.9) <= 3 * np.sqrt(0.09 / runs)).all()


def test_requests_that_were_given_up_are_censored_and_not_dropped():
    times, limit = pareto(20_000, seed=3), 8.0
    ok = times < limit
    found = tail(np.minimum(times, limit), ok)
    assert found.censored == np.sum(~ok)
    assert found.far[0].interval.low < 15.849 < found.far[0].interval.high
    dropped = tail(times[ok], answered(times[ok]))
    assert dropped.refused == "ends" or dropped.far[0].value_s < found.far[0].interval.low


def test_requests_that_failed_at_once_take_their_share_from_the_top():
    times = pareto(20_000, seed=4)
    ok = np.arange(20_000) >= 15  # 0.075 % fail after a moment
    found = tail(np.where(ok, times, 0.01), ok)
    without = tail(times[ok], answered(times[ok]))
    assert found.failed_early == 15
    assert found.far[0].value_s > 1.3 * without.far[0].value_s  # p99.9 of all is p99.975 of those answered
    assert found.far[1].value_s is None  # more than 1 in 10,000 never answers


@pytest.mark.parametrize(
    ("times", "ok", "why"),
    [
        (pareto(600), np.ones(600, dtype=bool), "few"),
        (np.r_[np.random.default_rng(1).random(1900), np.full(100, 5.0)], np.arange(2000) < 1900, "censored"),
        (np.r_[np.zeros(1900), np.full(100, 5.0)], np.ones(2000, dtype=bool), "no_spread"),
        (np.random.default_rng(1).random(4000), np.ones(4000, dtype=bool), "ends"),
        (np.full(2000, 1.0), np.zeros(2000, dtype=bool), "few"),
    ],
)
def test_where_no_tail_is_fitted(times, ok, why):
    found = tail(times, ok)
    assert (found.refused, found.far, found.shapes) == (why, (), ())


def test_a_shape_that_moves_with_the_threshold_is_not_stable():
    rng = np.random.default_rng(6)
    times = np.r_[rng.random(9000), 1 + 0.05 * rng.random(750), 1.05 + 3 * rng.pareto(1.2, 250)]
    assert tail(times, answered(times)).is_stable is False


def test_very_many_requests_are_not_all_fitted():
    times = pareto(60_000)
    assert tail(times, answered(times)).over < 1000
