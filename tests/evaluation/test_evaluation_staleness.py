"""Accuracy over time: periods, trend, the alarm, and what few or undated records still give."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from release_samples import answers, records_of, write

from flightready.evaluation.release.staleness import staleness, trend


def one_in(k):
    return lambda i: i % k == 0


def found_in(folder, rows, **evaluation):
    return staleness(records_of(write(folder, raw=rows, **evaluation)))


@pytest.fixture(scope="module")
def fallen(tmp_path_factory):
    """1,000 records, one in twenty wrong in the earlier half and one in four in the later."""
    folder = tmp_path_factory.mktemp("fallen")
    return found_in(folder, answers(1000, lambda i: i % (20 if i < 500 else 4) == 0), allowed_drop="10 points")


def test_a_fall_rings_and_is_dated(fallen):
    """The later half begins 150 days after 2025-04-01."""
    t = fallen.trigger
    assert abs((t.fell_on - dt.date(2025, 8, 29)).days) <= 10
    assert t.fell_on <= t.rang_on <= dt.date(2025, 10, 15)
    assert fallen.trend.interval.high < 0


def test_steady_quality_rings_nothing_and_has_no_trend(tmp_path):
    drawn = np.random.default_rng(3).random(1000)
    found = found_in(tmp_path, answers(1000, lambda i: drawn[i] < 0.1), allowed_drop="10 points")
    assert found.trigger.rang_on is None
    assert found.trend.interval.low < 0 < found.trend.interval.high
    assert found.trigger.false_alarms.share < 0.08 and found.trigger.fired.share > 0.95
    assert found.trigger.delay_records < found.trigger.delay_records_most < 400
    assert found.trigger.needed_per_day == -(-int(found.trigger.delay_records_most) // 14)


def test_periods_hold_every_record_once(fallen):
    assert fallen.unit == "week" and sum(p.accuracy.n for p in fallen.periods) + fallen.thin >= 990
    assert all(p.first.weekday() == 0 for p in fallen.periods)


def test_months_where_weeks_hold_too_few(tmp_path):
    found = found_in(tmp_path, answers(300, one_in(10)))
    assert found.unit == "month" and all(p.first.day == 1 for p in found.periods)
    assert sum(p.accuracy.n for p in found.periods) == 300


def test_few_records_have_no_alarm_and_say_why(tmp_path):
    found = found_in(tmp_path, answers(60, one_in(10)))
    assert found.trigger is None and found.why_not == (
        "60 scored raw records carry a day, fewer than the 100 that an alarm needs"
    )


def test_records_of_one_day_have_no_alarm(tmp_path):
    found = found_in(tmp_path, answers(200, one_in(10), days=1))
    assert found.trigger is None and found.why_not == "all scored raw records are of one day" and found.trend is None


def test_undated_and_future_records_are_left_out(tmp_path):
    rows = answers(300, one_in(10))
    for i in range(20):
        rows[i]["at"] = "" if i % 2 else "2031-01-01"
    found = found_in(tmp_path, rows)
    assert (found.n_dated, found.n_undated) == (280, 20)


def test_nothing_right_has_nothing_to_lose(tmp_path):
    found = found_in(tmp_path, answers(200, lambda i: i > 0))
    assert found.trigger is not None and 0 < found.trigger.fall <= 1 / 100


def test_all_right_still_has_an_alarm(tmp_path):
    found = found_in(tmp_path, answers(400, lambda i: False))
    assert found.trigger.expected == 1.0 and found.trigger.fired.share > 0.9 and found.trigger.rang_on is None


def test_without_scored_raw_records_there_is_nothing(tmp_path):
    assert staleness(records_of(write(tmp_path, curated=answers(100, one_in(10))))) is None


def test_the_same_input_gives_the_same_result(tmp_path):
    folder = write(tmp_path, raw=answers(200, one_in(10)))
    one, two = (staleness(records_of(folder)).trigger for _ in range(2))
    assert (one.line, one.fired, one.delay_records) == (two.line, two.fired, two.delay_records)


def test_a_trend_covers_the_slope_nine_times_in_ten():
    """Simulation, 800 runs: two points lost a month from 90 %; two and a half standard errors are 2.7 points."""
    drawn, days, hit = np.random.default_rng(8), np.linspace(0, 300, 400), 0
    for _ in range(800):
        right = drawn.random(400) < 0.9 - 0.02 * days / 30
        found = trend(days, right.astype(float)).interval
        hit += found.low <= -0.02 <= found.high
    assert hit / 800 == pytest.approx(0.9, abs=0.027)


def test_a_trend_is_that_of_least_squares():
    drawn = np.random.default_rng(9)
    days, values = np.sort(drawn.random(50) * 100), drawn.random(50)
    assert trend(days, values).per_month == pytest.approx(30 * np.polyfit(days, values, 1)[0])
