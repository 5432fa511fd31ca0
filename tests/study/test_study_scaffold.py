"""What 'flightready new' makes of a folder: roles, columns, reasons, and what it refuses."""

import gzip
import json
import shutil

import pytest
from source_files import xlsx

from flightready.assessment import load
from flightready.errors import InputError
from flightready.realism.sources import read_sample
from flightready.study.scaffold import GUESSED, create, propose

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
                     "usage.jsonl": "usage", "spans.jsonl": "spans"}  # fmt: skip
    create(tmp_path)
    spec = load(tmp_path).spec
    legacy = next(s for s in spec.data.production if s.file == "legacy.csv")
    assert (legacy.columns.id, legacy.columns.label, legacy.columns.prediction) == ("TicketNo", "Team", "Predicted")
    assert (spec.data.columns.label, spec.data.columns.prediction) == ("team", "predicted_team")
    assert spec.latency.spans == "spans.jsonl"


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


@pytest.mark.parametrize("content", [None, b""])
def test_a_folder_with_nothing_to_use(tmp_path, content):
    if content is not None:
        (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(InputError, match="no file in"):
        propose(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        propose(tmp_path / "nowhere")
