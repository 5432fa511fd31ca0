"""The files of a sample, read without the generator."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SAMPLE_DATA = Path(__file__).resolve().parents[2] / "sample_data"
sys.path.insert(0, str(SAMPLE_DATA))

TRIAGE = SAMPLE_DATA / "support_triage"
COLUMNS = ("created_at", "subject", "body", "region", "order_value_eur")
EMPTY = {None, "", "N/A", "-", "unknown", "tbd", "#NV", "(none)", "9999", "1900-01-01", "01.01.1900 00:00"}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
Row = dict[str, Any]


def read_delimited(path: Path, delimiter: str, encoding: str) -> list[Row]:
    """Return the records of a CSV file; a row with too many cells keeps its ends and its raw line."""
    names = ["ticket_id", *COLUMNS, "team", "predicted", "confidence"]
    lines = path.read_bytes().decode(encoding).split("\n")[1:-1]
    rows = []
    for line in lines:
        cells = next(csv.reader([line], delimiter=delimiter))
        row: Row = {"cells": len(cells), "line": line}
        if len(cells) == len(names):
            row |= dict(zip(names, cells, strict=True))
        else:
            row |= {"ticket_id": cells[0], "team": cells[-3], "predicted": cells[-2], "confidence": cells[-1]}
        rows.append(row)
    return rows


def read_mail(path: Path) -> list[Row]:
    """Return the records of the mail file, flat; what is absent is None."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mail = json.loads(line)
        rows.append(
            {
                "line": line,
                "cells": 9,
                "ticket_id": mail["ticket"]["id"],
                "created_at": mail["ticket"].get("received_at"),
                "subject": mail.get("content", {}).get("subject"),
                "body": mail.get("content", {}).get("body"),
                "region": mail.get("customer", {}).get("region"),
                "order_value_eur": mail.get("order", {}).get("value_eur"),
                "team": mail["routing"]["team"],
                "predicted": mail["routing"]["predicted"],
                "confidence": mail["routing"]["confidence"],
            }
        )
    return rows


def read_systems(folder: Path) -> dict[str, list[Row]]:
    """Return the raw records of the three systems as they are on disk."""
    return {
        "web": read_delimited(folder / "web.csv", ",", "utf-8"),
        "mail": read_mail(folder / "mail.jsonl"),
        "legacy": read_delimited(folder / "legacy.csv", ";", "cp1252"),
    }


def read_truth(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the truth file."""
    with (folder / "truth" / "injected_defects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def is_missing(value: object) -> bool:
    """Return True if a cell holds nothing, openly or in disguise."""
    return value is None or str(value).strip() in EMPTY


def moment(value: object) -> datetime | None:
    """Return the time of a record in its system's own format, None if it is in another one."""
    text = str(value)
    if re.fullmatch(r"\d{2}\.\d{2}\.(?!1900)\d{4} \d{2}:\d{2}", text):
        return datetime.strptime(text, "%d.%m.%Y %H:%M").replace(tzinfo=UTC)
    if re.fullmatch(r"20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|\+\d{2}:\d{2})", text):
        return datetime.fromisoformat(text)
    return None
