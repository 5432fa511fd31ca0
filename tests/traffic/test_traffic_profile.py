"""The profile of a log: known processes are recovered, chance is no burst, and what is too little is None."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from flightready.telemetry.frames import UsageLog, buckets_frame, calls_frame
from flightready.traffic.profile import DAY_S, load_profile
from flightready.traffic.variation import between_days, burstiness, peak_over_mean

PILOT = SimpleNamespace(spec=SimpleNamespace(seed=7))
MONDAY_S = 1_789_344_000  # 2026-09-14, 00:00 UTC


def calls(seconds, **columns):
    times = pd.to_datetime(np.sort(np.asarray(seconds)), unit="s", utc=True)
    names = [f"r{n}" for n in range(len(times))]
    given = {"request": names, "outcome": names, "input_total": [1] * len(names), "status": "ok"} | columns
    return UsageLog(calls_frame({"time": times, **given}, where="l.jsonl"), None, ("test",))


def buckets(starts, length_s, requests):
    start = np.asarray(starts)
    columns = {"start": pd.to_datetime(start, unit="s", utc=True), "requests": requests,
               "end": pd.to_datetime(start + length_s, unit="s", utc=True)}  # fmt: skip
    return UsageLog(None, buckets_frame(columns, where="e.json"), ("test",))


def arrivals(rng, per_minute):
    """Begin of each request, at an even second of its minute, from counts or means by minute from Monday on."""
    counts = rng.poisson(per_minute)
    return MONDAY_S + np.repeat(np.arange(counts.size) * 60, counts) + rng.integers(60, size=counts.sum())


def covered(found, truth):
    return found.interval.low <= truth <= found.interval.high


def test_random_arrivals_have_no_burst_even_when_they_are_few():
    """Poisson: index 1, dispersion 0, whether a minute brings 0.02 requests or 20."""
    for mean in (0.02, 0.3, 20.0):
        inside = 0
        for seed in range(20):
            rng = np.random.default_rng([seed, round(100 * mean)])
            index, dispersion = burstiness(rng.poisson(mean, size=(120, 60)), np.arange(120), rng)
            inside += covered(index, 1.0) and covered(dispersion, 0.0)
            assert index.value == pytest.approx(1, abs=0.15)
        assert inside >= 17  # the lower end alone can miss: 19 of 20 on average


def test_a_negative_binomial_process_is_recovered_within_its_interval():
    """Rates with a gamma factor of variance 0.25: dispersion 0.25, index 1 + 0.25 times the mean, nine times in ten."""
    inside = np.zeros(2)
    for seed in range(60):
        rng = np.random.default_rng(seed)
        rates = 4.0 * rng.gamma(4, 0.25, size=(100, 60))
        index, dispersion = burstiness(rng.poisson(rates), np.arange(100), rng)
        inside += covered(index, 2.0), covered(dispersion, 0.25)
    assert np.all((inside >= 47) & (inside <= 60))  # binomial(60, .9): 47 or more in 99.7 of 100


def test_an_even_profile_has_no_peak_hour():
    """7 requests an hour of the day: the largest of 24 counts is 1.8 times the mean by chance alone."""
    rng = np.random.default_rng(1)
    found = [peak_over_mean(rng.poisson(0.5, size=(14, 24)), rng).value for _ in range(60)]
    assert np.mean(found) == pytest.approx(1.1, abs=0.1)


def test_the_peak_hour_is_recovered_nine_times_in_ten():
    shape = np.where(np.arange(24) == 14, 6.0, np.where(np.arange(24) < 8, 0.5, 2.0))
    truth = 24 * shape.max() / shape.sum()
    inside = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        inside += covered(peak_over_mean(rng.poisson(5 * shape, size=(14, 24)), rng), truth)
    assert inside >= 47


@pytest.mark.parametrize("sd", [0.0, 0.1, 0.3])
def test_the_spread_between_days_is_recovered_apart_from_weekday_and_chance(sd):
    weekday = np.tile(np.arange(7), 2)
    level = np.where(weekday < 5, 300.0, 60.0)
    inside, values = 0, []
    for seed in range(80):
        rng = np.random.default_rng(seed)
        days = rng.poisson(level * np.exp(sd * rng.standard_normal(14) - sd**2 / 2))
        found = between_days(days, weekday, rng)
        inside += covered(found, sd)
        values.append(found.value)
    assert inside >= 64  # binomial(80, .9): 64 or more in 99.6 of 100
    assert np.median(values) == pytest.approx(sd, abs=0.05)


def test_a_fortnight_shows_hours_weekdays_days_and_bursts():
    """Office hours on five days: 2 requests a minute from 9 to 17 UTC, a tenth of that otherwise."""
    minute = np.arange(14 * 1440)
    busy = (minute // 60 % 24 >= 9) & (minute // 60 % 24 < 17) & (minute // 1440 % 7 < 5)
    found = load_profile(PILOT, calls(arrivals(np.random.default_rng(3), np.where(busy, 2.0, 0.2))))
    assert found.is_whole.all() and found.requests_per_day.sum() == found.requests
    assert found.first.weekday() == 0
    assert 9 <= found.peak_hour < 17
    assert covered(found.peak_to_mean, 24 * (5 * 2 + 2 * 0.2) / (8 * (5 * 2 + 2 * 0.2) + 16 * 7 * 0.2))
    assert covered(found.weekday_to_mean, 7 * (8 * 2 + 16 * 0.2) / (5 * (8 * 2 + 16 * 0.2) + 2 * 24 * 0.2))
    assert found.day_to_day.interval.low == 0 and found.day_to_day.interval.high < 0.08
    assert found.burst_index.value == pytest.approx(1.0, abs=0.05)
    assert np.nansum(found.hours) == pytest.approx(np.nansum(found.weekday_means))
    assert found.requests_per_user is None


def test_retries_count_once_and_users_are_counted_by_day():
    """Three users, each twice a day for twelve days; every second request is tried twice."""
    seconds = [MONDAY_S + d * DAY_S + 40_000 + 60 * n for d in range(12) for n in range(9)]
    outcome = [f"o{d}-{n * 2 // 3}" for d in range(12) for n in range(9)]
    log = calls(seconds, outcome=outcome, user=[f"u{n * 2 // 3 % 3}" for _ in range(12) for n in range(9)])
    found = load_profile(PILOT, log)
    assert found.requests == 12 * 6
    assert found.whole_days.tolist() == [6.0] * 12  # all of a usual day lies between its first and last call
    assert found.requests_per_user.value == pytest.approx(2.0)
    assert found.peak_to_mean is None  # 72 requests show no hours


def test_a_day_that_the_log_covers_in_part_is_not_compared():
    rng = np.random.default_rng(4)
    seconds = arrivals(rng, np.full(10 * 1440, 0.5))
    cut = seconds[(seconds > MONDAY_S + 43_200) & (seconds < MONDAY_S + 9 * DAY_S + 43_200)]
    found = load_profile(PILOT, calls(cut))
    assert found.is_whole.tolist() == [False, *[True] * 8, False]
    assert found.mean_per_day == pytest.approx(720, rel=0.05)


@pytest.mark.parametrize(
    ("length_s", "hours", "minutes"), [(60, True, True), (3600, True, False), (DAY_S, False, False)]
)
def test_buckets_show_no_more_than_their_stretch(length_s, hours, minutes):
    starts = np.arange(MONDAY_S, MONDAY_S + 14 * DAY_S, length_s)
    found = load_profile(PILOT, buckets(starts, length_s, np.random.default_rng(6).poisson(length_s / 30, starts.size)))
    assert (found.peak_to_mean is not None, found.burst_index is not None) == (hours, minutes)
    assert found.day_to_day is not None and found.is_whole.all() and found.is_whole.size == 14


def test_what_a_log_cannot_show_is_none():
    no_time = UsageLog(
        calls_frame({"request": ["a", "b", "c"], "outcome": ["a", "b", "c"]}, where="l"), None, ("test",)
    )
    assert no_time.calls["time"].isna().all()
    assert load_profile(PILOT, no_time) is None
    assert load_profile(PILOT, None) is None
    assert load_profile(PILOT, UsageLog(None, None, ("test",))) is None
    month = load_profile(PILOT, buckets([MONDAY_S], 30 * DAY_S, [3000.0]))
    assert (month.requests_per_day.size, month.mean_per_day) == (0, 100.0)
    for seconds in ([MONDAY_S + 5], [MONDAY_S + 5] * 500, [MONDAY_S + 5, MONDAY_S + 7]):
        found = load_profile(PILOT, calls(seconds))
        assert found.mean_per_day is None and found.requests == len(seconds)
        for missing in (
            found.peak_to_mean,
            found.day_to_day,
            found.burst_index,
            found.weekday_to_mean,
            found.peak_hour,
        ):
            assert missing is None
    dates = load_profile(PILOT, calls([MONDAY_S + d * DAY_S for d in range(14) for _ in range(30)]))  # dates, no times
    assert dates.hours is None and dates.burst_index is None and dates.day_to_day.value == 0
