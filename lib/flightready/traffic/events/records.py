"""What the events read and write: requests, attempts, queues, and the setting, as columns and records."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

OPEN, ANSWERED, TIMED_OUT, REJECTED, FAILED, SHED, OVERTAKEN, CUT_OFF = 0, 1, 2, 3, 4, 5, 6, 7
"""How an attempt ends for the one who made it; open while it has not."""
DEGRADED, LOST = 2, 3
"""How a request ends that no attempt answered (1 where one did)."""
EVERYTHING, WAITING, NOTHING, PATIENCE = 0, 1, 2, 3
"""What a time-out stops."""
FAULT_FAILS, FAULT_REJECTS, FAULT_SPOILS, FAULT_SLOWS, FAULT_STICKS, FAULT_DOWN = 0, 1, 2, 3, 4, 5
"""What a fault does."""
OUT, QUEUED, SERVED, SPLIT = 0, 1, 2, 3
"""Where an attempt is; split while it is all in its branches."""
UNHARMED, SPOILT, BROKEN = 0, 1, 2
"""What faults made of a visit: nothing, an attempt that is useless in the end, one that ends with the visit."""
HEDGE_BIT = 128
"""Marks in the number of a try the attempt that is made beside another one."""

STATE = np.dtype([
    ("deadline_s", "f8"), ("since_s", "f8"), ("until_s", "f8"), ("ahead", "i4"), ("behind", "i4"),
    ("queue", "i2"), ("visit", "i2"), ("number", "u1"), ("place", "i1"), ("is_watched", "i1"), ("has_passed", "i1"),
])  # fmt: skip
"""An attempt, or a branch of one: where it is, since when, when it is served in full, and who stands ahead and behind."""
EVENT = np.dtype([("time_s", "f8"), ("code", "i8")])
QUEUE = np.dtype([
    ("servers", "i8"), ("room", "i8"), ("head", "i8"), ("tail", "i8"), ("length", "i8"), ("busy", "i8"),
    ("came", "i8"), ("opens_s", "f8"), ("asked_s", "f8"), ("worked_s", "f8"), ("waited_s", "f8"),
])  # fmt: skip
"""A stage with its servers (0: any number), after them the gates (one a set of limits, `opens_s`: when its first may
pass): visits that came, service that they asked for, time servers were at work until the last arrival, time waited."""
TOTALS = np.dtype([
    ("events", "i8"), ("gap", "i8"), ("attempts", "i8"), ("hedges", "i8"), ("opens_s", "f8"), ("last_s", "f8"),
    ("scale", "f8"), ("ready_s", "f8"),
])  # fmt: skip
"""Events in the calendar, whether its first is gone, attempts and hedges so far, when the first gate opens, last arrival,
moments a second, and when the limits would have had room for the attempt that they rejected last."""
BREAKER = np.dtype([("is_open", "i8"), ("until_s", "f8"), ("probe", "i8"), ("seen", "i8"), ("failed", "i8")])
"""Until when nobody calls, the attempt that was let through after that (-1: none), and how many of the latest attempts
were seen while it was closed, and failed."""
FAULT = np.dtype([
    ("kind", "i8"), ("stage", "i8"), ("start_s", "f8"), ("end_s", "f8"), ("share", "f8"), ("factor", "f8"),
])  # fmt: skip


class Requests(NamedTuple):
    """Columns of the requests: when each comes, how long each attempt waits at most, and how it ends."""

    arrival_s: np.ndarray
    timeout_s: np.ndarray
    finish_s: np.ndarray
    row: np.ndarray  # of the first attempt; in the end of the one that answered, else of the last
    tried: np.ndarray
    hedged: np.ndarray  # hedges among those tried
    outcome: np.ndarray


class Trail(NamedTuple):
    """Columns of the attempts in the order in which they begin; those with branches go on with the branches' rows."""

    start_s: np.ndarray
    request: np.ndarray
    row: np.ndarray
    ending: np.ndarray
    pair: np.ndarray  # the attempt beside it, -1: none; written where there are hedges only
    left: np.ndarray  # branches that have not ended; written where there are branches only, as the next two
    made: np.ndarray  # branches of this step
    is_torn: np.ndarray  # a branch was given up, so that there is no next step
    wait_s: np.ndarray  # with branches
    harm: np.ndarray  # with branches; written where there are faults only
    state: np.ndarray  # of STATE, with branches


class Work(NamedTuple):
    """What comes: the requests, and service, failure and charges of each row."""

    requests: Requests
    service_s: np.ndarray  # (rows, visits), NaN: not made
    failure: np.ndarray  # (rows,)
    held: np.ndarray  # (rows, gates, limits)
    kept: np.ndarray


class Setting(NamedTuple):
    """The way through the stages, the gates, what the one who asks does, and what goes wrong.

    Gates with fewer limits than others are filled up with limits that never run out.
    """

    stage: np.ndarray  # (visits,), in order of their steps
    beyond: np.ndarray  # (visits,): first visit of the next step
    width: int  # most visits of a step
    gate: np.ndarray  # (stages,): gate in front of it, -1: none
    rate: np.ndarray  # (gates, limits)
    capacity: np.ndarray
    window_s: np.ndarray
    charges_rejected: np.ndarray
    delays: np.ndarray  # (gates,)
    returns: np.ndarray  # (gates,)
    faults: np.ndarray  # of FAULT
    stops: int
    retries: int
    retried: int  # a bit for each ending
    backoff_s: float
    backoff_most_s: float
    jitter: float
    redraws: bool
    fallback: float
    hedge_after_s: float
    heeds_retry_after: bool
    cached_share: float
    cached_s: float
    breaker_share: float
    breaker_of: int  # 0: no breaker
    breaker_pause_s: float
    seed: np.uint64


class Books(NamedTuple):
    """State of the whole: calendar, queues, limits, breaker, and what is counted."""

    calendar: np.ndarray  # of EVENT
    queues: np.ndarray  # of QUEUE, (stages + gates,)
    totals: np.ndarray  # of TOTALS, (1,)
    level: np.ndarray  # (gates, limits)
    stamp: np.ndarray
    short: np.ndarray
    asked: np.ndarray  # (gates, limits): what all visits that came to the gates use
    inside: np.ndarray  # (moments,): attempts that came less those that left, by time
    breaker: np.ndarray  # of BREAKER, (1,)
    recent: np.ndarray  # (breaker_of,): whether the latest attempts failed
