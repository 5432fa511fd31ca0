"""Quiet on clean data: random halves and time halves of duplicate-free tables (Zipf, heavy tails, unique, dates)."""

from __future__ import annotations

import numpy as np
import pytest
from realism_samples import clean_table, side_of

from flightready.assessment.schema import Columns
from flightready.realism.comparison import defects
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample

SPLITS = 60


def flagged(splits: int, n: int, first_share: float, *, by_time: bool, seed: int) -> tuple[list[tuple[str, str]], int]:
    """(column, detector) called worse over many splits, and the number of columns looked at."""
    rng = np.random.default_rng(seed)
    found, looked_at = [], 0
    for split in range(splits):
        frame = clean_table(rng, n).drop(columns="optional")
        order = np.arange(n) if by_time else rng.permutation(n)
        cut = int(first_share * n)
        sides = [side_of(frame.iloc[part], name) for part, name in ((order[:cut], "demo"), (order[cut:], "web"))]
        inspection = inspect(Sample(*sides, Columns(id="id", time="time", text="text")), seed=split)
        days = {
            name: np.full(len(side), np.datetime64("NaT"), dtype="datetime64[D]") for name, side in inspection.sides()
        }
        found += [(d.column, d.detector) for d in defects(inspection, days) if d.worse]
        looked_at += len(frame.columns)
    return found, looked_at


@pytest.mark.parametrize(("n", "first_share", "splits"), [(200, 0.5, SPLITS), (400, 0.25, SPLITS // 3)])
def test_random_halves_flag_under_one_per_cent_of_columns(n, first_share, splits):
    found, looked_at = flagged(splits, n, first_share, by_time=False, seed=11)
    assert len(found) <= 0.01 * looked_at


def test_time_halves_flag_no_id_and_no_timestamp():
    found, looked_at = flagged(SPLITS // 3, 300, 0.5, by_time=True, seed=12)
    assert not {column for column, _ in found} & {"id", "time"}
    assert len(found) <= 0.01 * looked_at
