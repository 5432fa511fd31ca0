"""The gateway's spend logs, as JSON and as CSV with JSON in its cells."""

import csv
import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_usage


def row(**changes):
    return {
        "request_id": "r1", "call_type": "acompletion", "spend": 0.002, "prompt_tokens": 900, "completion_tokens": 80,
        "total_tokens": 980, "startTime": "2026-09-14T08:15:46+00:00", "endTime": "2026-09-14T08:15:48+00:00",
        "model": "openai/gpt-4.1-mini", "custom_llm_provider": "openai", "cache_hit": "False", "status": "success",
        "end_user": "u1", "metadata": {"usage_object": {"prompt_tokens_details": {"cached_tokens": 512},
                                                        "completion_tokens_details": {"reasoning_tokens": 30}}},
    } | changes  # fmt: skip


@pytest.fixture
def calls(tmp_path):
    def read(*rows, as_csv=False):
        path = tmp_path / "logs"
        if as_csv:
            with path.open("w", newline="") as stream:
                writer = csv.DictWriter(stream, rows[0].keys())
                writer.writeheader()
                writer.writerows({k: json.dumps(v) if isinstance(v, dict) else v for k, v in r.items()} for r in rows)
        else:
            path.write_text(json.dumps(rows))
        usage = read_usage([path], where="")
        assert usage.formats == ("LiteLLM spend logs (JSON or CSV)",)
        return usage.calls

    return read


@pytest.mark.parametrize("as_csv", [False, True])
def test_one_row_becomes_one_call(calls, as_csv):
    (call,) = calls(row(), as_csv=as_csv).to_dict("records")
    assert (call["input_total"], call["cache_read"], call["output"], call["reasoning"]) == (900, 512, 80, 30)
    assert (call["provider"], call["model"], call["user"]) == ("openai", "gpt-4.1-mini", "u1")
    assert (call["latency_s"], call["billed_usd"], call["status"]) == (2.0, 0.002, "ok")


def test_an_anthropic_call_through_the_gateway_has_its_cache_inside(calls):
    usage = {"cache_read_input_tokens": 600, "cache_creation_input_tokens": 200}
    (call,) = calls(row(custom_llm_provider="bedrock", metadata={"usage_object": usage})).to_dict("records")
    assert (call["provider"], call["input_total"], call["cache_read"], call["cache_write_5m"]) == ("aws", 900, 600, 200)


def test_an_answer_out_of_the_gateways_own_cache_costs_nothing(calls):
    found = calls(row(cache_hit="True", spend=0), row(request_id="r2"))
    assert sorted(found["input_total"]) == [0, 900]


def test_a_failure_keeps_its_code(calls):
    failed = row(
        status="failure", prompt_tokens=0, completion_tokens=0, metadata={"error_information": {"error_code": "429"}}
    )
    assert calls(failed)["status"].tolist() == ["error:429"]


def test_a_row_without_a_count_is_named(calls):
    with pytest.raises(InputError, match=r"record 2: field 'prompt_tokens' is empty"):
        calls(row(), row(prompt_tokens=None))
