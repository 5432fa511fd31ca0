"""Sharpness over fifty regenerated samples, every second one with defects in no list, and on 200 raw records of each.

Run with -s to read the tables. SHARP_SAMPLES=10 shortens it.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial, reduce
from multiprocessing import get_context
from operator import add

import numpy as np
import pytest
from sharpness import MEANT, Scores, score

pytestmark = pytest.mark.benchmark

SAMPLES = int(os.environ.get("SHARP_SAMPLES", "50"))
FIRST_SEED, PROCESSES, FEW_ROWS = 500, 2, 200
PRECISION, RECALL, RECALL_OF_CLASS = 0.95, 0.90, 0.85


def one(number: int, *, rows: int | None) -> Scores:
    """Score one sample; every second one holds unlisted variants."""
    return score(FIRST_SEED + number, variants=bool(number % 2), rows=rows)


def every(rows: int | None) -> list[Scores]:
    """Score all samples."""
    # the first run of a library with threads must not be forked into
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(one, rows=rows), range(SAMPLES), chunksize=1))


def told(scores: list[Scores], title: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Print the tables of all samples, and of those without and with variants by themselves."""
    with capsys.disabled():
        print(f"\n{title}, {len(scores)} samples, exact 90 % intervals over pooled cells")
        print(reduce(add, scores).table())
        for name, part in (("as shipped", scores[::2]), ("with unlisted variants", scores[1::2])):
            both = reduce(add, part)
            print(f"{name}: precision {both.precision():.3f}, recall {both.recall():.3f}")
        for name in ("precision", "recall"):
            values = [getattr(s, name)() for s in scores]
            low, middle, high = np.nanquantile(values, (0.05, 0.5, 0.95))
            print(f"one sample's {name}: {middle:.3f}, nine times in ten between {low:.3f} and {high:.3f}")


def test_pooled_over_fifty_samples(capsys):
    """Precision, recall, and recall in each class, over whole samples."""
    scores = every(None)
    told(scores, "Whole samples (1,200 raw records)", capsys)
    pooled = reduce(add, scores)
    assert pooled.precision() >= PRECISION
    assert pooled.recall() >= RECALL
    weak = {c: round(pooled.recall(c), 3) for c in pooled.classes if pooled.recall(c) < RECALL_OF_CLASS}
    assert not weak
    lacking = {c: MEANT[c] for c in pooled.injected if c not in pooled.classes}
    assert not lacking, "classes without a detector"


def test_at_two_hundred_raw_records(capsys):
    """What the smallest sample that decides anything gives; the whole is held to the same, a class is not."""
    scores = every(FEW_ROWS)
    told(scores, f"{FEW_ROWS} raw records drawn at random", capsys)
    pooled = reduce(add, scores)
    assert pooled.precision() >= PRECISION
    assert pooled.recall() >= RECALL_OF_CLASS
