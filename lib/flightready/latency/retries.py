"""Retries: how many more calls they make, and how many requests still fail."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Interval
from flightready.intervals import wilson


@dataclass(frozen=True)
class Retries:
    """What the declared number of retries makes of the failures that were measured.

    Parameters
    ----------
    level : str
        `call` when single attempts are known, `request` when only whole requests are.
    n, n_failed : int
        Calls or requests, and how many failed.
    failed_share : Interval
        90 % interval of the share that fails.
    retries : int
        Most retries after the first attempt.
    attempts, attempts_interval : float, Interval
        Attempts for each request on average, when failures come one by one.
    most_attempts : int
        Attempts for each request when everything fails.
    final_failure, final_failure_interval : float, Interval
        Share of requests that fail in spite of the retries, when failures come one by one. Where a request fails for
        its own sake, at every attempt, it is `failed_share`.
    """

    level: str
    n: int
    n_failed: int
    failed_share: Interval
    retries: int
    attempts: float
    attempts_interval: Interval
    most_attempts: int
    final_failure: float
    final_failure_interval: Interval


def attempts(failed_share: float, retries: int) -> float:
    """Return the mean number of attempts when each fails independently.

    Parameters
    ----------
    failed_share : float
        From 0 to 1.
    retries : int
        At least 0.

    Examples
    --------
    >>> attempts(0.5, 3), attempts(1.0, 3)
    (1.875, 4.0)
    """
    return float(sum(failed_share**i for i in range(retries + 1)))


def final_failure(failed_share: float, retries: int) -> float:
    """Return the share of requests of which every attempt fails, when each fails independently.

    Examples
    --------
    >>> final_failure(0.5, 3)
    0.0625
    """
    return float(failed_share ** (retries + 1))


def retry_effect(n: int, n_failed: int, retries: int, *, level: str) -> Retries:
    """Return what retries make of a measured number of failures; n must be above 0."""
    share, interval = n_failed / n, wilson(n_failed, n)
    return Retries(
        level,
        n,
        n_failed,
        interval,
        retries,
        attempts(share, retries),
        Interval(attempts(interval.low, retries), attempts(interval.high, retries)),
        retries + 1,
        final_failure(share, retries),
        Interval(final_failure(interval.low, retries), final_failure(interval.high, retries)),
    )
