"""Shifts of numbers and categories: size, power, intervals, and the laws behind them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.realism.shift import (
    category_shift,
    common_categories,
    number_shift,
    pairs_interval,
    pairs_won,
    rank_scores,
    shift_weights,
    weighted_body,
    weighted_tail,
)

MIX = np.array([0.4, 0.25, 0.15, 0.1, 0.06, 0.04])


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=30), st.lists(st.integers(-5, 5), min_size=1, max_size=30))
def test_pairs_won_is_the_mann_whitney_statistic(first, second):
    a, b = np.array(first, dtype=float), np.array(second, dtype=float)
    assert pairs_won(a, b) == pytest.approx(stats.mannwhitneyu(a, b).statistic / (len(a) * len(b)))
    assert pairs_won(a, b) + pairs_won(b, a) == pytest.approx(1)


@pytest.mark.parametrize(
    ("n", "m", "level", "spread"), [(200, 200, 0, 1), (200, 600, 0.5, 1), (200, 200, 0.5, 2), (50, 200, 1.5, 1)]
)
def test_the_interval_of_pairs_holds_nine_times_in_ten(n, m, level, spread):
    """True share for normal values: Phi(level / sqrt(1 + spread^2))."""
    rng, true, held = generator(), stats.norm.cdf(level / np.hypot(1, spread)), 0
    for _ in range(500):
        won = pairs_won(rng.normal(level, spread, n), rng.normal(size=m))
        interval = pairs_interval(won, n, m)
        held += interval.low <= true <= interval.high
    assert 0.86 <= held / 500 <= 0.95


def test_the_interval_of_pairs_at_the_ends():
    assert pairs_interval(1.0, 20, 20).high == 1.0 and 0.85 < pairs_interval(1.0, 20, 20).low < 1
    assert pairs_interval(0.0, 20, 20).low == 0.0


def test_rank_scores_are_orthonormal_even_with_ties():
    for values in (generator().normal(size=300), generator().integers(0, 6, 300).astype(float)):
        scores = rank_scores(values)
        assert scores.shape == (300, 4)
        np.testing.assert_allclose(scores.T @ scores / 300, np.eye(4), atol=1e-9)
        np.testing.assert_allclose(scores.mean(axis=0), 0, atol=1e-9)
    assert rank_scores(np.ones(10)).shape == (10, 0)


@pytest.mark.parametrize("tail", [1e-3, 1e-4])
def test_the_limit_law_in_its_tail(tail):
    """Zolotarev 1961, against a million draws."""
    weights = shift_weights(4)
    drawn = generator().normal(size=(1_000_000, 4)) ** 2 @ weights
    assert weighted_tail(float(np.quantile(drawn, 1 - tail)), weights) == pytest.approx(tail, rel=0.35)


@pytest.mark.parametrize("chance", [0.8, 0.5, 0.25])
def test_the_limit_law_in_its_body(chance):
    """Satterthwaite 1946, against a million draws."""
    weights = shift_weights(4)
    drawn = generator().normal(size=(1_000_000, 4)) ** 2 @ weights
    assert weighted_body(float(np.quantile(drawn, 1 - chance)), weights) == pytest.approx(chance, abs=0.02)


@pytest.mark.parametrize("ties", [True, False])
def test_numbers_of_one_table_give_uniform_p_values(ties):
    rng, p_values = generator(1), []
    for _ in range(300):
        values = rng.geometric(0.3, 100).astype(float) if ties else rng.pareto(1.2, 100)
        p_values.append(number_shift(values[:40], values[40:], rng=rng).p_value)
    for level in (0.05, 0.2, 0.5):
        assert np.mean(np.array(p_values) <= level) == pytest.approx(
            level, abs=2.8 * np.sqrt(level * (1 - level) / 300)
        )


def test_categories_of_one_table_give_no_more_small_p_values_than_they_should():
    rng = generator(2)
    p = [category_shift(rng.multinomial(60, MIX), rng.multinomial(90, MIX), rng=rng).p_value for _ in range(400)]
    assert np.mean(np.array(p) <= 0.05) <= 0.08
    assert np.mean(np.array(p) <= 0.5) == pytest.approx(0.5, abs=0.08)


def power(change, n: int = 200, level: float = 0.002) -> float:
    rng = generator(3)
    return float(
        np.mean([number_shift(change(rng, n), rng.normal(size=n), rng=rng).p_value <= level for _ in range(60)])
    )


def test_power_on_level_spread_and_ends():
    """At n = 200 and p = .002 Kolmogorov-Smirnov sees these in .46, .10 and .06 of cases, Anderson-Darling in .62, .40 and .17."""
    assert power(lambda rng, n: rng.normal(0.35, 1, n)) > 0.4
    assert power(lambda rng, n: rng.normal(0, 1.5, n)) > 0.65
    assert power(lambda rng, n: np.where(rng.random(n) < 0.1, rng.normal(4, 1, n), rng.normal(size=n))) > 0.15


def test_a_rare_value_is_not_taken_for_certain():
    """Two records of 5,200, both among the 200: permutation chance .0015, the limit law would say 1e-11."""
    raw, other = np.zeros(200), np.zeros(5000)
    raw[:2] = 1
    assert number_shift(raw, other, rng=generator()).p_value == pytest.approx(0.0015, abs=0.002)


def test_a_clear_shift_is_told_below_the_resolution_of_permutations():
    shift = number_shift(generator(1).normal(1, 1, 500), generator(2).normal(size=500), rng=generator())
    rank_sum = stats.mannwhitneyu(generator(1).normal(1, 1, 500), generator(2).normal(size=500)).pvalue
    assert 0 < shift.p_value < 1e-20 and rank_sum < 1e-20


@pytest.mark.parametrize(("n", "m", "moved"), [(200, 200, 0.0), (200, 600, 0.1), (200, 200, 0.3), (5000, 600, 0.05)])
def test_the_interval_of_moved_records_holds_at_least_nine_times_in_ten(n, m, moved):
    rng, raw, held, values = generator(4), MIX.copy(), 0, []
    raw[0] -= moved
    raw[-1] += moved
    for _ in range(150):
        effect = category_shift(rng.multinomial(n, raw), rng.multinomial(m, MIX), rng=rng).effect
        assert effect.interval.low <= effect.value <= effect.interval.high
        held += effect.interval.low <= moved <= effect.interval.high
        values.append(effect.value)
    assert held / 150 >= 0.88
    assert np.mean(values) == pytest.approx(moved, abs=0.045)


def test_rare_categories_are_one():
    raw, other = np.array([50, 30, 1, 0, 1]), np.array([60, 30, 0, 1, 1])
    got = common_categories(raw, other)
    assert [g.tolist() for g in got] == [[50, 30, 2], [60, 30, 2]]


def test_too_little_says_nothing():
    assert number_shift(np.ones(5), np.ones(50), rng=generator()) is None
    assert number_shift(np.ones(50), np.ones(50), rng=generator()) is None
    assert category_shift(np.array([3, 2]), np.array([30, 20]), rng=generator()) is None
    assert category_shift(np.array([30, 0]), np.array([50, 0]), rng=generator()) is None
