"""Confidence against the share right: known answers, simulation, and an independent statistic."""

from __future__ import annotations

from functools import partial
from math import sqrt

import numpy as np
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from flightready.evaluation.triage.calibration import _groups, _squared_error, calibrated, spiegelhalter
from flightready.evaluation.triage.reweighting import reweighted


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def drawn(rng, n, too_sure=0.0):
    """Confidences, and answers that are right by that much less often than they say."""
    said = rng.beta(6, 2, n)
    return said, rng.random(n) < np.clip(said - too_sure, 0, 1)


def test_one_group_by_hand():
    """400 answers of confidence .9, 320 right: (.9 - .8)^2 less what chance adds, .8 * .2 / 399 (Kumar et al. 2019)."""
    found = calibrated(np.full(400, 0.9), np.arange(400) < 320, np.arange(400), np.random.default_rng(0))
    assert found.error == pytest.approx(sqrt(0.01 - 0.16 / 399))
    assert (found.gap, len(found.bins)) == (pytest.approx(0.1), 1)
    assert found.brier == pytest.approx(0.8 * 0.01 + 0.2 * 0.81)
    assert found.log_loss == pytest.approx(-0.8 * np.log(0.9) - 0.2 * np.log(0.1))
    assert found.bins[0].right.interval.low == pytest.approx(0.7651, abs=1e-4)  # Wilson 90 % of 320 in 400
    assert found.auroc == pytest.approx(0.5)


def test_the_error_of_a_just_right_confidence_reaches_zero():
    """Aim: in at least 90 of 100 runs the interval's low end is 0; and the gap's interval holds 0 in about 90."""
    rng = np.random.default_rng(11)
    found = [calibrated(*drawn(rng, 300), np.arange(300), rng) for _ in range(100)]
    assert np.mean([f.error_interval.low == 0 for f in found]) >= 0.9
    assert 0.82 <= np.mean([f.gap_interval.low <= 0 <= f.gap_interval.high for f in found]) <= 0.97


def test_the_interval_holds_a_known_error():
    """All answers right by .15 less than said: the root mean square is .15 whatever the groups."""
    rng = np.random.default_rng(12)
    found = [calibrated(*drawn(rng, 600, 0.15), np.arange(600), rng) for _ in range(60)]
    assert np.mean([f.error_interval.low <= 0.15 <= f.error_interval.high for f in found]) >= 0.83
    assert np.mean([f.is_off for f in found]) >= 0.95


def test_chance_is_taken_off_on_average():
    """Over 400 runs of a just right confidence the plain squared error is above zero, the corrected one is not."""
    rng = np.random.default_rng(13)
    plain, corrected = [], []
    for _ in range(400):
        said, right = drawn(rng, 300)
        squared, chance = _squared_error(said - right, _groups(said), np.arange(300))
        plain.append(squared)
        corrected.append(squared - chance)
    assert np.mean(plain) > 0.003
    assert abs(np.mean(corrected)) < 3 * np.std(corrected) / sqrt(400) + 2e-4


def test_the_chance_of_a_right_answer_above_a_wrong_one_is_mann_and_whitneys():
    rng = np.random.default_rng(14)
    said, right = drawn(rng, 500)
    said = said.round(2)  # with ties
    found = calibrated(said, right, np.arange(500), rng)
    u = stats.mannwhitneyu(said[right], said[~right]).statistic
    assert found.auroc == pytest.approx(u / (right.sum() * (~right).sum()))
    assert found.auroc_interval.low < found.auroc < found.auroc_interval.high
    assert found.tells


def test_a_confidence_by_chance_tells_nothing():
    rng = np.random.default_rng(15)
    found = [calibrated(rng.random(300), rng.random(300) < 0.7, np.arange(300), rng) for _ in range(40)]
    assert np.mean([f.tells for f in found]) <= 0.15  # 5 % expected


def test_spiegelhalter_is_standard_normal_when_just_right():
    rng = np.random.default_rng(16)
    z = [spiegelhalter(*drawn(rng, 300)) for _ in range(500)]
    assert stats.kstest(z, "norm").pvalue > 0.01
    assert spiegelhalter(np.full(10, 0.5), np.ones(10, dtype=bool)) is None


def test_records_of_one_entity_count_once():
    """Each record five times over: the same error, and intervals as wide as without the copies."""
    rng = np.random.default_rng(17)
    said, right = drawn(rng, 200, 0.1)
    once = calibrated(said, right, np.arange(200), np.random.default_rng(1))
    again = calibrated(*(np.repeat(v, 5) for v in (said, right, np.arange(200))), np.random.default_rng(1))
    as_if = calibrated(np.repeat(said, 5), np.repeat(right, 5), np.arange(1000), np.random.default_rng(1))

    def width(interval):
        return interval.high - interval.low

    assert width(again.gap_interval) == pytest.approx(width(once.gap_interval), rel=0.05)
    assert width(again.auroc_interval) == pytest.approx(width(once.auroc_interval), rel=0.05)
    assert width(as_if.gap_interval) < 0.6 * width(again.gap_interval)


def test_all_right_leaves_nothing_to_tell_apart():
    found = calibrated(np.linspace(0.5, 1, 50), np.ones(50, dtype=bool), np.arange(50), np.random.default_rng(0))
    assert found.auroc is None and found.auroc_interval is None and not found.tells


@given(st.lists(st.sampled_from([0.1, 0.4, 0.5, 0.9, 0.95]), min_size=1, max_size=120))
def test_equal_confidences_are_never_parted(said):
    said = np.array(said)
    group = _groups(said)
    assert all(len(set(group[said == value])) == 1 for value in set(said))
    assert np.array_equal(np.argsort(said, kind="stable"), np.lexsort((np.arange(said.size), said, group)))
    assert set(group) == set(range(group.max() + 1))


def test_weights_of_one_entity_are_one():
    weights = np.array(list(reweighted(np.array([3, 3, 8, 9]), 2000, np.random.default_rng(0))))
    assert np.array_equal(weights[:, 0], weights[:, 1])
    assert weights.mean(axis=1) == pytest.approx(np.ones(2000))
    assert np.all(weights > 0)


def test_sides_without_confidence_are_none(evaluated):
    raw = HEAD + rows(0, {("a", "a"): 60, ("b", "b"): 30})
    columns = {k: v for k, v in COLUMNS.items() if k != "confidence"}
    assert evaluated(raw, columns=columns).calibration is None
    result = evaluated(raw)
    assert result.calibration.curated is None and result.calibration.raw.n == 90


def test_the_same_input_gives_the_same_figures(evaluated):
    raw = HEAD + "".join(f"K-{i},text {i},a,{'a' if i % 4 else 'b'},{0.5 + i / 500}\n" for i in range(200))
    assert evaluated(raw).calibration == evaluated(raw).calibration
