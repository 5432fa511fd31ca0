"""Classes, cost of errors, planning and what-ifs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluation_samples import evaluated_in, known_in
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.evaluation.budget.error_cost import OTHER_ERRORS, error_cost, error_draws
from flightready.evaluation.planning import half_width_of, plan, rows_for_half_width
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evaluation.what_if import judged
from flightready.evidence import State
from flightready.intervals import wilson
from flightready.quantity import parse


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


@pytest.fixture
def known(tmp_path):
    """Function that evaluates the pilot with known answers."""
    return partial(known_in, tmp_path)


def money(text: str):
    return parse(text, "amount of money")


def test_confusions_add_up_to_all_scored_records(known):
    result = known()
    assert sum(c.n for c in result.confusions) == result.raw.n
    assert sum(c.n for c in result.confusions if c.truth != c.predicted) == 34


def test_a_fixed_price_times_errors_is_the_known_cost():
    """10 of 1,000 wrong at 100 USD: Jeffreys mean error share 10.5/1001, so 10,489.5 USD in 10,000 cases on average."""
    prices = {"default": money("100 USD")}
    found = error_cost(prices, error_draws(prices, None, 990, 1000, seed=7), currency="USD")
    low, high = (10_000 * 100 * (1 - end) for end in (wilson(990, 1000).high, wilson(990, 1000).low))
    assert found.median == pytest.approx(10_489.5, rel=0.04)
    assert (found.interval.low, found.interval.high) == (pytest.approx(low, rel=0.1), pytest.approx(high, rel=0.1))
    assert found.kinds[0].kind == OTHER_ERRORS


def test_a_priced_pair_costs_its_own_price(known):
    cost = known(error_cost={"default": "1 USD", "a -> b": "100 USD", "x -> y": "5 USD"}).error_cost
    assert [(k.kind, k.errors) for k in cost.kinds] == [("a -> b", 14), (OTHER_ERRORS, 20)]
    assert cost.kinds[0].cost_per_10000 == pytest.approx(10_000 * 14 / 200 * 100, rel=0.1)
    assert (cost.unused, cost.unpriced) == (("x -> y",), 0)


def test_errors_without_a_price_are_said(known):
    assert known(error_cost={"a -> b": "100 USD"}).error_cost.unpriced == 20
    assert known().error_cost is None


def test_an_uncertain_price_widens_the_interval(known):
    fixed = known(error_cost={"default": "10 USD"}).error_cost
    spread = known(error_cost={"default": "5 to 20 USD"}).error_cost
    width = [c.interval.high - c.interval.low for c in (fixed, spread)]
    assert width[1] > 2 * width[0]


@pytest.mark.parametrize(("half_width", "rows_needed"), [(0.05, 268), (0.10, 65)])
def test_rows_for_a_share_of_a_half(half_width, rows_needed):
    """z^2/(4 h^2) - z^2 with z = 1.6449: 267.9 and 64.9 (Wilson's half width at one half is z / (2 sqrt(n + z^2)))."""
    assert rows_for_half_width(0.5, half_width) == rows_needed


@given(st.floats(0.5, 0.99), st.floats(0.01, 0.2))
@settings(max_examples=30, deadline=None)
def test_planned_rows_are_enough_and_hardly_more(share, half_width):
    n = rows_for_half_width(share, half_width)
    assert half_width_of(share, n) <= half_width
    assert half_width_of(share, int(0.8 * n) or 1) > half_width or n < 20


def test_a_plan_says_which_drop_it_would_show():
    """200 raw beside 600 demo rows at 90 % show about 8 points at 80 % power (95 % confidence; less at 90 %)."""
    steps = {p.rows: p.detectable_drop for p in plan(0.8, accuracy(540, 600))}
    assert steps == dict(sorted(steps.items()))
    assert list(steps.values()) == sorted(steps.values(), reverse=True)
    assert steps[172] == pytest.approx(0.072, abs=0.01)
    assert {p.detectable_drop for p in plan(0.8, None)} == {None}


def test_what_if_judges_by_the_same_rules(known):
    result = known(floor={"accuracy": "85%"}, allowed_drop="5 points")
    same = judged(result, floor=0.85, allowed_drop=0.05, share=result.raw.share, rows=result.raw.n)
    assert (same.raw, same.drop_interval) == (result.raw, result.drop_interval)
    assert (same.floor_state, same.drop_state) == (State.UNKNOWN, State.FAIL)
    assert judged(result, floor=0.85, allowed_drop=0.05, share=0.83, rows=3000).floor_state is State.FAIL


@given(st.integers(1, 500), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_higher_floor_is_never_easier(rows_labelled, share):
    class Nothing:
        curated = None

    states = [
        judged(Nothing, floor=f, allowed_drop=0.1, share=share, rows=rows_labelled).floor_state
        for f in np.linspace(0, 1, 21)
    ]
    rank = [{State.PASS: 0, State.UNKNOWN: 1, State.FAIL: 2}[s] for s in states]
    assert rank == sorted(rank)
