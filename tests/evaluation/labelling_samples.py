"""Pilots without labels, and people who fill in their sheets."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl

from flightready.assessment import load
from flightready.evaluation.labelling.sheet import QUESTIONS
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

DAY = dt.date(2026, 3, 1)
TEAMS = ("billing", "legal", "shipping")
SECRET = "Quillcanary"


def truth(number: int) -> str:
    return TEAMS[number % 3]


def records(n: int, *, answers: bool = True, wrong_every: int = 5) -> str:
    """A file of raw records: every fifth answer of the pilot is wrong, two records are copies, one is a formula."""
    head = "id,text" + (",predicted,confidence" if answers else "")
    lines = [head]
    for i in range(n):
        text = f"=SUM(A1) {SECRET} {i}" if i == 3 else f"please help {SECRET} with case {i} of {truth(i)}"
        said = truth(i + 1) if i % wrong_every == 0 else truth(i)
        lines.append(f"K-{i},{text}" + (f",{said},0.9" if answers else ""))
    return "\n".join([*lines, lines[1], lines[2]]) + "\n"


def pilot_in(folder: Path, n: int = 300, *, answers: bool = True, **evaluation) -> Path:
    (folder / "raw.csv").write_text(records(n, answers=answers), encoding="utf-8")
    columns = {"id": "id", "text": "text"} | (
        {"prediction": "predicted", "confidence": "confidence"} if answers else {}
    )
    data = {"production": "raw.csv", "columns": columns,
            "sampling": {"method": "random", "from": 50_000, "drawn": "2026-02-01"}}  # fmt: skip
    spec = {"name": "Pilot", "as_of": str(DAY), "data": data, "evaluation": evaluation}
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
    return folder


def opened(folder: Path):
    pilot = load(folder)
    return pilot, inspected(pilot, read_sample(pilot), as_of=DAY)


def fill(path: Path, answer, kind: str = "first") -> int:
    """Fill a sheet as a person would; `answer` gets the line's cells by heading, and None leaves it empty."""
    book = openpyxl.load_workbook(path)
    page = book["Labels"]
    heads = [cell.value for cell in page[2]]
    place, n = heads.index(QUESTIONS[kind]) + 1, 0
    for line in range(3, page.max_row + 1):
        said = answer(dict(zip(heads, [c.value for c in page[line]], strict=True)))
        page.cell(line, place).value = said
        n += said is not None
    book.save(path)
    return n


def number_of(cells: dict) -> int:
    return int(cells["id"].removeprefix("K-"))


def right(cells: dict) -> str:
    return truth(number_of(cells))
