"""Metrics of both sides against scikit-learn, closed forms and simulation."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from evaluation_samples import COLUMNS, HEAD, evaluated_in, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from flightready.assessment import load
from flightready.evaluation.metrics.classes import class_metrics
from flightready.evaluation.metrics.numbers import mean_intervals, median_interval
from flightready.evaluation.scored_sample import scored_sample
from flightready.evaluation.scoring import Scored
from flightready.intervals import wilson
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample
from flightready.study.store import Store

NUMBERS = {"id": "id", "label": "true", "prediction": "said"}
COUNTS = {("a", "a"): 60, ("a", "b"): 9, ("b", "b"): 40, ("b", "a"): 6, ("b", "c"): 4, ("c", "c"): 12, ("c", "a"): 8}


@pytest.fixture
def evaluated(tmp_path):
    """Function that evaluates a pilot given its files and the section `evaluation`."""
    return partial(evaluated_in, tmp_path)


def listed(counts):
    pairs = [p for p, n in counts.items() for _ in range(n)]
    return [t for t, _ in pairs], [s for _, s in pairs]


def scored_in(folder, raw: str) -> Scored:
    """The scored raw records of a pilot, without the rest of its evaluation."""
    (folder / "raw.csv").write_text(raw)
    spec = {"name": "Pilot", "data": {"production": "raw.csv", "columns": COLUMNS}}
    (folder / "assessment.yaml").write_text(json.dumps(spec))
    pilot = load(folder)
    return scored_sample(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1))).raw


def values(found) -> dict:
    return {(m.name, m.of): m.value for m in found}


def numbered(true, said) -> str:
    return "id,true,said\n" + "".join(
        f"N-{i},{t:.6f},{s:.6f}\n" for i, (t, s) in enumerate(zip(true, said, strict=True))
    )


def test_class_metrics_are_those_of_scikit_learn(evaluated):
    truth, said = listed(COUNTS)
    found = values(evaluated(HEAD + rows(0, COUNTS)).metrics.raw)
    assert found["accuracy", ""] == pytest.approx(metrics.accuracy_score(truth, said))
    assert found["balanced accuracy", ""] == pytest.approx(metrics.balanced_accuracy_score(truth, said))
    assert found["macro F1", ""] == pytest.approx(metrics.f1_score(truth, said, average="macro"))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, said, labels=["a", "b", "c"])
    for place, name in enumerate("abc"):
        assert found["precision", name] == pytest.approx(precision[place])
        assert found["recall", name] == pytest.approx(recall[place])
        assert found["F1", name] == pytest.approx(f1[place])


def test_an_answer_that_is_no_class_is_wrong_but_no_class(evaluated):
    """Right answers a and b only: the mean over classes is over two, not three or four."""
    found = values(
        evaluated(HEAD + rows(0, {("a", "a"): 40, ("a", "z"): 10, ("b", "b"): 30, ("b", ""): 10})).metrics.raw
    )
    assert found["balanced accuracy", ""] == pytest.approx((0.8 + 0.75) / 2)
    assert found["macro F1", ""] == pytest.approx((2 * 40 / (50 + 40) + 2 * 30 / (40 + 30)) / 2)
    assert {of for _, of in found} == {"", "a", "b"}


def test_precision_and_recall_carry_wilsons_interval(evaluated):
    found = {(m.name, m.of): m for m in evaluated(HEAD + rows(0, COUNTS)).metrics.raw}
    assert (found["recall", "b"].interval, found["recall", "b"].n) == (wilson(40, 50), 50)
    assert (found["precision", "b"].interval, found["precision", "b"].n) == (wilson(40, 49), 49)


def test_names_of_rare_classes_are_not_shown(evaluated):
    found = evaluated(HEAD + rows(0, {**COUNTS, ("Zoe Quill", "a"): 2})).metrics
    assert "Zoe" not in repr(found)


def test_macro_f1_is_covered_about_nine_times_in_ten(tmp_path):
    """200 samples of 150 records from a known table; the true macro F1 is that of its shares."""
    shares = {pair: n / sum(COUNTS.values()) for pair, n in COUNTS.items()}
    f1 = [
        2 * shares[c, c] / sum(v * ((t == c) + (p == c)) for (t, p), v in shares.items()) for c in "abc"
    ]  # fmt: skip
    scored = scored_in(tmp_path, HEAD + rows(0, {("a", "a"): 50, ("b", "b"): 50, ("c", "c"): 50}))
    rng, covered = np.random.default_rng(2), 0
    for _ in range(200):
        truth, said = listed(dict(zip(COUNTS, rng.multinomial(150, list(shares.values())), strict=True)))
        drawn = replace(
            scored, truth=pd.Series(truth, dtype="str"), predicted=pd.Series(said, dtype="str"),
            right=np.equal(truth, said),
        )  # fmt: skip
        found = next(m for m in class_metrics(drawn, ["a", "b", "c"]) if m.name == "macro F1")
        covered += found.interval.low <= np.mean(f1) <= found.interval.high
    assert 167 <= covered <= 193  # .9 of 200, at three standard deviations


def test_number_metrics_are_those_of_scikit_learn(evaluated):
    rng = np.random.default_rng(4)
    true = rng.lognormal(3, 1, 300).round(4)
    said = (true * rng.normal(1.05, 0.1, 300)).round(4)
    result = evaluated(numbered(true, said), columns=NUMBERS, task="regression", tolerance="10%")
    found = {m.name: m for m in result.metrics.raw}
    assert found["mean absolute error"].value == pytest.approx(metrics.mean_absolute_error(true, said))
    assert found["median absolute error"].value == pytest.approx(metrics.median_absolute_error(true, said))
    assert found["bias"].value == pytest.approx(np.mean(said - true))
    assert found["bias"].interval.low > 0
    assert result.raw.share == pytest.approx(np.mean(np.abs(said - true) <= 0.1 * true))
    sizes = result.metrics.raw_sizes
    assert sum(b.n for b in sizes) == 300
    assert [b.low for b in sizes[1:]] == [b.high for b in sizes[:-1]]
    assert np.average([b.bias for b in sizes], weights=[b.n for b in sizes]) == pytest.approx(np.mean(said - true))


def test_a_mean_has_the_usual_interval_when_records_are_independent():
    """Against Student's t of 200 normal values."""
    values_ = np.random.default_rng(6).normal(3, 2, 200)
    found = mean_intervals(values_[:, None], np.arange(200), rng=np.random.default_rng(1))[0]
    half = 1.6525 * values_.std(ddof=1) / np.sqrt(200)
    assert found.low == pytest.approx(values_.mean() - half, abs=0.05)
    assert found.high == pytest.approx(values_.mean() + half, abs=0.05)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80))
@settings(max_examples=50, deadline=None)
def test_the_interval_of_a_median_holds_it(numbers):
    values_ = np.array(numbers)
    found, middle = median_interval(values_, np.arange(len(values_))), np.median(values_)
    assert found.low is None or found.low <= middle
    assert found.high is None or found.high >= middle


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), st.integers(1, 8), min_size=2))
@settings(max_examples=15, deadline=None)
def test_every_share_lies_within_its_interval_and_between_nought_and_one(tmp_path_factory, counts):
    # at least one answer is right, or the columns may share no value and are refused
    result = evaluated_in(tmp_path_factory.mktemp("p"), HEAD + rows(0, {**counts, ("a", "a"): 5}))
    for found in result.metrics.raw:
        assert 0 <= found.value <= 1
        assert found.interval.low - 1e-9 <= found.value <= found.interval.high + 1e-9


def test_metrics_are_repeatable_and_can_be_stored(evaluated, tmp_path):
    raw = HEAD.replace("\n", ",who\n") + "".join(
        line + f",C{i // 3}\n" for i, line in enumerate(rows(0, COUNTS).splitlines())
    )
    columns = {"id": "id", "label": "team", "prediction": "predicted", "entity": "who"}
    first, second = (evaluated(raw, raw.replace("K-", "D-"), columns=columns) for _ in range(2))
    assert first.metrics == second.metrics
    store = Store(tmp_path / "store")
    store.put("evaluation-1", first)
    assert store.get("evaluation-1").metrics == first.metrics
