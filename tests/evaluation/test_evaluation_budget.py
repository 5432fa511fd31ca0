"""The error budget, errors a month, and the worst of many parts."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, known_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready.assessment import load
from flightready.evaluation.analysis import analyse
from flightready.evaluation.budget.error_cost import OTHER_ERRORS, error_cost, error_draws
from flightready.evaluation.budget.tails import worst
from flightready.evidence import Grade, State
from flightready.figures.evaluation_budget import figure_budget
from flightready.intervals import LEVEL, clopper_pearson, newcombe
from flightready.narrative import evaluation_budget as narrative
from flightready.quantity import parse
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def loaded(folder, requests, **evaluation):
    """166 of 200 right on raw records, at a planned load."""
    known_in(folder, **evaluation)
    pilot = load(folder)
    inspection = inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1))
    return analyse(pilot, inspection, requests_per_month=requests)


def test_92_per_cent_right_use_four_fifths_of_a_floor_of_90(evaluated):
    """800 wrong answers in 10,000 of the 1,000 that the floor leaves."""
    found = evaluated(HEAD + rows(0, {("a", "a"): 92, ("a", "b"): 8}), floor={"accuracy": "90%"}).budget
    assert (found.per_10000, found.allowed.low, found.used) == (
        pytest.approx(800), pytest.approx(1000), pytest.approx(0.8)
    )  # fmt: skip
    assert (found.month, found.allowed_by_drop, found.grade) == (None, None, Grade.MEASURED)
    assert found.used_interval.low == pytest.approx(found.interval.low / 1000)


@pytest.mark.parametrize("floor", ["70%", "80%", "83%", "87%", "90%", "75% to 82%"])
def test_the_budget_says_what_the_floor_says(tmp_path, floor):
    """Overdrawn where the floor is missed, kept where it is reached, open in between."""
    result = known_in(tmp_path, floor={"accuracy": floor})
    state = next(f.state for f in result.findings if f.id == "evaluation.raw_accuracy")
    used = result.budget.used_interval
    assert (state is State.FAIL) == (used.low > 1)
    assert (state is State.PASS) == (used.high <= 1 + 1e-9)


def test_the_allowed_drop_leaves_its_own_budget(tmp_path):
    """30 of 500 wrong on the demo set and 5 points more: 1,100 in 10,000."""
    assert known_in(tmp_path, allowed_drop="5 points").budget.allowed_by_drop.high == pytest.approx(1100)


def test_without_a_floor_or_with_one_of_all_nothing_is_used(tmp_path):
    assert known_in(tmp_path).budget.used is None
    found = known_in(tmp_path, floor={"accuracy": "100%"})
    assert (found.budget.used, found.budget.allowed.low) == (None, 0)
    assert "allows no wrong answer" in " ".join(narrative.budget_meaning(found))


def test_a_month_is_the_jeffreys_share_of_the_load(tmp_path):
    """Beta(34.5, 166.5) of a million requests."""
    month = loaded(tmp_path, np.full((16, 1024), 1e6), floor={"accuracy": "85%"}).budget.month
    exact = stats.beta(34.5, 166.5)
    assert month.median == pytest.approx(1e6 * exact.median(), rel=0.01)
    assert (month.interval.low, month.interval.high) == pytest.approx(tuple(1e6 * exact.ppf([0.05, 0.95])), rel=0.02)
    assert (month.requests, month.allowed, month.cost) == (1e6, pytest.approx(150_000), None)
    assert month.at_median_load.low < 170_000 < month.at_median_load.high


def test_an_uncertain_load_widens_the_month_and_not_the_share_used(tmp_path):
    spread = np.exp(np.random.default_rng(1).normal(np.log(1e6), 0.5, (16, 1024)))
    known, open_ = (loaded(tmp_path, of, floor={"accuracy": "85%"}).budget for of in (np.full((2, 9), 1e6), spread))
    assert open_.month.interval.high > 1.5 * known.month.interval.high
    assert open_.used_interval == known.used_interval


def test_cost_of_a_month_and_of_10000_cases_are_the_same_draws(tmp_path):
    """At a load that is certain the one is a multiple of the other, to the last bit that medians keep."""
    result = loaded(tmp_path, np.full(7, 2.5e6), error_cost={"default": "1 to 4 USD", "a -> b": "100 USD"})
    cost, month = result.error_cost, result.budget.month
    assert month.cost == pytest.approx(250 * cost.median)
    assert month.cost_interval.high == pytest.approx(250 * cost.interval.high)
    for kind in cost.kinds:
        assert kind.cost_per_month == pytest.approx(250 * kind.cost_per_10000)
        assert kind.errors_per_month == pytest.approx(2.5e6 * kind.errors / 200, rel=0.1)
    assert month.cost == pytest.approx(2.5e6 * (14 / 200 * 100 + 20 / 200 * 2.2), rel=0.1)


def test_a_load_does_not_move_the_cost_in_10000_cases():
    prices = {"default": parse("5 to 20 USD", "amount of money")}
    one, other = (
        error_cost(prices, error_draws(prices, None, 90, 100, seed=7, requests_per_month=of), currency="USD")
        for of in (None, np.arange(1.0, 50.0))
    )
    assert (one.median, one.interval) == (other.median, other.interval)
    assert one.kinds[0].cost_per_month is None


def test_draws_of_kinds_add_up_to_the_share_of_errors():
    """No pair is priced: one kind, whose share is the Jeffreys one."""
    drawn = error_draws({}, None, 166, 200, seed=3)
    assert list(drawn.counts) == [OTHER_ERRORS]
    assert drawn.share.mean() == pytest.approx(34.5 / 201, rel=0.01)
    assert (drawn.cost, drawn.load) == (None, None)


def test_a_typed_count_has_a_budget_and_no_tails(evaluated):
    result = evaluated(labelled="172 right of 200", floor={"accuracy": "90%"})
    assert (result.budget.used, result.budget.grade) == (pytest.approx(1.4), Grade.ESTIMATED)
    assert result.budget.tails == ()
    assert narrative.tails_meaning(result.budget) == narrative.NO_TAIL


def test_without_accuracy_there_is_no_budget(evaluated):
    result = evaluated("id,text\n1,x\n2,y\n", columns={"id": "id", "text": "text"})
    assert result.budget is None
    assert narrative.budget_meaning(result) == (narrative.NO_BUDGET,)
    with pytest.raises(ValueError, match="needs accuracy on raw data"):
        figure_budget(result)


# --- the worst of many --------------------------------------------------------------------------------------


def parts(sizes: list[int]) -> np.ndarray:
    return np.repeat([f"part {i:02d}" for i in range(len(sizes))], sizes).astype(object)


def test_the_worst_interval_is_that_of_its_corrected_level():
    labels = parts([100, 100, 100])
    wrong = np.tile(np.arange(100) < 10, 3)
    wrong[200:] = np.arange(100) < 30
    found = worst("system", labels, wrong)
    assert (found.name, found.errors.hits, found.others.hits) == ("part 02", 30, 20)
    assert found.errors.interval == clopper_pearson(30, 100, LEVEL ** (1 / 3))
    assert found.errors.interval.low < clopper_pearson(30, 100).low
    assert found.is_worse


@pytest.mark.parametrize(("parts_", "each"), [(3, 100), (13, 90), (40, 25)])
def test_the_worst_of_many_is_covered_and_rarely_called_worse_by_chance(parts_, each):
    """Parts that are all alike at 20 % wrong: the corrected interval of the worst holds 20 % in nine of ten runs.

    A plain 90 % interval of the worst of 13 would hold it far less often; the claim of being worse is a chance of 5 %.
    """
    rng = np.random.default_rng(5)
    labels, runs = parts([each] * parts_), 300
    covered = plain = claimed = 0
    for _ in range(runs):
        found = worst("month", labels, rng.random(parts_ * each) < 0.2)
        covered += found.errors.interval.low <= 0.2 <= found.errors.interval.high
        usual = clopper_pearson(found.errors.hits, found.errors.n)
        plain += usual.low <= 0.2 <= usual.high
        claimed += found.is_worse
    assert covered >= stats.binom.ppf(0.001, runs, LEVEL)
    assert claimed <= stats.binom.ppf(0.999, runs, 0.05)
    if parts_ > 3:
        assert plain < 0.75 * runs


@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_the_worst_has_the_largest_share_and_its_interval_holds_it(n_parts, seed):
    rng = np.random.default_rng(seed)
    labels = parts(list(rng.integers(20, 60, n_parts)))
    order = rng.permutation(len(labels))
    wrong = rng.random(len(labels)) < 0.3
    found = worst("class", labels, wrong)
    assert found == worst("class", labels[order], wrong[order])
    shares = [wrong[labels == name].mean() for name in np.unique(labels)]
    assert found.errors.share == pytest.approx(max(shares))
    assert found.errors.interval.low <= found.errors.share <= found.errors.interval.high
    assert found.errors.n + found.others.n == len(labels)


def test_the_worst_of_parts_with_few_customers_is_rarely_called_worse_by_chance():
    """Four systems, 25 customers with 8 records each, whose shares wrong differ: as if independent, one is called
    worse in .32 of runs and its interval holds 20 % in .60 (own simulation); nominal are .05 and .90.
    """
    rng, runs, claimed, covered = np.random.default_rng(6), 200, 0, 0
    labels, cluster = parts([200] * 4), np.repeat(np.arange(100), 8)
    for _ in range(runs):
        wrong = rng.random(800) < np.repeat(rng.beta(0.4, 1.6, 100), 8)
        found = worst("system", labels, wrong, cluster)
        claimed += found.is_worse
        covered += found.errors.interval.low <= 0.2 <= found.errors.interval.high
    assert claimed <= stats.binom.ppf(0.999, runs, 0.05)
    assert covered >= stats.binom.ppf(0.001, runs, LEVEL)


def test_parts_with_few_records_are_left_out():
    found = worst("day", parts([19, 200]), np.r_[np.ones(19, dtype=bool), np.zeros(200, dtype=bool)])
    assert (found.candidates, found.left_out, found.errors, found.is_worse) == (1, 1, None, False)
    assert narrative.tail_verdict(found).startswith("cannot tell")


@pytest.mark.parametrize(
    ("per_day", "of", "name"), [(25, "day", "2026-01-05"), (4, "week", "2026-01-05"), (1, "month", "2026-01-01")]
)
def test_periods_are_as_short_as_the_records_allow(tmp_path, per_day, of, name):
    """84 days from Monday 2026-01-05; the first ones are all wrong."""
    lines = []
    for day in range(84):
        moment = dt.date(2026, 1, 5) + dt.timedelta(days=day)
        said = "b" if day < {"day": 1, "week": 7, "month": 20}[of] else "a"
        lines += [f"K-{day}-{i},text {day} {i},a,{said},0.9,{moment}\n" for i in range(per_day)]
    lines += [f"B-{i},text b {i},b,b,0.9,\n" for i in range(5)]
    head = HEAD.strip() + ",day\n"
    result = evaluated_in(tmp_path, head + "".join(lines), columns={**COLUMNS, "time": "day"})
    tail = next(t for t in result.budget.tails if t.of not in ("system", "class"))
    assert (tail.of, tail.name, tail.is_worse) == (of, name, True)
    assert tail.errors.share == max(tail.errors.share, tail.others.share)


def test_without_dates_there_is_no_worst_period_and_a_rare_class_is_no_candidate(evaluated):
    tails = {t.of: t for t in evaluated(HEAD + rows(0, {("a", "a"): 60, ("b", "a"): 40, ("c", "a"): 3})).budget.tails}
    assert list(tails) == ["system", "month", "class"]
    assert tails["month"].errors is None
    assert (tails["class"].name, tails["class"].candidates) == ("b", 2)


def test_no_personal_data_enters_the_tails(evaluated):
    canary = "zoe.quill@canary.example"
    raw = HEAD + rows(0, {("a", "a"): 60, ("b", "a"): 40}) + "".join(f"9{i},t {i},{canary},a,.5\n" for i in range(60))
    assert "canary" not in repr(evaluated(raw).budget)


# --- chart and sentences ------------------------------------------------------------------------------------


def test_the_chart_draws_the_budget_and_each_kind_of_error(tmp_path):
    result = loaded(
        tmp_path, np.full(9, 1e6), floor={"accuracy": "90%"},
        error_cost={"default": "1 USD", "a -> b": "100 USD"},
    )  # fmt: skip
    made = figure_budget(result)
    assert made.layout.title.text == "170 % of the error budget is used: overdrawn"
    bars = next(t for t in made.data if t.type == "bar")
    assert list(bars.y) == ["a -&gt; b", OTHER_ERRORS]
    assert made.layout.shapes[0].x0 == pytest.approx(100_000)
    told = " ".join(narrative.budget_meaning(result))
    assert "The floor allows about 100,000 a month" in told
    assert "cost about $" in told
    assert "they are an estimate" in told


def test_without_load_prices_and_floor_the_chart_counts_in_10000(tmp_path):
    result = known_in(tmp_path)
    made = figure_budget(result)
    assert made.layout.title.text == "About 1,700 wrong answers in 10,000 cases"
    assert "in 10,000 cases" in made.layout.xaxis.title.text
    assert not made.layout.shapes
    assert "no planned load" in " ".join(narrative.budget_meaning(result))
    open_floor = figure_budget(known_in(tmp_path, floor={"accuracy": "83%"}))
    assert "cannot tell yet" in open_floor.layout.title.text


def test_a_part_that_is_worse_is_named(evaluated):
    raw = HEAD + rows(0, {("a", "a"): 300, ("a", "b"): 20, ("b", "b"): 30, ("b", "a"): 30})
    found = evaluated(raw).budget
    assert narrative.tails_meaning(found) == (
        "Worse than the others beyond chance: class 'b' (50 % wrong, 6.2 % elsewhere)."
    )
    nothing = replace(found, tails=tuple(replace(t, is_worse=False) for t in found.tails))
    assert narrative.tails_meaning(nothing).startswith("No class stands out: one of several")


# --- no drop where there is none ----------------------------------------------------------------------------


def test_two_halves_of_one_set_claim_no_drop_beyond_the_nominal_error():
    """200 runs over two random halves of 1,161 answers of which 876 are right: above zero in about 5 % of them."""
    rng = np.random.default_rng(11)
    right = np.arange(1161) < 876
    above = 0
    for _ in range(200):
        mixed = rng.permutation(right)
        above += newcombe(int(mixed[:580].sum()), 580, int(mixed[580:].sum()), 581).low > 0
    assert above <= stats.binom.ppf(0.999, 200, 0.05)


def test_the_budget_can_be_stored(tmp_path):
    from flightready.study.store import Store

    found = loaded(tmp_path, np.full(9, 1e6), floor={"accuracy": "90%"}, error_cost={"default": "1 USD"})
    Store(tmp_path / "store").put("evaluation-1", found)
    again = Store(tmp_path / "store").get("evaluation-1")
    assert (again.budget, again.contract, again.rule_checks) == (found.budget, found.contract, found.rule_checks)
    assert json.dumps(repr(again.budget)) == json.dumps(repr(found.budget))


def test_the_table_of_costs_has_a_month_where_a_load_is_planned(tmp_path):
    from types import SimpleNamespace

    from flightready.pages.evaluation import error_cost as page

    prices = {"error_cost": {"default": "1 USD", "a -> b": "100 USD"}}
    table = page(SimpleNamespace(evaluation=loaded(tmp_path, np.full(9, 1e6), **prices)))
    assert table.head[-2:] == ("Errors a month", "Cost a month")
    assert {len(row) for row in table.rows} == {6}
    assert {len(row) for row in page(SimpleNamespace(evaluation=known_in(tmp_path, **prices))).rows} == {4}
