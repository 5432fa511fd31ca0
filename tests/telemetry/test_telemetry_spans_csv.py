"""Spans as CSV: units in the header, parents that are none, and tables that are broken."""

import numpy as np
import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans

T = 1_790_000_000  # seconds since 1970
HEADER = "trace_id,span_id,parent_id,name,start_s,end_s"


@pytest.fixture
def spans(tmp_path):
    def read(*lines):
        path = tmp_path / "spans.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_spans(path, where="assessment.yaml, line 5, latency.spans")

    return read


@pytest.mark.parametrize(
    ("start", "length", "row"),
    [
        ("StartTimeUnixNano", "EndTimeUnixNano", f"{T}500000000,{T + 1}750000000"),
        ("start_ms", "duration_ms", f"{T}500,1250"),
        ("Start Time (us)", "Duration [µs]", f"{T}500000,1250000"),
        ("start_time", "durationSeconds", f"{T}.5,1.25"),
        ("startTimeMillis", "latency (s)", f"{T}500,1.25"),
        ("start_time", "end_time", "2026-09-21T14:13:20.5Z,2026-09-21T14:13:21.75Z"),
        ("timestamp", "duration-ns", "2026-09-21 14:13:20.500,1250000000"),
    ],
)
def test_units_stand_in_the_header(spans, start, length, row):
    frame = spans(f"traceId,spanId,parentSpanId,operation,{start},{length}", f"t,a,,ask,{row}")
    assert frame["start_s"].tolist() == pytest.approx([T + 0.5], abs=1e-6)
    assert (frame["end_s"] - frame["start_s"]).tolist() == pytest.approx([1.25], abs=1e-6)
    assert "times_of_day_unknown" not in frame.attrs


@pytest.mark.parametrize("factor", [1, 1_000, 1_000_000, 1_000_000_000])
def test_a_duration_without_a_unit_takes_the_one_that_agrees(spans, factor):
    rows = [f"t{i},a,root,ask,{T},{T + i},{i * factor}" for i in range(1, 6)]
    frame = spans(f"{HEADER},Duration", *rows, f"t9,a,root,ask,{T},,{3 * factor}")
    assert "contradicted_durations" not in frame.attrs
    assert (frame["end_s"] - frame["start_s"]).tolist() == [1, 2, 3, 4, 5, 3]


def test_start_and_end_count_where_one_column_mixes_units(spans):
    rows = [f"t{i},a,,ask,{T},{T + i},{i * 1000 if i < 5 else i}" for i in range(1, 6)]
    frame = spans(f"{HEADER},duration", *rows)
    assert (frame["end_s"] - frame["start_s"]).tolist() == [1, 2, 3, 4, 5]
    assert frame.attrs["contradicted_durations"] == 1
    assert "contradicted_duration" in [p.key for p in from_spans(frame, where="").problems]


@pytest.mark.parametrize("none", ["root", "", "-", "None", "NULL", "0000000000000000"])
def test_ways_to_say_that_there_is_no_parent(spans, none):
    assert spans(HEADER, f"t,a,{none},ask,{T},{T + 1}", f"t,b,a,model,{T},{T + 1}")["parent"].tolist() == ["", "a"]


@pytest.mark.parametrize(
    ("column", "fine", "failed"),
    [("error", ["", "false", "0"], ["true", "1", "timeout"]), ("status", ["OK", "200", "Unset"], ["ERROR", "500", "2"]),
     ("otel.status_code", ["", "STATUS_CODE_OK", "1"], ["STATUS_CODE_ERROR", "429", "failed"])],
)  # fmt: skip
def test_errors(spans, column, fine, failed):
    frame = spans(f"{HEADER},{column}", *(f"t{i},a,,ask,{T},{T + 1},{s}" for i, s in enumerate([*fine, *failed])))
    assert frame["status_ok"].tolist() == [True] * 3 + [False] * 3


def test_starts_within_a_recording_are_no_times_of_day(spans):
    frame = spans("trace,span,parent,name,start_ms,duration_ms", "t,a,,ask,0,300", "t,b,a,model,100,50")
    assert frame.attrs["times_of_day_unknown"]
    found = from_spans(frame, where="")
    assert (found.total_s.tolist(), found.stage_s.tolist()) == ([0.3], [[pytest.approx(0.05)]])
    assert np.isnan(found.started_s).all()
    assert ("no_time_of_day", 1) in [(p.key, p.count) for p in found.problems]


def test_broken_spans_are_counted_and_left_out(spans):
    frame = spans(
        HEADER, f"t,b,a,model,{T},{T + 1}", f"t,a,,ask,{T},{T + 2}",  # a child before its parent
        f"t,b,a,model,{T},{T + 1}",  # twice
        f"t,c,a,back,{T + 1},{T}", f"t,d,a,open,{T},", f"t,e,a,open,{T},0",
        f"t,x,y,ring,{T},{T + 1}", f"t,y,x,ring,{T},{T + 1}", f"t,z,z,itself,{T},{T + 1}", f"t,k,y,below,{T},{T + 1}",
    )  # fmt: skip
    assert frame["span"].tolist() == ["b", "a", "k"]
    assert frame.attrs == {"unfinished_spans": 2, "impossible_spans": 1, "repeated_spans": 1, "cyclic_spans": 3,
                           "traces_without_root": 0}  # fmt: skip
    assert {p.key: p.count for p in from_spans(frame, where="").problems} == {
        "missing_parent": 1, "unfinished_span": 2, "repeated_span": 1, "impossible_span": 1, "span_in_cycle": 3,
    }  # fmt: skip


def test_one_span_is_one_request(spans):
    found = from_spans(spans(HEADER, f"t,a,-,ask,{T},{T + 2}"), where="")
    assert (found.n, found.stages, found.total_s.tolist()) == (1, (), [2.0])


@pytest.mark.parametrize("services", [1, 2])
def test_a_tree_of_ten_thousand_steps_downwards(spans, services):
    deep = 10_000
    rows = [
        f"t,s{i},{f's{i - 1}' if i else 'root'},step {i},{T},{T + 2 - i / deep},{i % services}" for i in range(deep)
    ]
    frame = spans(f"{HEADER},service", *reversed(rows))
    assert (len(frame), frame.attrs["cyclic_spans"]) == (deep, 0)
    assert from_spans(frame, where="").total_s.tolist() == [2.0]


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        ("trace_id,span_id,parent_id,start_s,duration", f"t,a,,{T},5", "'duration' does not say its unit"),
        (HEADER, f"t,a,,ask,soon,{T}", r"spans.csv, line 2: column 'start_s' is not a number"),
        ("trace,span,parent,start,end", f"t,a,,soon,{T}", r"line 2: column 'start' is not a time"),
        ("trace,span,parent,start,end", "t,a,,0,1500", "line 2: column 'start' is no time of day"),
        (HEADER, f"t,a,,ask,{T}000,{T}900", r"line 2: column 'start_s' is not a time in the unit"),
        (
            HEADER,
            f"t,a,,ask,{T},{T + 1}\nt,b,a,ask,{T // 1000},{T}",
            "line 3: column 'start_s' is no time of day as in",
        ),
        (HEADER, f"t,,,ask,{T},{T + 1}", "record 2 has no trace id or no span id"),
        (HEADER, f"t,a,,ask,{T + 1},{T}", "the only finished span ends before it starts"),
        (HEADER, f"t,a,b,ask,{T},{T + 1}", "no trace has a root span"),
        (HEADER, f"t,a,,ask,{T},{T}", "every span ends when it begins"),
        (HEADER, "", "holds no span"),
    ],
)
def test_what_cannot_be_read(spans, header, row, message):
    with pytest.raises(InputError, match=message):
        spans(header, row)
