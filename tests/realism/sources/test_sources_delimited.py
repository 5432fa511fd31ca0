"""Delimited text: rows that do not parse are counted and kept; header, quotes and decimal mark are found out."""

from __future__ import annotations

import pytest
from source_files import read_bytes, refusal


@pytest.fixture
def read(tmp_path):
    return lambda content, name="a.csv", **options: read_bytes(tmp_path, content, name, **options)


@pytest.mark.parametrize(
    ("content", "reasons"),
    [
        ("a,b\n1,2\n3\n4,5\n", ["too few fields"]),
        ("a,b\n1,2\n3,x, y\n4,5\n", ["too many fields"]),
        ('a,b\n1,2\n3,"x\n4,5\n', ["a quote is not closed"]),
        ("a,b\n1,2\na,b\n4,5\n\ufeffa,b\n", ["repeats the header", "repeats the header"]),
        ("a,b\r1,2\r3\r4,5\r", ["too few fields"]),
        ("a,b\r\r\n1,2\r\r\n3\r\r\n4,5\r\r\n", ["too few fields"]),
    ],
)
def test_rows_that_do_not_parse_are_counted_and_kept(read, content, reasons):
    got = read(content)
    assert [m.reason for m in got.malformed] == reasons
    assert got.frame.to_numpy().tolist() == [["1", "2"], ["4", "5"]]
    assert got.n_records == 2 + len(reasons)
    assert all(m.text for m in got.malformed)


def test_lines_are_counted_as_an_editor_counts_them(read):
    got = read("a,b\r\r\n1,2\r\r\n\r\r\n3,4\r\r\n")
    assert got.lines.tolist() == [2, 4]
    assert got.notes == ("line ends that were written twice are read as one",)


def test_one_column_may_hold_its_own_name(read):
    """With a single column the header is a word like any other, so a value that equals it is no repeated header."""
    got = read("answer\nyes\nanswer\nno\n")
    assert got.frame["answer"].tolist() == ["yes", "answer", "no"]
    assert not got.malformed


def test_a_last_column_without_a_name_is_kept_when_a_late_row_fills_it(read):
    rows = "1,x,\n" * 600
    assert list(read("a,b\n" + rows).frame.columns) == ["a", "b"]
    got = read("a,b\n" + rows + "2,y,z\n")
    assert got.frame.to_numpy()[-1].tolist() == ["2", "y", "z"]


@pytest.mark.parametrize(
    ("content", "quote", "has_header", "decimal"),
    [
        ("id,v\n1,x\n2,y\n", "", True, ""),
        ('id,v\n1,"x"\n2,y\n', "double quotes", True, ""),
        ("a,b\n'x','z'\n'p','q'\n'p','q'\n", "single quotes", True, ""),
        ('a,b\n"say \\"hi\\", ok",1\n"x",2\n', "double quotes, escaped by a backslash", True, ""),
        ("1,2.5,foo\n2,3.5,bar\n3,4.5,baz\n", "", False, "point"),
        ("id;v\n1;1,5\n2;2,75\n3;1.234,5\n", "", True, "comma"),
        ("id;v\n1;1.5\n2;2,75\n", "", True, "both"),
        ("id;v\n1;1.234\n2;2.750\n", "", True, ""),  # a thousand or a fraction: nothing is proved
        ("id;v\n" + "1;0.5\n" * 99 + "2;0,5\n", "", True, "point"),  # a mangled number does not change the file
        ("id;v\n1;v1.5\n2;in 2.5 days\n", "", True, ""),
    ],
)
def test_quotes_header_and_decimal_mark_are_found_out(read, content, quote, has_header, decimal):
    got = read(content)
    assert (got.quote, got.has_header, got.decimal) == (quote, has_header, decimal)


def test_titles_and_remarks_of_several_fields_above_a_header_are_left_out(read):
    got = read("Report,Tickets\nFrom,2026-01-01\n\nid,time,text,team,x\n1,2,3,4,5\n6,7,8,9,0\n")
    assert list(got.frame.columns) == ["id", "time", "text", "team", "x"]
    assert got.notes == ("2 lines above the header left out",)


def test_a_header_that_is_shorter_than_broken_rows_stays_the_header(read):
    got = read("id,text\n1,a\n2,b\n3,hello, you, there, all\n")
    assert list(got.frame.columns) == ["id", "text"]
    assert [m.fields for m in got.malformed] == [5]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp1252"])
def test_encodings_give_the_same_table(read, codec):
    got = read('id,text\n1,"é\nü"\n2,x\n'.encode(codec))
    assert got.frame.to_numpy().tolist() == [["1", "é\nü"], ["2", "x"]]
    assert got.quote == "double quotes"


def test_a_cut_off_utf16_file_loses_one_character_and_says_so(read):
    got = read("id,text\n1,é\n2,xy\n".encode("utf-16")[:-3])
    assert got.frame["text"].tolist() == ["é", "x"]
    assert got.notes == ("the file ends in the middle of a character",)


@pytest.mark.parametrize("separator", [b"\n", b""])
def test_one_giant_line_is_refused_before_it_is_read(read, separator):
    told = refusal(lambda: read(b"a,b" + separator + b"abc," * 1_500_000))
    assert told.startswith("a.csv: one line is more than 1,000,000 characters long")
    assert "one record per line" in told


def test_too_large_a_file_is_refused_with_the_way_out(read, monkeypatch):
    from flightready.realism.sources import opening

    real = opening.policy.value
    monkeypatch.setattr(opening.policy, "value", lambda key: 5_000_000 if key == "largest_file" else real(key))
    told = refusal(lambda: read("id,text\n" + "1,abcdefg\n" * 700_000))
    assert told.startswith("a.csv: the file has more than 5 MB")
    assert "flightready sample" in told and "data.population" in told
