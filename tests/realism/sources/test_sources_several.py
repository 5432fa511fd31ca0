"""Folders and patterns as one system, and several systems with their own names of columns."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from realism_samples import pilot_in
from source_files import refusal, xlsx

from flightready.assessment import load
from flightready.errors import InputError
from flightready.realism.sources import read_sample


@pytest.fixture
def pilot(tmp_path):
    def make(spec: dict, files: dict[str, bytes | str]):
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        return pilot_in(tmp_path, {"data": spec}, files)

    return make


MONTHS = {f"exports/2026-0{m}.csv": f"id,text\n{m}1,a\n{m}2,b\n" for m in (2, 1, 3)}


@pytest.mark.parametrize("name", ["exports", "exports/", "exports/*.csv", "exports/2026-0[1-3].csv", "**/2026*.csv"])
def test_every_file_of_a_folder_or_pattern_is_read_in_order(pilot, name):
    raw = read_sample(pilot({"production": name}, MONTHS)).raw
    assert raw.frame["id"].tolist() == ["11", "12", "21", "22", "31", "32"]
    assert raw.systems == ("files" if name.startswith("**") else "exports",)
    assert [s.table.name.removeprefix("exports/") for s in raw.sources] == ["2026-01.csv", "2026-02.csv", "2026-03.csv"]


def test_a_part_may_hold_one_row_and_columns_are_aligned(pilot):
    files = {"exports/a.csv": "id,text\n1,x\n", "exports/b.csv": "id,more\n2,y\n3,z\n"}
    raw = read_sample(pilot({"production": {"file": "exports", "system": "crm"}}, files)).raw
    assert raw.systems == ("crm",)
    assert raw.frame["id"].tolist() == ["1", "2", "3"]
    assert raw.applies("more").tolist() == [False, True, True]


def test_what_is_no_records_is_left_out_and_said(pilot):
    beside = {"exports/README.md": "x", "exports/README": "read me", "exports/.DS_Store": "x", "exports/empty.csv": "",
              "exports/header.csv": "id,text\n", "exports/_SUCCESS": "", "exports/photo.png": "x"}  # fmt: skip
    raw = read_sample(pilot({"production": "exports"}, {**MONTHS, **beside})).raw
    assert len(raw.sources) == 3
    note = raw.sources[0].table.notes[-1]
    for name, why in (
        ("README.md", "not a file of records"),
        (".DS_Store", "hidden"),
        ("empty.csv", "empty"),
        ("header.csv", "no rows"),
    ):
        assert name in note and why in note
    assert not raw.sources[1].table.notes


def test_a_broken_file_of_records_is_never_left_out(pilot):
    files = {**MONTHS, "exports/2026-04.csv.gz": gzip.compress(b"id,text\n1,a\n" * 99)[:-20]}
    told = refusal(lambda: read_sample(pilot({"production": "exports"}, files)))
    assert "2026-04.csv.gz: the gzip archive is broken or cut off" in told


def test_files_that_another_key_names_are_not_read_twice(pilot):
    files = {"demo.csv": "id,text\n1,a\n2,b\n", "web.csv": "id,text\n3,a\n4,b\n", "mail.csv": "id,text\n5,a\n6,b\n"}
    spec = {"curated": "demo.csv", "production": ["web.csv", "*.csv"]}
    sample = read_sample(pilot(spec, files))
    assert sample.raw.frame["id"].tolist() == ["3", "4", "5", "6"]
    assert "demo.csv, web.csv (named elsewhere)" in sample.raw.sources[1].table.notes[-1]
    both = read_sample(pilot({"production": ["web*.csv", "*.csv"]}, files)).raw
    assert both.frame["id"].tolist() == ["3", "4", "1", "2", "5", "6"]


def test_a_folder_of_parquet_parts_and_of_several_formats(pilot, tmp_path):
    (tmp_path / "parts").mkdir()
    for i in range(3):
        pq.write_table(pa.table({"id": [i], "text": ["x"]}), tmp_path / "parts" / f"part-{i}.parquet")
    pq.write_table(pa.table({"id": pa.array([], pa.int64())}), tmp_path / "parts" / "part-9.parquet")
    files = {"parts/_SUCCESS": "", "parts/z.jsonl": '{"id": 7, "text": "y"}\n'}
    raw = read_sample(pilot({"production": "parts"}, files)).raw
    assert raw.frame["id"].tolist() == ["0", "1", "2", "7"]
    assert "part-9.parquet (no rows)" in raw.sources[0].table.notes[-1]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(pilot):
    raw = read_sample(
        pilot({"production": "export[1].csv"}, {"export[1].csv": "id,x\n1,a\n2,b\n", "export1.csv": "q"})
    ).raw
    assert len(raw) == 2


def test_a_link_out_of_the_folder_is_not_followed(pilot, tmp_path):
    (tmp_path / "secret.csv").write_text("id,text\n9,secret\n8,secret\n")
    files = pilot({"production": "exports/*.csv"}, MONTHS)
    (tmp_path / "exports" / "2026-09.csv").symlink_to(tmp_path / "secret.csv")
    assert "9" not in read_sample(files).raw.frame["id"].tolist()


@pytest.mark.parametrize(
    ("name", "files", "said"),
    [
        ("exports/*.jsonl", MONTHS, "the pattern 'exports/*.jsonl' matches no file (exports/ holds 2026-01.csv, 2026-02.csv, 2026-03.csv)"),
        ("export/*.csv", MONTHS, "the pattern 'export/*.csv' matches no file (the folder export/ is not there)"),
        ("exports", {"exports/2026/a.csv": "x"}, "the folder 'exports' holds no file (exports/ holds 2026/)"),
        ("exports", {"exports/README.md": "x"}, "no file of 'exports' holds records (left out: README.md (not a file of records))"),
        ("**x/*.csv", MONTHS, "'**x/*.csv'"),
    ],
)  # fmt: skip
def test_a_pattern_that_gives_nothing_says_what_is_there(pilot, name, files, said):
    told = refusal(lambda: read_sample(pilot({"production": name}, files)))
    assert told.startswith("assessment.yaml, line 1, data.production")
    assert said in told and "To cure it: " in told


def test_three_formats_with_their_own_names_and_a_column_that_one_system_has(pilot):
    book = xlsx(
        {
            "Cover": [["Export"]],
            "Fälle": [
                ["Nr", "Datum", "Betrag", "Notiz"],
                *[[f"X-{i}", ("date", 46000 + i), i + 0.5, "n"] for i in range(3)],
            ],
        }
    )
    mail = "".join(json.dumps({"t": {"id": f"M-{i}", "at": "2026-01-05"}, "eur": i}) + "\n" for i in range(2))
    spec = {
        "columns": {"id": "id", "time": "created"},
        "production": [
            {"file": "web.csv"},
            {"file": "mail.jsonl", "columns": {"id": "t.id", "time": "t.at"}, "rename": {"eur": "amount"}},
            {"file": "old.xlsx", "sheet": "Fälle", "columns": {"id": "Nr", "time": "Datum"}, "rename": {"Betrag": "amount"}},
        ],
    }  # fmt: skip
    files = {
        "web.csv": "id;created;amount\nW-1;05.01.2026;1,5\nW-2;06.01.2026;2,5\n",
        "mail.jsonl": mail,
        "old.xlsx": book,
    }
    raw = read_sample(pilot(spec, files)).raw
    assert raw.systems == ("web", "mail", "old")
    assert set(raw.frame.columns) == {"id", "created", "amount", "Notiz"}
    assert raw.frame["id"].tolist() == ["W-1", "W-2", "M-0", "M-1", "X-0", "X-1", "X-2"]
    assert raw.frame["amount"].tolist() == ["1,5", "2,5", "0", "1", "0.5", "1.5", "2.5"]
    assert raw.applies("Notiz").tolist() == [False] * 4 + [True] * 3
    assert raw.frame["Notiz"].isna().tolist() == [True] * 4 + [False] * 3
    assert raw.line.tolist() == [2, 3, 1, 2, 2, 3, 4]
    assert [s.table.decimal for s in raw.sources] == ["comma", "", "point"]


def test_one_mapping_holds_for_every_file_of_a_pattern(pilot):
    source = {"file": "exports/*.csv", "columns": {"id": "No"}, "rename": {"Text": "body"}}
    files = {"exports/a.csv": "No,Text\n1,x\n2,y\n", "exports/b.csv": "No,Text\n3,z\n"}
    raw = read_sample(
        pilot(
            {"production": [{"file": "w.csv"}, source], "columns": {"id": "id"}},
            {**files, "w.csv": "id,body\n7,q\n8,r\n"},
        )
    ).raw
    assert raw.frame["id"].tolist() == ["7", "8", "1", "2", "3"]
    files["exports/b.csv"] = "Nr,Text\n3,z\n4,z\n"
    told = refusal(
        lambda: read_sample(pilot({"production": [{"file": "w.csv"}, source], "columns": {"id": "id"}}, files))
    )
    assert "'No' is not in 'b.csv'. Valid: Nr, body" in told


def test_a_renamed_column_in_one_file_of_a_folder_has_a_cure_that_can_be_followed(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "a.csv").write_text("No,body\n1,x\n2,y\n")
    (tmp_path / "exports" / "b.csv").write_text("Ticket,body\n3,x\n4,y\n")
    text = "name: x\ndata:\n  production: {}\n  columns: {{id: No}}\n"
    (tmp_path / "assessment.yaml").write_text(text.format("exports"))
    with pytest.raises(InputError) as refused:
        read_sample(load(tmp_path))
    told = str(refused.value)
    assert "list the files one by one under data.production, and give 'b.csv' its own 'columns: {id: ...}'" in told
    one_by_one = "[exports/a.csv, {file: exports/b.csv, columns: {id: Ticket}}]"
    (tmp_path / "assessment.yaml").write_text(text.format(one_by_one))
    assert len(read_sample(load(tmp_path)).raw) == 4


def test_a_demo_set_without_a_header_is_said_to_have_none(tmp_path):
    rows = "".join(f"{i},hello {i},{'billing' if i % 2 else 'login'}\n" for i in range(1, 9))
    (tmp_path / "demo.csv").write_text(rows)
    (tmp_path / "raw.csv").write_text("id,body,team\n" + rows)
    (tmp_path / "assessment.yaml").write_text(
        "name: x\ndata: {curated: demo.csv, production: raw.csv, columns: {id: id, text: body}}\n"
    )
    with pytest.raises(InputError, match=r"'demo.csv' seems to have no header.*add a first line with the names"):
        read_sample(load(tmp_path))
