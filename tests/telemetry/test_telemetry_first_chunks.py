"""When the first chunk came, in every way that traces say it."""

import json
import math

import numpy as np
import pytest

from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans
from flightready.telemetry.first_chunks import stated_first

T = 1_790_000_000  # seconds since 1970


def otlp(attributes=(), events=(), *, length=2.0):
    made = {
        "traceId": "ab", "spanId": "01", "name": "chat", "startTimeUnixNano": str(T * 10**9),
        "endTimeUnixNano": str(T * 10**9 + round(length * 1e9)),
        "attributes": [{"key": key, "value": value} for key, value in attributes],
        "events": [{"name": name, "timeUnixNano": str(T * 10**9 + round(at * 1e9))} for name, at in events],
    }  # fmt: skip
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [made]}]}]})


def jaeger(tags=(), logs=()):
    made = {
        "traceID": "ab", "spanID": "01", "operationName": "chat", "startTime": T * 10**6, "duration": 2_000_000,
        "tags": [{"key": key, "value": value} for key, value in tags],
        "logs": [{"timestamp": T * 10**6 + round(at * 1e6), "fields": [{"key": "event", "value": name}]}
                 for name, at in logs],
    }  # fmt: skip
    return json.dumps({"data": [{"traceID": "ab", "spans": [made], "processes": {}}]})


def langfuse(**changes):
    return json.dumps({"id": "a", "traceId": "t", "parentObservationId": None, "type": "GENERATION", "name": "chat",
                       "startTime": "2026-09-21T14:13:20Z", "endTime": "2026-09-21T14:13:22Z"} | changes)  # fmt: skip


def table(column, value):
    return f"trace_id,span_id,parent_id,name,start_s,end_s,{column}\nt,a,,chat,{T},{T + 2},{value}"


@pytest.fixture
def read(tmp_path):
    def written(text):
        path = tmp_path / "spans"
        path.write_text(text + "\n")
        return read_spans(path, where="")

    return written


@pytest.mark.parametrize(
    "text",
    [
        otlp([("gen_ai.response.time_to_first_chunk", {"doubleValue": 0.5})]),
        otlp([("gen_ai.server.time_to_first_token", {"stringValue": "0.5"})]),
        otlp([("gen_ai.server.time_to_first_token", {"intValue": "500"})]),  # written in milliseconds by some
        otlp([("ai.response.msToFirstChunk", {"intValue": "500"})]),
        otlp([("llm.ttft_ms", {"doubleValue": 500})]),
        otlp([("langfuse.observation.completion_start_time", {"stringValue": '"2026-09-21T14:13:20.500Z"'})]),
        otlp(events=[("gen_ai.content.completion.chunk", 0.9), ("gen_ai.content.completion.chunk", 0.5)]),
        otlp(events=[("First Token Stream Event", 0.5)]),
        otlp([("gen_ai.response.time_to_first_chunk", {"doubleValue": 0.5})], [("first_token", 0.6)]),
        jaeger([("gen_ai.response.time_to_first_chunk", 0.5)]),
        jaeger(logs=[("ai.stream.firstChunk", 0.5)]),
        langfuse(completionStartTime="2026-09-21T14:13:20.500Z"),
        langfuse(timeToFirstToken=0.5),
        table("ttft_ms", 500),
        table("Time to first token (s)", 0.5),
        table("first_token_s", 0.5),
        table("ttft", 500),
        table("completion_start_time", "2026-09-21T14:13:20.5Z"),
    ],
)
def test_half_a_second_however_it_is_written(read, text):
    frame = read(text)
    assert frame["first_s"].tolist() == pytest.approx([T + 0.5], abs=1e-6)
    assert from_spans(frame, where="").first_s.tolist() == pytest.approx([0.5], abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        otlp(),
        otlp([("gen_ai.response.time_to_first_chunk", {"stringValue": "soon"}), ("ttft", {"boolValue": True})]),
        otlp(events=[("gen_ai.content.completion", 1.9), ("exception", 0.1)]),  # the whole text, after the stream
        otlp([("gen_ai.usage.output_tokens", {"intValue": "12"})]),
        jaeger(), langfuse(), table("note", "x"), table("ttft_ms", ""),
    ],
)  # fmt: skip
def test_what_does_not_say_it_is_unknown(read, text):
    frame = read(text)
    assert np.isnan(frame["first_s"]).all()
    assert "impossible_first_chunks" not in frame.attrs


def test_a_first_chunk_outside_its_span_is_unknown_and_counted(read):
    rows = [f"t{i},a,,chat,{T},{T + 2},{400 if i else 9000}" for i in range(20)]
    frame = read("\n".join(["trace_id,span_id,parent_id,name,start_s,end_s,ttft_ms", *rows]))
    assert np.isnan(frame["first_s"]).tolist() == [True] + [False] * 19
    assert frame.attrs["impossible_first_chunks"] == 1
    assert next((p.key, p.count) for p in from_spans(frame, where="").problems) == ("impossible_first", 1)


def test_the_moment_of_an_event_that_has_none_is_left_out():
    assert stated_first([], [("first_token", math.nan)]) is None


def test_llmperf_states_it_for_the_request(tmp_path):
    path = tmp_path / "responses.json"
    path.write_text(json.dumps([
        {"error_code": None, "ttft_s": 0.5, "end_to_end_latency_s": 2.0},
        {"error_code": 429, "ttft_s": 0, "end_to_end_latency_s": 0},
    ]))  # fmt: skip
    found = from_spans(read_spans(path, where=""), where="")
    assert found.first_s[0] == pytest.approx(0.5)
    assert np.isnan(found.first_s[1])
