"""Weak slices: counts against pandas, exact tests against scipy, chance findings, planted weak spots, bad input."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from evaluation_samples import evaluated_in
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.evaluation.number_bins import bins
from flightready.evaluation.slices import chance
from flightready.evaluation.slices.counts import packed, shared
from flightready.evaluation.slices.search import weak_slices
from flightready.evaluation.slices.traits import Trait

ROLES = {"id": "id", "text": "text", "label": "team", "prediction": "predicted"}
RUNS = 200


def table(n: int, rng: np.random.Generator, columns: int = 10, values: int = 5) -> list[Trait]:
    """Traits of columns of unequal values, every other one going along with the first."""
    base, found = rng.integers(0, values, n), []
    for c in range(columns):
        own = rng.choice(values, n, p=[0.5, 0.25, 0.15, 0.07, 0.03])
        held = np.where(rng.random(n) < 0.5, base, own) if c % 2 else own
        found += [Trait(f"c{c} {v}", f"c{c}", held == v) for v in range(values)]
    return [t for t in found if t.rows.sum() >= 20]


def own(n: int) -> np.ndarray:
    return np.arange(n)


@given(st.integers(1, 200), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_counts_of_pairs_are_those_of_pandas(n, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({c: rng.integers(0, 3, n) for c in "abc"})
    wrong = rng.random(n) < 0.3
    sets = [(c, v) for c in "abc" for v in range(3)]
    rows = np.array([(frame[c] == v).to_numpy() for c, v in sets])
    both, both_wrong = shared(packed(rows), packed(rows)), shared(packed(rows[:, wrong]), packed(rows[:, wrong]))
    for (i, (c, v)), (j, (d, w)) in combinations(enumerate(sets), 2):
        part = frame[(frame[c] == v) & (frame[d] == w)]
        assert (both[i, j], both_wrong[i, j]) == (len(part), wrong[part.index].sum())


def test_exact_chance_is_that_of_scipy_and_of_fisher():
    """Fisher's exact test, one-sided, on the same table of two by two."""
    for x, n, wrong, of in ((9, 20, 40, 200), (3, 4, 4, 8), (0, 5, 3, 30), (5, 5, 5, 9)):
        fisher = stats.fisher_exact([[x, n - x], [wrong - x, of - n - wrong + x]], alternative="greater").pvalue
        counted = chance.tail(*(np.array([v]) for v in (x, n, wrong, of)))[0]
        assert counted == pytest.approx(fisher, rel=1e-9)


def test_score_in_strata_is_that_of_mantel_and_haenszel():
    """Two strata by hand: means 4 and 2, variances 20*30*10*40/(2500*49) and 10*10*4*16/(400*19)."""
    x, n = np.array([[8, 4]]), np.array([[20, 10]])
    z = chance.stratified_score(x, n, np.array([10, 4]), np.array([50, 20]))[0]
    variance = 20 * 30 * 10 * 40 / (2500 * 49) + 10 * 10 * 4 * 16 / (400 * 19)
    assert z == pytest.approx((12 - 6 - 0.5) / variance**0.5)


def test_each_slice_counts_what_it_says():
    rng = np.random.default_rng(3)
    found = table(2000, rng)
    wrong = rng.random(2000) < np.where(found[1].rows & found[7].rows, 0.7, np.where(found[20].rows, 0.4, 0.1))
    result = weak_slices(found, wrong, own(2000))
    rows = {t.words: t.rows for t in found}
    assert result.slices
    for s in result.slices:
        inside = np.logical_and.reduce([rows[w] for w in s.traits])
        assert (s.n, s.wrong) == (inside.sum(), (inside & wrong).sum())
        assert (s.accuracy.n, s.rest.n) == (s.n, 2000 - s.n)
        assert s.below == pytest.approx(wrong[inside].mean() - wrong[~inside].mean())
        assert s.share_of_errors == pytest.approx(s.wrong / wrong.sum())
        assert s.interval.low <= s.accuracy.interval.low and s.accuracy.interval.high <= s.interval.high
        assert s.below_interval.low <= s.below <= s.below_interval.high


def test_planted_weak_spots_are_found_and_only_they():
    rng = np.random.default_rng(3)
    found = table(3000, rng)
    single, pair = found[20].rows, found[1].rows & found[7].rows
    wrong = rng.random(3000) < np.where(pair, 0.7, np.where(single, 0.4, 0.1))
    result = weak_slices(found, wrong, own(3000))
    assert {s.traits for s in result.slices} == {(found[20].words,), (found[1].words, found[7].words)}


def test_a_pair_is_not_shown_where_one_trait_says_it_all():
    """Half of the records of a trait are wrong, whatever else they are: no pair may be named in its place."""
    rng = np.random.default_rng(4)
    found, pairs, others = table(3000, rng), 0, 0
    for _ in range(40):
        wrong = rng.random(3000) < np.where(found[2].rows, 0.5, 0.1)
        names = [s.traits for s in weak_slices(found, wrong, own(3000)).slices]
        assert names[0] == (found[2].words,)
        pairs += any(len(n) > 1 for n in names)
        others += len(names) - 1
    assert pairs == 0 and others <= 0.2 * 40


@pytest.mark.parametrize("n", [300, 1200])
def test_nothing_is_found_where_nothing_is(n):
    """Wrong answers dealt at random over correlated traits: at most the budget of 5 % of runs report anything."""
    rng = np.random.default_rng(n)
    found = table(n, rng)
    loud = sum(bool(weak_slices(found, rng.random(n) < 0.2, own(n)).discovered) for _ in range(RUNS))
    assert loud <= stats.binom.ppf(0.99, RUNS, 0.05)


def test_entities_that_repeat_make_no_weak_spot():
    """Entities with their own error rate, five records each: knowing them keeps the budget, ignoring them does not."""
    n, rng = 600, np.random.default_rng(5)
    entity = rng.integers(0, n // 5, n)
    found = [Trait(t.words, t.subject, t.rows[entity]) for t in table(n, rng)]
    found = [t for t in found if t.rows.sum() >= 20]
    loud = {"known": 0, "ignored": 0}
    for _ in range(RUNS // 2):
        wrong = rng.random(n) < rng.beta(0.8, 3.2, n)[entity]
        loud["known"] += bool(weak_slices(found, wrong, entity).discovered)
        loud["ignored"] += bool(weak_slices(found, wrong, own(n)).discovered)
    assert loud["known"] <= stats.binom.ppf(0.99, RUNS // 2, 0.05) < loud["ignored"]


def test_widened_intervals_hold_where_plain_ones_do_not():
    """A spot that is just seen is seen when it looks worst: only the widened interval holds the truth."""
    n, truth, rng = 1200, 0.3, np.random.default_rng(6)
    found = table(n, rng, columns=6)
    spot = next(t for t in found if 100 <= t.rows.sum() <= 110 or t.words.endswith("3"))
    plain, widened = [], []
    for _ in range(RUNS):
        wrong = rng.random(n) < np.where(spot.rows, truth, 0.2)
        for s in weak_slices(found, wrong, own(n)).slices:
            if s.traits == (spot.words,):
                plain.append(s.accuracy.interval.low <= 1 - truth <= s.accuracy.interval.high)
                widened.append(s.interval.low <= 1 - truth <= s.interval.high)
    assert len(widened) >= 10
    assert np.mean(widened) >= 0.9 > np.mean(plain)


def test_the_said_detectable_drop_is_seen_that_often():
    """The normal formula gives 80 % power at one trait among so many; simulated within what it leaves out."""
    n, rng = 2000, np.random.default_rng(7)
    found = table(n, rng, columns=6)
    spot = Trait("spot", "spot", np.arange(n) < n // 10)
    found = [*found, spot]
    drop = weak_slices(found, rng.random(n) < 0.2, own(n)).detectable
    seen = 0
    for _ in range(100):
        result = weak_slices(found, rng.random(n) < np.where(spot.rows, 0.2 + drop, 0.2), own(n))
        seen += any(s.traits == ("spot",) for s in result.slices)
    assert 65 <= seen <= 98


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.integers(2, 8))
@settings(max_examples=40, deadline=None)
def test_bins_hold_what_they_say(values, most):
    numbers = np.array([*values, np.nan])
    codes, names = bins(numbers, most)
    assert codes[-1] == -1 and len(names) <= most
    for value, code in zip(numbers[:-1], codes[:-1], strict=True):
        if code >= 0:
            ends = [float(w.replace(",", "")) for w in names[code].split() if w[-1].isdigit()]
            low, high = {"u": (-np.inf, ends[-1]), "a": (ends[0], ends[1] if len(ends) > 1 else np.inf)}[names[code][0]]
            assert low <= value <= high or value == pytest.approx(low, rel=1e-9)


@pytest.mark.parametrize("share_wrong", [0.0, 1.0])
def test_all_right_or_all_wrong_has_no_weak_spot(share_wrong):
    found = table(300, np.random.default_rng(1))
    result = weak_slices(found, np.full(300, bool(share_wrong)), own(300))
    assert (result.slices, result.tested, result.detectable) == ((), 0, None)


def test_no_trait_and_one_row_say_nothing():
    assert weak_slices([], np.array([True, False]), own(2)).slices == ()
    assert weak_slices([], np.array([True]), own(1)).overall.n == 1


def pilot(n: int = 800, seed: int = 2) -> str:
    """Records whose answers are wrong more often for large amounts, and for blank subjects."""
    rng = random.Random(seed)
    lines = ["id,text,subject,channel,contact,amount,received,team,predicted"]
    for k in range(n):
        subject = "" if rng.random() < 0.15 else f"subject {rng.randint(1, 9)}"
        amount = round(rng.lognormvariate(4, 1), 2)
        truth = rng.choice(["billing", "legal"])
        is_wrong = rng.random() < 0.05 + 0.35 * (amount > 130) + 0.3 * (subject == "")
        said = truth if not is_wrong else {"billing": "legal", "legal": "billing"}[truth]
        contact = rng.choice(["m.keller@example.com", "a.long@example.com"])
        day = f"2026-0{rng.randint(1, 6)}-{rng.randint(10, 28)}T{rng.randint(10, 23)}:15:00"
        text = f"please look at case {k} as soon as you can, thank you"
        lines.append(f"K{k},{text},{subject},{rng.choice(['web', 'mail'])},{contact},{amount},{day},{truth},{said}")
    return (
        "\n".join(lines).replace("please look at case", '"please, look at case').replace("thank you", 'thanks"') + "\n"
    )


def test_a_pilot_gets_its_weak_spots_in_plain_words(tmp_path):
    result = evaluated_in(tmp_path, pilot(), columns=ROLES | {"time": "received"}).slices
    names = [s.name for s in result.slices]
    assert any(name.startswith("amount above ") for name in names)
    assert any("missing values in subject" in name for name in names)
    assert result.overall.n == 800 and result.tested > result.traits


def test_no_value_that_may_be_personal_is_shown(tmp_path):
    """A channel that is an address occurs often enough, and is weak: it is named by its frequency alone."""
    text = pilot().replace(",web,", ",m.keller@example.com,")
    lines = text.splitlines()
    for i in range(1, len(lines)):
        if ",m.keller@example.com,m." in lines[i] or ",m.keller@example.com,a." in lines[i]:
            lines[i] = lines[i].rsplit(",", 1)[0] + ",legal" if i % 2 else lines[i]
    result = evaluated_in(tmp_path, "\n".join(lines) + "\n", columns=ROLES).slices
    assert any("channel a value, number" in s.name for s in result.slices)
    assert "example.com" not in repr(result)


def test_without_scored_records_there_is_no_result(tmp_path):
    assert evaluated_in(tmp_path, labelled="172 right of 200").slices is None
