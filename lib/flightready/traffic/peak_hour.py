"""Calls of one peak hour, drawn from the calls of the pilot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.traffic.arrivals import moments
from flightready.traffic.call_sample import CallSample
from flightready.traffic.peaks import SECONDS_PER_MINUTE

_HOUR_MINUTES = 60


@dataclass(frozen=True)
class PeakHour:
    """Calls in order of arrival.

    Parameters
    ----------
    arrival_s : array of shape (n,)
        Seconds since the hour began.
    call : array of shape (n,)
        Which call of the sample each is.
    minutes : int
        Minutes that were drawn; fewer than 60 at a very large load.
    """

    arrival_s: np.ndarray
    call: np.ndarray
    minutes: int


def peak_hour(
    sample: CallSample, per_second: float, dice: np.random.Generator, *, minutes: int, peak_minute: float | None = None
) -> PeakHour:
    """Draw the calls of a peak hour: whole requests of the sample, which come at random.

    Parameters
    ----------
    per_second : float
        Mean rate of requests in the peak hour, at least 0.
    peak_minute : float, optional
        Requests of the busiest minute over those of the mean minute, at least 1: one minute gets exactly that many,
        the others the rest at random.

    Notes
    -----
    A repeated attempt comes as long after the first call as in the log. What falls behind the end is put to the
    beginning: it stands for the attempts of requests from before, so the rate is right in each minute.
    """
    horizon_s = minutes * SECONDS_PER_MINUTE
    moment = moments(per_second, dice, minutes=minutes, peak_minute=peak_minute)
    size = moment.size
    chosen = dice.integers(sample.requests, size=size)
    sizes = np.diff(sample.first)[chosen]
    starts = np.cumsum(sizes) - sizes
    call = np.repeat(sample.first[chosen] - starts, sizes) + np.arange(int(sizes.sum()))
    arrival_s = np.mod(np.repeat(moment, sizes) + sample.offset_s[call], horizon_s)
    order = np.argsort(arrival_s, kind="stable")
    return PeakHour(arrival_s[order], call[order], minutes)


def extent(calls_per_second: float) -> tuple[int, int]:
    """Return how many minutes of an hour are drawn, and for how many calls each drawn one stands.

    A whole hour call by call, unless there are very many: then fewer minutes, and then several calls as one.

    Examples
    --------
    >>> extent(10.0), extent(100_000.0)
    ((50, 1), (5, 1000))
    """
    most, least = float(policy.value("replay_most_calls")), int(policy.value("replay_least_minutes"))
    each_minute = calls_per_second * SECONDS_PER_MINUTE
    minutes = int(min(max(most / max(each_minute, np.finfo(float).tiny), least), _HOUR_MINUTES))
    return minutes, max(1, int(np.ceil(each_minute * minutes / most)))
