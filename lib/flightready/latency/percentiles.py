"""Percentiles of the time to the answer, with exact intervals, and whether they keep their budget."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evidence import Grade, State
from flightready.intervals import (
    order_statistic_ranks,
    quantile_with_interval,
    rows_to_decide,
    smallest_n_for_upper_bound,
)
from flightready.latency.composition import Composition


@dataclass(frozen=True)
class Percentile:
    """One percentile of the time to the answer; seconds.

    Parameters
    ----------
    name : str
        Such as p95.
    share : float
        Such as 0.95.
    value_s : float or None
        Estimate; None when this share of the requests is never answered.
    low_s, high_s : float or None
        Ends of the 90 % interval. `high_s` is None when the data cannot bound it, or no answer comes.
    unbounded : str
        Why `high_s` is None: `few` requests, `failures`, `overload` in some draws of the plan, only a `part` of the
        time is known, or a stage without a `tail`; empty when it is not.
    surely_unanswered : bool
        Whether even the low end is 'no answer'; `low_s` is then the longest time that was answered.
    n : int
        Requests behind it, failed ones included; 0 for typed percentiles.
    requests_needed : int or None
        Number of requests that would bound it from above, when only their number is what is missing.
    requests_to_decide : int or None
        Number of requests that would decide about the budget if the share in time stayed as it is.
    budget_s : float or None
    state : State
        Against the budget by the interval alone; UNKNOWN without a budget.
    """

    name: str
    share: float
    value_s: float | None
    low_s: float | None
    high_s: float | None
    unbounded: str
    surely_unanswered: bool
    n: int
    requests_needed: int | None
    requests_to_decide: int | None
    budget_s: float | None
    state: State


def judged(
    low_s: float | None, high_s: float | None, budget_s: float | None, *, surely_unanswered: bool = False
) -> State:
    """Return the state of a percentile against its budget: PASS only when the whole interval is within.

    Examples
    --------
    >>> judged(2.5, None, 2.0), judged(1.0, None, 2.0)
    (<State.FAIL: 'FAIL'>, <State.UNKNOWN: 'UNKNOWN'>)
    """
    if budget_s is None:
        return State.UNKNOWN
    if surely_unanswered or (low_s is not None and low_s > budget_s):
        return State.FAIL
    return State.PASS if high_s is not None and high_s <= budget_s else State.UNKNOWN


def as_measured(
    answer_s: np.ndarray, shares: dict[str, float], budgets: dict[str, float], *, lower_bound: bool = False
) -> tuple[Percentile, ...]:
    """Return percentiles over all requests, those without an answer counted as never.

    Parameters
    ----------
    answer_s : array of shape (n,)
        Seconds, infinite where no answer came; n >= 1.
    lower_bound : bool
        Whether each time is only a part of what the user waits, so that nothing bounds it from above.
    """
    return tuple(_measured(name, share, answer_s, budgets.get(name), lower_bound) for name, share in shares.items())


def _measured(name: str, share: float, answer_s: np.ndarray, budget_s: float | None, lower_bound: bool) -> Percentile:
    n, ordered = answer_s.size, np.sort(answer_s)
    value, interval = quantile_with_interval(ordered, share)
    low_rank, high_rank = order_statistic_ranks(n, share)
    surely = low_rank is not None and np.isinf(ordered[low_rank - 1])
    answered = ordered[np.isfinite(ordered)]
    low = float(answered[-1]) if surely and answered.size else interval.low
    high = None if lower_bound else interval.high
    unbounded = "part" if lower_bound else "few" if high_rank is None else "failures" if high is None else ""
    in_time = None if budget_s is None else float(np.mean(answer_s <= budget_s))
    state = judged(low, high, budget_s, surely_unanswered=bool(surely))
    plan = in_time is not None and state is State.UNKNOWN and not lower_bound
    needed = rows_to_decide(in_time, share, power=policy.value("power_of_detection")) if plan else None
    return Percentile(
        name, share, float(value) if np.isfinite(value) else None, low, high, unbounded, bool(surely), n,
        smallest_n_for_upper_bound(share) if high_rank is None else None,
        needed, budget_s, state,
    )  # fmt: skip


def from_draws(
    measured: Percentile, *, low: np.ndarray, middle: np.ndarray, high: np.ndarray, longest_answer_s: float,
    alone_s: float,
) -> Percentile:  # fmt: skip
    """Return a percentile under load from its draws; infinite draws are never answered.

    Parameters
    ----------
    measured : Percentile
        The same percentile in the pilot.
    low, middle, high : array
        Draws with the uncertainty of the traces at its low end, in the middle, and at its high end.
    longest_answer_s : float
        Longest time in the traces; what is known when even the low end is 'no answer'.
    alone_s : float
        High end for requests that never meet, infinite where it is not bounded either.
    """
    low_s, value, high_s = (
        float(np.quantile(draws, at, method="inverted_cdf")) for draws, at in ((low, 0.05), (middle, 0.5), (high, 0.95))
    )
    surely = bool(np.isinf(low_s))
    bounded = np.isfinite(high_s) and measured.unbounded != "part"
    ends = (longest_answer_s if surely else low_s, high_s if bounded else None)
    return Percentile(
        measured.name, measured.share, value if np.isfinite(value) else None, *ends,
        "" if bounded else _without_bound(measured, alone_s), surely, measured.n, None, None, measured.budget_s,
        judged(*ends, measured.budget_s, surely_unanswered=surely),
    )  # fmt: skip


def _without_bound(measured: Percentile, alone_s: float) -> str:
    """Whether it is the load that leaves a percentile without a bound, or what the pilot saw."""
    is_of_load = np.isfinite(alone_s) and measured.unbounded != "part"
    return "overload" if is_of_load else measured.unbounded or "overload"


def from_composition(name: str, part: Composition, budget_s: float | None) -> Percentile:
    """Return the range between independent stages and stages that are slow together; its middle as the estimate."""
    low, high = sorted((part.independent, part.independent if part.added is None else part.added))
    top = None if part.added is None else high
    return Percentile(
        name, part.share, (low + high) / 2, low, top, "tail" if top is None else "", False, 0, None, None, budget_s,
        judged(low, top, budget_s),
    )  # fmt: skip


def capped(state: State, grade: Grade) -> State:
    """Return the state that a grade allows: only what was measured can PASS."""
    return State.UNKNOWN if state is State.PASS and grade is not Grade.MEASURED else state
