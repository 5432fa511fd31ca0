"""Jaeger's JSON: every way to export it, references, tags, and traces that are broken."""

import json

import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans

T = 1_790_000_000_000_000  # microseconds since 1970


def span(number, parent=None, *, kind="CHILD_OF", at=0, length=100_000, trace="t1", **changes):
    references = [] if parent is None else [{"refType": kind, "traceID": trace, "spanID": f"s{parent}"}]
    return {
        "traceID": trace, "spanID": f"s{number}", "operationName": f"step {number}", "references": references,
        "startTime": T + at, "duration": length, "tags": [], "processID": "p1",
    } | changes  # fmt: skip


def traces(*spans, trace="t1"):
    return {"traceID": trace, "spans": list(spans), "processes": {"p1": {"serviceName": "router"}}}


@pytest.fixture
def read(tmp_path):
    def written(*documents):
        path = tmp_path / "traces.json"
        path.write_text("\n".join(map(json.dumps, documents)))
        return read_spans(path, where="assessment.yaml, line 5, latency.spans")

    return written


ROOT, CHILD = span(1), span(2, 1, at=20_000, length=50_000)


@pytest.mark.parametrize(
    "documents",
    [
        [{"data": [traces(CHILD, ROOT)], "errors": None}],
        [[traces(ROOT, CHILD)]],
        [traces(ROOT, CHILD), traces(span(1, trace="t2"), trace="t2")],
        [s | {"process": {"serviceName": "router"}} for s in (ROOT, CHILD)],
    ],
    ids=["page", "list", "lines of traces", "lines of spans"],
)
def test_every_way_to_export_it(read, documents):
    frame = read(*documents).sort_values(["trace", "span"]).head(2)
    assert frame["parent"].tolist() == ["", "s1"]
    assert set(frame["service"]) == {"router"}
    assert (frame["end_s"] - frame["start_s"]).tolist() == pytest.approx([0.1, 0.05], abs=1e-6)


@pytest.mark.parametrize(
    ("references", "parent"),
    [
        ([("CHILD_OF", "t1", "a"), ("FOLLOWS_FROM", "t1", "b")], "a"),
        ([("FOLLOWS_FROM", "t1", "b"), ("CHILD_OF", "t1", "a"), ("CHILD_OF", "t1", "c")], "a"),
        ([("FOLLOWS_FROM", "t1", "b")], "b"),
        ([("CHILD_OF", "another", "a")], ""),
    ],
)
def test_references(read, references, parent):
    made = [{"refType": kind, "traceID": trace, "spanID": s} for kind, trace, s in references]
    assert read({"data": [traces(ROOT, CHILD | {"references": made})]})["parent"].tolist() == ["", parent]


@pytest.mark.parametrize(
    ("tags", "ok"),
    [
        ({"error": True}, False), ({"error": "true"}, False), ({"error": False, "http.status_code": 503}, True),
        ({"otel.status_code": "ERROR"}, False), ({"otel.status_code": "OK"}, True),
        ({"http.status_code": 200}, True), ({"http.status_code": "503"}, False), ({}, True),
    ],
)  # fmt: skip
def test_tags_of_errors(read, tags, ok):
    made = [{"key": key, "value": value} for key, value in tags.items()]
    assert read({"data": [traces(ROOT | {"tags": made})]})["status_ok"].tolist() == [ok]


def test_broken_spans_are_counted_and_left_out(read):
    frame = read({"data": [
        traces(CHILD, ROOT, CHILD, span(3, 1, length=-5), span(4, 1, duration=None), span(5, 6), span(6, 5)),
        traces(span(7, 1, trace="t2"), trace="t2"),
    ]})  # fmt: skip
    assert frame["span"].tolist() == ["s2", "s1", "s7"]
    assert frame.attrs == {"unfinished_spans": 1, "impossible_spans": 1, "repeated_spans": 1, "cyclic_spans": 2,
                           "traces_without_root": 1}  # fmt: skip
    assert from_spans(frame, where="").total_s.tolist() == pytest.approx([0.1], abs=1e-6)


def test_a_tree_of_ten_thousand_steps_downwards(read):
    deep = [span(i, i - 1 if i else None, length=20_000 - i) for i in range(10_000)]
    found = from_spans(read({"data": [traces(*reversed(deep))]}), where="")
    assert found.total_s.tolist() == pytest.approx([0.02], abs=1e-6)


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        (
            [ROOT, span(2, 1, startTime="noon")],
            r"traces.json, span 2: field 'startTime' is not a whole number of micro",
        ),
        ([span(1, spanID=None)], "record 1 has no trace id or no span id"),
        ([CHILD], "no trace has a root span: in the one trace"),
        ([ROOT | {"duration": 0}], "every span ends when it begins"),
        ([span(1, length=-1), span(2, length=-1)], "all 2 finished spans end before they start"),
    ],
)
def test_what_cannot_be_read(read, spans, message):
    with pytest.raises(InputError, match=message):
        read({"data": [traces(*spans)]})
