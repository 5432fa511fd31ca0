"""Workbooks: what a person sees in the sheet, as text."""

from __future__ import annotations

import pandas as pd
import pytest
from source_files import XLS, ods, read_bytes, refusal, sheet, xlsx, zipped

ROWS = [["id", "when", "amount"], ["T-1", ("date", 46000), 1.1], ["T-2", ("date", 46001), 2.5]]


@pytest.fixture
def read(tmp_path):
    return lambda content, name="a.xlsx", **options: read_bytes(tmp_path, content, name, **options)


def cells(frame: pd.DataFrame) -> list[list[str | None]]:
    return [[None if pd.isna(v) else v for v in row] for row in frame.to_numpy().tolist()]


def test_cells_are_text_as_a_person_sees_them(read):
    """Day 46,000 of a sheet is 2025-12-09; half a day is noon."""
    kinds = ["text", "noise", "whole", "day", "moment", "hours", "clock", "yes", "broken", "empty"]
    row = [" x ", 0.1 + 0.2, 5.0, ("date", 46000), ("moment", 46000.5), ("duration", 1.5), ("time", 0.25), True,
           ("error", "#REF!"), None]  # fmt: skip
    got = read(xlsx({"S": [kinds, row, row]}))
    seen = [" x ", "0.3", "5", "2025-12-09", "2025-12-09T12:00:00", "36:00:00", "06:00:00", "TRUE", "#REF!", None]
    assert cells(got.frame) == [seen, seen]
    assert (got.format, got.has_header, got.lines.tolist()) == ("Excel", True, [2, 3])


def test_errors_are_told_apart(read):
    row = [1, ("error", "#N/A"), ("error", "#DIV/0!"), "#REF!"]
    assert cells(read(xlsx({"S": [["a", "b", "c", "d"], row, row]})).frame)[1] == ["1", "#N/A", "#DIV/0!", "#REF!"]


def test_formulas_that_were_never_computed_are_said(read):
    """A program that writes formulas without computing them leaves cells that a person sees filled and a reader empty."""
    made = sheet([["a", "b"], [1, 2], [3, 4]])
    made = made.replace('<c r="B2"><v>2</v></c>', '<c r="B2"><f>A2+1</f><v></v></c>')
    made = made.replace('<c r="B3"><v>4</v></c>', '<c r="B3"><f>A3+1</f></c>')
    got = read(xlsx({"S": [["x", "y"], [1, 2], [3, 4]], "T": made}), sheet="T")
    assert got.notes == ("2 formulas have no stored result and are empty",)


def test_titles_above_the_header_are_left_out_and_said(read):
    titles = [["Ticket export"], [], ["From", ("date", 46000)], []]
    got = read(xlsx({"S": [*titles, ["id", "when", "amount", "team", "x"], *[["T", 1, 2, "a", "b"]] * 3]}))
    assert list(got.frame.columns) == ["id", "when", "amount", "team", "x"]
    assert got.notes == ("2 rows above the header left out",)
    assert got.lines.tolist() == [6, 7, 8]


def test_a_sheet_without_header_and_an_unnamed_column(read):
    assert list(read(xlsx({"S": [[1, 2.5], [2, 3.5], [3, 4.5]]})).frame.columns) == ["column 1", "column 2"]
    got = read(xlsx({"S": [["id", None, "x"], [1, "note", "y"], [2, None, "z"]]}))
    assert list(got.frame.columns) == ["id", "column 2", "x"]


def test_blank_rows_are_no_records_and_a_repeated_header_does_not_parse(read):
    got = read(xlsx({"S": [*ROWS, [], ROWS[0], ROWS[1]]}))
    assert got.lines.tolist() == [2, 3, 6]
    assert [(m.line, m.record, m.reason) for m in got.malformed] == [(5, 2, "repeats the header")]


def test_the_first_sheet_with_a_table_is_taken_and_the_others_are_named(read):
    book = xlsx({"Cover": [["Tickets 2026"]], "Secret": ROWS, "Data": ROWS, "Old": ROWS}, hidden=["Secret"])
    got = read(book)
    assert got.notes == ("sheet 'Data' taken; 'Secret', 'Old' hold tables as well",)
    assert read(book, sheet="Old").notes == ()


def test_old_and_open_workbooks(read):
    got = read(XLS, "a.xls")
    assert cells(got.frame) == [["T-1", "2026-01-01", "0.3", "TRUE"], ["T-2", "2026-01-02", "0.3", None]]
    assert got.notes == ("formula errors such as #REF! are read as empty in this kind of workbook",)
    got = read(ods([["id", "x"], ["1", "a"], ["2", "b"]]), "a.ods")
    assert (cells(got.frame), got.format) == ([["1", "a"], ["2", "b"]], "OpenDocument")


VAST = sheet(ROWS).replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("content", "options", "said", "cure"),
    [
        (xlsx({"Data": ROWS, "Old": ROWS}), {"sheet": "data"}, "no sheet 'data'. Valid: Data, Old", "Did you mean 'Data'?"),
        (xlsx({"S": []}), {}, "the workbook holds no rows", "export the rows again"),
        (xlsx({"S": ROWS[:1]}), {}, "a header and no rows", "export the rows again"),
        (xlsx({"S": ROWS[:2]}), {}, "the file holds one row", "export the rows again"),
        (xlsx({"S": [], "T": ROWS}), {"sheet": "S"}, "the sheet holds no rows", "name another 'sheet'"),
        (xlsx({"S": VAST}), {}, "spans 17,179,869,184 cells", "save it as CSV"),
        (xlsx({"S": VAST}), {"sheet": "S"}, "spans 17,179,869,184 cells", "save it as CSV"),
        (xlsx({"S": "<worksheet><sheetData><row"}), {}, "broken", "save it"),
        (xlsx({"S": ROWS})[:-40], {}, "is broken or cut off", "export the file again"),
        (zipped({"xl/workbook.xml": "<nothing"}), {}, "the workbook is broken", "save it as .xlsx"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), {}, "protected by a password", "without a password"),
        (ods([["a"]], "<m:encryption-data/>"), {}, "protected by a password", "without a password"),
        (OLE + b"\0" * 600, {}, "no workbook at all", "save it as .xlsx or CSV"),
        (XLS[:4000], {}, "is broken or cut off", "save it as .xlsx or CSV"),
    ],
)  # fmt: skip
def test_what_is_no_readable_table_is_said_in_a_sentence(read, content, options, said, cure):
    told = refusal(lambda: read(content, **options))
    assert told.startswith("a.xlsx: ")
    assert said in told and cure in told


def test_a_sheet_of_a_file_that_is_no_workbook_is_refused(read):
    told = refusal(lambda: read("a,b\n1,2\n3,4\n", "a.csv", sheet="Data"))
    assert told == "a.csv: the file is no workbook, so it has no sheet 'Data'. To cure it: remove the key 'sheet'."
