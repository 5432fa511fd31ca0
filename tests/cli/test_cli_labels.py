"""`flightready label` as its users meet it, from the draw to a measured accuracy; and what it never shows."""

import io
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

import pytest
from labelling_samples import SECRET, fill, pilot_in, right
from test_cli import run

from flightready.assessment import load
from flightready.cli import main
from flightready.study import open_study
from flightready.study.store import Store


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine").mkdir()
    return pilot_in(tmp_path / "mine", 300, floor={"accuracy": "70%"})


def label(folder, *options):
    """The command in this process, as starting a new one takes longer than the command."""
    said, complained, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(said), redirect_stderr(complained), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["flightready", "label", str(folder), *map(str, options)])
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    return SimpleNamespace(returncode=code, stdout=said.getvalue(), stderr=complained.getvalue())


def test_from_the_draw_to_a_measured_accuracy(folder):
    drawn = label(folder, "--n", 220, "--as-of", "2026-03-01")
    assert drawn.returncode == 0, drawn.stderr
    assert "220 records of 300 different ones, drawn at random; 2 copies left out." in drawn.stdout
    assert "CONFIDENTIAL" in drawn.stdout and not (folder / "labelling" / "answers.xlsx").exists()
    assert label(folder, "--second").returncode == 0
    fill(folder / "labelling" / "first.xlsx", right)
    n_second = fill(folder / "labelling" / "second.xlsx", right, "second")
    assert n_second == 55
    (folder / "assessment.yaml").write_text("# keep me\n" + (folder / "assessment.yaml").read_text())
    merged = label(folder, "--merge", "--by", "Team lead", "--on", "2026-02-20")
    assert merged.returncode == 0, merged.stderr
    assert "220 of 220 drawn records carry a label." in merged.stdout
    assert "55 records labelled by two people; they differ on 0." in merged.stdout
    assert (folder / "assessment.yaml").read_text().startswith("# keep me")
    spec = load(folder).spec.evaluation
    assert (spec.labels, spec.truth_set.labelled_by, str(spec.truth_set.labelled_on)) == (
        "labelling/labels.csv", "Team lead", "2026-02-20",
    )  # fmt: skip
    told = open_study(folder, store=Store(folder.parent / "store")).evaluation.findings[0]
    assert (told.id, str(told.state), told.n) == ("evaluation.raw_accuracy", "PASS", 220)


def test_nothing_that_is_printed_stored_or_reported_holds_a_record(folder):
    said = [label(folder, "--n", 220), label(folder, "--second")]
    fill(folder / "labelling" / "first.xlsx", right)
    fill(folder / "labelling" / "second.xlsx", lambda c: "legal", "second")
    store, out = folder.parent / "store", folder.parent / "out"
    said += [label(folder, "--merge"), label(folder, "--n", 250)]
    said.append(run("check", folder, cwd=folder.parent, store=store))
    said.append(run("report", folder, "--out", out, "--only", "02", cwd=folder.parent, store=store))
    for done in said:
        assert done.returncode in (0, 3, 4), done.stderr
        assert SECRET not in done.stdout + done.stderr
    files = [p for place in (store, out) for p in place.rglob("*") if p.is_file()]
    assert len(files) > 3
    for path in files:
        assert SECRET.encode() not in path.read_bytes(), path.name
    kept = {p.name for p in (folder / "labelling").iterdir() if SECRET.encode() in _content(p)}
    assert kept == {"first.xlsx", "second.xlsx", "disagreements.xlsx", "first_221-250.xlsx"}
    assert not [p for p in out.rglob("*") if "labelling" in p.parts]


def _content(path):
    import zipfile

    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_a_pilot_without_answers_is_told_what_labels_are_good_for(first_hour, tmp_path):
    folder = tmp_path / "x"
    shutil.copytree(first_hour, folder)
    drawn = label(folder, "--n", 40)
    assert "labels alone say nothing about it" in drawn.stdout and "answers.xlsx" in drawn.stdout
    fill(folder / "labelling" / "first.xlsx", lambda c: "complaint" if c["Customer message"] else "cannot tell")
    merged = label(folder, "--merge")
    assert "nothing of the pilot: fill in its answers" in merged.stdout
    fill(folder / "labelling" / "answers.xlsx", lambda c: "complaint", "answers")
    assert label(folder, "--merge").returncode == 0
    told = open_study(folder, store=Store(tmp_path / "store")).evaluation.findings[0]
    assert told.n > 25 and told.value == 1.0 and str(told.state) == "UNKNOWN"


def test_the_command_alone_keeps_to_what_was_drawn(folder):
    assert "30 records of 300" in label(folder, "--n", 30).stdout
    again = label(folder)
    assert "Unchanged:" in again.stdout and "30 records of 300" in again.stdout
    assert "12 records of 300" in label(folder, "--second", "--n", 12).stdout
    assert "Unchanged:" in label(folder, "--second").stdout
    assert "30 records of 300" in label(folder).stdout


@pytest.mark.parametrize(("options", "told"), [
    (("--second",), "none are drawn yet"),
    (("--merge",), "no records were drawn for labelling yet"),
    (("--as-of", "soon"), "'soon' is not a date"),
    (("--merge", "--on", "soon"), "'soon' is not a date"),
    (("--show", "txt"), "Did you mean 'text'?"),
])  # fmt: skip
def test_a_mistake_is_one_sentence(folder, options, told):
    done = label(folder, *options)
    assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr


def test_without_raw_records_there_is_nothing_to_label(folder):
    (folder / "assessment.yaml").write_text("name: x\n")
    done = label(folder)
    assert done.returncode == 2 and "there are no raw records to label" in done.stderr
    assert not (folder / "labelling").exists()
