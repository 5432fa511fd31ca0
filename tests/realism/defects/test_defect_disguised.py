"""The detector 'disguised'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, NAME, Injection, found, put, sample_of, table
from value_tables import clean_shapes

from flightready.realism.default_days import default_days
from flightready.realism.inspection import inspect
from flightready.realism.kinds import Kind
from flightready.realism.sentinels import outlying_sentinels
from flightready.realism.stand_ins import Held, find_stand_ins

INJECTION = Injection(lambda f: put(f, "name", ["N/A", "-", " unknown ", "#NV"]), "name", HIT)


def marked(frame: pd.DataFrame, column: str) -> list[int]:
    return np.flatnonzero(inspect(sample_of(frame, table(2)), seed=7).disguised("raw", column)).tolist()


@pytest.mark.parametrize("word", ["sin datos", "k/A", "nicht bekannt", "ohne", "xx", "NAME OFFEN"])
@pytest.mark.parametrize("column", ["amount", "count", "time"])
def test_a_word_that_repeats_among_numbers_or_dates_stands_for_nothing(column, word):
    assert marked(put(table(1), column, [word]), column) == HIT


def test_a_single_word_among_numbers_is_a_slip():
    assert marked(put(table(1), "amount", ["soon"], [7]), "amount") == []


@pytest.mark.parametrize("column", ["category", "name", "text", "code"])
def test_a_word_found_among_numbers_is_one_in_every_column(column):
    frame = put(put(table(1), "amount", ["sin datos"], [3, 8]), column, ["Sin Datos "], [11, 40])
    assert marked(frame, column) == [11, 40]


def test_a_word_out_of_place_in_columns_of_different_kinds_needs_no_number():
    frame = put(put(table(1), "text", ["ohne"], [3, 8]), "category", ["ohne"], [11])
    assert (marked(frame, "text"), marked(frame, "category")) == ([3, 8], [11])


def test_a_category_that_the_demo_set_knows_is_none():
    raw, demo = put(put(table(1), "text", ["other"], [3, 8]), "category", ["other"], [11]), table(2)
    sample = sample_of(raw, put(demo, "category", ["other"], [4, 9]))
    assert not inspect(sample, seed=7).disguised("raw", "category").any()


def test_a_frequent_category_is_none_even_where_its_word_stands_among_numbers():
    frame = put(put(table(1), "amount", ["free"], [3, 8]), "category", ["free"], range(100, 200))
    assert marked(frame, "category") == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("amount", "88888888"), ("amount", "-5"), ("count", "777"), ("count", "2147483647"), ("time", "2001-01-01T00:00:00Z"),
     ("time", "2087-03-04T10:00:00Z"), ("time", "2025-06-01T00:00:00Z"), ("time", "0000-00-00 00:00"), ("time", "-1"),
     ("category", "9999"), ("name", "///"), ("text", "***")],
)  # fmt: skip
def test_numbers_and_days_that_no_list_holds(column, value):
    assert marked(put(table(1), column, [value], HIT[:6]), column) == HIT[:6]


def test_two_writings_of_one_default_day():
    frame = put(table(1), "time", ["2001-01-01T00:00:00+01:00", "01.01.2001 00:00", "2001-01-01T00:00:00Z"], HIT[:9])
    assert marked(frame, "time") == HIT[:9]


@pytest.mark.parametrize(
    "values",
    [
        [*map(str, range(1, 40)), "-3", "-8", "-12"],  # refunds are negative, and differ
        [*(str(25 * v) for v in range(1, 39)), "999"] * 3,  # the dearest article, sold as often as any other
        [f"{v}.99" for v in range(1, 40)] + ["999.99"] * 4,
        [str(min(v, 100)) for v in range(60, 130)],  # capped at 100
        ["0"] * 200 + [str(v * 1.7) for v in range(1, 60)],
    ],
)
def test_extremes_that_are_values(values):
    counts = pd.Series(values).value_counts()
    assert outlying_sentinels(counts) == set()


def test_minus_one_in_brackets_is_an_amount():
    usual = [f"({v}.50)" if v % 9 == 0 else f"{v}.50" for v in range(1, 90)]
    assert outlying_sentinels(pd.Series([*usual, "(1.00)"]).value_counts()) == set()


def test_several_placeholders_in_one_column():
    """None stands out by itself where others are as frequent; what they are like tells them apart."""
    usual = [f"{v * 1.37:.2f}" for v in range(1, 300)]
    strange = ["9999"] * 4 + ["8888"] * 5 + ["55555.55"] * 2 + ["-5"] * 2 + ["-77"] * 3 + ["-8"] * 2 + ["-99"]
    counts = pd.Series(usual + strange).value_counts()
    assert outlying_sentinels(counts) == set(strange)


def test_far_days_at_midnight_and_wrong_years():
    usual = [f"2025-{m:02d}-{d:02d}T09:{d:02d}:{m:02d}" for m in range(1, 13) for d in range(1, 29)]
    strange = [
        "1950-01-01T00:00:00",
        "2222-02-02T00:00:00",
        "2099-12-31T23:59:59",
    ]  # decades off; a lone 2031 may be a wrong date
    assert default_days(
        pd.Series([*usual, *strange, "2052-03-04T09:12:33", "2031-01-01T00:00:00"]).value_counts()
    ) == set(strange)


def test_a_score_of_nothing_is_a_score():
    scores = [f"{a}-{b}" for a in range(4) for b in range(4)] * 10
    for values, expected in (
        (scores, ()),
        (["north", "south"] * 80 + ["0-0"] * 3, ("0-0",)),
        (["A+", "B-", "AB+"] * 40 + ["0-", "0+"], ()),
    ):
        assert find_stand_ins({"x": Held(Kind.CATEGORY, pd.Series(values).value_counts())}) == {"x": expected}


def test_one_word_alone_in_a_subject_and_in_a_body():
    subjects = [f"Order {i} is late again" for i in range(60)] + ["n.b."]
    bodies = [f"Dear team, order {i} has not arrived, could you please look where it is now?" for i in range(60)] + [
        "N.b. "
    ]
    held = {
        c: Held(Kind.FREE_TEXT, pd.Series(v).value_counts(), frozenset()) for c, v in (("s", subjects), ("b", bodies))
    }
    assert find_stand_ins(held) == {"s": ("n.b.",), "b": ("N.b. ",)}


def test_days_at_the_edge_of_a_period_are_days():
    days = pd.Series([f"2025-{m:02d}-{d:02d}" for m in (1, 2, 3) for d in range(1, 29)] + ["2025-03-28"] * 4)
    assert default_days(days.value_counts()) == set()


def test_few_days_far_apart_are_batches():
    counts = pd.Series(["2025-01-01"] * 50 + ["2025-02-01"] * 50 + ["2025-06-01"] * 50).value_counts()
    assert default_days(counts) == set()


@pytest.mark.parametrize("seed", range(6))
def test_clean_columns_hold_no_stand_in(seed):
    frame = clean_shapes(np.random.default_rng(seed), 300)
    for sample in (sample_of(frame, None), sample_of(frame, clean_shapes(np.random.default_rng(seed + 50), 300))):
        told = {c: v for c, v in inspect(sample, seed=7).stand_ins.items() if v}
        assert told == {}


def test_no_column_is_no_obstacle():
    assert find_stand_ins({}) == {}
    assert find_stand_ins({"x": Held(Kind.EMPTY, pd.Series(dtype="int64"))}) == {"x": ()}


def test_a_found_word_is_shown_masked():
    sample = sample_of(put(table(1), "amount", [NAME]), table(2))
    assert NAME not in repr(found(sample))


@pytest.mark.parametrize(
    "values",
    [
        ["DE", "NA", "NO", "ZA", "FR", "US"],
        ["NA", "EMEA", "APAC", "LATAM"],
        ["CA", "NY", "TX", "NA"],
        ["none", "mild", "severe"],
        ["none", "nuts", "milk"],
        ["blank", "standard", "unknown"],
        ["A", "B", "-", "+"],
        ["+", "-"],
        ["billing", "tech", "other", "none", "unknown"],
    ],
)
@pytest.mark.parametrize("has_demo", [True, False])
def test_a_listed_word_among_its_equals_is_a_category(values, has_demo):
    rng = np.random.default_rng(3)
    raw, demo = (table(seed).assign(category=rng.choice(values, 300)) for seed in (1, 2))
    inspection = inspect(sample_of(raw, demo if has_demo else None), seed=7)
    assert not inspection.disguised("raw", "category").any()


def test_a_listed_word_that_is_rare_beside_categories_stands_for_nothing():
    frame = put(put(table(1), "category", ["north", "south", "east"], range(300)), "category", ["unknown", "N/A"])
    assert marked(frame, "category") == HIT
    codes = put(put(table(1), "category", ["DE", "FR", "US"], range(300)), "category", ["NA", "n/a"])
    assert np.flatnonzero(inspect(sample_of(codes, None), seed=7).disguised("raw", "category")).tolist() == HIT[1::2]


def test_null_among_surnames_is_a_name():
    names = table(1)["name"].str.split().str[-1].str.title()
    for put_in, rows, expected in ((["Null"], [7], []), (["Null", "Unknown"], HIT[:8], HIT[:8])):
        raw = put(table(1).assign(name=names), "name", put_in, rows)
        assert np.flatnonzero(inspect(sample_of(raw, None), seed=7).disguised("raw", "name")).tolist() == expected


@pytest.mark.parametrize(("value", "share"), [("2026-01-01", 0.57), ("9999-12-31", 0.66)])
def test_a_day_that_the_demo_set_commonly_holds_is_a_value(value, share):
    rng = np.random.default_rng(5)

    def made(seed: int) -> pd.DataFrame:
        days = [f"2026-{m:02d}-{d:02d}" for m, d in zip(rng.integers(1, 9, 300), rng.integers(2, 28, 300), strict=True)]
        return table(seed).assign(valid=np.where(rng.random(300) < share, value, days))

    raw, demo = made(1), made(2)
    assert not inspect(sample_of(raw, demo), seed=7).disguised("raw", "valid").any()
    assert inspect(sample_of(raw, None), seed=7).disguised("raw", "valid").any()
    as_time = [f.drop(columns="time").rename(columns={"valid": "time"}) for f in (raw, demo)]
    assert inspect(sample_of(*as_time), seed=7).disguised("raw", "time").any()  # a record has a time of its own
