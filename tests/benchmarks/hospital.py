"""Cell precision and recall of every detector on real records that come with their truth.

`PYTHONPATH=lib python tests/benchmarks/hospital.py DIRTY.csv TRUTH.csv`: the first is a table with errors, the second
lists every cell of it as (tid, attribute, correct_val), or is the correct table in the same shape. A cell is wrong when
it differs from the truth; there is no demo set, so that only detectors that need none can mark anything.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from flightready.assessment import load
from flightready.intervals import clopper_pearson
from flightready.realism.detector import RECORD, detectors
from flightready.realism.inspection import inspect
from flightready.realism.sources import read_sample

LONG = {"tid", "attribute", "correct_val"}
Cells = set[tuple[int, str]]


def wrong_cells(dirty: Path, truth: Path) -> Cells:
    """Return the cells whose value is not the correct one."""
    written = pd.read_csv(dirty, dtype=str, keep_default_na=False)
    correct = pd.read_csv(truth, dtype=str, keep_default_na=False)
    if set(correct.columns) >= LONG:
        correct = correct.pivot(index="tid", columns="attribute", values="correct_val")
        correct.index = correct.index.astype(int)
        correct = correct.sort_index().reset_index(drop=True)
    # the truth writes "empty" where the table has nothing; that is no error
    names = [c for c in written.columns if c in correct.columns]
    differs = {c: (written[c] != correct[c]) & ~((written[c] == "") & (correct[c] == "empty")) for c in names}
    return {(int(i), c) for c, rows in differs.items() for i in np.flatnonzero(rows.to_numpy())}


def marked_cells(dirty: Path) -> tuple[dict[str, Cells], dict[str, str], int]:
    """Return the cells that each detector marks, the kind of each column, and the number of cells."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "dirty.csv").write_bytes(dirty.read_bytes())
        spec = {"name": "Real records", "data": {"production": "dirty.csv"}}
        (Path(folder) / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")
        sample = read_sample(load(Path(folder)))
    inspection = inspect(sample, seed=1)
    found: dict[str, Cells] = {}
    for detector in detectors():
        cells = found.setdefault(detector.id, set())
        for column, detection in detector.find(inspection).items():
            if detection.raw is not None and column != RECORD:
                cells.update((int(sample.raw.record[i]), column) for i in np.flatnonzero(detection.raw.hit))
    return found, {c: str(k) for c, k in inspection.kinds.items()}, sample.raw.frame.size


def line(name: str, marked: Cells, wrong: Cells) -> str:
    """One detector's figures with exact 90 % intervals."""
    right = len(marked & wrong)
    precise, recalled = clopper_pearson(right, len(marked)), clopper_pearson(right, len(wrong))
    return (
        f"{name:20}{len(marked):8}{right:8}   "
        f"{right / max(1, len(marked)):.3f} ({precise.low:.3f}-{precise.high:.3f})   "
        f"{right / max(1, len(wrong)):.3f} ({recalled.low:.3f}-{recalled.high:.3f})"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Cell precision and recall on a dirty and a clean table.")
    parser.add_argument("dirty", type=Path)
    parser.add_argument("truth", type=Path)
    given = parser.parse_args()
    wrong = wrong_cells(given.dirty, given.truth)
    marked, kinds, cells = marked_cells(given.dirty)
    print(f"{cells:,} cells, {len(wrong):,} of them wrong")
    print(f"{'detector':20}{'marked':>8}{'right':>8}   {'precision':22}{'recall':20}")
    for name, found in marked.items():
        if found:
            print(line(name, found, wrong))
    # an empty cell is empty, whatever the truth says: apart from the others
    filled = set().union(*(found for name, found in marked.items() if name != "missing"))
    print(line("all but missing", filled, wrong))
    print(line("all", set().union(*marked.values()), wrong))
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    out.writerow(("column", "kind", "wrong", "found"))
    for column, kind in kinds.items():
        of_column = {cell for cell in wrong if cell[1] == column}
        out.writerow((column, kind, len(of_column), len(of_column & filled)))


if __name__ == "__main__":
    main()
