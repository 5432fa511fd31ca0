"""OpenTelemetry traces: every way to write them, and traces that are broken."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import read_spans

START = 1_790_000_000_000_000_000


def span(number, parent="", *, trace="0af7651916cd43dd8448eb211c80319c", length_ms=100, **changes):
    made = {
        "traceId": trace,
        "spanId": f"{number:016x}",
        "name": f"step {number}",
        "startTimeUnixNano": str(START + number),
        "endTimeUnixNano": str(START + number + length_ms * 1_000_000),
    }
    return made | ({"parentSpanId": parent} if parent else {}) | changes


def request(*spans, service="router"):
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


@pytest.fixture
def spans(tmp_path):
    def read(document, *, lines=False):
        path = tmp_path / "spans.json"
        path.write_text("\n".join(map(json.dumps, document)) if lines else json.dumps(document, indent=2))
        return read_spans(path, where="assessment.yaml, line 5, latency.spans")

    return read


ROOT, CHILD = span(1), span(2, f"{1:016x}")


@pytest.mark.parametrize("lines", [False, True])
def test_one_document_or_one_a_line(spans, lines):
    document = [request(ROOT), request(CHILD)] if lines else request(ROOT, CHILD)
    frame = spans(document, lines=lines)
    assert frame["parent"].tolist() == ["", f"{1:016x}"]
    assert frame["service"].tolist() == ["router", "router"]
    assert (frame["end_s"] - frame["start_s"]).round(6).tolist() == [0.1, 0.1]


def test_a_list_of_export_requests_and_names_with_underscores(spans):
    snake = {"resource_spans": [{"scope_spans": [{"spans": [
        {"trace_id": "AB", "span_id": "CD", "name": "x", "start_time_unix_nano": START, "end_time_unix_nano": START + 5}
    ]}]}]}  # fmt: skip
    frame = spans([request(ROOT), snake])
    assert frame["trace"].tolist()[1] == "ab"  # ids are hexadecimal, their case means nothing
    assert frame["service"].tolist()[1] == ""


def test_spans_in_a_circle_are_not_a_trace(spans):
    with pytest.raises(InputError, match="every span is above itself in a circle"):
        spans(request(span(1, f"{2:016x}"), span(2, f"{1:016x}")))


def test_status_and_times_as_number_or_text(spans):
    failed = span(
        2, f"{1:016x}", status={"code": "STATUS_CODE_ERROR"}, startTimeUnixNano=START, endTimeUnixNano=START + 10**9
    )
    frame = spans(request(ROOT | {"status": {"code": 1}}, failed, span(3, f"{1:016x}", status={"code": 2})))
    assert frame["status_ok"].tolist() == [True, False, False]
    assert frame["end_s"].iloc[1] - frame["start_s"].iloc[1] == pytest.approx(1.0, abs=1e-6)


def test_a_parent_of_zeros_is_no_parent(spans):
    assert spans(request(ROOT | {"parentSpanId": "0000000000000000"}))["parent"].tolist() == [""]


def test_single_broken_traces_are_counted_and_not_fatal(spans):
    lost = span(7, "00000000000000ff", trace="b" * 32)
    unfinished = span(8, f"{1:016x}", endTimeUnixNano=0)
    backwards = span(9, f"{1:016x}", endTimeUnixNano=START - 10**9)
    frame = spans(request(ROOT, CHILD, CHILD, lost, unfinished, backwards))
    assert frame.attrs == {"unfinished_spans": 1, "impossible_spans": 1, "repeated_spans": 1, "cyclic_spans": 0,
                           "traces_without_root": 1}  # fmt: skip
    assert len(frame) == 3


def test_no_trace_with_a_root(spans):
    with pytest.raises(InputError) as caught:
        spans(request(CHILD, span(3, f"{1:016x}", trace="c" * 32)))
    message = str(caught.value)
    assert message.startswith("assessment.yaml, line 5, latency.spans, spans.json: no trace has a root span")
    assert "each of the 2 traces" in message
    assert "export whole traces" in message


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (request(), "holds no finished span"),
        (request(span(1, startTimeUnixNano="yesterday")), "not a whole number of nanoseconds"),
        (request(span(1, spanId="")), "record 1 has no trace id or no span id"),
        ({"object": "page", "data": []}, "another kind: OpenAI usage export"),
        ({"anything": 1}, "the format is not known.*OpenTelemetry"),
    ],
)
def test_what_cannot_be_read(spans, document, message):
    with pytest.raises(InputError, match=message):
        spans(document)


def test_a_line_cut_off_names_its_number(tmp_path):
    path = tmp_path / "spans.jsonl"
    path.write_text(json.dumps(request(ROOT)) + "\n" + json.dumps(request(CHILD))[:-20] + "\n")
    with pytest.raises(InputError, match=r"spans.jsonl, line 2: the line is not one whole JSON object"):
        read_spans(path, where="")
