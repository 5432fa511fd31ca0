"""The calendar of events, a binary heap by time and kind, and the luck of each attempt."""

from __future__ import annotations

import numpy as np

from flightready.traffic.bucket_steps import inlined

DONE, TIMEOUT, RETRY, HEDGE = 0, 1, 2, 3
"""Kinds of events, in the order in which they come at the same moment."""
KIND = 1 << 48
ROW, FAILURE, JITTER, FALLBACK, CACHE, FAULT_LUCK = 1, 2, 3, 4, 5, 6
"""What luck is for, up to 7."""
_MIX, _MIX_A, _MIX_B = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


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
def seed_of(seed, fault, visit):
    """Return a seed that belongs to a fault and a visit."""
    return seed ^ ((np.uint64(fault + 1) << np.uint64(20)) + np.uint64(visit + 1)) * _MIX_A


@inlined
def _is_before(event, time_s, code):
    return (event.time_s < time_s) | ((event.time_s == time_s) & (event.code < code))


@inlined
def _sink(calendar, events, time_s, code):
    """Enter an event at the top, and let it sink to its place."""
    i, low = 0, 1
    while low < events:
        if low + 1 < events:
            low += _is_before(calendar[low + 1], calendar[low].time_s, calendar[low].code)
        if not _is_before(calendar[low], time_s, code):
            break
        calendar[i] = calendar[low]
        i = low
        low = 2 * i + 1
    calendar[i].time_s, calendar[i].code = time_s, code


@inlined
def push(calendar, totals, time_s, code):
    """Enter an event in the calendar: in the place of the one taken off, or at the end, from where it rises."""
    i = totals[0].events
    if totals[0].gap:
        totals[0].gap = 0
        _sink(calendar, i, time_s, code)
        return
    totals[0].events = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if _is_before(calendar[up], time_s, code):
            break
        calendar[i] = calendar[up]
        i = up
    calendar[i].time_s, calendar[i].code = time_s, code


@inlined
def take_first(calendar, totals):
    """Take the first event off the calendar and return its code; its place stays free for the next one to come."""
    totals[0].gap = 1
    return calendar[0].code


@inlined
def close(calendar, totals):
    """Fill the place of the event that was taken off, when none came."""
    if totals[0].gap:
        totals[0].gap = 0
        last = totals[0].events - 1
        totals[0].events = last
        if last > 0:
            _sink(calendar, last, calendar[last].time_s, calendar[last].code)
