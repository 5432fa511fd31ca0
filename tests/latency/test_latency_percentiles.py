"""Percentiles with exact intervals, failures that never answer, and what may be said against a budget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.evidence import Grade, State
from flightready.intervals import order_statistic_ranks, smallest_n_for_upper_bound
from flightready.latency.composition import Composition
from flightready.latency.percentiles import as_measured, capped, from_composition, from_draws, judged

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


@pytest.mark.parametrize(
    ("n", "share", "ranks"),
    [
        (100, 0.5, (40, 61)),
        (200, 0.95, (184, 197)),
        (200, 0.99, (195, None)),
        (500, 0.99, (490, 500)),
        (1000, 0.99, (983, 997)),
    ],
)
def test_ranks_of_the_exact_95_percent_interval(n, share, ranks):
    # binomial argument, 1-based
    assert order_statistic_ranks(n, share, level=0.95) == ranks


@pytest.mark.parametrize(("share", "n"), [(0.95, 72), (0.99, 368), (0.999, 3688)])
def test_smallest_n_with_a_finite_95_percent_interval(share, n):
    assert smallest_n_for_upper_bound(share, level=0.95) == n


def test_percentiles_of_many_requests_are_bounded():
    found = {p.name: p for p in as_measured(np.arange(1.0, 1001.0), SHARES, {"p95": 980.0, "p99": 970.0})}
    assert found["p95"].state is State.PASS
    assert found["p99"].state is State.FAIL
    assert found["p50"].state is State.UNKNOWN  # no budget
    # 90 %: ranks of Binomial(1000, .99) at .05 and .95
    assert (found["p99"].low_s, found["p99"].high_s) == (985.0, 996.0)
    assert found["p99"].unbounded == ""


def test_few_requests_say_how_many_more_would_bound_it():
    # 299 = smallest n with .99^n <= .05
    (p99,) = as_measured(np.linspace(1, 2, 149), {"p99": 0.99}, {"p99": 3.0})
    assert p99.high_s is None
    assert p99.unbounded == "few"
    assert p99.requests_needed == 299
    assert p99.state is State.UNKNOWN


def test_more_failures_than_the_percentile_allows_are_a_failure_against_any_budget():
    answer = np.concatenate([np.linspace(1, 2, 360), np.full(40, np.inf)])
    (p95,) = as_measured(answer, {"p95": 0.95}, {"p95": 1000.0})
    assert p95.value_s is None
    assert p95.surely_unanswered
    assert p95.state is State.FAIL
    assert p95.low_s == 2.0
    assert p95.unbounded == "failures"


def test_some_failures_leave_it_open():
    answer = np.concatenate([np.linspace(1, 2, 384), np.full(16, np.inf)])
    (p95,) = as_measured(answer, {"p95": 0.95}, {"p95": 1000.0})
    assert p95.value_s is not None
    assert p95.high_s is None
    assert p95.state is State.UNKNOWN
    assert p95.requests_to_decide > 400


def test_nothing_but_failures():
    (p95,) = as_measured(np.full(100, np.inf), {"p95": 0.95}, {"p95": 1000.0})
    assert (p95.value_s, p95.low_s, p95.high_s, p95.state) == (None, None, None, State.FAIL)


def test_a_part_of_the_time_bounds_nothing_from_above():
    (p95,) = as_measured(np.linspace(1, 2, 1000), {"p95": 0.95}, {"p95": 3.0}, lower_bound=True)
    assert (p95.high_s, p95.unbounded, p95.state) == (None, "part", State.UNKNOWN)
    (over,) = as_measured(np.linspace(1, 2, 1000), {"p95": 0.95}, {"p95": 1.5}, lower_bound=True)
    assert over.state is State.FAIL


def test_the_interval_covers_at_least_nine_times_in_ten():
    # exact coverage of ranks (l, h): P(l <= Binomial(n, p) <= h - 1)
    rng, held = np.random.default_rng(8), 0
    truth = -np.log(0.05)
    for _ in range(1500):
        (p95,) = as_measured(rng.exponential(1, 200), {"p95": 0.95}, {})
        held += p95.low_s <= truth <= p95.high_s
    assert held / 1500 == pytest.approx(0.9178, abs=0.02)


def test_draws_under_load():
    (measured,) = as_measured(np.linspace(1, 2, 1000), {"p95": 0.95}, {"p95": 3.0})
    finite = np.linspace(2.0, 2.5, 200)
    found = from_draws(measured, low=finite, middle=finite, high=finite, longest_answer_s=2.0, alone_s=2.0)
    assert found.state is State.PASS
    assert found.low_s < found.value_s < found.high_s
    some = np.concatenate([finite, np.full(50, np.inf)])
    open_ = from_draws(measured, low=some, middle=some, high=some, longest_answer_s=2.0, alone_s=2.0)
    assert (open_.high_s, open_.unbounded, open_.state) == (None, "overload", State.UNKNOWN)
    all_ = np.full(200, np.inf)
    never = from_draws(measured, low=all_, middle=all_, high=all_, longest_answer_s=2.0, alone_s=2.0)
    assert (never.value_s, never.low_s, never.state, never.surely_unanswered) == (None, 2.0, State.FAIL, True)


def test_a_range_of_typed_stages():
    found = from_composition("p95", Composition(0.95, None, 5.0, 4.0), 3.0)
    assert (found.low_s, found.high_s, found.value_s, found.state) == (4.0, 5.0, 4.5, State.FAIL)
    no_tail = from_composition("p95", Composition(0.95, None, None, 4.0), 6.0)
    assert (no_tail.high_s, no_tail.unbounded, no_tail.state) == (None, "tail", State.UNKNOWN)


@given(st.floats(0, 10), st.floats(0, 10), st.floats(0.1, 10))
def test_only_an_interval_within_the_budget_passes(a, b, budget):
    low, high = sorted((a, b))
    state = judged(low, high, budget)
    assert (state is State.PASS) == (high <= budget)
    assert (state is State.FAIL) == (low > budget)


def test_only_what_was_measured_passes():
    assert capped(State.PASS, Grade.MEASURED) is State.PASS
    assert capped(State.PASS, Grade.ESTIMATED) is State.UNKNOWN
    assert capped(State.FAIL, Grade.ASSUMED) is State.FAIL
