"""Model calls in traces: names of three generations of the conventions, failures, and spans that only sum up."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_spans, read_usage
from flightready.telemetry.usage_otel import read


def value(of):
    kinds = {str: "stringValue", int: "intValue", float: "doubleValue", bool: "boolValue"}
    if isinstance(of, list):
        return {"arrayValue": {"values": [value(v) for v in of]}}
    return {kinds[type(of)]: str(of) if isinstance(of, int) else of}


def span(number, *, parent="", trace="a" * 32, code=0, **attributes):
    return {
        "traceId": trace, "spanId": f"{number:016x}", **({"parentSpanId": f"{parent:016x}"} if parent else {}),
        "name": "n", "startTimeUnixNano": str(1_790_000_000_000_000_000 + number * 10**9),
        "endTimeUnixNano": str(1_790_000_000_500_000_000 + number * 10**9), "status": {"code": code},
        "attributes": [{"key": k.replace("__", "."), "value": value(v)} for k, v in attributes.items()],
    }  # fmt: skip


@pytest.fixture
def traces(tmp_path):
    def write(*spans, one_a_line=True):
        path = tmp_path / "spans.jsonl"
        groups = [[s] for s in spans] if one_a_line else [spans]
        path.write_text("".join(
            json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": list(g)}]}]}) + "\n" for g in groups))  # fmt: skip
        return path

    return write


CALL = {
    "gen_ai__operation__name": "chat", "gen_ai__provider__name": "aws.bedrock",
    "gen_ai__response__model": "claude-sonnet-4-5", "gen_ai__usage__input_tokens": 1500,
    "gen_ai__usage__output_tokens": 120, "gen_ai__usage__cache_read__input_tokens": 1000,
    "gen_ai__usage__cache_creation__input_tokens": 200, "gen_ai__request__max_tokens": 600,
    "gen_ai__response__finish_reasons": ["stop"], "gen_ai__conversation__id": "c1",
}  # fmt: skip


def test_the_current_names(traces):
    (call,) = read(traces(span(1, **CALL))).to_dict("records")
    assert (call["input_total"], call["cache_read"], call["cache_write_5m"], call["output"]) == (1500, 1000, 200, 120)
    assert (call["provider"], call["model"], call["session"]) == ("aws", "claude-sonnet-4-5", "c1")
    assert (call["status"], call["max_tokens"], call["latency_s"]) == ("ok", 600.0, 0.5)
    assert str(call["time"]) == "2026-09-21 14:13:21+00:00"


@pytest.mark.parametrize(
    "attributes",
    [
        {"gen_ai__system": "openai", "gen_ai__request__model": "m", "gen_ai__usage__prompt_tokens": 9,
         "gen_ai__usage__completion_tokens": 4},
        {"llm__vendor": "OpenAI", "llm__request__model": "m", "llm__usage__prompt_tokens": 9,
         "llm__usage__completion_tokens": 4},
        {"llm__provider": "openai", "llm__model_name": "openai/m", "llm__token_count__prompt": 9,
         "llm__token_count__completion": 4, "openinference__span__kind": "LLM"},
    ],
)  # fmt: skip
def test_older_names(traces, attributes):
    (call,) = read(traces(span(1, **attributes))).to_dict("records")
    assert (call["provider"], call["model"], call["input_total"], call["output"]) == ("openai", "m", 9, 4)


def test_a_failed_call_has_no_tokens_and_keeps_its_error(traces):
    failed = span(1, code=2, gen_ai__operation__name="chat", gen_ai__request__model="m", error__type="429")
    calls = read(traces(failed, span(2, **CALL)))
    assert calls["status"].tolist() == ["error:429", "ok"]
    assert calls["input_total"].tolist() == [0, 1500]


def test_an_answer_that_was_cut_off(traces):
    calls = read(traces(span(1, **CALL | {"gen_ai__response__finish_reasons": ["length"]})))
    assert calls["status"].tolist() == ["incomplete"]


def test_calls_of_one_trace_serve_one_outcome(traces):
    calls = read(traces(span(1, **CALL), span(2, parent=1, **CALL), span(3, trace="b" * 32, **CALL), one_a_line=False))
    # the first holds the second: a gateway that repeats the counts of the call below it
    assert calls["outcome"].tolist() == ["a" * 32, "b" * 32]


def test_an_agent_that_sums_up_its_calls_is_no_call(traces):
    agent = {**CALL, "gen_ai__operation__name": "invoke_agent", "gen_ai__usage__input_tokens": 3000}
    path = traces(span(1, **agent), span(2, parent=1), span(3, parent=2, **CALL), span(4, parent=2, **CALL))
    calls = read(path)
    assert calls["input_total"].tolist() == [1500, 1500]
    assert calls.attrs["summing_spans"] == 1


def test_a_gateway_above_a_client_counts_once_over_several_levels(traces):
    path = traces(span(1, **CALL), span(2, parent=1), span(3, parent=2), span(4, parent=3, **CALL))
    assert len(read(path)) == 1


def test_the_same_file_is_read_as_spans(traces):
    path = traces(span(1), span(2, parent=1, **CALL), one_a_line=False)
    assert len(read_spans(path, where="")) == 2
    assert len(read_usage([path], where="").calls) == 1


def test_the_sample_has_the_same_calls_in_its_traces_and_in_its_log(support_triage):
    from_spans = read_usage([support_triage / "spans.jsonl"], where="").calls
    from_log = read_usage([support_triage / "usage.jsonl"], where="").calls
    assert len(from_spans) > 100
    assert set(from_spans["provider"]) == set(from_log["provider"])
    assert set(zip(from_spans["input_total"], from_spans["output"], strict=True)) <= set(
        zip(from_log["input_total"], from_log["output"], strict=True)
    )


def test_more_cached_than_input_is_named(traces):
    # an instrumentation that counts cached tokens beside the input must not pass unseen
    with pytest.raises(InputError, match="record 1 has more cached tokens than input tokens"):
        read(traces(span(1, **CALL | {"gen_ai__usage__cache_read__input_tokens": 5000})))


def test_traces_without_a_model_call_are_not_a_usage_log(traces):
    with pytest.raises(InputError, match="a file of another kind: OpenTelemetry traces"):
        read_usage([traces(span(1))], where="")
