"""Running, retraining, change, today's way, money with and without inflation, and the years after the horizon."""

import numpy as np
import pytest
from value_cases import CASES_A_MONTH, certain, model_of, value

from flightready.roi.finance import monthly_factors

MONTHLY = "benefits: [{name: M, per_month: 1_000 USD per month}]"


def test_licences_retraining_and_change_by_hand(tmp_path):
    """12 months at 50, 12 / 4 retrainings of 200, and 700 of training as everybody comes in the first month."""
    extra = ("licences: 50 USD per month", "retraining: 200 USD", "retrained_every: 4 months",
             "change_management: 700 USD")  # fmt: skip
    text = certain(MONTHLY, *extra)
    assert value(tmp_path, text) == pytest.approx(12_000 - 600 - 600 - 700, rel=1e-6)


def test_change_is_spread_over_the_ramp(tmp_path):
    """Half of the people after 12 of 24 months, so half of it is spent (the middle of a month stands for it)."""
    text = certain(MONTHLY, "change_management: 700 USD").replace("ramp: 0.001", "ramp: 24")
    flow = model_of(tmp_path, text).flows()["change_management"][0, 0]
    assert -flow.sum() == pytest.approx(700 * 11.5 / 24)
    assert np.all(flow[2:] == pytest.approx(-700 / 24))


def test_the_default_of_running_holds_what_is_stated_of_it(tmp_path):
    text = (
        certain(MONTHLY)
        .replace("  operations: 0 USD per month\n", "")
        .replace("build_cost: 0", "build_cost: 1_000_000")
    )
    without = model_of(tmp_path, text).columns["operations"]
    stated = model_of(tmp_path, text + "  licences: 900 USD per month\n").columns["operations"]
    assert stated == pytest.approx(without - 900)


def test_todays_way_goes_away_as_it_is_used_and_its_worth_changes(tmp_path):
    """300 a month that rises by 44 % a year, and cases worth 1 USD that rise with it."""
    rise = 1.44 ** (np.arange(12) / 12)
    text = certain("benefit_per_case: 1 USD", "do_nothing: {per_month: 300 USD per month, changes: 44% per year}")
    assert value(tmp_path, text) == pytest.approx(np.sum(rise) * (300 + CASES_A_MONTH), rel=1e-9)
    better = text.replace("44% per year", "-10% per year")  # today's way gets better by itself: there is less to gain
    assert value(tmp_path, better) < value(tmp_path, text)


def test_amounts_without_inflation_at_a_rate_without_it_are_amounts_with_both(tmp_path):
    """3 % inflation: 1,000 a month in today's money at 10 %, against 1,000 * 1.03 ** (m / 12) in that month's money."""
    real = certain(MONTHLY, "money: real", "inflation: 3% per year", rate="10% per year")
    months = np.arange(1, 13)
    with_both = np.sum(1000 * 1.03 ** (months / 12) * 1.10 ** (-months / 12))
    assert value(tmp_path, real) == pytest.approx(with_both, rel=1e-9)


def test_the_years_after_the_horizon_are_left_out_unless_stated(tmp_path):
    """Gordon: 12,000 a year, growing by 2 %, at 10 %: 12,000 * 1.02 / .08 at the end of the third year."""
    text = certain(MONTHLY, horizon="36 months", rate="10% per year")
    model = model_of(tmp_path, text)
    within = float(np.sum(1000 * monthly_factors(np.array(0.10), 36)))
    assert model.present_value() == pytest.approx(np.full((16, 1024), within))
    after = value(tmp_path, text + "  terminal_growth: 2% per year\n") - within
    assert after == pytest.approx(12_000 * 1.02 / 0.08 / 1.1**3, rel=1e-9)


def test_nobody_goes_on_for_ever_with_what_loses_money(tmp_path):
    text = certain(MONTHLY, "licences: 5_000 USD per month", horizon="36 months", rate="10% per year")
    assert value(tmp_path, text + "  terminal_growth: 2% per year\n") == pytest.approx(value(tmp_path, text))


def test_lost_answers_are_not_reviewed(tmp_path):
    from types import SimpleNamespace

    from value_cases import NOTHING

    lost = SimpleNamespace(**vars(NOTHING), lost_share=np.full((16, 1024), 0.25))
    text = certain("benefit_per_case: 1 USD").replace("review_share: 0%", "review_share: 40%")
    text = text.replace("review_cost: 0 USD", "review_cost: 2 USD")
    fewer = value(tmp_path, text, found=lost) - value(tmp_path, text)
    assert fewer == pytest.approx(12 * CASES_A_MONTH * 0.4 * 2 * 0.25, rel=1e-9)
