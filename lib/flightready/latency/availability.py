"""Availability: the share of the time in which requests get an answer, and how many minutes of a month that leaves.

What a request cannot do without works in series: all of it must work at once. A fallback takes over when the rest does
not work, as far as the switch to it and the fallback itself work. Parts are taken to fail independently of one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.intervals import jeffreys_shares
from flightready.quantity import Quantity

ANSWERING = ("queue_for_human", "cached_answer")
"""Fallbacks that end in an answer; a clear error tells the truth and answers nothing."""
OWN_FAILURES = "own failures"
_MINUTES_PER_DAY = 1_440.0


@dataclass(frozen=True)
class Part:
    """One thing that a request hangs on.

    Parameters
    ----------
    name : str
        Of the upstream, or `OWN_FAILURES`.
    source : str
        Who says so; empty when not stated.
    is_measured : bool
        Counted in the pilot's requests; typed otherwise.
    available : Summary
        Share of the time in which it works.
    minutes : Summary
        Minutes a month in which requests get no answer because of it, before a fallback.
    """

    name: str
    source: str
    is_measured: bool
    available: Summary
    minutes: Summary


@dataclass(frozen=True)
class AvailabilityResult:
    """Availability of the pilot with what it hangs on; shares of 1, minutes a month of so many days.

    Parameters
    ----------
    parts : tuple of Part
        What requests cannot do without; empty when nothing is known.
    primary : Summary or None
        Share of the time in which the pilot itself answers; None when nothing is known.
    available : Summary or None
        With the fallback. Where a fallback is declared and how often it works is not, from one that never works to one
        that always does.
    fallback : str
        The declared fallback, empty when none is stated.
    fallback_works : Summary or None
        Share of cases in which it works; None where it answers nothing, or that is not stated.
    target : float or None
    allowed_minutes : float or None
        The error budget: minutes a month that the target leaves without an answer.
    primary_minutes, minutes : Summary or None
        Minutes a month without an answer, before and with the fallback.
    over_budget : float or None
        Chance that the month's error budget is overspent.
    n, n_failed : int
        Requests of the pilot that were counted, and those without an answer.
    grade : Grade
        measured only when nothing typed is part of it.
    days : float
        Length of the month.
    cases : Summary or None
        Requests a month that fall back, at the planned load; None without one, or where no fallback answers.
    """

    parts: tuple[Part, ...]
    primary: Summary | None
    available: Summary | None
    fallback: str
    fallback_works: Summary | None
    target: float | None
    allowed_minutes: float | None
    primary_minutes: Summary | None
    minutes: Summary | None
    over_budget: float | None
    n: int
    n_failed: int
    grade: Grade
    days: float
    cases: Summary | None = None


def in_series(available: Sequence[ArrayLike]) -> np.ndarray:
    """Return the share of the time in which all parts work, when they fail independently.

    Examples
    --------
    >>> float(in_series([0.999, 0.999, 0.999]).round(6))
    0.997003
    """
    whole = np.asarray(1.0)
    for part in available:
        whole = whole * np.asarray(part, dtype=float)
    return whole


def with_fallback(primary: ArrayLike, fallback: ArrayLike, *, switched: ArrayLike = 1.0) -> np.ndarray:
    """Return the share of the time with an answer when an independent fallback takes over.

    Parameters
    ----------
    primary, fallback : float or array
        Shares of the time in which each works.
    switched : float or array
        Share of the failures of the primary that are noticed and handed over.

    Source
    ------
    Trivedi 2002, Probability and Statistics with Reliability, Queuing and Computer Science Applications, section 5.5
    (standby with imperfect coverage, steady state).

    Examples
    --------
    >>> float(with_fallback(0.995, 0.99)), round(float(with_fallback(0.995, 0.99, switched=0.95)), 7)
    (0.99995, 0.9997025)
    """
    up = np.asarray(primary, dtype=float)
    return up + (1 - up) * np.asarray(switched, dtype=float) * np.asarray(fallback, dtype=float)


def minutes_a_month(share: ArrayLike) -> np.ndarray:
    """Return how many minutes a share of the time is in a month of the policy's length.

    Examples
    --------
    >>> round(float(minutes_a_month(1 - 0.999)), 9)
    43.2
    """
    return np.asarray(share, dtype=float) * float(policy.value("availability_month_days")) * _MINUTES_PER_DAY


def availability(
    pilot: Pilot, joint: JointSample, *, n: int, n_failed: int, requests_per_month: np.ndarray | None = None
) -> AvailabilityResult:
    """Return the availability of a pilot, from its upstreams, the failures of its own requests and its fallback.

    Parameters
    ----------
    n, n_failed : int
        Requests of the pilot and those that ended without an answer; 0 requests where none was counted. Failures of an
        upstream while the pilot was watched are in both, which errs on the careful side.
    requests_per_month : array of shape (replicates, draws), optional
        The planned load.
    """
    stated, rule = pilot.spec.latency.availability, pilot.spec.latency.policy
    draws = {u.name: _column(joint, f"upstreams.{u.name}", u.available) for u in stated.upstreams}
    sources = {u.name: u.source or u.available.source for u in stated.upstreams}
    if n:
        shares = jeffreys_shares(n - n_failed, n_failed, joint.draws)
        draws[OWN_FAILURES] = joint.measured("latency.availability.own", shares)
    target = None if stated.target is None else stated.target.median
    works = _works(pilot, joint)
    common = {
        "fallback": rule.fallback or "", "fallback_works": None if works is None else summarise(works),
        "target": target, "allowed_minutes": None if target is None else float(minutes_a_month(1 - target)),
        "n": n, "n_failed": n_failed, "days": float(policy.value("availability_month_days")),
    }  # fmt: skip
    if not draws:
        return AvailabilityResult((), None, None, primary_minutes=None, minutes=None, over_budget=None,
                                  grade=Grade.ASSUMED, **common)  # fmt: skip
    primary = in_series(list(draws.values()))
    low, high = _with_fallback(primary, rule.fallback, works)
    falls_back = requests_per_month is not None and rule.fallback in ANSWERING
    return AvailabilityResult(
        _parts(draws, sources, primary), summarise(primary), _between(low, high),
        primary_minutes=summarise(minutes_a_month(1 - primary)),
        minutes=_between(minutes_a_month(1 - high), minutes_a_month(1 - low)),
        over_budget=None if target is None else float(np.mean((low + high) / 2 < target)),
        grade=Grade.MEASURED if set(draws) == {OWN_FAILURES} and works is None else Grade.ESTIMATED,
        cases=summarise((1 - primary) * requests_per_month) if falls_back else None, **common,
    )  # fmt: skip


def _column(joint: JointSample, name: str, given: Quantity) -> np.ndarray:
    return joint.column(f"latency.availability.{name}", given)


def _works(pilot: Pilot, joint: JointSample) -> np.ndarray | None:
    """Share of cases in which the fallback gives an answer; None where it gives none, or nobody says."""
    rule = pilot.spec.latency.policy
    if rule.fallback not in ANSWERING or rule.fallback_works is None:
        return None
    return _column(joint, "fallback_works", rule.fallback_works)


def _with_fallback(primary: np.ndarray, fallback: str | None, works: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """Availability at either end of what is known about the fallback."""
    if works is not None:
        return (with_fallback(primary, works),) * 2
    return primary, with_fallback(primary, 1.0) if fallback in ANSWERING else primary


def _between(low: np.ndarray, high: np.ndarray) -> Summary:
    """Summary from the low end of one column to the high end of the other, in between when they differ."""
    if low is high:
        return summarise(low)
    below, above, middle = summarise(low), summarise(high), summarise((low + high) / 2)
    return Summary(middle.mean, middle.median, below.low, above.high, middle.simulation_error)


def _parts(draws: dict[str, np.ndarray], sources: dict[str, str], primary: np.ndarray) -> tuple[Part, ...]:
    """The parts with their minutes, which add up to those of the whole: what is down at once counts once."""
    down = {name: 1 - up for name, up in draws.items()}
    together = np.maximum(sum(down.values()), np.finfo(float).tiny)
    return tuple(
        Part(name, sources.get(name, ""), name == OWN_FAILURES, summarise(up),
             summarise(minutes_a_month((1 - primary) * down[name] / together)))
        for name, up in draws.items()
    )  # fmt: skip
