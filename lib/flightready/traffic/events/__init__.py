"""Events of requests on their way through stages, compiled: visits, time-outs, retries, limits, faults, a breaker.

The calendar is a binary heap in one array, ordered by time and, at the same time, by kind: what is done comes before
what times out. Attempts are numbered in the order in which they come; each has one row in the trail, and so many more
for branches as a step has visits beside each other at most. The queues are linked lists through these rows, so that an
attempt that gives up leaves the middle of a queue at once. Random numbers are a function of (seed, request, attempt,
purpose): a change of the setting moves no other request's luck.
The kernels are serial. Each step that is taken in whole stands at one place of the main loop only, and what is seldom
needed is called: so it compiles soon. This module is slow to load: import it where it is needed.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from flightready.traffic.bucket_steps import NO_COUNTING, compiled, inlined
from flightready.traffic.events.agenda import (
    CACHE,
    DONE,
    HEDGE,
    KIND,
    RETRY,
    ROW,
    TIMEOUT,
    close,
    luck,
    push,
    take_first,
)
from flightready.traffic.events.endings import abandon, go, is_cut_off, longest_wait_s, moment, seldom, settle
from flightready.traffic.events.lines import free, look_again, release, step_out, whole
from flightready.traffic.events.records import (
    ANSWERED,
    BROKEN,
    CLIENT,
    CUT_OFF,
    EVENT,
    FAILED,
    FAULT,
    HEDGE_BIT,
    MORE,
    NOTHING,
    OPEN,
    OUT,
    PATIENCE,
    QUEUE,
    QUEUED,
    RULE,
    SERVED,
    SPLIT,
    STATE,
    TIMED_OUT,
    TOTALS,
    UNHARMED,
    VISIT,
    WAITING,
    Books,
    Requests,
    Setting,
    Trail,
    Work,
)
from flightready.traffic.events.visits import branch, end, enter, is_waiting, join, next_step, pass_gate, split, tear

__all__ = [
    "ANSWERED", "CLIENT", "EVENT", "FAULT", "MORE", "QUEUE", "RULE", "STATE", "TIMED_OUT", "TOTALS", "VISIT", "Books",
    "Requests", "Setting", "Trail", "Work", "luck", "run",
]  # fmt: skip
_NOBODY = -1


@inlined
def _try(work, setting, trail, books, r, number, beside, now):
    """Let a request make an attempt, beside another one where there is one."""
    i = books.totals[0].attempts
    books.totals[0].attempts = i + 1
    work.requests.tried[r] += 1
    if setting.client[0].hedge_after_s < np.inf:
        number = _pair(setting, trail, books, i, number, beside, now)
    row = work.requests.row[r]
    if number > 0 and setting.client[0].redraws:
        row = int(luck(setting.client[0].seed, r, number, ROW) * work.failure.size)
    trail.request[i], trail.row[i], trail.start_s[i], trail.wait_s[i], trail.ending[i] = r, row, now, 0.0, OPEN
    trail.state[i].number, trail.state[i].place, trail.state[i].deadline_s = (
        number,
        OUT,
        now + work.requests.timeout_s[r],
    )
    trail.state[i].is_watched, trail.state[i].has_passed = False, False
    if setting.faults.size > 0:
        trail.more[i].harm = UNHARMED
    books.inside[moment(books, now)] += 1
    return i


@seldom
def _pair(setting, trail, books, i, number, beside, now):
    """Note which attempt is beside a new one, or when one will be; return the number of its try."""
    trail.more[i].pair = beside
    if beside < 0:
        push(books.calendar, books.totals, now + setting.client[0].hedge_after_s, HEDGE * KIND + i)
        return number
    trail.more[beside].pair = i
    books.totals[0].hedges += 1
    return trail.state[beside].number + HEDGE_BIT


@inlined
def _time_out(setting, trail, books, a, now):
    """Let the one who made an attempt give up; return how it ends, and whether it leaves at once."""
    place = trail.state[a].place
    if trail.ending[a] != OPEN:
        return OPEN, False
    if place == QUEUED:
        gate = trail.state[a].queue - setting.client[0].stages
        if gate < 0 and setting.client[0].stops == NOTHING:
            trail.wait_s[a] += now - trail.state[a].since_s
            return TIMED_OUT, False
        step_out(setting, trail, books, a, now)
        if gate >= 0:  # there it waits with the one who asks
            look_again(setting, books, gate, now)
        return TIMED_OUT, True
    if place == SPLIT and (setting.client[0].stops != PATIENCE or is_waiting(setting, trail, a)):
        return TIMED_OUT, True
    trail.state[a].is_watched = 0  # who is patient under service is not so in the next queue
    return TIMED_OUT if setting.client[0].stops == WAITING or setting.client[0].stops == NOTHING else OPEN, False


@inlined
def _done(work, setting, trail, books, t, now):
    """Free a server; return whose next step it is, from which visit, and how the visit ended where there is none."""
    if trail.state[t].place != SERVED:  # it was stopped meanwhile
        return _NOBODY, 0, OPEN
    free(work, setting, trail, books, t, now)
    release(work, setting, trail, books, t, now)
    if now < trail.state[t].until_s:
        return t, 0, TIMED_OUT
    if setting.faults.size > 0 and trail.more[t].harm == BROKEN:
        return t, 0, FAILED
    a, visit = whole(setting, trail, t), setting.way[trail.state[t].visit].beyond
    if t != a and not join(setting, trail, books, a, t, now):
        return _NOBODY, 0, OPEN
    has_left = trail.ending[a] != OPEN and setting.client[0].stops != NOTHING
    return a, visit, trail.ending[a] if has_left else OPEN


@inlined
def _fall(work, setting, trail, books, t, ending, leaves, now):
    """End an attempt, or the one to which a branch belongs, and let it leave."""
    a = whole(setting, trail, t)
    if trail.ending[a] == OPEN:
        if trail.state[a].place == SPLIT:
            trail.wait_s[a] += longest_wait_s(setting, trail, a, now)
        settle(work, setting, trail, books, a, ending, now)
    if not leaves:
        return
    if trail.state[a].place != SPLIT:
        release(work, setting, trail, books, t, now)
        trail.state[t].place = OUT
        go(books, now)
    elif t == a:
        abandon(work, setting, trail, books, a, now)
    else:
        tear(work, setting, trail, books, a, t, now)


@inlined
def _is_kept(work, setting, r, now):
    """Answer a request by a kept answer, where there is one."""
    if (
        setting.client[0].cached_share == 0
        or luck(setting.client[0].seed, r, 0, CACHE) >= setting.client[0].cached_share
    ):
        return False
    work.requests.outcome[r], work.requests.finish_s[r] = ANSWERED, now + setting.client[0].cached_s
    return True


@partial(compiled, **NO_COUNTING)
def run(work, setting, trail, books):
    """Let all requests come and follow every attempt until it has left; everything is written into the arrays."""
    came, n = 0, work.requests.row.size
    while True:
        close(books.calendar, books.totals)
        arrives = work.requests.arrival_s[came] if came < n else np.inf
        first = books.calendar[0].time_s if books.totals[0].events > 0 else np.inf
        opens = books.totals[0].opens_s
        r, number, beside = _NOBODY, 0, _NOBODY  # who makes an attempt, which try it is, beside whom
        t, visit, beyond, made = _NOBODY, 0, 1, 0  # who goes on to which visits
        ending, leaves = OPEN, True  # or how it ends
        steps_on = False
        if first <= arrives and first <= opens:
            if first == np.inf:
                return
            now, code = first, take_first(books.calendar, books.totals)
            kind, which = code // KIND, code % KIND
            if kind == DONE:
                t, visit, ending = _done(work, setting, trail, books, which, now)
                steps_on = t >= 0 and ending == OPEN
            elif kind == TIMEOUT:
                ending, leaves = _time_out(setting, trail, books, which, now)
                t = which if ending != OPEN else _NOBODY
            elif kind == RETRY:
                r, number = which // HEDGE_BIT, which % HEDGE_BIT
            elif trail.ending[which] == OPEN:
                r, beside = np.int64(trail.request[which]), which
        elif opens <= arrives:
            now = opens
            t = pass_gate(work, setting, trail, books, now)
            if t >= 0:
                visit = trail.state[t].visit
                beyond = visit + 1
        else:
            now = arrives
            r = _NOBODY if _is_kept(work, setting, came, now) else came
            came += 1
        if r >= 0:
            t = _try(work, setting, trail, books, r, number, beside, now)
            ending = CUT_OFF if setting.client[0].breaker_of > 0 and is_cut_off(books, t, now) else OPEN
            steps_on = ending == OPEN
        if t < 0:
            continue
        a = whole(setting, trail, t)
        if steps_on:
            visit, beyond, made = next_step(work, setting, trail, a, visit)
            if made == 0:
                ending = end(work, setting, trail, a)
            elif made > 1:
                t = split(setting, trail, a)
        elif ending != OPEN:
            visit, beyond = 0, 1
        while visit < beyond:
            if made > 1:
                if np.isnan(work.service_s[trail.row[a], visit]):
                    visit += 1
                    continue
                branch(setting, trail, a, t)
            if ending == OPEN:
                ending = enter(work, setting, trail, books, t, visit, now)
            if ending != OPEN:
                _fall(work, setting, trail, books, t, ending, leaves, now)
            visit += 1
            if made > 1:
                t, ending = t + 1, OPEN
                if trail.ending[a] != OPEN and setting.client[0].stops != NOTHING:
                    break
        if made > 1:
            trail.more[a].left -= 1
            if trail.more[a].left == 0:
                trail.state[a].place = OUT
                go(books, now)
