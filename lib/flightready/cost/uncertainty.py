"""What a short log cannot know: the forecast at half, as stated and double the spread, and a shift within the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from flightready import policy
from flightready.cost.observed import Observed
from flightready.cost.resampling import inflation
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Interval, State, judge_at_most
from flightready.intervals import LEVEL

if TYPE_CHECKING:  # the result holds what is found here
    from flightready.cost.result import Basis

WEEKDAYS, DAYS, STRETCHES = "weekdays", "days", "stretches"
"""What the halves of a log are compared by: the same weekday of both, their days, or stretches of a day."""
_WEEK = 7


@dataclass(frozen=True)
class Case:
    """The forecast at one spread between log and production.

    Parameters
    ----------
    times, sd : float
        The spread as a multiple of the stated one, and itself (standard deviation of the logarithm).
    per_request : Summary
        Cost of one request in production.
    monthly : Summary or None
        Cost of the first month; None without a planned load.
    exceeded_share : float or None
        Share of the draws above the approved amount.
    state : State or None
        What the rule for the approved amount would say; both are None when no amount can be compared.
    """

    times: float
    sd: float
    per_request: Summary
    monthly: Summary | None
    exceeded_share: float | None
    state: State | None


@dataclass(frozen=True)
class Conditional:
    """The forecast of a log that does not show the spread itself: at half of it, as stated, and at double."""

    half: Case
    as_stated: Case
    double: Case

    @property
    def cases(self) -> tuple[Case, Case, Case]:
        """All three, narrowest first."""
        return self.half, self.as_stated, self.double

    @property
    def agree(self) -> bool:
        """Whether all three give the same verdict."""
        return len({case.state for case in self.cases}) == 1


@dataclass(frozen=True)
class Shift:
    """How the mean cost of a request changed from the first half of a log to the second.

    Parameters
    ----------
    change : float
        Of the second half against the first, as a share; 0.1 is 10 % dearer.
    low, high : float
        Its 90 % interval.
    n : int
        Pairs of days, days, or stretches.
    by : str
        `weekdays`, `days` or `stretches`.
    """

    change: float
    low: float
    high: float
    n: int
    by: str

    @property
    def is_clear(self) -> bool:
        """Whether the difference is larger than chance explains."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class CostUncertainty:
    """What the cost of a request rests on.

    Parameters
    ----------
    conditional : Conditional or None
        None where the log itself shows the spread.
    is_under_a_day : bool
        Whether the forecast rests on a log that covers less than a day.
    shift : Shift or None
        None where too little was logged to compare two halves.
    """

    conditional: Conditional | None
    is_under_a_day: bool
    shift: Shift | None


def assess(
    basis: Basis, joint: JointSample, *, month: Callable[[np.ndarray], np.ndarray] | None = None,
    approved_usd: float | None = None,
) -> CostUncertainty:  # fmt: skip
    """Return what the cost of a request rests on.

    Parameters
    ----------
    basis : Basis
        What a request costs.
    joint : JointSample
        The one that `basis` was drawn from.
    month : callable, optional
        From draws of the cost of a request to draws of the cost of the first month.
    approved_usd : float, optional
        Approved for a month, in the currency of `basis`.
    """
    conditional = None if basis.spread.from_log else _conditional(basis, joint, month, approved_usd)
    short = basis.spent is not None and not basis.spent.covers_a_day
    return CostUncertainty(conditional, short, shift(basis.observed) if basis.observed else None)


def _conditional(
    basis: Basis, joint: JointSample, month: Callable[[np.ndarray], np.ndarray] | None, approved: float | None
) -> Conditional:
    known = basis.draws / basis.spread.factor(joint)

    def case(times: float) -> Case:
        each = known * basis.spread.factor(joint, times=times)
        costs = month(each) if month is not None else None
        if costs is None or approved is None:
            over, state = None, None
        else:
            over, state = float(np.mean(costs > approved)), verdict(costs, approved)
        total = None if costs is None else summarise(costs)
        return Case(times, times * basis.spread.sd, summarise(each), total, over, state)

    return Conditional(*(case(times) for times in policy.value("cost_spread_times")))


def holds_at(times: float) -> float:
    """Return how often the shown interval holds when the true spread is so many times the one that it rests on.

    Parameters
    ----------
    times : float
        Above 0; chance within the log is left out.

    Examples
    --------
    >>> [round(holds_at(times), 3) for times in (0.5, 1, 2)]
    [0.999, 0.9, 0.589]
    """
    return float(2 * special.ndtr(special.ndtri(0.5 + LEVEL / 2) / times) - 1)


def verdict(monthly_usd: np.ndarray, approved_usd: float) -> State:
    """Return what the rule for the approved amount says of draws of a month."""
    quantile = policy.value("cost_approval_quantile")
    low, high = np.quantile(monthly_usd, [1 - quantile, quantile])
    return judge_at_most(Interval(float(low), float(high)), approved_usd)


def shift(observed: Observed) -> Shift | None:
    """Return how the second half of a log differs from the first; None when there is too little to tell.

    From two weeks on each weekday is compared with the same weekday of the later half, so that a quiet Sunday is no
    shift. A shorter log is compared by its days, and one within a day by stretches of equally many requests, where it
    holds single requests; weekday and hour are then part of the difference. Neighbours that are alike count for fewer.

    Source
    ------
    Student 1908 (paired and unpaired t test, on logarithms); Bayley and Hammersley 1946 (neighbours).
    """
    days = observed.part(observed.comparable)
    if observed.covered_days >= policy.value("cost_days_for_spread"):
        return _by_weekdays(days, observed)
    by, level = (STRETCHES, observed.stretches) if observed.is_within_a_day else (DAYS, days.mean_usd)
    half = level.size // 2
    if half < policy.value("cost_shift_least_of_a_half") or level.min() <= 0:
        return None
    first, second = np.log(level[:half]), np.log(level[-half:])
    rest = np.concatenate([first - first.mean(), second - second.mean()])
    error = np.sqrt((first.var(ddof=1) + second.var(ddof=1)) / half * inflation(rest))
    return _tested(float(second.mean() - first.mean()), float(error), 2 * half - 2, 2 * half, by)


def _by_weekdays(days: Observed, whole: Observed) -> Shift | None:
    weeks = whole.covered_days // _WEEK
    later, reach = (weeks - weeks // 2) * _WEEK, weeks // 2 * _WEEK
    early = days.day < whole.day[0] + reach
    _, first, second = np.intersect1d(days.day[early] + later, days.day, return_indices=True)
    if first.size < policy.value("cost_shift_least_pairs"):
        return None
    level = np.log(days.mean_usd)
    change = level[second] - level[early][first]
    error = change.std(ddof=1) * np.sqrt(inflation(change) / change.size)
    return _tested(float(change.mean()), float(error), change.size - 1, change.size, WEEKDAYS)


def _tested(change: float, error: float, spare: int, n: int, by: str) -> Shift:
    reach = float(special.stdtrit(spare, 0.5 + LEVEL / 2)) * error
    low, middle, high = np.expm1([change - reach, change, change + reach])
    return Shift(float(middle), float(low), float(high), n, by)
