"""The response to a load, read at the draws of a plan, and a day of one peak hour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.latency.planned import between, day_share, rest_of_day


def test_a_value_that_never_comes_is_read_by_the_end_that_is_asked_for():
    table, at, rows = np.array([[1.0, 3.0, np.inf], [2.0, 2.0, 2.0]]), np.array([0.0, 1.0, 2.0]), np.zeros(3, dtype=int)
    use = np.array([1.2, 1.8, 2.0])
    assert between(table, at, use, rows, "low").tolist() == [3.0, 3.0, np.inf]
    assert between(table, at, use, rows, "middle").tolist() == [3.0, np.inf, np.inf]
    assert between(table, at, use, rows, "high").tolist() == [np.inf, np.inf, np.inf]
    assert between(table, at, np.array([1.0, 0.5, 9.0]), rows + 1, "high").tolist() == [2.0, 2.0, 2.0]
    assert between(table, at, np.array([1.0]), rows[:1], "high").tolist() == [3.0]


def test_a_day_of_one_peak_hour():
    # peak 2.4 times the mean: the peak hour holds a tenth of the day; the other 23 hours carry the rest
    mean, ratio = np.array([1.0]), np.array([2.4])
    rest = rest_of_day(mean, ratio)
    assert float(rest[0] * 23 + 2.4) == pytest.approx(24.0)
    calm = day_share(np.array([0.5]), np.array([0.9]), peak_to_mean=ratio, peak=mean * ratio, rest=rest,
                     capacity=np.array([5.0]))  # fmt: skip
    assert float(calm[0]) == pytest.approx(0.1 * 0.5 + 0.9 * 0.9)


def test_an_overloaded_peak_hour_leaves_a_backlog():
    # capacity 2: backlog 0.4 of an hour's work, worked off at 2 - 21.6/23 a second: 0.377 hours of 23
    mean, ratio = np.array([1.0]), np.array([2.4])
    rest = rest_of_day(mean, ratio)
    late = day_share(np.array([0.0]), np.array([0.9]), peak_to_mean=ratio, peak=mean * ratio, rest=rest,
                     capacity=np.array([2.0]))  # fmt: skip
    hours = 0.4 / (2 - 21.6 / 23)
    assert float(late[0]) == pytest.approx(0.9 * 0.9 * (1 - hours / 23))


@given(st.floats(1, 20), st.floats(0.1, 10), st.floats(0.1, 30))
def test_the_share_of_a_day_is_a_share(ratio, mean, able):
    rest = rest_of_day(np.array(mean), np.array(ratio))
    found = float(day_share(np.array(0.4), np.array(0.95), peak_to_mean=np.array(ratio), peak=np.array(mean * ratio),
                            rest=rest, capacity=np.array(able)))  # fmt: skip
    assert 0 <= found <= 1
