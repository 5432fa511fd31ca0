"""Rows of the comparison: accuracy, time, suggestions, and what a pilot without options is offered."""

import re

import numpy as np
import pytest
from cost_logs import MODEL
from option_rows import CALLS, DAY, LOAD, compared, evaluated, pair

from flightready.evidence import Grade

MINI = "gpt-4.1-mini-2025-04-14"
CANDIDATES = {"candidates": [{"name": "small", "file": "small.csv", "prediction": "answer"}]}
BUY = {"kind": "buy", "per_request": "0.0014 USD"}


@pytest.mark.parametrize(
    ("option", "value", "grade"),
    [
        ({"tier": "batch"}, 0.8, Grade.MEASURED),  # the pilot's own model is as right as it is
        ({"kind": "provisioned", "unit_tokens_per_minute": 3_000, "output_weight": 4, "per_unit": "1 USD per hour"}, 0.8,
         Grade.MEASURED),
        ({"model": MINI, "candidate": "small"}, 0.7, Grade.MEASURED),
        ({"model": MINI, "candidate": "small", "accuracy": "90%"}, 0.7, Grade.MEASURED),
        ({**BUY, "accuracy": "60%"}, 0.6, Grade.ESTIMATED),
        ({"model": MINI}, None, None),
    ],
)  # fmt: skip
def test_accuracy_is_measured_or_stated_or_not_known(tmp_path, option, value, grade):
    _, row = pair(tmp_path, option, measured=evaluated(small=70), evaluation=CANDIDATES)
    assert (row.accuracy_value, row.accuracy_grade) == (value, grade)
    if value is None:
        assert row.per_right_answer is None
        assert any("not known" in note for note in row.notes)
    else:
        assert row.per_right_answer.median == pytest.approx(row.per_request.median / value, rel=0.05)
        assert row.accuracy.low <= value <= row.accuracy.high


@pytest.mark.parametrize(
    ("stated", "told"),
    # 60,875 requests a month at 10 USD an error: 20 points are about 121,750 USD, give or take 5 points of the pilot's
    [("60%", r"cost \$9\d,\d00 to \$1[4-6]\d,\d00 more"), ("100%", r"cost \$9\d,\d00 to \$1[4-6]\d,\d00 less"),
     ("80%", r"from \$2\d,\d00 less to \$2\d,\d00 more")],
)  # fmt: skip
def test_wrong_answers_of_an_option_have_a_price_beside_its_own(tmp_path, stated, told):
    priced = {"measured": evaluated(), "workload": LOAD | {"users_per_day": 1000}}
    option = {**BUY, "accuracy": stated}
    _, row = pair(tmp_path, option, evaluation={"error_cost": {"default": "10 USD"}}, **priced)
    assert any(re.search(told, note) for note in row.notes), row.notes
    _, unpriced = pair(tmp_path, option, **priced)
    own, _ = pair(tmp_path, option, evaluation={"error_cost": {"default": "10 USD"}}, **priced)
    assert not any("wrong answers cost" in note for note in (*unpriced.notes, *own.notes))


def test_a_candidate_that_was_not_measured_is_said(tmp_path):
    _, row = pair(tmp_path, {"model": MINI, "candidate": "small"}, evaluation=CANDIDATES)
    assert row.accuracy is None
    assert "'small' could not be compared with the right ones" in " ".join(row.notes)


def test_time_is_the_stated_or_the_candidates_and_set_against_the_budget(tmp_path):
    late = {"name": "Late", "tier": "batch", "p95": "12 hours"}
    small = {"name": "Small", "model": MINI, "candidate": "small"}
    rows = compared(tmp_path, late, small, measured=evaluated(small=70), evaluation=CANDIDATES,
                    latency={"budget": {"p95": "6 s"}}).options  # fmt: skip
    assert [r.p95_s for r in rows] == [None, 43_200.0, 2.0]
    assert ["6.0 s allowed" in " ".join(r.notes) for r in rows] == [False, True, False]


def test_the_chance_of_being_cheaper_is_taken_on_the_same_draws(tmp_path):
    own, row = pair(tmp_path, {"kind": "buy", "per_request": "0.0020 to 0.0036 USD"})
    chance = float(np.mean(row.monthly_draws < own.monthly_draws))
    assert row.cheaper_chance == chance
    assert 0.3 < chance < 0.7
    assert own.is_pilot and own.cheaper_chance is None


def test_without_stated_options_the_price_list_suggests_some_and_says_that_nobody_tried_them(tmp_path):
    result = compared(tmp_path)
    own, *rest = result.options
    names = [o.name for o in rest]
    assert names == [
        "Successor named by the provider (gpt-6-luna)",
        "In batches, within hours",
        "50 % of the input from the cache",
    ]  # gpt-4.1-mini retires too
    assert all(o.is_suggested and "nobody has tried it" in o.notes[0] for o in rest) and not own.is_suggested
    assert [o.cheaper_chance for o in rest] == [1.0, 1.0, 1.0]
    assert "options" in {a.key for a in result.absences}


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        (
            {"as_of": None},
            ["Smaller model (gpt-4.1-mini)", "In batches, within hours", "50 % of the input from the cache"],
        ),
        ({"log": None, "cost": {"bill": "30 USD for 9_000 requests"}}, []),
        ({"log": None}, []),
        ({"cost": {"prices": {MODEL: {"input_per_million": "2 USD", "output_per_million": "8 USD"}}}}, []),
    ],
)
def test_suggestions_rest_on_the_list_alone(tmp_path, changes, names):
    result = compared(tmp_path, **{"log": CALLS[:8], "as_of": DAY, **changes})
    assert [o.name for o in result.options if o.is_suggested] == names
