"""Every registered reader: knows its own files and no other's, returns the canonical frame, names what is broken."""

import math

import pytest

from flightready.errors import InputError
from flightready.latency.traces import from_spans
from flightready.telemetry import UsageFile, formats, read_spans, read_usage, recognise
from flightready.telemetry.frames import BUCKET_COLUMNS, CALL_COLUMNS, SPAN_COLUMNS

READERS = formats.readers()
COLUMNS = {"usage_log": CALL_COLUMNS, "usage_export": BUCKET_COLUMNS, "spans": SPAN_COLUMNS}
IDS = [r.name for r in READERS]


def frame_of(reader, path):
    if reader.kind == "spans":
        return read_spans(path, where="assessment.yaml, line 3")
    if holds_costs_alone(reader):
        try:
            pytest.fail(f"amounts alone were read as usage: {read_usage([path], where='assessment.yaml, line 3')}")
        except InputError as error:
            if "neither tokens nor requests" not in str(error):
                raise
        return reader.read(path)
    requests = 100.0 if reader.kind == "usage_export" else None  # asked for where an export counts none
    usage = read_usage([UsageFile(path, requests=requests)], where="assessment.yaml, line 3")
    assert usage.formats == (reader.name,)
    return usage.calls if reader.kind == "usage_log" else usage.buckets


def holds_costs_alone(reader):
    return reader.kind == "usage_export" and reader.input_holds_cached is None


@pytest.fixture(params=READERS, ids=IDS)
def reader(request):
    return request.param


@pytest.fixture
def example(reader, tmp_path):
    path = tmp_path / "export"  # no ending: the format is told by content
    path.write_bytes(reader.example)
    return path


def test_reads_its_own_example_into_the_canonical_frame(reader, example):
    frame = frame_of(reader, example)
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMNS[reader.kind]
    assert len(frame) >= 2
    assert reader.kind in recognise(example)


def test_no_other_reader_of_its_kind_claims_it(reader, example):
    head = formats.head_of(example)
    assert [r.name for r in READERS if r.kind == reader.kind and r.matches(head)] == [reader.name]
    others = {r.kind for r in READERS if r.matches(head)} - {reader.kind}
    assert others <= {"spans", "usage_log"}  # traces with model calls are both
    assert not others or reader.name.startswith(("OpenTelemetry", "Langfuse"))


def test_an_order_mark_at_the_start_does_not_matter(reader, example):
    plain = frame_of(reader, example)
    example.write_bytes(b"\xef\xbb\xbf" + reader.example)
    assert len(frame_of(reader, example)) == len(plain)


def test_half_a_file_is_a_clear_mistake_or_fewer_records_but_never_a_crash(reader, example):
    whole = len(frame_of(reader, example))
    for cut in range(1, len(reader.example), 23):
        example.write_bytes(reader.example[:cut])
        try:
            assert len(frame_of(reader, example)) <= whole
        except InputError as error:
            assert "export" in str(error)  # names the file, which is called so here, or the cure


def test_what_is_not_text_is_refused_with_the_formats_that_can_be_read(reader, example):
    example.write_bytes(b"\x89PNG\r\n\0\0" + reader.example)
    with pytest.raises(InputError, match="not text") as caught:
        frame_of(reader, example)
    assert reader.name in str(caught.value)


@pytest.mark.parametrize("reader", [r for r in READERS if r.kind == "spans"], ids=lambda r: r.name)
def test_traces_become_requests_with_their_times(reader, example):
    frame = frame_of(reader, example)
    assert frame.attrs.get("times_of_day_unknown") or frame["start_s"].between(1e9, 9e9).all()
    assert (frame["first_s"].isna() | frame["first_s"].between(frame["start_s"], frame["end_s"])).all()
    found = from_spans(frame, where="")
    assert found.n == (frame["parent"] == "").sum()
    assert (found.total_s >= 0).all()
    assert (found.n_first > 0) == frame["first_s"].notna().any()


def test_counts_of_input_hold_the_cached_tokens_whatever_the_format_says(reader, example):
    frame = frame_of(reader, example)
    if reader.kind == "spans" or holds_costs_alone(reader):
        assert reader.input_holds_cached is None
        return
    assert reader.input_holds_cached is not None
    assert (frame["cache_read"] <= frame["input_total"]).all()
    if not reader.input_holds_cached:
        # the example must show the convention: its own input column alone is less than what was cached
        assert math.isclose(frame["input_total"].sum(), 374 + 2048 + 396 + 2048)
