"""The alarm on quality: known sums, an exact false-alarm rate, falls that are seen, and a changing mix that rings nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.evaluation.release.change_detection import (
    Stream,
    alarm_line,
    evidence,
    first_alarms,
    shuffled,
    usual_error,
    weights,
)


def one_stratum(right) -> Stream:
    right = np.asarray(right, dtype=bool)
    return Stream(right, np.zeros(len(right), dtype=int), len(right) // 2)


def by_hand(right, error, fall):
    """Page's recursion, one record after another."""
    s, found = 0.0, []
    for r, p in zip(right, error, strict=True):
        q = min(p + fall, (1 + p) / 2)
        s = max(0.0, s + (np.log((1 - q) / (1 - p)) if r else np.log(q / p)))
        found.append(s)
    return found


@settings(max_examples=40)
@given(st.lists(st.booleans(), min_size=4, max_size=60), st.floats(0.01, 0.5))
def test_the_evidence_is_pages_recursion_over_the_watched_records(right, fall):
    stream = one_stratum(right)
    k = stream.taught
    found = evidence(stream, stream.right, fall)
    error = usual_error(stream, stream.right)[k:]
    assert np.allclose(found[k:], by_hand(right[k:], error, fall), atol=1e-9)
    assert (found[:k] == 0).all() and (found >= 0).all()


def test_more_wrong_answers_never_lower_the_evidence():
    stream = one_stratum(np.arange(200) % 10 > 0)
    worse = stream.right.copy()
    worse[150:160] = False
    assert (evidence(stream, worse, 0.1) >= evidence(stream, stream.right, 0.1) - 1e-12).all()


def test_a_stratum_that_nothing_taught_takes_the_share_of_all():
    """9 wrong of 100 that teach: (9 + .5) / 101 for a stratum of none, and the same shrunk for one of all."""
    right = np.array([i % 11 > 0 for i in range(99)] + [True] * 101)
    stream = Stream(right, np.repeat([0, 1], [100, 100]), 100)
    assert usual_error(stream, right)[150] == pytest.approx(9.5 / 101)


def test_an_answer_adds_what_it_says():
    """From 10 % to 20 % wrong: log(.8/.9) and log 2; a fall never goes beyond what is left."""
    right, wrong = weights(np.array([0.1, 0.9]), 0.1)
    assert right[0] == pytest.approx(np.log(0.8 / 0.9)) and wrong[0] == pytest.approx(np.log(2))
    assert np.isfinite(right[1]) and wrong[1] == pytest.approx(np.log(0.95 / 0.9))


def test_a_replay_keeps_each_stratum_and_its_mix():
    drawn = np.random.default_rng(1)
    stream = Stream(drawn.random(300) < 0.8, (np.arange(300) > 200).astype(int), 150)
    replays = shuffled(stream, 20, drawn)
    for s in (0, 1):
        mine = stream.stratum == s
        assert (replays[:, mine].sum(axis=1) == stream.right[mine].sum()).all()


def rings(make, runs: int, seed: int, fall: float = 0.05) -> float:
    drawn, rang = np.random.default_rng(seed), 0
    for _ in range(runs):
        stream = make(drawn)
        line = alarm_line(stream, fall, 99, 0.05, drawn)
        rang += (evidence(stream, stream.right, fall) > line).any()
    return rang / runs


def bernoulli(drawn, n=300):
    return one_stratum(drawn.random(n) < 0.85)


def harder_over_time(drawn, n=600, *, is_known=True):
    """The share of the harder of two systems rises from 20 % to 80 %; neither changes."""
    second = drawn.random(n) < 0.2 + 0.6 * np.arange(n) / n
    right = drawn.random(n) < np.where(second, 0.75, 0.92)
    return Stream(right, (second & is_known).astype(int), n // 2)


def test_unchanged_quality_rings_in_one_of_twenty():
    """Simulation, 600 runs, expected 5 % by exchangeability; two and a half standard errors are 2.2 points."""
    assert rings(bernoulli, 600, 1) == pytest.approx(0.05, abs=0.023)


def test_a_changing_mix_of_systems_rings_nothing_where_systems_are_known():
    assert rings(harder_over_time, 300, 2) < 0.09
    assert rings(lambda d: harder_over_time(d, is_known=False), 100, 2) > 0.2


def test_a_fall_is_seen_nearly_as_often_as_by_the_best_test():
    """From 85 % to 75 % between two halves of 200: a two-sample test that knows the place has power .80."""

    def fallen(drawn, n=400):
        return one_stratum(drawn.random(n) < np.where(np.arange(n) < n // 2, 0.85, 0.75))

    assert 0.6 < rings(fallen, 200, 4, fall=0.10) < 0.85


def test_a_larger_fall_rings_sooner():
    drawn = np.random.default_rng(5)
    stream = bernoulli(drawn, 1000)
    delays = []
    for fall in (0.05, 0.1, 0.2):
        line = alarm_line(stream, fall, 199, 0.05, drawn)
        rang = first_alarms(stream, fall, line, 200, drawn, injected_at=stream.taught)
        delays.append(np.median(rang) - stream.taught)
    assert delays[0] > delays[1] > delays[2] > 0


def test_few_clean_replays_ring():
    drawn = np.random.default_rng(6)
    stream = bernoulli(drawn, 500)
    line = alarm_line(stream, 0.1, 999, 0.05, drawn)
    assert (first_alarms(stream, 0.1, line, 999, drawn, injected_at=None) < 500).mean() < 0.075
