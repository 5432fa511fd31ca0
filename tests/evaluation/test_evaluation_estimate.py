"""Accuracy without labels: right where its assumption holds, wrong where it fails, and always said to be an estimate."""

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, RANDOM, evaluated_in, rows

from flightready import policy
from flightready.assessment import load
from flightready.draws import generator
from flightready.evaluation.labels.estimate import estimated
from flightready.evidence import Grade, State
from flightready.narrative.evaluation_labels import ASSUMPTION, estimate_sentence
from flightready.study import open_study


@pytest.fixture
def few_replicates(monkeypatch):
    known = policy.value
    monkeypatch.setattr(policy, "value", lambda key: 300 if key == "estimate_replicates" else known(key))


def honest(confidence):
    """How often an answer of a confidence is right: too sure of itself, and the same on both sides."""
    return 0.25 + 0.7 * confidence**2


def sides(rng, n_demo=400, n_raw=800, *, dishonest=0.0):
    demo, raw = np.round(rng.beta(6, 1.5, n_demo), 2), np.round(rng.beta(2.5, 1.5, n_raw), 2)
    right = rng.random(n_demo) < honest(demo)
    return demo, right, raw, float(np.mean(honest(raw)) - dishonest)


def test_it_covers_where_the_pilot_is_as_honest_on_raw_records(few_replicates):
    rng, runs = generator(1, "estimate"), 200
    held, error = 0, []
    for _ in range(runs):
        demo, right, raw, truth = sides(rng)
        found = estimated(demo, right, raw, rng=rng).calibrated
        held += found.interval.low <= truth <= found.interval.high
        error.append(found.value - truth)
    assert 0.84 <= held / runs <= 0.96
    assert abs(np.mean(error)) < 0.02  # the curve is not logistic; what that costs is little


def test_it_fails_where_the_pilot_is_less_honest_on_raw_records_and_by_so_much(few_replicates):
    rng, runs = generator(2, "estimate"), 40
    held, error = 0, []
    for _ in range(runs):
        demo, right, raw, truth = sides(rng, dishonest=0.12)
        found = estimated(demo, right, raw, rng=rng).calibrated
        held += found.interval.low <= truth <= found.interval.high
        error.append(found.value - truth)
    assert held / runs < 0.3
    assert np.mean(error) == pytest.approx(0.12, abs=0.02)


def test_the_two_published_ways_by_hand():
    """Demo: .9 right in 3 of 4, .5 right in 1 of 2; raw confidences .5, .5, .9, .9 and .7."""
    said = np.array([0.9, 0.9, 0.9, 0.9, 0.5, 0.5])
    right = np.array([True, True, True, False, True, False])
    found = estimated(said, right, np.array([0.5, 0.5, 0.9, 0.9, 0.7]), rng=generator(0, "x"))
    # Guillory et al. 2021: 4/6 less the fall in mean confidence, 4.6/6 - 3.5/5
    assert found.difference.value == pytest.approx(4 / 6 - (4.6 / 6 - 3.5 / 5))
    # Garg et al. 2022: 2 of 6 demo answers are wrong and 2 lie at .5, so the threshold is there; 3 of 5 are above
    assert found.threshold.value == pytest.approx(3 / 5)
    assert (found.n_raw, found.n_curated, found.demo_accuracy) == (5, 6, pytest.approx(4 / 6))


def test_the_same_confidences_give_the_accuracy_of_the_demo():
    rng = generator(4, "same")
    said = rng.uniform(0.4, 1, 500)
    right = rng.random(500) < said
    found = estimated(said, right, said, rng=rng)
    for one in (found.calibrated, found.difference, found.threshold):
        assert one.value == pytest.approx(right.mean(), abs=0.004)


@pytest.mark.parametrize("all_right", [True, False])
def test_a_demo_without_an_error_or_without_a_hit_stays_finite(all_right):
    said = generator(5, "all").uniform(0.5, 1, 200)
    found = estimated(said, np.full(200, all_right), said / 2, rng=generator(6, "all"))
    for one in (found.calibrated, found.difference, found.threshold):
        assert 0 <= one.interval.low <= one.value <= one.interval.high <= 1


def test_on_the_sample_it_is_far_too_high_and_says_so(support_triage):
    """Its labels say 75.5 %; confidence, which the raw defects do not shake, says 14 points more."""
    result = open_study(support_triage).evaluation
    found = result.estimate
    assert found.calibrated.value == pytest.approx(0.896, abs=0.01)
    assert found.measured == pytest.approx(result.raw.share)
    assert 0.10 < found.off_interval.low < found.off_by < found.off_interval.high < 0.18
    assert "points too high" in estimate_sentence(result)


def unlabelled(folder, **evaluation):
    demo = HEAD + rows(0, {("a", "a"): 90, ("a", "b"): 10}, 0.9) + rows(200, {("b", "b"): 40, ("b", "a"): 40}, 0.6)
    raw = HEAD + rows(1000, {("", "a"): 150}, 0.9) + rows(2000, {("", "b"): 150}, 0.6)
    return evaluated_in(folder, raw, demo, **evaluation)


def test_without_labels_it_is_an_estimate_that_passes_no_rule(tmp_path):
    result = unlabelled(tmp_path, floor={"accuracy": "50%"})
    assert result.raw is None and result.estimate.calibrated.value == pytest.approx(0.70, abs=0.02)
    told = estimate_sentence(result)
    assert told.startswith("ESTIMATED, not measured") and ASSUMPTION in told and "No rule passes on this" in told
    judged = {f.id: f.state for f in result.findings}
    assert judged["evaluation.raw_accuracy"] is judged["evaluation.drop"] is State.UNKNOWN
    assert result.raw_accuracy_replicates is None and result.grade is Grade.ASSUMED
    assert result.label_value.prior.origin == "estimated"


def test_without_confidences_there_is_none(tmp_path):
    columns = {k: v for k, v in COLUMNS.items() if k != "confidence"}
    demo, raw = HEAD + rows(0, {("a", "a"): 90, ("b", "b"): 60}), HEAD + rows(1000, {("", "a"): 90, ("", "b"): 60})
    result = evaluated_in(tmp_path, raw, demo, columns)
    assert result.estimate is None and "takes a confidence on both sides" in estimate_sentence(result)
    assert load(tmp_path).spec.data.sampling.method == RANDOM["method"]
