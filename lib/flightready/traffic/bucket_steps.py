"""Steps of rate limits, compiled: what a bucket or a window holds, when a call may start, what it takes.

A limit k is a column of arrays: `rate[k]` a second, `capacity[k]`, and `window_s[k]` (0: a bucket that fills all the
time). Its state is `level[k]`, what is left, and `stamp[k]`, the time of the bucket's last step or the number of the
window. The kernels are serial. This module is slow to load: import it where it is needed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from heapq import heappop, heappush
from pathlib import Path
from types import CellType, FunctionType
from typing import TypeVar

import numpy as np
from numba import njit

_TINY = 1e-9
STARTED, REJECTED, TOO_LARGE = 0, 1, 2
"""How a call ends at the limits."""
NO_COUNTING = {"_nrt": False}
"""Option for functions that make no array: counting who uses the arrays would cost far more than the steps do."""
COMPILED_ONLY = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Options for functions that are never called from Python: what would make that possible takes long to compile."""
_Function = TypeVar("_Function", bound=Callable[..., object])


def compiled(function: _Function, **options: bool) -> _Function:
    """Compile a function for serial use, and keep the result where a folder can be written."""
    marked = _marked(function)
    try:
        return njit(cache=True, **options)(marked)
    except RuntimeError:  # no folder for the cache can be written: compile anew in each process
        return njit(marked, **options)


def _marked(function: FunctionType) -> FunctionType:
    """Return the function with a digest of all steps that it may take in as one more closure.

    What numba keeps is used again while the function's own file is unchanged, whatever became of the others; closures
    are part of the key, so that a change of a step compiles anew.
    """
    own, here = Path(function.__code__.co_filename), Path(__file__)
    sources = {here, own} if own.parent == here.parent else {here, *own.parent.glob("*.py")}
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources) if path.is_file())).hexdigest()
    code = function.__code__.replace(co_freevars=(*function.__code__.co_freevars, "digest"))
    closure = (*(function.__closure__ or ()), CellType(digest))
    marked = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    marked.__module__, marked.__qualname__, marked.__doc__ = (
        function.__module__,
        function.__qualname__,
        function.__doc__,
    )
    return marked


def inlined(function: _Function) -> _Function:
    """Compile a step that makes no array, for use in compiled functions only, which take it in whole."""
    return njit(function, forceinline=True, **COMPILED_ONLY, **NO_COUNTING)


@inlined
def advance(level, stamp, now_s, rate, capacity, window_s):
    """Bring every limit to a moment, in place; moments never go back."""
    for k in range(level.size):
        if window_s[k] > 0:
            number = np.floor(now_s / window_s[k] + _TINY)
            if number > stamp[k]:
                level[k], stamp[k] = capacity[k], number
        else:
            level[k] = min(capacity[k], level[k] + (now_s - stamp[k]) * rate[k])
            stamp[k] = now_s


@inlined
def ready_at(level, stamp, now_s, charge, rate, capacity, window_s):
    """Return the first moment from now at which every limit has room for a call, infinite when it is too large."""
    ready = now_s
    for k in range(level.size):
        if charge[k] > capacity[k] * (1 + _TINY):
            return np.inf
        short = charge[k] - level[k]
        if short > _TINY * capacity[k]:
            opens = (stamp[k] + 1) * window_s[k] if window_s[k] > 0 else now_s + short / rate[k]
            ready = max(ready, opens)
    return ready


@inlined
def give_back(level, held, kept, capacity):
    """Return what a call reserved and did not use; a call that used more than it reserved takes the rest."""
    for k in range(level.size):
        level[k] = min(capacity[k], level[k] + held[k] - kept[k])


@inlined
def turn_away(level, held, capacity, charges_rejected, short):
    """Count the limits that have no room for a call, and take from those that it uses up all the same."""
    for k in range(level.size):
        if held[k] - level[k] > _TINY * capacity[k]:
            short[k] += 1
        elif charges_rejected[k]:
            level[k] -= held[k]


@compiled
def queued(arrival_s, busy_s, held, kept, rate, capacity, window_s):
    """Return when each call starts if all wait in one queue in order of arrival; NaN for a call that is too large.

    Parameters
    ----------
    arrival_s, busy_s : array of shape (n,)
        In order of arrival; how long a call runs once it started.
    held, kept : array of shape (n, limits)
        What a call takes from each limit when it starts, and what it has used when it ends.
    rate, capacity, window_s : array of shape (limits,)
    """
    level, stamp = capacity.copy(), np.zeros(capacity.size)
    start_s = np.full(arrival_s.size, np.nan)
    ends = [(np.inf, -1)]
    now = 0.0
    for i in range(arrival_s.size):
        now = max(now, arrival_s[i])
        while True:
            while ends[0][0] <= now:
                end, which = heappop(ends)
                advance(level, stamp, end, rate, capacity, window_s)
                give_back(level, held[which], kept[which], capacity)
            advance(level, stamp, now, rate, capacity, window_s)
            ready = ready_at(level, stamp, now, held[i], rate, capacity, window_s)
            if ready == np.inf:
                break
            if ready <= now:
                start_s[i] = now
                level -= held[i]
                if np.any(held[i] != kept[i]):
                    heappush(ends, (now + busy_s[i], i))
                break
            now = min(ready, ends[0][0])
    return start_s


@compiled
def unqueued(arrival_s, busy_s, held, kept, rate, capacity, window_s, charges_rejected):
    """Return how each call ends if none waits, and how many calls found each limit without room.

    Parameters
    ----------
    charges_rejected : array of bool, shape (limits,)
        Limits that a call uses up even when another limit rejects it.
    """
    level, stamp = capacity.copy(), np.zeros(capacity.size)
    ending = np.zeros(arrival_s.size, dtype=np.int64)
    short = np.zeros(capacity.size, dtype=np.int64)
    ends = [(np.inf, -1)]
    for i in range(arrival_s.size):
        while ends[0][0] <= arrival_s[i]:
            end, which = heappop(ends)
            advance(level, stamp, end, rate, capacity, window_s)
            give_back(level, held[which], kept[which], capacity)
        advance(level, stamp, arrival_s[i], rate, capacity, window_s)
        ready = ready_at(level, stamp, arrival_s[i], held[i], rate, capacity, window_s)
        if ready <= arrival_s[i]:
            level -= held[i]
            if np.any(held[i] != kept[i]):
                heappush(ends, (arrival_s[i] + busy_s[i], i))
            continue
        ending[i] = TOO_LARGE if ready == np.inf else REJECTED
        turn_away(level, held[i], capacity, charges_rejected, short)
    return ending, short
