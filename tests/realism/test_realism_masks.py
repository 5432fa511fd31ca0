"""Masked values: shape shown, content hidden."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.realism.masks import excerpt, safe, shape, shapes


@given(st.text(max_size=200))
def test_no_letter_or_digit_of_a_value_survives(text):
    without_control = "".join(c for c in text if c.isprintable())
    assert set(filter(str.isalnum, safe(without_control))) <= set("aA9")
    assert set(filter(str.isalnum, re.sub(r"\\x[0-9a-f]{0,2}", "", safe(text)))) <= set("aA9")


@given(st.text(max_size=300))
def test_masks_are_short(text):
    assert len(safe(text)) <= 60


@given(st.text(alphabet=st.characters(min_codepoint=0x3B1, max_codepoint=0x44F), min_size=8, max_size=40))
def test_a_misread_word_cannot_be_turned_back(word):
    misread = word.encode("utf-8").decode("latin-1")
    shown = safe(misread, shows_broken=True)
    assert (
        sum(a == b and not a.isspace() for a, b in zip(shown, misread, strict=False) if not a.isascii() and a.isalpha())
        <= 4
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NÃ®mes", "AÃ®aaa"),
        ("caf\ufffd Anna", "aaa\ufffd Aaaa"),
        ("cr&egrave;me", "aa&egrave;aa"),
        ("&#74;&#111;", "&#99;&#999;"),
    ],
)
def test_broken_characters_stay_visible(text, shown):
    assert safe(text, shows_broken=True) == shown


def test_an_excerpt_holds_the_place_that_matters():
    assert "NÃ®mes" in excerpt("word " * 40 + "NÃ®mes", around=201)


@pytest.mark.parametrize(
    ("text", "mask"),
    [("2026-06-03T09:12:44Z", "9-9-9A9:9:9A"), ("9/3/2026 2:05 PM", "9/9/9 9:9 A"), ("Ärger", "Aa"), ("", "")],
)
def test_shapes_are_collapsed_masks(text, mask):
    assert shape(text) == mask


@given(st.lists(st.text(max_size=12), max_size=8))
def test_masks_of_many_values_are_those_of_each(texts):
    assert shapes(texts) == {text: shape(text) for text in texts}


def test_masks_of_values_that_hold_what_stands_between_them():
    odd = ["a1", "b\U0010ffffc", "", "\ud800x"]  # a noncharacter, nothing, half of a surrogate pair
    assert shapes(odd) == {text: shape(text) for text in odd}
    assert shapes([]) == {}
