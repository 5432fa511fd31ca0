"""Random and time splits of clean tables: whatever is called different between their parts is a false alarm.

As a program it writes the splits as Parquet files, so that another tool can be measured on them in an environment of
its own: `PYTHONPATH=lib python tests/benchmarks/quiet_splits.py --out DIR [--splits 100]`. Each split is a folder
`<setting>/<number>` with demo.parquet and raw.parquet (typed: numbers, times, text); manifest.json lists the settings.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "realism"))

from realism_samples import clean_table

ID, TIME, TEXT = "id", "time", ("text",)
NUMBERS = ("amount", "count")


@dataclass(frozen=True)
class Setting:
    """How a clean table is split: records on each side, at random or by time."""

    name: str
    n_demo: int
    n_raw: int
    by_time: bool = False


SETTINGS = (
    Setting("equal_200", 200, 200),
    Setting("equal_1000", 1_000, 1_000),
    Setting("equal_5000", 5_000, 5_000),
    Setting("unequal_200", 600, 200),
    Setting("unequal_1000", 250, 1_000),
    Setting("unequal_5000", 600, 5_000),
    Setting("time_200", 200, 200, by_time=True),
    Setting("time_1000", 1_000, 1_000, by_time=True),
    Setting("time_5000", 5_000, 5_000, by_time=True),
)


def splits(setting: Setting, number: int, *, seed: int = 0) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Yield demo and raw part of `number` clean tables, all values as text; the same seed gives the same splits."""
    for split in range(number):
        rng = np.random.default_rng([seed, split, setting.n_demo, setting.n_raw, setting.by_time])
        n = setting.n_demo + setting.n_raw
        frame = clean_table(rng, n).drop(columns="optional")
        order = np.arange(n) if setting.by_time else rng.permutation(n)
        parts = np.sort(order[: setting.n_demo]), np.sort(order[setting.n_demo :])
        yield tuple(frame.iloc[part].reset_index(drop=True) for part in parts)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table as another tool would load it: numbers as numbers, times as times."""
    changed = {column: pd.to_numeric(frame[column]) for column in NUMBERS}
    return frame.assign(**changed, **{TIME: pd.to_datetime(frame[TIME])})


def write(out: Path, number: int, seed: int) -> None:
    """Write the splits of every setting."""
    for setting in SETTINGS:
        for split, sides in enumerate(splits(setting, number, seed=seed)):
            folder = out / setting.name / f"{split:03d}"
            folder.mkdir(parents=True, exist_ok=True)
            for side, frame in zip(("demo", "raw"), sides, strict=True):
                typed(frame).to_parquet(folder / f"{side}.parquet")
    told = {"splits": number, "seed": seed, "id": ID, "time": TIME, "text": list(TEXT), "numbers": list(NUMBERS)}
    told["settings"] = [asdict(s) for s in SETTINGS]
    (out / "manifest.json").write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write random and time splits of clean tables.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the Parquet files")
    parser.add_argument("--splits", type=int, default=100, help="splits of each setting")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    write(given.out, given.splits, given.seed)
