"""What bursts do: the same mean load by chance alone, in the pattern of the log, or in bursts that all users share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evidence import Interval
from flightready.latency.scenario import Scenario, run
from flightready.traffic.arrivals import bursty, replayed
from flightready.traffic.limit_rules import SECONDS_PER_MINUTE
from flightready.traffic.profile import LoadProfile

EVEN, LOG, SHARED = "even", "log", "shared"
"""Ways of arriving: by chance; as in the log, whose bursts belong to single users; as if all users shared them."""


@dataclass(frozen=True)
class Pattern:
    """One way of arriving, simulated.

    Parameters
    ----------
    key : str
    p95_s, p99_s : float or None
        Time of 95 and of 99 of 100 requests; None where so many get no answer.
    in_time_share : float
    in_time_interval : Interval
        90 % interval of the simulation's own error.
    index : float
        Variance over mean of the requests of a minute.
    """

    key: str
    p95_s: float | None
    p99_s: float | None
    in_time_share: float
    in_time_interval: Interval
    index: float


@dataclass(frozen=True)
class Bursts:
    """Ways of arriving side by side at one mean load.

    Parameters
    ----------
    per_second : float
        Mean load, requests a second.
    is_planned : bool
        It is the planned peak; otherwise the plan is more than is borne, and this is a load that is.
    n : int
        Requests of the log whose moments are known.
    patterns : tuple of Pattern
        The first is even chance.
    """

    per_second: float
    is_planned: bool
    n: int
    patterns: tuple[Pattern, ...]


def bursts(
    scenario: Scenario, planned_per_second: float, times_s: np.ndarray, profile: LoadProfile | None, *, seed: int,
    borne_per_second: float | None = None,
) -> Bursts | None:  # fmt: skip
    """Return what bursts do to one mean load; None with too few moments to know any.

    Parameters
    ----------
    planned_per_second : float
        Planned peak, above 0.
    borne_per_second : float, optional
        Load at which something gives way; a plan above it is overload however it comes, so a share of it is taken.
    times_s : array of shape (n,)
        Moments of the log's requests, seconds.
    profile : LoadProfile or None
        Knows how uneven the log's minutes are, for bursts that all users share.
    """
    known = int(np.isfinite(times_s).sum())
    most_borne = np.inf if borne_per_second is None else policy.value("bursts_borne_share") * borne_per_second
    per_second = float(min(planned_per_second, most_borne))
    if known < policy.value("bursts_least_requests") or per_second <= 0:
        return None
    each_minute = per_second * SECONDS_PER_MINUTE
    fewest, most = policy.value("bursts_minutes")
    minutes = int(np.clip(policy.value("bursts_requests") / each_minute, fewest, most))

    def dice(key: str) -> np.random.Generator:
        return generator(seed, "latency", "bursts", key)

    drawn = {EVEN: bursty(per_second, dice(EVEN), minutes=minutes),
             LOG: replayed(times_s, per_second, dice(LOG), minutes=minutes)}  # fmt: skip
    if profile is not None and profile.burst_dispersion is not None:
        spread = float(np.sqrt(profile.burst_dispersion.value))
        drawn[SHARED] = bursty(per_second, dice(SHARED), minutes=minutes, spread=spread)
    made = (_pattern(scenario, key, arrival_s, minutes, seed) for key, arrival_s in drawn.items() if arrival_s.size)
    return Bursts(per_second, planned_per_second <= most_borne, known, tuple(made))


def _pattern(scenario: Scenario, key: str, arrival_s: np.ndarray, minutes: int, seed: int) -> Pattern:
    found = run(scenario, 0.0, requests=arrival_s.size, seed=seed, name="bursts", arrival_s=arrival_s)
    answer_s = np.where(found.outcome == 0, found.response_s, np.inf)
    ends = np.quantile(answer_s, policy.value("bursts_percentiles"), method="inverted_cdf")
    p95_s, p99_s = (float(end) if np.isfinite(end) else None for end in ends)
    counts = np.bincount((arrival_s // SECONDS_PER_MINUTE).astype(int), minlength=minutes)
    in_time, within = float(found.in_time.mean()), found.interval("in_time")
    return Pattern(key, p95_s, p99_s, in_time, Interval(max(within.low, 0.0), min(within.high, 1.0)),
                   float(counts.var(ddof=1) / counts.mean()))  # fmt: skip
