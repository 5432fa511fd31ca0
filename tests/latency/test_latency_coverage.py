"""Intervals hold the truth as often as they say: exactly where they are exact, within chance where they are resampled."""

import numpy as np
import pytest
from request_coverage import binomial_coverage, resampled_coverage, resampled_percentile

from flightready.intervals import order_statistic_ranks

CASES = [(n, share) for n in (60, 200, 1000) for share in (0.95, 0.99)]


@pytest.mark.parametrize(("n", "share"), CASES)
def test_exact_intervals_cover_as_often_as_the_binomial_says(n, share):
    rng, runs = np.random.default_rng(5), 4000
    ordered = np.sort(rng.random((runs, n)), axis=1)  # any distribution: only the ranks count
    low, high = order_statistic_ranks(n, share)
    below = ordered[:, low - 1] <= share if low else np.ones(runs, dtype=bool)
    held = below & (ordered[:, high - 1] >= share if high else True)
    nominal = binomial_coverage(n, share)
    assert nominal >= 0.9
    assert abs(held.mean() - nominal) <= 3 * np.sqrt(nominal * (1 - nominal) / runs)


@pytest.mark.parametrize(("n", "share"), CASES)
def test_many_resamples_come_to_the_exact_interval(n, share):
    assert resampled_coverage(n, share, 1024) == pytest.approx(binomial_coverage(n, share), abs=0.02)
    assert resampled_coverage(n, share, 2**30) == pytest.approx(binomial_coverage(n, share), abs=1e-3)
    assert resampled_coverage(n, share, 1024) >= 0.9


@pytest.mark.parametrize(("n", "share"), [(60, 0.95), (200, 0.99)])
def test_resampled_intervals_cover_as_often(n, share):
    assert resampled_percentile(n, share, runs=100, first_seed=3, replicates=256).errors_away <= 3
