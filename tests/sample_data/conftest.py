"""The shipped ticket sample, read once for each module of tests."""

from __future__ import annotations

import csv
import json
from typing import Any

import pytest
from sample_files import TRIAGE, Row, read_systems, read_truth


@pytest.fixture(scope="module")
def raw() -> dict[str, list[Row]]:
    """Return the raw records of the three systems as they are on disk."""
    return read_systems(TRIAGE)


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    """Return the rows of the truth file."""
    return read_truth(TRIAGE)


@pytest.fixture(scope="module")
def curated() -> list[dict[str, str]]:
    """Return the curated tickets."""
    with (TRIAGE / "curated.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def log() -> list[dict[str, Any]]:
    """Return the logged responses."""
    return [json.loads(line) for line in (TRIAGE / "usage.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def traces() -> list[list[dict[str, Any]]]:
    """Return the spans of each kept request."""
    lines = (TRIAGE / "spans.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"] for line in lines]
