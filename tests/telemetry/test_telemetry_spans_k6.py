"""Results of k6: each request a trace of one span that ends at the time of its point."""

import json

import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans

METRIC = {"type": "Metric", "data": {"type": "trend", "contains": "time"}, "metric": "http_req_duration"}


def point(value=1500.0, time="2026-09-14T08:15:46.5Z", metric="http_req_duration", **tags):
    return {"type": "Point", "data": {"time": time, "value": value, "tags": tags or None}, "metric": metric}


@pytest.fixture
def read(tmp_path):
    def written(*records):
        path = tmp_path / "results.json"
        path.write_text("".join(json.dumps(r) + "\n" for r in records))
        return read_spans(path, where="")

    return written


def test_a_point_is_a_request_that_ended_then(read):
    frame = read(METRIC, point(name="https://pilot.test/ask"), point(1.0, metric="vus"),
                 point(250.0, "2026-09-14T10:15:46.000000500+02:00", name="https://pilot.test/ask"))  # fmt: skip
    found = from_spans(frame, where="")
    assert found.total_s.tolist() == pytest.approx([1.5, 0.25], abs=1e-6)
    assert found.started_s.tolist() == pytest.approx([1_789_373_745.0, 1_789_373_745.75], abs=1e-5)
    assert (found.kinds, found.stages, found.problems) == (("https://pilot.test/ask",), (), ())


@pytest.mark.parametrize(
    ("tags", "ok"),
    [({"status": "200"}, True), ({"status": "429"}, False), ({"status": "0", "error_code": "1050"}, False), ({}, True),
     ({"status": "404", "expected_response": "true"}, True), ({"status": "200", "expected_response": "false"}, False)],
)  # fmt: skip
def test_failed_requests(read, tags, ok):
    assert read(METRIC, point(**tags))["status_ok"].tolist() == [ok]


def test_one_without_a_time_is_counted_as_unfinished(read):
    frame = read(METRIC, point(), point(time=None))
    assert (len(frame), frame.attrs["unfinished_spans"]) == (1, 1)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([METRIC, point(1.0, metric="vus")], "results.json: the file times no request"),
        ([METRIC, point(-1.0)], r"results.json, record 2: field 'data.value' is negative"),
        ([METRIC, point("long")], r"record 2: field 'data.value' is not a number"),
        ([METRIC, point(time="noon")], r"record 2: field 'data.time' is not a time"),
        ([METRIC, point(0.0)], "every span ends when it begins"),
    ],
)
def test_what_cannot_be_read(read, records, message):
    with pytest.raises(InputError, match=message):
        read(*records)
