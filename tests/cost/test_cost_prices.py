"""What a call costs: the formula, the price list, and what is asked when a price is not known."""

import datetime as dt
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from genai_prices import Usage, calc_price
from genai_prices.data_snapshot import get_snapshot
from hypothesis import given
from hypothesis import strategies as st

from flightready.cost import prices
from flightready.cost.prices import PriceBook, Rates, book
from flightready.cost.prices_file import read_price_file
from flightready.cost.prices_list import listed_bands
from flightready.cost.prices_writing import Wanted, write_prices
from flightready.cost.pricing import price_buckets, price_calls
from flightready.errors import InputError
from flightready.telemetry.frames import buckets_frame, calls_frame

LIST = PriceBook({}, "USD", "", "assessment.yaml, cost.prices")
TOKENS = ("input_total", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")


def calls(*rows, **shared):
    """Calls of (time, provider, model, tier, then the counts of TOKENS)."""
    names = ("time", "provider", "model", "tier", *TOKENS)
    columns = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    return calls_frame(columns | {k: [v] * len(rows) for k, v in shared.items()}, where="log")


def at(text="2026-09-14T09:00:00Z"):
    return pd.Timestamp(text)


def test_the_formula_of_a_request():
    # p_in (I - R - W) + p_r R + p_w W + p_out O, input inclusive of cached tokens, by hand:
    # 3 * 500 + 0.3 * 1200 + 3.75 * 300 + 6 * 100 + 15 * 80, in millionths
    rates = Rates(3e-6, 0.3e-6, 3.75e-6, 6e-6, 15e-6, 15e-6)
    cost = rates.cost(input_total=2100, cache_read=1200, cache_write_5m=300, cache_write_1h=100, output=80)
    assert cost == pytest.approx((1500 + 360 + 1125 + 600 + 1200) * 1e-6)


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.integers(0, 10**5))
def test_more_tokens_never_cost_less(counts, more):
    rates = Rates(3e-6, 0.3e-6, 3.75e-6, 6e-6, 15e-6, 15e-6)
    fresh, read, short, long, spoken, thought = counts
    base = {"input_total": fresh + read + short + long, "output": spoken + thought, "cache_read": read,
            "cache_write_5m": short, "cache_write_1h": long, "reasoning": thought}  # fmt: skip
    assert rates.cost(**base | {"input_total": base["input_total"] + more}) >= rates.cost(**base)
    assert rates.cost(**base | {"output": base["output"] + more}) >= rates.cost(**base)


SITUATIONS = (
    ("openai", "gpt-4.1-2025-04-14", ("", "default")),
    ("openai", "gpt-5.4", ("", "flex", "batch", "priority")),  # tiers of service, and a dearer long context
    ("openai", "gpt-5.6-sol", ("",)),  # the price changed on a day
    ("anthropic", "claude-sonnet-4-5", ("",)),  # cache writes of two lifetimes
    ("google", "gemini-2.5-pro", ("",)),
    ("deepseek", "deepseek-chat", ("",)),  # the price depends on the hour
    ("perplexity", "sonar-deep-research", ("",)),  # reasoning has its own price
    ("", "gpt-4o-mini", ("",)),  # provider found by the model's name
)


def _situations():
    """200 calls: the models above whose price depends on something, and as many of the whole list."""
    rng = random.Random(20261101)
    listed = [(p.id, m.id, ("",)) for p in get_snapshot().providers for m in p.models]
    rng.shuffle(listed)
    by_the_token = filter(lambda each: _is_by_the_token(*each[:2]), listed)
    rows = []
    for i in range(200):
        provider, model, tiers = next(by_the_token) if i % 2 else rng.choice(SITUATIONS)
        total = rng.choice([rng.randint(0, 5_000), rng.randint(100_000, 400_000), 200_000, 272_000, 272_001])
        read, spoken = rng.randint(0, total), rng.randint(0, 3_000)
        short = rng.randint(0, total - read) if provider == "anthropic" else 0
        long = rng.randint(0, total - read - short) if provider == "anthropic" else 0
        moment = at("2025-06-01T00:00:00Z") + pd.Timedelta(minutes=rng.randint(0, 60 * 24 * 510))
        rows.append(
            (moment, provider, model, rng.choice(tiers), total, read, short, long, spoken, rng.randint(0, spoken))
        )
    return calls(*rows)


def _is_by_the_token(provider, model):
    try:
        return bool(listed_bands(provider, model, "", prices.NEWEST))
    except LookupError:
        return False


def test_prices_agree_with_the_list_call_by_call_and_so_does_a_price_file_made_of_it(tmp_path):
    frame = _situations()
    expected = [_one_by_one(row) for row in frame.itertuples()]
    listed = price_calls(frame, LIST)
    np.testing.assert_allclose(listed.total, expected, rtol=1e-9, atol=1e-15)
    path = tmp_path / "prices.yaml"
    wanted = {Wanted(row.provider, row.model) for row in frame.itertuples()}
    assert write_prices(path, sorted(wanted), as_of=dt.date(2026, 11, 1)).unknown == ()
    from_file = price_calls(frame, replace(LIST, file=read_price_file(path), file_name="prices.yaml"))
    np.testing.assert_array_equal(from_file.total, listed.total)
    assert from_file.unlisted_tiers == listed.unlisted_tiers
    assert from_file.source == "prices.yaml"


def _one_by_one(row):
    tokens = {"input_tokens": row.input_total, "cache_read_tokens": row.cache_read, "output_tokens": row.output,
              "output_reasoning_tokens": row.reasoning}  # fmt: skip
    if row.cache_write_5m or row.cache_write_1h:
        tokens |= {
            "cache_write_tokens": row.cache_write_5m + row.cache_write_1h,
            "cache_write_5m_tokens": row.cache_write_5m,
            "cache_write_1h_tokens": row.cache_write_1h,
        }
    context = {"batch": {"processing": "batch"}, "": None, "default": None}.get(row.tier, {"service_tier": row.tier})
    moment = row.time.to_pydatetime()
    found = calc_price(Usage(**tokens), row.model, provider_id=row.provider or None, genai_request_timestamp=moment,
                       price_context=context)  # fmt: skip
    return float(found.total_price)


def test_a_price_depends_on_the_day_of_the_call_and_not_on_today():
    # the list has 5 USD until and 4 USD from 2026-08-21 per million input tokens of this model
    frame = calls((at("2026-08-20T23:59:00Z"), "openai", "gpt-5.6-sol", "", 1000, 0, 0, 0, 0, 0),
                  (at("2026-08-21T00:01:00Z"), "openai", "gpt-5.6-sol", "", 1000, 0, 0, 0, 0, 0))  # fmt: skip
    assert price_calls(frame, LIST).total.tolist() == pytest.approx([0.005, 0.004])


def test_buckets_are_never_priced_as_one_request():
    # 1,000 calls of 1,000 input and 100 output tokens: as one call they would cross the tier of long contexts
    # (2.5 and 15 USD per million below 272,000 input tokens, 5 and 22.5 above): 7.25 in place of 4.00 USD
    start = at("2026-09-14T00:00:00Z")
    bucket = {"start": [start], "end": [start + pd.Timedelta(days=1)], "provider": ["openai"], "model": ["gpt-5.4"],
              "requests": [1000], "input_total": [1_000_000], "output": [100_000], "cache_read": [0]}  # fmt: skip
    assert price_buckets(buckets_frame(bucket, where="x"), LIST).total.sum() == pytest.approx(4.00)
    small = calls(*[(start, "openai", "gpt-5.4", "", 1_000, 0, 0, 0, 100, 0)] * 1000)
    assert price_calls(small, LIST).total.sum() == pytest.approx(4.00)
    as_one = calls((start, "openai", "gpt-5.4", "", 1_000_000, 0, 0, 0, 100_000, 0))
    assert price_calls(as_one, LIST).total.sum() == pytest.approx(7.25)


def test_a_call_that_failed_costs_nothing():
    frame = calls((at(), "perplexity", "sonar", "", 0, 0, 0, 0, 0, 0), status="error:rate_limit")
    assert price_calls(frame, LIST).total.tolist() == [0.0]


def test_a_tier_that_the_list_does_not_price_is_named():
    frame = calls((at("2025-09-14T09:00:00Z"), "openai", "gpt-4.1", "priority", 1000, 0, 0, 0, 0, 0))
    priced = price_calls(frame, LIST)
    assert priced.total.tolist() == pytest.approx([0.002])
    assert priced.unlisted_tiers == ("priority",)


@pytest.mark.parametrize(
    ("provider", "model", "near"),
    [
        ("openai", "gpt-4.1-mnii", "'gpt-4.1-mini'"),
        ("", "claude-sonet-4-5", "'claude-sonnet-4-5'"),
        ("openai", "ft:gpt-4o:org::id", "'ft:gpt-4o'"),
        ("acme", "gpt-4.1", "'gpt-4.1'"),  # a provider that the list does not know
        ("", "acme/gtp-4.1", "'gpt-4.1'"),
        ("", "my-modle", "'my-model'"),  # priced by the assessment itself
    ],
)
def test_an_unknown_model_is_asked_for_with_the_closest_names(provider, model, near):
    with pytest.raises(InputError) as caught:
        replace(LIST, own={"my-model": Rates(*[1e-6] * 6)}).quote(provider, model, "", prices.NEWEST)
    message = str(caught.value)
    assert message.startswith(f"assessment.yaml, cost.prices: no price is known for the model '{model}'")
    assert f"Did you mean {near}" in message
    assert "input_per_million" in message


@pytest.mark.parametrize(
    ("written", "provider", "model"),
    [
        ("azure/gpt-4.1", "azure", "gpt-4.1"),
        ("vertex_ai/gemini-2.5-pro", "google", "gemini-2.5-pro"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
    ],
)
def test_a_provider_that_is_written_into_the_name_is_understood(written, provider, model):
    assert LIST.bands("", written, "", prices.NEWEST) == LIST.bands(provider, model, "", prices.NEWEST)


def test_a_model_priced_by_the_hour_of_audio_is_asked_for_as_well():
    with pytest.raises(InputError, match="no price is known for the model 'whisper-large-v3'"):
        LIST.bands("groq", "whisper-large-v3", "", dt.datetime(2026, 9, 14, tzinfo=dt.UTC))


OWN = {"my-model": {"input_per_million": "2 USD", "cached_input_per_million": "0.5 USD", "output_per_million": "8 USD"}}


def test_prices_of_the_assessment_come_first(pilot):
    own = {"GPT-4.1": {"input_per_million": "1 USD", "output_per_million": "1 USD"}}
    frame = calls((at(), "openai", "gpt-4.1", "", 1000, 500, 0, 0, 100, 0))
    priced = price_calls(frame, book(pilot({"prices": own})))
    assert priced.total.tolist() == pytest.approx([1.1e-3])  # cached input at the full price unless a price is given
    assert priced.source == "prices given in the assessment"


def test_tokens_written_to_the_cache_have_their_own_price_where_one_is_given(pilot):
    own = {"m": {"input_per_million": "1 USD", "cache_write_per_million": "3 USD", "output_per_million": "1 USD"}}
    frame = calls((at(), "", "m", "", 1000, 0, 100, 50, 0, 0))
    assert price_calls(frame, book(pilot({"prices": own}))).total.tolist() == pytest.approx([850e-6 + 450e-6])


def test_amounts_without_a_token_are_fees_and_credits_even_where_a_model_stands_in(pilot):
    start = at("2026-09-14T00:00:00Z")
    rows = {"start": [start] * 3, "end": [start + pd.Timedelta(days=1)] * 3, "provider": "", "model": "",
            "requests": [10.0, 0.0, 0.0], "input_total": [1000.0, 0.0, 0.0], "output": [0.0] * 3,
            "cache_read": [0.0] * 3, "cost_usd": [np.nan, 7.0, -2.0]}  # fmt: skip
    priced = price_buckets(buckets_frame(rows, where="x"), book(pilot({"prices": OWN})))
    assert sorted(priced.total) == pytest.approx([0.0, 0.002, 7.0])  # the fee is paid again, the credit is not
    assert priced.credits == 2.0
    assert np.isfinite(priced.input_rate).all()


def test_a_log_without_model_names_takes_the_only_price_or_the_typed_model(pilot):
    frame = calls((at(), "", "", "", 1000, 400, 0, 0, 100, 0))
    assert price_calls(frame, book(pilot({"prices": OWN}))).total.tolist() == pytest.approx([2.2e-3])
    typed = {"model": "gpt-4.1", "input_tokens": 1, "output_tokens": 1}
    assert price_calls(frame, book(pilot({"per_request": typed}))).total.tolist() == pytest.approx([2.2e-3])
    with pytest.raises(InputError, match=r"does not name the model that was called.*give one price under cost.prices"):
        price_calls(frame, book(pilot({"prices": OWN | {"other": OWN["my-model"]}})))


def test_amounts_stated_in_the_log_stand_where_no_model_is_named():
    frame = calls((at(), "", "", "", 1000, 0, 0, 0, 100, 0), billed_usd=0.25)
    priced = price_calls(frame, LIST)
    assert (priced.total.tolist(), priced.source) == ([0.25], "amounts stated in the log")


def test_a_price_is_one_amount(pilot):
    own = {"my-model": {"input_per_million": "1 to 2 USD", "output_per_million": "8 USD"}}
    with pytest.raises(InputError, match=r"cost.prices.my-model: a price is one amount, not an interval"):
        book(pilot({"prices": own}))


def test_two_currencies_are_not_added_up(pilot):
    own = {"my-model": {"input_per_million": "2 EUR", "output_per_million": "8 EUR"}}
    frame = calls((at(), "", "my-model", "", 10, 0, 0, 0, 1, 0), (at(), "openai", "gpt-4.1", "", 10, 0, 0, 0, 1, 0))
    with pytest.raises(InputError, match="some prices are in EUR, some in USD, and nothing is converted"):
        price_calls(frame, book(pilot({"prices": own}, currency="EUR")))


def test_the_newest_price_is_asked_without_a_clock():
    assert prices.NEWEST.year == 9999
    assert LIST.bands("openai", "gpt-5.6-sol", "", prices.NEWEST).rates[0].input == pytest.approx(4e-6)
