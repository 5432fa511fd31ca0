"""Spans as CSV or Parquet: one a row, with its ids, its parent, its start, and its end or duration.

Columns are known by usual names, whatever their case and punctuation; units stand in the name: `duration_ms`,
`Duration (us)`, `StartTimeUnixNano`. A duration without a unit takes the one in which it agrees with start and end.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError
from flightready.telemetry.cells import Cells
from flightready.telemetry.first_chunks import SIZES, UNITS, seconds_after
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW
from flightready.telemetry.span_checks import (
    CONTRADICTED,
    LAST_SECONDS,
    TIMES_UNKNOWN,
    checked_spans,
    parents,
    unix_seconds,
)
from flightready.telemetry.tables import text_table

_ALIASES = {
    "trace": ("traceid", "trace"),
    "span": ("spanid", "span"),
    "parent": ("parentid", "parentspanid", "parentspan", "parent"),
    "name": ("operationname", "operation", "spanname", "name"),
    "service": ("servicename", "service", "podname", "pod"),
    "error": ("error", "iserror", "haserror"),
    "status": ("status", "statuscode", "otelstatuscode"),
}
_TIMED = {
    "start": ("start", "starttime", "starttimeunix", "startunix", "starttimestamp", "timestamp", "startedat"),
    "end": ("end", "endtime", "endtimeunix", "endunix", "endtimestamp", "endedat", "finishtime"),
    "duration": ("duration", "elapsed", "elapsedtime", "latency", "responsetime"),
    "first": (
        "ttft",
        "timetofirsttoken",
        "timetofirstchunk",
        "firsttoken",
        "firstchunk",
        "firsttokentime",
        "firsttokenlatency",
        "firstchunktime",
        "firstchunklatency",
    ),
    "first_at": ("firsttokenat", "firstchunkat", "completionstarttime", "firsttokentimestamp"),
}
_TIMED_NAMES = {
    name + unit: (role, seconds) for role, names in _TIMED.items() for name in names for unit, seconds in UNITS.items()
}
_NO = ("", "0", "false", "no", "none", "null", "nan")
_FINE = ("1", "ok", "unset", "success", "succeeded", "completed", "statuscodeok", "statuscodeunset")
_SUCCESS = (100, 399)  # answers of HTTP that are no errors
_EXAMPLE = b"""\
TraceID,SpanID,ParentID,PodName,OperationName,StartTimeUnixNano,EndTimeUnixNano,Duration
t1,a1,root,router-7f8d7d5c9b-x2x9k,POST /ask,1790000000000000000,1790000002500000000,2500000
t1,a2,a1,router-7f8d7d5c9b-x2x9k,model,1790000000500000000,1790000002000000000,1500000
t2,a3,root,router-7f8d7d5c9b-x2x9k,POST /ask,1790000004000000000,1790000005000000000,1000000
"""


def _roles(columns: tuple[str, ...]) -> dict[str, tuple[str, float]]:
    """Which column plays which role, and the seconds in its unit (NaN where its name states none)."""
    found: dict[str, tuple[str, float]] = {}
    for column in columns:
        bare = re.sub(r"[^a-z0-9µμ]", "", column.lower())
        role = next((r for r, names in _ALIASES.items() if bare in names), None)
        role, unit = (role, np.nan) if role else _TIMED_NAMES.get(bare, (None, np.nan))
        if role:
            found.setdefault(role, (column, unit))
    return found


def is_span_table(head: Head) -> bool:
    """Whether a head is a table of spans."""
    found = _roles(head.columns)
    return {"trace", "span", "parent", "start"} <= set(found) and bool({"end", "duration"} & set(found))


@reader("CSV of spans with ids, parents, start and end or duration", kind="spans", matches=is_span_table,
        input_holds_cached=None, example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the finished spans of a table.

    Where a row has an end and a duration that contradict each other, as when one column mixes milliseconds with
    seconds, start and end count; `attrs["contradicted_durations"]` says how often. Starts that only count from the
    beginning of a recording set `attrs["times_of_day_unknown"]`.

    Raises
    ------
    InputError
        When a time is none or its unit cannot be told, or a span has no id.
    """
    frame, places, unit = text_table(path, of="span")
    found = _roles(tuple(frame.columns))
    by_role = pd.DataFrame({role: frame[column].str.strip() for role, (column, _) in found.items()})
    cells = Cells(by_role, places, path=path, unit=unit, names={role: column for role, (column, _) in found.items()})
    units = {role: seconds for role, (_, seconds) in found.items()}
    start, is_day = _moments(cells, "start", units)
    end, contradicted = _ends(cells, start, units)
    spans = checked_spans(
        {"trace": cells.text("trace"), "span": cells.text("span"), "parent": parents(cells.text("parent")),
         "name": cells.text("name"), "start_s": start, "end_s": end, "status_ok": _is_fine(cells),
         "service": cells.text("service"), "first_s": _firsts(cells, start, end, units), ROW: places},
        where=path.name,
    )  # fmt: skip
    spans.attrs |= {CONTRADICTED: contradicted} if contradicted else {}
    spans.attrs |= {} if is_day else {TIMES_UNKNOWN: True}
    return spans


def _moments(cells: Cells, role: str, units: dict[str, float]) -> tuple[np.ndarray, bool]:
    """Seconds of a time, NaN where there is none, and whether they are since 1970."""
    if not cells.has(role):
        return np.full(len(cells), np.nan), True
    first, is_stated = float(policy.value("span_epoch_first_s")), bool(np.isfinite(units[role]))
    seconds = cells.number(role) * units[role] if is_stated else unix_seconds(cells.times(role, is_needed=False))
    cells.refuse(np.abs(seconds) > LAST_SECONDS, role, "is not a time in the unit that its name states")
    is_day = not (is_stated and seconds.size and np.nanmax(seconds, initial=0.0) < first)
    if is_day:
        unended = (seconds == 0) & (role == "end")  # the way to write that a span has not ended
        seconds = np.where(unended, np.nan, seconds)
        cells.refuse(
            seconds < first, role, "is no time of day" + " as in the other rows" * is_stated,
            "one unit in the whole column, or times with their date",
            cure="write the unit into the header, for example start_ms, and correct or remove these rows",
        )  # fmt: skip
    return seconds, is_day


def _ends(cells: Cells, start: np.ndarray, units: dict[str, float]) -> tuple[np.ndarray, int]:
    """Ends of the spans, and how many state a duration that contradicts start and end."""
    end, _ = _moments(cells, "end", units)
    duration = cells.number("duration")
    length = end - start
    unit = units.get("duration", np.nan)
    unit = unit if np.isfinite(unit) else _agreed(duration, length)
    is_short = np.isnan(end) & ~np.isnan(duration) & ~np.isnan(start)
    if is_short.any() and np.isnan(unit):
        raise InputError(
            f"column '{cells.names['duration']}' does not say its unit, and nothing beside it tells", cure="write the "
            "unit into the header, for example duration_ms", where=cells.path.name, valid="_s, _ms, _us or _ns",
        )  # fmt: skip
    stated = duration * unit
    exact = unit + np.spacing(np.abs(start)) + np.spacing(np.abs(end))  # durations are cut, times are rounded
    margin = float(policy.value("span_duration_tolerance")) * np.abs(length) + exact
    contradicted = int(np.sum((np.abs(stated - length) > margin) & (length >= 0)))
    return np.where(is_short, start + stated, end), contradicted


def _firsts(cells: Cells, start: np.ndarray, end: np.ndarray, units: dict[str, float]) -> np.ndarray:
    """Moments of the first chunks, NaN where unknown."""
    moments, _ = _moments(cells, "first_at", units)
    after = seconds_after(cells.number("first"), units.get("first", np.nan), end - start)
    return np.where(np.isnan(moments), start + after, moments)


def _agreed(duration: np.ndarray, length: np.ndarray) -> float:
    """Seconds in the unit in which most durations agree with start and end; NaN where none can be compared."""
    both = (duration > 0) & (length > 0)
    if not both.any():
        return np.nan
    off = np.log10(length[both] / duration[both])
    return min(SIZES, key=lambda unit: float(np.median(np.abs(off - np.log10(unit)))))


def _is_fine(cells: Cells) -> np.ndarray:
    """Whether a span says nothing of an error, by a column of its own or by its status."""
    fine = np.ones(len(cells), dtype=bool)
    for role, words in (("error", _NO), ("status", (*_NO, *_FINE))):
        said = cells.text(role).str.lower().str.replace(r"[^a-z0-9.]", "", regex=True)
        answered = pd.to_numeric(said, errors="coerce").between(*_SUCCESS)
        fine &= (said.isin(words) | answered).to_numpy(dtype=bool)
    return fine
