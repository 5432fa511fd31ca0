"""When the first chunk of a streamed answer came, as traces state it: a time since the start, or a moment.

Attributes of OpenTelemetry (`gen_ai.response.time_to_first_chunk`, in seconds), of Sentry, of the Vercel AI SDK
(`ai.response.msToFirstChunk`) and of Langfuse, and events that mark a chunk. An event that holds the whole completion
(`gen_ai.content.completion`) is written when the stream has ended and tells nothing of its first chunk.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy

Stated = tuple[float, float]
"""A number, and the seconds in its unit: NaN where the unit is not stated, 0 where it is a moment since 1970."""
UNITS: dict[str, float] = {
    "": np.nan,
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("ms", "milli", "millis", "millisecond", "milliseconds"), 1e-3),
    **dict.fromkeys(("us", "µs", "μs", "micro", "micros", "microsecond", "microseconds"), 1e-6),
    **dict.fromkeys(("ns", "nano", "nanos", "nanosecond", "nanoseconds"), 1e-9),
}
"""Seconds in a unit, by the ways to write it."""
SIZES = tuple(dict.fromkeys(unit for unit in UNITS.values() if unit == unit))
"""Seconds in each unit, the largest first."""
_MOMENT = 0.0
_AFTER = re.compile(rf"(?:timetofirst(?:token|chunk)|ttft)({'|'.join(map(re.escape, UNITS))})$")
_IN_FRONT = re.compile(r"(ms|s)tofirst(?:token|chunk)$")


def stated_first(attributes: Iterable[tuple[Any, Any]], events: Iterable[tuple[Any, float]]) -> Stated | None:
    """Return what the attributes of a span say about its first chunk, else what its events do; None without either.

    Parameters
    ----------
    attributes : iterable of (key, value)
        A value as it is, or in an object that names its kind.
    events : iterable of (name, time)
        Times in seconds since 1970.

    Examples
    --------
    >>> stated_first([("ai.response.msToFirstChunk", 350)], [])
    (350.0, 0.001)
    >>> stated_first([], [("gen_ai.content.completion.chunk", 12.5), ("gen_ai.content.completion.chunk", 12.25)])
    (12.25, 0.0)
    """
    for key, value in attributes:
        unit = _unit_of(key) if isinstance(key, str) else None
        if unit is None:
            continue
        said = next(iter(value.values()), None) if isinstance(value, dict) else value
        number = _moment(said) if unit == _MOMENT else _number(said)
        if math.isfinite(number):
            return number, unit
    moments = [at for name, at in events if isinstance(name, str) and _marks_chunk(name) and math.isfinite(at)]
    return (min(moments), _MOMENT) if moments else None


def first_moments(start_s: Sequence[float], end_s: Sequence[float], stated: Sequence[Stated | None]) -> np.ndarray:
    """Return the moments of the first chunks, seconds since 1970, NaN where unknown.

    A unit that is not stated is the largest in which nearly all first chunks come before the end of their spans.

    Examples
    --------
    >>> first_moments([0.0, 10.0, 20.0], [2.0, 12.0, 22.0], [(400.0, math.nan), (1100.0, math.nan), (21.0, 0.0)])
    array([ 0.4, 11.1, 21. ])
    """
    number, unit = np.array([(math.nan, 1.0) if one is None else one for one in stated], dtype=float).reshape(-1, 2).T
    start = np.asarray(start_s, dtype=float)
    return np.where(
        unit == _MOMENT, number, start + seconds_after(number, unit, np.asarray(end_s, dtype=float) - start)
    )


def seconds_after(number: np.ndarray, unit: np.ndarray | float, length_s: np.ndarray) -> np.ndarray:
    """Return numbers as seconds after the start of their spans, see `first_moments`."""
    unit = np.broadcast_to(np.asarray(unit, dtype=float), number.shape)
    open_ = np.isnan(unit) & ~np.isnan(number) & ~np.isnan(length_s)
    enough = float(policy.value("span_first_fits")) * open_.sum()
    fitting = [size for size in SIZES if (number[open_] * size <= length_s[open_]).sum() >= enough]
    return number * np.where(np.isnan(unit), fitting[0] if fitting else 1.0, unit)


@lru_cache(maxsize=4096)
def _unit_of(key: str) -> float | None:
    """Seconds in the unit of an attribute, None where it says nothing of a first chunk."""
    bare = re.sub(r"[^a-z0-9µμ]", "", key.lower())
    if bare.endswith("completionstarttime"):
        return _MOMENT
    found = _AFTER.search(bare) or _IN_FRONT.search(bare)
    return UNITS[found[1]] if found else None


@lru_cache(maxsize=4096)
def _marks_chunk(name: str) -> bool:
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    return "firsttoken" in bare or "firstchunk" in bare or bare.endswith("completionchunk")


def _number(value: Any) -> float:
    try:
        return math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _moment(value: Any) -> float:
    """Seconds since 1970 of a time as text, which may stand in quotation marks."""
    if not isinstance(value, str):
        return math.nan
    time = pd.to_datetime(value.strip(' "'), utc=True, errors="coerce", format="ISO8601")
    return math.nan if pd.isna(time) else time.timestamp()
