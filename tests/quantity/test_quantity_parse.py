"""What a person may write, and what is refused with which words."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flightready.errors import InputError
from flightready.quantity import KINDS, Quantity, parse, pooled


@pytest.mark.parametrize(
    ("raw", "kind", "unit", "low", "high"),
    [
        ("2 s", "duration", "s", 2, 2),
        ("300 ms to 2 s", "duration", "s", 0.3, 2),
        ("6 to 18 USD", "amount of money", "USD", 6, 18),
        ("5 points", "number of points", "share", 0.05, 0.05),
        ("1% to 5%", "growth rate", "per month", 0.01, 0.05),
        ("1 to 5% per month", "growth rate", "per month", 0.01, 0.05),
        ("80_000 to 120_000", "count", "", 80_000, 120_000),
        ("80,000 to 120,000 users", "count", "", 80_000, 120_000),
        ("60_000 USD per month", "amount of money per month", "USD per month", 60_000, 60_000),
        ("720_000 EUR/year", "amount of money per month", "EUR per month", 60_000, 60_000),
        ("10% per year", "yearly rate", "per year", 0.1, 0.1),
        (0.85, "share", "share", 0.85, 0.85),
        ("3 years", "period", "months", 36, 36),
        ("normal -2% to 8%", "growth rate", "per month", -0.02, 0.08),
        ("4.2 minutes", "measure", "minutes", 4.2, 4.2),
        ({"low": 6, "high": 18, "unit": "USD"}, "amount of money", "USD", 6, 18),
        ({"value": "6 to 18 USD", "source": "finance"}, "amount of money", "USD", 6, 18),
    ],
)
def test_reads_what_people_write(raw, kind, unit, low, high):
    quantity = parse(raw, kind)
    assert quantity.unit == unit
    assert quantity.range90 == pytest.approx((low, high), rel=1e-9)


@pytest.mark.parametrize(
    ("raw", "kind", "words"),
    [
        ("2 USD", "duration", ["'USD' does not fit a duration", "ms"]),
        ("12", "amount of money", ["needs a unit", "6 to 18 USD"]),
        ("85", "share", ["out of range", "'85%'"]),
        ("5 %", "number of points", ["points"]),
        ("18 to 6 USD", "amount of money", ["not below", "swap"]),
        ("0 to 6 USD", "amount of money", ["above 0", "normal"]),
        ("0% to 50%", "share", ["strictly between 0 and 1"]),
        ("1 to 2 to 3", "count", ["cannot be read"]),
        ("nan", "share", ["cannot be read"]),
        ("", "count", ["cannot be read"]),
        (True, "count", ["is not a count"]),
        (None, "count", ["is not a count"]),
        ([1, 2], "count", ["is not a count"]),
        ({"p10": 3, "p50": 2, "p90": 5}, "count", ["must rise"]),
        ({"p10": 10, "p50": 12, "p90": 100}, "count", ["too skewed"]),
        ({"p10": 1, "p90": 5}, "count", ["p10, p90"]),
        ({"p10": 1, "p50": "1 to 2", "p90": 5}, "count", ["is an interval"]),
        ({"valu": 3}, "count", ["'valu'", "did you mean 'value'?"]),
        ({"value": 3, "checked": "yesterday"}, "count", ["must be a date"]),
        ("-5", "count", ["out of range"]),
        ("0", "ratio", ["above 0"]),
    ],
)
def test_refuses_with_place_and_cure(raw, kind, words):
    with pytest.raises(InputError) as caught:
        parse(raw, kind, where="assessment.yaml, line 3")
    message = str(caught.value)
    assert message.startswith("assessment.yaml, line 3")
    for word in words:
        assert word.casefold() in message.casefold()


def test_source_and_date_travel_with_the_number():
    quantity = parse({"value": "5 USD", "source": "price list", "checked": dt.date(2026, 9, 1)}, "amount of money")
    assert (quantity.source, quantity.checked) == ("price list", dt.date(2026, 9, 1))


def test_every_kind_reads_its_own_example():
    for kind in KINDS.values():
        assert isinstance(parse(kind.example, kind.name), Quantity)


@given(st.floats(1e-3, 1e6), st.floats(1.001, 100))
def test_quantiles_rise_and_meet_the_stated_interval(low, factor):
    quantity = parse(f"{low!r} to {low * factor!r}", "count")
    values = quantity.ppf(np.linspace(0.001, 0.999, 101))
    assert np.all(np.diff(values) > 0)
    assert quantity.range90 == pytest.approx((low, low * factor), rel=1e-6)


def test_pooling_keeps_disagreement():
    both = pooled(
        {"a": parse("normal -1 to 1 USD", "amount of money"), "b": parse("normal 3 to 5 USD", "amount of money")}
    )
    values = both.ppf(np.array([0.25, 0.75]))
    assert values == pytest.approx([0, 4], abs=0.02)
    assert "2 estimates" in both.source
    with pytest.raises(InputError, match="different units"):
        pooled({"a": parse("1 s", "duration"), "b": parse("1", "count")})
