"""False alarms over 100 splits of clean tables each, by detector. Run with -s to read the table.

QUIET_SPLITS=20 shortens it. Another tool is measured on the same splits, written by `quiet_splits.py`.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
from quiet_splits import ID, SETTINGS, TIME, splits
from realism_samples import found, sample_of

pytestmark = pytest.mark.benchmark
SPLITS = int(os.environ.get("QUIET_SPLITS", "100"))
MOST = 0.01


def test_under_one_per_cent_of_the_columns_of_clean_tables_is_flagged(capsys):
    told, looked_at, lines, by_time = 0, 0, [], set()
    for setting in SETTINGS:
        columns, detectors, seen = 0, Counter(), 0
        for demo, raw in splits(setting, SPLITS):
            worse = {(d.detector, d.column) for d in found(sample_of(raw, demo)) if d.worse}
            columns += len({column for _, column in worse})
            detectors.update(name for name, _ in worse)
            by_time |= {column for _, column in worse if setting.by_time}
            seen += len(demo.columns) + 1  # and the record as a whole
        told, looked_at = told + columns, looked_at + seen
        names = ", ".join(f"{name} {n}" for name, n in detectors.most_common())
        lines.append(f"{setting.name:13} {columns:4} of {seen:5} columns = {columns / seen:6.2%}  {names}")
        with capsys.disabled():
            print("\n" * (len(lines) == 1) + lines[-1], flush=True)
    with capsys.disabled():
        print(f"{'all':13} {told:4} of {looked_at:5} columns = {told / looked_at:6.2%}")
    assert not by_time & {ID, TIME}
    assert told < MOST * looked_at
