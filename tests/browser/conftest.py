"""A browser without a network, and a JupyterLab of its own; everything here needs a Chromium on PATH."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import flightready

ROOT = Path(__file__).resolve().parents[2]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser():
    """The installed Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, _NAMES)), None)
    assert executable, f"a browser test needs one of {', '.join(_NAMES)} on PATH"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=list(_QUIET))
        yield started
        started.close()


@dataclass
class Visit:
    """One opened page, and what it asked for and complained about."""

    page: object
    outside: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser):
    """Open an address with everything outside of it refused and counted."""
    opened = []

    def go(address: str, *, width=1280, height=720, allowed=("file:", "data:", "blob:"), **options) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        opened.append(context)
        made = Visit(context.new_page())

        def judge(route):
            if route.request.url.startswith(tuple(allowed)):
                return route.continue_()
            made.outside.append(route.request.url)
            return route.abort()

        context.route("**/*", judge)
        made.page.on("console", lambda m: made.complaints.append(m.text) if m.type == "error" else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        made.page.goto(address)
        return made

    yield go
    for context in opened:
        context.close()


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address with the token, and the folder that it serves."""

    base: str
    token: str
    folder: Path

    def address(self, notebook: str) -> str:
        """Return where a notebook opens, alone and afresh."""
        return f"{self.base}/doc/tree/{notebook}?reset&token={self.token}"


@pytest.fixture(scope="session")
def lab(tmp_path_factory) -> Iterator[Lab]:
    """A JupyterLab that serves a copy of the project: what it saves does not reach the notebooks under test."""
    folder, home = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("home")
    (folder / "notebooks").mkdir()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder / "notebooks")
    shutil.copy(ROOT / "pyproject.toml", folder)
    if (ROOT / "sample_data").is_dir():
        shutil.copytree(ROOT / "sample_data", folder / "sample_data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Lab(f"http://127.0.0.1:{port}", secrets.token_hex(16), folder)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={made.token}",
        f"--ServerApp.root_dir={folder}", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    own = {name: str(home) for name in ("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")}
    package = str(Path(flightready.__file__).resolve().parents[1])
    environment = {**os.environ, **own, "JUPYTER_RUNTIME_DIR": str(home / "run"), "PYTHONPATH": package}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_up(made, server, home / "log")
        yield made
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_until_up(made: Lab, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{made.base}/api/status?token={made.token}", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not start: {log.read_text()}")
