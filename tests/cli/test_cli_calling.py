"""The option --run-pilot: it alone calls, says what is sent where before, and shows no secret anywhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from flightready.cli import main

CANARY = "canary-9b1c7e"


def flightready(*words: str, folder, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "flightready.cli", *words]
    return subprocess.run(command, cwd=folder, env={**os.environ, "FLIGHTREADY_STORE": str(folder / "store"), **environment},
                          capture_output=True, text=True, check=False, timeout=300)  # fmt: skip


@pytest.fixture
def here(folder, monkeypatch, capsys):
    """Function that runs the command in this process, as starting a new one takes longer than the command."""

    def run(*words: str) -> SimpleNamespace:
        monkeypatch.chdir(folder)
        monkeypatch.setenv("FLIGHTREADY_STORE", str(folder / "store"))
        monkeypatch.setattr(sys, "argv", ["flightready", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        seen = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code, stdout=seen.out, stderr=seen.err)

    return run


@pytest.fixture
def folder(tmp_path):
    """A small pilot: every fifth raw text is empty."""
    rows = [
        f"{i},my {('invoice', 'contract')[i % 2]} number {i} is wrong,{('billing', 'legal')[i % 2]}" for i in range(90)
    ]
    head = "id,text,team,predicted"
    full = [f"{r},{r.rsplit(',', 1)[1]}" for r in rows]
    (tmp_path / "demo.csv").write_text("\n".join([head, *full]) + "\n")
    raw = [r if i % 5 else f"{r.split(',')[0]},,{r.split(',', 2)[2]}" for i, r in enumerate(full)]
    (tmp_path / "raw.csv").write_text("\n".join([head, *(f"9{r}" for r in raw)]) + "\n")
    return tmp_path


def write(folder, **call) -> None:
    spec = {"name": "Router", "as_of": "2026-03-01", "pilot": call,
            "data": {"curated": "demo.csv", "production": "raw.csv",
                     "columns": {"id": "id", "text": "text", "label": "team", "prediction": "predicted"}}}  # fmt: skip
    (folder / "assessment.yaml").write_text(json.dumps(spec))


PILOT = "open('called', 'a').write('x')\ndef answer(r):\n    return 'billing' if 'invoice' in (r['text'] or '') else 'legal'\n"


def test_only_the_option_calls_and_a_second_run_has_nothing_to_call(folder, here):
    (folder / "pilot.py").write_text(PILOT)
    write(folder, function="pilot.py:answer")
    plain = here("check", ".", "--json")
    assert plain.returncode in (3, 4) and not (folder / "called").exists()
    first = flightready("check", ".", "--json", "--run-pilot", folder=folder)
    assert first.returncode == plain.returncode and (folder / "called").read_text() == "x"
    assert (
        "the function pilot.py:answer, in a process of its own on this machine (assessment.yaml, line 1" in first.stderr
    )
    assert "each sends 'text' of one record" in first.stderr and "answers came." in first.stderr
    json.loads(first.stdout)  # what is told about the calls stays out of the document
    from flightready.narrative.evaluation_tried import announced
    from flightready.study import open_study
    from flightready.study.asking import errand
    from flightready.study.store import Store

    again = announced(errand(open_study(folder, store=Store(folder / "store"))))
    assert (
        len(again) == 1 and again[0].startswith("The pilot is not called: ") and (folder / "called").read_text() == "x"
    )


def test_a_pilot_that_never_answers_is_one_sentence(folder, here):
    (folder / "pilot.py").write_text(f"def answer(r):\n    raise RuntimeError('{CANARY}')\n")
    write(folder, function="pilot.py:answer")
    done = here("check", ".", "--run-pilot")
    assert done.stderr.strip().endswith("stands in the report: flightready report .")
    assert done.returncode in (3, 4) and "Traceback" not in done.stderr
    assert "None of 20 calls brought an answer: the function raised an error (RuntimeError, line 2)." in done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_without_a_section_the_option_is_an_error_of_the_input(folder, here):
    write(folder, function="pilot.py:answer")
    spec = json.loads((folder / "assessment.yaml").read_text())
    del spec["pilot"]
    (folder / "assessment.yaml").write_text(json.dumps(spec))
    done = here("check", ".", "--run-pilot")
    assert done.returncode == 2 and "does not say how to call the pilot" in done.stderr


def test_a_secret_of_a_header_is_sent_and_stands_nowhere(folder, here):
    keys = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            keys.append(self.headers["Authorization"])
            body = b'{"prediction": "billing"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/"
    write(folder, url=url, headers={"Authorization": "Bearer ${ROUTER_KEY}"})
    without = here("check", ".", "--run-pilot")
    assert without.returncode == 2 and "'ROUTER_KEY' is not set" in without.stderr and not keys
    done = flightready("report", ".", "--run-pilot", "--only", "02", folder=folder, ROUTER_KEY=CANARY)
    server.shutdown()
    server.server_close()
    assert done.returncode == 0, done.stderr
    assert keys and set(keys) == {f"Bearer {CANARY}"}
    assert f"127.0.0.1:{server.server_port} on this machine" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    written = [p for p in folder.rglob("*") if p.is_file()]
    assert any(p.name == "report.html" for p in written) and any(p.parent.name == "answers" for p in written)
    assert [p for p in written if CANARY.encode() in p.read_bytes()] == []
    answers = next(p for p in written if p.parent.name == "answers")
    assert answers.stat().st_mode & 0o077 == 0
