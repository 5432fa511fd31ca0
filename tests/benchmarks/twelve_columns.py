"""A table of the usual mix, for measuring speed: id, time, two texts, four categories, three numbers, one code.

As a program: `python tests/benchmarks/twelve_columns.py DIR` writes demo.csv, raw.csv and an assessment.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2] / "sample_data"))

from making.streams import Dice
from making.wording import english_text

N_DEMO, N_RAW = 600, 5_000
TEXTS = ("subject", "body")
CATEGORIES = ("region", "channel", "team", "product")
NUMBERS = ("amount", "minutes", "items")
# Share of raw cells that are empty, and of those that are written in another way: raw data is not clean.
EMPTY, ODD = 0.03, 0.01


def table(rng: np.random.Generator, n: int, *, raw: bool, seed: int = 1) -> pd.DataFrame:
    """Return a table of text cells; a raw one has gaps, stand-ins and odd formats."""
    dice = Dice(seed, f"twelve_columns/{raw}")
    teams = rng.choice(["billing", "shipping", "account", "technical", "returns", "legal"], n)
    texts = [english_text(dice, str(team)) for team in teams]
    start = np.datetime64("2025-09-01T00:00:00")
    times = np.sort(start + rng.integers(0, 395 * 86_400, n).astype("timedelta64[s]"))
    products = np.minimum(rng.zipf(1.5, n), 250)
    frame = pd.DataFrame({
        "id": [f"T-{i:07d}" for i in np.cumsum(rng.integers(1, 9, n)) + 10**6 * raw],
        "time": [f"{t}Z" for t in times],
        "subject": [subject for subject, _ in texts],
        "body": [body for _, body in texts],
        "region": rng.choice(["north", "south", "east", "west"], n),
        "channel": rng.choice(["web", "mail", "phone"], n, p=[0.5, 0.4, 0.1]),
        "team": teams,
        "product": [f"product {chr(97 + p % 26)}{chr(97 + p // 26)}" for p in products],
        "amount": [f"{v:.2f}" for v in rng.lognormal(4.1, 0.9, n)],
        "minutes": [f"{v:.1f}" for v in rng.gamma(2.0, 3.0, n)],
        "items": [str(v) for v in rng.geometric(0.3, n)],
        "code": [f"{chr(65 + z % 26)}{z % 7}-{z:03d}" for z in np.minimum(rng.zipf(2.0, n), 300)],
    }).astype("str")  # fmt: skip
    if raw:
        for column in (*TEXTS, *CATEGORIES, *NUMBERS):
            frame.loc[rng.random(n) < EMPTY, column] = ""
            frame.loc[rng.random(n) < ODD, column] = "N/A"
    return frame


def write(folder: Path, *, seed: int = 1) -> None:
    """Write both sides and the assessment that names them."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    table(rng, N_DEMO, raw=False, seed=seed).to_csv(folder / "demo.csv", index=False)
    table(rng, N_RAW, raw=True, seed=seed).to_csv(folder / "raw.csv", index=False)
    columns = {"id": "id", "time": "time", "text": list(TEXTS), "label": "team", "group": ["region"]}
    spec = {"name": "Twelve columns", "data": {"curated": "demo.csv", "production": "raw.csv", "columns": columns}}
    (folder / "assessment.yaml").write_text(json.dumps(spec), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
