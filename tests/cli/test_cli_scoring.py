"""flightready score as a build meets it: exit codes, files whole or not at all, nothing from the data unescaped."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from flightready.cli import main

HEAD = "id,text,team,predicted,region\n"
COLUMNS = "{id: id, text: text, label: team, prediction: predicted, group: [region]}"


def pilot(folder, wrong, *, n=300, name="Pilot", region="north", start=0, more=""):
    """A pilot of so many records, of which the first `wrong` are wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        f"K-{start + i},text {start + i},{'ab'[i % 2]},{'ba'[i % 2] if i < wrong else 'ab'[i % 2]},{region}\n"
        for i in range(n)
    ]
    (folder / "raw.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    spec = f"name: {json.dumps(name)}\nas_of: 2026-03-01\ndata: {{production: raw.csv, columns: {COLUMNS}}}\n{more}"
    (folder / "assessment.yaml").write_text(spec, encoding="utf-8")
    return folder


@pytest.fixture
def score(tmp_path, monkeypatch, capsys):
    """Function that scores the pilot in `p` with options, in this process, as the program would."""
    monkeypatch.chdir(tmp_path)
    for name, value in (("FLIGHTREADY_STORE", str(tmp_path / "store")), ("COLUMNS", "160"), ("NO_COLOR", "1")):
        monkeypatch.setenv(name, value)

    def run(*options):
        monkeypatch.setattr(sys, "argv", ["flightready", "score", "p", *options])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=shown.out, stderr=shown.err)

    return run


def test_the_life_of_an_accepted_score(score, tmp_path):
    folder = pilot(tmp_path / "p", 30)
    first = score()
    assert first.returncode == 4 and first.stdout.strip().endswith(
        "CANNOT TELL: there is no accepted score to compare with yet.")  # fmt: skip
    assert not (folder / "accepted_score.json").exists()
    accepted = score("--accept")
    assert accepted.returncode == 0 and "FIRST SCORE ACCEPTED" in accepted.stdout
    again = score()
    assert again.returncode == 0 and "SAME as the accepted score: every answer is as right as before." in again.stdout
    told = again.stdout.index("The same: every answer is as right as before.")
    assert told < again.stdout.index("Compared record by record on 300 records")
    kept = (folder / "accepted_score.json").read_bytes()
    pilot(folder, 60)
    worse = score("--accept")
    assert worse.returncode == 3 and "WORSE than the accepted score." in worse.stdout
    assert "It was not accepted" in worse.stdout and (folder / "accepted_score.json").read_bytes() == kept
    assert score("--against-last").returncode == 0
    pilot(folder, 10)
    better = score("--accept")
    assert better.returncode == 0 and "BETTER than the accepted score." in better.stdout
    assert len(json.loads((folder / "accepted_score.json").read_text())["earlier"]) == 1


def test_another_baseline_and_json(score, tmp_path):
    pilot(tmp_path / "p", 30)
    score("--accept")
    (tmp_path / "p" / "accepted_score.json").rename(tmp_path / "old.json")
    pilot(tmp_path / "p", 60)
    done = score("--baseline", "old.json", "--json")
    content = json.loads(done.stdout)
    assert (done.returncode, content["exit_code"], content["verdict"]) == (3, 3, "worse")
    assert content["comparison"][0]["lost"] == 30 and content["compared_with"] == "old.json"
    assert content["provenance"]["commit"] == "" and content["provenance"]["no_commit"]
    assert "NaN" not in done.stdout and len(content["provenance"]["data"]) == 64
    assert "records" not in content["score"]["raw"]


@pytest.mark.parametrize(("text", "told"), [
    ("", "empty (0 bytes)"), ("{", "line 1: the score is no JSON"), ("{}", "this is no score"),
    ('{"format": "flightready score", "version": 9}', "version 9"),
])  # fmt: skip
def test_a_damaged_baseline_is_one_sentence_and_exit_code_2(score, tmp_path, text, told):
    pilot(tmp_path / "p", 30)
    (tmp_path / "p" / "accepted_score.json").write_text(text)
    for options in ((), ("--accept",)):
        done = score(*options)
        assert done.returncode == 2 and told in done.stderr and "Traceback" not in done.stderr
        assert done.stderr.count("\n") == 1 and (tmp_path / "p" / "accepted_score.json").read_text() == text


def test_a_baseline_that_is_not_there_or_of_another_pilot(score, tmp_path):
    pilot(tmp_path / "p", 30, name="Other")
    score("--accept")
    pilot(tmp_path / "p", 30)
    other = score()
    assert other.returncode == 2 and "of the pilot 'Other', not of 'Pilot'" in other.stderr
    missing = score("--baseline", "nowhere.json")
    assert missing.returncode == 2 and "nowhere.json: the score is not there" in missing.stderr
    both = score("--baseline", "x.json", "--against-last")
    assert both.returncode == 2 and "--baseline or --against-last" in both.stderr
    folder = score("--baseline", "p")
    assert folder.returncode == 2 and "Traceback" not in folder.stderr


def test_nothing_scored_cannot_tell(score, tmp_path):
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "assessment.yaml").write_text("name: x\n")
    done = score("--accept")
    assert done.returncode == 4 and "nothing is scored" in done.stdout
    assert not (tmp_path / "p" / "accepted_score.json").exists()


def test_a_floor_that_fails_is_3_also_for_a_first_score(score, tmp_path):
    folder = pilot(tmp_path / "p", 90, more="evaluation: {floor: {accuracy: 90%}}\n")
    done = score("--accept")
    assert done.returncode == 3 and "FAILED: a rule does not hold. This first score is accepted" in done.stdout
    assert "no accepted score to compare with" not in done.stdout
    assert (folder / "accepted_score.json").is_file()  # a pilot below its floor needs a score to improve on
    again = score()
    assert again.returncode == 3 and "SAME as the accepted score" in again.stdout and "FAILED" in again.stdout


def test_the_summary_escapes_whatever_comes_from_data(score, tmp_path):
    evil = "<script>x</script>|[a](http://b) `c` @d"
    pilot(tmp_path / "p", 30, name=evil, region="<b>|north|*")
    score("--accept")
    pilot(tmp_path / "p", 31, name=evil, region="<b>|north|*")
    (tmp_path / "s.md").write_text("before\n")
    done = score("--markdown", "s.md")
    text = (tmp_path / "s.md").read_text(encoding="utf-8")
    assert done.returncode in (0, 4), done.stderr
    assert text.startswith("before\n## Score: ")
    assert "<script" not in text and "<b>" not in text and "[a](" not in text and "`" not in text and "://" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) >= 4 and {line.count("|") for line in rows} == {6}
    nowhere = score("--markdown", "no/such/s.md")
    assert nowhere.returncode == 2 and "summary cannot be written" in nowhere.stderr


def test_the_commit_and_whether_files_differ_from_it(score, tmp_path):
    folder = pilot(tmp_path / "p", 30)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "p"], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *command], check=True)
    (tmp_path / ".git" / "info" / "exclude").write_text("store/\n")
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()

    def known():
        return json.loads(score("--accept", "--json").stdout)["provenance"]

    assert (known()["commit"], known()["is_dirty"]) == (head, False)  # the accepted score itself does not count
    with (folder / "assessment.yaml").open("a") as spec:
        spec.write("owner: x\n")
    assert known()["is_dirty"] is True


def test_no_git_is_said_and_no_error(score, tmp_path, monkeypatch):
    pilot(tmp_path / "p", 30)
    monkeypatch.setenv("PATH", "")
    done = score()
    assert done.returncode == 4 and "Commit: none (git is not installed)" in done.stdout


def test_help_names_the_exit_codes(score):
    assert "0 better or same, 3 worse" in " ".join(score("--help").stdout.split())
