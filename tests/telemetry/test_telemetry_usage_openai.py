"""The log of response objects and the organisation's export, line by line."""

import datetime as dt
import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_usage
from flightready.telemetry.usage_openai import read as read_log
from flightready.telemetry.usage_openai_buckets import read as read_export


def response(number=1, **changes):
    record = {
        "id": f"resp_{number}", "object": "response", "created_at": 1_790_000_000 + number, "status": "completed",
        "model": "gpt-4.1-2025-04-14", "service_tier": "default", "max_output_tokens": 600, "latency_ms": 1500,
        "usage": {"input_tokens": 1000, "input_tokens_details": {"cached_tokens": 256}, "output_tokens": 90,
                  "output_tokens_details": {"reasoning_tokens": 64}},
        "metadata": {"ticket_id": "T-1", "attempt": "1"},
    }  # fmt: skip
    return record | changes


@pytest.fixture
def log(tmp_path):
    def write(*records, name="usage.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(r) + "\n" for r in records))
        return path

    return write


def test_one_response_becomes_one_call(log):
    (call,) = read_log(log(response())).to_dict("records")
    assert call["time"].to_pydatetime() == dt.datetime.fromtimestamp(1_790_000_001, tz=dt.UTC)
    assert (call["input_total"], call["cache_read"], call["output"], call["reasoning"]) == (1000, 256, 90, 64)
    assert (call["outcome"], call["attempt"], call["status"], call["latency_s"]) == ("T-1", 1, "ok", 1.5)
    assert (call["provider"], call["model"], call["max_tokens"]) == ("openai", "gpt-4.1-2025-04-14", 600.0)


def test_a_failed_call_has_no_tokens_and_keeps_its_code(log):
    failed = response(status="failed", usage=None, error={"code": "rate_limit_exceeded"})
    (call,) = read_log(log(failed)).to_dict("records")
    assert (call["status"], call["input_total"], call["output"]) == ("error:rate_limit_exceeded", 0, 0)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"status": "incomplete"}, "incomplete"),
        ({"status": "cancelled", "usage": None}, "error:cancelled"),
        ({"usage": None}, "error:no usage"),
        ({"object": "chat.completion", "status": None, "choices": [{"finish_reason": "length"}]}, "incomplete"),
        ({"object": "chat.completion", "status": None, "choices": [{"finish_reason": "stop"}]}, "ok"),
    ],
)
def test_how_a_call_ended(log, changes, status):
    assert read_log(log(response(**changes)))["status"].tolist() == [status]


def test_chat_completions_have_their_own_names(log):
    record = {"id": "c1", "object": "chat.completion", "created": 1_790_000_000, "model": "gpt-4o-2024-11-20",
              "choices": [{"finish_reason": "stop"}],
              "usage": {"prompt_tokens": 50, "completion_tokens": 7, "prompt_tokens_details": {"cached_tokens": 8},
                        "completion_tokens_details": {"reasoning_tokens": 3}}}  # fmt: skip
    (call,) = read_log(log(record)).to_dict("records")
    assert (call["input_total"], call["cache_read"], call["output"], call["reasoning"]) == (50, 8, 7, 3)
    assert call["outcome"] == "c1"  # nothing says that calls belong together


def test_attempts_of_one_ticket_share_an_outcome(log):
    calls = read_log(
        log(response(1), response(2, metadata={"ticket_id": "T-1", "attempt": "2"}), response(3, metadata={}))
    )
    assert calls["outcome"].tolist() == ["T-1", "T-1", "resp_3"]
    assert calls["attempt"].tolist() == [1, 2, 1]


def test_a_response_inside_a_record_of_the_caller(log):
    body = {k: v for k, v in response().items() if k not in ("latency_ms", "metadata")}
    wrapped = {"timestamp": "2026-09-21T10:00:00+02:00", "latency_ms": 700, "ticket_id": "T-9", "response": body}
    batch = {"id": "b1", "custom_id": "row-1", "response": {"status_code": 200, "body": body | {"id": "resp_2"}}}
    calls = read_log(log(wrapped, batch))
    assert calls["outcome"].tolist() == ["T-9", "row-1"]
    assert calls["latency_s"].iloc[0] == 0.7
    # the response's own tier says how it was billed; without one the batch interface does
    assert calls["tier"].tolist() == ["default", "default"]
    del body["service_tier"]
    assert read_log(log({**batch, "response": {"body": body}}))["tier"].tolist() == ["batch"]


def test_a_time_in_milliseconds_or_as_text_is_read_as_well(log):
    calls = read_log(log(response(created_at=1_790_000_000_000), response(2, created_at="2026-09-21T14:13:20Z")))
    assert set(calls["time"].astype("str")) == {"2026-09-21 14:13:20+00:00"}


def test_a_line_cut_off_is_named_with_file_line_and_cure_and_without_its_content(tmp_path):
    lines = [json.dumps(response(n, output="a secret answer")) for n in (1, 2, 3)]
    path = tmp_path / "usage.jsonl"
    path.write_text("\n".join([*lines[:2], lines[2][:150]]))
    with pytest.raises(InputError) as caught:
        read_usage([path], where="assessment.yaml, line 9, cost.usage")
    message = str(caught.value)
    assert message.startswith("assessment.yaml, line 9, cost.usage, usage.jsonl, line 3: ")
    assert "delete this line" in message
    assert "secret" not in message


def test_a_broken_first_line_is_told_as_the_first(tmp_path):
    path = tmp_path / "usage.jsonl"
    path.write_text(json.dumps(response(1))[:80] + "\n" + json.dumps(response(2)) + "\n")
    with pytest.raises(InputError, match="line 1"):
        read_usage([path], where="")


@pytest.mark.parametrize(
    ("usage", "message"),
    [
        ({"input_tokens": -5, "output_tokens": 1}, "record 2 has a negative value of input total"),
        ({"input_tokens": 10, "input_tokens_details": {"cached_tokens": 11}, "output_tokens": 1},
         "record 2 has more cached tokens than input tokens"),
        ({"input_tokens": 10, "output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 2}},
         "record 2 has more reasoning tokens than output tokens"),
        ({"input_tokens": 10.5, "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a whole number"),
        ({"input_tokens": "many", "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a number"),
    ],
)  # fmt: skip
def test_counts_that_cannot_be_are_named_by_their_record(log, usage, message):
    with pytest.raises(InputError, match=message):
        read_log(log(response(1), response(2, usage=usage)))


def test_a_call_without_a_time_is_refused(log):
    with pytest.raises(InputError, match=r"record 2: field 'created_at' is empty.*log the time"):
        read_log(log(response(1), response(2, created_at=None)))


def test_another_providers_records_in_the_same_file_are_refused(log):
    # this format counts cached tokens beside the input: read as the other it would be priced wrongly
    other = {"id": "msg_1", "type": "message", "created_at": 1_790_000_000,
             "usage": {"input_tokens": 10, "cache_read_input_tokens": 5000, "output_tokens": 3}}  # fmt: skip
    with pytest.raises(InputError, match=r"record 2: .*no response of this provider"):
        read_log(log(response(1), other))


def test_calls_that_two_files_share_count_once(log):
    first = log(response(1), response(2), name="a.jsonl")
    second = log(response(2), response(3), name="b.jsonl")
    usage = read_usage([first, second], where="")
    assert usage.calls["request"].tolist() == ["resp_1", "resp_2", "resp_3"]
    assert usage.doubled_calls == 1


def test_a_file_with_no_call_says_so(tmp_path):
    path = tmp_path / "usage.json"
    for empty in ("[]", " \n", '{"object": "page", "data": []}'):
        path.write_text(empty)
        with pytest.raises(InputError, match=r"holds no (record|request)"):
            read_usage([path], where="")


def page(*buckets, **changes):
    return {"object": "page", "data": list(buckets), "has_more": False} | changes


def bucket(day, *results):
    start = 1_789_948_800 + 86_400 * day
    return {"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": list(results)}


def result(**changes):
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": 900,
        "output_tokens": 80,
        "input_cached_tokens": 128,
        "num_model_requests": 3,
        "model": "gpt-4.1-mini-2025-04-14",
    } | changes


def test_buckets_by_model_with_empty_ones_left_out(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(page(bucket(1, result(), result(model=None)), bucket(0), bucket(2, result())), indent=1))
    frame = read_export(path)
    assert frame["requests"].tolist() == [3, 3, 3]
    assert sorted(frame["model"]) == ["", "gpt-4.1-mini-2025-04-14", "gpt-4.1-mini-2025-04-14"]
    assert (frame["end"] - frame["start"]).dt.total_seconds().unique().tolist() == [86_400.0]


def test_several_pages_one_a_line(tmp_path):
    path = tmp_path / "pages.jsonl"
    path.write_text("\n".join(json.dumps(page(bucket(d, result()))) for d in (0, 1)))
    usage = read_usage([path], where="")
    assert usage.calls is None
    assert len(usage.buckets) == 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"input_cached_tokens": 901}, "record 1 has more cached tokens"),
        ({"num_model_requests": -1}, "negative value of requests"),
        ({"output_tokens": "80"}, "bucket 1: a count is not a whole number"),
    ],
)
def test_buckets_that_cannot_be(tmp_path, changes, message):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(page(bucket(0, result(**changes)), bucket(1, result()))))
    with pytest.raises(InputError, match=message):
        read_export(path)
