"""Events of requests on their way through stages, compiled: arrivals, service, time-outs, retries, rate limits.

The calendar is a binary heap in two arrays, ordered by time and, at the same time, by kind: what is done comes before
what times out. Attempts are numbered in the order in which they come; each has one row in `Trail`. The queues are
linked lists through these rows, so that an attempt that gives up leaves the middle of a queue at once. Random numbers
are a function of (seed, request, attempt, purpose): a change of the setting moves no other request's luck.
The kernels are serial. This module is slow to load: import it where it is needed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from flightready.traffic.bucket_steps import advance, compiled, give_back, ready_at, turn_away

OPEN, ANSWERED, TIMED_OUT, REJECTED, FAILED, SHED = 0, 1, 2, 3, 4, 5
"""How an attempt ends for the one who made it; open while it has not."""
LOST, DEGRADED = 2, 3
"""How a request ends that no attempt answered (1 where one did)."""
EVERYTHING, WAITING, NOTHING, PATIENCE = 0, 1, 2, 3
"""What a time-out stops."""
_DONE, _TIMEOUT, _RETRY = 0, 1, 2
_KIND = 1 << 48
_OUT, _QUEUED, _SERVED = 0, 1, 2
_ROW, _FAILURE, _JITTER, _FALLBACK = 1, 2, 3, 4
_MIX, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


class Work(NamedTuple):
    """What comes: `arrival_s`, `row`, `timeout_s` of each request; service, failure and charges of each row."""

    arrival_s: np.ndarray
    row: np.ndarray
    timeout_s: np.ndarray
    service_s: np.ndarray  # (rows, stages)
    failure: np.ndarray  # (rows,)
    held: np.ndarray  # (rows, limits)
    kept: np.ndarray  # (rows, limits)


class Setting(NamedTuple):
    """The stages, the limits in front of one of them, and what the one who asks does."""

    servers: np.ndarray  # (stages,)
    room: np.ndarray  # (stages,)
    rate: np.ndarray  # (limits,)
    capacity: np.ndarray  # (limits,)
    window_s: np.ndarray  # (limits,)
    charges_rejected: np.ndarray  # (limits,)
    limited: int
    delays: bool
    returns: bool
    stops: int
    retries: int
    retried: np.ndarray  # (endings,)
    backoff_s: float
    backoff_most_s: float
    jitter: float
    redraws: bool
    fallback: float
    seed: np.uint64


class Trail(NamedTuple):
    """What happens to each attempt."""

    request: np.ndarray
    number: np.ndarray
    row: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    wait_s: np.ndarray
    ending: np.ndarray
    since_s: np.ndarray
    until_s: np.ndarray
    deadline_s: np.ndarray
    stage: np.ndarray
    place: np.ndarray
    ahead: np.ndarray
    behind: np.ndarray
    is_watched: np.ndarray
    has_passed: np.ndarray


class Books(NamedTuple):
    """State of the whole: calendar, queues, limits, and what is counted."""

    time_s: np.ndarray
    code: np.ndarray
    size: np.ndarray  # of the calendar, attempts so far
    head: np.ndarray  # (stages + 1,): the last queue is the one at the limits
    tail: np.ndarray
    length: np.ndarray
    busy: np.ndarray  # (stages,)
    level: np.ndarray  # (limits,)
    stamp: np.ndarray
    short: np.ndarray
    asked: np.ndarray  # (limits,): what all attempts that came to the limits use
    opens_s: np.ndarray  # (1,): when the first at the limits may pass
    outcome: np.ndarray  # (requests,)
    finish_s: np.ndarray
    tried: np.ndarray
    asked_s: np.ndarray  # (stages,): service asked for by all attempts that came to a stage
    worked_s: np.ndarray  # (stages,): time servers were at work until the last arrival
    waited_s: np.ndarray  # (stages + 1,)
    came: np.ndarray  # (stages,): attempts that came to a stage
    inside: np.ndarray  # (moments,): attempts that came less those that left, by time


@compiled
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


@compiled
def _push(books, time_s, code):
    i = books.size[0]
    books.size[0] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if books.time_s[up] < time_s or (books.time_s[up] == time_s and books.code[up] <= code):
            break
        books.time_s[i], books.code[i] = books.time_s[up], books.code[up]
        i = up
    books.time_s[i], books.code[i] = time_s, code


@compiled
def _pop(books):
    """Take the first event off the calendar and return its code."""
    first = books.code[0]
    n = books.size[0] - 1
    books.size[0] = n
    time_s, code = books.time_s[n], books.code[n]
    i = 0
    while True:
        low = 2 * i + 1
        if low >= n:
            break
        high = low + 1
        if high < n and (
            books.time_s[high] < books.time_s[low]
            or (books.time_s[high] == books.time_s[low] and books.code[high] < books.code[low])
        ):
            low = high
        if time_s < books.time_s[low] or (time_s == books.time_s[low] and code <= books.code[low]):
            break
        books.time_s[i], books.code[i] = books.time_s[low], books.code[low]
        i = low
    books.time_s[i], books.code[i] = time_s, code
    return first


@compiled
def _line_up(trail, books, i, queue, now):
    """Put an attempt at the end of a queue."""
    last = books.tail[queue]
    trail.ahead[i], trail.behind[i] = last, -1
    if last >= 0:
        trail.behind[last] = i
    else:
        books.head[queue] = i
    books.tail[queue] = i
    books.length[queue] += 1
    trail.place[i], trail.since_s[i], trail.stage[i] = _QUEUED, now, queue
    _watch(trail, books, i)


@compiled
def _step_out(trail, books, i, now):
    """Take an attempt out of the queue in which it is."""
    queue, ahead, behind = trail.stage[i], trail.ahead[i], trail.behind[i]
    if ahead >= 0:
        trail.behind[ahead] = behind
    else:
        books.head[queue] = behind
    if behind >= 0:
        trail.ahead[behind] = ahead
    else:
        books.tail[queue] = ahead
    books.length[queue] -= 1
    trail.place[i] = _OUT
    books.waited_s[queue] += now - trail.since_s[i]
    if trail.ending[i] == OPEN:
        trail.wait_s[i] += now - trail.since_s[i]


@compiled
def _watch(trail, books, i):
    """Enter the time-out of an attempt in the calendar, once."""
    if not trail.is_watched[i] and trail.ending[i] == OPEN and trail.deadline_s[i] < np.inf:
        trail.is_watched[i] = True
        _push(books, trail.deadline_s[i], _TIMEOUT * _KIND + i)


@compiled
def _settle(work, setting, trail, books, i, ending, now):
    """End an attempt for the one who made it: the request is over, or tries again later."""
    trail.ending[i], trail.end_s[i] = ending, now
    r, number = trail.request[i], trail.number[i]
    if ending == ANSWERED:
        books.outcome[r], books.finish_s[r] = ANSWERED, now
    elif number < setting.retries and setting.retried[ending]:
        pause_s = min(setting.backoff_most_s, setting.backoff_s * 2.0**number)
        pause_s *= 1 - setting.jitter * luck(setting.seed, r, number, _JITTER)
        _push(books, now + pause_s, _RETRY * _KIND + r)
    else:
        is_covered = luck(setting.seed, r, number, _FALLBACK) < setting.fallback
        books.outcome[r], books.finish_s[r] = DEGRADED if is_covered else LOST, now


@compiled
def _moment(work, books, now):
    """Number of the moment at which the attempts inside are counted."""
    last, count = work.arrival_s[-1], books.inside.size - 1
    return min(count, int(now / last * count)) if last > 0 else count


@compiled
def _go(work, setting, trail, books, i, now):
    """Take an attempt out of the system, and give back what it reserved at the limits and did not use."""
    trail.place[i] = _OUT
    books.inside[_moment(work, books, now)] -= 1
    if trail.has_passed[i] and setting.returns:
        row = trail.row[i]
        advance(books.level, books.stamp, now, setting.rate, setting.capacity, setting.window_s)
        give_back(books.level, work.held[row], work.kept[row], setting.capacity)


@compiled
def _leave(work, setting, trail, books, i, now):
    """Let an attempt leave, and those wait no longer at the limits who can use what it gave back."""
    _go(work, setting, trail, books, i, now)
    if setting.returns and trail.has_passed[i]:
        _pass_limits(work, setting, trail, books, now)


@compiled
def _begin(work, setting, trail, books, i, s, now):
    """Give an attempt a server of a stage."""
    books.busy[s] += 1
    end = now + work.service_s[trail.row[i], s]
    trail.place[i], trail.stage[i], trail.since_s[i], trail.until_s[i] = _SERVED, s, now, end
    if trail.ending[i] == OPEN and trail.deadline_s[i] < end:
        if setting.stops == EVERYTHING:
            end = max(now, trail.deadline_s[i])
        elif setting.stops != PATIENCE:
            _watch(trail, books, i)
    _push(books, end, _DONE * _KIND + i)


@compiled
def _admit(work, setting, trail, books, i, s, now):
    """Let an attempt into a stage: to a server, into the queue, or away when the queue is full."""
    books.came[s] += 1
    books.asked_s[s] += work.service_s[trail.row[i], s]
    if setting.servers[s] == 0 or books.busy[s] < setting.servers[s]:
        _begin(work, setting, trail, books, i, s, now)
        return
    if books.length[s] < setting.room[s]:
        _line_up(trail, books, i, s, now)
        return
    if trail.ending[i] == OPEN:
        _settle(work, setting, trail, books, i, SHED, now)
    _go(work, setting, trail, books, i, now)


@compiled
def _ready_at(work, setting, trail, books, i, now):
    """Return when the limits have room for an attempt."""
    advance(books.level, books.stamp, now, setting.rate, setting.capacity, setting.window_s)
    held = work.held[trail.row[i]]
    return ready_at(books.level, books.stamp, now, held, setting.rate, setting.capacity, setting.window_s)


@compiled
def _pass(work, setting, trail, books, i, now):
    """Take from the limits what an attempt reserves, and let it in."""
    for k in range(books.level.size):
        books.level[k] -= work.held[trail.row[i], k]
    trail.has_passed[i] = True
    _admit(work, setting, trail, books, i, setting.limited, now)


@compiled
def _pass_limits(work, setting, trail, books, now):
    """Let those who wait at the limits pass as far as there is room, and note when the next one may."""
    queue = setting.servers.size
    books.opens_s[0] = np.inf
    while books.length[queue] > 0:
        i = books.head[queue]
        ready = _ready_at(work, setting, trail, books, i, now)
        if ready > now:
            books.opens_s[0] = ready
            return
        _step_out(trail, books, i, now)
        _pass(work, setting, trail, books, i, now)


@compiled
def _enter(work, setting, trail, books, i, s, now):
    """Bring an attempt to a stage, through the limits where they stand in front of it."""
    if s != setting.limited or setting.rate.size == 0:
        _admit(work, setting, trail, books, i, s, now)
        return
    queue = setting.servers.size
    for k in range(books.asked.size):
        books.asked[k] += work.kept[trail.row[i], k]
    if books.length[queue] > 0:  # first come, first served
        _line_up(trail, books, i, queue, now)
        return
    ready = _ready_at(work, setting, trail, books, i, now)
    if ready <= now:
        _pass(work, setting, trail, books, i, now)
    elif setting.delays:
        _line_up(trail, books, i, queue, now)
        books.opens_s[0] = ready
    else:
        turn_away(books.level, work.held[trail.row[i]], setting.capacity, setting.charges_rejected, books.short)
        if trail.ending[i] == OPEN:
            _settle(work, setting, trail, books, i, REJECTED, now)
        _go(work, setting, trail, books, i, now)


@compiled
def _try(work, setting, trail, books, r, now):
    """Let a request make an attempt."""
    i, number = books.size[1], books.tried[r]
    books.size[1], books.tried[r] = i + 1, number + 1
    row = work.row[r]
    if number > 0 and setting.redraws:
        row = int(luck(setting.seed, r, number, _ROW) * work.failure.size)
    trail.request[i], trail.number[i], trail.row[i] = r, number, row
    trail.start_s[i], trail.deadline_s[i], trail.wait_s[i] = now, now + work.timeout_s[r], 0.0
    trail.ending[i], trail.is_watched[i], trail.has_passed[i] = OPEN, False, False
    books.inside[_moment(work, books, now)] += 1
    _enter(work, setting, trail, books, i, 0, now)


@compiled
def _done(work, setting, trail, books, i, now):
    """Free a server; its attempt goes on, is over, or had timed out under service; the next one begins."""
    s = trail.stage[i]
    books.busy[s] -= 1
    last = work.arrival_s[-1]
    books.worked_s[s] += max(0.0, min(now, last) - min(trail.since_s[i], last))
    if books.length[s] > 0:
        first = books.head[s]
        _step_out(trail, books, first, now)
        _begin(work, setting, trail, books, first, s, now)
    if now < trail.until_s[i]:
        _settle(work, setting, trail, books, i, TIMED_OUT, now)
    elif s + 1 < setting.servers.size:
        _enter(work, setting, trail, books, i, s + 1, now)
        return
    elif trail.ending[i] == OPEN:
        chance = work.failure[trail.row[i]]
        has_failed = chance > 0 and luck(setting.seed, trail.request[i], trail.number[i], _FAILURE) < chance
        _settle(work, setting, trail, books, i, FAILED if has_failed else ANSWERED, now)
    _leave(work, setting, trail, books, i, now)


@compiled
def _time_out(work, setting, trail, books, i, now):
    """Let the one who made an attempt give up; what goes on with it all the same depends on what a time-out stops."""
    if trail.ending[i] != OPEN or trail.place[i] == _OUT:
        return
    if trail.place[i] == _SERVED:
        if setting.stops == WAITING or setting.stops == NOTHING:
            _settle(work, setting, trail, books, i, TIMED_OUT, now)
        return
    queue = trail.stage[i]
    is_at_limits = queue == setting.servers.size
    if setting.stops != NOTHING or is_at_limits:  # at the limits it waits with the one who asks
        _step_out(trail, books, i, now)
        _settle(work, setting, trail, books, i, TIMED_OUT, now)
        _leave(work, setting, trail, books, i, now)
        if is_at_limits:
            _pass_limits(work, setting, trail, books, now)
        return
    trail.wait_s[i] += now - trail.since_s[i]
    _settle(work, setting, trail, books, i, TIMED_OUT, now)


@compiled
def run(work, setting, trail, books):
    """Let all requests come and follow every attempt until it has left; everything is written into the arrays."""
    came, n = 0, work.arrival_s.size
    while True:
        arrives = work.arrival_s[came] if came < n else np.inf
        first = books.time_s[0] if books.size[0] > 0 else np.inf
        opens = books.opens_s[0]
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
