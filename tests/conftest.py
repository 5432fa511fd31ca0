"""What every test shares: the project's root, a private store, and a line that names what was left out."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("FLIGHTREADY_STORE", tempfile.mkdtemp(prefix="flightready-tests-"))
ROOT = Path(__file__).parents[1]
# doctests are in lib; two conftests share one module name; one script is run by the Python of another environment
collect_ignore_glob = ["conftest.py", "*/conftest.py", "benchmarks/evidently_runs.py"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root."""
    return ROOT


@pytest.fixture(scope="session")
def support_triage() -> Path:
    """The folder of the full sample."""
    return ROOT / "sample_data" / "support_triage"


@pytest.fixture(scope="session")
def first_hour() -> Path:
    """The folder of the newcomer's sample."""
    return ROOT / "sample_data" / "first_hour"


def pytest_terminal_summary(terminalreporter) -> None:
    """Say which kinds of test were left out, and how many, so that no one takes silence for a pass."""
    left_out: dict[str, int] = {}
    for item in terminalreporter.stats.get("deselected", []):
        for name in ("browser", "benchmark", "postgres", "spark"):
            if item.get_closest_marker(name):
                left_out[name] = left_out.get(name, 0) + 1
    for name, number in left_out.items():
        terminalreporter.write_line(f"left out: {number} marked '{name}'; run them with: pytest -m {name}")
