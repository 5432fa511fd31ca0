"""Whoever calls the pilot: how long it waits, how often it tries again and what it falls back on, as declared."""

from __future__ import annotations

from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment.latency import LatencyPolicy
from flightready.traffic.system import Breaker, Client
from flightready.wording import seconds, share

_NO_FALLBACK = (None, "none", "clear_error")


def caller(declared: LatencyPolicy, budget_s: float) -> tuple[Client, tuple[str, ...]]:
    """Return what whoever calls does, and a sentence for each thing that was not declared.

    Parameters
    ----------
    declared : LatencyPolicy
        The section `latency.policy` of the assessment.
    budget_s : float
        Time within which an answer is in time, seconds.

    Examples
    --------
    >>> client, notes = caller(LatencyPolicy(), 2.0)
    >>> client.retries, client.timeout_s, notes[0]
    (0, inf, 'No retries are declared: nobody tries again.')
    """
    notes: list[str] = []
    client = Client(
        budget_s=budget_s, **_retries(declared, notes), **_timeout(declared, notes), **_cache(declared, notes),
        fallback=_fallback(declared, notes),
        hedge_after_s=float(np.inf) if declared.hedge_after is None else float(declared.hedge_after.median),
    )  # fmt: skip
    return client, tuple(notes)


def breaker(declared: LatencyPolicy) -> Breaker | None:
    """Return the circuit breaker that is declared, if one is."""
    given = declared.breaker
    if given is None:
        return None
    return Breaker(float(given.failures.median), max(round(given.of.median), 1), float(given.pause.median))


def _retries(declared: LatencyPolicy, notes: list[str]) -> dict[str, Any]:
    """How often it tries again, the pauses, and whether it waits as long as a rejection says."""
    if declared.retries is None:
        notes.append("No retries are declared: nobody tries again.")
    if not declared.retries:
        return {"retries": 0}
    stated = {"backoff_s": declared.backoff, "backoff_most_s": declared.longest_backoff, "jitter": declared.jitter}
    named = {"backoff_s": "default_backoff_s", "backoff_most_s": "default_longest_backoff_s",
             "jitter": "default_jitter"}  # fmt: skip
    found = {key: float(policy.value(named[key]) if q is None else q.median) for key, q in stated.items()}
    found["backoff_most_s"] = max(found["backoff_most_s"], found["backoff_s"])
    words = {"backoff_s": f"a pause of {seconds(found['backoff_s'])} before a retry",
             "backoff_most_s": f"pauses of {seconds(found['backoff_most_s'])} at most",
             "jitter": f"chance takes up to {share(found['jitter'])} off a pause"}  # fmt: skip
    missing = [words[key] for key, q in stated.items() if q is None]
    if missing:
        notes.append(f"Not declared, so as common clients do it: {', '.join(missing)}.")
    return {"retries": declared.retries, "heeds_retry_after": bool(declared.heeds_retry_after), **found}


def _timeout(declared: LatencyPolicy, notes: list[str]) -> dict[str, Any]:
    stops = declared.timeout_stops or str(policy.value("default_timeout_stops"))
    if declared.timeout is None:
        notes.append("No time-out is declared: everyone waits as long as it takes.")
        return {"stops": stops}
    if declared.timeout_stops is None:
        notes.append("What a time-out stops is not declared: the wait in the queue, while work that has begun goes on.")
    return {"timeout_s": float(declared.timeout.median), "stops": stops}


def _cache(declared: LatencyPolicy, notes: list[str]) -> dict[str, float]:
    if declared.cache is None:
        return {}
    time = declared.cache.time
    took_s = float(policy.value("default_cached_s") if time is None else time.median)
    if time is None:
        notes.append(f"How long an answer from the cache takes is not declared: taken as {seconds(took_s)}.")
    return {"cached_share": float(declared.cache.share.median), "cached_s": took_s}


def _fallback(declared: LatencyPolicy, notes: list[str]) -> float:
    if declared.fallback in _NO_FALLBACK:
        return 0.0
    if declared.fallback_works is not None:
        return float(declared.fallback_works.median)
    works = float(policy.value("default_fallback_works"))
    notes.append(f"How often the fallback itself works is not declared: taken as {share(works)}.")
    return works
