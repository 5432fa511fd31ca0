"""Profile of the pilot's load: its days, weekdays, hours and bursts, as far as the log can show them.

A request is one thing asked for, however many calls it took; it counts at its first call. Times are UTC, as logs are.
What the log cannot show is None.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import generator
from flightready.telemetry.frames import UsageLog, seconds_since_1970
from flightready.traffic.peaks import MINUTES_PER_HOUR
from flightready.traffic.variation import (
    Measured,
    between_days,
    burstiness,
    chosen_elsewhere,
    measured,
    peak_over_mean,
    resampled_sums,
)

DAY_S, HOUR_S, MINUTE_S = 86_400, 3_600, 60
HOURS_PER_DAY, DAYS_PER_WEEK = 24, 7
_WEEKS_TO_CHOOSE = 2  # the busiest weekday is chosen in one week and measured in another


@dataclass(frozen=True)
class LoadProfile:
    """When the pilot's requests came.

    Parameters
    ----------
    requests : int
        All of them.
    first, last : date
        First and last day, UTC.
    resolution_s : float
        How finely the times are known: the length of an export's longest stretch, or what a log's times are rounded to.
    requests_per_day : array of shape (days,)
        Requests of every calendar day from first to last; empty where the stretches are longer than a day.
    is_whole : array of bool, shape (days,)
        Whether the log covers that day.
    hours : array of shape (7, 24) or None
        Mean requests by weekday (Monday first) and hour of whole days, NaN for a weekday that was not seen; None where
        the times are coarser than an hour.
    peak_hour : int or None
        Hour of the day, 0 to 23 UTC, with the most requests; None with `peak_to_mean`.
    peak_to_mean : Measured or None
        Requests of the peak hour over the mean hour of a day; n counts days.
    busiest_weekday : int or None
        0 is Monday; None with `weekday_to_mean`.
    weekday_to_mean : Measured or None
        Mean of the busiest weekday over the mean day; n counts weeks.
    day_to_day : Measured or None
        Standard deviation of the logarithm of a day's requests beyond weekday and chance; n counts days.
    burst_index, burst_dispersion : Measured or None
        How uneven minutes are within their hour, as in `variation.burstiness`; n counts hours.
    requests_per_user : Measured or None
        Requests of a user on a day of use, where the log names users; n counts days.
    """

    requests: int
    first: dt.date
    last: dt.date
    resolution_s: float
    requests_per_day: np.ndarray
    is_whole: np.ndarray
    hours: np.ndarray | None = None
    peak_hour: int | None = None
    peak_to_mean: Measured | None = None
    busiest_weekday: int | None = None
    weekday_to_mean: Measured | None = None
    day_to_day: Measured | None = None
    burst_index: Measured | None = None
    burst_dispersion: Measured | None = None
    requests_per_user: Measured | None = None

    @property
    def whole_days(self) -> np.ndarray:
        """Requests of the days that the log covers."""
        return self.requests_per_day[self.is_whole]

    @property
    def mean_per_day(self) -> float | None:
        """Mean requests of a whole day, or of all where stretches are longer than a day; None when no day is whole."""
        if self.requests_per_day.size == 0:
            return self.requests / ((self.last - self.first).days + 1)
        return float(self.whole_days.mean()) if self.whole_days.size else None

    @property
    def weekdays(self) -> np.ndarray:
        """Weekday of each day, 0 is Monday."""
        return (self.first.weekday() + np.arange(self.requests_per_day.size)) % DAYS_PER_WEEK

    @property
    def weekday_means(self) -> np.ndarray:
        """Mean requests of each weekday, shape (7,); NaN for one that was not seen whole."""
        days = np.bincount(self.weekdays[self.is_whole], minlength=DAYS_PER_WEEK)
        total = np.bincount(self.weekdays[self.is_whole], weights=self.whole_days, minlength=DAYS_PER_WEEK)
        return np.where(days > 0, total / np.maximum(days, 1), np.nan)


def load_profile(pilot: Pilot, usage: UsageLog | None) -> LoadProfile | None:
    """Return the profile of a usage log or export; None when there is none, or it names no time or no request."""
    arrivals = _arrivals(usage)
    if arrivals is None:
        return None
    seconds, requests, users, resolution = arrivals
    found = _days(seconds, requests, resolution)
    if found.requests_per_day.size == 0:
        return found

    def rng(name: str) -> np.random.Generator:
        return generator(pilot.spec.seed, "traffic", "profile", name)

    weekdays = found.weekdays[found.is_whole]
    found = replace(found, day_to_day=between_days(found.whole_days, weekdays, rng("days")))
    found = _with_weekdays(found, rng("weekdays"))
    if resolution <= HOUR_S:
        found = _with_hours(found, seconds, requests, rng("hours"))
    if resolution <= MINUTE_S:
        found = _with_bursts(found, seconds, requests, rng("minutes"))
    return found if users is None else _with_users(found, seconds, users, rng("users"))


def _arrivals(usage: UsageLog | None) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, float] | None:
    """Return begin (seconds), requests, user codes (-1 where none is named) and resolution, in order of time."""
    if usage is None:
        return None
    if usage.calls is not None:
        calls = usage.calls[~usage.calls["outcome"].duplicated().to_numpy()]  # in order of time: the first call of each
        calls = calls[calls["time"].notna().to_numpy()]
        if calls.empty:
            return None
        seconds = seconds_since_1970(calls["time"])
        named = (calls["user"] != "").to_numpy()
        users = np.where(named, pd.factorize(calls["user"])[0], -1)
        grid = next((g for g in (DAY_S, HOUR_S, MINUTE_S) if not np.any(seconds % g)), 1)
        return seconds, np.ones(seconds.size), users, float(grid)
    if usage.buckets is None:
        return None
    buckets = usage.buckets[usage.buckets["requests"].to_numpy() > 0]
    if buckets.empty:
        return None
    start = seconds_since_1970(buckets["start"])
    return start, buckets["requests"].to_numpy(), None, float(np.max(seconds_since_1970(buckets["end"]) - start))


def _days(seconds: np.ndarray, requests: np.ndarray, resolution: float) -> LoadProfile:
    """Requests of each calendar day, and which of them the log covers."""
    first, last = int(seconds[0]) // DAY_S, (int(seconds[-1]) + int(resolution) - 1) // DAY_S
    day = seconds // DAY_S - first
    dates = (dt.date(1970, 1, 1) + dt.timedelta(days=n) for n in (first, last))
    if resolution > DAY_S:
        return LoadProfile(round(requests.sum()), *dates, resolution, np.zeros(0), np.zeros(0, dtype=bool))
    totals = np.bincount(day, weights=requests, minlength=last - first + 1)
    whole = np.ones(totals.size, dtype=bool)
    if resolution < DAY_S:
        whole[[0, -1]] = _covered(seconds, requests, first, last, float(seconds[-1] + resolution))
    return LoadProfile(round(requests.sum()), *dates, resolution, totals, whole)


def _covered(seconds: np.ndarray, requests: np.ndarray, first: int, last: int, end: float) -> tuple[bool, bool]:
    """Whether the first and the last day are as good as whole: little of a usual day lies outside the log."""
    day, clock = seconds // DAY_S, seconds % DAY_S
    inner, begin, finish = (day > first) & (day < last), seconds[0] % DAY_S, end - last * DAY_S

    def before(moment: float) -> float:
        """Share of a usual day's requests before a moment; of its time where no day lies wholly within the log."""
        if not inner.any():
            return moment / DAY_S
        return float(requests[inner & (clock < moment)].sum() / requests[inner].sum())

    least = policy.value("profile_whole_day")
    if first == last:
        return (before(finish) - before(begin) >= least,) * 2
    return 1 - before(begin) >= least, before(finish) >= least


def _with_hours(found: LoadProfile, seconds: np.ndarray, requests: np.ndarray, rng: np.random.Generator) -> LoadProfile:
    first = int(seconds[0]) // DAY_S
    size = (found.requests_per_day.size, HOURS_PER_DAY)
    table = np.bincount(seconds // HOUR_S - first * HOURS_PER_DAY, weights=requests, minlength=size[0] * size[1])
    table, weekdays = table.reshape(size)[found.is_whole], found.weekdays[found.is_whole]
    seen = [table[weekdays == w] for w in range(DAYS_PER_WEEK)]
    hours = np.stack([rows.mean(axis=0) if len(rows) else np.full(HOURS_PER_DAY, np.nan) for rows in seen])
    found = replace(found, hours=hours)
    used = table[table.sum(axis=1) > 0]
    if len(used) < policy.value("profile_days") or used.sum() < policy.value("profile_requests"):
        return found
    return replace(found, peak_hour=int(used.sum(axis=0).argmax()), peak_to_mean=peak_over_mean(used, rng))


def _with_weekdays(found: LoadProfile, rng: np.random.Generator) -> LoadProfile:
    """The busiest weekday, chosen in every other week; its error follows from the spread of days."""
    whole = np.flatnonzero(found.is_whole)
    weeks = whole.size // DAYS_PER_WEEK
    if weeks < _WEEKS_TO_CHOOSE or found.day_to_day is None or found.whole_days.sum() == 0:
        return found
    table = found.whole_days[: weeks * DAYS_PER_WEEK].reshape(weeks, DAYS_PER_WEEK)
    value = float(chosen_elsewhere(table[None, ::2].sum(axis=1), table[None, 1::2].sum(axis=1))[0])
    at_peak = value * table.sum() / DAYS_PER_WEEK
    chance = 1 / max(at_peak / weeks, 1.0)
    error = np.sqrt((np.square(found.day_to_day.replicates) + chance) / weeks)
    again = np.maximum(value * np.exp(error * rng.standard_normal(error.size)), 1.0)
    day = (found.first.weekday() + int(whole[0]) + int(table.sum(axis=0).argmax())) % DAYS_PER_WEEK
    return replace(found, busiest_weekday=day, weekday_to_mean=measured(value, again, weeks))


def _with_bursts(
    found: LoadProfile, seconds: np.ndarray, requests: np.ndarray, rng: np.random.Generator
) -> LoadProfile:
    """How uneven minutes are; the first and the last hour are not wholly in the log."""
    hour = seconds // HOUR_S
    inner = (hour > hour[0]) & (hour < hour[-1])
    present, row = np.unique(hour[inner], return_inverse=True)
    cell = row * MINUTES_PER_HOUR + seconds[inner] % HOUR_S // MINUTE_S
    table = np.bincount(cell, weights=requests[inner], minlength=present.size * MINUTES_PER_HOUR)
    table = table.reshape(present.size, MINUTES_PER_HOUR)
    if np.count_nonzero(table.sum(axis=1) >= 2) < policy.value("profile_burst_hours"):
        return found
    days, blocks = np.unique(present // HOURS_PER_DAY, return_inverse=True)
    if days.size < policy.value("profile_day_blocks"):
        blocks = np.arange(present.size)
    index, dispersion = burstiness(table, blocks, rng)
    return replace(found, burst_index=index, burst_dispersion=dispersion)


def _with_users(found: LoadProfile, seconds: np.ndarray, users: np.ndarray, rng: np.random.Generator) -> LoadProfile:
    named = users >= 0
    if named.mean() < policy.value("profile_users_named"):
        return found
    day = seconds[named] // DAY_S - seconds[0] // DAY_S
    pairs = np.unique(day * (users.max() + 1) + users[named]) // (users.max() + 1)  # one for each user and day
    size = found.requests_per_day.size
    sums = np.stack([np.bincount(day, minlength=size), np.bincount(pairs, minlength=size)], axis=1)
    sums = sums[found.is_whole & (sums[:, 1] > 0)]
    if len(sums) < policy.value("profile_days"):
        return found
    asked, came = sums.sum(axis=0)
    again = resampled_sums(sums, rng)
    return replace(found, requests_per_user=measured(asked / came, again[:, 0] / again[:, 1], len(sums)))
