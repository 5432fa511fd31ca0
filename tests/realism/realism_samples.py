"""Small samples made in memory or in a temporary folder, for the tests of data realism."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from flightready.assessment import Pilot, load
from flightready.assessment.schema import Columns
from flightready.realism import comparison
from flightready.realism.inspection import inspect
from flightready.realism.outcome import Defect
from flightready.realism.sample import AlignedSource, Sample, Side
from flightready.realism.table import RawTable


def side_of(frame: pd.DataFrame, system: str = "web") -> Side:
    """A side made of one frame, as if it had been read from one file."""
    frame = frame.astype("str").reset_index(drop=True)
    rows = np.arange(len(frame))
    table = RawTable(f"{system}.csv", frame, rows + 2, rows, (), "CSV")
    return Side.joined([AlignedSource(table, system, frame)])


def pilot_in(folder: Path, spec: dict, files: dict[str, bytes | str] | None = None) -> Pilot:
    """Write files and an assessment into a folder and load it."""
    for name, content in (files or {}).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    (folder / "assessment.yaml").write_text(json.dumps({"name": "Pilot", **spec}), encoding="utf-8")
    return load(folder)


def clean_table(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """A duplicate-free table without a defect: key, time, Zipf categories, heavy tails, unique words, sentences."""
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))

    def word() -> str:
        return "".join(rng.choice(letters, rng.integers(3, 10)))

    stock = [word().title() if rng.random() < 0.2 else word() for _ in range(400)]
    start = np.datetime64("2025-01-01T00:00:00")
    times = np.sort(start + rng.integers(0, 400 * 86_400, n).astype("timedelta64[s]"))
    zipf = np.minimum(rng.zipf(1.6, n), 300)
    return pd.DataFrame({
        "id": [f"T-{i:07d}" for i in rng.integers(0, 9_000_000) + np.cumsum(rng.integers(1, 9, n))],
        "time": [str(t) + "Z" for t in times],
        "category": [stock[z] for z in zipf],
        "code": [f"{chr(65 + z % 26)}{z % 7}-{z:03d}" for z in np.minimum(rng.zipf(2.0, n), 300)],
        "amount": [f"{v:.2f}" for v in rng.pareto(1.2, n) * 20 + 1],
        "count": [str(v) for v in rng.geometric(0.15, n)],
        "name": [f"{word().title()} {'Mc' if rng.random() < 0.03 else ''}{word().title()}" for _ in range(n)],
        "text": [" ".join(rng.choice(stock, rng.integers(4, 25))) for _ in range(n)],
        "optional": ["" if rng.random() < 0.3 else rng.choice(["yes", "no", "unknown"]) for _ in range(n)],
    })  # fmt: skip


NAME = "Annabella"
"""A personal word that injections plant; no example may show it."""
HIT = list(range(5, 45, 2))
ROLES = {"id": "id", "time": "time", "text": "text"}


@dataclass(frozen=True)
class Injection:
    """A defect put into the raw half of a clean table, for the conformance test that every detector passes.

    Parameters
    ----------
    change : callable
        Raw frame to the changed raw frame.
    column : str
        Where the detector must find it.
    rows : sequence of int, optional
        Rows that must be marked, and no other; None for a shift or an observation, which mark no row.
    """

    change: Callable[[pd.DataFrame], pd.DataFrame]
    column: str
    rows: Sequence[int] | None


def table(seed: int = 1, n: int = 300) -> pd.DataFrame:
    """A clean table without its optional column."""
    return clean_table(np.random.default_rng(seed), n).drop(columns="optional")


def halves(seed: int = 1, n: int = 600) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Raw and demo half of one clean table, dealt out at random, each in the order of time."""
    whole = table(seed, n)
    order = np.random.default_rng(seed + 1000).permutation(n)
    first, second = np.sort(order[: n // 2]), np.sort(order[n // 2 :])
    return whole.iloc[first].reset_index(drop=True), whole.iloc[second].reset_index(drop=True)


def put(frame: pd.DataFrame, column: str, values: Sequence[str | None], rows: Sequence[int] = HIT) -> pd.DataFrame:
    """The frame with some cells replaced by the values in turn."""
    frame = frame.copy()
    frame.loc[list(rows), column] = [values[i % len(values)] for i in range(len(rows))]
    return frame


def copied(frame: pd.DataFrame, **changed: str) -> pd.DataFrame:
    """Later records that repeat earlier ones, with some values changed."""
    frame = frame.copy()
    for row in HIT:
        frame.loc[row + 200] = frame.loc[row]
        for column, value in changed.items():
            frame.loc[row + 200, column] = value
    return frame


def sample_of(raw: pd.DataFrame, curated: pd.DataFrame | None) -> Sample:
    """Both sides under the roles of the clean table."""
    return Sample(None if curated is None else side_of(curated, "demo"), side_of(raw), Columns(**ROLES))


def found(sample: Sample) -> tuple[Defect, ...]:
    """Everything that all detectors say about a sample."""
    inspection = inspect(sample, seed=7)
    days = {name: np.full(len(side), np.datetime64("NaT"), dtype="datetime64[D]") for name, side in inspection.sides()}
    return comparison.defects(inspection, days)
