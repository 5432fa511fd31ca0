"""The detector 'shift_joint'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, halves, sample_of
from scipy import stats

from flightready.realism.defects import shift_category, shift_joint, shift_number
from flightready.realism.inspection import inspect


def shuffled_together(frame: pd.DataFrame) -> pd.DataFrame:
    """Amount and count take each other's ranks: every column keeps its values, only together they are unlike."""
    amount = np.sort(frame["amount"].astype(float).to_numpy())
    place = stats.rankdata(frame["count"].astype(int), method="ordinal").astype(int) - 1
    return frame.assign(amount=[f"{v:.2f}" for v in amount[place]])


INJECTION = Injection(shuffled_together, "record", None)


def correlated(n: int, rho: float, rng: np.random.Generator) -> pd.DataFrame:
    first, noise = rng.normal(size=(2, n))
    numbers = {"height": first, "weight": rho * first + np.sqrt(1 - rho**2) * noise, "age": rng.normal(size=n)}
    return pd.DataFrame({"id": [f"T-{i:05d}" for i in range(n)], "time": "2026-01-05", "text": "a text of five words"} |
                        {c: [f"{v:.3f}" for v in values] for c, values in numbers.items()})  # fmt: skip


def test_finds_a_turned_correlation_where_every_column_by_itself_is_equal():
    rng = np.random.default_rng(4)
    raw, curated = correlated(1000, -0.5, rng), correlated(1000, 0.5, rng)
    inspection = inspect(sample_of(raw, curated), seed=7)
    found = shift_joint.find(inspection)["record"]
    assert found.p_value < 1e-6
    assert found.effect.interval.low > 0.6
    assert "'height'" in found.told and "'weight'" in found.told and "'age'" not in found.told
    assert min(d.p_value for d in shift_number.find(inspection).values()) > 0.05


def test_names_only_the_column_that_carries_the_shift():
    raw, curated = halves()
    found = shift_joint.find(inspect(sample_of(raw.assign(count="1"), curated), seed=7))["record"]
    assert found.told.endswith("by 'count'")


def test_of_random_halves_the_p_values_are_uniform():
    """Lopez-Paz and Oquab 2017: on a held-out half any classifier is at chance."""
    rng = np.random.default_rng(8)
    p_values = []
    for seed in range(40):
        whole = correlated(200, 0.6, rng)
        inspection = inspect(sample_of(whole[:110], whole[110:]), seed=seed)
        p_values.append(shift_joint.find(inspection)["record"].p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def test_copies_are_not_known_by_heart():
    """200 records, each five times: known copies would give away every record of the held-out half."""
    rng = np.random.default_rng(9)
    raw, curated = correlated(200, 0.0, rng), correlated(200, 0.0, rng)
    five = pd.concat([raw] * 5, ignore_index=True)
    found = shift_joint.find(inspect(sample_of(five, curated), seed=7))["record"]
    assert found.p_value > 0.05


@pytest.mark.parametrize("rows", [3, 30])
def test_too_few_records_say_nothing(rows):
    raw, curated = halves()
    assert shift_joint.find(inspect(sample_of(raw[:rows], curated), seed=7)) == {}


def test_no_column_but_one_is_no_record():
    raw, curated = (f[["id", "time", "category"]] for f in halves())
    assert shift_joint.find(inspect(sample_of(raw, curated), seed=7)) == {}
    assert "category" in shift_category.find(inspect(sample_of(raw, curated), seed=7))
