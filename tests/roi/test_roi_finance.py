"""Present values and payback against known answers."""

import numpy as np
import pytest

from flightready.roi.finance import monthly_factors, payback_month, present_value

FLOWS = [-40000, 5000, 8000, 12000, 30000]


def test_present_value_with_the_first_flow_now_and_at_the_end_of_the_period():
    """NPV 8 %: 3065.2227 (first flow undiscounted), 2838.1691 (end of period)."""
    assert present_value(FLOWS, 0.08, first_discounted=False) == pytest.approx(3065.2227, abs=1e-4)
    assert present_value(FLOWS, 0.08, first_discounted=True) == pytest.approx(2838.1691, abs=1e-4)


def test_monthly_factors_compound_to_the_yearly_rate():
    factors = monthly_factors(np.array([0.10, 0.0]), 24)
    assert factors[0, 11] == pytest.approx(1 / 1.1)
    assert factors[0, 23] == pytest.approx(1 / 1.21)
    assert np.all(factors[1] == 1)


def test_payback_counts_the_last_time_cash_turns_positive():
    cumulative = np.array([[-1.0, 1.0, -0.5, 0.5], [0.0, 1.0, 2.0, 3.0], [-1.0, -1.0, -1.0, -1.0]])
    assert payback_month(cumulative)[:2].tolist() == [3.0, 0.0]
    assert np.isnan(payback_month(cumulative)[2])
