"""The detector 'script'."""

from __future__ import annotations

import numpy as np
import pytest
from realism_samples import HIT, NAME, Injection, put, sample_of, table

from flightready.realism.defects.script import find
from flightready.realism.inspection import inspect
from flightready.realism.scripts import scripts

INJECTION = Injection(
    lambda f: put(f, "name", ["Аннабелла Иванова", "田中太郎", f"{NAME}а Smith", "Μαρία Παπαδοπούλου", "שרה כהן"]),
    "name",
    # a word with a single foreign letter at its end may be an ending; it is not marked
    [r for i, r in enumerate(HIT) if i % 5 != 2],
)


def hits(values, curated=None):
    # none of them often enough to stand for a missing value
    raw = put(table(1), "name", [f"{values[i % len(values)]} {i}" for i in range(len(HIT))])
    got = find(inspect(sample_of(raw, curated), seed=7))["name"]
    return np.flatnonzero(got.raw.hit).tolist(), got


def test_tells_the_scripts_with_their_shares():
    _, got = hits(["Анна"], table(2))
    assert got.told == "Cyrillic 6.7 %"  # 20 of 300


@pytest.mark.parametrize("value", ["5 kΩ µm", "naïve Łódź", "α-tester", "Grüße 😀", "π", "℃ № ™", "１２３"])
def test_signs_and_accents_are_no_other_script(value):
    assert hits([value])[0] == []


def test_a_word_of_letters_that_look_alike_is_marked():
    assert hits(["pаypal support"])[0] == HIT


def test_a_script_of_the_demo_set_is_expected():
    curated = put(table(2), "name", [f"Анна {i}" for i in range(len(HIT))])
    assert hits(["Анна"], curated)[0] == []


def test_japanese_is_one_script_of_several():
    """Unicode names: HIRAGANA, KATAKANA and CJK are all written in one Japanese sentence."""
    assert set(scripts("荷物がトラック")) == {"Chinese characters", "Japanese syllables"}
    curated = put(table(2), "name", [f"田中がテスト {i}" for i in range(300)], range(300))
    assert not set(hits(["荷物"], curated)[0]) & set(HIT)
