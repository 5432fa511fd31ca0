"""What goes wrong in real logs: each has its own message, with file and place, or is put right and said."""

import json

import pytest

from flightready.errors import InputError
from flightready.telemetry import documents, json_records, read_usage


def response(number=1, **changes):
    return {"id": f"r{number}", "object": "response", "created_at": 1_790_000_000 + number, "status": "completed",
            "model": "gpt-4.1", "usage": {"input_tokens": 100, "output_tokens": 9}} | changes  # fmt: skip


@pytest.fixture
def usage(tmp_path):
    def read(content):
        path = tmp_path / "log.jsonl"
        text = content if isinstance(content, str) else "".join(json.dumps(r) + "\n" for r in content)
        path.write_text(text)
        return read_usage([path], where="")

    return read


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ({"input_tokens": -1, "output_tokens": 1}, "record 2 has a negative value of input total, which cannot be"),
        ({"input_tokens": 5, "input_tokens_details": {"cached_tokens": 6}, "output_tokens": 1},
         "record 2 has more cached tokens than input tokens, which cannot be"),
        ({"input_tokens": True, "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a number"),
        ({"input_tokens": float("nan"), "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a number"),
        ({"input_tokens": float("inf"), "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a number"),
        ({"input_tokens": [5], "output_tokens": 1}, "record 2: field 'usage.input_tokens' is not a number"),
        ({"input_tokens": 10**12, "output_tokens": 1}, "record 2 has more than 1,000,000,000 tokens, which cannot be"),
        ({"input_tokens": 5, "output_tokens": 10**30}, "record 2: field 'usage.output_tokens' is too large"),
    ],
)  # fmt: skip
def test_a_count_that_cannot_be(usage, counts, message):
    with pytest.raises(InputError, match=message):
        usage([response(1), response(2, usage=counts), response(3)])


@pytest.mark.parametrize("created", [0, 4_200_000_000, 253_370_764_800])  # 1970, 2103, and 9999 read as 1978
def test_a_time_of_another_age(usage, created):
    with pytest.raises(InputError, match="record 2 has a time before 2000 or after 2100, which cannot be"):
        usage([response(1), response(2, created_at=created), response(3)])


def test_periods_that_two_exports_hold_count_once_and_are_said(tmp_path):
    def export(name, days):
        rows = "".join(f"2026-09-{d:02d}T00:00:00Z,2026-09-{d + 1:02d}T00:00:00Z,m,{d},900,90\n" * 2 for d in days)
        (tmp_path / name).write_text(f"start,end,model,requests,input_tokens,output_tokens\n{rows}")
        return tmp_path / name

    found = read_usage([export("a.csv", range(1, 8)), export("b.csv", range(5, 10))], where="")
    assert found.buckets["requests"].sum() == 2 * sum(range(1, 10))  # rows that one file holds twice are two
    assert found.notes == ("Left out because two exports hold them: 6 rows",)


def test_unsorted_times_are_put_in_order(usage):
    calls = usage([response(3), response(1), response(2)]).calls
    assert calls["request"].tolist() == ["r1", "r2", "r3"]


def test_a_call_logged_twice_counts_once_and_is_said(usage):
    found = usage([response(1), response(2), response(1)])
    assert (len(found.calls), found.doubled_calls) == (2, 1)


def test_an_id_used_again_for_another_call_is_another_call(usage):
    found = usage([response(1), response(1, created_at=1_790_000_900)])
    assert (len(found.calls), found.doubled_calls) == (2, 0)


def test_half_a_line_names_the_line(usage):
    whole = json.dumps(response(1)) + "\n"
    with pytest.raises(InputError, match=r"log.jsonl, line 3: the line is not one whole JSON object"):
        usage(whole * 2 + whole[:40] + "\n" + whole)


def test_a_list_among_the_records_is_named(usage):
    with pytest.raises(InputError, match="line 2: the line is a list, not a JSON object"):
        usage(json.dumps(response(1)) + "\n[1, 2]\n")


def test_the_same_key_twice_takes_the_last_as_the_standard_library_does(usage):
    line = json.dumps(response(1))
    found = usage(line[:-1] + ', "model": "gpt-4.1-mini"}\n')
    assert found.calls["model"].tolist() == ["gpt-4.1-mini"]


def test_a_line_without_end_is_refused_before_it_fills_the_memory(usage, monkeypatch):
    for module in (documents, json_records):
        monkeypatch.setattr(module, "LARGEST_RECORD_BYTES", 100_000)
    long = json.dumps(response(2, output="x" * 40_000_000))
    with pytest.raises(InputError, match=r"log.jsonl, line 2: the line is longer than"):
        usage(json.dumps(response(1)) + "\n" + long + "\n")


def test_a_first_line_without_end_is_refused_as_well(usage, monkeypatch):
    for module in (documents, json_records):
        monkeypatch.setattr(module, "LARGEST_RECORD_BYTES", 100_000)
    monkeypatch.setattr(documents, "_LARGEST_DOCUMENT_BYTES", 400_000)
    with pytest.raises(InputError, match=r"log.jsonl.*more than"):
        usage(json.dumps(response(1, output="x" * 40_000_000)) + "\n")


def test_fields_of_any_kind_where_others_are_expected_do_not_stop_the_reading(usage):
    odd = response(2, metadata="none", error="", conversation={"id": "c"}, choices={}, response=7)
    found = usage([response(1, conversation="plain"), odd])
    assert found.calls["session"].tolist() == ["plain", "c"]
    assert found.calls["status"].tolist() == ["ok", "ok"]


def test_a_mail_address_taken_for_a_model_is_shown_nowhere(tmp_path):
    """Vertex AI writes versions behind an @, which is no address."""
    (tmp_path / "u.csv").write_text(
        "time,model,input_tokens,output_tokens\n"
        "2026-10-01T10:00:00Z,zoe.quill@mail.example,10,2\n2026-10-01T10:00:01Z,claude-3-5-sonnet@20240620,10,2\n"
    )
    assert list(read_usage([tmp_path / "u.csv"], where="").calls["model"]) == ["{mail}", "claude-3-5-sonnet@20240620"]
