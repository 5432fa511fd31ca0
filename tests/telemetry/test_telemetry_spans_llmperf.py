"""Individual responses of llmperf: a request and its first token, at an unknown time of day."""

import json

import numpy as np
import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import read_spans


def response(total=2.0, first=0.5, error=None, **changes):
    return {"error_code": error, "error_msg": "", "ttft_s": first, "end_to_end_latency_s": total} | changes


@pytest.fixture
def read(tmp_path):
    def written(*records):
        path = tmp_path / "responses.json"
        path.write_text(json.dumps(list(records), indent=1))
        return read_spans(path, where="")

    return written


def test_requests_keep_their_order_and_have_no_time_of_day(read):
    lengths = [3.0, 1.0, 2.0, 0.5] * 5
    found = from_spans(read(*(response(s, s / 4) for s in lengths)), where="")
    assert found.total_s.tolist() == pytest.approx(lengths)
    assert np.isnan(found.started_s).all()
    assert found.stages == ("first token", "rest of the answer")
    assert found.stage_s.ravel().tolist() == pytest.approx([part * s for s in lengths for part in (0.25, 0.75)])
    assert [(p.key, p.count) for p in found.problems] == [("no_time_of_day", 20)]


def test_an_error_has_no_first_token_and_no_answer(read):
    found = from_spans(read(response(), response(0, 0, error=429), response(1.0, 0, error=0)), where="")
    assert found.answered.tolist() == [True, False, True]
    assert found.stage_s[:, 0].tolist() == pytest.approx([0.5, 0, 0])


def test_one_without_an_end_is_counted_as_unfinished(read):
    frame = read(response(), response(None, None))
    assert (len(frame), frame.attrs["unfinished_spans"]) == (3, 1)


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([response(), response(-1.0)], r"responses.json, record 2: field 'end_to_end_latency_s' is negative"),
        ([response(first="soon")], r"record 1: field 'ttft_s' is not a number"),
        ([response(0, 0, error=429)], "every span ends when it begins"),
    ],
)
def test_what_cannot_be_read(read, records, message):
    with pytest.raises(InputError, match=message):
        read(*records)
