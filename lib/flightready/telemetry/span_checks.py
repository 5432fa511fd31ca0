"""What every reader of traces does with its spans: leave out what cannot be, and count it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError
from flightready.telemetry.frames import ROW, SPAN_COLUMNS, spans_frame

TIMES_UNKNOWN = "times_of_day_unknown"
"""Key in `attrs` of a frame whose file says how long requests took, but not when they began."""
CONTRADICTED = "contradicted_durations"
"""Key in `attrs`: spans whose stated duration is not their end minus their start."""
DOUBLED = "doubled_spans"
"""Key in `attrs`: spans that another file of the same pilot holds as well."""
IMPOSSIBLE_FIRST = "impossible_first_chunks"
"""Key in `attrs`: spans whose first chunk would have come before their start or after their end."""
LAST_SECONDS = 9e9
"""A later time, beyond the year 2255, is none."""
_PER_SECOND = {"seconds": 1.0, "milliseconds": 1e3, "microseconds": 1e6, "nanoseconds": 1e9}
NO_PARENT = ("", "root", "none", "null", "nan", "nil", "-", "n/a")
"""What a parent that is none is called, in lower case; zeros alone are none as well."""


def columns_of(rows: Iterable[tuple[Any, ...]]) -> dict[str, list[Any]]:
    """Return the columns of rows of spans, each with the fields of `frames.SPAN_COLUMNS` and its place in the file."""
    columns: dict[str, list[Any]] = {name: [] for name in (*SPAN_COLUMNS, ROW)}
    for row in rows:
        for name, value in zip(columns, row, strict=True):
            columns[name].append(value)
    return columns


def checked_spans(columns: Mapping[str, Any], *, where: str) -> pd.DataFrame:
    """Return the spans that can be, in the order of the file.

    A span without start or end had not finished; one that ends before it starts comes from a clock that jumped; one
    that is its own ancestor belongs to no tree: these are left out. A span that was exported twice is kept once. A
    first chunk outside its span is not that of the span, and unknown.

    Parameters
    ----------
    columns : mapping of str to sequence
        Columns of `frames.SPAN_COLUMNS`, and `row`; times NaN where there is none.
    where : str
        File, for the message.

    Returns
    -------
    DataFrame
        Its `attrs` count `unfinished_spans`, `impossible_spans`, `repeated_spans`, `cyclic_spans`,
        `traces_without_root`, and, where there are any, `impossible_first_chunks`.

    Raises
    ------
    InputError
        When no span is left, or one has no id.
    """
    table = pd.DataFrame(dict(columns))
    length = table["end_s"].to_numpy(dtype=float) - table["start_s"].to_numpy(dtype=float)
    unfinished, backwards = np.isnan(length), length < 0
    if backwards.any() and (unfinished | backwards).all():
        n = int(backwards.sum())
        raise InputError(
            "the only finished span ends before it starts" if n == 1
            else f"all {n:,} finished spans end before they start", where=where,
            valid="start and end from one clock", cure="export the traces again",
        )  # fmt: skip
    held = table[~(unfinished | backwards)]
    frame = spans_frame({name: held[name].reset_index(drop=True) for name in held}, where=where)
    counts = {"unfinished_spans": int(unfinished.sum()), "impossible_spans": int(backwards.sum())}
    outside = _first_outside(frame)
    frame.loc[outside, "first_s"] = np.nan
    kept = without_repeated(frame, counts, as_="repeated_spans")
    kept.attrs |= {IMPOSSIBLE_FIRST: int(outside.sum())} if outside.any() else {}
    return kept


def _first_outside(frame: pd.DataFrame) -> np.ndarray:
    """Which spans would have had their first chunk before their start or after their end."""
    first, near = frame["first_s"], float(policy.value("span_first_tolerance_s"))
    return ((first < frame["start_s"] - near) | (first > frame["end_s"] + near)).to_numpy(dtype=bool)


def without_repeated(frame: pd.DataFrame, counts: Mapping[str, int], *, as_: str) -> pd.DataFrame:
    """Return every span once and none that is its own ancestor; `attrs` are the counts with what was left out.

    Parameters
    ----------
    frame : DataFrame
        Columns of `frames.SPAN_COLUMNS`.
    counts : mapping of str to int
    as_ : str
        Key under which spans that are there again are counted.
    """
    again = frame.duplicated(["trace", "span"]).to_numpy()
    once = frame[~again].reset_index(drop=True)
    cyclic = own_ancestors(once)
    kept = once[~cyclic].reset_index(drop=True)
    kept.attrs = dict(counts) | {
        as_: counts.get(as_, 0) + int(again.sum()),
        "cyclic_spans": counts.get("cyclic_spans", 0) + int(cyclic.sum()),
        "traces_without_root": once["trace"].nunique() - once.loc[once["parent"] == "", "trace"].nunique(),
    }
    return kept


def refuse_other_unit(seconds: np.ndarray, places: Sequence[int], *, where: str, unit: str) -> None:
    """Raise when times are seconds since 1970 only by another unit than the one that the format knows.

    Parameters
    ----------
    seconds : array
        Starts as the format's unit makes them; NaN where there is none.
    places : sequence of int
        Record of each.
    where : str
        File, for the message.
    unit : str
        The unit of the format.

    Raises
    ------
    InputError
        Naming the first record, and the unit in which its time would be one of these years.
    """
    first = float(policy.value("span_epoch_first_s"))
    bad = np.flatnonzero((seconds < first) | (seconds > LAST_SECONDS))
    if not bad.size:
        return
    number = abs(seconds[bad[0]]) * _PER_SECOND[unit]
    fits = next((name for name, size in _PER_SECOND.items() if first <= number / size <= LAST_SECONDS), "")
    raise InputError(
        f"the start of a span is no time of day in {unit}" + (f"; it would be one in {fits}" if fits else ""),
        where=f"{where}, record {places[bad[0]]}", valid=f"{unit} since 1970, in the whole file",
        cure="export the traces with one unit, or give a CSV whose header states it, such as start_us",
    )  # fmt: skip


def own_ancestors(spans: pd.DataFrame) -> np.ndarray:
    """Return which spans are their own ancestor, in time that does not grow with the depth of the tree.

    Parameters
    ----------
    spans : DataFrame
        Columns trace, span and parent; every span once.

    Returns
    -------
    array of bool, shape (spans,)

    Examples
    --------
    >>> own_ancestors(pd.DataFrame({"trace": ["t"] * 4, "span": list("abcd"), "parent": ["", "c", "b", "c"]}))
    array([False,  True,  True, False])
    """
    none = len(spans)
    at = pd.MultiIndex.from_frame(spans[["trace", "span"]])
    step = at.get_indexer(pd.MultiIndex.from_frame(spans[["trace", "parent"]]))
    above = np.append(np.where(step < 0, none, step), none)  # who has no parent ends at a place that stays
    for _ in range(none.bit_length()):  # each round doubles the steps upwards: who still has an ancestor circles
        above = above[above]
    cyclic = np.zeros(none + 1, dtype=bool)
    cyclic[above] = True
    return cyclic[:-1]


def parents(said: pd.Series) -> pd.Series:
    """Return the ids of parents, empty where the file says in words or in zeros that there is none.

    Examples
    --------
    >>> parents(pd.Series(["root", "-", "0000", "a1"])).tolist()
    ['', '', '', 'a1']
    """
    bare = said.fillna("").str.strip()
    none = bare.str.lower().isin(NO_PARENT) | (bare.str.strip("0") == "")
    return bare.where(~none, "")


def unix_seconds(times: pd.Series) -> np.ndarray:
    """Return times as seconds since 1970, NaN where there is none."""
    return np.where(times.isna(), np.nan, times.astype("int64") / 1e9)


def one_after_the_other(length_s: np.ndarray) -> np.ndarray:
    """Return starts for requests of which only the order is known, so that they keep it; they are no times of day."""
    known = np.nan_to_num(np.maximum(length_s, 0.0))
    return np.concatenate([[0.0], np.cumsum(known)[:-1]]) if known.size else known
