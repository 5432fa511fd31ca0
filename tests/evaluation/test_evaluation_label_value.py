"""What labels are worth: known answers, simulation, and what must hold for any belief."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.draws import generator
from flightready.evaluation.labels.result import Prior
from flightready.evaluation.labels.value import (
    MEASURED,
    UNKNOWN,
    beta_of,
    label_value,
    perfect_information,
    predictive,
    sample_information,
)
from flightready.evaluation.planning import half_width_of
from flightready.evidence import Interval
from flightready.intervals import wilson

# prior Beta(8, 2), break-even accuracy .85, $1 M for each unit of accuracy; by hand from the Beta-binomial distribution
PERFECT = 24_117.42
WORTH = {10: 10_526.32, 50: 20_212.77, 100: 22_084.02, 200: 23_059.15, 500: 23_683.43}


def test_the_known_answers():
    assert perfect_information(8, 2, 0.85, 1e6) == pytest.approx(PERFECT, abs=0.005)
    for n, worth in WORTH.items():
        assert sample_information(8, 2, n, 0.85, 1e6) == pytest.approx(worth, abs=0.005)


@pytest.mark.parametrize(("cost", "best"), [(5, 200), (20, 100)])
def test_how_many_to_label(cost, best):
    assert max(WORTH, key=lambda n: sample_information(8, 2, n, 0.85, 1e6) - cost * n) == best


def test_simulation_says_the_same():
    rng = generator(1, "worth")
    p = rng.beta(8, 2, size=400_000)
    right = rng.binomial(50, p)
    go = (8 + right) / 60 >= 0.85
    gained = np.where(go, p - 0.85, 0) - max(0.8 - 0.85, 0)
    error = gained.std() / np.sqrt(p.size)
    assert sample_information(8, 2, 50, 0.85, 1.0) == pytest.approx(gained.mean(), abs=4 * error)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.5, 300), st.floats(0.5, 300), st.floats(0.05, 0.95))
def test_more_labels_are_never_worth_less_and_never_more_than_knowing(right, wrong, break_even):
    worth = [sample_information(right, wrong, n, break_even, 1.0) for n in (1, 10, 100)]
    perfect = perfect_information(right, wrong, break_even, 1.0)
    assert 0 <= worth[0] <= worth[1] + 1e-12 <= worth[2] + 2e-12 <= perfect + 1e-9


def test_the_chance_of_each_number_of_right_answers_is_scipys():
    assert predictive(8, 2, 40) == pytest.approx(stats.betabinom(40, 8, 2).pmf(np.arange(41)), abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 0.9), st.floats(0.01, 0.08))
def test_a_belief_keeps_its_mean_and_width(mean, half):
    a, b = beta_of(mean, Interval(mean - half, mean + half))
    assert a / (a + b) == pytest.approx(mean)
    assert stats.beta(a, b).std() == pytest.approx(half / stats.norm.ppf(0.95), rel=1e-6)


def valued(right, wrong, *, floor=0.85, price=10_000.0, n=0):
    ends = None if floor is None else Interval(floor, floor)
    prior = Prior(right, wrong, MEASURED if n else UNKNOWN)
    return label_value(
        prior, right=round(right) if n else 0, n_now=n, floor=ends, value_per_point=price, currency="USD"
    )


def test_a_price_makes_it_money_and_the_best_number_is_named():
    found = valued(8, 2)
    assert found.perfect == pytest.approx(PERFECT, abs=0.005)
    assert found.best == 200 and {s.n: s.cost for s in found.steps}[200] == 1000
    assert [s.worth for s in found.steps if s.n == 100] == [pytest.approx(WORTH[100], abs=0.005)]


def test_without_a_price_or_a_floor_it_is_certainty():
    assert valued(8, 2, price=None).best is None
    assert [s.decides for s in valued(8, 2, floor=None).steps] == [None] * 6
    halves = [s.half_width for s in valued(0.5, 0.5, floor=None).steps]
    assert halves == sorted(halves, reverse=True)


def test_what_is_decided_already_says_so():
    found = valued(950.5, 50.5, n=1000)
    assert found.is_decided and all(s.decides > 0.99 for s in found.steps)
    assert not valued(8, 2).is_decided


def test_the_chance_of_a_decision_is_that_of_simulation():
    from flightready.evaluation.rules import floor_state
    from flightready.evaluation.shares.accuracy import accuracy

    rng = generator(2, "decides")
    right = rng.binomial(100, rng.beta(8, 2, size=20_000))
    decided = np.array([str(floor_state(accuracy(k, 100), Interval(0.85, 0.85))) != "UNKNOWN" for k in range(101)])
    [step] = [s for s in valued(8, 2).steps if s.n == 100]
    assert step.decides == pytest.approx(decided[right].mean(), abs=0.012)


def test_records_that_belong_together_decide_no_earlier_than_they_are_worth():
    """950 of 1,000 with a design effect of 10 say as much as 95 of 100: Wilson at 100 is .903 to .975."""
    prior, floor = Prior(95.5, 5.5, MEASURED), Interval(0.92, 0.92)
    options = {"right": 950, "n_now": 1000, "floor": floor, "value_per_point": 10_000.0, "currency": "USD"}
    alone = label_value(prior, **options)
    together = label_value(prior, **options, design_effect=10.0, interval=wilson(95, 100))
    assert alone.is_decided and not together.is_decided
    for more, fewer in zip(together.steps, alone.steps, strict=True):
        assert more.half_width == pytest.approx(half_width_of(prior.mean, 100 + max(1, round(more.n / 10))))
        assert more.half_width > fewer.half_width and more.worth <= fewer.worth and more.decides <= fewer.decides
    as_few = label_value(
        prior, right=95, n_now=100, **{k: options[k] for k in ("floor", "value_per_point", "currency")}
    )
    worth = {s.n: s.worth for s in as_few.steps}
    assert {s.n: s.worth for s in together.steps}[1000] == pytest.approx(worth[100])
