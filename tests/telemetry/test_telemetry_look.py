"""Telling what a file holds from its head alone, as a proposal for a new assessment needs it."""

import json

import pytest

from flightready.telemetry import recognise


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"ticket_id,created_at,body,tokens\n1,2026-01-01,hello,3\n", None),
        (b"time,input_tokens\n2026-01-01 10:00,3\n", None),
        (b"", None),
        (b"\x00\x01\x02", None),
        (b"[1, 2, 3]", None),
        (b'{"ticket": {"id": 1}}\n{"ticket": {"id": 2}}\n', None),
        (b"time,input_tokens,output_tokens\n", "usage_log"),
    ],
)
def test_only_what_a_reader_knows_is_recognised(tmp_path, content, kind):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert recognise(path) == ((kind,) if kind else ())


def test_a_first_record_larger_than_the_head_is_still_known(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text(json.dumps({"object": "response", "output": "x" * 400_000, "usage": None}) + "\n")
    assert recognise(path) == ("usage_log",)


def test_a_folder_or_a_missing_file_is_nothing(tmp_path):
    assert recognise(tmp_path) == ()
    assert recognise(tmp_path / "missing") == ()


def test_the_samples_are_known(support_triage, first_hour):
    assert recognise(support_triage / "usage.jsonl") == ("usage_log",)
    assert recognise(support_triage / "spans.jsonl") == ("spans", "usage_log")
    assert recognise(first_hour / "openai_usage.json") == ("usage_export",)
    assert recognise(first_hour / "feedback_export.csv") == ()
