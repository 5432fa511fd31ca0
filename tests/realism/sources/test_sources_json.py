"""JSON in every shape that exports come in; numbers stay as written, and a broken record costs one record."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from source_files import read_bytes, refusal


@pytest.fixture
def read(tmp_path):
    return lambda content, name="a.json", **options: read_bytes(tmp_path, content, name, **options)


THREE = [{"a": i, "b": {"c": "x"}} for i in range(3)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(THREE),
        json.dumps(THREE, indent=2),
        json.dumps({"n": 3, "items": THREE}),
        json.dumps({"response": {"status": "ok", "items": THREE}}, indent=1),
        "\n".join(json.dumps(r) for r in THREE),
        "\n\n".join(json.dumps(r, indent=2) for r in THREE),
        "".join(json.dumps(r) for r in THREE),
        "\ufeff" + json.dumps(THREE),
        json.dumps(THREE).replace("[", "[\n").replace("]", "\n]\n"),
    ],
)
def test_records_in_every_shape(read, text):
    for content in (text.encode(), text.lstrip("\ufeff").encode("utf-16")):
        got = read(content)
        assert got.frame.to_numpy().tolist() == [["0", "x"], ["1", "x"], ["2", "x"]]
        assert not got.malformed


def test_numbers_and_constants_stay_as_written(read):
    got = read('[{"a": 1.50, "b": NaN}, {"a": 1e400, "b": -Infinity}, {"a": 12345678901234567890, "b": null}]')
    assert got.frame["a"].tolist() == ["1.50", "1e400", "12345678901234567890"]
    assert got.frame["b"].isna().tolist() == [False, False, True]
    assert got.frame["b"].tolist()[:2] == ["NaN", "-Infinity"]


def test_absent_null_and_empty(read):
    got = read('{"a": "", "b": {"c": 1}}\n{"a": null, "b": null}\n{"b": {}}\n', "a.jsonl")
    assert got.frame["a"].isna().tolist() == [False, True, True]
    assert list(got.frame.columns) == ["a", "b.c"]


def test_a_key_named_twice_is_counted_and_said(read):
    got = read('{"a": 1, "a": 2}\n{"a": 3}\n{"a": 4, "b": {"c": 1, "c": 1}}\n', "a.jsonl")
    assert got.frame["a"].tolist() == ["2", "3", "4"]
    assert got.notes == ("2 objects name a key twice; the last value is kept",)


def test_lines_that_do_not_parse_are_counted_wherever_they_stand(read):
    lines = ["{broken", '{"a": 1}', '{"a": 2', '{"a": 3}', "[1, 2]", '{"a": 4}', '{"a": 5}']
    got = read("\n".join(lines), "a.jsonl")
    assert got.frame["a"].tolist() == ["1", "3", "4", "5"]
    assert [(m.line, m.record) for m in got.malformed] == [(1, 0), (3, 2), (5, 4)]


def test_a_record_that_is_nested_too_deeply_costs_one_record(read):
    deep = '{"a":' * 5000 + "1" + "}" * 5000
    got = read("\n".join(['{"a": 1}', '{"a": 2}', deep, '{"a": 3}']), "a.jsonl")
    assert len(got.frame) == 3
    assert [m.line for m in got.malformed] == [3]


def test_a_list_that_is_cut_off_keeps_what_was_read(read):
    text = json.dumps(THREE, indent=2)
    got = read(text[: text.rindex('"c"')])
    assert got.frame["a"].tolist() == ["0", "1"]
    assert [m.reason for m in got.malformed] == ["the file ends within it"]


def test_a_broken_record_in_a_list_of_lines_costs_one_record(read):
    got = read('[\n  {"a": 1},\n  {"a": oops},\n  {"a": 3},\n  {"a": 4}\n]\n')
    assert got.frame["a"].tolist() == ["1", "3", "4"]
    assert [(m.record, m.reason) for m in got.malformed] == [(1, "not an object")]


def test_a_column_may_begin_late_and_columns_of_all_rows_align(read):
    from flightready.realism.sources import nested

    lines = [json.dumps({"a": i} if i < 40 else {"a": i, "late": str(i)}) for i in range(50)]
    whole = read("\n".join(lines), "a.jsonl")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nested, "_RECORDS_AT_ONCE", 7)
        pieces = read("\n".join(lines), "a.jsonl")
    assert whole.frame.equals(pieces.frame)
    assert whole.frame["late"].isna().sum() == 40


@given(
    st.lists(
        st.dictionaries(st.sampled_from("abc"), st.one_of(st.none(), st.text(max_size=5), st.integers()), min_size=1),
        min_size=2,
        max_size=12,
    )
)
@settings(max_examples=60, deadline=None)
def test_a_list_and_lines_hold_the_same(tmp_path_factory, items):
    if all(v is None for item in items for v in item.values()):
        return
    folder = tmp_path_factory.mktemp("j")
    as_list = read_bytes(folder, json.dumps(items, indent=1), "a.json")
    as_lines = read_bytes(folder, "\n".join(json.dumps(i) for i in items), "a.jsonl")
    assert as_list.frame.equals(as_lines.frame)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "hold no values"),
        ('{"a": 1}', "holds one row"),
        ('{"a": {"b": 1},\n "c": 2}', "no list of records"),
        ('{"a": [{"x": 1}], "b": [{"y": 1}]}', "several lists of records (a, b)"),
        ('[1, 2, {"a": 1}]', "2 of 3 records are no JSON object"),
        ("{\n" * 50, "no JSON object"),
        (json.dumps([{f"k{i}": 1} for i in range(600)]), "600 columns"),
    ],
)
def test_what_is_no_list_of_records_is_said_in_a_sentence(read, text, said):
    told = refusal(lambda: read(text))
    assert told.startswith("a.json: ") and said in told and "To cure it: " in told


def test_one_object_that_is_too_large_to_hold_is_refused(read, monkeypatch):
    from flightready.realism.sources import json_records

    real = json_records.policy.value
    monkeypatch.setattr(json_records.policy, "value", lambda k: 1_000 if k == "largest_json_object" else real(k))
    told = refusal(lambda: read(json.dumps({"items": [{"a": "x" * 50}] * 100})))
    assert "one JSON object of more than" in told and "one JSON object per line" in told
    assert len(read(json.dumps([{"a": "x" * 50}] * 100)).frame) == 100, "a list is read record by record"
