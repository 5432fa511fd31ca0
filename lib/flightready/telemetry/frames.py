"""The three canonical frames that every reader returns: calls, buckets and spans.

Whatever a provider writes, the analyses see the same columns, the same units and one convention: `input_total` holds
every input token, cached ones included, and `reasoning` is a part of `output`. Unknown text is an empty string, an
unknown number in a float column is NaN. A constructor refuses rows that cannot be, and names them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from flightready import policy
from flightready.errors import InputError, listed

TIME = "datetime64[ns, UTC]"
TEXT = pd.StringDtype(na_value=np.nan)  # the type "str", named so that no text is taken apart

CALL_COLUMNS: Mapping[str, str] = {
    "time": TIME, "request": "str", "attempt": "int64", "outcome": "str", "user": "str", "session": "str",
    "provider": "str", "model": "str", "tier": "str", "input_total": "int64", "cache_read": "int64",
    "cache_write_5m": "int64", "cache_write_1h": "int64", "output": "int64", "reasoning": "int64",
    "max_tokens": "float64", "status": "str", "latency_s": "float64", "billed_usd": "float64",
}  # fmt: skip
"""One call of a model: when, for which outcome (several attempts can serve one), its tokens and how it ended.

`status` is `ok`, `incomplete` or `error:<code>`; `time` is NaT only in a file without times.
"""

BUCKET_COLUMNS: Mapping[str, str] = {
    "start": TIME, "end": TIME, "provider": "str", "model": "str", "tier": "str", "requests": "float64",
    "input_total": "float64", "cache_read": "float64", "cache_write_5m": "float64", "cache_write_1h": "float64",
    "output": "float64", "cost_usd": "float64",
}  # fmt: skip
"""Sums over one stretch of time and one model; `model` is empty where the export does not say.

A reader leaves an unknown amount NaN: `requests` where the export counts none, tokens in an export of costs alone.
`reading.read_usage` fills all but `cost_usd`, or says what is missing.
"""

SPAN_COLUMNS: Mapping[str, str] = {
    "trace": "str", "span": "str", "parent": "str", "name": "str", "start_s": "float64", "end_s": "float64",
    "status_ok": "bool", "service": "str", "first_s": "float64",
}  # fmt: skip
"""One timed step of one request; seconds since 1970 (exact to a microsecond); `parent` is empty at the root.

`first_s` is when the first chunk of a streamed answer came; a reader leaves it out where the format does not say.
"""

LARGEST_SECONDS = 1e11
"""A time as a number above this is in milliseconds: in seconds it would lie in the year 5138."""
_TOKENS = ("input_total", "cache_read", "cache_write_5m", "cache_write_1h", "output", "reasoning")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_MOST_NAMED = 5  # rows named in one message
ROW = "row"
"""Optional extra column for the constructors: line or record number in the file, for messages only."""


@dataclass(frozen=True)
class UsageLog:
    """What the usage files of one pilot hold.

    Parameters
    ----------
    calls : DataFrame or None
        One row a call, columns of `CALL_COLUMNS`, in order of time.
    buckets : DataFrame or None
        One row a stretch of time and model, columns of `BUCKET_COLUMNS`, in order of time.
    formats : tuple of str
        Plain names of the formats that were read, one for each file.
    doubled_calls : int
        Calls that the files held twice, left out of `calls`.
    notes : tuple of str
        What was left out of the files or taken for granted, one sentence each.
    costs : DataFrame or None
        Amounts that were exported by themselves, columns of `BUCKET_COLUMNS`: what the calls or buckets were billed.
    """

    calls: pd.DataFrame | None
    buckets: pd.DataFrame | None
    formats: tuple[str, ...]
    doubled_calls: int = 0
    notes: tuple[str, ...] = ()
    costs: pd.DataFrame | None = None


def calls_frame(columns: Mapping[str, Any], *, where: str) -> pd.DataFrame:
    """Return a validated frame of calls, in order of time.

    Parameters
    ----------
    columns : mapping of str to sequence or str
        Columns of `CALL_COLUMNS`, a text where all rows say the same; missing ones are filled with the unknown value.
        `row` numbers the records.
    where : str
        File, for the message.

    Raises
    ------
    InputError
        When there is no call, or a row cannot be: negative tokens, more than any call has, more cached than input, more
        reasoning than output, a time of another age.
    """
    frame = _without_mail(_typed(columns, CALL_COLUMNS, where))
    if frame.empty:
        raise InputError("the file holds no call", where=where, cure="export a period in which the pilot was used")
    rows = _row_numbers(columns, len(frame))
    _refuse_negative(frame, (*_TOKENS, "max_tokens", "latency_s", "billed_usd"), rows, where)
    most = int(policy.value("call_tokens_most"))
    _refuse((frame[list(_TOKENS)] > most).any(axis=1), rows, where, f"more than {most:,} tokens",
            "each record is one call; totals belong into an export with periods")  # fmt: skip
    _refuse_large(frame["billed_usd"], rows, where)
    _refuse_far(frame["time"], rows, where)
    cached = frame["cache_read"] + frame["cache_write_5m"] + frame["cache_write_1h"]
    _refuse(cached > frame["input_total"], rows, where, "more cached tokens than input tokens",
            "the input count must include the cached tokens")  # fmt: skip
    _refuse(frame["reasoning"] > frame["output"], rows, where, "more reasoning tokens than output tokens",
            "the output count must include the reasoning tokens")  # fmt: skip
    in_order = frame["time"].is_monotonic_increasing
    return frame if in_order else frame.sort_values("time", kind="stable", ignore_index=True)


def seconds_since_1970(times: pd.Series) -> np.ndarray:
    """Return whole seconds since 1970 of a column of times."""
    return times.to_numpy(dtype="datetime64[s]").astype(np.int64)


def texts(names: Sequence[str], codes: np.ndarray) -> pd.Series:
    """Return one text a row, given by its number in a list of few."""
    chosen = pa.DictionaryArray.from_arrays(pa.array(codes, type=pa.int32()), pa.array(names, type=pa.large_string()))
    return pd.Series(pd.array(chosen.cast(pa.large_string()), dtype=TEXT))


def endings(why: pd.Series, *, failed: np.ndarray, incomplete: np.ndarray) -> pd.Series:
    """Return how each call ended: `ok`, `incomplete`, or `error:<why>` where it failed."""
    number, names = pd.factorize(why[failed])
    codes = np.where(incomplete, 1, 0)
    codes[failed] = number + 2
    return texts(["ok", "incomplete", *(f"error:{name}" for name in names)], codes)


def buckets_frame(columns: Mapping[str, Any], *, where: str) -> pd.DataFrame:
    """Return a validated frame of time buckets, in order of time.

    Raises
    ------
    InputError
        When no bucket holds a request, or a bucket cannot be.
    """
    frame = _without_mail(_typed(columns, BUCKET_COLUMNS, where))
    if frame.empty or (frame["requests"] == 0).all():
        raise InputError("the export holds no request", where=where, cure="export a period in which the pilot was used")
    rows = _row_numbers(columns, len(frame))
    _refuse_large(frame["cost_usd"], rows, where)
    _refuse_far(frame["start"], rows, where)
    _refuse_far(frame["end"], rows, where)
    _refuse_negative(frame, ("requests", *_TOKENS[:-1]), rows, where)  # an amount may be a credit
    cached = frame["cache_read"] + frame[["cache_write_5m", "cache_write_1h"]].fillna(0.0).sum(axis=1)
    _refuse(cached > frame["input_total"], rows, where, "more cached tokens than input tokens",
            "the input count must include the cached tokens")  # fmt: skip
    _refuse(frame["end"] <= frame["start"], rows, where, "an end that is not after the start", "")
    has_tokens = frame["input_total"].notna()
    for name in ("cache_read", "cache_write_5m", "cache_write_1h"):  # nobody cached what is not counted
        frame[name] = frame[name].fillna(0.0).where(has_tokens)
    return frame.sort_values(["start", "model"], kind="stable", ignore_index=True)


def spans_frame(columns: Mapping[str, Any], *, where: str) -> pd.DataFrame:
    """Return a validated frame of spans in the order of the file.

    Raises
    ------
    InputError
        When there is no span, or one ends before it starts or has no id.
    """
    frame = _typed(columns, SPAN_COLUMNS, where)
    if frame.empty:
        raise InputError("the file holds no finished span", where=where,
                         cure="export a period in which the pilot was used")  # fmt: skip
    rows = _row_numbers(columns, len(frame))
    _refuse((frame["trace"] == "") | (frame["span"] == ""), rows, where, "no trace id or no span id", "")
    _refuse(frame["end_s"] < frame["start_s"], rows, where, "an end before the start",
            "both times must come from the same clock")  # fmt: skip
    return frame


def _without_mail(frame: pd.DataFrame) -> pd.DataFrame:
    """Names of models are shown as they stand; a mail address among them comes from a column taken for another."""
    for name in ("model", "provider", "tier"):
        personal = [v for v in frame[name].unique() if _MAIL.search(str(v))]
        if personal:
            frame[name] = frame[name].where(~frame[name].isin(personal), "{mail}")
    return frame


def _typed(columns: Mapping[str, Any], wanted: Mapping[str, str], where: str) -> pd.DataFrame:
    unknown = set(columns) - set(wanted) - {ROW}
    if unknown:
        raise ValueError(f"not columns of this frame: {sorted(unknown)}")
    size = next((len(c) for c in columns.values() if not isinstance(c, str)), 0)
    try:
        return pd.DataFrame({name: _column(columns.get(name), kind, size) for name, kind in wanted.items()})
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"a value is not of its kind ({str(error).splitlines()[0][:80]})", where=where) from None


def _column(values: Any, kind: str, size: int) -> Any:
    if values is None:
        values = _unknown(kind, size)
    if isinstance(values, str):  # the same for all rows
        values = texts([values], np.zeros(size, dtype=np.int32))
    return pd.Series(values, dtype=kind) if not isinstance(values, pd.Series) else values.astype(kind).array


def _unknown(kind: str, size: int) -> Any:
    if kind == "str":
        return texts([""], np.zeros(size, dtype=np.int32))
    blank: dict[str, Any] = {"int64": 0, "float64": np.nan, "bool": True, TIME: np.datetime64("NaT", "ns")}
    return np.full(size, blank[kind])


def _row_numbers(columns: Mapping[str, Any], size: int) -> np.ndarray:
    return np.asarray(columns[ROW] if ROW in columns else np.arange(1, size + 1))


def _refuse_negative(frame: pd.DataFrame, names: Sequence[str], rows: np.ndarray, where: str) -> None:
    for name in names:
        _refuse(frame[name] < 0, rows, where, f"a negative value of {name.replace('_', ' ')}", "")


def _refuse_large(amounts: pd.Series, rows: np.ndarray, where: str) -> None:
    most = float(policy.value("log_amount_most"))
    _refuse(amounts.abs() > most, rows, where, f"an amount beyond {most:,.0f}", "an amount of money in full units")


def _refuse_far(times: pd.Series, rows: np.ndarray, where: str) -> None:
    """Raise when a time lies in a year from which no log can come: a wrong unit, or a placeholder."""
    first, last = int(policy.value("log_first_year")), int(policy.value("log_last_year"))
    years = times.dt.year
    _refuse((years < first) | (years > last), rows, where, f"a time before {first} or after {last}",
            "times as text with their zone, or as seconds, milli-, micro- or nanoseconds since 1970")  # fmt: skip


def _refuse(bad: pd.Series, rows: np.ndarray, where: str, what: str, valid: str) -> None:
    """Raise when a row is marked, with the numbers of the first ones."""
    named = rows[bad.to_numpy()]
    if named.size:
        one = named.size == 1
        raise InputError(
            f"{'record' if one else 'records'} {listed(named, limit=_MOST_NAMED)} "
            f"{'has' if one else 'have'} {what}, which cannot be",
            where=where, valid=valid, cure="export the file again, or remove these records",
        )  # fmt: skip
