"""The drop in parts: worked examples, what must hold always, and input that says nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready import policy
from flightready.evaluation.attribution import shapley
from flightready.evaluation.attribution.decomposition import Records, decompose
from flightready.evaluation.attribution.split import Split, further
from flightready.intervals import newcombe


def records(cells, k=1, *, mix=0, cluster=None):
    """Records from (flags, how many, how many of them wrong), or with covariates (flags, covariates, many, wrong)."""
    wrong, flags, covariates = [], [], []
    for cell in cells:
        marks, numbers, many, bad = cell if len(cell) == 4 else (cell[0], (0.0,) * mix, *cell[1:])
        wrong += [1.0] * bad + [0.0] * (many - bad)
        flags += [marks] * many
        covariates += [numbers] * many
    n = len(wrong)
    return Records(
        np.array(wrong), np.array(flags, dtype=bool).reshape(n, k), np.array(covariates, dtype=float).reshape(n, mix),
        np.zeros((n, 0)), np.arange(n) if cluster is None else cluster,
    )  # fmt: skip


def split(raw, curated, *, seed=1, replicates=400, owner=None):
    owner = np.arange(raw.flags.shape[1]) if owner is None else np.array(owner)
    return Split.of(raw, curated, owner=owner, replicates=replicates, rng=np.random.default_rng(seed))


def drawn(rng, n, prevalence, points, *, base=0.1, cluster=None):
    """Records whose defects are independent of one another and add up to at most 95 % wrong."""
    flags = rng.random((n, len(prevalence))) < np.array(prevalence)
    chance = np.minimum(base + flags @ np.array(points), 0.95)
    wrong = (rng.random(n) < chance).astype(float)
    return Records(
        wrong, flags, np.zeros((n, 0)), np.zeros((n, 0)), np.arange(n) if cluster is None else cluster
    )  # fmt: skip


# --- a defect that seems to spare accuracy -------------------------------------------------------------------


def test_sparing_accuracy_is_measured_by_the_chance_of_no_effect():
    """By hand: 12 of 120 wrong with the defect, 216 of 1,080 without, 120 of 600 in the demo set.

    Squares left over are 120 * .09 + 1080 * .16 + 600 * .16 = 279.6, over 1,800 - 3 records .1556; the part, a tenth of
    the difference, then has the error .1 * sqrt(.1556 * (1 / 120 + 1 / 1080)) = .0037957. Drawing anew says .0031, and
    twelve defects without any effect were said to spare accuracy in .10 of 300 samples of 1,200 (nominal .05; .02 now).
    """
    raw = records([((1,), 120, 12), ((0,), 1080, 216)])
    found = split(raw, records([((0,), 600, 120)]), replicates=1500)
    assert found.found.parts[0] == pytest.approx(-0.01)
    assert found.errors[0] == pytest.approx(0.0037957, rel=1e-4)
    assert found.found.replicates[:, 0].std() == pytest.approx(0.0031, abs=0.0002)


def test_a_defect_that_costs_keeps_the_error_of_drawing_anew():
    found = split(records([((1,), 120, 48), ((0,), 1080, 216)]), records([((0,), 600, 120)]))
    assert found.errors[0] == pytest.approx(found.found.replicates[:, 0].std(ddof=1))


# --- worked examples ---------------------------------------------------------------------------------------


def test_two_overlapping_defects_by_hand():
    """Origin: a table worked by hand. Wrong are 0 of 100 clean records, 40 with A, 30 with B, 50 with both.

    With both, taking A away first gives 50 - 30 = 20, second 40 - 0 = 40: on average 30 of 100; B: 20 of 100. Over 400
    records A costs (40 + 30) / 400 = 17.5 points and B (30 + 20) / 400 = 12.5.
    """
    raw = records([((0, 0), 100, 0), ((1, 0), 100, 40), ((0, 1), 100, 30), ((1, 1), 100, 50)], k=2)
    found = split(raw, records([((0, 0), 100, 0)], k=2)).found
    assert found.total == pytest.approx(0.30)
    assert found.parts == pytest.approx([0.175, 0.125, 0.0, 0.0], abs=1e-8)


def test_shares_of_three_defects_equal_the_average_over_all_orders():
    """Any table of errors by set of defects, enumerated over the six orders."""
    worth = {(): 0.1, (0,): 0.3, (1,): 0.2, (2,): 0.5, (0, 1): 0.35, (0, 2): 0.55, (1, 2): 0.9, (0, 1, 2): 0.7}
    cells = [(tuple(int(j in on) for j in range(3)), 200, round(200 * w)) for on, w in worth.items()]
    expected = np.zeros(3)
    for on in worth:
        for order in permutations(on):
            left = list(on)
            for j in order:
                without = tuple(i for i in left if i != j)
                expected[j] += (worth[tuple(left)] - worth[without]) / len(list(permutations(on))) / len(worth)
                left.remove(j)
    found = split(records(cells, k=3), records([((0, 0, 0), 100, 10)], k=3)).found
    assert found.parts[:3] == pytest.approx(expected, abs=1e-8)


def test_both_sides_with_the_defect_by_hand():
    """Origin: Oaxaca and Blinder on a two-by-two table. Raw: 40 of 100 carry it, wrong .5 with and .2 without; demo: 30
    of 100 carry it, .3 with and .1 without. Composition .2 x (.4 - .3), rate (.3 - .2) x .4, levels .2 - .1."""
    raw, demo = records([((1,), 40, 20), ((0,), 60, 12)]), records([((1,), 30, 9), ((0,), 70, 7)])
    found = split(raw, demo).found
    assert found.total == pytest.approx(0.16)
    assert found.parts == pytest.approx([0.06, 0.0, 0.10], abs=1e-8)
    assert found.rate == pytest.approx([0.04], abs=1e-8)
    assert found.parts[0] - found.rate[0] == pytest.approx(0.02, abs=1e-8)


def test_too_few_demo_records_with_the_defect_share_one_effect():
    """Then only the frequency differs: one effect, from all records together, times the difference in frequency."""
    raw, demo = records([((1,), 40, 20), ((0,), 60, 12)]), records([((1,), 10, 3), ((0,), 90, 9)])
    found = split(raw, demo).found
    linear = pytest.importorskip("sklearn.linear_model").LinearRegression()
    side = np.r_[np.ones(100), np.zeros(100)]
    linear.fit(np.column_stack([side, np.r_[raw.flags[:, 0], demo.flags[:, 0]]]), np.r_[raw.wrong, demo.wrong])
    assert found.parts[0] == pytest.approx(linear.coef_[1] * (0.4 - 0.1), abs=1e-8)
    assert found.parts[-1] == pytest.approx(linear.coef_[0], abs=1e-8)
    assert np.isnan(found.rate[0])


def test_what_a_defect_costs_may_differ_by_column():
    """One defect in two columns: 40 points in 100 records of the first, none in 100 of the second, never both.

    A second defect of 20 points occurs with the harmless column only, so one effect of both columns would mislead it.
    """
    cells = [
        ((0, 0, 0), 200, 20),
        ((1, 0, 0), 100, 50),
        ((0, 1, 0), 100, 10),
        ((0, 1, 1), 100, 30),
        ((0, 0, 1), 100, 30),
    ]
    raw, demo = records(cells, k=3), records([((0, 0, 0), 100, 10)], k=3)
    found = split(raw, demo, owner=[0, 0, 1]).found
    assert found.parts == pytest.approx([0.4 / 6, 0.2 * 200 / 600, 0.0, 0.0], abs=1e-8)
    pooled = [replace(s, flags=np.column_stack([s.flags[:, :2].any(axis=1), s.flags[:, 2]])) for s in (raw, demo)]
    assert split(*pooled).found.parts[1] < 0.2 * 200 / 600 - 0.005


def test_another_mix_of_classes_by_hand():
    """Class b is wrong in .5 and a in .1 on both sides; 80 against 50 of 100 are b: (.8 - .5) x .4 is the whole drop."""
    raw = records([((0,), (1.0,), 80, 40), ((0,), (0.0,), 20, 2)], mix=1)
    demo = records([((0,), (1.0,), 50, 25), ((0,), (0.0,), 50, 5)], mix=1)
    found = split(raw, demo)
    assert found.found.total == pytest.approx(0.12)
    assert found.found.parts[-2:] == pytest.approx([0.12, 0.0], abs=1e-8)


def test_a_harder_system_does_not_pass_for_its_defect():
    """The defect sits in the hard system more often and costs nothing itself: .5 wrong there, .1 elsewhere."""
    n = [((1,), 80, 40), ((0,), 20, 10), ((1,), 20, 2), ((0,), 80, 8)]
    raw = records(n)
    system = np.r_[np.ones(100), np.zeros(100)][:, None] - 0.5
    demo = replace(records([((0,), 100, 10)]), control=np.zeros((100, 1)))
    assert split(replace(raw, control=system), demo).found.parts[0] == pytest.approx(0.0, abs=1e-8)
    blind = split(replace(raw, control=np.zeros((200, 0))), replace(demo, control=np.zeros((100, 0))))
    assert blind.found.parts[0] > 0.1


# --- what must hold always ---------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(2, 120), st.integers(1, 120), st.booleans())
def test_the_parts_sum_to_the_difference(seed, k, n, n_demo, has_demo):
    rng = np.random.default_rng(seed)
    raw = drawn(rng, n, rng.random(k), rng.random(k) / 2)
    demo = drawn(rng, n_demo, 0.3 * rng.random(k), rng.random(k) / 2) if has_demo else None
    found = split(raw, demo, replicates=20).found
    expected = raw.wrong.mean() - (demo.wrong.mean() if has_demo else 0.0)
    assert found.total == pytest.approx(expected, abs=1e-12)
    assert found.parts.sum() == pytest.approx(expected, abs=1e-12)
    assert found.replicates.sum(axis=1) == pytest.approx(found.total_replicates, abs=1e-9)
    assert np.isfinite(found.replicates).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5))
def test_every_effect_is_shared_out_whole(seed, k):
    rng = np.random.default_rng(seed)
    flags = rng.random((400, k)) < 0.5
    sets = shapley.overlaps(flags, np.ones(400))
    shares = shapley.sharing(k, sets)
    assert shares.sum(axis=1) == pytest.approx(np.ones(k + len(sets)))
    joined = shapley.joined(flags, sets)
    for place, members in enumerate(sets):
        assert (joined[:, k + place] == flags[:, list(members)].all(axis=1)).all()
        assert flags[:, list(members)].all(axis=1).sum() >= policy.value("least_wrong_with_overlap")


def test_overlaps_are_bounded_and_the_most_frequent_are_kept():
    rng = np.random.default_rng(3)
    flags = rng.random((2000, 12)) < np.linspace(0.3, 0.6, 12)
    sets = shapley.overlaps(flags, np.ones(2000))
    assert len(sets) == policy.value("most_overlaps")
    assert sets[0] == (10, 11)  # the two most frequent ones


def test_order_of_records_does_not_matter():
    rng = np.random.default_rng(8)
    raw, demo = drawn(rng, 500, (0.2, 0.2), (0.3, 0.1)), drawn(rng, 300, (0.0, 0.0), (0.0, 0.0))
    order = rng.permutation(500)
    shuffled = replace(raw, wrong=raw.wrong[order], flags=raw.flags[order], mix=raw.mix[order])
    first, second = split(raw, demo), split(shuffled, demo)
    assert first.found.parts == pytest.approx(second.found.parts, abs=1e-12)
    assert (first.found.replicates == second.found.replicates).all()


def test_the_same_seed_gives_the_same_result():
    rng = np.random.default_rng(9)
    raw, demo = drawn(rng, 500, (0.2, 0.2), (0.3, 0.1)), drawn(rng, 300, (0.0, 0.0), (0.0, 0.0))
    first, second, other = split(raw, demo, seed=5), split(raw, demo, seed=5), split(raw, demo, seed=6)
    assert (first.found.replicates == second.found.replicates).all()
    assert (first.found.replicates != other.found.replicates).any()


# --- intervals ---------------------------------------------------------------------------------------------


def test_the_resampled_error_is_the_closed_form():
    """One flag, no covariates: the part is f (y1 - y0), whose influence on each record is known."""
    rng = np.random.default_rng(4)
    raw, demo = drawn(rng, 2000, (0.2,), (0.3,)), drawn(rng, 500, (0.0,), (0.0,))
    hit, wrong = raw.flags[:, 0], raw.wrong
    f, with_it, without = hit.mean(), wrong[hit].mean(), wrong[~hit].mean()
    # without demo hits and with a level for each side, the demo set says nothing about this effect
    influence = hit * (wrong - with_it) - f / (1 - f) * ~hit * (wrong - without) + (with_it - without) * (hit - f)
    expected = influence.std() / np.sqrt(len(wrong))
    found = split(raw, demo, replicates=2000)
    assert found.found.parts[0] == pytest.approx(f * (with_it - without))
    assert found.errors[0] == pytest.approx(expected, rel=0.06)


def test_records_of_one_entity_count_as_one():
    """Each record four times: as clusters the error is that of the single records, apart it would be half of it."""
    rng = np.random.default_rng(5)
    once, demo = drawn(rng, 400, (0.3,), (0.3,)), drawn(rng, 400, (0.0,), (0.0,))
    four = Records(*(np.repeat(a, 4, axis=0) for a in (once.wrong, once.flags, once.mix, once.control, once.cluster)))
    apart = replace(four, cluster=np.arange(1600))
    single, joint, naive = (split(r, demo, replicates=1500).errors[0] for r in (once, four, apart))
    assert joint == pytest.approx(single, rel=0.08)
    assert naive == pytest.approx(single / 2, rel=0.08)


def test_the_simultaneous_interval_holds_the_single_one():
    rng = np.random.default_rng(6)
    raw, demo = drawn(rng, 1500, (0.2,) * 5, (0.3, 0.2, 0.1, 0.0, 0.0)), drawn(rng, 600, (0.0,) * 5, (0.0,) * 5)
    found = split(raw, demo)
    assert found.joint_factor > found.factor == pytest.approx(1.645, abs=1e-3)
    for j in range(5):
        alone, joint = found.interval(j, joint=False), found.interval(j, joint=True)
        assert joint.low < alone.low < found.found.parts[j] < alone.high < joint.high
    assert [found.is_attributed(j) for j in range(3)] == [True, True, True]


def test_nothing_is_attributed_without_an_effect():
    """Forty tables with five harmless defects: at most 10 % of runs in the long run, so at most nine here."""
    claimed = 0
    for seed in range(40):
        rng = np.random.default_rng([77, seed])
        raw, demo = drawn(rng, 800, (0.15,) * 5, (0.0,) * 5), drawn(rng, 400, (0.0,) * 5, (0.0,) * 5)
        found = split(raw, demo, seed=seed, replicates=300)
        claimed += any(found.is_attributed(j) for j in range(7))
    assert claimed <= 9  # binomial(40, .1) exceeds nine in one run of two hundred


def test_two_halves_of_one_set_have_no_drop():
    """A set with harmful defects, split at random: neither the drop nor a part of it is claimed beyond chance."""
    drop, parts = 0, 0
    for seed in range(40):
        rng = np.random.default_rng([78, seed])
        whole = drawn(rng, 1200, (0.2, 0.2, 0.1), (0.3, 0.2, 0.1))
        half = rng.permutation(1200) < 600
        raw, demo = (_only(whole, chosen) for chosen in (half, ~half))
        wrong = int(raw.wrong.sum()), int(demo.wrong.sum())
        drop += newcombe(wrong[0], 600, wrong[1], 600).low > 0
        found = split(raw, demo, seed=seed, replicates=300)
        parts += any(found.is_attributed(j) for j in range(5))
    assert drop <= 6  # binomial(40, .05)
    assert parts <= 9


def _only(whole, chosen):
    return Records(
        whole.wrong[chosen],
        whole.flags[chosen],
        whole.mix[chosen],
        whole.control[chosen],
        np.arange(int(chosen.sum())),
    )


def test_a_saturating_generator_is_covered_where_its_defects_overlap():
    """Defects of 50, 40 and 30 points in three of ten records each, at most 85 points in all.

    The truth is enumerated; the effects alone, without what they cost together, would miss it by about a point.
    """
    points, prevalence, room = np.array([0.5, 0.4, 0.3]), np.array([0.3, 0.3, 0.3]), 0.85
    truth = np.zeros(3)
    for pattern in np.ndindex(2, 2, 2):
        on = [j for j in range(3) if pattern[j]]
        chance = np.prod(np.where(pattern, prevalence, 1 - prevalence))
        orders = list(permutations(on))
        for order in orders:
            for place, j in enumerate(order):
                before = sum(points[list(order[:place])])
                truth[j] += chance * (min(before + points[j], room) - min(before, room)) / len(orders)
    rng = np.random.default_rng(12)
    raw = drawn(rng, 40_000, prevalence, points)
    demo = drawn(rng, 2000, (0.0,) * 3, (0.0,) * 3)
    found = split(raw, demo, replicates=100)
    assert found.found.parts[:3] == pytest.approx(truth, abs=0.004)
    alone = decompose(raw, demo, both=np.zeros(3, dtype=bool), replicates=2, rng=rng)
    assert abs(alone.parts[0] - truth[0]) > 0.008


# --- input that says nothing -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [[((1,), 1, 1)], [((1,), 1, 0)], [((1,), 500, 0)], [((1,), 3, 3), ((0,), 2, 0)], [((0,), 400, 0)]]
)
@pytest.mark.parametrize("demo", [None, [((0,), 1, 0)], [((0,), 600, 0)], [((0,), 600, 600)]])
def test_nothing_is_claimed_of_a_defect_with_too_little_behind_it(raw, demo):
    found = split(records(raw), None if demo is None else records(demo), replicates=50)
    assert not found.is_attributed(0)
    assert found.interval(0, joint=True) is None
    assert np.isfinite(found.found.parts).all()


def test_one_record_has_no_interval_of_what_is_unexplained():
    found = split(records([((0,), 1, 1)]), records([((0,), 600, 60)]), replicates=50)
    assert found.interval(2, joint=True) is None and not found.is_attributed(2)


def test_all_raw_answers_wrong_is_an_unexplained_shift():
    found = split(records([((1,), 60, 60), ((0,), 140, 140)]), records([((0,), 400, 40)]))
    assert found.found.parts == pytest.approx([0.0, 0.0, 0.9], abs=1e-8)
    assert not found.is_attributed(0) and found.is_attributed(2)


def test_a_defect_of_every_raw_record_cannot_be_told_from_the_side():
    found = split(records([((1,), 200, 60)]), records([((0,), 200, 20)]))
    assert not found.told[0] and found.interval(0, joint=True) is None
    assert found.found.parts == pytest.approx([0.0, 0.0, 0.2], abs=1e-8)


def test_a_defect_that_two_others_make_up_cannot_be_told_apart():
    """The third marks just what the first two mark together: two of the three hold all that can be known."""
    raw = records([((1, 0, 1), 100, 40), ((0, 1, 1), 100, 30), ((0, 0, 0), 200, 20)], k=3)
    found = split(raw, records([((0, 0, 0), 200, 20)], k=3))
    assert found.told.sum() == 2
    assert found.found.parts.sum() == pytest.approx(found.found.total)


def test_rows_that_would_show_a_part():
    """A part of the same size with four times the rows has half the error; what is shown already needs none."""
    rng = np.random.default_rng(13)
    raw, demo = drawn(rng, 400, (0.2,), (0.08,)), drawn(rng, 400, (0.0,), (0.0,))
    found = split(raw, demo)
    size, error = abs(found.found.parts[0]), found.errors[0]
    rows = 400 * ((found.joint_factor + 0.8416) * error / size) ** 2
    assert found.rows_needed(0, 400) == further(rows, 400)
    assert found.rows_needed(1, 400) is None  # nothing is compared, so there is no mix
