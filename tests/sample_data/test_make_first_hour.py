"""The newcomer's two files."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime

from sample_files import SAMPLE_DATA

import make  # isort: skip
from making.config import DEFAULT_SEED  # isort: skip

EURO_MISREAD = "€".encode().decode("cp1252")


def test_feedback_export_is_as_messy_as_promised() -> None:
    """A byte order mark, ragged rows, copies, two date styles, odd amounts: all of it is in the export."""
    content = (SAMPLE_DATA / "first_hour" / "feedback_export.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[0] == [
        "Case ID",
        "Received",
        "Customer message",
        "Product line",
        "Country",
        "Amount",
        "Agent note",
    ]
    good = [row for row in rows[1:] if len(row) == 7]
    assert len(rows) == 901
    assert 8 <= 900 - len(good) <= 20
    lines = Counter(map(tuple, good))
    assert sum(count - 1 for count in lines.values()) >= 10
    assert len(lines) - len({row[0] for row in lines}) >= 8
    received = Counter(re.sub(r"\d", "9", row[1])[:10] for row in good)
    assert set(received) == {"9999-99-99", "99/99/9999"}
    assert 5 <= sum(row[1] == "1900-01-01" for row in good) <= 20
    assert sum("Ã" in row[2] or EURO_MISREAD in row[2] for row in good) > 20
    assert sum("@example." in row[2] for row in good) >= 5
    assert sum(row[3] != row[3].strip().title() for row in good) > 20
    assert {"€", "£", ","} <= set("".join(row[5] for row in good))


def test_usage_page_has_a_bucket_a_day() -> None:
    """31 days of October 2026, busy on weekdays, quiet at weekends."""
    page = json.loads((SAMPLE_DATA / "first_hour" / "openai_usage.json").read_text(encoding="utf-8"))
    assert len(page["data"]) == 31
    for bucket in page["data"]:
        start = datetime.fromtimestamp(bucket["start_time"], UTC)
        result = bucket["results"][0]
        assert (start.year, start.month, bucket["end_time"] - bucket["start_time"]) == (2026, 10, 86_400)
        low, high = (400, 900) if start.weekday() < 5 else (1, 100)
        assert low <= result["num_model_requests"] <= high
        assert 0 < result["input_cached_tokens"] < result["input_tokens"]


def test_first_hour_has_two_files_only() -> None:
    """One CSV, one usage export, nothing else."""
    assert sorted(make.build_first_hour(DEFAULT_SEED)) == ["feedback_export.csv", "openai_usage.json"]
