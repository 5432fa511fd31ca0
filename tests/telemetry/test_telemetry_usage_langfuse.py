"""Observations of the API, of the console's export and of the export to storage."""

import pytest
from langfuse_files import write_observations

from flightready.errors import InputError
from flightready.telemetry import read_usage


def seen(**changes):
    return {
        "id": "g1", "traceId": "t1", "type": "GENERATION", "startTime": "2026-09-14T08:15:46.000Z",
        "endTime": "2026-09-14T08:15:47.500Z", "level": "DEFAULT", "model": "gpt-4.1-mini", "userId": "u1",
        "usageDetails": {"input": 388, "input_cached_tokens": 512, "output": 50, "output_reasoning_tokens": 30,
                         "total": 980}, "costDetails": {"total": 0.002},
    } | changes  # fmt: skip


SNAKE = {
    "id": "g1", "trace_id": "t1", "type": "GENERATION", "start_time": "2026-09-14 08:15:46.000000",
    "end_time": "2026-09-14 08:15:47.500000", "level": "DEFAULT", "provided_model_name": "gpt-4.1-mini",
    "user_id": "u1", "usage_details": {"input": 388, "input_cached_tokens": 512, "output": 50,
                                       "output_reasoning_tokens": 30, "total": 980},
    "cost_details": {"total": 0.002},
}  # fmt: skip


@pytest.fixture
def calls(tmp_path):
    def read(*records, form="jsonl"):
        path = tmp_path / "observations"
        write_observations(path, records, form)
        usage = read_usage([path], where="")
        assert usage.formats == ("Langfuse observations (JSON or CSV)",)
        return usage.calls

    return read


@pytest.mark.parametrize("form", ["jsonl", "page", "csv"])
@pytest.mark.parametrize("record", [seen(), SNAKE], ids=["api", "storage"])
def test_kinds_of_tokens_stand_beside_one_another(calls, record, form):
    (call,) = calls(record, form=form).to_dict("records")
    assert (call["input_total"], call["cache_read"], call["output"], call["reasoning"]) == (900, 512, 80, 30)
    assert (call["model"], call["outcome"], call["user"]) == ("gpt-4.1-mini", "t1", "u1")
    assert (call["latency_s"], call["billed_usd"]) == (1.5, 0.002)


def test_a_total_that_shows_the_cache_inside_the_input_is_believed(calls):
    details = {"input": 900, "input_cached_tokens": 512, "output": 80, "total": 980}
    (call,) = calls(seen(usageDetails=details)).to_dict("records")
    assert (call["input_total"], call["cache_read"]) == (900, 512)


@pytest.mark.parametrize(
    "old",
    [{"usage": {"input": 900, "output": 80, "total": 980, "unit": "TOKENS"}},
     {"usage": {"promptTokens": 900, "completionTokens": 80}}, {"promptTokens": 900, "completionTokens": 80}],
)  # fmt: skip
def test_older_counts(calls, old):
    (call,) = calls({k: v for k, v in seen().items() if k != "usageDetails"} | old).to_dict("records")
    assert (call["input_total"], call["output"]) == (900, 80)


def test_only_observations_of_a_model_are_calls(calls):
    found = calls(seen(), seen(id="s", type="SPAN", usageDetails={}), seen(id="e", type="EVENT", usageDetails={}))
    assert found["request"].tolist() == ["g1"]


def test_an_error_has_no_tokens(calls):
    found = calls(seen(), seen(id="g2", level="ERROR", usageDetails={}, statusMessage="a secret"))
    assert found["status"].tolist() == ["ok", "error:unknown"]


def test_characters_are_not_tokens(calls):
    record = {k: v for k, v in seen().items() if k != "usageDetails"}
    with pytest.raises(InputError, match=r"record 1: field 'usage.unit' is not tokens"):
        calls(record | {"usage": {"input": 9, "output": 8, "unit": "CHARACTERS"}})


def test_a_call_without_counts_is_named(calls):
    with pytest.raises(InputError, match=r"record 2: field 'usageDetails.input' is empty"):
        calls(seen(), seen(id="g2", usageDetails={}))
