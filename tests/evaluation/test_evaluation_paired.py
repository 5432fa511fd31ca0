"""Two answers to the same records, against published values and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flightready.evaluation.shares.paired import mcnemar, paired_newcombe
from flightready.intervals import newcombe

COUNT = st.integers(0, 400)


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        ((59, 6, 16, 80), -0.1186, -0.0046),  # Cavo 2012 in Fagerland, Lydersen, Laake 2017, table 8.7
        ((1, 1, 7, 12), -0.507, -0.026),  # Bentur 2009, the same table
    ],
)
def test_published_intervals(table, low, high):
    digits = len(str(low).split(".")[1])
    found = paired_newcombe(*table, level=0.95)
    assert (round(found.low, digits), round(found.high, digits)) == (low, high)


@pytest.mark.parametrize(("table", "p"), [((1, 7), 0.0703), ((6, 16), 0.0525), ((0, 0), 1.0), ((5, 5), 1.0)])
def test_published_p_values(table, p):
    """Bentur 2009 and Cavo 2012 in Fagerland, Lydersen and Laake 2013: 0.0703 and 0.0525."""
    assert mcnemar(*table) == pytest.approx(p, abs=5e-5)


@given(COUNT, COUNT, COUNT, COUNT)
def test_the_interval_holds_the_difference_and_stays_within_bounds(both, first, second, neither):
    found = paired_newcombe(both, first, second, neither)
    n = both + first + second + neither
    difference = (first - second) / n if n else 0.0
    assert -1 <= found.low <= difference + 1e-12
    assert difference - 1e-12 <= found.high <= 1


@given(COUNT, COUNT, COUNT, COUNT)
def test_changing_places_changes_the_sign(both, first, second, neither):
    there, back = paired_newcombe(both, first, second, neither), paired_newcombe(both, second, first, neither)
    assert (back.low, back.high) == (pytest.approx(-there.high), pytest.approx(-there.low))
    assert mcnemar(first, second) == pytest.approx(mcnemar(second, first))


def test_without_any_correlation_it_is_the_interval_of_independent_samples():
    """81 : 9 : 9 : 1 is exactly independent."""
    found, independent = paired_newcombe(81, 9, 9, 1), newcombe(90, 100, 90, 100)
    assert (found.low, found.high) == (pytest.approx(independent.low), pytest.approx(independent.high))


def test_answers_that_agree_narrow_the_interval():
    found, independent = paired_newcombe(160, 10, 4, 26), newcombe(170, 200, 164, 200)
    assert found.high - found.low < 0.7 * (independent.high - independent.low)


@pytest.mark.parametrize("shares", [(0.80, 0.06, 0.02, 0.12), (0.93, 0.03, 0.03, 0.01), (0.5, 0.2, 0.1, 0.2)])
def test_it_covers_nine_times_in_ten(shares):
    rng = np.random.default_rng(3)
    drawn, times = rng.multinomial(150, shares, size=1500), np.arange(1500)
    found = [paired_newcombe(*(int(c) for c in drawn[i])) for i in times]
    truth = shares[1] - shares[2]
    covered = sum(f.low <= truth <= f.high for f in found)
    low, high = stats.binom.ppf([0.0005, 0.9995], 1500, [0.88, 0.95])
    assert low <= covered <= high


def test_an_exact_p_value_is_rarely_small_without_a_difference():
    rng = np.random.default_rng(5)
    first = rng.binomial(24, 0.5, size=2000)
    assert np.mean([mcnemar(int(b), 24 - int(b)) <= 0.1 for b in first]) <= 0.1 + 3 * np.sqrt(0.09 / 2000)


@pytest.mark.parametrize("counts", [(-1, 0, 0, 0), (0, 0, -2, 1)])
def test_negative_counts_are_refused(counts):
    with pytest.raises(ValueError, match="negative"):
        paired_newcombe(*counts)


def test_no_records_say_nothing():
    found = paired_newcombe(0, 0, 0, 0)
    assert (found.low, found.high) == (-1, 1)
