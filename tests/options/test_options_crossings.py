"""Crossings against closed forms; the cheapest of all covers the axis; chances add up."""

from itertools import pairwise

import numpy as np
import pytest
from hosting_grounds import WORKLOAD, grounds_of
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.options import bought, self_hosted
from flightready.options.comparison import compare
from flightready.options.crossings import all_crossings, cheapest_chances, cheapest_ranges, crossings
from flightready.options.middle import at_middle


def by_users(price, fixed=0.0):
    return lambda users: fixed + price * users


def machines(cost, serves, least=1):
    return lambda users: cost * np.maximum(least, np.ceil(np.round(users / serves, 9)))


STEPS = [("m", 2000), ("a", 2400), ("m", 3000), ("a", 3600), ("m", 4000), ("a", 4800), ("m", 5000)]


@pytest.mark.parametrize(("first", "second", "expected"), [
    (by_users(1), by_users(2), []),
    (by_users(1), by_users(1), []),
    (machines(10, 77), machines(10, 77), []),
    (by_users(2), by_users(1, fixed=300), [("m", 300)]),
    # 10 a machine for 1,200 users against 0.01 a user, two machines at the least: the machines take over where 0.01 u
    # reaches 10 n, and lose again at every next machine, until a step no longer reaches the line at 6,000
    (by_users(0.01), machines(10, 1200, least=2), STEPS),
    (by_users(0.01), machines(10, 1000), []),  # touches at every step, never crosses
    # 0.01 u between 10 n and 10 n for 1,010 users: 100 times over, 99 times back
    (by_users(0.01), machines(10, 1010), [("m", 1000 * n) for n in range(1, 101)] + [("a", 1010 * n) for n in range(1, 100)]),
    (machines(10, 1000), machines(15, 2000), [("m", 1000)]),  # equal from 2,000 to 3,000, then dearer again
])  # fmt: skip
def test_every_crossing_is_found_and_no_other(first, second, expected):
    found = [(c.cheaper_above, c.users) for c in crossings("a", first, "m", second, 1, 1e6).crossings]
    expected = sorted(expected, key=lambda c: c[1])
    assert [name for name, _ in found] == [name for name, _ in expected]
    np.testing.assert_allclose([u for _, u in found], [u for _, u in expected], rtol=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 0.1), st.floats(1, 50), st.floats(50, 5000), st.integers(1, 5))
def test_a_brute_grid_finds_no_crossing_that_the_search_lacks(price, cost, serves, least):
    first, second = by_users(price), machines(cost, serves, least)
    found = crossings("a", first, "m", second, 10, 1e5)
    grid = np.linspace(10, 1e5, 20_001)
    grid = grid[grid <= found.until]  # of very many crossings only the first are followed
    order = np.sign(first(grid) - second(grid))
    places = np.array([c.users for c in found.crossings])
    for left, right, before, after in zip(grid[:-1], grid[1:], order[:-1], order[1:], strict=True):
        if before * after < 0:
            assert np.sum((places >= left * (1 - 1e-9)) & (places <= right * (1 + 1e-9))) % 2 == 1


def test_of_thousands_of_crossings_the_first_are_followed_and_the_end_is_known():
    """0.01 u against 10 for 1,000.0001 users crosses at 1,000 n and back at 1,000.0001 n, ten million times over."""
    found = crossings("a", by_users(0.01), "m", machines(10, 1000.0001), 10_000.5, 1e8)
    ups = [c.users for c in found.crossings if c.cheaper_above == "m"]
    np.testing.assert_allclose(ups, 1000 * np.arange(11, 11 + len(ups)), rtol=1e-8)
    assert len(ups) > 100 and ups[-1] <= found.until < ups[-1] + 2000 < 1e8


def test_the_cheapest_covers_the_axis_without_a_gap():
    curves = {"calls": by_users(0.01), "machines": machines(10, 1200, least=2), "product": by_users(0.008, fixed=12),
              "twin": by_users(0.01)}  # fmt: skip
    found = all_crossings(curves, 10, 1e5).crossings
    ranges = cheapest_ranges(curves, 10, 1e5, found)
    assert (ranges[0].low, ranges[-1].high) == (10, 1e5)
    assert [r.high for r in ranges[:-1]] == [r.low for r in ranges[1:]]
    assert all(a.name != b.name for a, b in pairwise(ranges))
    for users in np.geomspace(11, 0.99e5, 400):
        here = next(r for r in ranges if r.low <= users <= r.high)
        assert curves[here.name](users) == pytest.approx(min(c(users) for c in curves.values()))
    assert {r.name for r in ranges} == {"calls", "machines", "product"}  # of two that are equal, the first


def test_chances_share_ties_and_add_up():
    rng = np.random.default_rng(5)
    months = {name: rng.integers(1, 4, (2, 50)).astype(float) for name in "abc"}
    assert sum(cheapest_chances(months).values()) == pytest.approx(1)
    assert cheapest_chances({"a": np.ones(4), "b": np.ones(4)}) == {"a": 0.5, "b": 0.5}
    assert cheapest_chances({}) == {}


OWN = {"name": "Own", "kind": "self_hosted", "per_gpu": "1 to 4 USD per hour", "gpus_per_replica": 1,
       "rate_per_replica": "1 to 3", "headroom": 1, "running": "2_000 USD per month"}  # fmt: skip
BUY = {"name": "Product", "kind": "buy", "per_request": "0.002 to 0.004 USD"}


def line_at(name, grounds):
    own, product = grounds.pilot.spec.cost.options
    return self_hosted.line(own, grounds) if name == "Own" else bought.line(product, grounds)


def compared(grounds):
    return compare({name: line_at(name, grounds) for name in ("Product", "Own")}, line_at, grounds)


def test_options_are_compared_from_few_users_to_many(tmp_path):
    grounds = grounds_of(tmp_path, OWN, BUY, workload=WORKLOAD | {"users_per_day": "60_000 to 120_000"})
    found = compared(grounds)
    planned = np.median(grounds.demand.users_per_day)
    assert (found.users[0], found.users[-1]) == pytest.approx((planned / 100, planned * 100))
    assert np.all(np.diff(found.users) > 0) and all(np.all(np.diff(y) >= 0) for y in found.middle_usd.values())
    assert sum(found.chances.values()) == pytest.approx(1)
    # a product is cheapest for few users, own machines for many; the first change is where both cost the same
    assert (found.cheapest[0].name, found.cheapest[-1].name) == ("Product", "Own")
    first = found.crossings[0]
    assert (first.cheaper_below, first.cheaper_above) == ("Product", "Own")
    assert np.interp(first.users, found.users, found.middle_usd["Product"]) == pytest.approx(first.monthly_usd)
    assert all(0 <= c.above_chance <= 1 for c in found.crossings)
    assert found.cheapest[-1].chance > 0.85
    assert compared(grounds_of(tmp_path, OWN, BUY, workload=None)) is None
    assert compare({}, line_at, grounds) is None


def test_in_the_middle_every_input_has_its_median(tmp_path):
    grounds = grounds_of(tmp_path, OWN, BUY)
    middle = at_middle(grounds)
    assert middle.joint.column(
        "options.Own.per_gpu", grounds.pilot.spec.cost.options[0].per_gpu
    ).item() == pytest.approx(2)
    assert middle.demand.users_per_day.shape == middle.cost.basis.draws.shape == (1, 1)
    assert middle.cost.per_request_usd.item() == np.median(grounds.cost.per_request_usd)
