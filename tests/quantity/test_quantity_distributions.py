"""Shapes against closed forms and published coefficients."""

import numpy as np
import pytest
from scipy import stats

from flightready.errors import InputError
from flightready.quantity import Fixed, Metalog, Pool, Spread

U = (np.arange(200_000) + 0.5) / 200_000


def test_lognormal_from_its_90_percent_interval():
    """Closed form: sigma = ln(10) / (2 * 1.644854), mean = exp(mu + sigma^2 / 2)."""
    spread = Spread(10, 100, "lognormal")
    assert spread.sigma == pytest.approx(0.699936, abs=1e-6)
    assert spread.ppf(U).mean() == pytest.approx(40.400, rel=1e-3)


def test_metalog_coefficients_and_tails():
    """Keelin 2016, three terms from (q10, q50, q90): a = (50, 9.10239, 5.68900), mean 52.8445."""
    metalog = Metalog(35, 50, 75, "normal")
    assert metalog.coefficients == pytest.approx((50, 9.10239, 5.68900), abs=1e-5)
    assert metalog.ppf(U).mean() == pytest.approx(52.8445, abs=2e-3)
    assert metalog.ppf(np.array([0.05, 0.1, 0.5, 0.9, 0.95])) == pytest.approx([30.7365, 35, 50, 75, 84.3393], abs=1e-4)


def test_metalog_refuses_what_would_turn_back():
    """Feasible for .16658 < r < .83342 (Keelin 2016)."""
    for middle, fits in ((0.17, True), (0.166, False), (0.83, True), (0.834, False)):
        if fits:
            assert np.all(np.diff(Metalog(0, middle, 1, "normal").ppf(U)) > 0)
        else:
            with pytest.raises(InputError, match="too skewed"):
                Metalog(0, middle, 1, "normal")


def test_amounts_and_shares_stay_in_their_bounds():
    """Without its lower bound the triple (1, 3, 6) is negative in 3.1 % of draws; as an amount it never is."""
    assert np.mean(Metalog(1, 3, 6, "normal").ppf(U) < 0) == pytest.approx(0.031, abs=2e-3)
    assert Metalog(1, 3, 6, "lognormal").ppf(U).min() > 0
    shares = Spread(0.6, 0.98, "logitnormal").ppf(U)
    assert shares.min() > 0 and shares.max() < 1
    assert np.mean(Spread(0.6, 0.98, "lognormal").ppf(U) > 1) == pytest.approx(0.038, abs=2e-3)


def test_linear_pool_of_two_normals():
    """N(0,1) and N(4,1) with equal weights: mean 2, variance 5."""
    z = 1.6448536269514722
    pool = Pool((Spread(-z, z, "normal"), Spread(4 - z, 4 + z, "normal"))).ppf(U)
    assert pool.mean() == pytest.approx(2, abs=1e-3)
    assert pool.var() == pytest.approx(5, abs=0.02)


def test_normal_matches_scipy():
    assert Spread(-2, 6, "normal").ppf(U) == pytest.approx(stats.norm(2, 4 / 1.6448536269514722).ppf(U))


def test_fixed_has_no_spread():
    assert np.ptp(Fixed(3.0).ppf(U)) == 0
