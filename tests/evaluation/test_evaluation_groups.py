"""Groups of people: rates against fairlearn and own counts, gaps for all pairs, small groups, defective values."""

from __future__ import annotations

import random

import numpy as np
import pytest
from evaluation_samples import evaluated_in
from fairlearn.metrics import (
    MetricFrame,
    demographic_parity_ratio,
    false_negative_rate,
    false_positive_rate,
    selection_rate,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.errors import InputError
from flightready.evaluation.groups.gaps import critical_value, largest_gap, smallest_ratio
from flightready.evaluation.groups.labels import NOT_GIVEN, OTHERS
from flightready.evaluation.shares.worth import clustered_accuracy, clustered_rate, effective_n
from flightready.evidence import State
from flightready.intervals import clopper_pearson, newcombe, wilson

ROLES = {"id": "id", "text": "text", "label": "team", "prediction": "predicted", "group": ["region"]}
HEAD = "id,text,team,predicted,region"


def people(wrong: dict[str, float], n: int = 300, seed: int = 3, extra: str = "") -> str:
    """So many records of each region, with its share of wrong answers."""
    rng, lines = random.Random(seed), [HEAD + (",age" if extra else "")]
    for region, share_wrong in wrong.items():
        for k in range(n):
            truth = rng.choice(["approved", "declined"])
            other = {"approved": "declined", "declined": "approved"}[truth]
            said = other if rng.random() < share_wrong else truth
            age = f",{rng.choice(['young', 'old'])}" if extra else ""
            lines.append(f"{region}-{k},text {k},{truth},{said},{region}{age}")
    return "\n".join(lines) + "\n"


def found(folder, text: str, **evaluation):
    return evaluated_in(folder, text, columns=ROLES, **evaluation)


def finding(result):
    return next((f for f in result.findings if f.id == "evaluation.groups"), None)


def test_rates_are_those_of_fairlearn_on_the_same_answers(tmp_path):
    text = people({"north": 0.1, "south": 0.25, "east": 0.15}, n=200)
    result = found(tmp_path, text, favourable="approved").groups
    rows = [line.split(",") for line in text.splitlines()[1:]]
    true, given_, region = (np.array([r[i] for r in rows]) for i in (2, 3, 4))
    frame = MetricFrame(
        metrics={"selected": selection_rate, "false_positive": false_positive_rate, "false_negative": false_negative_rate},
        y_true=(true == "approved").astype(int), y_pred=(given_ == "approved").astype(int), sensitive_features=region,
    )  # fmt: skip
    for group in result.comparisons[0].groups:
        for name in ("selected", "false_positive", "false_negative"):
            assert getattr(group, name).share == pytest.approx(frame.by_group.loc[group.name, name])
        mine = region == group.name
        assert group.deserved.hits == (true[mine] == "approved").sum()
        assert group.accuracy.right == (true[mine] == given_[mine]).sum()
    ratio = demographic_parity_ratio(
        (true == "approved").astype(int), (given_ == "approved").astype(int), sensitive_features=region
    )
    assert result.comparisons[0].ratio.ratio == pytest.approx(ratio)


def test_two_groups_have_the_interval_of_newcombe():
    gap = largest_gap({"a": (180, 200), "b": (150, 200)})
    plain = newcombe(180, 200, 150, 200)
    assert (gap.interval.low, gap.interval.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_critical_value_is_that_of_the_range_of_normals():
    """Largest difference of five independent normals over its standard error, simulated: within three of its errors."""
    draws = np.random.default_rng(1).normal(size=(200_000, 5))
    widest = np.ptp(draws, axis=1) / np.sqrt(2)
    assert (widest > critical_value(5)).mean() == pytest.approx(0.1, abs=3 * np.sqrt(0.09 / 200_000))
    assert critical_value(5, families=3) > critical_value(5) > critical_value(2)


@pytest.mark.parametrize("true", [(0.8, 0.8, 0.8, 0.8), (0.9, 0.85, 0.8, 0.8)])
def test_the_widest_true_gap_lies_within_its_interval(true):
    """At least nine times in ten over 400 samples of unequal groups (it holds for all pairs, so more often)."""
    rng, held = np.random.default_rng(2), 0
    for _ in range(400):
        counts = {
            str(i): (float(rng.binomial(n, p)), float(n))
            for i, (n, p) in enumerate(zip((60, 150, 300, 80), true, strict=True))
        }
        gap = largest_gap(counts)
        held += gap.interval.low <= max(true) - min(true) <= gap.interval.high
    assert held >= stats.binom.ppf(0.01, 400, 0.9)


def test_equal_groups_rarely_fail():
    """Six groups that are equally well served are called unequal by more than nothing in at most 10 % of 400 samples."""
    rng = np.random.default_rng(3)
    loud = sum(largest_gap({str(i): (float(rng.binomial(100, 0.8)), 100.0) for i in range(6)}).interval.low > 0
               for _ in range(400))  # fmt: skip
    assert loud <= stats.binom.ppf(0.99, 400, 0.1)


def test_ratio_of_large_groups_is_that_of_scipy():
    """Interval of Katz et al. as scipy gives it; the half that is added to counts is not felt in thousands."""
    ratio = smallest_ratio({"a": (3000, 10_000), "b": (4000, 10_000)})
    ends = stats.contingency.relative_risk(3000, 10_000, 4000, 10_000).confidence_interval(0.90)
    assert (ratio.least, ratio.state) == ("a", State.FAIL) and ratio.ratio == pytest.approx(0.75)
    assert (ratio.interval.low, ratio.interval.high) == (
        pytest.approx(ends.low, rel=1e-3),
        pytest.approx(ends.high, rel=1e-3),
    )
    assert smallest_ratio({"a": (3000, 10_000), "b": (4000, 10_000)}, is_judged=False).state is State.NA


def test_ratio_with_none_selected_has_an_interval():
    ratio = smallest_ratio({"a": (0, 50), "b": (20, 50)})
    assert ratio.ratio == 0 and 0 < ratio.interval.low < ratio.interval.high < 0.8
    assert smallest_ratio({"a": (0, 50), "b": (0, 50)}) is None


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_records_are_worth_at_most_their_number_and_at_least_one(n, seed):
    rng = np.random.default_rng(seed)
    hit, cluster = rng.random(n) < 0.7, rng.integers(0, n, n)
    assert 1 <= effective_n(hit, cluster) <= n
    assert effective_n(hit, np.arange(n)) == n
    right = int(hit.sum())
    for plain, same in (
        (wilson(right, n), clustered_accuracy(hit, np.arange(n)).interval),
        (clopper_pearson(right, n), clustered_rate(hit, np.arange(n)).interval),
    ):
        assert (same.low, same.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_intervals_of_repeated_entities_hold():
    """60 entities of 10 records with their own accuracy: the interval holds the mean 9 times in 10, the plain one not."""
    rng, held = np.random.default_rng(4), {"clustered": 0, "plain": 0}
    cluster = np.repeat(np.arange(60), 10)
    for _ in range(300):
        right = rng.random(600) < rng.beta(4, 1, 60)[cluster]
        for name, of in (("clustered", cluster), ("plain", np.arange(600))):
            ends = clustered_accuracy(right, of).interval
            held[name] += ends.low <= 0.8 <= ends.high
    assert held["clustered"] >= stats.binom.ppf(0.01, 300, 0.9) > held["plain"]


def test_a_group_that_is_worse_off_fails(tmp_path):
    result = found(tmp_path, people({"north": 0.05, "south": 0.3}))
    gap = result.groups.comparisons[0].gap
    assert (gap.best, gap.worst, gap.state) == ("north", "south", State.FAIL)
    told = finding(result)
    assert (told.state, told.gaps, told.threshold) == (State.FAIL, ("G5",), 0.05)
    assert "north" not in told.sentence and "south" not in told.sentence


def test_equal_groups_of_many_records_pass(tmp_path):
    result = found(tmp_path, people({"north": 0.03, "south": 0.03}, n=900))
    assert finding(result).state is State.PASS and finding(result).decides == ""


def test_few_records_cannot_tell_and_say_how_many_would(tmp_path):
    result = found(tmp_path, people({"north": 0.1, "south": 0.15}, n=60))
    gap = result.groups.comparisons[0].gap
    assert (finding(result).state, gap.state) == (State.UNKNOWN, State.UNKNOWN)
    assert gap.rows > 60 and "scored records of each group by 'region'" in finding(result).decides


def test_a_small_group_has_no_number_and_holds_the_verdict_back(tmp_path):
    lines = people({"north": 0.03, "south": 0.03}, n=900).splitlines()
    lines += [f"W{k},text,approved,approved,west" for k in range(9)]
    result = found(tmp_path, "\n".join(lines) + "\n")
    west = next(g for g in result.groups.comparisons[0].groups if g.name == "west")
    assert (west.n, west.accuracy) == (9, None) and west.more > 20
    assert finding(result).state is State.UNKNOWN and "1 small group by 'region'" in finding(result).decides


def test_variants_are_one_group_and_missing_ones_another(tmp_path):
    lines = people({"North": 0.1, "south": 0.1}, n=60).splitlines()
    lines += [f"v{k},text,approved,approved,{('north ', 'NORTH', ' North')[k % 3]}" for k in range(30)]
    lines += [f"m{k},text,approved,approved,{('', 'n/a')[k % 2]}" for k in range(40)]
    groups = {g.name: g for g in found(tmp_path, "\n".join(lines) + "\n").groups.comparisons[0].groups}
    assert {name: g.n for name, g in groups.items()} == {"North": 90, "south": 60, NOT_GIVEN: 40}
    assert groups[NOT_GIVEN].is_missing and not groups[NOT_GIVEN].is_named


def test_na_may_be_a_region(tmp_path):
    """North America beside EU and APAC is no missing value."""
    result = found(tmp_path, people({"NA": 0.1, "EU": 0.1, "APAC": 0.1}, n=80))
    assert {g.name for g in result.groups.comparisons[0].groups} == {"NA", "EU", "APAC"}


def test_names_of_people_and_rare_values_are_not_shown(tmp_path):
    lines = people({"north": 0.1, "m.keller@example.com": 0.1}, n=60).splitlines()
    lines += [f"r{k},text,approved,approved,person {k}" for k in range(20)]
    result = found(tmp_path, "\n".join(lines) + "\n")
    names = [g.name for g in result.groups.comparisons[0].groups]
    assert OTHERS in names and "group 1 of 'region' (name not shown)" in names
    assert "example.com" not in repr(result) and "person 3" not in repr(result)


def test_a_name_of_a_person_in_the_wrong_column_is_not_shown_though_it_repeats(tmp_path):
    lines = people({"north": 0.1, "South East": 0.1}, n=60).splitlines()
    lines += [f"r{k},text {k} of theirs,approved,declined,Ann Quill" for k in range(12)]
    result = found(tmp_path, "\n".join(lines) + "\n")
    sizes = {g.name: g.n for g in result.groups.comparisons[0].groups}
    assert sizes == {"north": 60, "South East": 60, "group 3 of 'region' (name not shown)": 12}
    assert "quill" not in repr(result).casefold()


def test_two_columns_are_looked_at_together(tmp_path):
    text = people({"north": 0.1, "south": 0.1}, extra="age")
    result = evaluated_in(tmp_path, text, columns=ROLES | {"group": ["region", "age"]}).groups
    assert [c.columns for c in result.comparisons] == [("region",), ("age",), ("region", "age")]
    both = result.comparisons[2]
    assert {g.name for g in both.groups} == {f"{r}, {a}" for r in ("north", "south") for a in ("young", "old")}
    assert sum(g.n for g in both.groups) == 600


def test_numbers_become_a_few_groups(tmp_path):
    rng = random.Random(1)
    lines = [HEAD] + [f"K{k},text,approved,approved,{rng.randint(18, 80)}" for k in range(400)]
    names = [g.name for g in found(tmp_path, "\n".join(lines) + "\n").groups.comparisons[0].groups]
    assert len(names) == 5 and {n.split()[0] for n in names} == {"up", "above"}


def test_an_answer_that_nobody_gets_is_a_mistake(tmp_path):
    with pytest.raises(InputError, match=r"no raw record carries the answer 'aproved'"):
        found(tmp_path, people({"north": 0.1, "south": 0.1}), favourable="aproved")


def test_without_a_hoped_for_answer_the_ratio_is_shown_and_not_judged(tmp_path):
    result = found(tmp_path, people({"north": 0.1, "south": 0.1})).groups
    assert result.watched in {"approved", "declined"} and not result.is_favourable
    assert result.comparisons[0].ratio.state is State.NA


@pytest.mark.parametrize(
    "regions",
    [["same"], [""], ["region %d"], ["a", "b"]],
    ids=["constant", "all missing", "a value for each record", "one row each"],
)
def test_odd_columns_are_no_error(tmp_path, regions):
    n = 2 if regions == ["a", "b"] else 10_000 if "%d" in regions[0] else 100
    cells = [regions[k % len(regions)] for k in range(n)]
    lines = [HEAD] + [f"K{k},text,a,a,{c % k if '%d' in c else c}" for k, c in enumerate(cells)]
    result = found(tmp_path, "\n".join(lines) + "\n")
    assert result.groups.comparisons[0].gap is None
    assert finding(result).state is State.UNKNOWN and finding(result).value is None


@pytest.mark.parametrize("is_wrong", [False, True])
def test_all_right_or_all_wrong_has_no_gap(tmp_path, is_wrong):
    text = people({"north": float(is_wrong), "south": float(is_wrong)}, n=400)
    result = found(tmp_path, text)
    assert result.groups.comparisons[0].gap.gap == 0 and finding(result).state is State.PASS


def test_one_class_has_no_watched_answer(tmp_path):
    lines = [HEAD] + [f"K{k},text,a,a,{'xy'[k % 2]}" for k in range(100)]
    result = found(tmp_path, "\n".join(lines) + "\n").groups
    assert (result.watched, result.comparisons[0].ratio) == ("", None)


def test_without_a_group_column_nothing_is_said(tmp_path):
    result = evaluated_in(tmp_path, people({"north": 0.1}), columns=ROLES | {"group": []})
    assert result.groups is None and finding(result) is None
