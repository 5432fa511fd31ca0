"""Faster and quieter than Evidently, on the same files in the same run. Run with -s to read the figures.

Evidently's pins and ours exclude each other, so it runs in an environment of its own: make one with
`python -m venv E && E/bin/pip install -r tests/benchmarks/requirements-evidently.txt` and name its Python in
FLIGHTREADY_EVIDENTLY_PYTHON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import twelve_columns
from quiet_splits import SETTINGS, splits, typed
from realism_samples import sample_of

from flightready.intervals import clopper_pearson
from flightready.realism.comparison import defects
from flightready.realism.inspection import inspect

pytestmark = pytest.mark.benchmark

HERE = Path(__file__).parent
VARIABLE = "FLIGHTREADY_EVIDENTLY_PYTHON"
TIMES_FASTER = 5
SPLITS = {"equal_200": 30, "equal_1000": 20, "equal_5000": 8}
MOST_FLAGGED = 0.01
# Columns that Evidently looks at when id and time are named and texts are left out.
SHARED = ("category", "code", "amount", "count")


@pytest.fixture(scope="module")
def evidently() -> str:
    """The Python that has Evidently."""
    python = os.environ.get(VARIABLE)
    if not python:
        told = f"{VARIABLE} names no Python: {__doc__.split(':', 1)[1].strip()}"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(told)
    if not Path(python).is_file():
        pytest.fail(f"{VARIABLE} is {python}, and there is no such file")
    return python


def run(python: str, program: str, *paths: Path | str) -> dict:
    """What a program of this folder prints."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if python == sys.executable:
        environment["PYTHONPATH"] = os.pathsep.join(p for p in sys.path if p)
    done = subprocess.run(
        [python, str(HERE / program), *map(str, paths)], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_five_times_faster_than_drift_plus_summary(evidently, tmp_path, capsys):
    """Reading and analysing 5,000 raw and 600 demo records of 12 columns, best of three, imports left out."""
    twelve_columns.write(tmp_path)
    theirs = run(evidently, "evidently_runs.py", "speed", tmp_path / "demo.csv", tmp_path / "raw.csv")
    ours = run(sys.executable, "flightready_runs.py", tmp_path)
    with capsys.disabled():
        print(
            f"\nrealism on {twelve_columns.N_RAW:,} x {twelve_columns.N_DEMO} x 12: {ours['all']:.2f} s "
            f"(read {ours['read']:.2f}, analyse {ours['analyse']:.2f}, {ours['looked at']} column and detector pairs); "
            f"Evidently {theirs['version']} told of id, time and texts {theirs['told']:.2f} s "
            f"({theirs['told'] / ours['all']:.1f} times)"
        )
        for name in ("not told", "without texts"):
            print(f"Evidently {name}: {theirs[name]:.2f} s ({theirs[name] / ours['all']:.1f} times)")
    assert theirs["not told"] >= TIMES_FASTER * ours["all"], "beside its report as it comes"


def test_quieter_on_random_halves_of_clean_tables(evidently, tmp_path, capsys):
    """Share of clean columns flagged by the defaults of both on the same random halves."""
    lines, ours = [], {}
    for setting in (s for s in SETTINGS if s.name in SPLITS):
        ours[setting.name] = [0, 0, 0]
        for number, (demo, raw) in enumerate(splits(setting, SPLITS[setting.name])):
            folder = tmp_path / setting.name / f"{number:03d}"
            folder.mkdir(parents=True)
            typed(demo).to_parquet(folder / "demo.parquet")
            typed(raw).to_parquet(folder / "raw.parquet")
            ours[setting.name] = [a + b for a, b in zip(ours[setting.name], flagged(raw, demo), strict=True)]
    theirs = run(evidently, "evidently_runs.py", "quiet", tmp_path)
    for name, (shared, every, columns) in ours.items():
        n = SPLITS[name] * len(SHARED)
        their, high = theirs[name]["flagged"], clopper_pearson(every, columns).high
        lines.append(
            f"{name}: Evidently {their} of {theirs[name]['columns']} columns ({their / theirs[name]['columns']:.1%}); "
            f"ours {shared} of {n} of the same, {every} of all {columns} ({every / columns:.1%}, at most {high:.1%})"
        )
        assert theirs[name]["columns"] == n
    with capsys.disabled():
        print(f"\nEvidently {theirs['version']} on random halves of clean tables, texts left out for it")
        print("\n".join(lines))
    assert sum(every for _, every, _ in ours.values()) < MOST_FLAGGED * sum(columns for *_, columns in ours.values())
    assert sum(shared for shared, *_ in ours.values()) < sum(theirs[name]["flagged"] for name in ours)


def flagged(raw, demo) -> tuple[int, int, int]:
    """Columns that we call different: of those that both look at, of all; and how many there are."""
    sample = sample_of(raw, demo)
    inspection = inspect(sample, seed=7)
    days = {name: np.full(len(side), np.datetime64("NaT"), dtype="datetime64[D]") for name, side in inspection.sides()}
    worse = {d.column for d in defects(inspection, days) if d.worse}
    return len(worse & set(SHARED)), len(worse), len(raw.columns)
