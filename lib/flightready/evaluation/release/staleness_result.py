"""Accuracy over time, and the alarm that is to ring when it falls."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval
from flightready.realism.outcome import Rate


@dataclass(frozen=True)
class Period:
    """Accuracy in one week or month.

    Parameters
    ----------
    first : date
        First day of the period.
    accuracy : Accuracy
    """

    first: dt.date
    accuracy: Accuracy


@dataclass(frozen=True)
class Trend:
    """Change in thirty days along a straight line through all records.

    Parameters
    ----------
    per_month : float
        Shares; below zero for a fall.
    interval : Interval
        Its 90 % interval.
    n : int
    """

    per_month: float
    interval: Interval
    n: int


@dataclass(frozen=True)
class Trigger:
    """The alarm on quality as it would have run over the records, and how it does in replays.

    Parameters
    ----------
    fall : float
        Fall of accuracy that it is made for, a share.
    is_own_fall : bool
        Whether the assessment sets that fall as its allowed drop.
    expected : float
        Accuracy over the records that teach what is usual, a share.
    line : float
        Evidence at which it rings.
    evidence : array of float, shape (points,)
        Evidence over the records that it watches, as they came, and
    days : array of float, shape (points,)
        their days, counted from 1970-01-01.
    rang_on, fell_on : date, optional
        Day of the first alarm, and the day from which on the evidence grew; None where it never rang.
    false_alarms : Rate
        Replays of the records in an order that chance gives, in which it rang.
    fired : Rate
        Replays with a fall put into the later part, in which it rang.
    delay_records : float, optional
        Records from a fall after the last record to the alarm, in the middle of the runs; None where it seldom rings.
    delay_records_most : float, optional
        Records in which it rings with the policy's power; None where it seldom rings.
    after : int
        Records that it watches, after those that teach what is usual: a fall that is put in begins with them.
    records_per_day : float
    within_days : int
        Days in which the policy wants the alarm.
    in_time : Rate
        Runs with a fall after the last record in which it rang within these days, at this many records a day.
    needed_per_day : int, optional
        Checked answers a day with which it would ring in time; None where that is not known.
    systems : int
        Systems whose mix over time was kept as it was.
    """

    fall: float
    is_own_fall: bool
    expected: float
    line: float
    evidence: np.ndarray
    days: np.ndarray
    rang_on: dt.date | None
    fell_on: dt.date | None
    false_alarms: Rate
    fired: Rate
    delay_records: float | None
    delay_records_most: float | None
    after: int
    records_per_day: float
    within_days: int
    in_time: Rate
    needed_per_day: int | None
    systems: int


@dataclass(frozen=True)
class Staleness:
    """What time did to accuracy.

    Parameters
    ----------
    unit : str
        week or month; empty without periods.
    periods : tuple of Period
        Those with enough records, in order.
    thin : int
        Periods with too few records.
    n_dated, n_undated : int
        Scored raw records with and without a day that can be read and is not yet to come.
    trend : Trend, optional
    confidence_trend : Trend, optional
        Of the pilot's own confidence, which is known in production before any right answer.
    trigger : Trigger, optional
    why_not : str
        Why there is no trigger.
    """

    unit: str
    periods: tuple[Period, ...]
    thin: int
    n_dated: int
    n_undated: int
    trend: Trend | None
    confidence_trend: Trend | None
    trigger: Trigger | None
    why_not: str = ""
