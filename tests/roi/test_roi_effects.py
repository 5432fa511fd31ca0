"""Two arms compared: published intervals, closed forms, coverage by simulation, and properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.evidence import Interval
from flightready.intervals import newcombe
from flightready.roi.effects import arm_value, compare, equally_likely, heterogeneity, in_turn, sample_ratio_p, together


def test_one_period_of_shares_is_newcombes_interval():
    """470/500 against 166/200: 11.0 points, 5.8 to 17.1 at 95 % (Newcombe 1998, method 10)."""
    found = compare(arm_value(500, 0.94, None, 0.95), arm_value(200, 0.83, None, 0.95), 0.95)
    assert (found.difference, found.interval.low, found.interval.high) == pytest.approx((0.11, 0.058, 0.171), abs=5e-4)
    again = together([found], 0.95)
    assert (again.interval.low, again.interval.high) == pytest.approx((found.interval.low, found.interval.high))
    own = newcombe(470, 500, 166, 200, level=0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx((own.low, own.high))


def test_one_period_of_means_is_welchs_interval():
    """Against scipy's own Welch interval."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(3, 2, 25), rng.normal(4, 5, 60)
    found = compare(*(arm_value(x.size, float(x.mean()), float(x.std(ddof=1))) for x in (a, b)))
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.9)
    assert (found.interval.low, found.interval.high) == pytest.approx((theirs.low, theirs.high))


def test_the_ratio_of_means_is_fiellers():
    """Fieller's roots of (a - r b)^2 = t^2 (va + r^2 vb), with the arms' own t; equal sizes make the two t equal."""
    a, b = arm_value(40, 3.0, 1.5), arm_value(40, 4.0, 2.0)
    t = stats.t.ppf(0.95, 39)
    roots = np.roots([16 - t**2 * b.variance, -24, 9 - t**2 * a.variance])
    found = compare(a, b).relative_interval
    assert sorted((found.low + 1, found.high + 1)) == pytest.approx(sorted(roots.real.tolist()))


def test_periods_together_by_hand():
    """Two periods with 100 + 100 and 50 + 150 cases weigh 50 and 37.5."""
    one = compare(arm_value(100, 3.0, 2.0), arm_value(100, 4.0, 2.0))
    other = compare(arm_value(50, 3.0, 2.0), arm_value(150, 3.5, 2.0))
    found, w = together([one, other]), np.array([50, 37.5]) / 87.5
    assert found.difference == pytest.approx(w @ [-1.0, -0.5])
    variance = w[0] ** 2 * (4 / 100 + 4 / 100) + w[1] ** 2 * (4 / 50 + 4 / 150)
    assert found.treated.variance + found.control.variance == pytest.approx(variance)
    assert found.interval.high - found.difference == pytest.approx(1.645 * variance**0.5, rel=0.01)


@pytest.mark.parametrize("kind", ["share", "mean"])
def test_the_interval_over_periods_covers_nine_in_ten(kind):
    """2,000 experiments of four weeks with a season that moves both arms; a nominal 90 % interval, +- 2.5 points."""
    rng, held, runs = np.random.default_rng(11), 0, 2_000
    season = np.array([0.2, 0.3, 0.4, 0.35])
    sizes = [(40, 60), (80, 50), (60, 60), (30, 90)]
    for _ in range(runs):
        weeks = []
        for level, (n, m) in zip(season, sizes, strict=True):
            if kind == "share":
                arms = (rng.binomial(n, level + 0.1) / n, None, n), (rng.binomial(m, level) / m, None, m)
            else:
                draws = rng.gamma(4, (level + 0.1) / 4, n), rng.gamma(4, level / 4, m)
                arms = tuple((x.mean(), x.std(ddof=1), x.size) for x in draws)
            weeks.append(compare(*(arm_value(k, float(v), sd) for v, sd, k in arms)))
        ends = together(weeks).interval
        held += ends.low <= 0.1 <= ends.high
    assert held / runs == pytest.approx(0.9, abs=0.025)


def test_a_season_moves_no_effect_side_by_side_but_does_in_turn():
    quiet, busy = arm_value(400, 4.0, 2.0), arm_value(400, 5.0, 2.0)
    assert together([compare(quiet, quiet), compare(busy, busy)]).difference == pytest.approx(0)
    assert in_turn([busy, busy], [quiet, quiet]).difference == pytest.approx(1.0)


def test_arms_in_turn_are_widened_by_how_far_their_periods_differ():
    steady = [arm_value(100, m, 2.0) for m in (4.0, 4.0, 4.0)]
    wild = [arm_value(100, m, 2.0) for m in (3.0, 4.0, 5.0)]
    narrow, wide = in_turn(steady, steady).interval, in_turn(wild, steady).interval
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_heterogeneity_is_cochrans():
    """Q of 0.9 / sqrt(4 * 2^2 / 400) squared is 20.25 on one degree of freedom."""
    weeks = [compare(arm_value(400, m, 2.0), arm_value(400, 4.0, 2.0)) for m in (3.0, 3.9)]
    assert heterogeneity(weeks) == pytest.approx(stats.chi2.sf(20.25, 1))
    assert heterogeneity(weeks[:1]) is None


def test_a_sample_ratio_mismatch_is_chi_square():
    assert sample_ratio_p(4_600, 5_400, 0.5) == pytest.approx(stats.chisquare([4_600, 5_400]).pvalue)
    assert sample_ratio_p(2_000, 8_000, 0.2) == pytest.approx(1.0)


def test_equally_likely_values_have_the_interval_as_quantiles():
    drawn = equally_likely(1.0, Interval(0.0, 3.0), 10_000)
    assert np.quantile(drawn, [0.05, 0.5, 0.95]) == pytest.approx([0.0, 1.0, 3.0], abs=0.01)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=80, deadline=None)
def test_shares_stay_within_their_bounds(n, m, p, q):
    found = compare(arm_value(n, round(p * n) / n, None), arm_value(m, round(q * m) / m, None))
    assert -1 <= found.interval.low <= found.difference <= found.interval.high <= 1
    turned = compare(found.control, found.treated)
    assert (turned.interval.low, turned.interval.high) == pytest.approx((-found.interval.high, -found.interval.low))
    if found.relative is not None:
        ends = found.relative_interval
        assert -1 - 1e-9 <= ends.low <= found.relative + 1e-9
        assert ends.high is None or ends.high >= found.relative - 1e-9


@pytest.mark.parametrize(("n", "sd"), [(0, None), (0, 1.0), (1, 1.0)])
def test_nothing_is_not_compared(n, sd):
    with pytest.raises(ValueError, match="show nothing"):
        arm_value(n, 0.5, sd)
