"""The detector 'time_gap'."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from realism_samples import Injection, sample_of

from flightready.realism.defects.time_gap import find
from flightready.realism.inspection import inspect
from flightready.realism.rhythm import Rhythm, any_of, gap_chances, surprise

WEEK = np.array([1.2, 1.1, 1.1, 1.0, 0.9, 0.28, 0.22])
DAY = np.array([1, 1, 1, 1, 2, 4, 10, 24, 42, 52, 55, 50, 42, 46, 50, 48, 42, 33, 24, 18, 13, 8, 4, 2])


def without(frame: pd.DataFrame, month: str) -> pd.DataFrame:
    return frame[~frame["time"].str.startswith(month)].reset_index(drop=True)


INJECTION = Injection(lambda f: without(f, "2025-06"), "time", None)


def stream(rng: np.random.Generator, n: int, *, office: bool = True, days: int = 400) -> np.ndarray:
    """Moments of a Poisson stream with weekly rhythm and a season, in seconds."""
    hours = np.arange(days * 24)
    rate = 1 + 0.4 * np.sin(hours / len(hours) * 2 * np.pi)
    if office:
        rate *= WEEK[(hours // 24) % 7] * DAY[hours % 24]
    started = rng.choice(hours, n, p=rate / rate.sum()) * 3600.0
    return np.sort(started + rng.uniform(0, 3600, n)) + 1_735_689_600


def observed(times_s: np.ndarray, form: str = "%Y-%m-%dT%H:%M:%SZ") -> tuple:
    times = [t.item().strftime(form) for t in times_s.astype("datetime64[s]")]
    frame = pd.DataFrame({"id": [f"K{i}-{i * 7919 % 1000}" for i in range(len(times))], "time": times, "text": "x"})
    frame["text"] = [f"t{i}" for i in range(len(times))]
    found = find(inspect(sample_of(frame, None), seed=7))
    return found["time"].observations if found else ()


def test_an_exponential_gap_beside_forty_others_is_pareto():
    """Closed form: P(gap > x * sum of k others) = (1 + x)^-k, so that the surprise is exponential with mean 1."""
    found, _ = surprise(np.random.default_rng(2).exponential(3.0, 20_000))
    assert found.mean() == pytest.approx(1, abs=0.03)
    for level in (2.0, 4.0):
        assert (found > level).mean() == pytest.approx(np.exp(-level), rel=0.15)


@pytest.mark.parametrize(("n", "office", "form"), [(80, True, "%Y-%m-%dT%H:%M:%SZ"), (400, True, "%d.%m.%Y %H:%M"),
                                                    (400, False, "%Y-%m-%d")])  # fmt: skip
def test_quiet_on_streams_with_nights_weekends_and_seasons(n, office, form):
    rng = np.random.default_rng(n)
    assert sum(bool(observed(stream(rng, n, office=office), form)) for _ in range(25)) == 0


def test_hardly_any_false_silence_in_many_streams():
    """The policy allows 1 in 1,000 for a system."""
    rng = np.random.default_rng(8)
    false = 0
    for _ in range(300):
        times = stream(rng, 300)
        gaps = np.diff(Rhythm(times).passed(times))
        false += any_of(gap_chances(surprise(gaps)[0]), len(gaps)).min() < 0.001
    assert false <= 2


def test_a_silence_of_a_busy_system_is_found_with_its_days():
    times = stream(np.random.default_rng(4), 2000)
    start, end = (np.datetime64(d, "s").astype(np.int64) for d in ("2025-09-09T00:00", "2025-09-16T00:00"))
    (told,) = observed(times[(times < start) | (times > end)])
    assert dt.date(2025, 9, 7) <= told.first <= dt.date(2025, 9, 9)
    assert dt.date(2025, 9, 16) <= told.last <= dt.date(2025, 9, 17)
    assert "'web' is silent for 8." in told.sentence
    expected = int(((times >= start) & (times <= end)).sum())
    assert abs(int(told.sentence.split("about ")[1].split(" ")[0]) - expected) < 0.5 * expected


def test_a_weekend_is_no_silence_and_a_week_of_five_days_is():
    """Office hours only: every weekend is 63 hours without a record, and none is told."""
    rng = np.random.default_rng(6)
    times = stream(rng, 3000)
    days = (times // 86_400 + 3) % 7  # Monday is 0
    times = times[(days < 5) & (times % 86_400 > 8 * 3600) & (times % 86_400 < 18 * 3600)]
    assert observed(times) == ()
    start = np.datetime64("2025-05-05T00:00", "s").astype(np.int64)
    (told,) = observed(times[(times < start) | (times > start + 5 * 86_400)])
    assert told.first in (dt.date(2025, 5, 1), dt.date(2025, 5, 2))
    assert told.last == dt.date(2025, 5, 12)
