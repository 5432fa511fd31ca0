"""Cost against load: straight, in steps, and back from an amount to the load that it pays for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.cost.response import Response

LOADS = np.array([100.0, 200.0, 300.0])
STEPPED = Response(np.array(0.5), np.array(0.5), np.array(10.0), LOADS, np.array([20.0, 50.0, 90.0]))


@pytest.mark.parametrize(("load", "cost"), [(0, 30), (100, 130), (101, 161), (200, 260), (250, 350), (1000, 1100)])
def test_the_step_of_a_load(load, cost):
    assert STEPPED.at(load) == pytest.approx(cost)


@pytest.mark.parametrize(("amount", "load"), [
    (5, 0), (30, 0), (130, 100), (140, 100), (161, 101), (261, 200), (299, 200), (350, 250), (1100, 1000),
])  # fmt: skip
def test_the_load_that_an_amount_pays_for(amount, load):
    """Between two steps no further request can be paid: 140 buys 100 requests, the 101st takes another shift."""
    assert STEPPED.load_at(amount) == pytest.approx(load)


@given(
    each=st.floats(1e-4, 10), fixed=st.floats(0, 1e4), amount=st.floats(1, 1e5), steps=st.lists(st.floats(0, 1e3), min_size=2, max_size=5),
)  # fmt: skip
def test_the_load_is_the_largest_that_can_be_paid(each, fixed, amount, steps):
    loads = 50.0 * np.arange(1, len(steps) + 1)
    response = Response(np.array([[each]]), np.zeros(()), np.array([[fixed]]), loads, np.cumsum(steps)[None, None])
    load = response.load_at(amount)
    assert load.shape == (1, 1)
    if load[0, 0] > 0:
        assert response.at(load)[0, 0] <= amount * (1 + 1e-9) + 1e-6
    assert response.at(load * (1 + 1e-6) + 1e-3)[0, 0] > amount * (1 - 1e-9) - 1e-6


def test_draws_and_a_grid_of_loads():
    response = Response(np.full((2, 3), 1.0), np.zeros(()), np.zeros(()), LOADS, np.tile([0.0, 5.0, 9.0], (2, 3, 1)))
    loads = np.array([[50.0, 150.0, 250.0], [100.0, 200.0, 300.0]])
    np.testing.assert_array_equal(response.steps_at(loads), [[0, 5, 9], [0, 5, 9]])
    np.testing.assert_array_equal(response.at(loads) - loads, [[0, 5, 9], [0, 5, 9]])


def test_a_request_that_costs_nothing_has_no_limit():
    free = Response(np.zeros((1, 2)), np.zeros(()), np.array(10.0))
    np.testing.assert_array_equal(free.load_at(20.0), [[np.inf, np.inf]])
    np.testing.assert_array_equal(free.load_at(5.0), [[0.0, 0.0]])
