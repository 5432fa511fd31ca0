"""The detector 'category_variant'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realism_samples import HIT, Injection, halves, put, sample_of
from value_tables import clean_shapes

from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect
from flightready.realism.spellings import is_slip, spelling_key


def respelled(frame: pd.DataFrame) -> pd.DataFrame:
    top = frame["category"].mode()[0]
    return put(frame, "category", [f"{top} ", f'"{top}"', top.swapcase(), f" {top}."])


INJECTION = Injection(respelled, "category", HIT)
FIND = next(d.find for d in detectors() if d.id == "category_variant")


def marked(raw: list[str], demo: list[str] | None) -> list[str]:
    one, two = pd.DataFrame({"region": raw}, dtype="str"), pd.DataFrame({"region": demo}, dtype="str") if demo else None
    got = FIND(inspect(sample_of(one, two), seed=7))["region"].raw
    return sorted(one["region"][got.hit].unique())


REGIONS = ["north", "south", "east", "west"] * 30


@pytest.mark.parametrize(
    "variant",
    ["North", "NORTH", " north", "north\t", "north.", "nörth", "n\u200borth", "(north)", "norht", "nortth", "mirth"],
)
def test_each_kind_of_variant(variant):
    expected = [] if variant == "mirth" else [variant]
    assert marked([*REGIONS, variant], REGIONS) == expected
    assert marked([*REGIONS, variant], None) == expected


def test_without_a_demo_set_the_leading_spelling_is_the_known_one():
    assert marked([*REGIONS, *["North"] * 7], None) == ["North"]


def test_spellings_that_the_demo_set_shows_often_are_known():
    assert marked([*REGIONS, "North"], [*REGIONS, *["North"] * 20]) == []


def test_the_demo_set_decides_even_where_raw_writes_otherwise():
    assert marked([r.upper() for r in REGIONS], REGIONS) == ["EAST", "NORTH", "SOUTH", "WEST"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("C", "C++"), ("C++", "C#"), ("A", "A-"), ("A-", "A+"), ("1.0", "10"), ("*", "**"), ("<5", ">5"), ("-1", "1")],
)
def test_signs_that_make_another_category(one, other):
    assert spelling_key(one) != spelling_key(other)


@given(st.text(max_size=12))
def test_the_key_of_a_key_is_itself_for_case_and_blanks(text):
    assert spelling_key(f" {text} ") == spelling_key(text)
    assert spelling_key(spelling_key(text)) == spelling_key(spelling_key(text).upper().lower())


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [("birminghxm", "birmingham", True), ("acxte care hosxitals", "acute care hospitals", True), ("region 8", "region 7", False),
     ("team a", "team b", False), ("north region", "south region", False), ("phase ii", "phase iii", False),
     ("male", "female", False), ("inbound", "outbound", False), ("carexhospitals", "care hospitals", True), ("n0rth", "north", True), ("wes7", "west", True), ("team1", "teamx", False)],
)  # fmt: skip
def test_what_is_a_slip(written, meant, slip):
    assert is_slip(written, meant) is slip


def test_two_words_alike_are_both_right_where_both_are_frequent():
    assert marked(["inland"] * 60 + ["island"] * 60, None) == []
    assert marked(["inland"] * 60 + ["island"] * 60 + ["ixland"], None) == ["ixland"]


@pytest.mark.parametrize("seed", range(4))
def test_clean_columns_hold_no_variant(seed):
    for whole in (halves(seed)[0], clean_shapes(np.random.default_rng(seed), 400)):
        got = FIND(inspect(sample_of(whole, None), seed=7))
        assert {c: d.raw.hits for c, d in got.items() if d.raw.hits} == {}


@pytest.mark.parametrize(
    "values",
    [["Muller", "Müller", "Weber"], ["mg", "Mg", "m", "M"], ["CO", "Co"], ["a", "A"], ["north-west", "northwest"]],
)
def test_without_a_demo_set_two_common_spellings_may_both_be_right(values):
    assert marked(values * 40, None) == []


def test_without_a_demo_set_a_rare_spelling_beside_a_leading_one_is_a_variant():
    assert marked(REGIONS + ["North", "NORTH"] * 3, None) == ["NORTH", "North"]
    assert marked(["mg", "kg"] * 40 + ["Mg", "mg "], None) == ["mg "]
