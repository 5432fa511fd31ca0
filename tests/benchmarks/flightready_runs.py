"""The time of our own data realism, read and analysed, in a process of its own: `python flightready_runs.py DIR`."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from pathlib import Path

from flightready.assessment import load
from flightready.realism.analysis import analyse
from flightready.realism.inspection import inspected
from flightready.realism.sources import read_sample

REPEATS = 3
AS_OF = dt.date(2026, 11, 1)


def seconds(folder: Path) -> dict[str, float]:
    """Best time of reading both files and analysing them, and of each by itself; the first run imports."""
    pilot, found = load(folder), []
    for _ in range(REPEATS + 1):
        begun = time.perf_counter()
        sample = read_sample(pilot)
        read = time.perf_counter()
        result = analyse(pilot, inspected(pilot, sample, as_of=AS_OF))
        found.append((time.perf_counter() - begun, read - begun, time.perf_counter() - read, len(result.defects)))
    best = min(found[1:])
    return {"all": best[0], "read": best[1], "analyse": best[2], "looked at": best[3]}


if __name__ == "__main__":
    print(json.dumps(seconds(Path(sys.argv[1]))))
