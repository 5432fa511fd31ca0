"""Traces in several files, and files that cannot be: what counts once, and each message."""

import json

import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_several_spans, read_spans

T = 1_790_000_000  # seconds since 1970
HEADER = "trace_id,span_id,parent_id,name,start_s,end_s"
ROOT, CHILD = f"t,a,,ask,{T},{T + 4}", f"t,b,a,model,{T + 1},{T + 3}"
OTHER = f"u,c,,ask,{T + 5},{T + 6}"


@pytest.fixture
def read(tmp_path):
    def written(*files):
        paths = [tmp_path / f"spans_{i}.csv" for i in range(len(files))]
        for path, rows in zip(paths, files, strict=True):
            path.write_text("\n".join([HEADER, *rows]) + "\n")
        return read_several_spans(paths, where="assessment.yaml, line 5")

    return written


def test_a_trace_may_lie_in_two_files(read):
    found = from_spans(read([CHILD], [ROOT, OTHER]), where="")
    assert (found.n, found.stages, found.problems) == (2, ("model",), ())
    assert found.stage_s[0, 0] == pytest.approx(2)


def test_spans_that_two_files_hold_count_once_and_are_told(read):
    frame = read([ROOT, CHILD, CHILD], [ROOT, CHILD, OTHER])
    assert frame["span"].tolist() == ["a", "b", "c"]
    assert (frame.attrs["repeated_spans"], frame.attrs["doubled_spans"]) == (1, 2)
    found = from_spans(frame, where="")
    assert [(p.key, p.count) for p in found.problems] == [("repeated_span", 1), ("doubled_span", 2)]
    assert found.copies.tolist() == [[1], [0]]


def test_a_circle_over_two_files_is_found(read):
    assert read([ROOT, f"t,x,y,ring,{T},{T + 1}"], [f"t,y,x,ring,{T},{T + 1}"]).attrs["cyclic_spans"] == 2


def test_files_without_any_root_are_named(read):
    with pytest.raises(
        InputError, match=r"line 5, spans_0.csv, spans_1.csv: no trace has a root span: in each of the 2"
    ):
        read([CHILD], [f"u,d,c,model,{T},{T + 1}"])


def test_a_row_cut_off_is_a_step_that_never_ended(read):
    assert read([ROOT, "t,b,a"]).attrs["unfinished_spans"] == 1


def otlp(factor, **changes):
    made = {"traceId": "ab", "spanId": "01", "name": "x", "startTimeUnixNano": T * factor,
            "endTimeUnixNano": (T + 2) * factor} | changes  # fmt: skip
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [made]}]}]})


def jaeger(factor):
    made = {"traceID": "ab", "spanID": "01", "operationName": "x", "startTime": T * factor, "duration": 2 * factor}
    return json.dumps({"data": [{"traceID": "ab", "spans": [made], "processes": {}}]})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file holds no record"),
        (
            otlp(10**6),
            r"spans, record 1: the start of a span is no time of day in nanoseconds; it would be one in micro",
        ),
        (otlp(10**3), "it would be one in milliseconds. Valid: nanoseconds since 1970"),
        (otlp(1), "it would be one in seconds"),
        (otlp(10**9) + "\n" + otlp(10**6, spanId="02"), "record 2: the start of a span is no time of day"),
        (otlp(10**9) + "\n" + otlp(10**9)[:-30], "line 2: the line is not one whole JSON object"),
        (jaeger(10**9), "no time of day in microseconds; it would be one in nanoseconds"),
        (jaeger(10**3), "it would be one in milliseconds"),
        (f"{HEADER}\nt,a,,ask,nan,nan\nt,b,a,model,NaN,", "line 2 and 1 more|lines 2"),
        (f"{HEADER}\nt,a,,ask,,\nt,b,a,model,,", "holds no finished span"),
    ],
)
def test_what_cannot_be_read(tmp_path, text, message):
    path = tmp_path / "spans"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_spans(path, where="assessment.yaml, line 5")
