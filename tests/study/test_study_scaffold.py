"""What 'flightready new' makes of a folder: roles, columns, reasons, and what it refuses."""

import gzip
import json
import shutil

import pytest
from source_files import xlsx

from flightready.assessment import load
from flightready.errors import InputError
from flightready.realism.sources import read_sample
from flightready.study import open_study
from flightready.study.scaffold import GUESSED, create, propose
from flightready.telemetry import formats

CALL = {"id": "resp_1", "object": "response", "created_at": 1760000000, "model": "gpt-4.1-2025-04-14", "status": "completed",
        "usage": {"input_tokens": 10, "output_tokens": 2, "total_tokens": 12}}  # fmt: skip


def test_the_newcomers_sample_is_exactly_what_is_proposed(first_hour):
    """The assessment beside the sample is the proposal itself, so that a second run changes nothing."""
    assert (first_hour / "assessment.yaml").read_text(encoding="utf-8") == propose(first_hour).text
    assert create(first_hour)[1] is False


def test_first_hour_finds_records_and_export_with_their_columns(first_hour, tmp_path):
    folder = tmp_path / "my_pilot"
    folder.mkdir()
    for name in ("feedback_export.csv", "openai_usage.json"):
        shutil.copy(first_hour / name, folder)
    create(folder)
    spec = load(folder).spec
    assert (spec.name, spec.cost.usage, spec.phase) == ("My pilot", ["openai_usage.json"], "prototype")
    assert [s.file for s in spec.data.production] == ["feedback_export.csv"]
    assert (spec.data.columns.id, spec.data.columns.time) == ("Case ID", "Received")
    assert spec.data.columns.text == ["Customer message"] and spec.data.columns.label is None
    text = (folder / "assessment.yaml").read_text(encoding="utf-8")
    guesses = [line for line in text.splitlines() if ":" in line and not line.lstrip().startswith("#")]
    sections = ("data:", "columns:", "cost:")
    assert all(GUESSED in line or line.strip() in sections for line in guesses)


def test_workbooks_and_packed_files_are_recognised_and_what_lies_beside_them_is_not(tmp_path):
    rows = "id,received,message\n" + "".join(f"T-{i},2026-01-{i + 1:02d},hello there number {i}\n" for i in range(20))
    (tmp_path / "mail.csv.gz").write_bytes(gzip.compress(rows.encode()))
    (tmp_path / "crm.xlsx").write_bytes(xlsx({"Data": [line.split(",") for line in rows.splitlines()]}))
    (tmp_path / "README.txt").write_text("how this was exported")
    (tmp_path / "~$crm.xlsx").write_bytes(b"lock")
    assert {f.name: f.role for f in propose(tmp_path).files} == {"mail.csv.gz": "production", "crm.xlsx": "production"}
    create(tmp_path)
    pilot = load(tmp_path)
    assert read_sample(pilot).raw.systems == ("crm", "mail")
    assert pilot.spec.data.columns.id == "id"


def test_the_full_sample_is_told_apart(support_triage, tmp_path):
    for path in support_triage.iterdir():
        if path.is_file() and path.suffix != ".yaml":
            shutil.copy(path, tmp_path)
    roles = {f.name: f.role for f in propose(tmp_path).files}
    assert roles == {"curated.csv": "curated", "web.csv": "production", "mail.jsonl": "production", "legacy.csv": "production",
                     "usage.jsonl": "usage", "spans.jsonl": "spans", "candidates.csv": "skipped", "results.csv": "skipped"}  # fmt: skip
    create(tmp_path)
    assert "candidates.csv: seems to hold answers of other models" in (tmp_path / "assessment.yaml").read_text()
    spec = load(tmp_path).spec
    legacy = next(s for s in spec.data.production if s.file == "legacy.csv")
    assert (legacy.columns.id, legacy.columns.label, legacy.columns.prediction) == ("TicketNo", "Team", "Predicted")
    assert (spec.data.columns.label, spec.data.columns.prediction) == ("team", "predicted_team")
    assert spec.latency.spans == ["spans.jsonl"]


@pytest.mark.parametrize("reader", [r for r in formats.readers() if r.kind == "spans"], ids=lambda r: r.name)
def test_traces_of_every_format_are_proposed(tmp_path, reader):
    name = "traces.csv" if "CSV of" in reader.name else "traces.json"
    (tmp_path / name).write_bytes(reader.example)
    create(tmp_path)
    assert load(tmp_path).spec.latency.spans == [name]


def test_every_file_of_traces_is_proposed_and_what_two_of_them_hold_counts_once(tmp_path):
    header, asks = "trace_id,span_id,parent_id,name,start_s,end_s\n", 1_790_000_000
    rows = [f"t{i},r{i},,ask,{asks + i},{asks + i + 2}\n" for i in range(4)]
    (tmp_path / "gateway.csv").write_text(header + "".join(rows[:3]))
    (tmp_path / "copy.csv").write_text(header + "".join(rows[1:]))
    create(tmp_path)
    assert load(tmp_path).spec.latency.spans == ["copy.csv", "gateway.csv"]
    latency = open_study(tmp_path, as_of="2026-10-15").latency
    assert latency.n == 4
    assert [(p.key, p.count) for p in latency.problems] == [("doubled_span", 2)]


def test_an_edited_assessment_is_not_overwritten(tmp_path):
    (tmp_path / "a.csv").write_text("id,text\n1,hello there\n2,good morning\n")
    create(tmp_path)
    path = tmp_path / "assessment.yaml"
    path.write_text("name: Mine\n")
    with pytest.raises(InputError, match="already holds an assessment.yaml"):
        create(tmp_path)
    assert path.read_text() == "name: Mine\n"
    assert create(tmp_path, replace=True)[1]


@pytest.mark.parametrize("name", ["a: b", "#1", "yes", "[x", "Köln & <b>", "123"])
def test_odd_file_and_column_names_survive_the_yaml(tmp_path, name):
    (tmp_path / f"{name}.csv").write_text(f'"{name}",text\n1,hello there\n2,good morning\n', encoding="utf-8")
    create(tmp_path)
    assert load(tmp_path).spec.data.production[0].file == f"{name}.csv"


def test_empty_binary_and_foreign_files_are_named_and_left_out(tmp_path):
    (tmp_path / "empty.csv").touch()
    (tmp_path / "photo.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)
    (tmp_path / "calls.jsonl").write_text(json.dumps(CALL) + "\n" + json.dumps(CALL | {"id": "resp_2"}) + "\n")
    (tmp_path / "notes.docx").write_bytes(b"PK")
    proposal = create(tmp_path)[0]
    assert {f.name: f.role for f in proposal.files} == {
        "empty.csv": "skipped",
        "photo.csv": "skipped",
        "calls.jsonl": "usage",
    }
    assert "# not used: empty.csv: empty (0 bytes)" in proposal.text
    assert load(tmp_path).spec.cost.usage == ["calls.jsonl"]


def rows_of(month, n=12):
    rows = "".join(f"T-{month}{i:02d},2026-{month:02d}-{i + 1:02d},hello there number {i}\n" for i in range(n))
    return "id,received,message\n" + rows


def test_files_that_differ_in_numbers_only_are_one_export(tmp_path):
    for month in (1, 2, 3):
        (tmp_path / f"calls_2026-0{month}.csv.gz").write_bytes(gzip.compress(rows_of(month).encode()))
    (tmp_path / "demo_2026-01.csv").write_text(rows_of(4))
    proposal = create(tmp_path)[0]
    assert {f.name: f.role for f in proposal.files} == {
        "calls_2026-*.csv.gz": "production",
        "demo_2026-01.csv": "curated",
    }
    assert (
        "production: calls_2026-*.csv.gz # guessed, confirm: 3 files, 36 records; names differ only in numbers"
        in proposal.text
    )
    sample = read_sample(load(tmp_path))
    assert (len(sample.raw), sample.raw.systems, len(sample.curated)) == (36, ("calls_2026",), 12)
    assert create(tmp_path)[1] is False


def test_files_of_other_columns_or_a_pattern_that_means_more_stay_apart(tmp_path):
    (tmp_path / "a1.csv").write_text(rows_of(1))
    (tmp_path / "a2.csv").write_text(rows_of(2).replace("message", "body"))
    assert [f.name for f in propose(tmp_path).files] == ["a1.csv", "a2.csv"]
    (tmp_path / "a2.csv").write_text(rows_of(2))
    (tmp_path / "a2_old.csv").write_text(rows_of(3))  # 'a*.csv' would mean it, too
    assert [f.name for f in propose(tmp_path).files] == ["a1.csv", "a2.csv", "a2_old.csv"]


def test_records_in_a_folder_are_proposed_as_that_folder(tmp_path):
    (tmp_path / "exports").mkdir()
    for month in (1, 2, 3):
        (tmp_path / "exports" / f"calls_{month}.csv").write_text(rows_of(month))
    assert "production: exports #" in create(tmp_path)[0].text
    assert len(read_sample(load(tmp_path)).raw) == 36
    (tmp_path / "exports" / "web.csv").write_text(rows_of(5))  # another system beside the calls
    create(tmp_path, replace=True)
    assert [s.file for s in load(tmp_path).spec.data.production] == ["exports/calls_*.csv", "exports/web.csv"]
    assert len(read_sample(load(tmp_path)).raw) == 48
    # with raw records beside it a folder is named and left alone
    (tmp_path / "raw.csv").write_text(rows_of(6))
    assert "# not used: exports/: a folder with 4 files; to use it, write production: exports" in propose(tmp_path).text


def test_a_drawn_sample_takes_the_place_of_what_it_was_drawn_from(tmp_path, monkeypatch):
    (tmp_path / "raw.csv").write_text(rows_of(1, 28))
    create(tmp_path)
    monkeypatch.setattr("sys.argv", ["flightready", "sample", str(tmp_path), "--n", "9", "--as-of", "2026-10-01"])
    from flightready.cli import main

    with pytest.raises(SystemExit):
        main()
    proposal = create(tmp_path, replace=True)[0]
    assert {f.name: f.role for f in proposal.files} == {"raw.csv": "skipped", "sample.csv": "production"}
    assert "# not used: raw.csv: sample.csv was drawn from it" in proposal.text
    spec = load(tmp_path).spec
    assert [s.file for s in spec.data.production] == ["sample.csv"] and spec.data.sampling.seed == spec.seed


def test_a_file_without_a_header_is_said_to_have_none(tmp_path):
    (tmp_path / "demo.csv").write_text("".join(f"T-{i},hello there {i},billing\n" for i in range(20)))
    assert "seems to have no header: add a first line" in propose(tmp_path).text


def test_a_file_in_place_of_its_folder(tmp_path):
    path = tmp_path / "b csv" / "tickets export.csv"
    path.parent.mkdir()
    path.write_text(rows_of(1))
    with pytest.raises(InputError, match=r"is a file, not a folder.*give its folder: flightready new '.*/b csv'"):
        propose(path)


def test_a_folder_without_records_is_told_with_what_lies_there(tmp_path):
    (tmp_path / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "notes.docx").write_bytes(b"PK")
    with pytest.raises(InputError, match=r"deep/: a folder that holds deeper; notes.docx: not a file of records"):
        propose(tmp_path)


@pytest.mark.parametrize("content", [None, b""])
def test_a_folder_with_nothing_to_use(tmp_path, content):
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError, match="no file in"):
        propose(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        propose(tmp_path / "nowhere")


def test_traces_with_tokens_serve_as_the_log_only_where_there_is_none(tmp_path, support_triage):
    shutil.copy(support_triage / "spans.jsonl", tmp_path)
    create(tmp_path)
    cost = load(tmp_path).spec
    assert (cost.cost.usage, cost.latency.spans) == (["spans.jsonl"], ["spans.jsonl"])
    shutil.copy(support_triage / "usage.jsonl", tmp_path)
    (tmp_path / "assessment.yaml").unlink()
    create(tmp_path)
    assert load(tmp_path).spec.cost.usage == ["usage.jsonl"]
