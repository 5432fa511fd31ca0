"""Reports of the Admin API and tables of the console: sums of tokens, costs by themselves, and both joined."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import UsageFile, read_usage

MODEL = "claude-sonnet-4-5-20250929"
CONSOLE = """\
usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,\
usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,\
usage_output_tokens,web_search_count
"""


def bucket(day, *results):
    return {"starting_at": f"2026-09-{day:02d}T00:00:00Z", "ending_at": f"2026-09-{day + 1:02d}T00:00:00Z",
            "results": list(results)}  # fmt: skip


def used(**changes):
    return {"uncached_input_tokens": 100, "cache_creation": {"ephemeral_5m_input_tokens": 30,
            "ephemeral_1h_input_tokens": 20}, "cache_read_input_tokens": 850, "output_tokens": 50, "model": MODEL,
            "service_tier": "batch", "server_tool_use": {"web_search_requests": 2}} | changes  # fmt: skip


@pytest.fixture
def file(tmp_path):
    def write(content, name="report.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps({"data": content, "has_more": False}))
        return path

    return write


def test_a_bucket_holds_its_tokens_by_kind(file):
    usage = read_usage([UsageFile(file([bucket(14, used()), bucket(15)]), requests=10)], where="")
    (row,) = usage.buckets.to_dict("records")
    assert (row["input_total"], row["cache_read"], row["cache_write_5m"], row["cache_write_1h"]) == (1000, 850, 30, 20)
    assert (row["output"], row["tier"], row["requests"], row["provider"]) == (50, "batch", 10, "anthropic")


def test_requests_that_it_does_not_count_are_asked_for(file):
    with pytest.raises(InputError, match=r"does not count requests.*\{file: report.json, requests: 9_000\}"):
        read_usage([file([bucket(14, used())])], where="")


def test_requests_are_shared_by_tokens_and_stay_whole(file):
    report = file([bucket(14, used()), bucket(15, used(uncached_input_tokens=1150)), bucket(16, used())])
    buckets = read_usage([UsageFile(report, requests=10)], where="").buckets
    # 1,050, 2,100 and 1,050 tokens of 4,200
    assert buckets["requests"].sum() == 10
    assert buckets["requests"].tolist() == [2, 6, 2]


def test_costs_are_in_cents_and_go_to_the_usage_of_their_day_and_model(file):
    usage = file([bucket(14, used()), bucket(15, used())])
    costs = file(
        [bucket(14, {"amount": "150.0", "currency": "USD", "model": MODEL, "token_type": "output_tokens"},
                {"amount": "50", "currency": "USD", "model": MODEL, "token_type": "uncached_input_tokens"},
                {"amount": "7", "currency": "USD", "model": None, "cost_type": "web_search"}),
         bucket(15, {"amount": "300", "currency": "USD", "model": MODEL})], "costs.json",
    )  # fmt: skip
    log = read_usage([UsageFile(usage, requests=10), costs], where="")
    rows = log.buckets[["requests", "model", "cost_usd"]].to_dict("records")
    assert {"requests": 0.0, "model": "", "cost_usd": 0.07} in rows  # a search, behind which no tokens stand
    assert log.buckets.loc[log.buckets["model"] == MODEL, "cost_usd"].tolist() == [2.0, 3.0]
    assert log.buckets["cost_usd"].sum() == pytest.approx(log.costs["cost_usd"].sum()) == pytest.approx(5.07)


def test_costs_alone_ask_for_the_usage_or_a_bill(file):
    costs = file([bucket(14, {"amount": "150.0", "currency": "USD", "model": MODEL})])
    with pytest.raises(InputError, match=r"neither tokens nor requests.*cost.bill: 30 USD for 9_000 requests"):
        read_usage([costs], where="")


def test_two_currencies_in_a_report_are_refused(file):
    costs = file([bucket(14, {"amount": "1", "currency": "USD"}), bucket(15, {"amount": "1", "currency": "EUR"})])
    with pytest.raises(InputError, match=r"report.json, bucket 2: amounts in USD.*EUR.*nothing is converted"):
        read_usage([costs], where="")


def test_the_consoles_tables_are_read_and_joined_by_the_models_shown_name(file):
    usage = file(CONSOLE + f"2026-09-14,{MODEL},pilot,Default,standard,0-200k,100,30,20,850,50,0\n", "usage.csv")
    costs = file("usage_date_utc,model,workspace,usage_type,token_type,cost_usd\n"
                 "2026-09-14,Claude Sonnet 4.5,Default,standard,output_tokens,1.25\n", "costs.csv")  # fmt: skip
    log = read_usage([UsageFile(usage, requests=4), costs], where="")
    (row,) = log.buckets.to_dict("records")
    assert (row["input_total"], row["cache_read"], row["cost_usd"]) == (1000, 850, 1.25)
    assert log.formats == ("Anthropic console usage (CSV)", "Anthropic console costs (CSV)")


def test_a_count_that_cannot_be_is_named(file):
    with pytest.raises(InputError, match="bucket 1: a count is not a whole number"):
        read_usage([UsageFile(file([bucket(14, used(output_tokens=True))]), requests=1)], where="")
    with pytest.raises(InputError, match=r"line 2: column 'usage_output_tokens' is not a number"):
        read_usage([file(CONSOLE + f"2026-09-14,{MODEL},p,D,s,0,1,0,0,0,many,0\n")], where="")
