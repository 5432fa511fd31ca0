"""Demand: rates follow from users and requests, and are drawn once."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flightready.assessment import load
from flightready.draws import JointSample
from flightready.errors import InputError
from flightready.evidence import Grade
from flightready.quantity import DAYS_PER_MONTH
from flightready.traffic.adoption import Logistic, Ramp, Stated
from flightready.traffic.demand import plan
from flightready.traffic.profile import LoadProfile
from flightready.traffic.variation import measured

OF_PEAKS = ("default_day_to_day", "default_busiest_weekday", "default_minute_spread")
CERTAIN = "users_per_day: 1000, requests_per_user: 1, growth_per_month: 0"


def planned(folder, workload, joint=None, profile=None):
    (folder / "assessment.yaml").write_text(f"name: pilot\nworkload: {{{workload}}}\n")
    joint = joint or JointSample(7, replicates=4, draws=512)
    return plan(load(folder), joint, profile), joint


def shown(low, high):
    """A measured figure, as a log would give it."""
    return measured((low + high) / 2, np.linspace(low, high, 1000), 14)


def log(**figures):
    """A profile that shows only the figures given."""
    day = dt.date(2026, 9, 14)
    return LoadProfile(9000, day, day, 1.0, np.zeros(0), np.zeros(0, dtype=bool), **figures)


def by_month(found, months):
    """Requests a month in the middle, over those of the planned load."""
    return np.median(found.requests_in_months(months), axis=(0, 1)) / np.median(found.requests_per_month)


def test_without_users_there_is_no_plan(tmp_path):
    found, _ = planned(tmp_path, "requests_per_user: 2")
    assert found is None


def test_rates_follow_from_certain_inputs(tmp_path):
    found, _ = planned(
        tmp_path, "users_per_day: 86_400, requests_per_user: 2, peak_to_mean: 3, growth_per_month: 0, peak_minute: 1.5"
    )
    assert found.requests_per_day == pytest.approx(172_800)
    assert found.mean_per_second == pytest.approx(2.0)
    assert found.peak_per_second == pytest.approx(6.0)
    assert found.peak_minute_per_second == pytest.approx(9.0)
    assert found.requests_per_month == pytest.approx(172_800 * DAYS_PER_MONTH)
    assert found.grade is Grade.ESTIMATED
    assert found.defaults == OF_PEAKS[:2]
    assert found.summary().low == found.summary().high


def test_stated_interval_holds_nine_draws_of_ten(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1, peak_to_mean: 2")
    assert np.mean((found.users_per_day > 80_000) & (found.users_per_day < 120_000)) == pytest.approx(0.9, abs=0.002)


def test_defaults_are_named_and_make_the_load_an_assumption(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 1000")
    unsaid = ("default_requests_per_user", "default_growth_per_month", "default_peak_to_mean")
    assert found.defaults == (*unsaid, *OF_PEAKS)
    assert found.grade is Grade.ASSUMED
    stated, _ = planned(tmp_path, "users_per_day: 1000, requests_per_user: 2")
    assert stated.grade is Grade.ESTIMATED
    assert stated.defaults == (*unsaid[1:], *OF_PEAKS)


def test_a_volume_used_twice_is_the_same_volume(tmp_path):
    found, joint = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1")
    again, _ = planned(tmp_path, "users_per_day: 80_000 to 120_000, requests_per_user: 1", joint)
    assert found.requests_per_month is not again.requests_per_month
    assert np.array_equal(found.requests_per_month, again.requests_per_month)
    # sd(10 vol - 8 vol) = 2 sd(vol) only when it is drawn once
    difference = 10 * found.users_per_day - 8 * again.users_per_day
    assert difference.std() == pytest.approx(2 * found.users_per_day.std())


def test_a_logistic_curve_goes_through_both_of_its_points(tmp_path):
    found, _ = planned(tmp_path, f"{CERTAIN}, adoption: {{half_after: 3 months, nine_tenths_after: 8 months}}")
    at = found.curve.share(np.array([0.0, 3.0, 8.0, 13.0]))[0, 0]
    # logit .9 = ln 9 over 5 months; 1 / (1 + 9^(3/5)) = .2111 use it on the first day, 81/82 five months after nine tenths
    assert at == pytest.approx([1 / (1 + 9**0.6), 0.5, 0.9, 81 / 82])
    assert found.adoption(12)[0, 0, 2] == pytest.approx(1 / (1 + 9 ** (0.5 / 5)))  # the middle of month 3
    assert by_month(found, 12) == pytest.approx(found.adoption(12)[0, 0])


def test_stated_points_are_joined_by_straight_lines_from_nobody_and_stay_level(tmp_path):
    found, _ = planned(tmp_path, f"{CERTAIN}, adoption: {{points: {{2: 20%, 4: 60%, 6: 50%}}}}")
    at = found.curve.share(np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 40.0]))[0, 0]
    assert at == pytest.approx([0, 0.1, 0.2, 0.4, 0.6, 0.55, 0.5, 0.5])
    assert found.adoption(3)[0, 0] == pytest.approx([0.05, 0.15, 0.3])
    at_once, _ = planned(tmp_path, f"{CERTAIN}, adoption: {{points: {{0: 40%}}}}")
    assert np.all(at_once.adoption(24) == 0.4)


def test_one_curve_is_one_draw(tmp_path):
    """Where adoption is low in month 2 it is low in month 12; points with the same range never cross."""
    points = "{points: {2: 10% to 40%, 12: 50% to 90%}}"
    found, _ = planned(tmp_path, f"{CERTAIN}, adoption: {points}")
    early, late = found.curve.shares[..., 0].ravel(), found.curve.shares[..., 1].ravel()
    assert np.array_equal(np.argsort(early), np.argsort(late))
    crossing = "{half_after: 2 to 12 months, nine_tenths_after: 6 to 9 months}"
    wide, _ = planned(tmp_path, f"{CERTAIN}, adoption: {crossing}")
    assert np.all(wide.curve.half_after <= wide.curve.nine_tenths_after)
    assert np.all(np.diff(wide.adoption(36), axis=-1) >= 0)


def test_launches_add_users_from_their_own_month_on(tmp_path):
    launches = "launches: [{name: A, after: 2 months, adds: 500}, {name: B, after: 3.5 months, adds: 1000},"
    found, _ = planned(tmp_path, f"{CERTAIN}, {launches} {{name: far, after: 99 months, adds: 7}}]")
    assert by_month(found, 6) == pytest.approx([1, 1, 1.5, 2, 2.5, 2.5])
    assert found.users_in_months(6)[0, 0, -1] == pytest.approx(2500)
    grown, _ = planned(tmp_path, "users_per_day: 1000, requests_per_user: 1, growth_per_month: 10%, "
                                 "launches: [{name: A, after: 2 months, adds: 500}]")  # fmt: skip
    assert by_month(grown, 4) == pytest.approx([1, 1.1, 1.21 + 0.5, 1.331 + 0.55])
    curve = "adoption: {points: {4: 100%}}, launches: [{name: A, after: 2 months, adds: 500}]"
    adopted, _ = planned(tmp_path, f"{CERTAIN}, {curve}")
    assert by_month(adopted, 4) == pytest.approx([0.125, 0.375, 0.625 + 0.5 * 0.125, 0.875 + 0.5 * 0.375])


def test_a_delay_moves_adoption_and_launches_and_leaves_growth_to_the_calendar(tmp_path):
    text = "users_per_day: 1000, requests_per_user: 1, growth_per_month: 10%, adoption: {points: {4: 100%}}"
    found, _ = planned(tmp_path, text)
    late = found.requests_in_months(5, delay_months=2.0)[0, 0] / found.requests_per_month[0, 0]
    assert late == pytest.approx([0, 0, 1.21 * 0.125, 1.331 * 0.375, 1.4641 * 0.625])


@settings(max_examples=30, deadline=None)
@given(half=st.floats(0, 24), more=st.floats(0, 24), full=st.floats(0, 24), growth=st.floats(0, 0.2))
def test_adoption_rises_and_stays_a_share(half, more, full, growth):
    age, one = np.linspace(0, 60, 25), np.ones((1, 1))
    points = Stated((1.0, 5.0), np.array([[[0.2, 0.7]]]))
    for curve in (Logistic(one * half, one * (half + more)), Ramp(one * full), points):
        share = curve.share(age)
        assert share.shape == (1, 1, 25)
        assert np.all((share >= 0) & (share <= 1)) and np.all(np.diff(share) >= 0)
    assert np.all(np.diff((1 + growth) ** age) >= 0)


def test_growth_raises_every_later_month(tmp_path):
    found, _ = planned(tmp_path, "users_per_day: 900 to 1100, requests_per_user: 1, growth_per_month: 1% to 5%")
    assert found.requests_in_months(6).shape == (4, 512, 6)
    assert np.all(np.diff(found.requests_in_months(6)[found.growth_per_month > 0], axis=-1) > 0)
    assert np.array_equal(found.requests_in_months(1)[..., 0], found.requests_per_month)


def test_what_is_stated_wins_over_the_log_and_the_log_over_the_policy(tmp_path):
    profile = log(peak_to_mean=shown(2, 3), day_to_day=shown(0.1, 0.2), requests_per_user=shown(1, 1.2),
                  weekday_to_mean=shown(1.2, 1.3), burst_index=shown(1, 1.2), burst_dispersion=shown(0, 0.1))  # fmt: skip
    found, _ = planned(tmp_path, "users_per_day: 1000, peak_to_mean: 2.5", profile=profile)
    assert np.all(found.peak_to_mean == 2.5) and found.contradictions == ()
    assert found.measured == ("requests_per_user", "day_to_day", "busiest_weekday", "peak_minute")
    assert found.defaults == ("default_growth_per_month", "default_burst_shared")
    assert found.grade is Grade.ESTIMATED
    assert np.all(found.peak_minute_most >= found.peak_minute)
    assert planned(tmp_path, "users_per_day: 1000, peak_minute: 2", profile=profile)[0].peak_minute_most is None
    assert np.quantile(found.requests_per_user, [0, 1]) == pytest.approx([1, 1.2], abs=0.001)
    assert found.requests_per_month.shape == found.peak_minute.shape == found.peak_day.shape == (4, 512)


def test_a_stated_figure_that_the_log_contradicts_is_used_and_named(tmp_path):
    profile = log(peak_to_mean=shown(2, 3), day_to_day=shown(0.3, 0.4), burst_index=shown(1, 1.1),
                  burst_dispersion=shown(0, 0.01))  # fmt: skip
    text = "users_per_day: 1_000_000, requests_per_user: 1, peak_to_mean: 5, day_to_day: 10% to 32%, peak_minute: 9"
    found, _ = planned(tmp_path, text, profile=profile)
    assert [c.name for c in found.contradictions] == ["peak_to_mean", "peak_minute"]
    assert (found.contradictions[0].stated.low, found.contradictions[0].measured.high) == pytest.approx((5, 2.95))
    assert np.all(found.peak_to_mean == 5) and np.all(found.peak_minute == 9)


def test_days_average_out_over_a_month_and_not_on_its_busiest_day(tmp_path):
    found, _ = planned(tmp_path, f"{CERTAIN}, day_to_day: 20%", profile=log(weekday_to_mean=shown(1.3, 1.3)))
    assert found.day_to_day == pytest.approx(np.sqrt(np.log(1.04)))  # a share of 20 % as that of a lognormal factor
    assert found.month_to_month == pytest.approx(0.2 / np.sqrt(DAYS_PER_MONTH))
    assert np.median(found.peak_day) == pytest.approx(1.3 * 1.46, abs=0.01)
    assert found.peak_day_per_second == pytest.approx(found.peak_per_second * found.peak_day)
    steady, _ = planned(tmp_path, f"{CERTAIN}, day_to_day: 0%", profile=log(weekday_to_mean=shown(1.3, 1.3)))
    assert np.allclose(steady.peak_day, 1.3)


@pytest.mark.parametrize(
    ("adoption", "words"),
    [("{points: {6: 120%}}", "120%"), ("{points: {-1: 10%}}", "from 0 on"), ("{half_after: 9 months}", "two forms")],
)
def test_adoption_that_cannot_be_is_refused(tmp_path, adoption, words):
    with pytest.raises(InputError) as caught:
        planned(tmp_path, f"users_per_day: 1000, adoption: {adoption}")
    assert words in str(caught.value)
