"""Records that belong together: design effect, intervals, and how often they cover."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.evaluation.accuracy import accuracy_replicates
from flightready.evaluation.groups.gaps import critical_value, largest_gap
from flightready.evaluation.metrics.numbers import median_interval
from flightready.evaluation.release.comparison import Pairs, judged
from flightready.evaluation.release.result import Change
from flightready.evaluation.shares.clustered import (
    clustered_share,
    design_effect,
    difference,
    effective_groups,
    is_grouped,
    percentiles,
    resampled,
    resampled_cells,
    wilson_share,
)
from flightready.evaluation.shares.worth import clustered_accuracy, effective_n
from flightready.evidence import State
from flightready.intervals import newcombe, wilson

GROUPED = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=60)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def test_records_that_stand_alone_get_wilsons_interval():
    right = np.arange(200) < 166
    assert clustered_share(right, np.arange(200), rng=rng()) == (wilson(166, 200), 1.0)


def test_groups_of_equal_records_are_worth_one_record_each():
    """40 groups of 5 alike, 30 of them right: as 40 records. The jackknife gives K / (K - 1) times the group size."""
    right, cluster = np.repeat(np.arange(40) < 30, 5), np.repeat(np.arange(40), 5)
    assert design_effect(right, cluster) == pytest.approx(5 * 40 / 39)
    interval, _ = clustered_share(right, cluster, rng=rng())
    one_each = wilson(30, 40)
    assert interval.low == pytest.approx(one_each.low, abs=0.03)
    assert interval.high == pytest.approx(one_each.high, abs=0.03)


@pytest.mark.parametrize("share", [0, 1])
def test_where_all_or_none_is_right_each_group_counts_once(share):
    """60 records of 6 groups of 10, all right: no more than 6 of 6."""
    right, cluster = np.full(60, bool(share)), np.repeat(np.arange(6), 10)
    interval, effect = clustered_share(right, cluster, rng=rng())
    assert effect == 10
    assert interval.low == pytest.approx(wilson(6 * share, 6).low)
    assert interval.high == pytest.approx(wilson(6 * share, 6).high)


def test_one_group_says_next_to_nothing():
    interval, _ = clustered_share(np.arange(50) < 40, np.zeros(50, dtype=int), rng=rng())
    assert interval.high - interval.low > 0.8


@given(GROUPED)
@settings(max_examples=60, deadline=None)
def test_the_interval_holds_the_share_and_is_never_narrower_than_wilsons(records):
    right, cluster = (np.array(column) for column in zip(*records, strict=True))
    interval, effect = clustered_share(right, cluster, rng=rng())
    independent = wilson(int(right.sum()), len(right))
    assert 0 <= interval.low <= independent.low + 1e-9
    assert independent.high - 1e-9 <= interval.high <= 1
    assert 1 <= effect <= len(right)
    assert 0 < effective_groups(cluster) <= len(np.unique(cluster)) + 1e-9


@given(GROUPED)
@settings(max_examples=40, deadline=None)
def test_names_and_order_of_groups_do_not_matter(records):
    right, cluster = (np.array(column) for column in zip(*records, strict=True))
    order = rng().permutation(len(right))
    assert design_effect(right[order], 100 - cluster[order]) == pytest.approx(design_effect(right, cluster))


def test_totals_are_those_of_whole_groups():
    """Groups (1, 2), (3), (4, 5, 6) add 3, 3 and 15: three drawn groups add one of 9, 21, 33 and 45."""
    totals = resampled(np.arange(1.0, 7)[:, None], np.array([0, 0, 1, 2, 2, 2]), rng=rng())
    assert set(np.unique(totals)) == {9.0, 21.0, 33.0, 45.0}
    assert np.mean(totals == 9) == pytest.approx((2 / 3) ** 3, abs=0.05)


def test_many_kinds_of_groups_are_drawn_one_by_one_and_spread_alike():
    """The variance of a resampled mean is that of the sample over n, whichever way groups are drawn."""
    values = rng().normal(size=3000)
    totals = resampled(values[:, None], np.arange(3000), rng=rng())[:, 0] / 3000
    assert totals.std() == pytest.approx(values.std() / np.sqrt(3000), rel=0.1)
    assert totals.mean() == pytest.approx(values.mean(), abs=4 * values.std() / np.sqrt(3000 * 1000))


def test_cells_are_counted_as_their_records_are():
    cell, cluster = np.array([0, 1, 1, 2, 0, 0]), np.array([0, 0, 1, 1, 2, 2])
    totals = resampled_cells(cell, cluster, rng=rng())
    one_hot = resampled((cell[:, None] == np.arange(3)).astype(float), cluster, rng=rng())
    assert np.array_equal(totals, one_hot)
    assert set(totals.sum(axis=1)) == {6.0}


def test_the_same_draws_give_the_same_interval():
    right, cluster = rng().random(90) < 0.8, np.repeat(np.arange(30), 3)
    assert clustered_share(right, cluster, rng=rng(7)) == clustered_share(right, cluster, rng=rng(7))


def test_the_difference_of_independent_records_is_newcombes():
    found = difference(0.94, wilson(470, 500), 0.83, wilson(166, 200))
    assert found == newcombe(470, 500, 166, 200)


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilsons_interval_takes_a_number_of_records_that_is_not_whole(right, more):
    n = right + more
    found, whole = wilson_share(right / n, float(n)), wilson(right, n)
    assert (found.low, found.high) == (pytest.approx(whole.low), pytest.approx(whole.high))


def test_a_statistic_that_is_never_defined_has_no_interval():
    found = percentiles(np.full(10, np.nan), np.arange(5), value=0.5)
    assert (found.low, found.high) == (None, None)


def drawn(chance: np.random.Generator, groups: int, sizes: tuple, share: float, alike: float):
    """Right answers of groups of uneven size, whose shares follow a Beta distribution: correlation `alike` within."""
    counts = chance.choice(sizes, size=groups)
    a, b = (s * (1 - alike) / alike for s in (share, 1 - share))
    shares = np.repeat(chance.beta(a, b, size=groups), counts)
    return chance.random(len(shares)) < shares, np.repeat(np.arange(groups), counts)


@pytest.mark.parametrize(
    ("groups", "sizes", "share", "alike", "least"),
    [
        (8, (5, 20), 0.85, 0.1, 0.87),
        (20, (1, 2, 30), 0.85, 0.1, 0.86),
        (60, (1, 1, 1, 5, 20), 0.85, 0.1, 0.86),
        (150, (1, 1, 1, 2), 0.9, 0.4, 0.87),
    ],
)
def test_it_covers_about_nine_times_in_ten_where_wilson_does_not(groups, sizes, share, alike, least):
    """300 samples each; nominal .90, so .87 is within chance of it. Wilson as if independent covers .65 to .75."""
    chance, covered, times = rng(11), 0, 300
    for _ in range(times):
        right, cluster = drawn(chance, groups, sizes, share, alike)
        interval, _ = clustered_share(right, cluster, rng=chance)
        covered += interval.low <= share <= interval.high
    assert least <= covered / times <= 0.99


def test_medians_of_groups_are_covered():
    chance, covered, times = rng(5), 0, 400
    for _ in range(times):
        values = np.repeat(chance.normal(size=40), 3) + 0.3 * chance.normal(size=120)
        interval = median_interval(values, np.repeat(np.arange(40), 3))
        covered += interval.low <= 0 <= interval.high
    assert stats.binom.ppf(0.001, times, 0.86) <= covered <= stats.binom.ppf(0.999, times, 0.95)


def test_few_groups_cost_what_students_t_says():
    """Four groups of one size, level .9: t with 3 degrees of freedom is 2.3534, normal 1.6449 (scipy.stats)."""
    right, cluster = np.repeat([1, 1, 0, 1], 25).astype(bool), np.repeat(np.arange(4), 25)
    effect = design_effect(right, cluster)
    wanted = 100 / effect * (stats.norm.ppf(0.95) / stats.t.ppf(0.95, 3)) ** 2
    assert effective_n(right, cluster) == pytest.approx(max(1.0, wanted))
    assert effective_n(right, np.arange(100)) == 100
    assert effective_n(right, cluster, 0.99) <= effective_n(right, cluster)


@pytest.mark.parametrize("groups", [3, 8])
def test_a_share_of_few_groups_is_covered_and_two_alike_do_not_differ(groups):
    """Correlation .2 within groups of 50. With the design effect alone .74 of intervals cover, and with 3 groups
    each of six alike are told apart in .24 of samples (own simulation); nominal are .90 and at most .10.
    """
    chance, times, covered, apart = rng(3), 300, 0, 0
    level = 2 * stats.norm.cdf(critical_value(6)) - 1
    for _ in range(times):
        counts = {}
        for name in "abcdef":
            right, cluster = drawn(chance, groups, (50,), 0.85, 0.2)
            worth = effective_n(right, cluster, level)
            counts[name] = (right.mean() * worth, worth)
        told = clustered_accuracy(right, cluster).interval
        covered += told.low <= 0.85 <= told.high
        apart += largest_gap(counts).state is State.FAIL
    assert covered / times >= 0.84
    assert apart / times <= 0.06


@pytest.mark.parametrize("entities", [3, 5])
def test_an_equal_release_of_few_entities_is_seldom_called_better_or_worse(entities):
    """Two independent answers to records of few entities, equally good: at most one in ten is told apart."""
    chance, times, told = rng(4), 300, 0
    for _ in range(times):
        now, cluster = drawn(chance, entities, (60,), 0.85, 0.3)
        then, _ = drawn(chance, entities, (60,), 0.85, 0.3)
        told += judged(Pairs(now, then, cluster).interval(), 0.02) in (Change.BETTER, Change.WORSE)
    assert told / times <= 0.12


# --- in a pilot


def by_customer(n: int, each: int, wrong: int) -> str:
    """Records of so many customers, of whom the last ones are wrong throughout."""
    lines = [
        f"K-{i}-{j},text {i} {j},a,{'b' if i >= n - wrong else 'a'},0.9,C{i}\n" for i in range(n) for j in range(each)
    ]
    return HEAD.replace("\n", ",customer\n") + "".join(lines)


def test_records_of_one_customer_widen_the_interval(evaluated):
    raw = by_customer(50, 6, 10)
    alone = evaluated(raw)
    grouped = evaluated(raw, columns={**COLUMNS, "entity": "customer"}, floor={"accuracy": "75%"})
    assert (alone.raw.right, alone.raw.n, alone.raw.design_effect) == (240, 300, 1.0)
    assert grouped.raw.design_effect == pytest.approx(6 * 50 / 49)
    width = [r.raw.interval.high - r.raw.interval.low for r in (alone, grouped)]
    assert width[1] > 2 * width[0]
    groups = grouped.metrics.raw_groups
    assert (groups.records, groups.groups, groups.largest) == (300, 50, 6)
    assert alone.metrics.raw_groups is None
    # what rests on the number of records says so too
    spread = [np.ptp(accuracy_replicates(r.raw)[[50, -50]]) for r in (alone, grouped)]
    assert spread[1] > 2 * spread[0]
    assert grouped.rows_for_floor > 300


def test_one_id_twice_belongs_together(evaluated):
    again = "".join(f"K-{i},text changed {i},a,b,0.9\n" for i in range(20))
    result = evaluated(HEAD + rows(0, {("a", "a"): 80, ("b", "b"): 20}) + again)
    assert (result.raw.n, result.metrics.raw_groups.groups, result.metrics.raw_groups.largest) == (120, 100, 2)


def test_near_copies_belong_together(evaluated):
    words = [f"{a} {b} {c}" for a in ("printer", "invoice", "router", "parcel", "login")
             for b in ("arrived broken", "never came", "shows an error", "was charged twice")
             for c in ("since Monday", "after the update", "in the second week of our trial", "again")]  # fmt: skip
    texts = [f"Dear team the {w} and nobody answered the phone number {i * 37 + 1000}" for i, w in enumerate(words)]
    texts += [f"{t} ok" for t in texts[:10]]
    raw = HEAD + "".join(f"N-{i},{t},a,{'a' if i % 5 else 'b'},0.9\n" for i, t in enumerate(texts))
    groups = evaluated(raw).metrics.raw_groups
    assert (groups.records, groups.groups) == (90, 80)


def test_nothing_belongs_together_without_a_reason(evaluated):
    result = evaluated(HEAD + rows(0, {("a", "a"): 80, ("b", "a"): 20}))
    assert result.metrics.raw_groups is None
    assert result.raw.interval == wilson(80, 100)
    assert not is_grouped(np.arange(5))
