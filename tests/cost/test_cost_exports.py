"""Exports without request counts, with costs of their own or from another provider: what a request then costs."""

import json

import pytest

from flightready.assessment import load
from flightready.cost.spend import analyse
from flightready.draws import JointSample
from flightready.errors import InputError

MODEL = "claude-sonnet-4-5-20250929"


@pytest.fixture
def costs(tmp_path):
    def of(usage, **files):
        for name, content in files.items():
            (tmp_path / name.replace("__", ".")).write_text(content)
        (tmp_path / "assessment.yaml").write_text(f"name: x\ncurrency: USD\ncost:\n  usage: {usage}\n")
        return analyse(load(tmp_path), JointSample(7), None)

    return of


def report(day, tier, tokens):
    return {"starting_at": f"2026-09-{day:02d}T00:00:00Z", "ending_at": f"2026-09-{day + 1:02d}T00:00:00Z", "results": [
        {"model": MODEL, "service_tier": tier, **tokens}]}  # fmt: skip


def test_tokens_written_to_the_cache_are_priced_as_such(costs):
    tokens = {"uncached_input_tokens": 1_000_000, "cache_read_input_tokens": 2_000_000, "output_tokens": 100_000,
              "cache_creation": {"ephemeral_5m_input_tokens": 400_000, "ephemeral_1h_input_tokens": 100_000}}  # fmt: skip
    found = costs("{file: u.json, requests: 1_000}", u__json=json.dumps({"data": [report(14, "standard", tokens)]}))
    # the list's prices a million: 3 fresh, .30 read, 3.75 and 6 written, 15 out
    assert found.pilot_per_request_usd == pytest.approx((3 + 0.6 + 1.5 + 0.6 + 1.5) / 1000)


def test_the_tier_of_a_bucket_reaches_its_price_or_is_said(costs):
    tokens = {"uncached_input_tokens": 1_000_000, "output_tokens": 0}
    found = costs("{file: u.json, requests: 1_000}", u__json=json.dumps({"data": [report(14, "batch", tokens)]}))
    is_halved = found.pilot_per_request_usd == pytest.approx(1.5 / 1000)
    assert is_halved != ("batch" in found.basis.spent.unlisted_tiers)


def test_a_clouds_bill_is_what_was_paid(costs):
    head = ("BilledCost,BillingCurrency,ChargePeriodStart,ChargePeriodEnd,ConsumedQuantity,ConsumedUnit,ServiceName,"
            "SkuMeter\n")  # fmt: skip
    rows = "".join(
        f"{cost},USD,2026-09-{day}T00:00:00Z,2026-09-{day + 1}T00:00:00Z,{n},1K Tokens,Models,{meter} tokens\n"
        for day in (14, 15) for cost, n, meter in ((3.0, 900, "input"), (1.0, 100, "output"))
    )  # fmt: skip
    found = costs("{file: bill.csv, requests: 400}", bill__csv=head + rows)
    assert found.pilot_per_request_usd == pytest.approx(8.0 / 400)
    assert found.basis.usage_notes == ()
    assert found.basis.input_tokens == pytest.approx(1_800_000 / 400)


def test_a_fee_beside_the_tokens_is_a_part_of_the_cost(costs):
    tokens = {"uncached_input_tokens": 1_000_000, "output_tokens": 0}
    fee = {"starting_at": "2026-09-14T00:00:00Z", "ending_at": "2026-09-15T00:00:00Z",
           "results": [{"amount": "700", "currency": "USD", "model": None, "cost_type": "web_search"}]}  # fmt: skip
    found = costs("[{file: u.json, requests: 1_000}, c.json]", u__json=json.dumps({"data": [report(14, "", tokens)]}),
                  c__json=json.dumps({"data": [fee]}))  # fmt: skip
    assert found.pilot_per_request_usd == pytest.approx((3 + 7) / 1000)


def test_requests_that_nobody_counted_are_asked_for(costs):
    tokens = {"uncached_input_tokens": 1_000_000, "output_tokens": 0}
    with pytest.raises(InputError, match=r"line 4, cost.usage, u.json: the export does not count requests"):
        costs("u.json", u__json=json.dumps({"data": [report(14, "", tokens)]}))
