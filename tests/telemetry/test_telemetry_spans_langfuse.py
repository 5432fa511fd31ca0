"""Observations as traces: every way to export them, and traces that are broken."""

import json

import pytest
from langfuse_files import write_observations

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans, recognise

DAY = "2026-09-14T08:15"


def seen(name, parent=None, *, start="46.000", end="48.500", trace="t1", **changes):
    return {
        "id": name, "traceId": trace, "parentObservationId": parent, "type": "SPAN", "name": f"step {name}",
        "startTime": f"{DAY}:{start}Z", "endTime": f"{DAY}:{end}Z" if end else None, "level": "DEFAULT",
    } | changes  # fmt: skip


SNAKE = {"traceId": "trace_id", "parentObservationId": "parent_observation_id", "startTime": "start_time",
         "endTime": "end_time"}  # fmt: skip
ROOT, CALL = seen("a"), seen("b", "a", start="46.500", end="48.000", type="GENERATION", level="ERROR")


@pytest.fixture
def read(tmp_path):
    def written(*records, form="jsonl"):
        path = tmp_path / "observations"
        write_observations(path, records, form)
        return read_spans(path, where="assessment.yaml, line 5, latency.spans")

    return written


@pytest.mark.parametrize("form", ["jsonl", "page", "csv"])
@pytest.mark.parametrize("names", [{}, SNAKE], ids=["api", "storage"])
def test_every_way_to_export_them(read, form, names):
    frame = read(*({names.get(k, k): v for k, v in r.items()} for r in (CALL, ROOT)), form=form)
    assert frame["parent"].tolist() == ["a", ""]
    assert (frame["end_s"] - frame["start_s"]).tolist() == pytest.approx([1.5, 2.5], abs=1e-6)
    assert frame["status_ok"].tolist() == [False, True]


def test_steps_are_the_stages_of_the_request(read):
    found = from_spans(read(ROOT, CALL, seen("e", "a", end=None, type="EVENT")), where="")
    assert (found.total_s.tolist(), found.stages) == ([2.5], ("step b",))
    assert found.stage_s.tolist() == [[pytest.approx(1.5)]]
    assert found.problems == ()


def test_broken_observations_are_counted_and_left_out(read):
    frame = read(
        CALL, ROOT, CALL, seen("c", "a", end="45.000"), seen("d", "a", end=None),
        seen("x", "y"), seen("y", "x"), seen("z", "lost", trace="t2"),
    )  # fmt: skip
    assert frame["span"].tolist() == ["b", "a", "z"]
    assert frame.attrs == {"unfinished_spans": 1, "impossible_spans": 1, "repeated_spans": 1, "cyclic_spans": 2,
                           "traces_without_root": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("records", "kinds"),
    [
        ([ROOT, CALL | {"usageDetails": {"input": 9, "output": 8}}], ("spans", "usage_log")),
        ([CALL | {"usageDetails": {"input": 9, "output": 8}}], ("usage_log",)),  # calls alone: no request to time
        ([ROOT], ("spans",)),
    ],
)
def test_observations_with_tokens_are_traces_only_where_a_request_is_among_them(tmp_path, records, kinds):
    path = tmp_path / "observations.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records))
    assert set(recognise(path)) == set(kinds)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([ROOT, seen("b", "a") | {"startTime": "noon"}], r"observations, record 2: field 'startTime' is not a time"),
        ([ROOT, seen("")], "record 2 has no trace id or no span id"),
        ([seen("a", end="45.000")], "the only finished span ends before it starts"),
        ([seen("a", end="46.000")], "every span ends when it begins"),
    ],
)
def test_what_cannot_be_read(read, records, message):
    with pytest.raises(InputError, match=message):
        read(*records)
