"""The command line as its users meet it: exit codes, sentences instead of tracebacks, nothing half written."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from flightready.cli import main


def run(*arguments, cwd, store=None, **environment):
    settings = {**os.environ, "NO_COLOR": "1", "COLUMNS": "160", **environment}
    if store:
        settings["FLIGHTREADY_STORE"] = str(store)
    command = [sys.executable, "-m", "flightready.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, check=False)


def pilot(folder, text="name: x\n", **files):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assessment.yaml").write_text(text, encoding="utf-8")
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def test_check_ends_with_the_verdict_as_exit_code(support_triage, first_hour, root):
    no_go, unknown = (run("check", p, "--as-of", "2026-10-15", cwd=root) for p in (support_triage, first_hour))
    assert (no_go.returncode, unknown.returncode) == (3, 4)
    assert no_go.stdout.strip().endswith("NO-GO")
    assert "Data: " in no_go.stdout and "of 1,200 raw records need a repair; most: " in no_go.stdout
    assert "\nMissing: " in unknown.stdout and unknown.stdout.count("Bring:") == 0
    assert "What would decide" in unknown.stdout and "NOT DECIDABLE YET" in unknown.stdout


def test_check_as_json_is_one_document_with_verdict_findings_and_inputs(support_triage, root):
    done = run("check", support_triage, "--json", cwd=root)
    content = json.loads(done.stdout)
    assert (content["verdict"], content["exit_code"], done.returncode) == ("NO-GO", 3, 3)
    assert {"realism", "evaluation", "cost", "latency", "roi"} <= {f["id"].split(".")[0] for f in content["findings"]}
    assert all(len(i["sha256"]) == 64 for i in content["inputs"].values())
    assert "Infinity" not in done.stdout and "NaN" not in done.stdout


def test_check_for_another_phase(support_triage, root, monkeypatch, capsys):
    assert (
        json.loads(run("check", support_triage, "--json", "--gate", "validate", cwd=root).stdout)["phase"] == "validate"
    )
    assert "Did you mean 'pilot'?" in refused(["check", support_triage, "--gate", "pilt"], monkeypatch, capsys)


BAD = {
    "unknown key": ({"text": "name: x\nworklod: {}\n"}, ["line 2", "'worklod'", "Did you mean 'workload'?"]),
    "wrong unit": ({"text": "name: x\nlatency: {budget: {p95: 2 USD}}\n"}, ["line 2", "duration"]),
    "p10 above p50": ({"text": "name: x\nworkload: {users_per_day: {p10: 3, p50: 2, p90: 4}}\n"}, ["must rise"]),
    "file not there": ({"text": "name: x\ndata: {production: raw.cvs}\n", "raw__csv": "a,b\n1,2\n3,4\n"},
                       ["'raw.cvs' is not there", "Did you mean 'raw.csv'?"]),
    "empty file": ({"text": "name: x\ndata: {production: raw.csv}\n", "raw__csv": ""}, ["raw.csv", "empty"]),
    "one row": ({"text": "name: x\ndata: {production: raw.csv}\n", "raw__csv": "a,b\n1,2\n"}, ["raw.csv", "one row"]),
    "binary": ({"text": "name: x\ndata: {production: raw.csv}\n", "raw__csv": b"PK\x03\x04" + bytes(range(256)) * 9}, ["raw.csv", "ZIP"]),
    "column not there": ({"text": "name: x\ndata:\n  production: raw.csv\n  columns: {id: tiket}\n", "raw__csv": "ticket,b\n1,2\n3,4\n"},
                         ["line 4", "tiket", "raw.csv", "Did you mean 'ticket'?"]),
    "unknown model": ({"text": "name: x\ncost: {usage: u.jsonl}\n",
                       "u__jsonl": '{"id":"a","object":"response","created_at":1760000000,"model":"gpt-99-ultra","status":"completed",'
                                   '"usage":{"input_tokens":5,"output_tokens":1,"total_tokens":6}}\n'}, ["gpt-99-ultra", "price"]),
    "half a line": ({"text": "name: x\ncost: {usage: u.jsonl}\n",
                     "u__jsonl": '{"id":"a","object":"response","created_at":1760000000,"model":"gpt-4.1","usage":{"input_tokens":5,'
                                 '"output_tokens":1}}\n{"id":"b","obj'}, ["u.jsonl", "line 2"]),
    "spans without a root": ({"text": "name: x\nlatency: {spans: s.json}\n",
                              "s__json": '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c",'
                                         '"spanId":"b7ad6b7169203331","parentSpanId":"00f067aa0ba902b7","name":"x",'
                                         '"startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000001000000000"}]}]}]}'}, ["root"]),
    "only delimiters": ({"text": "name: x\ndata: {production: raw.csv}\n", "raw__csv": ",,,\n,,,\n,,,\n"}, ["raw.csv", "no value"]),
    "nested too deeply": ({"text": "name: x\ndata: {production: raw.jsonl}\n",
                           "raw__jsonl": ('{"a":' + "[" * 900 + "]" * 900 + "}\n") * 3}, ["raw.jsonl", "nested too deeply"]),
    "a time beyond all calendars": ({"text": "name: x\ncost: {usage: u.jsonl}\n",
                                     "u__jsonl": '{"id":"a","object":"response","created_at":1' + "0" * 400 + ',"model":"gpt-4.1",'
                                                 '"usage":{"input_tokens":5,"output_tokens":1}}\n'}, ["u.jsonl, record 1", "is not a time"]),
    "spans without length": ({"text": "name: x\nlatency: {spans: s.json}\n",
                              "s__json": '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c",'
                                         '"spanId":"b7ad6b7169203331","name":"x","startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000000000000000"}]}]}]}'},
                             ["every span ends when it begins"]),
    "objects": ({"text": "name: !!python/object/apply:os.system ['touch owned']\n"}, ["line 1", "would construct an object"]),
    "circle": ({"text": "name: x\nextends: assessment.yaml\n"}, ["circle"]),
    "not text": ({"text": "name: x\ndata: {production: ../p}\n"}, ["holds records"]),
}  # fmt: skip


def refused(arguments, monkeypatch, capsys):
    """Run the program in this process and return what a user reads, who must read exit code 2."""
    monkeypatch.setattr(sys, "argv", ["flightready", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    seen = capsys.readouterr()
    assert ended.value.code == 2, seen.err
    assert "Traceback" not in seen.err + seen.out
    return seen.err


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("command", ["check", "report"])
def test_bad_input_is_one_clear_message_exit_2_and_nothing_written(tmp_path, case, command, monkeypatch, capsys):
    files, words = BAD[case]
    folder = pilot(tmp_path / "p", **files)
    before = sorted(p.name for p in folder.iterdir())
    monkeypatch.chdir(tmp_path)
    message = refused([command, folder], monkeypatch, capsys)
    for word in words:
        assert word in message, message
    assert sorted(p.name for p in folder.iterdir()) == before
    assert not (tmp_path / "outputs").exists() or not any((tmp_path / "outputs").iterdir())
    assert not (tmp_path / "owned").exists()


def test_a_mistake_is_a_sentence_in_a_process_of_its_own_too(tmp_path):
    done = run("check", pilot(tmp_path / "p", "nam: x\n"), cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr and "Did you mean 'name'?" in done.stderr


def test_a_folder_without_an_assessment(tmp_path, monkeypatch, capsys):
    assert "flightready new" in refused(["check", tmp_path], monkeypatch, capsys)


def test_report_goes_on_after_a_failing_pilot_and_says_so(first_hour, tmp_path):
    pilot(tmp_path / "broken", "nam: x\n")
    shutil.copytree(first_hour, tmp_path / "good")
    done = run("report", "broken", "good", "--only", "06", cwd=tmp_path)
    assert done.returncode == 2
    assert "1 of 2 reports made. Not made: broken." in done.stdout
    assert (tmp_path / "outputs" / "good" / "report.html").stat().st_size > 1_000_000
    assert not (tmp_path / "outputs" / "broken").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "user_per_day=3"], "users_per_day"), (["--set", "users_per_day"], "--set users_per_day=50000"),
        (["--set", "users_per_day=many"], "users_per_day"), (["--only", "99"], "06_readiness_review"),
        (["--as-of", "soon"], "2026-10-15"), (["--gate", "x"], "validate"),
    ],
)  # fmt: skip
def test_report_values_and_names_are_strict(first_hour, tmp_path, arguments, words, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert words in refused(["report", first_hour, *arguments], monkeypatch, capsys)
    assert not (tmp_path / "outputs").exists()


def test_two_pilots_of_one_name_are_refused(first_hour, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    message = refused(["report", first_hour, pilot(tmp_path / "first_hour")], monkeypatch, capsys)
    assert "two pilots are called 'first_hour'" in message


def test_what_ifs_show_in_the_report_and_leave_the_verdict(support_triage, tmp_path):
    done = run("report", support_triage, "--only", "05", "--set", "benefit_per_case=9", "--gate", "pilot", cwd=tmp_path)
    assert done.returncode == 3, done.stderr
    html = (tmp_path / "outputs" / "support_triage" / "report.html").read_text(encoding="utf-8")
    assert "What if benefit_per_case = 9" in html and "NO-GO" in html


def test_the_same_input_gives_the_same_bytes(first_hour, tmp_path):
    made = []
    for name, store in (("a", None), ("b", tmp_path / "store")):  # from results that may be stored, and all anew
        folder = tmp_path / name
        folder.mkdir()
        shutil.copytree(first_hour, folder / "pilot")
        only = (word for number in ("00", "01", "03", "06") for word in ("--only", number))
        done = run("report", "pilot", "--as-of", "2026-10-15", *only, cwd=folder, store=store)
        assert done.returncode == 0, done.stderr
        made.append([(folder / "outputs" / "pilot" / n).read_bytes() for n in ("report.html", "findings.json")])
    assert made[0] == made[1]


def test_new_proposes_and_is_idempotent(first_hour, tmp_path):
    shutil.copytree(first_hour, tmp_path / "p", ignore=shutil.ignore_patterns("*.yaml"))
    first, second = (run("new", "p", cwd=tmp_path) for _ in range(2))
    assert first.returncode == second.returncode == 0
    assert "Wrote p" in first.stdout and "Unchanged: p" in second.stdout
    assert run("check", "p", cwd=tmp_path, store=tmp_path / "s").returncode == 4


def test_schema_is_a_json_schema_that_the_samples_meet(root):
    content = json.loads(run("schema", cwd=root).stdout)
    assert content["required"] == ["name"] and content["additionalProperties"] is False
    assert "users_per_day" in content["$defs"]["Workload"]["properties"]


def test_checklist_prints_both_lists_blank(root):
    text = run("checklist", "--print", cwd=root).stdout
    assert text.count("| E") == 10 and text.count("| R") == 10 and "Must-haves" in text


def test_lab_prepares_notebooks_that_name_the_pilot(tmp_path):
    import nbformat

    from flightready.reports.workspace import prepare

    folder = prepare(pilot(tmp_path / "p"), out=tmp_path / "outputs")
    names = sorted(p.name for p in folder.glob("*.ipynb"))
    assert names[0] == "00_start.ipynb" and len(names) == 7
    sources = "\n".join(c.source for c in nbformat.read(folder / names[0], as_version=4).cells)
    assert 'assessment = "../../../p/assessment.yaml"  #' in sources
    (folder / names[0]).write_text("mine")
    assert (prepare(tmp_path / "p", out=tmp_path / "outputs") / names[0]).read_text() == "mine"


def test_jupyterlab_is_told_to_ask_no_server_for_news(root):
    from flightready.reports.workspace import environment

    done = subprocess.run([sys.executable, "-m", "jupyterlab.labextensions", "list"], cwd=root, env=environment(),
                          capture_output=True, text=True, check=False)  # fmt: skip
    listed = done.stdout + done.stderr
    assert "@jupyterlab/apputils-extension:announcements" in listed.split("Disabled extensions")[-1], listed


def test_help_names_every_command_and_the_exit_codes(root):
    text = run("--help", cwd=root).stdout
    for word in ("new", "check", "report", "lab", "schema", "checklist", "4 not decidable yet"):
        assert word in " ".join(text.split())
