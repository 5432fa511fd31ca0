"""Writing a report: whole or not at all, and nothing of anybody else's replaced."""

import hashlib
import json
from pathlib import Path

import pytest

from flightready.errors import InputError
from flightready.reports import publish
from flightready.reports.publish import check_target, write_report


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_new_folder_holds_report_findings_notebooks_and_manifest(tmp_path, run):
    target, seconds = tmp_path / "out" / "toy", {"render": 0.5}
    report = write_report(target, html="<p>é", findings_json="{}", run=run, seconds=seconds)
    assert report == tmp_path / "out" / "toy" / "report.html"
    written = everything(report.parent)
    notebooks = [f"notebooks/{n.name}.ipynb" for n in run.notebooks]
    assert sorted(written) == ["findings.json", *notebooks, "report.html", "run.json"]
    assert written["report.html"] == "<p>é".encode()
    manifest = json.loads(written["run.json"])
    assert manifest["sha256"]["report.html"] == hashlib.sha256(written["report.html"]).hexdigest()
    assert manifest["seconds"]["render"] == 0.5
    assert set(manifest["seconds"]["notebooks"]) == {n.name for n in run.notebooks}
    assert len(manifest["problems"]) == 3
    assert list(report.parent.parent.iterdir()) == [report.parent]


def test_a_second_report_replaces_the_first_and_leaves_foreign_files(tmp_path, run):
    write_report(tmp_path / "toy", html="one", findings_json="1", run=run)
    (tmp_path / "toy" / "my notes.txt").write_text("mine")
    (tmp_path / "toy" / "notebooks" / "old.ipynb").write_text("{}")
    write_report(tmp_path / "toy", html="two", findings_json="2", run=run)
    written = everything(tmp_path / "toy")
    assert (written["report.html"], written["findings.json"]) == (b"two", b"2")
    assert written["my notes.txt"] == b"mine"
    assert "notebooks/old.ipynb" not in written
    assert [p.name for p in tmp_path.iterdir()] == ["toy"]


def test_a_workbook_that_somebody_changed_is_kept_under_another_name(tmp_path, run):
    def write(workbook):
        write_report(tmp_path / "toy", html="", findings_json="", run=run, workbook=workbook)
        return {n: c for n, c in everything(tmp_path / "toy").items() if n.endswith(".xlsx")}

    (tmp_path / "toy").mkdir()
    (tmp_path / "toy" / "cost.xlsx").write_bytes(b"exported")  # by `flightready export`, before any report
    assert write(b"one") == {"cost.xlsx": b"one", "cost-kept-1.xlsx": b"exported"}
    assert write(b"two") == {"cost.xlsx": b"two", "cost-kept-1.xlsx": b"exported"}
    (tmp_path / "toy" / "cost.xlsx").write_bytes(b"typed into")
    kept = {"cost-kept-1.xlsx": b"exported", "cost-kept-2.xlsx": b"typed into"}
    assert write(b"three") == {"cost.xlsx": b"three", **kept}
    assert write(None) == kept  # an old one would tell of a cost that is not known any more


@pytest.mark.parametrize("calls_before", [0, 1, 2])
def test_a_failure_half_way_leaves_the_last_good_report(tmp_path, run, monkeypatch, calls_before):
    """The disk fills up while the new files are written: at the first, second or third one."""
    target = tmp_path / "toy"
    write_report(target, html="good", findings_json="good", run=run)
    before, calls, real = everything(target), [], Path.write_bytes

    def full(path, content):
        calls.append(path)
        if len(calls) > calls_before:
            raise OSError(28, "No space left on device")
        return real(path, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write_report(target, html="new", findings_json="new", run=run)
    monkeypatch.undo()
    assert everything(target) == before
    assert [p.name for p in tmp_path.iterdir()] == ["toy"]


def test_a_run_that_is_killed_while_writing_leaves_the_last_good_report(tmp_path, run, monkeypatch):
    target = tmp_path / "toy"
    write_report(target, html="good", findings_json="good", run=run)
    before = everything(target)

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(publish, "_move", killed)
    with pytest.raises(KeyboardInterrupt):
        write_report(target, html="new", findings_json="new", run=run)
    assert everything(target) == before


def test_a_folder_of_notebooks_that_cannot_be_put_in_place_comes_back(tmp_path, run, monkeypatch):
    target = tmp_path / "toy"
    write_report(target, html="good", findings_json="good", run=run)
    before, real = everything(target), Path.rename

    def refuse(path, goal):
        if ".partial-" in str(path) and path.name == "notebooks":
            raise OSError(13, "Permission denied")
        return real(path, goal)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        write_report(target, html="new", findings_json="new", run=run)
    assert everything(target) == before


def test_nothing_is_replaced_that_the_program_did_not_write(tmp_path, run):
    (tmp_path / "project" / "notebooks").mkdir(parents=True)
    (tmp_path / "project" / "notebooks" / "mine.ipynb").write_text("{}")
    with pytest.raises(InputError, match="already holds notebooks, which this program did not write"):
        write_report(tmp_path / "project", html="", findings_json="", run=run)
    assert everything(tmp_path / "project") == {"notebooks/mine.ipynb": b"{}"}


def test_a_pilot_s_own_folder_and_a_file_are_refused(tmp_path, pilot):
    with pytest.raises(InputError, match="folder of an assessment"):
        check_target(pilot)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        check_target(tmp_path / "file")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "report.html").write_text("")
    (tmp_path / "foreign" / "run.json").write_text('["not ours"]')
    with pytest.raises(InputError, match=r"report\.html, run\.json"):
        check_target(tmp_path / "foreign")
    assert check_target(tmp_path / "new") == tmp_path / "new"
