"""The detector 'duplicate'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, Injection, copied, side_of

from flightready.assessment.schema import Columns
from flightready.realism.defects.duplicates import find
from flightready.realism.detector import RECORD
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample, Side

INJECTION = Injection(copied, RECORD, [r + 200 for r in HIT])


def _answers(columns: int, choices: list[str], n: int = 300, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame({f"q{i}": rng.choice(choices, n) for i in range(columns)})


def _detected(frame: pd.DataFrame):
    return find(inspect(Sample(None, side_of(frame), Columns()), seed=7))[RECORD].raw


@pytest.mark.parametrize(("columns", "choices"), [(6, ["yes", "no"]), (5, list("12345")), (1, ["yes", "no"])])
def test_answers_that_are_alike_by_chance_are_no_copies(columns, choices):
    frame = _answers(columns, choices)
    assert frame.duplicated().any()
    assert _detected(frame).hits == 0


def test_answers_of_one_mind_are_no_copies():
    """Five questions with one trait behind them (correlation 0.6) make several times the repeats of independent ones."""
    rng = np.random.default_rng(3)
    trait = rng.normal(size=(300, 1)) * 0.6**0.5
    scores = np.clip(np.round(trait + rng.normal(size=(300, 5)) * 0.4**0.5 + 3), 1, 5).astype(int)
    frame = pd.DataFrame(scores.astype(str), columns=list("abcde"))
    assert frame.duplicated().sum() > 10
    assert _detected(frame).hits == 0


@pytest.mark.parametrize("times", [2, 9])
def test_an_id_or_a_text_makes_the_same_answers_copies(times):
    frame = _answers(6, ["yes", "no"], 30)
    for name, word in (("id", "T-{}"), ("text", "the parcel {} did not come")):
        held = frame.assign(**{name: [word.format(i) for i in range(30)]})
        assert _detected(pd.concat([held] * times)).hits == 30 * (times - 1)
    two = pd.DataFrame({"id": [f"T-{i}" for i in range(30)], "team": ["a", "b"] * 15})
    assert _detected(pd.concat([two] * times)).hits == 30 * (times - 1)


def test_one_record_again_and_again_is_a_copy():
    assert _detected(pd.DataFrame({"id": ["T-1"] * 200, "answer": ["yes"] * 200})).hits == 199


def test_copies_are_judged_in_each_system_by_itself():
    asked, sent = _answers(6, ["yes", "no"]), pd.DataFrame({"id": [f"T-{i // 2}" for i in range(60)]})
    both = Side.joined([side_of(asked, "survey").sources[0], side_of(sent.assign(q0="yes"), "web").sources[0]])
    assert [int(both.is_copy[both.of(s)].sum()) for s in ("survey", "web")] == [0, 30]


@pytest.mark.parametrize("classes", [2, 20, 77])
def test_records_of_label_and_prediction_alone_are_no_copies(classes):
    rng = np.random.default_rng(1)
    label = rng.integers(0, classes, 500)
    predicted = np.where(rng.random(500) < 0.94, label, rng.integers(0, classes, 500))
    assert _detected(pd.DataFrame({"label": label.astype(str), "predicted": predicted.astype(str)})).hits == 0
