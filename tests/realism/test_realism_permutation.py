"""Permutation tests against exact counts."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from flightready.draws import generator
from flightready.realism.comparison import higher_rate_p
from flightready.realism.permutation import novelty, permutation_p, repeats


def test_one_new_class_is_a_hypergeometric_draw():
    """Novelty of one class of 3 in 40 rows, 20 raw: all three on the raw side with chance C(37,17)/C(40,20)."""
    p = permutation_p(np.array([17, 3]), np.array([20, 0]), novelty, rng=generator(1, "t"), singles="count")
    assert p == pytest.approx(stats.hypergeom.pmf(3, 40, 20, 3), rel=0.25)


def test_pairs_that_all_fall_on_one_side_are_no_chance():
    raw, curated = np.array([2] * 10 + [1] * 80), np.zeros(90, dtype=int)
    curated = np.concatenate([curated, np.ones(100, dtype=int)])
    raw = np.concatenate([raw, np.zeros(100, dtype=int)])
    assert permutation_p(raw, curated, repeats, rng=generator(2, "t"), singles="ignore") == pytest.approx(1 / 5000)


def test_nothing_seen_is_no_evidence():
    ones = np.ones(50, dtype=int)
    assert permutation_p(ones, ones, novelty, rng=generator(3, "t"), singles="count") == 1.0


def test_p_values_of_fair_splits_are_not_too_small():
    """Phipson and Smyth 2010: P(p <= alpha) <= alpha under the null."""
    rng = np.random.default_rng(5)
    small = 0
    for trial in range(200):
        classes = np.minimum(rng.zipf(1.7, 200), 60)
        side = rng.permutation(200) < 100
        counts = [np.bincount(classes[s], minlength=61) for s in (side, ~side)]
        small += permutation_p(*counts, novelty, rng=generator(trial, "t"), singles="count") <= 0.05
    assert small <= stats.binom.ppf(0.999, 200, 0.05)


def test_the_exact_test_of_two_rates():
    """Fisher's tea tasting: four of four right has the chance 1/70; scipy's own routine agrees elsewhere."""
    assert higher_rate_p(4, 4, 0, 4) == pytest.approx(1 / 70)
    expected = stats.fisher_exact([[30, 170], [20, 480]], alternative="greater").pvalue
    assert higher_rate_p(30, 200, 20, 500) == pytest.approx(expected)
