"""The detector 'markup'."""

from __future__ import annotations

import pytest
from realism_samples import HIT, NAME, Injection, put, sample_of, table

from flightready.realism.defects.markup import find, has_markup, is_formula
from flightready.realism.inspection import inspect

INJECTION = Injection(
    lambda f: put(
        f, "text", [f"<script>alert('{NAME}')</script>", '=HYPERLINK("http://a.example","x")', "<b>urgent</b>"]
    ),
    "text",
    HIT,
)


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<SCRIPT SRC=//a.example>", "<script>alert(1)</script",
        '<a href="https://a.example">x</a>', "jAvAsCrIpT:alert(1)", "java\tscript:alert(1)", "<iframe src=//a.example>",
        "text <b>bold</b>", "</div>", "<p>", "<br/>", '"><img src=x', "<details open ontoggle=f()>", "<!-- note -->",
        "&lt;script&gt;alert(1)&lt;/script&gt;", "<?php echo 1 ?>", "<address>x</address>",
    ],
)  # fmt: skip
def test_markup(text):
    assert has_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1", "=SUM(A1:A3)", "=A1", " =1+2", "\t=1*2", '=HYPERLINK("http://a.example","x")', "=cmd|'/C calc'!A0",
        "+cmd|' /C calc'!A0", "@SUM(1+9)*cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", '=DDE("cmd";"/C calc";"x")',
        "+SUM(A1:A9)", "-A1+A2", '=IMPORTXML(CONCAT("http://",A1),"//a")',
    ],
)  # fmt: skip
def test_formulas(text):
    assert is_formula(text)


@pytest.mark.parametrize(
    "text",
    [
        "-12.5", "+49 30 12345", "- see attachment", "a < b", "<3", "-", "=", "= 5", "== heading ==", "=> yes", "-> next",
        "@home", "@john (my colleague) said", "+1 for this", "-10 % discount", "-5 to -3 degrees", "-A4 sheets are missing",
        "- item (one)", "-item(s) missing", "x <y> z", "<john@example.org>", "if a<b and c>d", "I <3 you", "price on = 5",
        "javascript: is a language", "-1-2-3", "-3/4 inch", "+1-202-555-0100", "<=5", "<unknown>", "<address>", "=)",
        "-2024-01-01", "-50€/Monat", "--- original message ---", "conversion=5", "+44 (0)20 7946 0000", "-1E-05", "+1.2E+05",
    ],
)  # fmt: skip
def test_numbers_phones_lists_handles_and_hearts_are_neither(text):
    assert not has_markup(text) and not is_formula(text)


def test_says_which_of_both_it_found():
    def told(value):
        return find(inspect(sample_of(put(table(1), "name", [value]), None), seed=7))["name"].told

    assert (told("<b>x</b>"), told("=1+1"), told("x")) == ("markup", "formulas", "")
