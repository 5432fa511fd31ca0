"""Answers of the Messages API, by the caller's own record or as batch results: input without the cache, made whole."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_usage
from flightready.telemetry.usage_anthropic import read


def answer(number=1, *, usage=None, **changes):
    counts = {"input_tokens": 100, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 2000,
              "output_tokens": 50, "service_tier": "standard"}  # fmt: skip
    return {"id": f"msg_{number}", "type": "message", "model": "claude-sonnet-4-5-20250929", "stop_reason": "end_turn",
            "usage": counts if usage is None else usage} | changes  # fmt: skip


def logged(number=1, response=None, **beside):
    return {"timestamp": f"2026-09-14T08:00:0{number}Z", "response": response or answer(number)} | beside


@pytest.fixture
def log(tmp_path):
    def write(*records):
        path = tmp_path / "messages.jsonl"
        path.write_text("".join(json.dumps(r) + "\n" for r in records))
        return path

    return write


def test_what_was_read_and_written_is_added_to_the_input(log):
    (call,) = read(log(logged(ticket_id="T-1", latency_ms=900, cost_usd=0.01))).to_dict("records")
    # 100 fresh, 2,000 read and 300 written: three different prices, one context of 2,400 tokens
    assert (call["input_total"], call["cache_read"], call["cache_write_5m"], call["cache_write_1h"]) == (
        2400,
        2000,
        300,
        0,
    )
    assert (call["output"], call["outcome"], call["latency_s"], call["billed_usd"]) == (50, "T-1", 0.9, 0.01)
    assert (call["provider"], call["tier"], call["status"]) == ("anthropic", "standard", "ok")


def test_tokens_written_for_an_hour_are_told_apart(log):
    usage = {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 30,
             "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}}  # fmt: skip
    calls = read(log(logged(response=answer(usage=usage))))
    assert calls[["input_total", "cache_write_5m", "cache_write_1h"]].iloc[0].tolist() == [31, 10, 20]


def test_parts_that_do_not_add_up_to_what_was_written_are_named(log):
    usage = {"input_tokens": 1, "output_tokens": 1, "cache_creation_input_tokens": 31,
             "cache_creation": {"ephemeral_5m_input_tokens": 10, "ephemeral_1h_input_tokens": 20}}  # fmt: skip
    with pytest.raises(InputError, match=r"record 2: field 'usage.cache_creation_input_tokens' is not the sum"):
        read(log(logged(1), logged(2, answer(2, usage=usage))))


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (answer(stop_reason="max_tokens"), "incomplete"),
        (answer(stop_reason="tool_use"), "ok"),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "a secret"}}, "error:overloaded_error"),
    ],
)
def test_how_a_call_ended(log, response, status):
    calls = read(log(logged(1, response), logged(2)))
    assert calls["status"].tolist() == [status, "ok"]


def test_results_of_a_batch_with_a_time_added(log):
    batch = [
        {"custom_id": "row-1", "timestamp": 1_790_000_000, "result": {"type": "succeeded", "message": answer(
            1, usage={"input_tokens": 5, "output_tokens": 6})}},
        {"custom_id": "row-2", "timestamp": 1_790_000_001, "result": {"type": "errored", "error": {
            "type": "error", "error": {"type": "invalid_request_error"}}}},
        {"custom_id": "row-3", "timestamp": 1_790_000_002, "result": {"type": "expired"}},
    ]  # fmt: skip
    calls = read(log(*batch))
    assert calls["outcome"].tolist() == ["row-1", "row-2", "row-3"]
    assert calls["tier"].tolist() == ["batch"] * 3
    assert calls["status"].tolist() == ["ok", "error:invalid_request_error", "error:expired"]


def test_results_of_a_batch_alone_have_no_time(log):
    path = log({"custom_id": "row-1", "result": {"type": "succeeded", "message": answer()}})
    with pytest.raises(InputError, match=r"record 1: field 'timestamp' is empty.*log the time"):
        read_usage([path], where="")


def test_a_record_that_is_no_call_is_refused(log):
    with pytest.raises(InputError, match=r"record 2: field 'usage.input_tokens' is empty in a call that did not fail"):
        read(log(logged(1), {"timestamp": "2026-09-14T08:00:02Z", "note": "hello"}))


def test_another_providers_answer_is_refused(log):
    other = {"id": "r", "object": "response", "usage": {"input_tokens": 1000, "output_tokens": 3}}
    with pytest.raises(InputError, match=r"record 2: .*own"):
        read(log(logged(1), logged(2, other)))


def test_negative_counts_are_named(log):
    with pytest.raises(InputError, match="record 1 has a negative value of cache read"):
        read(log(logged(response=answer(usage={"input_tokens": 9, "cache_read_input_tokens": -5, "output_tokens": 1}))))
