"""The detector 'sequence_gap'."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, sample_of, side_of, table

from flightready.assessment.schema import Columns
from flightready.intervals import clopper_pearson
from flightready.realism.defects.sequence_gap import find, long_runs
from flightready.realism.inspection import inspect
from flightready.realism.sample import Sample, Side


def counted(frame: pd.DataFrame, left_out: range | list[int] = ()) -> pd.DataFrame:
    """The frame with a running number as its key, some numbers left out."""
    n = len(frame)
    numbers = [i for i in range(10_000, 10_000 + n + len(left_out)) if i - 10_000 not in set(left_out)]
    return frame.assign(id=[f"T-{i:06d}" for i in numbers])


INJECTION = Injection(lambda f: counted(f, [7, 60, *range(120, 150)]), "id", None)


def told(frame: pd.DataFrame, drawn: str = "") -> tuple:
    found = find(inspect(sample_of(frame, None), seed=7, drawn=drawn))
    return found["id"].observations if found else ()


def test_the_share_of_numbers_left_out_has_an_interval_and_days():
    first, long = told(counted(table(), [7, 60, *range(120, 150)]))
    assert (first.rate.hits, first.rate.n) == (32, 332)
    assert first.rate.interval == clopper_pearson(32, 332)
    assert "'id' of 'web' is a running number: 32 of 332 are absent (9.6 %" in first.sentence
    assert first.sentence.endswith("in 3 places; normal for an extract, else ask for the missing ones")
    assert "in 3 places" in first.sentence
    assert long.sentence.startswith("30 numbers of 'web' in a row are absent")
    assert first.first <= long.first <= long.last <= first.last
    assert "T-0" not in repr((first, long)), "no number of a record is shown"


def test_a_number_that_counts_without_a_break_says_nothing():
    assert told(counted(table())) == ()


@pytest.mark.parametrize("drawn", ["random", "systematic", "stratified", "chosen_by_hand"])
def test_a_drawn_sample_leaves_numbers_out_by_itself(drawn):
    assert told(counted(table(), [7, 8, 9]), drawn) == ()


def test_every_second_number_is_a_sample_and_not_a_loss():
    assert told(table().assign(id=[f"T-{2 * i}" for i in range(300)])) == ()


def test_numbers_that_another_system_has_are_not_left_out():
    frame = counted(table())
    odd = np.arange(300) % 3 == 0
    sides = [side_of(frame[odd], "web"), side_of(frame[~odd], "mail")]
    raw = Side.joined([s for side in sides for s in side.sources])
    assert find(inspect(Sample(None, raw, Columns(id="id", time="time")), seed=7)) == {}


def test_two_systems_that_both_count_from_one_are_two_counters():
    frame = counted(table())
    dropped = np.isin(np.arange(300), range(100, 120))
    sides = [side_of(frame, "web"), side_of(frame[~dropped], "mail")]
    raw = Side.joined([s for side in sides for s in side.sources])
    observations = find(inspect(Sample(None, raw, Columns(id="id", time="time")), seed=7))["id"].observations
    assert {o.system for o in observations} == {"mail"}
    assert observations[0].rate.hits == 20


def test_a_counter_set_anew_is_two_counters():
    numbers = [*range(1, 151), *range(500_000, 500_150)]
    assert told(table().assign(id=[f"T-{i}" for i in numbers])) == ()


def test_records_without_a_key_may_be_those_left_out():
    frame = counted(table())
    frame.loc[[20, 50], "id"] = ""
    assert told(frame) == ()


def test_single_losses_are_geometric_and_not_long():
    """Numbers kept with probability .9: in under 1 % of files is a run called long."""
    rng = np.random.default_rng(5)
    called = 0
    for _ in range(400):
        kept = np.flatnonzero(rng.random(500) < 0.9)
        steps = np.diff(kept)
        called += bool(long_runs(steps[steps > 1] - 1, len(kept)))
    assert called <= 4
