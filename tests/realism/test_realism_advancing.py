"""Columns that move on with time are like the time itself: later values in later data are no defect and no shift."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import found, sample_of, table

from flightready.realism.advancing import is_advancing
from flightready.realism.inspection import inspect

N = 600
MONTHS = pd.date_range("2025-07-01", periods=12, freq="MS")
WRITTEN = {
    "iso_month": [f"{d:%Y-%m}" for d in MONTHS],
    "month_first": [f"{d:%m/%Y}" for d in MONTHS],
    "week": [f"2026-W{w:02d}" for w in range(1, 41)],
    "quarter": ["2025 Q1", "2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1", "2026 Q2"],
    "short_quarter": ["Q1/25", "Q2/25", "Q3/25", "Q4/25", "Q1/26", "Q2/26"],
    "month_name": [f"{d:%b}" for d in MONTHS],
    "fiscal": [f"FY26-P{p:02d}" for p in range(1, 13)],
    "year": ["2024", "2025", "2026"],
    "batch": [f"batch_{b}" for b in range(1, 25)],
    "version": ["1.2.0", "1.2.1", "1.3.0", "1.9.0", "1.10.0", "1.10.1"],
}


def series(values: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Raw and demo half of an ordered series: the demo set is the first half."""
    whole = table(3, N).assign(period=[values[i * len(values) // N] for i in range(N)])
    return whole.iloc[N // 2 :].reset_index(drop=True), whole.iloc[: N // 2].reset_index(drop=True)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("has_time", [True, False])
def test_a_period_in_later_data_is_a_later_one(written, has_time):
    raw, demo = series(WRITTEN[written])
    if not has_time:
        raw, demo = (f.drop(columns="time") for f in (raw, demo))
    worse = [d.detector for d in found(sample_of(raw, demo)) if d.column == "period" and d.worse]
    assert worse == []


@pytest.mark.parametrize(
    "values",
    [
        lambda rng, n: rng.integers(1940, 2005, n).astype(str),  # years of birth
        lambda rng, n: np.array([f"team_{v}" for v in rng.integers(1, 9, n)]),
        lambda rng, n: np.sort(rng.integers(1, 60, n)).astype(str),  # a sorted file: the same values on both sides
        lambda rng, n: rng.choice(["may", "must", "shall"], n),
        lambda rng, n: rng.normal(50, 9, n).round(2).astype(str),
    ],
)
def test_other_columns_do_not_move_on(values):
    rng = np.random.default_rng(4)
    raw, demo = (table(seed).drop(columns="time").assign(period=values(rng, 300)) for seed in (1, 2))
    assert not is_advancing(inspect(sample_of(raw, demo), seed=7), "period")


def test_no_values_are_no_periods():
    raw = table(1).assign(period="")
    assert not is_advancing(inspect(sample_of(raw, None), seed=7), "period")
