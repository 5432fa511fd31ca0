"""Visits to stages: through the limits in front of them, to a server or into the queue; branches and how they join."""

from __future__ import annotations

import numpy as np

from flightready.traffic.bucket_steps import inlined, turn_away
from flightready.traffic.events.agenda import FAILURE, luck
from flightready.traffic.events.endings import abandon, go, longest_wait_s, seldom
from flightready.traffic.events.lines import (
    begin,
    fault_at,
    gate_ready_at,
    line_up,
    look_again,
    opens_at,
    release,
    step_out,
    take,
    whole,
)
from flightready.traffic.events.records import (
    ANSWERED,
    FAILED,
    FAULT_REJECTS,
    NOTHING,
    OPEN,
    OUT,
    QUEUED,
    REJECTED,
    SHED,
    SPLIT,
    SPOILT,
    UNHARMED,
)


@inlined
def _admit(work, setting, trail, books, t, s, now):
    """Let a visit into a stage: to a server, into the queue, or away when the queue is full; return how it ended."""
    books.queues[s].came += 1
    if setting.faults.size > 0:
        f = fault_at(setting, trail, t, True, now)
        if f >= 0:
            books.totals[0].ready_s = now
            return REJECTED if setting.faults[f].kind == FAULT_REJECTS else FAILED
    books.queues[s].asked_s += work.service_s[trail.row[whole(setting, trail, t)], trail.state[t].visit]
    if books.queues[s].servers == 0 or books.queues[s].busy < books.queues[s].servers:
        begin(work, setting, trail, books, t, s, now)
        return OPEN
    if books.queues[s].length < books.queues[s].room:
        line_up(setting, trail, books, t, s, now)
        return OPEN
    return SHED


@inlined
def _at_gate(work, setting, trail, books, t, g, now):
    """Bring a visit to the limits in front of its stage; return how it ended, and whether it passed."""
    queue, row = setting.client[0].stages + g, trail.row[whole(setting, trail, t)]
    for k in range(books.rules.shape[1]):
        books.rules[g, k].asked += work.kept[row, g, k]
    if books.queues[queue].length > 0:  # first come, first served
        line_up(setting, trail, books, t, queue, now)
        return OPEN, False
    ready = gate_ready_at(work, setting, trail, books, t, g, now)
    if ready <= now:
        take(work, setting, trail, books, t, g)
        return OPEN, True
    if books.queues[setting.client[0].stages + g].delays:
        line_up(setting, trail, books, t, queue, now)
        opens_at(setting, books, g, ready)
        return OPEN, False
    rules = books.rules[g]
    turn_away(rules.level, work.held[row, g], rules.capacity, rules.charges_rejected, rules.short)
    books.totals[0].ready_s = ready
    return REJECTED, False


@inlined
def enter(work, setting, trail, books, t, visit, now):
    """Bring an attempt or a branch to a visit, through the limits where they stand in front; return how it ended."""
    trail.state[t].visit = visit
    s = setting.way[visit].stage
    g = books.queues[s].gate
    if g >= 0 and not trail.state[t].has_passed:
        fell, is_in = _at_gate(work, setting, trail, books, t, g, now)
        if not is_in:
            return fell
    return _admit(work, setting, trail, books, t, s, now)


@inlined
def pass_gate(work, setting, trail, books, now):
    """Let the first who waits at a gate pass, if there is room, and note when the next may; -1: nobody passed."""
    g, stages = 0, setting.client[0].stages
    while books.queues[stages + g].opens_s > now:
        g += 1
    t = books.queues[stages + g].head
    ready = gate_ready_at(work, setting, trail, books, t, g, now)
    if ready > now:
        opens_at(setting, books, g, ready)
        return -1
    step_out(setting, trail, books, t, now)
    take(work, setting, trail, books, t, g)
    look_again(setting, books, g, now)
    return t


@inlined
def next_step(work, setting, trail, a, visit):
    """Return the visits of the next step that makes one: the first, before which they end, and how many are made."""
    row = trail.row[a]
    while visit < setting.way.size:
        beyond, made, last = setting.way[visit].beyond, 0, visit
        for v in range(visit, beyond):
            if not np.isnan(work.service_s[row, v]):
                made += 1
                last = v
        if made == 1:
            return last, last + 1, made
        if made > 1:
            return visit, beyond, made
        visit = beyond
    return 0, 1, 0


@inlined
def end(work, setting, trail, a):
    """Return how an attempt ends that has made all its visits."""
    if setting.faults.size > 0 and trail.more[a].harm == SPOILT:
        return FAILED
    chance = work.failure[trail.row[a]]
    has_failed = chance > 0 and luck(setting.client[0].seed, trail.request[a], trail.state[a].number, FAILURE) < chance
    return FAILED if has_failed else ANSWERED


@seldom
def join(setting, trail, books, a, t, now):
    """End a branch; return whether it was the last, and the attempt goes on."""
    trail.more[a].left -= 1
    if setting.faults.size > 0 and trail.more[t].harm == SPOILT:
        trail.more[a].harm = SPOILT
    if trail.more[a].left > 0:
        return False
    if trail.ending[a] == OPEN:
        trail.wait_s[a] += longest_wait_s(setting, trail, a, now)
    trail.state[a].place = OUT
    if trail.more[a].is_torn or (trail.ending[a] != OPEN and setting.client[0].stops != NOTHING):
        go(books, now)
        return False
    return True


@seldom
def split(setting, trail, a):
    """Let an attempt go on in branches, the first of which is returned; it holds them together until all have begun."""
    trail.state[a].place, trail.more[a].left, trail.more[a].made, trail.more[a].is_torn = SPLIT, 1, 0, 0
    return trail.ending.size + a * setting.client[0].width


@seldom
def branch(setting, trail, a, t):
    """Begin a branch."""
    trail.more[a].left += 1
    trail.more[a].made += 1
    trail.state[t].has_passed, trail.wait_s[t], trail.state[t].place = False, 0.0, OUT
    if setting.faults.size > 0:
        trail.more[t].harm = UNHARMED


@seldom
def tear(work, setting, trail, books, a, t, now):
    """End a branch without a next step, and what goes on beside it as far as that stops."""
    release(work, setting, trail, books, t, now)
    trail.more[a].left -= 1
    trail.more[a].is_torn = 1
    abandon(work, setting, trail, books, a, now)


@seldom
def is_waiting(setting, trail, a):
    """Return whether a branch of an attempt waits."""
    waiting, first = 0, trail.ending.size + a * setting.client[0].width
    for t in range(first, first + trail.more[a].made):
        waiting += trail.state[t].place == QUEUED
    return waiting > 0
