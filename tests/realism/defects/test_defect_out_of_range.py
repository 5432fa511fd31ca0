"""The detector 'out_of_range'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import HIT, Injection, found, halves, put, sample_of

from flightready.realism.defects.out_of_range import beyond_p
from flightready.realism.detector import detectors
from flightready.realism.inspection import inspect

INJECTION = Injection(lambda f: put(f, "amount", [f"{10**8 + 7.25 * i:.2f}" for i in range(20)]), "amount", HIT)
FIND = next(d.find for d in detectors() if d.id == "out_of_range")


@pytest.mark.parametrize(("n_raw", "n_demo"), [(5, 5), (20, 30), (100, 20)])
def test_the_chance_agrees_with_dealing_out(n_raw, n_demo):
    rng = np.random.default_rng(3)
    deals = np.array([rng.permutation(n_raw + n_demo) for _ in range(4000)])
    raw, demo = deals[:, :n_raw], deals[:, n_raw:]
    beyond = ((raw < demo.min(axis=1)[:, None]) | (raw > demo.max(axis=1)[:, None])).sum(axis=1)
    for k in range(1, 6):
        assert beyond_p(k, n_raw, n_demo) == pytest.approx((beyond >= k).mean(), abs=0.03)


def test_a_new_extreme_of_a_heavy_tail_is_normal():
    rng = np.random.default_rng(5)
    for _ in range(10):
        values = pd.DataFrame({"size": [f"{v:.3f}" for v in rng.pareto(0.6, 600)]})
        got = FIND(inspect(sample_of(values.iloc[:300], values.iloc[300:]), seed=7))["size"]
        assert got.p_value > 0.001


def test_running_numbers_and_codes_are_left_out():
    running = pd.DataFrame(
        {"n": [str(v) for v in np.cumsum(np.arange(1, 601) % 7 + 1)], "code": [str(v) for v in range(10_000, 10_600)]}
    )
    assert FIND(inspect(sample_of(running.iloc[300:], running.iloc[:300]), seed=7)) == {}


def test_what_a_column_cannot_hold_is_said():
    rng = np.random.default_rng(2)
    demo = pd.DataFrame(
        {"share": [f"{v:.3f}" for v in rng.random(600)], "age": [str(v) for v in rng.integers(18, 90, 600)]}
    )
    raw = demo.iloc[:300].copy().reset_index(drop=True)
    raw.loc[:19, "share"] = [f"{1.5 + i / 10:.2f}" for i in range(20)]
    raw.loc[:14, "age"] = [f"-{i + 2}" for i in range(15)]
    got = FIND(inspect(sample_of(raw, demo), seed=7))
    assert [o.sentence for o in got["share"].observations] == [
        "20 of 300 values in 'share' are above 1, as no share can be, while the demo set has none"
    ]
    assert [o.sentence for o in got["age"].observations] == [
        "15 of 300 values in 'age' are below zero while the demo set has none"
    ]
    assert (got["share"].told, got["age"].told) == (
        "20 above the highest of the demo set",
        "15 below the lowest of the demo set",
    )


def test_each_system_is_read_as_it_writes():
    raw, demo = halves()
    got = [d for d in found(sample_of(raw, demo)) if d.detector == "out_of_range"]
    assert {d.column for d in got} == {"amount", "count"} and not any(d.worse for d in got)
