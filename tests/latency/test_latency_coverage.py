"""Intervals hold the truth as often as they say: exactly where they are exact, within chance where they are resampled."""

import numpy as np
import pytest
from request_coverage import binomial_coverage, resampled_percentile

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


def test_exact_coverage_of_known_samples():
    # exact at 95 %: n=60 p95 .990, n=200 p99 .984; the upper end of both is unbounded at 90 % only for the second
    assert binomial_coverage(200, 0.99) == pytest.approx(0.98398, abs=1e-5)
    assert order_statistic_ranks(60, 0.95) == (54, 60)
    assert order_statistic_ranks(200, 0.99) == (195, None)


@pytest.mark.parametrize(("n", "share"), [(60, 0.95), (200, 0.95)])
def test_resampled_intervals_cover_as_often(n, share):
    # the ends of the resampled intervals converge to the exact ones, so they have the same nominal coverage
    assert resampled_percentile(n, share, runs=150, first_seed=3).errors_away <= 3
