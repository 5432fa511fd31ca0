"""Intervals against published values, an independent library, and their binomial coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flightready.evidence import Interval, State, judge_at_least, judge_at_most
from flightready.intervals import (
    benjamini_hochberg,
    clopper_pearson,
    newcombe,
    order_statistic_ranks,
    quantile_with_interval,
    rows_to_decide,
    smallest_detectable_drop,
    smallest_n_for_upper_bound,
    two_level_discoveries,
    wilson,
)  # fmt: skip


@given(st.integers(0, 500), st.integers(1, 500))
def test_proportion_intervals_agree_with_scipy(x, n):
    x = min(x, n)
    for ours, method in ((wilson, "wilson"), (clopper_pearson, "exact")):
        theirs = stats.binomtest(x, n).proportion_ci(0.9, method=method)
        assert (ours(x, n).low, ours(x, n).high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_newcombe_published_difference():
    """470/500 against 166/200: 11.0 points [5.8, 17.1] at 95 % (Newcombe 1998, method 10)."""
    interval = newcombe(470, 500, 166, 200, level=0.95)
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.058, 0.171)


def test_newcombe_does_not_break_at_the_extremes():
    for x1, x2 in ((0, 0), (10, 0), (0, 10), (10, 10)):
        interval = newcombe(x1, 10, x2, 10)
        assert -1 <= interval.low <= (x1 - x2) / 10 <= interval.high <= 1


def test_newcombe_covers_what_it_claims():
    """Exact coverage over all outcomes at p = .9 and .8 lies near the nominal 90 %."""
    n1, n2, p1, p2 = 60, 40, 0.9, 0.8
    covered = sum(
        stats.binom.pmf(a, n1, p1) * stats.binom.pmf(b, n2, p2)
        for a in range(n1 + 1) for b in range(n2 + 1)
        if (i := newcombe(a, n1, b, n2)).low <= p1 - p2 <= i.high
    )  # fmt: skip
    assert 0.88 < covered < 0.93


def test_none_seen_in_200_is_at_most_one_and_a_half_percent():
    assert clopper_pearson(0, 200).high == pytest.approx(0.0149, abs=1e-4)


@pytest.mark.parametrize(
    ("share", "curated", "raw", "points"),
    [(0.95, 500, 200, 6.2), (0.95, 5000, 1000, 2.3), (0.90, 600, 200, 7.7), (0.90, 200, 200, 10.0)],
)
def test_smallest_detectable_drop(share, curated, raw, points):
    """Two-sample test of proportions at two-sided 5 % and 80 % power, to a tenth of a point."""
    drop = smallest_detectable_drop(share, curated, raw, power=0.8, level=0.95)
    assert 100 * drop == pytest.approx(points, abs=0.06)


def test_detectable_drop_has_the_stated_power():
    """Exact power of the shown interval (lower end above zero) at the returned drop is close to 80 %."""
    n1, n2, p1 = 300, 200, 0.9
    p2 = p1 - smallest_detectable_drop(p1, n1, n2, power=0.8)
    rng = np.random.default_rng(5)
    first, second = rng.binomial(n1, p1, 2000), rng.binomial(n2, p2, 2000)
    power = np.mean([newcombe(int(a), n1, int(b), n2).low > 0 for a, b in zip(first, second, strict=True)])
    assert 0.76 < power < 0.86


@pytest.mark.parametrize(
    ("n", "quantile", "ranks"),
    [(100, 0.5, (40, 61)), (200, 0.95, (184, 197)), (200, 0.99, (195, None)), (500, 0.99, (490, 500)),
     (1000, 0.99, (983, 997))],
)  # fmt: skip
def test_order_statistic_ranks(n, quantile, ranks):
    """Binomial argument, 95 %, 1-based ranks."""
    assert order_statistic_ranks(n, quantile, level=0.95) == ranks


@given(st.integers(1, 2000), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_order_statistic_interval_covers_at_least_its_level(n, quantile):
    low, high = order_statistic_ranks(n, quantile)
    below = stats.binom.cdf((high or n + 1) - 1, n, quantile) if high else 1.0
    above = stats.binom.cdf((low or 0) - 1, n, quantile) if low else 0.0
    assert below - above >= 0.9 - 1e-12


@pytest.mark.parametrize(("n", "quantile", "covers"), [(60, 0.95, 0.990), (200, 0.99, 0.984), (1000, 0.99, 0.976)])
def test_the_interval_of_a_quantile_covers_more_than_its_level(n, quantile, covers):
    """At 95 %: P(low <= Binomial(n, quantile) < high)."""
    assert coverage(n, quantile, 0.95) == pytest.approx(covers, abs=5e-4)


@pytest.mark.parametrize("n", [1, 20, 60, 149, 200, 368, 1000])
@pytest.mark.parametrize("quantile", [0.5, 0.9, 0.95, 0.99])
def test_the_coverage_of_a_quantile_is_the_same_by_two_routes(n, quantile):
    """The k-th of n uniform values is Beta(k, n - k + 1) (David and Nagaraja 2003, section 2.1)."""
    interval = quantile_with_interval(np.arange(1.0, n + 1), quantile)[1]
    low, high = (0 if end is None else int(end) for end in (interval.low, interval.high))
    is_above_low = stats.beta.cdf(quantile, low, n - low + 1) if low else 1.0
    is_above_high = stats.beta.cdf(quantile, high, n - high + 1) if high else 0.0
    assert is_above_low - is_above_high == pytest.approx(coverage(n, quantile, 0.9), abs=1e-12)


def coverage(n, quantile, level):
    """Exact chance, over all counts of values below the quantile, that the interval of n values holds it."""
    low, high = order_statistic_ranks(n, quantile, level)
    below = np.arange(n + 1)
    return stats.binom.pmf(below, n, quantile)[(below >= (low or 0)) & (below < (high or n + 1))].sum()


def test_smallest_sample_that_bounds_a_quantile():
    """Two-sided 95 %: 72, 368, 3688; one-sided 95 % (the 90 % interval): 59, 299, 2995."""
    assert [smallest_n_for_upper_bound(q, 0.95) for q in (0.95, 0.99, 0.999)] == [72, 368, 3688]
    assert [smallest_n_for_upper_bound(q) for q in (0.95, 0.99, 0.999)] == [59, 299, 2995]


def test_quantile_is_median_unbiased_and_says_when_unbounded():
    values = np.random.default_rng(1).exponential(size=200)
    estimate, interval = quantile_with_interval(values, 0.99)
    assert estimate == pytest.approx(np.quantile(values, 0.99, method="median_unbiased"))
    assert interval.high is None and interval.low < estimate


def test_a_censored_tail_leaves_the_interval_open():
    values = np.concatenate([np.arange(1.0, 96.0), np.full(5, np.inf)])
    estimate, interval = quantile_with_interval(values, 0.95)
    assert interval.low is not None and interval.high is None
    assert estimate >= 95


@pytest.mark.parametrize(("share", "threshold"), [(0.88, 0.85), (0.86, 0.9), (0.92, 0.9)])
def test_rows_to_decide_really_decide(share, threshold):
    """Exact chance, over all outcomes, that the interval of so many rows lies on one side of the threshold."""
    n = rows_to_decide(share, threshold, power=0.8)
    x = np.arange(n + 1)
    ends = [wilson(int(k), n) for k in x]
    decided = np.array([i.low >= threshold if share > threshold else i.high < threshold for i in ends])
    assert stats.binom.pmf(x, n, share)[decided].sum() == pytest.approx(0.8, abs=0.03)


def test_rows_to_decide_say_when_no_number_would():
    assert rows_to_decide(0.85, 0.85, power=0.8) is None
    assert rows_to_decide(0.850001, 0.85, power=0.8) is None


def test_benjamini_hochberg_agrees_with_scipy_and_takes_nothing():
    assert benjamini_hochberg([]).size == 0
    assert benjamini_hochberg([0.01, 0.04, 0.5]) == pytest.approx([0.03, 0.06, 0.5])


def test_two_levels_find_nothing_among_chance_and_something_in_truth():
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(200):
        p = {(f"c{c}", f"d{d}"): float(u) for c in range(20) for d, u in enumerate(rng.random(12))}
        false += bool(two_level_discoveries(p, budget=0.05))
    assert false <= 20  # nominal 5 % of 200 runs, with room for chance
    p["c3", "d1"] = 1e-9
    assert ("c3", "d1") in two_level_discoveries(p, budget=0.05)


def test_judging_uses_the_ends_of_the_interval():
    assert judge_at_least(Interval(0.86, 0.9), 0.85) is State.PASS
    assert judge_at_least(Interval(0.80, 0.84), 0.85) is State.FAIL
    assert judge_at_least(Interval(0.80, 0.9), 0.85) is State.UNKNOWN
    assert judge_at_most(Interval(1.0, None), 2.0) is State.UNKNOWN
    assert judge_at_most(Interval(2.1, None), 2.0) is State.FAIL
    assert judge_at_most(Interval(None, 1.9), 2.0) is State.PASS
