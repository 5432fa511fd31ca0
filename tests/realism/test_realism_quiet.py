"""Quiet on clean data: random halves and time halves of duplicate-free tables (Zipf, heavy tails, unique, dates).

Under one budget of 5 % a clean table holds a false alarm in one case of twenty at most, which is some half per cent of
its columns; few splits only show that it is not clearly more than one per cent. The benchmark takes 100 splits each.
"""

from __future__ import annotations

import numpy as np
import pytest
from realism_samples import clean_table, found, sample_of
from scipy import stats

MOST = 0.01


def flagged(splits: int, n: int, first_share: float, *, by_time: bool, seed: int) -> tuple[set[tuple[int, str]], int]:
    """(split, column) called worse in any way over many splits, and the number of columns looked at."""
    rng = np.random.default_rng(seed)
    told, looked_at = set(), 0
    for split in range(splits):
        frame = clean_table(rng, n).drop(columns="optional")
        order = np.arange(n) if by_time else rng.permutation(n)
        cut = int(first_share * n)
        demo, raw = (frame.iloc[np.sort(part)].reset_index(drop=True) for part in (order[:cut], order[cut:]))
        told |= {(split, d.column) for d in found(sample_of(raw, demo)) if d.worse}
        looked_at += len(frame.columns) + 1
    return told, looked_at


def is_quiet(told: set[tuple[int, str]], looked_at: int) -> bool:
    """Whether so many flagged columns may come from a share of one per cent."""
    return len(told) <= stats.binom.ppf(0.99, looked_at, MOST)


@pytest.mark.parametrize(("n", "first_share", "splits"), [(400, 0.5, 12), (800, 0.75, 4), (2000, 0.5, 2)])
def test_random_halves_flag_hardly_any_column(n, first_share, splits):
    """200 against 200, 200 against 600, and 1,000 against 1,000 records."""
    assert is_quiet(*flagged(splits, n, first_share, by_time=False, seed=11))


def test_time_halves_flag_no_id_and_no_timestamp():
    told, looked_at = flagged(6, 400, 0.5, by_time=True, seed=12)
    assert not {column for _, column in told} & {"id", "time"}
    assert is_quiet(told, looked_at)
