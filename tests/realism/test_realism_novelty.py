"""What is surely new on one side: fair deals, long tails and closed lists."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from flightready.realism.permutation import all_raw_chance, surely_new


@pytest.mark.parametrize(("k", "n_raw", "n_demo"), [(1, 3, 7), (2, 6, 4), (3, 8, 8), (5, 5, 3)])
def test_the_chance_is_that_of_drawing_without_return(k, n_raw, n_demo):
    assert all_raw_chance(k, n_raw, n_demo) == pytest.approx(comb(n_raw, k) / comb(n_raw + n_demo, k))


def test_where_the_demo_set_has_no_word_of_its_own_every_new_one_is_new():
    raw, demo = np.array([90, 80, 7, 1]), np.array([95, 85, 0, 0])
    assert surely_new(raw, demo).tolist() == [False, False, True, True]


def test_in_a_long_tail_only_the_frequent_new_words_are():
    tail = [1] * 20 + [0] * 20
    raw, demo = np.array([90, 12, *tail]), np.array([110, 0, *tail[::-1]])
    assert np.flatnonzero(surely_new(raw, demo)).tolist() == [1]


def test_halves_of_a_zipf_column_show_hardly_any_new_word():
    rng, marked, lone = np.random.default_rng(7), 0, 0
    for _ in range(50):
        words = np.minimum(rng.zipf(1.6, 600), 400)
        counts = [np.bincount(half, minlength=401) for half in (words[:300], words[300:])]
        marked += int(surely_new(*counts).sum())
        lone += int(((counts[0] > 0) & (counts[1] == 0)).sum())
    assert lone > 500 and marked <= 0.01 * lone


def test_an_empty_side_has_nothing_new_to_show():
    none = np.zeros(3, dtype=int)
    assert not surely_new(none, np.array([1, 2, 3])).any()
