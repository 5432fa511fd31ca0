"""Percentiles end to end in three ways: whole requests, independent stages, and percentiles added up.

Whole requests keep what falls together, so their percentile is the truth with an exact interval. The other two are what
a calculation from stages alone would have said: as if the stages had nothing to do with one another (a numerical
convolution), and as if all were slow in the same request (their percentiles added up; of stages at work at the same
time, the longest). A stage that not every request visits counts with no time where it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from flightready.evidence import Interval
from flightready.intervals import quantile_with_interval
from flightready.latency.flow import flow
from flightready.latency.traces import Traces

Within = Callable[[np.ndarray], np.ndarray]
"""Distribution function of a time: P(time <= x) for an array of seconds."""
_GRID = 2**17  # cells of the numerical convolution; the error of a quantile is below a thousandth of the typical time


@dataclass(frozen=True)
class Composition:
    """The same percentile end to end in three ways, seconds.

    Parameters
    ----------
    share : float
        0.95 for p95.
    together : float or None
        As the stages really fell together in whole requests; None when only percentiles of stages are known.
    added : float or None
        Percentiles of the stages added up: as if all were slow in the same request. None where a stage has no tail.
    independent : float
        As if the stages had nothing to do with one another.
    interval : Interval or None
        Exact 90 % interval of `together`.
    """

    share: float
    together: float | None
    added: float | None
    independent: float
    interval: Interval | None = None


def composition(traces: Traces, shares: Sequence[float]) -> tuple[Composition, ...]:
    """Return how the answered requests' percentiles come about from their stages; empty with fewer than two."""
    answered = traces.answered
    if len(traces.stages) < 2 or not answered.any():
        return ()
    whole = flow(traces)
    stage_s, rest_s = np.sort(whole.stage_s[answered], axis=0), np.sort(whole.rest_s[answered])
    steps = [[stage_s[:, i] for i in members] for members in whole.steps] + [[rest_s]]
    # each step counted from its shortest time, so that the grid is fine and nothing lies below zero
    least = [max(float(c[0]) for c in step) for step in steps]
    within = [at_same_time([_measured(c - low) for c in step]) for step, low in zip(steps, least, strict=True)]
    tops = [max(float(c[-1]) for c in step) - low for step, low in zip(steps, least, strict=True)]
    apart = independent_sum(within, tops, shares)
    made = []
    for share, alone in zip(shares, apart, strict=True):
        together, interval = quantile_with_interval(traces.total_s[answered], share)
        added = sum(max(quantile_with_interval(c, share)[0] for c in step) for step in steps)
        made.append(Composition(share, together, float(added), alone + sum(least), interval))
    return tuple(made)


def at_same_time(within: Sequence[Within]) -> Within:
    """Return the distribution of the longest of independent times: stages, or copies of one, at the same time.

    Examples
    --------
    The 99th percentile of the longest of five exponential times with mean 1 is 6.21059:

    >>> exponential = lambda x: 1 - np.exp(-np.maximum(x, 0))
    >>> at_same_time([exponential] * 5)(np.array([6.21059])).round(6)
    array([0.99])
    """
    return lambda x: np.prod([part(x) for part in within], axis=0)


@dataclass(frozen=True)
class FanOut:
    """A stage that runs in several copies side by side in one request.

    Parameters
    ----------
    stage : str
    copies : float
        Copies in a typical request that visits it.
    share : float
        Share of requests in which all copies are to be done.
    each : float
        Share of its copies of which each must then be done, if they have nothing to do with one another.
    """

    stage: str
    copies: float
    share: float
    each: float


def fan_out(traces: Traces, share: float) -> tuple[FanOut, ...]:
    """Return the stages of which several copies run side by side in most requests that visit them."""
    made = []
    for i, stage in enumerate(traces.stages):
        here = traces.made[:, i]
        usual = float(np.median(traces.copies[here, i])) if here.any() else 0.0
        beside = traces.spent_s[here, i] > traces.stage_s[here, i]  # one after the other they take no longer together
        if usual >= 2 and 2 * beside.sum() > beside.size:
            made.append(FanOut(stage, usual, share, share_of_each(share, usual)))
    return tuple(made)


def share_of_each(share: float, copies: float) -> float:
    """Return how sure each of so many copies at the same time must be, for all of them to be done at `share`.

    Source
    ------
    Dean and Barroso 2013, The Tail at Scale: 100 copies of which each is late in 1 of 100 are late in 63 of 100.

    Examples
    --------
    >>> round(share_of_each(0.99, 5), 6), round(share_of_each(0.99, 100), 7)
    (0.997992, 0.9998995)
    """
    return float(share ** (1 / copies))


def independent_sum(within: Sequence[Within], tops: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Return quantiles of a sum of independent times, by numerical convolution.

    Parameters
    ----------
    within : sequence of callable
        Distribution functions P(time <= x) of the parts.
    tops : sequence of float
        A time for each part that is practically never exceeded.
    shares : sequence of float
        Strictly between 0 and 1.

    Examples
    --------
    >>> exponential = lambda x: 1 - np.exp(-np.maximum(x, 0))
    >>> [round(q, 3) for q in independent_sum([exponential] * 3, [17.0] * 3, [0.5, 0.95, 0.99])]
    [2.674, 6.296, 8.406]
    """
    from scipy import signal  # slow to load

    step = max(float(sum(tops)), 1e-12) / (_GRID - len(tops))
    edges = (np.arange(_GRID + 1) - 0.5) * step
    total = np.ones(1)
    for part in within:
        reached = np.asarray(part(edges), dtype=float)
        reached[0] = 0.0
        total = signal.fftconvolve(total, np.diff(reached))[:_GRID]
    reached = np.maximum.accumulate(np.cumsum(total))
    return [float(np.interp(share * reached[-1], reached, edges[1:])) for share in shares]


def _measured(ordered: np.ndarray) -> Within:
    return lambda x: np.searchsorted(ordered, x, side="right") / ordered.size
