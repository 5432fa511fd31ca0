"""Agreement of labellers: published answers, an independent library, and intervals that cover."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.draws import generator
from flightready.evaluation.labels.agreement import INTERVAL, NOMINAL, ORDINAL, agreement_of, alpha

NA = np.nan
# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, examples A to D (units in columns)
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
BEN_AND_GERRY = [[*map(ord, "aabbdcccedda")], [*map(ord, "babbbcccEddd".lower())]]
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NA, NA, NA],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NA, 3],
    [NA, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NA],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NA],
]


def counted(answers):
    given_answers = np.asarray(answers, dtype=float)
    values = np.unique(given_answers[~np.isnan(given_answers)])
    return (given_answers[:, :, None] == values).sum(axis=0), values


@pytest.mark.parametrize(("answers", "level", "expected"), [
    (BINARY, NOMINAL, 0.095), (BEN_AND_GERRY, NOMINAL, 0.692), (FOUR_OBSERVERS, NOMINAL, 0.743),
    (FOUR_OBSERVERS, ORDINAL, 0.815), (FOUR_OBSERVERS, INTERVAL, 0.849),
])  # fmt: skip
def test_the_published_examples(answers, level, expected):
    assert alpha(*counted(answers), level) == pytest.approx(expected, abs=0.0005)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0, NA]), min_size=8, max_size=8), min_size=2, max_size=4),
       st.sampled_from([NOMINAL, ORDINAL, INTERVAL]))  # fmt: skip
def test_it_is_what_an_independent_library_says(answers, level):
    krippendorff = pytest.importorskip("krippendorff")
    table = np.array(answers)
    paired = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return
    theirs = krippendorff.alpha(reliability_data=table, level_of_measurement=level)
    assert alpha(*counted(table), level) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("level", [NOMINAL, ORDINAL, INTERVAL])
def test_perfect_agreement_is_one_and_the_order_of_raters_does_not_count(level):
    same = [[1, 2, 3, 2], [1, 2, 3, 2]]
    assert alpha(*counted(same), level) == 1
    assert alpha(*counted(FOUR_OBSERVERS[::-1]), level) == alpha(*counted(FOUR_OBSERVERS), level)


def test_pure_chance_is_nothing():
    rng = generator(1, "chance")
    assert abs(alpha(*counted(rng.integers(0, 4, (2, 20_000))))) < 0.02


def two_labellers(rng, n, slip):
    truth = rng.choice(3, size=n, p=[0.5, 0.3, 0.2])
    rows = [np.where(rng.random(n) < slip, rng.choice(3, size=n), truth) for _ in range(2)]
    return np.array(rows, dtype=float)


def test_nine_intervals_of_ten_hold_the_truth(monkeypatch):
    """Two labellers who slip in 15 %; the truth is that of a very large sample."""
    from flightready import policy

    known = policy.value
    monkeypatch.setattr(policy, "value", lambda key: 300 if key == "agreement_replicates" else known(key))
    rng = generator(3, "agreement")
    truth = alpha(*counted(two_labellers(rng, 400_000, 0.15)))
    held, runs = 0, 150
    for run in range(runs):
        found = agreement_of(pd.DataFrame(two_labellers(rng, 100, 0.15).T), level=NOMINAL, seed=run)
        held += found.interval.low <= truth <= found.interval.high
    assert 0.83 <= held / runs <= 0.96


def test_too_few_records_say_nothing_and_no_disagreement_is_no_certainty():
    assert agreement_of(pd.DataFrame({0: ["a", "b"] * 10, 1: ["a", "b"] * 10}), level=NOMINAL, seed=7) is None
    assert agreement_of(pd.DataFrame({0: ["a"] * 90, 1: ["a"] * 90}), level=NOMINAL, seed=7) is None
    found = agreement_of(pd.DataFrame({0: ["a", "b"] * 30, 1: ["a", "b"] * 30}), level=NOMINAL, seed=7)
    # none of 60 differ: at most 4.87 % do (Clopper-Pearson), of the 50 % that chance would give
    assert (found.alpha, found.interval.high) == (1, 1)
    assert found.interval.low == pytest.approx(1 - 0.0487 / 0.5, abs=0.001)
    assert (found.equal.hits, found.equal.n, found.n) == (60, 60, 60)


def test_the_same_seed_gives_the_same_interval():
    answers = pd.DataFrame(two_labellers(generator(5, "x"), 80, 0.2).T)
    one, again, other = (agreement_of(answers, level=NOMINAL, seed=s).interval for s in (7, 7, 8))
    assert one == again != other
