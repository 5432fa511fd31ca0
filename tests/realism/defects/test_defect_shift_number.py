"""The detector 'shift_number'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, halves, sample_of

from flightready.assessment.schema import Columns
from flightready.realism.defects import shift_number
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample

INJECTION = Injection(lambda f: f.assign(amount=[f"{2 * float(v):.2f}" for v in f["amount"]]), "amount", None)


def detected(raw: pd.DataFrame, curated: pd.DataFrame):
    return shift_number.find(inspect(sample_of(raw, curated), seed=7))


def test_says_how_often_the_raw_value_is_larger():
    raw, curated = halves()
    told = detected(INJECTION.change(raw), curated)["amount"]
    pairs = np.subtract.outer(2 * raw["amount"].astype(float).to_numpy(), curated["amount"].astype(float).to_numpy())
    assert told.effect.value == pytest.approx((pairs > 0).mean() + (pairs == 0).mean() / 2, abs=0.002)
    assert told.effect.interval.low > told.effect.none
    assert told.told == f"raw values tend to be larger: in {100 * told.effect.value:.0f} of 100 pairs"


def test_decimal_commas_and_gaps_are_no_shift():
    raw, curated = halves()
    plain = detected(raw, curated)["amount"]
    comma = raw.assign(amount=raw["amount"].str.replace(".", ","))
    assert detected(comma, curated)["amount"] == plain
    comma.loc[::3, "amount"] = "N/A"
    assert detected(comma, curated)["amount"].p_value > 0.05


def test_a_wider_spread_at_the_same_level_is_a_shift_and_called_one():
    rng = np.random.default_rng(5)
    raw, _ = halves()
    wide = [raw.assign(level=rng.normal(100, 15 if wide else 8, len(raw)).round(1).astype(str)) for wide in (1, 0)]
    told = detected(*wide)["level"]
    assert told.p_value < 1e-4
    assert told.told == "raw values lie further apart, at about the same level"


@pytest.mark.parametrize("numbered", [range(10_001, 10_601), range(1, 601)])
def test_a_counter_of_digits_is_no_measurement(numbered):
    raw, curated = halves()
    frames = [
        f.assign(invoice=[str(n) for n in part]) for f, part in ((curated, numbered[:300]), (raw, numbered[300:]))
    ]
    assert "invoice" not in detected(frames[1], frames[0])


def test_the_id_and_the_time_are_left_alone_whatever_they_look_like():
    raw, curated = (f.assign(id=[str(1_700_000_000 + i) for i in f.index]) for f in halves())
    raw["time"] = [str(1_800_000_000 + i) for i in raw.index]
    curated["time"] = [str(1_700_000_000 + i) for i in curated.index]
    made = sample_of(raw, curated)
    inspection = inspect(Sample(made.curated, made.raw, Columns(id="id", time="time", text="text")), seed=1)
    assert set(shift_number.find(inspection)) == {"amount", "count"}
