"""Streams of benefit by hand: time, months, customers who stay; when they begin, and how their worth changes."""

import numpy as np
import pytest
from value_cases import CASES_A_MONTH, certain, model_of, value

from flightready.roi.amounts import margin
from flightready.roi.model import LEVERS


def test_time_saved_is_paid_by_its_wage(tmp_path):
    """90 s at 40 USD an hour is 1 USD a case."""
    text = certain("benefits: [{name: Time, kind: time_saved, time: 90 s, wage: 40 USD per hour}]")
    assert value(tmp_path, text) == pytest.approx(12 * CASES_A_MONTH, rel=1e-9)


def test_only_saved_minutes_are_realised_in_part_when_nobody_says(tmp_path):
    text = certain(
        "benefits:",
        "  - {name: Time, kind: time_saved, time: 90 s, wage: 40 USD per hour}",
        "  - {name: Fines, kind: loss_avoided, per_case: 1 USD}",
    ).replace("realisation: 100%, ", "")
    streams = {s.name: s for s in model_of(tmp_path, text).inputs.streams}
    assert "realisation" in streams["Time"].parts and "realisation" not in streams["Fines"].parts


def test_a_part_of_the_cases_a_later_start_and_a_changing_worth(tmp_path):
    """A fifth of the cases, from the seventh month on, each worth 1.21 ** ((m - 1) / 12) times what it is today."""
    text = certain(
        "benefits: [{name: B, per_case: 2 USD, of_cases: 20%, starts: 6 months, grows: 21% per year, realisation: 50%}]"
    )
    months = np.arange(6, 12)
    by_hand = np.sum(CASES_A_MONTH * 2 * 0.2 * 0.5 * 1.21 ** (months / 12))
    assert value(tmp_path, text) == pytest.approx(by_hand, rel=1e-9)


def test_a_month_is_worth_its_users_and_does_not_depend_on_accuracy(tmp_path):
    text = certain("benefits: [{name: M, per_month: 1_000 USD per month}]").replace("adoption: 100%", "adoption: 40%")
    assert value(tmp_path, text) == pytest.approx(12 * 400, rel=1e-9)
    assert value(tmp_path, text.replace("accuracy: 100%", "accuracy: 50%")) == pytest.approx(12 * 400, rel=1e-9)


CHURN = "benefits: [{name: Kept, kind: revenue_kept, customers: 12_000, value_per_customer: 600 USD, leaving: 20%, effect: 25%}]"


def test_customers_who_stay_bring_a_year_from_then_on(tmp_path):
    """12,000 * 20 % * 25 % / 12 = 50 stay a month, each for 50 USD in that month and the eleven after it.

    In month m of the first year min(m, 12) months' worth of them pay: 50 * 50 * (1 + ... + 12) = 195,000; in the second
    12 * 50 * 50 a month: 360,000, a whole year's 600 customers at 600 USD.
    """
    assert value(tmp_path, certain(CHURN)) == pytest.approx(195_000, rel=1e-9)
    both = value(tmp_path, certain(CHURN, horizon="24 months"))
    assert both - 195_000 == pytest.approx(600 * 600, rel=1e-9)


def test_a_measured_effect_replaces_the_stated_one(tmp_path):
    halved = model_of(tmp_path, certain(CHURN), measured={"benefit_0_effect": np.full((16, 1024), 0.125)})
    assert halved.present_value() == pytest.approx(np.full((16, 1024), 97_500.0), rel=1e-9)
    row = next(r for r in halved.inputs.rows if r.key == "benefit_0_effect")
    assert (str(row.grade), row.source) == ("measured", "results of the pilot")
    assert halved.inputs.streams[0].measurable == "benefit_0_effect"


def test_an_effect_that_nobody_knows_is_left_out_and_named(tmp_path):
    unknown = CHURN.replace(", effect: 25%", "")
    model = model_of(tmp_path, certain(unknown))
    assert model.inputs.streams == () and model.inputs.without_effect == ("Kept",)
    known = model_of(tmp_path, certain(unknown), measured={"benefit_0_effect": np.full((16, 1024), 0.25)})
    assert known.present_value().mean() == pytest.approx(195_000, rel=1e-9)


def test_one_wage_is_one_column(tmp_path):
    text = certain(
        "benefits:",
        "  - {name: A, kind: time_saved, time: 60 s, wage: 30 to 60 USD per hour}",
        "  - {name: B, kind: time_saved, time: 30 s, wage: 30 to 60 USD per hour, of_cases: 50%}",
        "  - {name: C, kind: time_saved, time: 30 s, wage: 90 USD per hour}",
    )
    model = model_of(tmp_path, text)
    assert [s.parts["wage"] for s in model.inputs.streams] == ["wage_0", "wage_0", "wage_1"]
    minutes = 1 + 0.5 * 0.5
    by_hand = 12 * CASES_A_MONTH * (minutes * model.columns["wage_0"] / 60 + 0.75)
    assert model.present_value() == pytest.approx(by_hand, rel=1e-9)


def test_a_stream_more_moves_no_draw_of_the_others(tmp_path):
    one = "{name: A, per_case: 1 to 2 USD}"
    alone = model_of(tmp_path, certain(f"benefits: [{one}]")).columns["benefit_0_per_case"]
    beside = model_of(tmp_path, certain("benefits: [{name: B, per_case: 1 to 9 USD}, " + one + "]"))
    assert np.array_equal(alone, beside.columns["benefit_1_per_case"])


def test_months_and_customers_are_no_part_of_what_a_request_earns(tmp_path):
    assert margin(model_of(tmp_path, certain(CHURN)).inputs, LEVERS) is None


def test_a_what_if_for_a_case_stands_in_for_the_streams_that_cases_bring(tmp_path):
    """Months stay: 12,000 of them, and 3 USD for each case in place of 1."""
    from flightready.study import open_study

    text = certain("benefits: [{name: C, per_case: 1 USD}, {name: M, per_month: 1_000 USD per month}]")
    (tmp_path / "assessment.yaml").write_text(text)
    tried = open_study(tmp_path, as_of="2026-10-15").what_if(benefit_per_case=3.0)
    assert tried.roi.npv.median == pytest.approx(3 * 12 * CASES_A_MONTH + 12_000, rel=1e-9)
