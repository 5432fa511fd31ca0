"""Whoever calls the pilot: how long it waits, how often it tries again and what it falls back on, as declared."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.assessment.latency import LatencyPolicy
from flightready.traffic.simulation import Client
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
    (0, inf, 'No time-out is declared: everyone waits as long as it takes.')
    """
    notes: list[str] = []
    retries = declared.retries or 0
    given = _pauses(declared, notes) if retries else {}
    given |= {"timeout_s": _timeout(declared, notes), "stops": _stops(declared, notes)}
    if declared.retries is None:
        notes.append("No retries are declared: nobody tries again.")
    client = Client(budget_s=budget_s, retries=retries, fallback=_fallback(declared, notes), **given)
    return client, tuple(notes)


def _timeout(declared: LatencyPolicy, notes: list[str]) -> float:
    if declared.timeout is not None:
        return float(declared.timeout.median)
    notes.append("No time-out is declared: everyone waits as long as it takes.")
    return float(np.inf)


def _stops(declared: LatencyPolicy, notes: list[str]) -> str:
    if declared.timeout is None:
        return str(declared.timeout_stops or policy.value("default_timeout_stops"))
    if declared.timeout_stops is not None:
        return declared.timeout_stops
    notes.append("What a time-out stops is not declared: the wait in the queue, while work that has begun goes on.")
    return str(policy.value("default_timeout_stops"))


def _pauses(declared: LatencyPolicy, notes: list[str]) -> dict[str, float]:
    """Pause before a retry, the longest one, and what chance takes off."""
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
        notes.append(f"Not declared, as common clients do it: {', '.join(missing)}.")
    return found


def _fallback(declared: LatencyPolicy, notes: list[str]) -> float:
    if declared.fallback in _NO_FALLBACK:
        return 0.0
    if declared.fallback_works is not None:
        return float(declared.fallback_works.median)
    works = float(policy.value("default_fallback_works"))
    notes.append(f"How often the fallback itself works is not declared: taken as {share(works)}.")
    return works
