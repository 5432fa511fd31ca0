"""Reading files: nothing lost, nothing changed, and every mistake a sentence."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from realism_samples import pilot_in

from flightready.errors import InputError
from flightready.realism.sources import read_sample, read_table


@pytest.fixture
def make_pilot(tmp_path):
    """Function that writes files and an assessment into a folder and loads it."""
    return partial(pilot_in, tmp_path)


@pytest.fixture
def table(tmp_path: Path):
    """Function that writes bytes and reads them as a table."""

    def read(content: bytes | str, name: str = "data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return read_table(path)

    return read


def cells(frame: pd.DataFrame) -> list[list[str | None]]:
    return [[None if pd.isna(v) else v for v in row] for row in frame.to_numpy().tolist()]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("id,name\n1,Málaga\n2,x\n".encode(), "UTF-8"),
        ("id,name\n1,Málaga\n2,x\n".encode("utf-8-sig"), "UTF-8 with a byte order mark"),
        ("id,name\n1,Málaga\n2,x\n".encode("cp1252"), "Windows-1252"),
        ("id,name\n1,Málaga\n2,x\n".encode("utf-16"), "UTF-16"),
        ("id,name\n1,Málaga\n2,x\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
    ],
)
def test_encoding_is_found(table, content, encoding):
    got = table(content)
    assert got.encoding == encoding
    assert list(got.frame.columns) == ["id", "name"]
    assert got.frame["name"].tolist() == ["Málaga", "x"]


def test_other_scripts_are_guessed_and_said(table):
    got = table(("имя,текст\n" + "Иван,Сегодня хорошая погода в городе\n" * 30).encode("cp1251"))
    assert got.frame["имя"][0] == "Иван"
    assert "guessed" in got.notes[0]


def test_some_broken_lines_do_not_change_the_encoding(table):
    got = table(("a,b\n" + "x,ü\n" * 20).encode() + "y,ü\n".encode("cp1252"))
    assert got.encoding == "UTF-8"
    assert set(got.frame["b"]) == {"ü"}
    assert got.notes == ("1 line is not UTF-8, read as Windows-1252",)


@pytest.mark.parametrize(
    ("content", "delimiter", "rows"),
    [
        ("id;v\n1;1,5\n2;2,5\n", "semicolon", [["1", "1,5"], ["2", "2,5"]]),
        ("a\tb\n1\t2\n3\t4\n", "tab", [["1", "2"], ["3", "4"]]),
        ("a|b\n1|2\n3|4\n", "pipe", [["1", "2"], ["3", "4"]]),
        ("sep=;\na;b\n1;2\n3;4\n", "semicolon", [["1", "2"], ["3", "4"]]),
        ("text\nhello, you\nbye\n", "", [["hello, you"], ["bye"]]),
        ("a,b\n'x, y','z'\n'p','q'\n'p','q'\n", "comma", [["x, y", "z"], ["p", "q"], ["p", "q"]]),
        ('a,b\n"say \\"hi\\", ok",1\n"x",2\n', "comma", [['say "hi", ok', "1"], ["x", "2"]]),
        ('a,b\n1,"two\nlines"\n2,x\n', "comma", [["1", "two\nlines"], ["2", "x"]]),
        ("a,b\r1,2\r3,4\r", "comma", [["1", "2"], ["3", "4"]]),
        ("a,b\n1,x\u2028y\n2,z\x85w\n", "comma", [["1", "x\u2028y"], ["2", "z\x85w"]]),
        ("a,b\n,\n1,2\n", "comma", [["", ""], ["1", "2"]]),
    ],
)
def test_delimiter_and_quoting_are_found(table, content, delimiter, rows):
    got = table(content)
    assert got.delimiter == delimiter
    assert cells(got.frame) == rows
    assert not got.malformed


@pytest.mark.parametrize(
    ("content", "names", "note"),
    [
        ("1,2.5,foo\n2,3.5,bar\n3,4.5,baz\n", ["column 1", "column 2", "column 3"], "no header"),
        ("x@example.com,b\ny@example.com,c\nz@example.com,d\n", ["column 1", "column 2"], "no header"),
        ("Export of 2026\n\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", ["a", "b", "c"], "above the header"),
        ("a,b\n1,2,\n3,4,\n5,6,\n", ["a", "b"], "delimiter more"),
        ("a,b\n1,x,2\n2,y,4\n3,z,6\n", ["column 1", "a", "b"], "no name"),
    ],
)
def test_header_is_found(table, content, names, note):
    got = table(content)
    assert list(got.frame.columns) == names
    assert note in got.notes[0]
    assert len(got.frame) == 3


def test_repeated_and_empty_names_are_numbered(table):
    assert list(table("a,a,\n1,2,3\n4,5,6\n").frame.columns) == ["a", "a (2)", "column 3"]


def test_malformed_rows_are_kept_with_line_and_fields(table):
    got = table("a,b\n1,2\n3,4,5\n6\n7,8\n")
    assert [(m.line, m.record, m.fields, m.expected, m.reason) for m in got.malformed] == [
        (3, 1, 3, 2, "too many fields"),
        (4, 2, 1, 2, "too few fields"),
    ]
    assert got.malformed[0].text == "3,4,5"
    assert got.lines.tolist() == [2, 5]
    assert got.records.tolist() == [0, 3]
    assert got.n_records == 4


def test_a_quote_that_is_not_closed_costs_one_row(table):
    got = table('a,b\n1,"open\n2,x\n3,"fine"\n4,z\n')
    assert cells(got.frame) == [["2", "x"], ["3", "fine"], ["4", "z"]]
    assert [(m.line, m.reason) for m in got.malformed] == [(2, "a quote is not closed")]


@given(st.lists(st.text(alphabet="ab,;\"'\n é\t|", min_size=1, max_size=12), min_size=2, max_size=30))
@settings(max_examples=60, deadline=None)
def test_no_row_is_lost_whatever_the_cells_hold(tmp_path_factory, texts):
    """Written with proper quotes, every text comes back as it was, in order."""
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    rows = pd.DataFrame({"number": [f"k{i}" for i in range(len(texts))], "text": texts, "end": "x"})
    rows.to_csv(path, index=False, quoting=1)
    got = read_table(path)
    assert cells(got.frame) == rows.to_numpy().tolist()


def test_json_lines_are_flattened_and_numbers_stay_as_written(table):
    got = table(
        '{"ticket":{"id":"T-1","n":1.50},"tags":["a",2],"ok":true}\n'
        '{"ticket":{"id":"","n":null}}\n'
        '{"ticket":{}}\n'
        "not json\n"
        '{"ticket":{"id":"T-4","n":1E5}}\n',
        "mail.jsonl",
    )
    assert got.format == "JSON lines"
    assert list(got.frame.columns) == ["ticket.id", "ticket.n", "tags", "ok"]
    assert cells(got.frame)[:3] == [["T-1", "1.50", '["a", 2]', "true"], ["", None, None, None], [None] * 4]
    assert got.frame["ticket.n"][3] == "1E5"
    assert [(m.line, m.record, m.fields) for m in got.malformed] == [(4, 3, 0)]
    assert got.lines.tolist() == [1, 2, 3, 5]


def test_json_list_and_wrapped_list(table):
    assert len(table('[{"a": 1}, {"a": 2}]', "a.json").frame) == 2
    got = table('{"object": "page", "data": [{"a": 1}, {"a": 2, "b": "x"}]}', "a.json")
    assert cells(got.frame) == [["1", None], ["2", "x"]]
    assert "'data'" in got.notes[0]


def test_a_half_character_becomes_a_replacement_character(table):
    assert table('{"a":"\\ud800x"}\n{"a":"b"}\n', "a.jsonl").frame["a"][0] == "\ufffdx"


def test_parquet_is_read_as_text(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"n": [1, None], "s": ["", "x"], "l": [[1], [2]]}), path)
    assert cells(read_table(path).frame) == [["1", "", "[1]"], [None, "x", "[2]"]]


def test_stray_nul_bytes_are_taken_out_and_said(table):
    got = table(b"a,b\n1,2\n3,\x004\n" + b"5,6\n" * 1000)
    assert got.frame["b"][1] == "4"
    assert got.notes == ("1 NUL byte was taken out",)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "the file is empty"),
        (b"\n \n", "a.csv", "the file is empty"),
        (b"a,b,c\n", "a.csv", "a header and no rows"),
        (b"a,b\n1,2\n", "a.csv", "holds one row"),
        (b'{"a":1}\n', "a.jsonl", "holds one row"),
        (b"[]", "a.json", "holds no rows"),
        (b"[{},{}]", "a.json", "hold no values"),
        (b"%PDF-1.7 x", "a.csv", "is a PDF, not text"),
        (b"PK\x03\x04" + b"x" * 99, "a.csv", "XLSX"),
        (b"\x1f\x8b\x08x", "a.csv", "gzip"),
        (bytes(range(1, 32)) * 99, "a.csv", "binary"),
        (b"a,b\x00\x00\n1,\x002\n" * 9, "a.csv", "NUL bytes"),
        (b"a,b," + b"x" * 1_500_000, "a.csv", "line breaks were lost"),
        (b"3", "a.json", "no list of records"),
        (b"[" * 100_000, "a.json", "no JSON object"),
        (b'{"a":1}\nx\ny\n', "a.jsonl", "2 of 3 lines are no JSON object"),
        ((",".join(f"c{i}" for i in range(600)) + "\n").encode() * 3, "a.csv", "600 columns"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(table, content, name, said):
    with pytest.raises(InputError, match=said) as caught:
        table(content, name)
    assert str(caught.value).startswith(name)


CURATED = "ticket_id,body,team,predicted\n" + "".join(f"T-{i},text {i},a,a\n" for i in range(4))
MAIL = "".join(json.dumps({"t": {"id": f"M-{i}", "body": f"mail {i}"}, "team": "b"}) + "\n" for i in range(3))
COLUMNS = {"id": "ticket_id", "text": "body", "label": "team", "prediction": "predicted"}


def test_sources_are_aligned_to_shared_names(make_pilot):
    mail = {"file": "mail.jsonl", "columns": {"id": "t.id", "text": "t.body"}}
    old = {"file": "old.csv", "system": "legacy", "rename": {"No": "ticket_id", "Text": "body", "Team": "team"}}
    pilot = make_pilot(
        {"data": {"curated": "c.csv", "production": [mail, old], "columns": COLUMNS}},
        {"c.csv": CURATED, "mail.jsonl": MAIL, "old.csv": "No;Text;Team\n1;x;a\n2;y;b\n"},
    )
    sample = read_sample(pilot)
    assert sample.raw.systems == ("mail", "legacy")
    assert sample.raw.frame["ticket_id"].tolist() == ["M-0", "M-1", "M-2", "1", "2"]
    assert sample.raw.frame["body"].tolist()[-2:] == ["x", "y"]
    assert sample.raw.line.tolist() == [1, 2, 3, 2, 3]
    assert "predicted" not in sample.raw.frame.columns, "records as they come often hold no answer of the pilot"
    assert len(sample.curated) == 4


def test_a_role_named_by_files_only_gets_the_first_name(make_pilot):
    sources = [{"file": "a.csv", "columns": {"id": "No"}}, {"file": "b.csv", "columns": {"id": "Key"}}]
    pilot = make_pilot({"data": {"production": sources}}, {"a.csv": "No,x\n1,2\n3,4\n", "b.csv": "Key,x\n5,6\n7,8\n"})
    sample = read_sample(pilot)
    assert sample.columns.id == "No"
    assert sample.raw.frame["No"].tolist() == ["1", "3", "5", "7"]


def test_an_absent_side_is_none(make_pilot):
    sample = read_sample(make_pilot({}))
    assert sample.curated is None
    assert sample.raw is None


def test_a_column_that_is_not_there_is_named_with_line_file_and_nearest(make_pilot):
    pilot = make_pilot({"data": {"curated": "c.csv", "columns": {"text": "bodi"}}}, {"c.csv": CURATED})
    with pytest.raises(InputError) as caught:
        read_sample(pilot)
    told = str(caught.value)
    assert told.startswith("assessment.yaml, line 1, data.columns.text")
    assert "'bodi' is not in 'c.csv'" in told
    assert "Did you mean 'body'?" in told


def test_a_file_without_the_label_under_another_case_is_a_mistake_not_an_absence(make_pilot):
    files = {"c.csv": CURATED, "raw.csv": "ticket_id,body,Team\n1,x,a\n2,y,b\n"}
    pilot = make_pilot({"data": {"curated": "c.csv", "production": "raw.csv", "columns": COLUMNS}}, files)
    with pytest.raises(InputError, match="Did you mean 'Team'"):
        read_sample(pilot)


def test_a_role_can_be_said_to_be_absent_from_a_file(make_pilot):
    files = {"c.csv": CURATED, "raw.csv": "ticket_id,Team\n1,a\n2,b\n"}
    source = {"file": "raw.csv", "columns": {"label": None, "text": []}}
    pilot = make_pilot({"data": {"curated": "c.csv", "production": [source], "columns": COLUMNS}}, files)
    assert read_sample(pilot).raw.frame.columns.tolist() == ["ticket_id", "Team"]


def test_a_rename_onto_an_existing_column_is_refused(make_pilot):
    source = {"file": "raw.csv", "rename": {"x": "y"}}
    pilot = make_pilot({"data": {"production": [source]}}, {"raw.csv": "x,y\n1,2\n3,4\n"})
    with pytest.raises(InputError, match="would both be called 'y'"):
        read_sample(pilot)
