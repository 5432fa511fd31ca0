"""Triage: the curve, the threshold and its guarantee, load, cost, and the finding on reviews."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, RANDOM, evaluated_in
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from flightready import policy
from flightready.evaluation.triage.result import Triage
from flightready.evaluation.triage.triage import proposed, review_replicates
from flightready.evaluation.triage.what_if import costs, kept_at, load_at, tried_triage
from flightready.evidence import Grade, State
from flightready.intervals import wilson
from flightready.study import open_study
from flightready.study.store import Store

LEVELS = {0.95: (98, 2), 0.8: (90, 10), 0.6: (70, 30), 0.4: (40, 60)}
"""Right and wrong answers at each confidence: 298 of 400 right."""


def table(levels=LEVELS, extra=""):
    """Raw records with so many right and wrong answers at each confidence."""
    lines, k = [], 0
    for confidence, (right, wrong) in levels.items():
        for i in range(right + wrong):
            truth = "ab"[k % 2]
            lines.append(f"K-{k},text {k},{truth},{truth if i < right else 'c'},{confidence}\n")
            k += 1
    return HEAD + "".join(lines) + extra


@pytest.fixture
def triaged(tmp_path):
    """Function that returns the triage of the records above."""

    def make(**evaluation) -> Triage:
        return evaluated_in(tmp_path, table(), **evaluation).triage

    return make


def study(folder, raw=None, **spec):
    """A study of a pilot with a planned load."""
    evaluation = spec.pop("evaluation", {})
    about = {"name": "Pilot", "evaluation": evaluation, "data": {"columns": COLUMNS, "production": "raw.csv",
             "sampling": RANDOM}} | spec  # fmt: skip
    (folder / "raw.csv").write_text(table() if raw is None else raw)
    (folder / "assessment.yaml").write_text(json.dumps(about))
    return open_study(folder, as_of=dt.date(2026, 3, 1), store=Store(folder / "store"))


def capacity(studied):
    return next(f for f in getattr(studied, "evaluation", studied).findings if f.id == "evaluation.review_capacity")


CERTAIN = {"users_per_day": 1000, "requests_per_user": 1}


def test_the_curve_by_hand(triaged):
    found = triaged()
    assert found.thresholds.tolist() == [0.0, 0.4, 0.6, 0.8, 0.95, np.nextafter(1, 2)]
    assert found.kept.tolist() == [400, 400, 300, 200, 100, 0]
    assert found.right.tolist() == [298, 298, 258, 188, 98, 0]
    kept = kept_at(found, 0.6)
    assert (kept.right.right, kept.right.n, kept.reviewed.hits) == (258, 300, 100)
    assert kept.right.interval.low == pytest.approx(wilson(258, 300).low)
    assert kept_at(found, 0.61).threshold == 0.8


def test_the_threshold_is_the_lowest_whose_exact_test_holds(triaged):
    """Four starts share 10 %: 188 of 200 against 85 % (p 1e-5) holds, 258 of 300 (p .35) does not."""
    found = triaged(floor={"accuracy": "85%"})
    assert found.proposed == 0.8
    assert stats.binom.sf(187, 200, 0.85) < 0.025 < stats.binom.sf(257, 300, 0.85)
    assert triaged(floor={"accuracy": "65%"}).proposed == 0.0
    assert triaged(floor={"accuracy": "99.5%"}).proposed is None
    assert triaged().proposed is None


def simulated(rng, n, thresholds):
    """Right with the chance (1 + confidence) / 2: of those above t, (3 + t) / 4 are right."""
    said = rng.random(n)
    right = rng.random(n) < (1 + said) / 2
    place = np.searchsorted(thresholds, said, side="right") - 1
    above = [
        np.cumsum(np.bincount(place, weights=w, minlength=thresholds.size)[::-1])[::-1] for w in (said >= 0, right)
    ]
    return above[0].astype(int), above[1].astype(int)


def test_the_chosen_threshold_meets_the_floor_nine_times_in_ten():
    """Floor 85 %: every threshold from .4 on meets it in truth. Aim: at most 10 % of choices lie below (2,000 runs)."""
    rng, thresholds = np.random.default_rng(21), np.append(np.linspace(0, 0.99, 100), 1.1)
    chosen = []
    for _ in range(2000):
        kept, right = simulated(rng, 500, thresholds)
        chosen.append(proposed(thresholds, kept, right, kept.astype(float), floor=0.85))
    found = np.array([np.nan if c is None else c for c in chosen])
    assert np.mean(found < 0.4 - 1e-9) <= 0.1
    assert np.mean(~np.isnan(found)) > 0.8  # it does not keep safe by choosing nothing
    assert np.nanmedian(found) < 0.75


def test_a_useless_confidence_gives_no_threshold():
    """75 % right at any confidence, floor 85 %: a threshold is proposed in at most 10 % of 500 runs."""
    rng, thresholds = np.random.default_rng(22), np.append(np.linspace(0, 0.99, 100), 1.1)
    count = 0
    for _ in range(500):
        place = rng.integers(0, 100, 500)
        right = rng.random(500) < 0.75
        kept = np.cumsum(np.bincount(place, minlength=101)[::-1])[::-1]
        good = np.cumsum(np.bincount(place, weights=right, minlength=101)[::-1])[::-1]
        count += proposed(thresholds, kept, good.astype(int), kept.astype(float), floor=0.85) is not None
    assert count <= 50


def test_records_that_belong_together_are_worth_less():
    kept, right = np.array([400, 200, 0]), np.array([352, 190, 0])
    args = (np.array([0.0, 0.5, 1.1]), kept, right)
    assert proposed(*args, kept.astype(float), floor=0.85) == 0.5
    assert proposed(*args, kept / 5, floor=0.85) is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12),
       st.floats(0.5, 0.99), st.floats(0.001, 0.4))  # fmt: skip
def test_a_higher_floor_never_lowers_the_threshold(cells, floor, more):
    kept = np.cumsum([r + w for r, w in cells][::-1])[::-1]
    right = np.cumsum([r for r, _ in cells][::-1])[::-1]
    thresholds = np.linspace(0, 1, kept.size)
    low = proposed(thresholds, kept, right, kept.astype(float), floor=floor)
    high = proposed(thresholds, kept, right, kept.astype(float), floor=min(1.0, floor + more))
    assert high is None or low is not None


def test_without_a_confidence_or_an_answer_a_person_decides(tmp_path):
    extra = "X-1,one,a,a,\nX-2,two,b,b,\nX-3,three,a,,0.99\n"
    found = evaluated_in(tmp_path, table(extra=extra)).triage
    assert (found.n, found.unsure, found.right_of_all) == (403, 3, 300)
    assert found.kept[0] == 400 and kept_at(found, 0.0).reviewed.hits == 3


def test_reviews_a_day_are_share_times_load(tmp_path):
    """1,000 requests a day, 200 of 400 below .8: the load is that of the Jeffreys Beta(200.5, 200.5)."""
    found = study(tmp_path, workload=CERTAIN).evaluation.triage
    load = load_at(found, 0.8, 500.0)
    beta = stats.beta(200.5, 200.5)
    assert load.median == pytest.approx(1000 * beta.median(), rel=1e-3)
    assert load.interval.low == pytest.approx(1000 * beta.ppf(0.05), rel=5e-3)
    assert load.interval.high == pytest.approx(1000 * beta.ppf(0.95), rel=5e-3)
    assert load.chance_over == pytest.approx(0.5, abs=0.01)
    none, every = load_at(found, 0.0, 1.0), load_at(found, 1.5, 1.0)
    assert (none.median, none.chance_over) == (0.0, 0.0)
    assert (every.median, every.chance_over) == (pytest.approx(1000), 1.0)


@pytest.mark.parametrize(
    ("review", "state", "told"),
    [
        ({"capacity_per_day": 600}, State.PASS, "all of that is within the 600"),
        ({"capacity_per_day": 500}, State.UNKNOWN, "cannot tell yet whether that is within the 500"),
        ({"capacity_per_day": 300}, State.FAIL, "all of that is more than the 300"),
        ({"capacity_per_day": "300 to 800"}, State.UNKNOWN, "cannot tell yet whether that is within the 300 to 800"),
        ({"capacity_per_day": 300, "threshold": 0.6}, State.PASS, "Below the stated confidence of 0.6, 25 %"),
        ({}, State.UNKNOWN, "how many reviews people can do in a day is not stated"),
        ({"threshold": "90%"}, State.UNKNOWN, "Below the stated confidence of 0.9, 75 % of answers go to people"),
    ],
)
def test_reviews_against_what_people_can_do(tmp_path, review, state, told):
    """Half of the answers go to people at the proposed threshold, a quarter below .6."""
    found = capacity(study(tmp_path, workload=CERTAIN, evaluation={"floor": {"accuracy": "85%"}, "review": review}))
    assert found.state is state
    assert told in found.sentence
    assert (found.questions, found.gaps, found.grade) == (("E6",), ("G6",), Grade.MEASURED)
    assert bool(found.decides) == (state is State.UNKNOWN)


@pytest.mark.parametrize(
    ("spec", "told", "decides"),
    [
        ({}, "the planned load and how many reviews", "workload.users_per_day and evaluation.review.capacity_per_day"),
        ({"workload": {"users_per_day": 1000}, "capacity": 10**7}, "how many requests a user makes is assumed",
         "workload.requests_per_user"),
        ({"workload": CERTAIN, "capacity": 600, "data": {"columns": COLUMNS, "production": "raw.csv"}},
         "how the raw records were drawn is not said", "200 or more random raw records"),
        ({"workload": CERTAIN, "capacity": 600, "floor": "99.9%"}, "every answer would go to people", "right answers from wrong ones"),
        ({"workload": CERTAIN, "capacity": 600, "floor": None}, "No confidence is stated below which", "review.threshold"),
    ],
)  # fmt: skip
def test_what_keeps_reviews_from_being_judged(tmp_path, spec, told, decides):
    floor, allowed = spec.pop("floor", "85%"), spec.pop("capacity", None)
    evaluation = {
        "floor": {"accuracy": floor} if floor else {},
        "review": {"capacity_per_day": allowed} if allowed else {},
    }
    found = capacity(study(tmp_path, evaluation=evaluation, **spec))
    assert found.state is State.UNKNOWN and told in found.sentence and decides in found.decides


def test_no_confidence_and_no_labels_say_which(tmp_path):
    def told(result):
        return next(f.sentence for f in result.findings if f.id == "evaluation.review_capacity")

    columns = {k: v for k, v in COLUMNS.items() if k != "confidence"}
    found = evaluated_in(tmp_path, table(), columns=columns)
    assert "carry no confidence" in told(found) and found.triage is None
    nothing = evaluated_in(tmp_path)
    assert "there are no raw records" in told(nothing) and nothing.review_share_replicates is None


def test_cost_by_hand(triaged):
    """At .8: 12 kept errors of 5, 200 reviews of 1, and 5 % of these decided wrongly at 5, in 400 cases."""
    found = triaged(error_cost={"default": "5 USD"}, review={"cost": "1 USD"})
    assert (found.error_cost, found.review_cost, found.review_cost_is_assumed) == (pytest.approx(5), 1.0, False)
    priced = costs(found, error_cost=5.0, review_cost=1.0)
    wrongly = 1 - policy.value("reviewer_accuracy")
    at = found.thresholds.tolist().index(0.8)
    assert priced.per_10000[at] == pytest.approx(10_000 * (12 * 5 + 200 * (1 + wrongly * 5)) / 400)
    # a level pays for review while its wrong answers cost more than 1.25: at .4 3.00, at .6 1.50, at .8 .50
    assert priced.cheapest == 0.8
    assert priced.cheapest_interval.low <= 0.8 <= priced.cheapest_interval.high
    assert np.all(priced.low <= priced.per_10000 + 1e-9) and np.all(priced.per_10000 <= priced.high + 1e-9)


def test_the_cheapest_threshold_is_the_one_of_theory(tmp_path):
    """Right with the chance c: review pays below c = .95 - 1/10 = .85 when errors cost 10 and reviews 1."""
    rng = np.random.default_rng(23)
    said = rng.uniform(0.5, 1, 6000)
    raw = HEAD + "".join(
        f"K-{i},text {i},a,{'a' if r else 'b'},{c:.4f}\n"
        for i, (c, r) in enumerate(zip(said, rng.random(6000) < said, strict=True))
    )
    found = evaluated_in(tmp_path, raw, error_cost={"default": "10 USD"}, review={"cost": "1 USD"}).triage
    priced = costs(found, error_cost=10.0, review_cost=1.0)
    assert priced.cheapest == pytest.approx(0.85, abs=0.06)
    assert priced.cheapest_interval.low <= 0.85 <= priced.cheapest_interval.high


def test_dear_reviews_are_left_and_dear_errors_reviewed(triaged):
    found = triaged()
    assert costs(found, error_cost=1.0, review_cost=100.0).cheapest == 0.0
    assert costs(found, error_cost=1000.0, review_cost=0.01).cheapest >= 0.95


def test_a_what_if_reads_the_stored_points(triaged):
    found = triaged()
    tried = tried_triage(found, threshold=0.7, capacity_per_day=10.0, error_cost=5.0, review_cost=1.0)
    assert (tried.kept.threshold, tried.load) == (0.8, None)
    assert tried.right_in_all == pytest.approx((188 + 200 * policy.value("reviewer_accuracy")) / 400)
    assert tried.cost_here == pytest.approx(costs(found, error_cost=5.0, review_cost=1.0).per_10000[3])
    assert tried_triage(found, threshold=0.7, capacity_per_day=None, error_cost=0.0, review_cost=0.0).costs is None


def test_replicates_have_their_shares_and_the_order_of_accuracy(triaged):
    """Below .8: 200 of 400 reviewed, 188 of 200 right among the others; means of the Dirichlet with a quarter each."""
    found = triaged(review={"threshold": 0.8})
    reviewed, automated = review_replicates(found, 0.8, np.random.default_rng(0))
    assert reviewed.shape == automated.shape == (policy.value("accuracy_replicates"),)
    assert reviewed.mean() == pytest.approx(200.5 / 401, abs=3 * 0.025 / 32)
    assert automated.mean() == pytest.approx(188.25 / 200.5, abs=3 * 0.017 / 32)
    # the accuracy over all rises along the replicates, and that of the kept half moves with it
    half = len(automated) // 2
    assert automated[half:].mean() > automated[:half].mean()


def test_only_a_threshold_in_force_joins_the_joint_sample(tmp_path):
    evaluation = {"floor": {"accuracy": "85%"}}
    assert evaluated_in(tmp_path, table(), **evaluation).review_share_replicates is None
    stated = evaluated_in(tmp_path, table(), review={"threshold": 0.8}, **evaluation)
    assert stated.automated_accuracy_replicates.mean() > stated.raw_accuracy_replicates.mean()


def test_a_stated_threshold_replaces_the_estimate_in_the_value(tmp_path):
    spec = {
        "workload": CERTAIN,
        "roi": {"benefit_per_case": "1 USD", "estimates": {"review_share": "1% to 2%"}},
        "evaluation": {"review": {"threshold": 0.8}},
    }
    row = next(r for r in study(tmp_path, **spec).roi.inputs if r.key == "review_share")
    assert (row.grade, row.source) == (Grade.MEASURED, "evaluation")
    assert row.low < 0.5 < row.high


def test_a_stored_result_is_the_same_again(tmp_path):
    first = study(tmp_path, workload=CERTAIN, evaluation={"review": {"threshold": 0.8}}).evaluation
    store = Store(tmp_path / "other")
    store.put("x", first)
    again = store.get("x")
    assert again.calibration == first.calibration
    assert np.array_equal(again.triage.wrong_replicates, first.triage.wrong_replicates)
    assert np.array_equal(again.review_share_replicates, first.review_share_replicates)


def test_the_mix_of_errors_is_drawn_as_it_was_counted(tmp_path):
    """102 errors, 60 of them b -> c: shares of a Dirichlet with the counted kinds and a quarter each."""
    raw = HEAD + "".join(f"K-{i},text {i},{'b' if i < 60 else 'a'},c,0.5\n" for i in range(102))
    raw += "".join(f"R-{i},word {i},c,c,0.9\n" for i in range(100))
    priced = evaluated_in(tmp_path, raw, error_cost={"default": "1 USD", "b -> c": "10 USD"}).error_cost
    place = [k.kind for k in priced.kinds].index("b -> c")
    assert priced.mix.sum(axis=1) == pytest.approx(np.ones(len(priced.mix)))
    beta = stats.beta(60.25, 42.25)
    assert np.quantile(priced.mix[:, place], [0.05, 0.95]) == pytest.approx(beta.ppf([0.05, 0.95]), abs=0.01)
    assert priced.of_one == pytest.approx(1 + 9 * 60 / 102, rel=0.02)


def test_a_range_of_capacities_is_an_interval(tmp_path):
    found = study(tmp_path, evaluation={"review": {"capacity_per_day": "300 to 800"}}).evaluation.triage
    assert (found.capacity_per_day.low, found.capacity_per_day.high) == (pytest.approx(300), pytest.approx(800))
