"""Clean tables of many shapes, for the tests of detectors that look at values, categories, formats and columns."""

from __future__ import annotations

import numpy as np
import pandas as pd

PLACES = [
    "Altdorf",
    "Bremen",
    "Celle",
    "Dessau",
    "Erfurt",
    "Fulda",
    "Goslar",
    "Hameln",
    "Itzehoe",
    "Jena",
    "Kassel",
    "Lindau",
]


def clean_shapes(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """A table without a defect whose columns are hard to tell from broken ones."""
    place = rng.integers(0, len(PLACES), n)
    price = rng.choice([4.99, 9.99, 19.99, 49.99, 99.99, 199.99, 999.99], n)
    day = np.datetime64("2025-01-01") + rng.integers(0, 365, n)
    moment = np.datetime64("2025-01-01T00:00:00") + rng.integers(0, 365 * 86_400, n)
    skewed = rng.lognormal(3, 1.5, n)
    refund = rng.normal(80, 50, n)
    return pd.DataFrame({
        "yes_no": rng.choice(["Yes", "No"], n, p=[0.97, 0.03]),
        "reason": rng.choice(["price", "quality", "other", "delivery", "service"], n, p=[0.5, 0.2, 0.05, 0.2, 0.05]),
        "source": rng.choice(["web", "other", "mail"], n, p=[0.5, 0.04, 0.46]),
        "zeros": np.where(rng.random(n) < 0.8, "0", np.round(skewed, 2).astype(str)),
        "price": [f"{v:.2f}" for v in np.where(rng.random(n) < 0.7, price, np.round(skewed, 2))],
        "donation": [f"{v:.0f}" for v in np.where(rng.random(n) < 0.6, rng.choice([10, 20, 50, 100, 250, 500], n), skewed + 1)],
        "score": [f"{min(100.0, v):.1f}" for v in rng.normal(85, 12, n)],
        "small": [str(float(v)) for v in rng.lognormal(-7, 2, n)],
        "visits": [str(v) for v in rng.negative_binomial(1, 0.05, n)],
        "balance": [f"{v:.2f}" if v >= 0 else f"({-v:.2f})" for v in refund],
        "german": [f"{v:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".") for v in skewed * 40],
        "stars": rng.choice(["*", "**", "***", "****"], n),
        "blood": rng.choice(["A+", "A-", "B+", "B-", "AB+", "0+", "0-"], n),
        "size": rng.choice(["XS", "S", "M", "L", "XL", "XXL"], n),
        "postcode": [f"{7 + 1000 * i:05d}" for i in place],
        "town": [PLACES[i] for i in place],
        "team": [f"team {chr(97 + v % 9)}" for v in np.minimum(rng.zipf(1.7, n), 9)],
        "day": [str(d) for d in day],
        "moment": [f"{pd.Timestamp(t):%d.%m.%Y %H:%M}" for t in moment],
        "number": [str(400_000 + i) for i in np.cumsum(rng.integers(1, 9, n))],
        "flag": rng.choice(["0", "1"], n),
        "version": [f"{a}.{b}" for a, b in zip(rng.integers(1, 4, n), rng.integers(0, 12, n), strict=True)],
        "token": ["".join(rng.choice(list("0123456789abcdef"), 12)) for _ in range(n)],
        "word": [f"{chr(97 + z % 26)}{z}word" for z in np.minimum(rng.zipf(1.4, n), 4000)],
    }).astype("str")  # fmt: skip
