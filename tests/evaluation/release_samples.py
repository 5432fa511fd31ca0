"""Small pilots with groups and days, for the tests of the scoring pipeline and of accuracy over time."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np

from flightready.assessment import load
from flightready.evaluation.release.pipeline import score_now
from flightready.evaluation.scored_sample import scored_sample
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

TODAY = dt.date(2026, 3, 1)
COLUMNS = {"id": "id", "time": "at", "text": "text", "label": "team", "prediction": "predicted", "group": ["region"]}


def answers(n: int, wrong, *, start: int = 0, region=None, ids: bool = True, days: int = 300) -> list[dict[str, str]]:
    """So many records of two classes, spread over days; `wrong` says which are wrong, `region` each one's group."""
    first = np.datetime64("2025-04-01")
    rows = []
    for i in range(n):
        truth = "a" if i % 2 else "b"
        given = {"a": "b", "b": "a"}[truth] if wrong(i) else truth
        rows.append({
            "id": f"K-{start + i}" if ids else "", "at": str(first + i * days // max(1, n)), "text": f"text {start + i}",
            "region": region(i) if region else ("north" if i % 3 else "south"), "team": truth, "predicted": given,
        })  # fmt: skip
    return rows


def write(folder: Path, raw=None, curated=None, *, name: str = "Pilot", data=None, **evaluation) -> Path:
    """Write a pilot; its records are given as rows."""
    folder.mkdir(parents=True, exist_ok=True)
    sampling = {"method": "random", "from": 50_000, "drawn": "2026-02-20"}
    spec = {"name": name, "evaluation": evaluation, "data": {"columns": COLUMNS, "sampling": sampling, **(data or {})}}
    for key, file, rows in (("production", "raw.csv", raw), ("curated", "demo.csv", curated)):
        if rows is not None:
            spec["data"][key] = file
            lines = [",".join(rows[0]), *(",".join(r.values()) for r in rows)]
            (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return folder


def records_of(folder: Path):
    """The scored records of a pilot on disk."""
    pilot = load(folder)
    return scored_sample(pilot, inspected(pilot, read_sample(pilot), as_of=TODAY))


def score_of(folder: Path):
    """The score of a pilot on disk."""
    return score_now(records_of(folder), as_of=TODAY)
