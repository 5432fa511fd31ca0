"""Does accuracy go stale, and would an alarm say so: periods, trend, the alarm, and falls put in to test it."""

from __future__ import annotations

import datetime as dt
from math import ceil

import numpy as np
from scipy import special

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.release.change_detection import Stream, alarm_line, evidence, first_alarms
from flightready.evaluation.release.staleness_result import Period, Staleness, Trend, Trigger
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.shares.accuracy import accuracy
from flightready.evidence import Interval
from flightready.intervals import LEVEL
from flightready.realism.coverage import moments
from flightready.realism.outcome import rate

_DAY_S = 86_400
_MONTH_DAYS = 30.0
_MOST_POINTS = 600  # points of the evidence that are kept for a chart


def staleness(records: ScoredSample) -> Staleness | None:
    """Return accuracy over time and the alarm on it, or None when no raw record is scored.

    Assumptions
    -----------
    Records are independent given their system; the day of a record is the day on which the pilot answered it.
    """
    scored = records.raw
    if scored is None:
        return None
    at = moments(records.inspection, "raw")[0][scored.rows]
    known = ~np.isnat(at)
    if records.inspection.as_of is not None:
        known &= at < np.datetime64(records.inspection.as_of, "s") + np.timedelta64(1, "D")
    order = np.flatnonzero(known)[np.argsort(at[known], kind="stable")]
    days = at[order].astype("datetime64[s]").astype(np.int64) / _DAY_S
    right = scored.right[order]
    unit, periods, thin = _periods(days, right)
    trigger, why_not = _trigger(records, right, scored.system[order], days)
    confidence = scored.confidence[order]
    said = ~np.isnan(confidence)
    return Staleness(
        unit, periods, thin, len(order), int((~known).sum()), trend(days, right.astype(float)),
        trend(days[said], confidence[said]), trigger, why_not,
    )  # fmt: skip


def trend(days: np.ndarray, values: np.ndarray) -> Trend | None:
    """Return the change in thirty days along a straight line, or None with too few records or days.

    Parameters
    ----------
    days : array of float, shape (n,)
    values : array of float, shape (n,)
        Shares of 1, such as right answers.

    Source
    ------
    White 1980; MacKinnon and White 1985 (HC3: errors whose size differs from record to record).

    Examples
    --------
    >>> found = trend(np.arange(60.0), np.linspace(1, 0, 60))
    >>> round(found.per_month, 3)
    -0.508
    """
    n = len(days)
    if n < policy.value("least_period_records") or days[-1] - days[0] < 1:
        return None
    x = (days - days.mean()) / _MONTH_DAYS
    spread = float(x @ x)
    slope = float(x @ values) / spread
    left_over = values - values.mean() - slope * x
    leverage = 1 / n + x * x / spread
    error = np.sqrt(float(((x * left_over / (1 - np.minimum(leverage, 0.99))) ** 2).sum())) / spread
    half = float(special.ndtri(0.5 + LEVEL / 2)) * error
    return Trend(slope, Interval(float(slope - half), float(slope + half)), n)


def _periods(days: np.ndarray, right: np.ndarray) -> tuple[str, tuple[Period, ...], int]:
    """Weeks where most of them hold enough records, else months; empty with neither."""
    least = policy.value("least_period_records")
    for unit in ("week", "month"):
        firsts = _first_days(days, unit)
        names, place, n = np.unique(firsts, return_inverse=True, return_counts=True)
        enough = n >= least
        if enough.sum() > enough.size / 2:
            hits = np.bincount(place, weights=right)
            found = [
                Period(names[i].astype(dt.date), accuracy(int(hits[i]), int(n[i]))) for i in np.flatnonzero(enough)
            ]
            return unit, tuple(found), int((~enough).sum())
    return "", (), 0


def _first_days(days: np.ndarray, unit: str) -> np.ndarray:
    whole = np.floor(days).astype(np.int64)
    if unit == "week":
        return (whole - (whole + 3) % 7).astype("datetime64[D]")  # 1970-01-01 was a Thursday
    return whole.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")


def _trigger(
    records: ScoredSample, right: np.ndarray, system: np.ndarray, days: np.ndarray
) -> tuple[Trigger | None, str]:
    least, most = policy.value("least_trigger_records"), policy.value("trigger_records")
    if len(right) < least:
        return None, f"{len(right):,} scored raw records carry a day, fewer than the {least} that an alarm needs"
    right, system, days = right[-most:], system[-most:], days[-most:]
    if days[-1] - days[0] < 1:
        return None, "all scored raw records are of one day"
    if not right.any():
        return None, "no answer is right, so nothing can fall"
    names, stratum = np.unique(system.astype(str), return_inverse=True)
    return _replayed(
        records, Stream(right, stratum, int(policy.value("taught_share") * len(right))), days, len(names)
    ), ""


def _replayed(records: ScoredSample, stream: Stream, days: np.ndarray, systems: int) -> Trigger:
    """Set the line; run the alarm over the records as they came, over clean replays, and over falls put in."""
    allowed = records.pilot.spec.evaluation.allowed_drop
    share = float(stream.right.mean())
    fall = allowed.range90[0] if allowed is not None else policy.value("control_allowed_drop")
    fall = min(max(fall, 1 / len(stream)), share)
    replays, seed, n = policy.value("trigger_replays"), records.inspection.seed, len(stream)

    def drawn(name: str) -> np.random.Generator:
        return generator(seed, "evaluation", "staleness", name)

    line = alarm_line(stream, fall, replays, policy.value("trigger_false_alarms"), drawn("line"))
    path = evidence(stream, stream.right, fall)
    clean = first_alarms(stream, fall, line, replays, drawn("clean"), injected_at=None)
    rang = first_alarms(stream, fall, line, replays, drawn("injected"), injected_at=stream.taught)
    per_day = n / float(days[-1] - days[0])
    within = policy.value("alert_within")
    delays = _delays(stream, fall, drawn("afterwards"))
    middle, most = (_finite(np.quantile(delays, q, method="higher")) for q in (0.5, policy.value("power_of_detection")))
    kept = np.unique(np.linspace(stream.taught, n - 1, min(n, _MOST_POINTS)).astype(int))
    rang_at, fell_at = _first_crossing(path, line)
    return Trigger(
        fall=fall, is_own_fall=allowed is not None, expected=float(stream.right[: stream.taught].mean()),
        line=line, evidence=path[kept], days=days[kept],
        rang_on=_date(days, rang_at), fell_on=_date(days, fell_at),
        false_alarms=rate(int((clean < n).sum()), replays), fired=rate(int((rang < n).sum()), replays),
        delay_records=middle, delay_records_most=most, after=n - stream.taught, records_per_day=per_day,
        within_days=within,
        in_time=rate(int((delays <= within * per_day).sum()), len(delays)),
        needed_per_day=None if most is None else max(1, ceil(most / within)), systems=systems,
    )  # fmt: skip


def _delays(stream: Stream, fall: float, drawn: np.random.Generator) -> np.ndarray:
    """Records from a fall after the last record to the alarm, infinite where it does not ring; shape (runs,).

    All records that are here teach what is usual, and what comes afterwards is drawn from them: as many, and several
    times as many where these are too few; the line is set for each length.
    """
    n, delays = len(stream), np.array([np.inf])
    for times in policy.value("replayed_afterwards"):
        longer = Stream(np.tile(stream.right, times + 1), np.tile(stream.stratum, times + 1), n)
        runs = policy.value("control_runs")
        line = alarm_line(longer, fall, runs, policy.value("trigger_false_alarms"), drawn)
        rang = first_alarms(longer, fall, line, runs, drawn, injected_at=n)
        delays = np.where(rang < len(longer), rang - n + 1.0, np.inf)
        if np.isfinite(delays).mean() > policy.value("power_of_detection"):
            break
    return delays


def _first_crossing(path: np.ndarray, line: float) -> tuple[int | None, int | None]:
    """Place of the first alarm, and of the first record after the evidence was last at zero before it.

    Source: Page 1954; the last zero is the most likely place of the change.
    """
    crossed = path > line
    if not crossed.any():
        return None, None
    rang = int(crossed.argmax())
    zeros = np.flatnonzero(path[:rang] == 0)
    return rang, int(zeros[-1]) + 1 if zeros.size else 0


def _date(days: np.ndarray, place: int | None) -> dt.date | None:
    return None if place is None else np.datetime64(int(days[place]), "D").astype(dt.date)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
