"""How attempts and requests end: answers, retries, the fallback, attempts beside each other, and the breaker."""

from __future__ import annotations

import numpy as np
from numba import njit

from flightready.traffic.bucket_steps import COMPILED_ONLY, NO_COUNTING, inlined
from flightready.traffic.events.agenda import FALLBACK, JITTER, KIND, RETRY, luck, push
from flightready.traffic.events.lines import free, look_again, release, step_out
from flightready.traffic.events.records import (
    ANSWERED,
    CUT_OFF,
    DEGRADED,
    EVERYTHING,
    HEDGE_BIT,
    LOST,
    NOTHING,
    OPEN,
    OUT,
    OVERTAKEN,
    QUEUED,
    REJECTED,
    SERVED,
    SPLIT,
)

seldom = njit(**COMPILED_ONLY, **NO_COUNTING)
"""Compiles a step that is seldom taken, for use in compiled functions, which call it."""


@inlined
def moment(books, now):
    """Return the number of the moment at which the attempts inside are counted."""
    return int(now * books.totals[0].scale) if now < books.totals[0].last_s else books.inside.size - 1


@inlined
def go(books, now):
    """Count an attempt out of the system."""
    books.inside[moment(books, now)] -= 1


@seldom
def is_cut_off(books, a, now):
    """Return whether the breaker lets an attempt call nobody; after the pause it lets one through to try."""
    totals = books.totals[0]
    if not totals.is_open:
        return False
    if totals.probe >= 0 or now < totals.until_s:
        return True
    totals.probe = a
    return False


@seldom
def _observe(client, books, a, ending, now):
    """Tell the breaker how an attempt ended."""
    totals, is_probe = books.totals[0], books.totals[0].probe == a
    if is_probe:
        totals.probe = -1
    if ending in (OVERTAKEN, CUT_OFF) or (totals.is_open and not is_probe):
        return
    if is_probe and ending == ANSWERED:
        totals.is_open, totals.seen, totals.failed = 0, 0, 0
        return
    if not is_probe:
        place, has_failed = totals.seen % client.breaker_of, ending != ANSWERED
        if totals.seen >= client.breaker_of:
            totals.failed -= books.recent[place]
        totals.failed += has_failed
        totals.seen += 1
        books.recent[place] = has_failed
        if totals.seen < client.breaker_of or totals.failed < client.breaker_failures:
            return
    totals.is_open, totals.until_s = 1, now + client.breaker_pause_s


@inlined
def _withdraw(work, setting, trail, books, t, now):
    """Take an attempt or a branch that is of no use any more out of its queue or off its server, if that stops it."""
    place = trail.state[t].place
    if place == QUEUED:
        gate = trail.state[t].queue - setting.client[0].stages
        if gate < 0 and setting.client[0].stops == NOTHING:
            return False
        step_out(setting, trail, books, t, now)
        if gate >= 0:
            look_again(setting, books, gate, now)
    elif place == SERVED and setting.client[0].stops == EVERYTHING:
        free(work, setting, trail, books, t, now)
    else:
        return False
    release(work, setting, trail, books, t, now)
    return True


@seldom
def abandon(work, setting, trail, books, a, now):
    """Stop what goes on with an attempt that is of no use any more, as far as its time-out would stop it."""
    if trail.state[a].place != SPLIT:
        first, count = a, 1
        trail.more[a].left = 1
    else:
        first, count = trail.ending.size + a * setting.client[0].width, trail.more[a].made
    for t in range(first, first + count):
        if _withdraw(work, setting, trail, books, t, now):
            trail.more[a].left -= 1
            trail.more[a].is_torn = 1
    if trail.more[a].left == 0:
        trail.state[a].place = OUT
        go(books, now)


@seldom
def longest_wait_s(setting, trail, a, now):
    """Return the longest wait among the branches of an attempt."""
    longest_s, first = 0.0, trail.ending.size + a * setting.client[0].width
    for t in range(first, first + trail.more[a].made):
        still_s = now - trail.state[t].since_s if trail.state[t].place == QUEUED else 0.0
        longest_s = max(longest_s, trail.wait_s[t] + still_s)
    return longest_s


@seldom
def _overtake(work, setting, trail, books, a, now):
    """End an attempt that the one beside it overtook."""
    client = setting.client[0]
    trail.ending[a] = OVERTAKEN
    if client.breaker_of > 0:
        _observe(client, books, a, np.int64(OVERTAKEN), now)
    abandon(work, setting, trail, books, a, now)


@inlined
def settle(work, setting, trail, books, a, ending, now):
    """End an attempt for the one who made it: the request is over, tries again later, or has another attempt left."""
    client = setting.client[0]
    trail.ending[a] = ending
    r, number = np.int64(trail.request[a]), np.int64(trail.state[a].number) % HEDGE_BIT
    if client.breaker_of > 0:
        _observe(client, books, a, ending, now)
    beside = np.int64(trail.more[a].pair) if client.hedge_after_s < np.inf else -1
    is_alone = beside < 0 or trail.ending[beside] != OPEN
    if ending == ANSWERED:
        work.requests.outcome[r], work.requests.finish_s[r], work.requests.row[r] = ANSWERED, now, trail.row[a]
        if not is_alone:
            _overtake(work, setting, trail, books, beside, now)
    elif not is_alone:
        return
    elif number < client.retries and (client.retried >> ending) & 1:
        pause_s = min(client.backoff_most_s, client.backoff_s * 2.0**number)
        pause_s *= 1 - client.jitter * luck(client.seed, r, number, JITTER)
        again_s = now + pause_s
        if client.heeds_retry_after and ending == REJECTED:
            again_s = max(again_s, books.totals[0].ready_s)
        push(books.calendar, books.totals, again_s, RETRY * KIND + r * HEDGE_BIT + number + 1)
    else:
        is_covered = luck(client.seed, r, number, FALLBACK) < client.fallback
        work.requests.outcome[r], work.requests.finish_s[r] = DEGRADED if is_covered else LOST, now
        if number > 0 or client.hedge_after_s < np.inf:
            work.requests.row[r] = trail.row[a]
