"""How far a short log may be trusted: blocks, resampling, and the spread between pilot and production."""

import numpy as np
import pytest
from cost_coverage import DAY_S, World, conditional_coverage, covered
from scipy import stats

from flightready import policy
from flightready.cost.observed import of_requests, of_sums
from flightready.cost.resampling import (
    ASSUMED,
    STATED,
    between_days,
    between_groups,
    block_codes,
    inflation,
    lognormal_factor,
    mix_spread,
    resampled_means,
    unmeasured_spread,
)  # fmt: skip
from flightready.draws import JointSample, generator
from flightready.quantity import parse

LEVELS = (np.arange(200) + 0.5) / 200
ENDS = np.array([0.95, 0.05])  # of the chi-square law: the low and the high end of the spread


def days(n, sd, calls=50, own=0.3, seed=4, users=None):
    """Observe a log of so many days with a spread between them and one within."""
    rng = generator(seed, "test")
    at = np.repeat(np.arange(n), calls)
    cost = np.exp(sd * rng.standard_normal(n))[at] * (1 + own * rng.standard_normal(at.size))
    return of_requests(at * DAY_S, cost, None if users is None else users(at, rng))


def test_blocks_are_days_when_there_are_enough_of_them():
    seconds = np.arange(0, 10 * DAY_S, 3600)
    assert np.bincount(block_codes(seconds)).tolist() == [24] * 10


def test_blocks_of_a_short_log_are_hours_minutes_or_groups():
    assert block_codes(np.arange(0, DAY_S, 600)).max() == 23
    assert block_codes(np.arange(0, 1800, 10)).max() == 29
    assert block_codes(np.zeros(7, dtype=int)).tolist() == list(range(7))  # all at once
    assert block_codes(np.zeros(1, dtype=int)).tolist() == [0]
    assert np.bincount(block_codes(np.zeros(3000, dtype=int))).tolist() == [100] * policy.value("cost_most_groups")


@pytest.mark.parametrize("blocks", [7, 200])
def test_resampled_means_spread_as_the_t_law_does(blocks):
    # blocks of equal size that turn back at once, so that no likeness of neighbours is made good
    rng = generator(1, "test")
    cost = 100 + 5 * np.where(np.arange(blocks) % 2, 1, -1) * rng.random(blocks)
    means = resampled_means(cost, np.full(blocks, 20), rng, size=10_000)
    assert means.mean() == pytest.approx(cost.mean() / 20, rel=0.002)
    reach = (np.quantile(means, 0.95) - np.quantile(means, 0.05)) / 2
    error = cost.std(ddof=1) / np.sqrt(blocks) / 20
    assert reach == pytest.approx(stats.t(blocks - 1).ppf(0.95) * error, rel=0.06)


@pytest.mark.parametrize(("cost", "count", "seen"), [([6.0], [3], {2.0}), ([0.0] * 9, [1] * 9, {0.0})])
def test_one_block_shows_no_spread_and_free_ones_neither(cost, count, seen):
    assert set(resampled_means(np.array(cost), np.array(count), generator(1, "test")).tolist()) == seen


def test_neighbours_that_are_alike_count_for_fewer():
    rng = generator(2, "test")
    normal = rng.standard_normal(4000)
    for i in range(1, normal.size):  # first order: the variance of the mean is (1 + r) / (1 - r) times as large
        normal[i] = 0.5 * normal[i - 1] + np.sqrt(0.75) * normal[i]
    assert inflation(normal) == pytest.approx(3.0, rel=0.1)
    assert inflation(rng.standard_normal(4000)) == pytest.approx(1.0, abs=0.1)
    assert inflation(np.ones(5)) == 1.0


# ---- the spread ------------------------------------------------------------------------------------------------------


def test_the_spread_between_groups_is_that_of_the_textbook():
    # 13 trials of a vaccine (Colditz et al. 1994): Paule-Mandel 0.3181, Q-profile 95 % 0.1197 to 1.1115 for the
    # variance of the log risk ratio (Viechtbauer 2007 and the documentation of metafor)
    cases = np.array([(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
                      (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892),
                      (29, 7470, 45, 7232), (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338),
                      (27, 16886, 29, 17825)]).T  # fmt: skip
    a, b, c, d = cases
    level, variance = np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    found, ends = between_groups(level, variance, np.array([0.975, 0.025]))
    assert found**2 == pytest.approx(0.3181, rel=0.01)
    assert ends**2 == pytest.approx([0.1197, 1.1115], rel=0.01)


def test_the_spread_of_sums_has_the_interval_of_a_variance():
    mean = np.exp(generator(3, "test").standard_normal(14) * 0.3)
    mean[1::2], mean[::2] = np.sort(mean)[7:], np.sort(mean)[:7]  # low and high in turn: no likeness of neighbours
    found, ends = between_days(of_sums(np.arange(14) * DAY_S, mean * 10, np.full(14, 10)), ENDS)
    sd = np.log(mean).std(ddof=1)
    assert found == pytest.approx(sd)
    assert ends == pytest.approx(sd * np.sqrt(13 / stats.chi2(13).ppf(ENDS)))


@pytest.mark.parametrize("true", [0.0, 0.1])
def test_chance_within_days_is_not_taken_for_a_difference_between_them(true):
    seen = days(400, true, calls=100)
    assert between_days(seen, LEVELS)[0] == pytest.approx(true, abs=0.02)
    sums = of_sums(seen.day * DAY_S, seen.cost_usd, seen.requests)
    assert between_days(sums, LEVELS)[0] == pytest.approx(np.hypot(true, 0.3 / 10), rel=0.12)


def test_where_the_spread_comes_from():
    policys = policy.value("cost_mix_spread")
    short = mix_spread(days(13, 0.4), covered_days=13)
    assert (short.sd, short.origin, short.sds) == (policys, ASSUMED, None)
    assert short == unmeasured_spread()
    found = mix_spread(days(14, 0.4), covered_days=14)
    assert (found.from_log, found.days) == (True, 14)
    assert found.limits[0] < found.sd < found.limits[1]
    assert found.limits[0] < 0.4 < found.limits[1]
    stated = mix_spread(days(14, 0.4), covered_days=14, stated=parse("30%", "share", where=""))
    assert (stated.sd, stated.origin, stated.limits) == (0.3, STATED, (0.3, 0.3))
    between = unmeasured_spread(parse("10% to 30%", "share", where=""))
    assert between.limits == pytest.approx((0.1, 0.3), rel=0.02)


def test_production_is_never_taken_for_known_better_than_the_least_spread():
    found = mix_spread(days(20, 0.0, own=0.0), covered_days=20)
    assert found.sd == policy.value("cost_mix_spread_least") == found.limits[1]
    assert found.is_least


@pytest.mark.parametrize("held", [[0, 13], range(0, 14, 3)])
def test_two_weeks_of_which_most_days_are_empty_show_no_spread(held):
    seen = days(14, 0.4).part(np.array(held))
    assert mix_spread(seen, covered_days=14).origin == ASSUMED


def test_two_weeks_with_almost_all_requests_on_two_days_show_no_spread():
    requests = np.array([10_000] * 2 + [2] * 12)
    seen = of_sums(np.arange(14) * DAY_S, requests * np.linspace(1, 2, 14), requests)
    assert mix_spread(seen, covered_days=14).origin == ASSUMED


def test_few_users_widen_the_spread_and_one_account_does_not():
    # 20 users with a level of their own and equal traffic: a standard error of 0.4 / sqrt(20)
    level = np.exp(0.4 * generator(9, "users").standard_normal(20))
    user = np.tile(np.arange(20), 14 * 50)
    seen = of_requests(np.repeat(np.arange(14), 1000) * DAY_S, level[user], user)
    error = level.std(ddof=1) / level.mean() / np.sqrt(20)
    assert (seen.users, seen.user_groups) == (20, pytest.approx(20))
    assert np.sqrt(seen.user_variance) == pytest.approx(error, rel=0.05)
    found = mix_spread(seen, covered_days=14)
    assert found.users == 20
    assert found.sd == pytest.approx(np.hypot(error, policy.value("cost_mix_spread_least")), rel=0.05)
    alone = of_requests(np.repeat(np.arange(14), 1000) * DAY_S, level[user], np.zeros(user.size, dtype=int))
    assert (alone.user_variance, mix_spread(alone, covered_days=14).users) == (0.0, 0)


def test_users_that_do_not_differ_add_next_to_nothing():
    seen = days(14, 0.1, users=lambda at, rng: rng.integers(30, size=at.size))
    assert seen.users == 30
    assert np.sqrt(seen.user_variance) < 0.01


def test_the_factor_leaves_the_mean_alone():
    joint = JointSample(3)
    for spread in (unmeasured_spread(), mix_spread(days(14, 0.3), covered_days=14)):
        assert spread.factor(joint).mean() == pytest.approx(1.0, abs=0.005)
    factor = lognormal_factor(0.3, (np.arange(20_000) + 0.5) / 20_000)
    assert np.log(factor).std() == pytest.approx(0.3, abs=1e-3)


# ---- coverage where the truth is known (small; tests/benchmarks has the large one) ------------------------------------


def test_a_short_log_covers_as_often_as_its_spread_is_right():
    # closed form of a nominal 80 % interval at half, as stated, 1.5 times and double: 99, 80, 61 and 48 %
    runs, times = 100, (0.5, 1.0, 1.5, 2.0)
    seen = conditional_coverage(runs, times)
    for ratio, share in seen.items():
        expected = 2 * stats.norm.cdf(stats.norm.ppf(0.9) / ratio) - 1
        assert share == pytest.approx(expected, abs=3 * np.sqrt(expected * (1 - expected) / runs) + 0.02)


@pytest.mark.parametrize("world", [World(calls=20, tail=1.4), World(), World(spread=0.05, users=15, user_spread=0.6)])
def test_two_weeks_cover_what_production_costs(world):
    runs = 60
    seen = covered(world, runs, first_seed=100)
    assert seen.another_mix >= 0.72 - 1.645 * np.sqrt(0.72 * 0.28 / runs)
    assert seen.unknown <= 0.1
