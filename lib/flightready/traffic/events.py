"""Events of requests on their way through stages, compiled: arrivals, service, time-outs, retries, rate limits.

The calendar is a binary heap in two arrays, ordered by time and, at the same time, by kind: what is done comes before
what times out. Attempts are numbered in the order in which they come; each has one row in the trail. The queues are
linked lists through these rows, so that an attempt that gives up leaves the middle of a queue at once. Random numbers
are a function of (seed, request, attempt, purpose): a change of the setting moves no other request's luck.
The kernels are serial. This module is slow to load: import it where it is needed.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from flightready.traffic.bucket_steps import NO_COUNTING, advance, compiled, give_back, inlined, ready_at, turn_away

OPEN, ANSWERED, TIMED_OUT, REJECTED, FAILED, SHED = 0, 1, 2, 3, 4, 5
"""How an attempt ends for the one who made it; open while it has not."""
DEGRADED, LOST = 2, 3
"""How a request ends that no attempt answered (1 where one did)."""
EVERYTHING, WAITING, NOTHING, PATIENCE = 0, 1, 2, 3
"""What a time-out stops."""
_DONE, _TIMEOUT, _RETRY = 0, 1, 2
_KIND = 1 << 48
_OUT, _QUEUED, _SERVED = 0, 1, 2
_ROW, _FAILURE, _JITTER, _FALLBACK = 1, 2, 3, 4
_MIX, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


REQUEST = np.dtype([
    ("arrival_s", "f8"), ("timeout_s", "f8"), ("finish_s", "f8"), ("row", "i8"), ("tried", "i4"), ("outcome", "i4"),
])  # fmt: skip
"""A request: when it comes, how long each attempt waits at most, row of its first attempt, and how it ends."""
ATTEMPT = np.dtype([
    ("start_s", "f8"), ("deadline_s", "f8"), ("since_s", "f8"), ("until_s", "f8"), ("wait_s", "f8"),
    ("request", "i4"), ("row", "i4"), ("ahead", "i4"), ("behind", "i4"), ("number", "i2"), ("queue", "i2"),
    ("place", "i1"), ("ending", "i1"), ("is_watched", "i1"), ("has_passed", "i1"),
])  # fmt: skip
"""An attempt: where it is, since when, until when it is served, and who stands ahead of and behind it."""
EVENT = np.dtype([("time_s", "f8"), ("code", "i8")])
QUEUE = np.dtype([
    ("servers", "i8"), ("room", "i8"), ("head", "i8"), ("tail", "i8"), ("length", "i8"), ("busy", "i8"),
    ("came", "i8"), ("asked_s", "f8"), ("worked_s", "f8"), ("waited_s", "f8"),
])  # fmt: skip
"""A stage (the last queue is the one at the limits) with its servers (0: any number): attempts that came, service
that they asked for, time servers were at work until the last arrival, time waited."""
TOTALS = np.dtype([("events", "i8"), ("attempts", "i8"), ("opens_s", "f8"), ("last_s", "f8")])
"""Events in the calendar, attempts so far, when the first at the limits may pass, and the last arrival."""


class Work(NamedTuple):
    """What comes: the requests, and service, failure and charges of each row."""

    requests: np.ndarray
    service_s: np.ndarray  # (rows, stages)
    failure: np.ndarray  # (rows,)
    held: np.ndarray  # (rows, limits)
    kept: np.ndarray  # (rows, limits)


class Setting(NamedTuple):
    """The limits in front of one stage, and what the one who asks does."""

    rate: np.ndarray  # (limits,)
    capacity: np.ndarray  # (limits,)
    window_s: np.ndarray  # (limits,)
    charges_rejected: np.ndarray  # (limits,)
    limited: int
    delays: bool
    returns: bool
    stops: int
    retries: int
    retried: int  # a bit for each ending
    backoff_s: float
    backoff_most_s: float
    jitter: float
    redraws: bool
    fallback: float
    seed: np.uint64


class Books(NamedTuple):
    """State of the whole: calendar, queues, limits, and what is counted."""

    calendar: np.ndarray  # of EVENT
    queues: np.ndarray  # of QUEUE, (stages + 1,)
    totals: np.ndarray  # of TOTALS, (1,)
    level: np.ndarray  # (limits,)
    stamp: np.ndarray
    short: np.ndarray
    asked: np.ndarray  # (limits,): what all attempts that came to the limits use
    inside: np.ndarray  # (moments,): attempts that came less those that left, by time


@inlined
def luck(seed, request, number, purpose):
    """Return a uniform number in [0, 1) that belongs to an attempt and a purpose (splitmix64).

    Source
    ------
    Steele, Lea and Flood 2014, Fast Splittable Pseudorandom Number Generators.
    """
    z = seed + (np.uint64(request) * np.uint64(4096) + np.uint64(number) * np.uint64(8) + np.uint64(purpose)) * _MIX
    z = (z ^ (z >> np.uint64(30))) * _MIX_A
    z = (z ^ (z >> np.uint64(27))) * _MIX_B
    z = z ^ (z >> np.uint64(31))
    return np.float64(z >> np.uint64(11)) / 9007199254740992.0


@inlined
def _is_before(event, time_s, code):
    return event.time_s < time_s or (event.time_s == time_s and event.code < code)


@inlined
def _push(books, time_s, code):
    """Enter an event in the calendar."""
    calendar = books.calendar
    i = books.totals[0].events
    books.totals[0].events = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if _is_before(calendar[up], time_s, code):
            break
        calendar[i] = calendar[up]
        i = up
    calendar[i].time_s, calendar[i].code = time_s, code


@inlined
def _pop(books):
    """Take the first event off the calendar and return its code."""
    calendar = books.calendar
    first = calendar[0].code
    n = books.totals[0].events - 1
    books.totals[0].events = n
    time_s, code = calendar[n].time_s, calendar[n].code
    i = 0
    while True:
        low = 2 * i + 1
        if low >= n:
            break
        if low + 1 < n and _is_before(calendar[low + 1], calendar[low].time_s, calendar[low].code):
            low += 1
        if not _is_before(calendar[low], time_s, code):
            break
        calendar[i] = calendar[low]
        i = low
    calendar[i].time_s, calendar[i].code = time_s, code
    return first


@inlined
def _line_up(trail, books, i, queue, now):
    """Put an attempt at the end of a queue."""
    last = books.queues[queue].tail
    trail[i].ahead, trail[i].behind = last, -1
    if last >= 0:
        trail[last].behind = i
    else:
        books.queues[queue].head = i
    books.queues[queue].tail = i
    books.queues[queue].length += 1
    trail[i].place, trail[i].since_s, trail[i].queue = _QUEUED, now, queue
    _watch(trail, books, i, now)


@inlined
def _step_out(trail, books, i, now):
    """Take an attempt out of the queue in which it is."""
    queue, ahead, behind = trail[i].queue, trail[i].ahead, trail[i].behind
    if ahead >= 0:
        trail[ahead].behind = behind
    else:
        books.queues[queue].head = behind
    if behind >= 0:
        trail[behind].ahead = ahead
    else:
        books.queues[queue].tail = ahead
    books.queues[queue].length -= 1
    trail[i].place = _OUT
    books.queues[queue].waited_s += now - trail[i].since_s
    if trail[i].ending == OPEN:
        trail[i].wait_s += now - trail[i].since_s


@inlined
def _watch(trail, books, i, now):
    """Enter the time-out of an attempt in the calendar, once; patience may have run out under service before."""
    if not trail[i].is_watched and trail[i].ending == OPEN and trail[i].deadline_s < np.inf:
        trail[i].is_watched = 1
        _push(books, max(now, trail[i].deadline_s), _TIMEOUT * _KIND + i)


@inlined
def _settle(work, setting, trail, books, i, ending, now):
    """End an attempt for the one who made it: the request is over, or tries again later."""
    trail[i].ending = ending
    r, number = trail[i].request, trail[i].number
    if ending == ANSWERED:
        work.requests[r].outcome, work.requests[r].finish_s = ANSWERED, now
    elif number < setting.retries and (setting.retried >> ending) & 1:
        pause_s = min(setting.backoff_most_s, setting.backoff_s * 2.0**number)
        pause_s *= 1 - setting.jitter * luck(setting.seed, r, number, _JITTER)
        _push(books, now + pause_s, _RETRY * _KIND + r)
    else:
        is_covered = luck(setting.seed, r, number, _FALLBACK) < setting.fallback
        work.requests[r].outcome, work.requests[r].finish_s = DEGRADED if is_covered else LOST, now


@inlined
def _moment(work, books, now):
    """Number of the moment at which the attempts inside are counted."""
    last, count = books.totals[0].last_s, books.inside.size - 1
    return int(now / last * count) if now < last else count


@inlined
def _go(work, setting, trail, books, i, now):
    """Take an attempt out of the system, and give back what it reserved at the limits and did not use."""
    trail[i].place = _OUT
    books.inside[_moment(work, books, now)] -= 1
    if trail[i].has_passed and setting.returns:
        row = trail[i].row
        advance(books.level, books.stamp, now, setting.rate, setting.capacity, setting.window_s)
        give_back(books.level, work.held[row], work.kept[row], setting.capacity)
        if books.queues[-1].length > 0:
            books.totals[0].opens_s = now  # those wait no longer at the limits who can use it


@inlined
def _begin(work, setting, trail, books, i, s, now):
    """Give an attempt a server of a stage."""
    books.queues[s].busy += 1
    end = now + work.service_s[trail[i].row, s]
    trail[i].place, trail[i].queue, trail[i].since_s, trail[i].until_s = _SERVED, s, now, end
    if trail[i].ending == OPEN and trail[i].deadline_s < end:
        if setting.stops == EVERYTHING:
            end = max(now, trail[i].deadline_s)
        elif setting.stops != PATIENCE:
            _watch(trail, books, i, now)
    _push(books, end, _DONE * _KIND + i)


@inlined
def _admit(work, setting, trail, books, i, s, now):
    """Let an attempt into a stage: to a server, into the queue, or away when the queue is full."""
    books.queues[s].came += 1
    books.queues[s].asked_s += work.service_s[trail[i].row, s]
    if books.queues[s].servers == 0 or books.queues[s].busy < books.queues[s].servers:
        _begin(work, setting, trail, books, i, s, now)
        return
    if books.queues[s].length < books.queues[s].room:
        _line_up(trail, books, i, s, now)
        return
    if trail[i].ending == OPEN:
        _settle(work, setting, trail, books, i, SHED, now)
    _go(work, setting, trail, books, i, now)


@inlined
def _ready_at(work, setting, trail, books, i, now):
    """Return when the limits have room for an attempt."""
    advance(books.level, books.stamp, now, setting.rate, setting.capacity, setting.window_s)
    held = work.held[trail[i].row]
    return ready_at(books.level, books.stamp, now, held, setting.rate, setting.capacity, setting.window_s)


@inlined
def _pass(work, setting, trail, books, i, now):
    """Take from the limits what an attempt reserves, and let it in."""
    for k in range(books.level.size):
        books.level[k] -= work.held[trail[i].row, k]
    trail[i].has_passed = True
    _admit(work, setting, trail, books, i, setting.limited, now)


@inlined
def _pass_limits(work, setting, trail, books, now):
    """Let those who wait at the limits pass as far as there is room, and note when the next one may."""
    queue = books.queues.size - 1
    books.totals[0].opens_s = np.inf
    while books.queues[queue].length > 0:
        i = books.queues[queue].head
        ready = _ready_at(work, setting, trail, books, i, now)
        if ready > now:
            books.totals[0].opens_s = ready
            return
        _step_out(trail, books, i, now)
        _pass(work, setting, trail, books, i, now)


@inlined
def _enter(work, setting, trail, books, i, s, now):
    """Bring an attempt to a stage, through the limits where they stand in front of it."""
    if s != setting.limited or setting.rate.size == 0:
        _admit(work, setting, trail, books, i, s, now)
        return
    queue = books.queues.size - 1
    for k in range(books.asked.size):
        books.asked[k] += work.kept[trail[i].row, k]
    if books.queues[queue].length > 0:  # first come, first served
        _line_up(trail, books, i, queue, now)
        return
    ready = _ready_at(work, setting, trail, books, i, now)
    if ready <= now:
        _pass(work, setting, trail, books, i, now)
    elif setting.delays:
        _line_up(trail, books, i, queue, now)
        books.totals[0].opens_s = ready
    else:
        turn_away(books.level, work.held[trail[i].row], setting.capacity, setting.charges_rejected, books.short)
        if trail[i].ending == OPEN:
            _settle(work, setting, trail, books, i, REJECTED, now)
        _go(work, setting, trail, books, i, now)


@inlined
def _try(work, setting, trail, books, r, now):
    """Let a request make an attempt."""
    i, number = books.totals[0].attempts, work.requests[r].tried
    books.totals[0].attempts, work.requests[r].tried = i + 1, number + 1
    row = work.requests[r].row
    if number > 0 and setting.redraws:
        row = int(luck(setting.seed, r, number, _ROW) * work.failure.size)
    trail[i].request, trail[i].number, trail[i].row = r, number, row
    trail[i].start_s, trail[i].deadline_s, trail[i].wait_s = now, now + work.requests[r].timeout_s, 0.0
    trail[i].ending, trail[i].is_watched, trail[i].has_passed = OPEN, False, False
    books.inside[_moment(work, books, now)] += 1
    _enter(work, setting, trail, books, i, 0, now)


@inlined
def _done(work, setting, trail, books, i, now):
    """Free a server; its attempt goes on, is over, or had timed out under service; the next one begins."""
    s = trail[i].queue
    books.queues[s].busy -= 1
    last = books.totals[0].last_s
    books.queues[s].worked_s += max(0.0, min(now, last) - min(trail[i].since_s, last))
    if books.queues[s].length > 0:
        first = books.queues[s].head
        _step_out(trail, books, first, now)
        _begin(work, setting, trail, books, first, s, now)
    if now < trail[i].until_s:
        _settle(work, setting, trail, books, i, TIMED_OUT, now)
    elif s + 1 < books.queues.size - 1:
        _enter(work, setting, trail, books, i, s + 1, now)
        return
    elif trail[i].ending == OPEN:
        chance = work.failure[trail[i].row]
        has_failed = chance > 0 and luck(setting.seed, trail[i].request, trail[i].number, _FAILURE) < chance
        _settle(work, setting, trail, books, i, FAILED if has_failed else ANSWERED, now)
    _go(work, setting, trail, books, i, now)


@inlined
def _time_out(work, setting, trail, books, i, now):
    """Let the one who made an attempt give up; what goes on with it all the same depends on what a time-out stops."""
    if trail[i].ending != OPEN or trail[i].place == _OUT:
        return
    if trail[i].place == _SERVED:
        if setting.stops == WAITING or setting.stops == NOTHING:
            _settle(work, setting, trail, books, i, TIMED_OUT, now)
        trail[i].is_watched = 0  # who is patient under service is not so in the next queue
        return
    queue = trail[i].queue
    is_at_limits = queue == books.queues.size - 1
    if setting.stops != NOTHING or is_at_limits:  # at the limits it waits with the one who asks
        _step_out(trail, books, i, now)
        _settle(work, setting, trail, books, i, TIMED_OUT, now)
        _go(work, setting, trail, books, i, now)
        if is_at_limits:
            _pass_limits(work, setting, trail, books, now)
        return
    trail[i].wait_s += now - trail[i].since_s
    _settle(work, setting, trail, books, i, TIMED_OUT, now)


@partial(compiled, **NO_COUNTING)
def run(work, setting, trail, books):
    """Let all requests come and follow every attempt until it has left; everything is written into the arrays."""
    came, n = 0, work.requests.size
    while True:
        arrives = work.requests[came].arrival_s if came < n else np.inf
        first = books.calendar[0].time_s if books.totals[0].events > 0 else np.inf
        opens = books.totals[0].opens_s
        if first <= arrives and first <= opens:
            if first == np.inf:
                return
            code = _pop(books)
            kind, which = code // _KIND, code % _KIND
            if kind == _DONE:
                _done(work, setting, trail, books, which, first)
            elif kind == _TIMEOUT:
                _time_out(work, setting, trail, books, which, first)
            else:
                _try(work, setting, trail, books, which, first)
        elif opens <= arrives:
            _pass_limits(work, setting, trail, books, opens)
        else:
            _try(work, setting, trail, books, came, arrives)
            came += 1
