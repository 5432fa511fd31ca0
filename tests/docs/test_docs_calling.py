"""The document on calling the pilot is true: its three ways run as they stand."""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from test_docs import shell

from flightready import policy
from flightready.study import open_study
from flightready.study.asking import errand
from flightready.study.store import Store


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "calling.md").read_text(encoding="utf-8")


def prepare(page: str, folder: Path) -> None:
    """A small pilot, and the two programs of the page under their names."""
    folder.mkdir()
    rows = [f"{i},{('invoice', 'contract')[i % 2]} {i} is wrong,{('billing', 'legal')[i % 2]}" for i in range(60)]
    full = [f"{r},{r.rsplit(',', 1)[1]}" for r in rows]
    (folder / "demo.csv").write_text("\n".join(["id,text,team,predicted", *full]) + "\n")
    raw = [f"9{r}" if i % 4 else f"9{i},,{('billing', 'legal')[i % 2]},legal" for i, r in enumerate(full)]
    (folder / "raw.csv").write_text("\n".join(["id,text,team,predicted", *raw]) + "\n")
    for code in re.findall(r"```python\n(.*?)```", page, flags=re.S):
        name = re.match(r"# my_pilot/(\S+)", code)[1]
        (folder / name).write_text(code)


def assess(folder: Path, section: str) -> None:
    data = {"curated": "demo.csv", "production": "raw.csv",
            "columns": {"id": "id", "text": "text", "label": "team", "prediction": "predicted"}}  # fmt: skip
    text = f"name: Router\nas_of: 2026-03-01\ndata: {json.dumps(data)}\n{section}"
    (folder / "assessment.yaml").write_text(text)


def called(folder: Path):
    store = Store(folder / "store")
    done = errand(open_study(folder, store=store)).run()
    return done, open_study(folder, store=store).evaluation.tried


def test_the_function_of_the_page_and_its_command(page, tmp_path):
    prepare(page, tmp_path / "my_pilot")
    assess(tmp_path / "my_pilot", re.search(r"```yaml\n(pilot:\n  function.*?)```", page, flags=re.S)[1])
    command = re.search(r"```sh\n(.*?)\n```", page)[1]
    done = shell(command, tmp_path, FLIGHTREADY_STORE=str(tmp_path / "store"))
    assert done.returncode in (3, 4), done.stderr
    assert "Calling the pilot: the function pilot.py:answer" in done.stderr and "answers came." in done.stderr


def test_the_program_of_the_page(page, tmp_path):
    prepare(page, tmp_path / "my_pilot")
    section = re.search(r"```yaml\n(pilot:\n  command.*?)```", page, flags=re.S)[1]
    assess(tmp_path / "my_pilot", section.replace("python3", sys.executable))
    done, tried = called(tmp_path / "my_pilot")
    assert done.failed == 0 and tried.is_whole and tried.injected_all.points > 0


def test_the_address_of_the_page(page, tmp_path, monkeypatch):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            record = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            is_known = self.headers["Authorization"] == "Bearer test-key"
            body = json.dumps({"prediction": "billing" if "invoice" in (record["text"] or "") else "legal"}).encode()
            self.send_response(200 if is_known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    prepare(page, tmp_path / "my_pilot")
    section = re.search(r"```yaml\n(pilot:\n  url.*?)```", page, flags=re.S)[1]
    section = section.replace("8123", str(server.server_port)).replace("600", "60_000")
    assess(tmp_path / "my_pilot", section)
    monkeypatch.setenv("PILOT_KEY", "test-key")
    done, tried = called(tmp_path / "my_pilot")
    server.shutdown()
    server.server_close()
    assert done.failed == 0 and tried.is_whole and tried.injected_all.points > 0
    assert "test-key" not in "".join(p.read_text() for p in (tmp_path / "my_pilot").rglob("*.json*"))


def test_the_numbers_of_the_page_are_those_of_the_policy(page):
    assert f"`timeout` (of one call, {policy.value('call_timeout_s')} s)" in page
    assert f"`most_calls` ({policy.value('call_most'):,})" in page
    assert policy.value("call_longest_run_s") == 3600 and "`longest_run` (an hour)" in page
    assert f"the first {policy.value('call_failures_before_giving_up')} calls all fail" in page
    assert policy.value("call_least_same_share") == 0.9 and "under nine in ten answers" in page
