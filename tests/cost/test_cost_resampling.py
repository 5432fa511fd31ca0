"""How far a short log may be trusted: blocks, resampling, and the spread between pilot and production."""

import numpy as np
import pytest
from scipy import stats

from flightready import policy
from flightready.cost.resampling import MixSpread, between_days, block_codes, mix_spread, resampled_means
from flightready.draws import generator

DAY = 86_400


def test_blocks_are_days_when_there_are_enough_of_them():
    seconds = np.arange(0, 10 * DAY, 3600)
    assert np.bincount(block_codes(seconds)).tolist() == [24] * 10


def test_blocks_of_a_short_log_are_hours_minutes_or_groups():
    assert block_codes(np.arange(0, DAY, 600)).max() == 23
    assert block_codes(np.arange(0, 1800, 10)).max() == 29
    assert block_codes(np.zeros(7, dtype=int)).tolist() == list(range(7))  # all at once
    assert block_codes(np.zeros(1, dtype=int)).tolist() == [0]
    assert np.bincount(block_codes(np.zeros(3000, dtype=int))).tolist() == [100] * policy.value("cost_most_groups")


def test_resampled_means_have_the_spread_of_the_textbook():
    # for equal block sizes the standard error is sd / sqrt(blocks), with the plug-in variance of the bootstrap
    rng = generator(1, "test")
    cost = rng.normal(100, 10, size=50)
    means = resampled_means(cost, np.full(50, 20), rng)
    assert means.mean() == pytest.approx(cost.mean() / 20, rel=0.002)
    assert means.std() == pytest.approx(cost.std() / np.sqrt(50) / 20, rel=0.05)


def test_one_block_shows_no_spread():
    means = resampled_means(np.array([6.0]), np.array([3]), generator(1, "test"))
    assert set(means.tolist()) == {2.0}


def test_the_spread_between_days_is_found_and_chance_is_not_taken_for_it():
    rng = generator(2, "test")
    days, calls, sd = 400, 100, 0.3  # sd of a call relative to its mean
    for true in (0.0, 0.1):
        level = np.exp(true * rng.standard_normal(days))
        cost = level[:, None] * (1 + sd * rng.standard_normal((days, calls)))
        found = between_days(cost.mean(axis=1), np.full(days, calls), cost.var(axis=1, ddof=1))
        assert found == pytest.approx(true, abs=0.012)


def test_without_single_calls_chance_adds_to_the_spread():
    rng = generator(3, "test")
    cost = 1 + 0.3 * rng.standard_normal((400, 100))
    known = between_days(cost.mean(axis=1), np.full(400, 100), cost.var(axis=1, ddof=1))
    sums_only = between_days(cost.mean(axis=1), np.full(400, 100), None)
    assert known < sums_only == pytest.approx(0.3 / 10, rel=0.1)


def days(n, sd=0.0):
    rng = generator(4, "test")
    return {"mean": np.exp(sd * rng.standard_normal(n)), "count": np.full(n, 50), "within_variance": np.full(n, 0.01)}


def test_a_log_of_two_weeks_speaks_for_itself_and_a_shorter_one_does_not():
    assert mix_spread(covered_days=13, **days(13, 0.4)) == MixSpread(policy.value("cost_mix_spread"), False, 0)
    found = mix_spread(covered_days=14, **days(14, 0.4))
    assert found.from_log
    assert found.days == 14
    assert found.sd == pytest.approx(0.4, abs=0.15)


def test_production_is_never_taken_for_known_better_than_the_least_spread():
    found = mix_spread(covered_days=20, **days(20))
    assert found.sd == policy.value("cost_mix_spread_least")
    assert found.is_least


def test_the_factor_leaves_the_mean_alone():
    uniform = (np.arange(20_000) + 0.5) / 20_000
    factor = MixSpread(0.3, False, 0).factor(uniform)
    assert factor.mean() == pytest.approx(1.0, abs=1e-3)
    assert np.log(factor).std() == pytest.approx(0.3, abs=1e-3)


@pytest.mark.parametrize(("ratio", "coverage"), [(0.5, 0.99), (1.0, 0.80), (1.5, 0.60), (2.0, 0.47)])
def test_the_interval_is_conditional_on_the_stated_spread(ratio, coverage):
    # a nominal 80 % interval of the factor when the true spread is `ratio` times the stated one:
    # P(|Z| < 1.2816 / ratio), simulated here against the closed form
    stated = MixSpread(0.2, False, 0)
    low, high = stated.factor(np.array([0.1, 0.9]))
    rng = generator(5, "test")
    truth = MixSpread(0.2 * ratio, False, 0).factor(rng.random(40_000))
    # means are kept at 1, so the two factors are centred slightly apart; compare on a common median
    scale = np.exp((0.2**2 - (0.2 * ratio) ** 2) / 2)
    covered = np.mean((truth / scale > low) & (truth / scale < high))
    assert covered == pytest.approx(2 * stats.norm.cdf(stats.norm.ppf(0.9) / ratio) - 1, abs=0.01)
    assert covered == pytest.approx(coverage, abs=0.02)


def test_resampling_alone_understates_what_production_will_cost_and_the_spread_mends_it():
    # pilots of one hour whose mean cost differs from production's by a lognormal factor of sd 0.2: a nominal 80 %
    # interval from resampled blocks covers far less, with the spread about as often as it says
    rng = generator(6, "test")
    stated, covered = MixSpread(0.2, False, 0), np.zeros((2, 300))
    uniform = rng.random(policy.value("cost_resamples"))
    for trial in range(300):
        level = np.exp(0.2 * rng.standard_normal())
        cost = level * rng.gamma(2.0, 0.5, size=(60, 10))  # 60 minutes of 10 calls, production's mean is 1
        means = resampled_means(cost.sum(axis=1), np.full(60, 10), rng)
        for i, draws in enumerate((means, means * stated.factor(uniform))):
            low, high = np.quantile(draws, [0.1, 0.9])
            covered[i, trial] = low <= 1.0 <= high
    resampled, widened = covered.mean(axis=1)
    assert resampled < 0.3
    assert widened == pytest.approx(0.8, abs=0.08)
