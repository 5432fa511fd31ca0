"""Small pilots written into a temporary folder, for the tests of the evaluation."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from flightready.assessment import load
from flightready.evaluation.analysis import analyse
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

COLUMNS = {"id": "id", "text": "text", "label": "team", "prediction": "predicted", "confidence": "confidence"}
RANDOM = {"method": "random", "from": 50_000, "drawn": "2026-02-01"}
HEAD = "id,text,team,predicted,confidence\n"


def rows(start: int, counts: dict[tuple[str, str], int], confidence: float = 0.9) -> str:
    """Rows of a file: so many with this label and that prediction."""
    lines, number = [], start
    for (truth, predicted), n in counts.items():
        for _ in range(n):
            lines.append(f"K-{number},text {number},{truth},{predicted},{confidence}\n")
            number += 1
    return "".join(lines)


def evaluated_in(
    folder: Path,
    raw: str | None = None,
    curated: str | None = None,
    columns: dict | None = None,
    sampling: dict | None = RANDOM,
    data: dict | None = None,
    **evaluation,
):
    """Evaluate a pilot given its files and the section `evaluation`; its raw records are drawn at random."""
    spec: dict = {
        "name": "Pilot",
        "evaluation": evaluation,
        "data": {"columns": COLUMNS if columns is None else columns, **(data or {})},
    }
    if sampling is not None:
        spec["data"]["sampling"] = sampling
    for key, name, text in (("production", "raw.csv", raw), ("curated", "demo.csv", curated)):
        if text is not None:
            spec["data"][key] = name
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    pilot = load(folder)
    return analyse(pilot, inspected(pilot, read_sample(pilot), as_of=dt.date(2026, 3, 1)))


def known_in(folder: Path, **evaluation):
    """470 of 500 right on the demo set and 166 of 200 on raw records: Newcombe's own example of a difference."""
    demo = HEAD + rows(0, {("a", "a"): 300, ("b", "b"): 170, ("b", "a"): 30})
    raw = HEAD + rows(1000, {("a", "a"): 100, ("b", "b"): 66, ("a", "b"): 14, ("b", "a"): 20})
    return evaluated_in(folder, raw, demo, **evaluation)
