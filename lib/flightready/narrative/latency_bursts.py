"""Sentences about what bursts do to the times at the same mean load."""

from __future__ import annotations

from flightready.latency.bursts import EVEN, LOG, SHARED, Bursts, Pattern
from flightready.wording import interval, number, seconds, share

NAMES = {EVEN: "by chance alone", LOG: "as in the log", SHARED: "as in the log, shared by all users"}
HEAD = ("Requests come", "95 of 100 within", "99 of 100 within", "In time", "Simulation's own error",
        "How uneven (chance is 1)")  # fmt: skip
NO_LOG = ("What bursts add at the planned peak is not known: it takes a usage log with the times of some hundred "
          "requests, times of whole requests, and a planned load.")  # fmt: skip


def bursts_sentences(found: Bursts) -> tuple[str, ...]:
    """Return what the pattern of the log does against even chance, and what it rests on."""
    rate = f"{number(found.per_second)} requests a second"
    where = f"the planned peak of {rate}" if found.is_planned else f"{rate} (the planned peak is more than is borne)"
    told = f"At {where}, the same mean load each time, {_compared(found.patterns)}."
    return (told, f"The pattern is that of {found.n:,} requests of the log. As more users come who act on their own, "
                  "their bursts even out; those that all users share, such as a campaign, do not. Which share of the "
                  "bursts is of which kind a pilot of few users cannot tell, so the truth lies between.")  # fmt: skip


def _compared(patterns: tuple[Pattern, ...]) -> str:
    names = [NAMES[p.key] for p in patterns]
    if len({_within(p.p99_s) for p in patterns}) > 1:
        each = [f"{_within(p.p99_s)} if they come {n}" for p, n in zip(patterns, names, strict=True)]
        return f"99 of 100 requests take up to {', '.join(each)}"
    if patterns[0].p99_s is None:
        return "fewer than 99 of 100 requests are answered whichever way they come"
    return f"99 of 100 requests take up to {_within(patterns[0].p99_s)} whichever way they come: bursts change little"


def bursts_rows(found: Bursts) -> list[tuple[str, ...]]:
    """Return each way of arriving in figures."""
    return [
        (NAMES[p.key], _within(p.p95_s), _within(p.p99_s), share(p.in_time_share),
         interval(p.in_time_interval.low, p.in_time_interval.high, share), f"{p.index:.1f}")
        for p in found.patterns
    ]  # fmt: skip


def _within(time_s: float | None) -> str:
    return "more than are answered" if time_s is None else seconds(time_s)
