"""Dates and numbers by the evidence of their column."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.realism.parsing import day_first_conflict, number_style, read_numbers, read_times


def series(*values: str | None) -> pd.Series:
    return pd.Series(list(values), dtype="str")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-03T09:12:44Z", "2026-06-03T09:12:44"),
        ("2026-06-03T11:12:44+02:00", "2026-06-03T09:12:44"),
        ("2026-06-03 09:12:44.123", "2026-06-03T09:12:44"),
        ("2026/06/03", "2026-06-03T00:00:00"),
        ("20260603", "2026-06-03T00:00:00"),
        ("03.09.2026 14:05", "2026-09-03T14:05:00"),
        ("9/23/2026 2:05 PM", "2026-09-23T14:05:00"),
        ("12/31/2026 12:05 AM", "2026-12-31T00:05:00"),
        ("Thu, 3 Sep 2026 14:05:11 +0200", "2026-09-03T12:05:11"),
        ("Sep 3, 2026", "2026-09-03T00:00:00"),
        ("1788444311", "2026-09-03T14:05:11"),
        ("1788444311123", "2026-09-03T14:05:11"),
        ("03.09.69", "2069-09-03T00:00:00"),
        ("03.09.70", "1970-09-03T00:00:00"),
    ],
)
def test_each_way_of_writing_a_time(text, expected):
    assert str(read_times(series(text)).values[0]) == expected


@pytest.mark.parametrize("text", ["1-Sep", "2026-02-30", "2026-13-01", "soon", "", "9" * 500, "12:30"])
def test_what_is_no_date_is_not_one(text):
    assert np.isnat(read_times(series(text, "2026-01-01")).values[0])


def test_the_column_decides_the_order_of_day_and_month():
    day_first = read_times(series("03/09/2026", "25/09/2026"))
    month_first = read_times(series("03/09/2026", "09/25/2026"))
    neither = read_times(series("03/09/2026", "04/10/2026"))
    both = read_times(series("03/09/2026", "25/09/2026", "09/25/2026"))
    assert (str(day_first.values[0]), day_first.day_first, day_first.ambiguous.any()) == (
        "2026-09-03T00:00:00",
        True,
        False,
    )
    assert (str(month_first.values[0]), month_first.day_first) == ("2026-03-09T00:00:00", False)
    assert (neither.day_first, neither.ambiguous.all(), neither.is_mixed) == (None, True, False)
    assert (both.is_mixed, both.ambiguous.tolist()) == (True, [True, False, False])


def test_a_dot_is_written_where_the_day_comes_first():
    got = read_times(series("03.09.2026"))
    assert str(got.values[0]) == "2026-09-03T00:00:00"
    assert not got.ambiguous.any()


def test_the_rarer_proved_order_is_the_exception():
    got = day_first_conflict(series("25/01/2026", "26/01/2026", "01/27/2026", "01/02/2026"))
    assert got.tolist() == [False, False, True, False]


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2099, 12, 31)))
def test_iso_times_come_back(when):
    when = when.replace(microsecond=0)
    assert read_times(series(when.isoformat())).values[0] == np.datetime64(when, "s")


@given(st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2099, 12, 31)))
def test_day_first_times_come_back(when):
    when = when.replace(second=0, microsecond=0)
    assert read_times(series(f"{when:%d.%m.%Y %H:%M}")).values[0] == np.datetime64(when, "s")


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("-12.5", -12.5), ("1,234.50", 1234.5), ("1.234,50", 1234.5), ("12,5 €", 12.5), ("$ 3.20", 3.2),
     ("EUR 30.50", 30.5), ("1.5E+02", 150), ("92 %", 0.92), ("0,797", 0.797), ("1 234,5", 1234.5), ("+7", 7)],
)  # fmt: skip
def test_each_way_of_writing_a_number(text, value):
    assert read_numbers(series(text))[0] == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "abc", "1.2.3", "12a", "--1", "1,2,3", "9" * 80, "1" + " " * 5000 + "x"])
def test_what_is_no_number_is_not_one(text):
    assert number_style(text) == ""


def test_a_lone_thousand_is_read_as_its_column_writes():
    assert read_numbers(series("1.234", "5,5", "7,25"))[0] == 1234
    assert read_numbers(series("1.234", "5.5", "7.25"))[0] == 1.234


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_both_conventions_give_the_same_number(value):
    english = f"{value:,.2f}"
    german = english.replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_numbers(series(english))[0] == read_numbers(series(german))[0] == pytest.approx(float(value))


def test_months_and_east_asian_dates_are_read():
    got = read_times(series("2026年03月18日", "2026年3月8日 14:05", "2026-03", "2026/11", "2026年3月"))
    days = ["2026-03-18T00:00:00", "2026-03-08T14:05:00", "2026-03-01T00:00:00", "2026-11-01T00:00:00"]
    assert [str(v) for v in got.values] == [*days, "2026-03-01T00:00:00"]
    day, month = 86_400, 31 * 86_400
    assert got.precision_s.tolist() == [day, 60, month, month, month]
    assert np.isnat(read_times(series("2026-13", "3026-03", "2026", "0555-12", "2026年13月1日")).values).all()
