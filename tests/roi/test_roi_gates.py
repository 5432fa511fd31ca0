"""Phases and gates: the known answer, the prior, and what the right to stop is worth."""

import numpy as np
import pytest
from value_cases import certain, model_of

from flightready.roi.gates import gates
from flightready.roi.model import LEVERS

# KNOWN_ANSWERS, finance: costs 20/60/150, chances .6/.5/.40404 (4 of 33 in all), value 1500
STAGED = certain(
    "benefits: [{name: All of it, per_month: 125 USD per month}]",
    "phases:",
    "  - {phase: validate, length: 1 days, cost: 20 USD, passes: 60%, data_share: 0%}",
    "  - {phase: prototype, length: 1 days, cost: 60 USD, passes: 50%, data_share: 0%}",
    "  - {phase: pilot, length: 1 days, cost: 150 USD, passes: 40.404040404040404%, data_share: 0%}",
)


def by_hand(costs, chances, value):
    """Second route: from the last gate back to today."""
    with_stopping = value
    for cost, chance in zip(costs[::-1], chances[::-1], strict=True):
        with_stopping = -cost + chance * with_stopping
    return with_stopping, -sum(costs) + np.prod(chances) * value


def test_the_known_answer_with_and_without_the_right_to_stop(tmp_path):
    """+80.818 with, -48.182 without, expected cost 101."""
    found = gates(model_of(tmp_path, STAGED))
    assert by_hand([20, 60, 150], [0.6, 0.5, 4 / 9.9], 1500) == (pytest.approx(80.818, abs=1e-3),
                                                                 pytest.approx(-48.182, abs=1e-3))  # fmt: skip
    assert found.mean == pytest.approx(80.818, abs=1e-3)
    assert found.mean_without_stopping == pytest.approx(-48.182, abs=1e-3)
    assert found.spent == pytest.approx(101, abs=1e-3)
    assert found.launched == pytest.approx(4 / 33, abs=1e-5)
    assert found.worth_of_stopping == pytest.approx(129, abs=1e-2)
    assert found.if_launched.median == pytest.approx(1500 - 230)
    assert [round(p.reached, 6) for p in found.phases] == [1, 0.6, 0.3]


def test_drawn_gates_have_the_same_mean_and_show_what_is_lost(tmp_path):
    model = model_of(tmp_path, STAGED)
    draws = model.present_value()
    assert sorted(np.unique(np.round(draws, 6))) == [-230, -80, -20, 1270]
    error = draws.std() / np.sqrt(draws.size)
    assert abs(draws.mean() - 80.818) < 4 * error
    assert np.mean(np.round(draws) == -20) == pytest.approx(0.4, abs=0.002)  # stratified: the first gate is exact
    assert model.present_value(may_stop=False).mean() == pytest.approx(draws.mean() - 129, abs=4 * error)


def test_a_gate_closed_for_sure_costs_what_comes_before_it_and_an_open_one_nothing(tmp_path):
    closed = model_of(tmp_path, STAGED.replace("passes: 60%", "passes: 0%"))
    assert np.all(closed.present_value() == -20)
    opened = STAGED.replace("60%", "100%").replace("passes: 50%", "passes: 100%").replace("40.404040404040404", "100")
    assert model_of(tmp_path, opened).present_value() == pytest.approx(np.full((16, 1024), 1270.0))


def test_more_chance_at_a_gate_never_lowers_a_gain(tmp_path):
    model = model_of(tmp_path, STAGED).expected
    values = [model.present_value(phase_pilot_passes=np.full((1, 1), p)).mean() for p in (0.2, 0.4, 0.6)]
    assert values == sorted(values) and values[0] < values[2]


def test_the_prior_is_spread_over_the_gates_ahead(tmp_path):
    """Two gates without a chance of their own: together they are the prior, whose interval is 5 to 24 %."""
    text = certain("benefits: [{name: M, per_month: 100 USD per month}]",
                   "phases: [{phase: prototype}, {phase: pilot}, {phase: scale}]")  # fmt: skip
    model = model_of(tmp_path, text)
    assert [p.has_gate for p in model.inputs.phases] == [True, True, False]
    chance = model.chance_of_launch()
    assert np.quantile(chance, [0.05, 0.95]) == pytest.approx([0.05, 0.24], abs=1e-4)
    assert model.inputs.grade("graduation").value == "assumed"
    assert gates(model).phases[0].is_prior


def test_a_stated_chance_takes_its_gate_out_of_the_prior(tmp_path):
    text = certain("benefits: [{name: M, per_month: 100 USD per month}]",
                   "phases: [{phase: prototype, passes: 100%}, {phase: pilot}]")  # fmt: skip
    model = model_of(tmp_path, text)
    assert model.chance_of_launch() == pytest.approx(model.columns["graduation"] ** 0.5)


def test_the_promise_knows_no_gates_no_data_work_and_no_delay(tmp_path):
    """Phases of 3 and 3 months: 1,200 a year, half of it after them; 40 % of a phase of 100 is data engineering."""
    text = certain(
        "benefits: [{name: M, per_month: 100 USD per month}]",
        "phases:",
        "  - {phase: pilot, length: 3 months, cost: 100 USD, passes: 50%, data_share: 40%}",
        "  - {phase: scale, length: 2 months, delay: 1 months}",
    ).replace("delay: 0 months, ", "")
    model = model_of(tmp_path, text).expected
    assert model.present_value(frozenset()).mean() == pytest.approx(1200 - 60)
    assert model.present_value(LEVERS - {"gates"}).mean() == pytest.approx(600 - 100)
    assert model.present_value().mean() == pytest.approx(0.5 * 600 - 100)
    row = next(r for r in model.inputs.rows if r.key == "delay")
    assert row.median == pytest.approx(6)


def test_an_estimate_of_the_whole_way_is_shared_by_the_lengths(tmp_path):
    text = certain(
        "benefits: [{name: M, per_month: 100 USD per month}]",
        "phases: [{phase: pilot, length: 1 months}, {phase: scale, length: 3 months}]",
        delay="delay: 8 months",
    )
    found = gates(model_of(tmp_path, text))
    assert (found.phases[1].begins.median, found.phases[1].ends.median) == pytest.approx((2, 8))


def test_building_is_paid_when_building_begins_and_only_if_it_does(tmp_path):
    text = (
        certain(
            "benefits: [{name: M, per_month: 100 USD per month}]",
            "phases: [{phase: pilot, length: 2 months, passes: 50%}, {phase: scale, length: 1 months}]",
            rate="10% per year",
        )
        .replace("build_cost: 0 USD", "build_cost: 1_000 USD")
        .replace("delay: 0 months, ", "")
    )
    model = model_of(tmp_path, text)
    assert model.expected.spent() == pytest.approx(np.full((16, 1024), 500 / 1.1 ** (2 / 12)))
    assert np.all(model.flows()["build"][..., 2] * (model.present_value() > 0) <= 0)
    assert np.all(model.flows()["build"][..., [0, 1, 3]] == 0)


def test_without_phases_there_is_nothing_to_stop(tmp_path):
    model = model_of(tmp_path, certain("benefit_per_case: 1 USD"))
    assert gates(model) is None and np.all(model.chance_of_launch() == 1)
