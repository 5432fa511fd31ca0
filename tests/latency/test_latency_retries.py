"""Retries: attempts and final failures when failures come one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.latency.retries import attempts, final_failure, retry_effect


def test_known_values():
    # attempts (1 - p^(r+1)) / (1 - p): p = .5, r = 3 -> 1.875, final failure .0625
    assert attempts(0.5, 3) == 1.875
    assert final_failure(0.5, 3) == 0.0625
    # three layers of four attempts: 64 times the calls when everything fails
    assert attempts(1.0, 3) ** 3 == 64


@given(st.floats(0, 0.999), st.integers(0, 6))
def test_closed_form(share, retries):
    assert attempts(share, retries) == pytest.approx((1 - share ** (retries + 1)) / (1 - share))
    assert 1 <= attempts(share, retries) <= retries + 1


def test_against_a_simulation():
    rng = np.random.default_rng(3)
    fails = rng.random((200_000, 3)) < 0.2
    made = 1 + fails[:, 0] + (fails[:, 0] & fails[:, 1])
    assert made.mean() == pytest.approx(attempts(0.2, 2), abs=0.005)
    assert fails.all(axis=1).mean() == pytest.approx(final_failure(0.2, 2), abs=0.001)


def test_effect_carries_the_uncertainty_of_the_failures():
    found = retry_effect(100, 10, 1, level="call")
    assert found.attempts == pytest.approx(1.1)
    assert found.attempts_interval.low < 1.1 < found.attempts_interval.high
    assert found.final_failure_interval.low < 0.01 < found.final_failure_interval.high
    assert found.most_attempts == 2


def test_no_failures_still_leave_room_for_some():
    found = retry_effect(100, 0, 2, level="request")
    assert found.attempts == 1
    assert found.attempts_interval.high > 1
