"""A model that is worse on purpose is caught, one that is as good is not, and the size that is caught has its power."""

from __future__ import annotations

import numpy as np
import pytest
from release_samples import answers, records_of, write

from flightready.evaluation.release.negative_control import (
    AS_GOOD,
    LOST,
    NEW_RECORDS,
    OFTEN_WRONG,
    SAME_RECORDS,
    SHUFFLED,
    UNCHANGED,
    negative_control,
)
from flightready.evaluation.shares.paired import paired_newcombe
from flightready.intervals import smallest_detectable_drop


def one_in(k):
    return lambda i: i % k == 0


@pytest.fixture(scope="module")
def control(tmp_path_factory):
    folder = tmp_path_factory.mktemp("control")
    return negative_control(records_of(write(folder, raw=answers(600, one_in(8)), allowed_drop="5 points")))


def test_a_worse_model_is_caught_and_one_as_good_is_not(control):
    caught = {(r.model, r.compared_on): r.called_worse for r in control.runs if r.is_worse}
    quiet = {(r.model, r.compared_on): r.called_worse for r in control.runs if not r.is_worse}
    assert set(caught) == {(m, w) for m in (SHUFFLED, OFTEN_WRONG) for w in (SAME_RECORDS, NEW_RECORDS)}
    assert set(quiet) == {(UNCHANGED, SAME_RECORDS), (AS_GOOD, SAME_RECORDS), (AS_GOOD, NEW_RECORDS)}
    assert control.worst_catch.interval.low > 0.9
    assert quiet[UNCHANGED, SAME_RECORDS].hits == 0
    assert control.worst_false_alarm.interval.high < 0.1


def test_models_are_made_worse_by_the_allowed_drop_and_what_the_records_show(control):
    """For 600 records at 87.5 %, Fleiss' smallest drop from as many."""
    assert control.allowed_drop == pytest.approx(0.05)
    assert control.detectable == pytest.approx(smallest_detectable_drop(0.875, 600, 600, power=0.8))
    assert control.fall == pytest.approx(control.allowed_drop + control.detectable)
    for r in control.runs:
        assert r.fall == pytest.approx(control.fall if r.is_worse else 0.0, abs=0.004)


def test_the_smallest_fall_on_new_records_is_that_of_the_closed_form(control):
    assert control.smallest_new_records == pytest.approx(control.detectable, abs=0.012)
    assert control.smallest_same_records < control.smallest_new_records


def test_the_smallest_fall_on_the_same_records_has_its_power(control):
    """Counts drawn anew: 2.5 % of answers gained, 2.5 % and the fall lost."""
    drawn, fall = np.random.default_rng(4), control.smallest_same_records
    counts = drawn.multinomial(600, [0.875 - 0.025 - fall, 0.025, 0.025 + fall, 0.1], 600)
    caught = np.mean([paired_newcombe(*map(int, c)).high < 0 for c in counts])
    assert caught == pytest.approx(0.8, abs=0.06)


def test_other_tasks_lose_answers(tmp_path):
    rows = answers(300, one_in(8))
    fields = {"team": {"label": "team", "prediction": "predicted"}}
    found = negative_control(records_of(write(tmp_path, raw=rows, task="extraction", fields=fields)))
    assert {r.model for r in found.runs if r.is_worse} == {LOST}
    assert found.worst_catch.share > 0.8


def test_few_records_are_not_caught_with_certainty(tmp_path):
    found = negative_control(records_of(write(tmp_path, raw=answers(12, one_in(4)))))
    assert found.n == 12 and 0 < found.fall <= 0.75


def test_the_demo_set_stands_in_and_nothing_gives_nothing(tmp_path):
    assert negative_control(records_of(write(tmp_path / "a", curated=answers(100, one_in(8))))).side == "curated"
    assert negative_control(records_of(write(tmp_path / "b", labelled="90 right of 100"))) is None


@pytest.mark.parametrize("wrong", [lambda i: False, lambda i: i > 0])
def test_all_right_and_nearly_nothing_right(tmp_path, wrong):
    found = negative_control(records_of(write(tmp_path, raw=answers(100, wrong))))
    assert all(0 <= r.called_worse.hits <= r.called_worse.n for r in found.runs)
    assert next(r for r in found.runs if r.model == UNCHANGED).called_worse.hits == 0


def test_records_of_one_entity_keep_false_alarms_low(tmp_path):
    """Each answer stands there five times, about one entity."""
    rows = answers(500, lambda i: (i // 10) % 8 == 0)
    for i, r in enumerate(rows):
        r["customer"] = f"C-{i // 10}"
    data = {"columns": {"id": "id", "label": "team", "prediction": "predicted", "entity": "customer"}}
    found = negative_control(records_of(write(tmp_path, raw=rows, data=data)))
    assert found.worst_false_alarm.interval.high < 0.12


def test_the_same_seed_gives_the_same_control(tmp_path):
    folder = write(tmp_path, raw=answers(100, one_in(8)))
    assert negative_control(records_of(folder)) == negative_control(records_of(folder))
