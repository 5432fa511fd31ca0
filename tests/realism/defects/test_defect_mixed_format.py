"""The detector 'mixed_format'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, Injection, put, sample_of, table
from value_tables import clean_shapes

from flightready.realism.detector import detectors
from flightready.realism.formats import exceptions
from flightready.realism.inspection import inspect
from flightready.realism.kinds import Kind

INJECTION = Injection(lambda f: put(f, "amount", ["12,50", "1.5E+02", "12.50 EUR"]), "amount", HIT)
FIND = next(d.find for d in detectors() if d.id == "mixed_format")


def odd(usual: list[str], strays: list[str], kind: Kind, known: list[str] | None = None) -> list[str]:
    texts = pd.Series(usual + strays, dtype="str")
    more = pd.Series(known, dtype="str") if known else None
    return list(texts[exceptions(texts, kind, known=more)])


AMOUNTS = [f"{v}.{v % 90 + 10}" for v in range(3, 2000, 37)]


@pytest.mark.parametrize(
    "stray",
    ["12,50", "1.234,50", "1'234.50", "1’234.50", "12,34,567.00", "1,234.50", "12.50 EUR", "€12.50", "(12.50)", "12.50-",
     "12.5 %", "1.23E+05", "####", "1-Sep", "Sep-26", "٣٤٫٥٠", "１２．５０", "ca. 12", "12.50 kg", "<5", "1.2.3"],
)  # fmt: skip
def test_a_number_unlike_its_column(stray):
    assert odd(AMOUNTS, [stray], Kind.NUMBER) == [stray]


@pytest.mark.parametrize("stray", ["12.50", "1234,50", "12,50 €", "(12,50)", "1.23E+05"])
def test_a_number_unlike_a_column_with_decimal_commas(stray):
    usual = [f"{v:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") for v in range(3, 9000, 137)]
    assert odd(usual, [stray], Kind.NUMBER) == [stray]


@pytest.mark.parametrize(
    "usual",
    [
        [f"CHF {v:,}'{v:03d}.50" for v in range(100, 160)],
        ["12,34,567.00", "1,23,456.00", "4,567.00", "89.50"] * 10,
        ["(12.50)", "14.00", "15.50", "16.25"] * 10,
        ["12.50-", "14.00", "15.50", "16.25"] * 10,
        ["0.0012", "5e-05", "1.2e-07", "0.3"] * 10,
        ["1.23E+05", "4.56E+02", "7.89E+01"] * 10,
        ["12 kg", "13.5 kg", "7 kg"] * 10,
        ["٣٤٫٥٠", "٣٤٫٥١"] * 15,
        ["-3", "4", "+5", "0"] * 10,
        ["1,234", "12", "567", "1,234,567"] * 10,
    ],
)
def test_a_column_that_keeps_to_its_own_way(usual):
    assert odd(usual, [], Kind.NUMBER) == []


def test_brackets_that_the_demo_set_uses_too_are_usual():
    assert odd(AMOUNTS, ["(12.50)"], Kind.NUMBER, known=["(9.00)", "8.00"]) == []


DOTTED = [f"{d:02d}.{m:02d}.2026" for m in range(1, 13) for d in (3, 14, 28)]
ISO = [f"2026-{m:02d}-{d:02d}" for m in range(1, 13) for d in (3, 14, 28)]


@pytest.mark.parametrize(
    "stray",
    ["2026.15.09", "15|09|2026", "Sept 15th 26", "20260915T1405", "1-Sep", "Sep-26", "44197", "15.09.26", "09/15/2026",
     "15. September 2026", "####", "31.02.2026"],
)  # fmt: skip
def test_a_date_unlike_its_column(stray):
    assert odd(DOTTED, [stray], Kind.TIME) == [stray]


@pytest.mark.parametrize("stray", ["2026-15-09", "2026-02-30", "15-09-2026", "2026-9-15T", "2026/09/15"])
def test_a_date_unlike_an_iso_column(stray):
    assert odd(ISO, [stray], Kind.TIME) == [stray]


def test_fractions_and_zones_do_not_make_a_format():
    usual = ["2026-06-03T09:12:44+02:00", "2026-12-03T09:12:44-05:00", "2026-06-03T09:12:44.123+02:00"] * 10
    assert odd(usual, [], Kind.TIME) == []


def test_codes_that_lost_their_leading_zeros():
    assert odd(["01067", "04109", "07545", "99084"] * 8, ["1067", "4109"], Kind.NUMBER) == ["1067", "4109"]
    assert odd(["A-0012", "A-0145", "A-1234"] * 8, ["A-12"], Kind.CODE) == ["A-12"]
    assert odd(["10670", "54109", "17545", "99084"] * 8, ["1067"], Kind.NUMBER) == []  # a shorter number is a number
    assert odd(["07", "08", "09", "10", "11"] * 8, ["101"], Kind.NUMBER) == []


def test_long_ids_that_a_spreadsheet_rounded():
    ids = [str(1_234_567_890_000_000 + i) for i in range(40)]
    assert odd(ids, ["1.23457E+15"], Kind.NUMBER) == odd(ids, ["1.23457E+15"], Kind.KEY) == ["1.23457E+15"]


def test_a_misspelt_word_within_a_code():
    assert odd([f"{v} patients" for v in range(40)], ["12 paxients", "3 nurses"], Kind.CODE) == ["12 paxients"]


def test_ranges_turned_into_days():
    usual = ["1-5", "6-10", "11-15", "16-20"] * 10
    assert odd(usual, ["6-Oct"], Kind.CATEGORY) == ["6-Oct"]
    assert odd(["Jan-26", "Feb-26", "Mar-26"] * 10, [], Kind.CATEGORY) == []


@pytest.mark.parametrize("seed", range(5))
def test_clean_columns_keep_to_one_format(seed):
    frame = clean_shapes(np.random.default_rng(seed), 300)
    for raw, demo in ((frame, None), (frame, clean_shapes(np.random.default_rng(seed + 50), 300)), (table(seed), None)):
        got = FIND(inspect(sample_of(raw, demo), seed=7))
        assert {c: d.raw.hits for c, d in got.items() if d.raw.hits} == {}


def digits(rng: np.random.Generator, n: int) -> str:
    return "".join(map(str, rng.integers(0, 10, n)))


VALID = {
    "isbn": lambda rng: digits(rng, 9) + str(rng.choice([*"0123456789", "X"])),
    "ops": lambda rng: (
        f"{rng.integers(1, 9)}-{rng.integers(100, 999)}.{'x' if rng.random() < 0.08 else digits(rng, 1)}"
    ),
    "german_phone": lambda rng: f"+49 {digits(rng, 2 + (rng.random() > 0.07))} {rng.integers(10**6, 10**7)}",
    "us_phone": lambda rng: f"(555) {digits(rng, 3)}-{digits(rng, 4)}{' ext. 12' if rng.random() < 0.08 else ''}",
    "house": lambda rng: f"{rng.integers(1, 150)}{rng.choice(list('abc')) if rng.random() < 0.08 else ''}",
}


@pytest.mark.parametrize("kind", VALID)
@pytest.mark.parametrize("seed", range(3))
def test_a_minority_that_both_sides_write_alike_is_a_second_format(kind, seed):
    rng = np.random.default_rng(seed)
    raw, demo = (table(i).assign(code=[VALID[kind](rng) for _ in range(300)]) for i in (1, 2))
    got = FIND(inspect(sample_of(raw, demo), seed=7))["code"]
    assert (got.raw.hits, got.curated.hits) == (0, 0)


def test_without_a_demo_set_a_frequent_minority_of_the_same_signs_is_a_second_format():
    def hits(every: int) -> int:
        codes = [f"A-{i}" if i % every == 0 else f"A-{i}-{i % 7}" for i in range(1, 301)]
        return FIND(inspect(sample_of(table(1).assign(code=codes), None), seed=7))["code"].raw.hits

    assert (hits(12), hits(60)) == (0, 5)


def test_two_ways_to_write_a_number_are_mixed_even_where_both_sides_do():
    raw, demo = (put(table(seed), "amount", [f"{v},5{v % 7}" for v in range(20)]) for seed in (1, 2))
    got = FIND(inspect(sample_of(raw, demo), seed=7))["amount"]
    assert np.flatnonzero(got.raw.hit).tolist() == HIT
