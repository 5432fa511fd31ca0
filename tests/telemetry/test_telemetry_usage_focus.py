"""Billing rows of a cloud: meters of one service put together, units scaled, other services left out."""

import pytest

from flightready.errors import InputError
from flightready.telemetry import UsageFile, read_usage

HEAD = (
    "BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,ServiceName,SkuMeter\n"
)


def row(cost, quantity, unit, meter, *, currency="USD", day=14, service="Model API"):
    return (f"{cost},{currency},2026-09-{day:02d}T00:00:00Z,2026-09-{day + 1:02d}T00:00:00Z,{quantity},{unit},"
            f"{service},{meter}\n")  # fmt: skip


@pytest.fixture
def read(tmp_path):
    def of(*rows):
        path = tmp_path / "billing.csv"
        path.write_text(HEAD + "".join(rows))
        return read_usage([UsageFile(path, requests=100)], where="")

    return of


def test_meters_of_one_day_are_put_together_in_single_tokens(read):
    usage = read(row(1.0, 2.5, "1M Tokens", "gpt input tokens"), row(0.5, 500, "1K Tokens", "gpt cached input tokens"),
                 row(2.0, 90_000, "Tokens", "gpt outp tokens"), row(0.25, 1, "K tokens", "gpt Cache Write"))  # fmt: skip
    (bucket,) = usage.buckets.to_dict("records")
    # 2.5 M fresh, 0.5 M read and 1,000 written are metered apart: the total holds all three
    assert (bucket["input_total"], bucket["cache_read"], bucket["cache_write_5m"]) == (3_001_000, 500_000, 1000)
    assert (bucket["output"], bucket["cost_usd"], bucket["requests"]) == (90_000, 3.75, 100)


def test_services_that_charge_nothing_by_the_token_are_left_out_and_said(read):
    usage = read(row(1.0, 10, "Tokens", "input"), row(900, 24, "Hours", "machine", service="Compute"))
    assert usage.buckets["cost_usd"].tolist() == [1.0]
    assert usage.notes == ("billing.csv: 1 row of services that charge nothing by the token are left out",)


def test_two_currencies_are_refused_with_their_lines(read):
    with pytest.raises(InputError, match=r"billing.csv, line 3: amounts in USD.* EUR in one file"):
        read(row(1, 10, "Tokens", "input"), row(1, 10, "Tokens", "output", currency="EUR"))


def test_another_currency_is_said_and_left_out(read):
    usage = read(row(1, 10, "Tokens", "input", currency="EUR"))
    assert usage.buckets["cost_usd"].isna().all()
    assert "in EUR and are left out" in usage.notes[0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([row(1, 10, "Tokens", "mystery")], r"line 2: column 'SkuMeter' does not say whether input or output"),
        ([row(1, 10, "Hours", "machine")], r"line 2: column 'ConsumedUnit' counts no tokens"),
        ([row(1, -10, "Tokens", "input")], r"line 2: column 'ConsumedQuantity' is negative"),
        ([row("", 10, "Tokens", "input")], r"line 2: column 'BilledCost' is empty"),
    ],
)
def test_rows_that_cannot_be_are_named(read, rows, message):
    with pytest.raises(InputError, match=message):
        read(*rows)
