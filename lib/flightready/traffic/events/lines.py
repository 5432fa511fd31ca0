"""Queues, gates and servers: lists through the rows of the trail, so that who gives up leaves the middle at once."""

from __future__ import annotations

import numpy as np

from flightready.traffic.bucket_steps import advance, give_back, inlined, ready_at
from flightready.traffic.events.agenda import DONE, FAULT_LUCK, KIND, TIMEOUT, luck, push, seed_of
from flightready.traffic.events.records import (
    BROKEN,
    EVERYTHING,
    FAULT_DOWN,
    FAULT_FAILS,
    FAULT_REJECTS,
    FAULT_SLOWS,
    FAULT_SPOILS,
    FAULT_STICKS,
    OPEN,
    OUT,
    PATIENCE,
    QUEUED,
    SERVED,
    SPOILT,
)


@inlined
def whole(setting, trail, t):
    """Return the attempt to which a row of the trail belongs."""
    attempts = trail.ending.size
    return t if t < attempts else (t - attempts) // setting.client[0].width


@inlined
def watch(trail, books, a, now):
    """Enter the time-out of an attempt in the calendar, once; patience may have run out under service before."""
    if not trail.state[a].is_watched and trail.ending[a] == OPEN and trail.state[a].deadline_s < np.inf:
        trail.state[a].is_watched = 1
        push(books.calendar, books.totals, max(now, trail.state[a].deadline_s), TIMEOUT * KIND + a)


@inlined
def line_up(setting, trail, books, t, queue, now):
    """Put an attempt or a branch at the end of a queue."""
    last = books.queues[queue].tail
    trail.state[t].ahead, trail.state[t].behind = last, -1
    if last >= 0:
        trail.state[last].behind = t
    else:
        books.queues[queue].head = t
    books.queues[queue].tail = t
    books.queues[queue].length += 1
    trail.state[t].place, trail.state[t].since_s, trail.state[t].queue = QUEUED, now, queue
    watch(trail, books, whole(setting, trail, t), now)


@inlined
def step_out(setting, trail, books, t, now):
    """Take an attempt or a branch out of the queue in which it is."""
    queue, ahead, behind = trail.state[t].queue, trail.state[t].ahead, trail.state[t].behind
    if ahead >= 0:
        trail.state[ahead].behind = behind
    else:
        books.queues[queue].head = behind
    if behind >= 0:
        trail.state[behind].ahead = ahead
    else:
        books.queues[queue].tail = ahead
    books.queues[queue].length -= 1
    trail.state[t].place = OUT
    books.queues[queue].waited_s += now - trail.state[t].since_s
    if trail.ending[whole(setting, trail, t)] == OPEN:
        trail.wait_s[t] += now - trail.state[t].since_s


@inlined
def opens_at(setting, books, g, moment):
    """Note when the first who waits at a gate may pass."""
    stages = setting.client[0].stages
    books.queues[stages + g].opens_s = moment
    first = np.inf
    for queue in range(stages, books.queues.size):
        first = min(first, books.queues[queue].opens_s)
    books.totals[0].opens_s = first


@inlined
def look_again(setting, books, g, now):
    """Let those who wait at a gate try at this moment."""
    opens_at(setting, books, g, now if books.queues[setting.client[0].stages + g].length > 0 else np.inf)


@inlined
def gate_ready_at(work, setting, trail, books, t, g, now):
    """Return when a gate has room for a visit."""
    rules = books.rules[g]
    advance(rules.level, rules.stamp, now, rules.rate, rules.capacity, rules.window_s)
    held = work.held[trail.row[whole(setting, trail, t)], g]
    return ready_at(rules.level, rules.stamp, now, held, rules.rate, rules.capacity, rules.window_s)


@inlined
def take(work, setting, trail, books, t, g):
    """Take from the limits of a gate what a visit reserves."""
    row = trail.row[whole(setting, trail, t)]
    for k in range(books.rules.shape[1]):
        books.rules[g, k].level -= work.held[row, g, k]
    trail.state[t].has_passed = 1


@inlined
def release(work, setting, trail, books, t, now):
    """End a visit at its gate: what it reserved and did not use comes back, and those who wait there may look."""
    if not trail.state[t].has_passed:
        return
    trail.state[t].has_passed = 0
    g = books.queues[setting.way[trail.state[t].visit].stage].gate
    if books.queues[setting.client[0].stages + g].returns:
        rules = books.rules[g]
        advance(rules.level, rules.stamp, now, rules.rate, rules.capacity, rules.window_s)
        row = trail.row[whole(setting, trail, t)]
        give_back(rules.level, work.held[row, g], work.kept[row, g], rules.capacity)
        look_again(setting, books, g, now)


@inlined
def fault_at(setting, trail, t, at_door, now):
    """Return the first fault that meets a visit at the door of its stage, or as its service begins; -1: none."""
    a, visit = whole(setting, trail, t), trail.state[t].visit
    for f in range(setting.faults.size):
        fault = setting.faults[f]
        is_here = fault.stage == setting.way[visit].stage and fault.start_s <= now < fault.end_s
        if is_here and (fault.kind == FAULT_DOWN or (fault.kind == FAULT_REJECTS) == at_door):
            seed = seed_of(setting.client[0].seed, f, visit)
            if luck(seed, trail.request[a], trail.state[a].number, FAULT_LUCK) < fault.share:
                return f
    return -1


@inlined
def _harmed_s(setting, trail, books, t, s, service_s, now):
    """Return the time of a service under the fault that meets it as it begins, and note what becomes of the visit."""
    f = fault_at(setting, trail, t, False, now)
    if f < 0:
        return service_s
    kind = setting.faults[f].kind
    if kind == FAULT_SLOWS:
        slowed_s = service_s * setting.faults[f].factor
        books.queues[s].asked_s += slowed_s - service_s
        return slowed_s
    if kind == FAULT_STICKS:
        return np.inf
    if kind == FAULT_SPOILS:
        trail.more[t].harm = SPOILT
        return service_s
    trail.more[t].harm = BROKEN
    return service_s if kind == FAULT_FAILS else 0.0


@inlined
def begin(work, setting, trail, books, t, s, now):
    """Give an attempt or a branch a server of a stage."""
    books.queues[s].busy += 1
    a = whole(setting, trail, t)
    service_s = work.service_s[trail.row[a], trail.state[t].visit]
    if setting.faults.size > 0:
        service_s = _harmed_s(setting, trail, books, t, s, service_s, now)
    end = now + service_s
    trail.state[t].place, trail.state[t].queue, trail.state[t].since_s, trail.state[t].until_s = SERVED, s, now, end
    deadline_s = trail.state[a].deadline_s
    if end == np.inf:
        end = max(now, deadline_s)
    elif trail.ending[a] == OPEN and deadline_s < end:
        if setting.client[0].stops == EVERYTHING:
            end = max(now, deadline_s)
        elif setting.client[0].stops != PATIENCE:
            watch(trail, books, a, now)
    push(books.calendar, books.totals, end, DONE * KIND + t)


@inlined
def free(work, setting, trail, books, t, now):
    """Free the server that an attempt or a branch has, and let the next one begin."""
    s = np.int64(trail.state[t].queue)
    books.queues[s].busy -= 1
    last = books.totals[0].last_s
    books.queues[s].worked_s += max(0.0, min(now, last) - min(trail.state[t].since_s, last))
    trail.state[t].place = OUT
    if books.queues[s].length > 0:
        first = books.queues[s].head
        step_out(setting, trail, books, first, now)
        begin(work, setting, trail, books, first, s, now)
