"""Findings: what an analysis claims, how sure it is, and against which rule.

Shares are fractions of 1, money is in the assessment's currency, times in seconds; `unit` says which. Every interval
is a 90 % interval, so that either end is a one-sided 95 % bound.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a finding says about its rule."""

    PASS = "PASS"
    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    NA = "N/A"


class Grade(StrEnum):
    """Where a number comes from; only a measurement can pass a rule."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Interval:
    """A 90 % interval; an end that the data cannot bound is None."""

    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"interval ends are in the wrong order: {self.low} > {self.high}")


@dataclass(frozen=True)
class Finding:
    """One claim with its evidence.

    Parameters
    ----------
    id : str
        Stable name, `<analysis>.<subject>`.
    title : str
        A few plain words.
    sentence : str
        The claim in one or two plain sentences, with its figures.
    state : State
        PASS, FAIL, UNKNOWN or N/A against `rule`; UNKNOWN when the interval straddles the threshold.
    grade : Grade
        measured, estimated or assumed. Only measured may carry PASS.
    value, unit, interval, n
        The estimate, its unit, its 90 % interval, and the number of records, calls or traces behind it.
    rule : str
        Id of the policy rule that was applied, empty when the finding only informs.
    threshold : float, optional
        The rule's limit in `unit`.
    questions : tuple of str
        Checklist questions that it answers (E1-E10, R1-R10).
    gaps : tuple of str
        Gaps of the field that it belongs to (G1-G6).
    tags : tuple of str
        Among reliability, availability, maintainability, safety.
    decides : str
        For UNKNOWN: what would decide it.
    sources : tuple of str
        Names of the input files it was computed from.
    collected : date, optional
        Last day of the data behind it; what is older than its question allows no longer counts.

    Raises
    ------
    ValueError
        When an estimated or assumed finding claims PASS.
    """

    id: str
    title: str
    sentence: str
    state: State
    grade: Grade
    value: float | None = None
    unit: str = ""
    interval: Interval | None = None
    n: int | None = None
    rule: str = ""
    threshold: float | None = None
    questions: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    decides: str = ""
    sources: tuple[str, ...] = ()
    collected: dt.date | None = None

    def __post_init__(self) -> None:
        if self.state is State.PASS and self.grade is not Grade.MEASURED:
            raise ValueError(f"finding {self.id!r} is {self.grade}, and only a measured finding can PASS")


@dataclass(frozen=True)
class Absence:
    """An input that is not there, and what that means; the texts come from the policy file.

    Parameters
    ----------
    key : str
        Id of the absence, such as `usage_log`.
    missing : str
        What is missing, in plain words.
    gives : str
        What the workbook still says without it.
    bring : str
        What to bring and how to get it.
    decides : str
        What it would decide.
    """

    key: str
    missing: str
    gives: str
    bring: str
    decides: str


def judge_at_least(interval: Interval, threshold: float) -> State:
    """PASS when the whole interval is at or above the threshold, FAIL when all of it is below, else UNKNOWN.

    Examples
    --------
    >>> judge_at_least(Interval(0.82, 0.88), 0.85)
    <State.UNKNOWN: 'UNKNOWN'>
    """
    if interval.low is not None and interval.low >= threshold:
        return State.PASS
    if interval.high is not None and interval.high < threshold:
        return State.FAIL
    return State.UNKNOWN


def judge_at_most(interval: Interval, threshold: float) -> State:
    """PASS when the whole interval is at or below the threshold, FAIL when all of it is above, else UNKNOWN.

    Examples
    --------
    >>> judge_at_most(Interval(2.5, None), 2.0)
    <State.FAIL: 'FAIL'>
    """
    if interval.high is not None and interval.high <= threshold:
        return State.PASS
    if interval.low is not None and interval.low > threshold:
        return State.FAIL
    return State.UNKNOWN
