"""The error budget in figures: errors a month against what the floor allows, and where errors are most frequent."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Grade, Interval
from flightready.realism.outcome import Rate


@dataclass(frozen=True)
class MonthlyErrors:
    """Wrong answers a month at the planned load.

    Parameters
    ----------
    requests : float
        Median load, requests a month.
    median : float
        Wrong answers a month.
    interval : Interval
        90 % interval over load and accuracy.
    at_median_load : Interval
        90 % interval over accuracy alone; this is what `allowed` is to be compared with.
    allowed : float, optional
        Wrong answers a month that the upper end of the floor leaves at the median load; None without a floor.
    cost : float, optional
        Median cost of them a month, in the assessment's currency; None where nothing is priced.
    cost_interval : Interval, optional
    """

    requests: float
    median: float
    interval: Interval
    at_median_load: Interval
    allowed: float | None
    cost: float | None
    cost_interval: Interval | None


@dataclass(frozen=True)
class Tail:
    """The worst of several parts of the raw records, corrected for having looked at all of them.

    Parameters
    ----------
    of : str
        What the parts are: system, day, week, month or class.
    candidates : int
        Parts with enough records; with fewer than two there is no worst one.
    left_out : int
        Parts with too few records.
    name : str
        The worst part: a system, a class, or the first day of a period; empty where there is none.
    errors : Rate, optional
        Wrong answers of its records. The interval is exact, and so wide that nine times in ten those of all parts
        hold at once; so it also holds for the part that was picked for being the worst.
    others : Rate, optional
        Wrong answers of all other scored records, with a plain interval.
    is_worse : bool
        Whether it is worse than the others beyond what the worst of so many would be by chance.
    """

    of: str
    candidates: int
    left_out: int
    name: str = ""
    errors: Rate | None = None
    others: Rate | None = None
    is_worse: bool = False


@dataclass(frozen=True)
class ErrorBudget:
    """What wrong answers amount to, and how much of what is allowed they use up.

    Parameters
    ----------
    grade : Grade
        Of the share of errors; figures a month rest on a plan of the load as well and are at most estimated.
    per_10000 : float
        Wrong answers in 10,000 cases.
    interval : Interval
        Their 90 % interval.
    allowed : Interval, optional
        Wrong answers in 10,000 cases that the floor leaves; two ends where the floor is a range; None without a floor.
    allowed_by_drop : Interval, optional
        Those of the demo set and the allowed drop; None without either.
    used : float, optional
        Wrong answers over what the floor allows; above 1 the budget is overdrawn. None without a floor, or with a
        floor of 100 %.
    used_interval : Interval, optional
    month : MonthlyErrors, optional
        None without a planned load.
    tails : tuple of Tail
        Worst system, worst period, worst class; empty where no records were scored.
    """

    grade: Grade
    per_10000: float
    interval: Interval
    allowed: Interval | None
    allowed_by_drop: Interval | None
    used: float | None
    used_interval: Interval | None
    month: MonthlyErrors | None
    tails: tuple[Tail, ...]
