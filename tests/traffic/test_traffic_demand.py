"""Demand: rates follow from users and requests, and are drawn once."""

import numpy as np
import pytest

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.evidence import Grade
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.demand import plan


def planned(folder, workload, joint=None):
    (folder / "assessment.yaml").write_text(f"name: pilot\nworkload: {{{workload}}}\n")
    joint = joint or JointSample(7, replicates=4, draws=512)
    return plan(load(folder), joint), joint


def test_without_users_there_is_no_plan(tmp_path):
    found, _ = planned(tmp_path, "requests_per_user: 2")
    assert found is None


def test_rates_follow_from_certain_inputs(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 86_400, requests_per_user: 2, peak_to_mean: 3, growth_per_month: 0")
    assert found.requests_per_day == pytest.approx(172_800)
    assert found.mean_per_second == pytest.approx(2.0)
    assert found.peak_per_second == pytest.approx(6.0)
    assert found.requests_per_month == pytest.approx(172_800 * DAYS_PER_MONTH)
    assert found.grade is Grade.ESTIMATED
    assert found.defaults == ()
    assert found.summary().low == found.summary().high


def test_stated_interval_holds_nine_draws_of_ten(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1, peak_to_mean: 2")
    assert np.mean((found.users_per_day > 80_000) & (found.users_per_day < 120_000)) == pytest.approx(0.9, abs=0.002)


def test_defaults_are_named_and_make_the_load_an_assumption(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 1000")
    assert found.defaults == ("default_requests_per_user", "default_growth_per_month", "default_peak_to_mean")
    assert found.grade is Grade.ASSUMED
    stated, _ = planned(tmp_path, "users_per_day: 1000, requests_per_user: 2")
    assert stated.grade is Grade.ESTIMATED
    assert stated.defaults == ("default_growth_per_month", "default_peak_to_mean")


def test_a_volume_used_twice_is_the_same_volume(tmp_path):
    found, joint = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1")
    again, _ = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1", joint)
    assert found.requests_per_month is not again.requests_per_month
    assert np.array_equal(found.requests_per_month, again.requests_per_month)
    # sd(10 vol - 8 vol) = 2 sd(vol) only when it is drawn once
    difference = 10 * found.users_per_day - 8 * again.users_per_day
    assert difference.std() == pytest.approx(2 * found.users_per_day.std())
