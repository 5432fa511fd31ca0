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
"""An attempt, or a branch of one: where it is, since when, when it is served in full, who stands ahead and behind."""
MORE = np.dtype([("pair", "i4"), ("left", "i2"), ("made", "i2"), ("is_torn", "i1"), ("harm", "i1")])
"""What is written of an attempt or a branch only where there is such a thing: the attempt beside it (-1: none), its
branches that have not ended, those of this step, whether one was given up so that there is no next step, and what
faults made of it."""
EVENT = np.dtype([("time_s", "f8"), ("code", "i8")])
QUEUE = np.dtype([
    ("servers", "i8"), ("room", "i8"), ("head", "i8"), ("tail", "i8"), ("length", "i8"), ("busy", "i8"), ("came", "i8"),
    ("gate", "i8"), ("delays", "i8"), ("returns", "i8"), ("opens_s", "f8"), ("asked_s", "f8"), ("worked_s", "f8"),
    ("waited_s", "f8"),
])  # fmt: skip
"""A stage with its servers (0: any number) and the gate in front of it (-1: none), after them the gates, one a set of
limits: whether visits wait there, whether what they do not use comes back, and when the first may pass. Visits that
came, service that they asked for, time servers were at work until the last arrival, time waited."""
RULE = np.dtype([
    ("rate", "f8"), ("capacity", "f8"), ("window_s", "f8"), ("level", "f8"), ("stamp", "f8"), ("asked", "f8"),
    ("short", "i8"), ("charges_rejected", "i8"),
])  # fmt: skip
"""A limit, what is left of it, what all visits that came to it use, and how many it rejected."""
TOTALS = np.dtype([
    ("events", "i8"), ("gap", "i8"), ("attempts", "i8"), ("hedges", "i8"), ("opens_s", "f8"), ("last_s", "f8"),
    ("scale", "f8"), ("ready_s", "f8"), ("is_open", "i8"), ("until_s", "f8"), ("probe", "i8"), ("seen", "i8"),
    ("failed", "i8"),
])  # fmt: skip
"""Events in the calendar, whether its first is gone, attempts and hedges so far, when the first gate opens, the last
arrival, moments a second, and when the limits would have had room for the attempt that they rejected last. Of the
breaker: whether it is open, until when nobody calls, the attempt that was let through after that (-1: none), and how
many of the latest attempts were seen while it was closed, and failed."""
VISIT = np.dtype([("stage", "i8"), ("beyond", "i8")])
"""A visit, in order of the steps, and the first visit of the next step."""
FAULT = np.dtype([
    ("kind", "i8"), ("stage", "i8"), ("start_s", "f8"), ("end_s", "f8"), ("share", "f8"), ("factor", "f8"),
])  # fmt: skip


CLIENT = np.dtype([
    ("stages", "i8"), ("width", "i8"), ("stops", "i8"), ("retries", "i8"), ("retried", "i8"), ("backoff_s", "f8"),
    ("backoff_most_s", "f8"), ("jitter", "f8"), ("redraws", "i8"), ("fallback", "f8"), ("hedge_after_s", "f8"),
    ("heeds_retry_after", "i8"), ("cached_share", "f8"), ("cached_s", "f8"), ("breaker_failures", "i8"),
    ("breaker_of", "i8"), ("breaker_pause_s", "f8"), ("seed", "u8"),
])  # fmt: skip
"""How many stages there are, most visits of a step, and what the one who asks does; `retried` has a bit for each
ending, `breaker_failures` of the latest `breaker_of` attempts open the breaker (0: there is none)."""


class Requests(NamedTuple):
    """Columns of the requests: when each comes, how long each attempt waits at most, and how it ends."""

    arrival_s: np.ndarray
    timeout_s: np.ndarray
    finish_s: np.ndarray
    row: np.ndarray  # of the first attempt; in the end of the one that answered, else of the last
    tried: np.ndarray
    outcome: np.ndarray


class Trail(NamedTuple):
    """Columns of the attempts in the order in which they begin, and records with rows for branches after them."""

    start_s: np.ndarray
    request: np.ndarray
    row: np.ndarray
    ending: np.ndarray
    wait_s: np.ndarray  # with branches
    state: np.ndarray  # of STATE, with branches
    more: np.ndarray  # of MORE, with branches


class Work(NamedTuple):
    """What comes: the requests, and service, failure and charges of each row."""

    requests: Requests
    service_s: np.ndarray  # (rows, visits), NaN: not made
    failure: np.ndarray  # (rows,)
    held: np.ndarray  # (rows, gates, limits)
    kept: np.ndarray


class Setting(NamedTuple):
    """The way through the stages, what goes wrong, and what the one who asks does."""

    way: np.ndarray  # of VISIT, (visits,)
    faults: np.ndarray  # of FAULT
    client: np.ndarray  # of CLIENT, (1,)


class Books(NamedTuple):
    """State of the whole: calendar, queues, limits, breaker, and what is counted.

    Gates with fewer limits than others are filled up with limits that never run out. Few arrays of many fields: each
    array that is handed on takes as long to compile as seven numbers.
    """

    calendar: np.ndarray  # of EVENT
    queues: np.ndarray  # of QUEUE, (stages + gates,)
    totals: np.ndarray  # of TOTALS, (1,)
    rules: np.ndarray  # of RULE, (gates, limits)
    inside: np.ndarray  # (moments,): attempts that came less those that left, by time
    recent: np.ndarray  # (breaker_of,): whether the latest attempts failed
