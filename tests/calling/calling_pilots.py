"""Pilots to call, and a clock that the tests move, for the tests of the calls."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from flightready.assessment import Pilot, load

FIELDS = {"answer": "prediction", "confidence": "confidence"}


class StepClock:
    """A clock that moves only when somebody waits, or a test moves it."""

    def __init__(self) -> None:
        self.seconds, self.slept = 100.0, []

    def moment(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.seconds += seconds


def pilot_in(folder: Path, code: str = "", **call) -> Pilot:
    """Write a pilot's section, and its function where there is code, and load it."""
    if code:
        (folder / "pilot.py").write_text(code, encoding="utf-8")
        call = {"function": "pilot.py:answer", **call}
    (folder / "assessment.yaml").write_text(json.dumps({"name": "Pilot", "pilot": call}), encoding="utf-8")
    return load(folder)


@contextmanager
def served(reply: Callable[[BaseHTTPRequestHandler, dict], None]) -> Iterator[tuple[str, list]]:
    """Serve a pilot on this machine; yields its address and the list of (record, headers) that it was asked."""
    asked: list = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            record = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append((record, dict(self.headers)))
            reply(self, record)

        def do_GET(self) -> None:
            asked.append(("GET", dict(self.headers)))
            answer(self, {"prediction": "followed"})

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/answer", asked
    finally:
        server.shutdown()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, document: object, *, status: int = 200, **headers: str) -> None:
    """Send one answer: JSON, or bytes as they are."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, so that the connection is never idle and the answer never whole."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    try:
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        pass
