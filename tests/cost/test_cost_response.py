"""Cost against load: forth, and back from an amount to the load that it pays for."""

import numpy as np
import pytest

from flightready.cost.response import Response

STRAIGHT = Response(np.array(0.5), np.array(0.5), np.array(10.0))


@pytest.mark.parametrize(("load", "cost"), [(0, 10), (100, 110), (1000, 1010)])
def test_a_load_costs_its_requests_and_what_stays(load, cost):
    assert STRAIGHT.at(load) == pytest.approx(cost)
    assert STRAIGHT.load_at(cost) == pytest.approx(load)


def test_an_amount_below_what_stays_pays_for_nothing():
    assert STRAIGHT.load_at(9.0) == 0


def test_a_request_that_costs_nothing_has_no_limit():
    free = Response(np.zeros((1, 2)), np.zeros(()), np.array(10.0))
    np.testing.assert_array_equal(free.load_at(20.0), [[np.inf, np.inf]])
    np.testing.assert_array_equal(free.load_at(5.0), [[0.0, 0.0]])
