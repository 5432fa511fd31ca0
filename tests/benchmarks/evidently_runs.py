"""Evidently on files of ours, run by the Python of an environment of its own; prints one line of JSON.

`python evidently_runs.py speed DEMO.csv RAW.csv` gives seconds, `python evidently_runs.py quiet DIR` gives flagged
columns of the splits that quiet_splits.py writes. Nothing of this project is imported here.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

import evidently
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.presets import DataDriftPreset, DataSummaryPreset

REPEATS = 3
TIME = "time"
NAMED = {"id_column": "id", "timestamp": TIME}
TEXTS = {"speed": ["subject", "body"], "quiet": ["name", "text"]}


def report(demo: pd.DataFrame, raw: pd.DataFrame, presets: list, **roles: object) -> dict:
    """Run a report with its defaults, told the roles of some columns, and return what it found."""
    current, reference = (Dataset.from_pandas(frame, data_definition=DataDefinition(**roles)) for frame in (raw, demo))
    return Report(presets, include_tests=True).run(current, reference).dict()


def seconds(demo: str, raw: str, *, left_out: Sequence[str] = (), **roles: object) -> float:
    """Best time of reading both files and reporting drift and summary."""
    best = float("inf")
    for _ in range(REPEATS):
        begun = time.perf_counter()
        frames = [pd.read_csv(path, parse_dates=[TIME]).drop(columns=list(left_out)) for path in (demo, raw)]
        report(*frames, [DataDriftPreset(), DataSummaryPreset()], **roles)
        best = min(best, time.perf_counter() - begun)
    return best


def flagged(folder: Path) -> dict[str, dict[str, int]]:
    """Columns called drifted on splits of clean tables, by setting; texts are left out, for the time they take."""
    found = {}
    for setting in sorted(path for path in folder.iterdir() if path.is_dir()):
        hits = looked_at = 0
        for split in sorted(setting.iterdir()):
            frames = [pd.read_parquet(split / f"{s}.parquet").drop(columns=TEXTS["quiet"]) for s in ("demo", "raw")]
            tests = [t for t in report(*frames, [DataDriftPreset()], **NAMED)["tests"] if t["id"] == "drift"]
            looked_at += len(tests)
            hits += sum(str(t["status"]).endswith("FAIL") for t in tests)
        found[setting.name] = {"flagged": hits, "columns": looked_at}
    return found


def main(kind: str, *paths: str) -> dict:
    """Measure one thing."""
    if kind == "quiet":
        return flagged(Path(paths[0]))
    return {
        # what our own assessment is told as well: which columns are id, time and text
        "told": seconds(*paths, **NAMED, text_columns=TEXTS["speed"]),
        "not told": seconds(*paths),
        "without texts": seconds(*paths, left_out=TEXTS["speed"], **NAMED),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        result = main(*sys.argv[1:])
    print(json.dumps({"version": evidently.__version__, **result}))
