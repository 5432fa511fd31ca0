"""Usage as any CSV or Parquet: one call a row, or one stretch of time a row when a column counts the requests.

Columns are known by usual names, whatever their case and punctuation. Two conventions exist for cached tokens: beside
the input (`cache_read_input_tokens`) or inside it (`cached_tokens`); each has its own reader, so that the convention is
never guessed from the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.cells import Cells
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, buckets_frame, calls_frame, endings
from flightready.telemetry.tables import text_table

ALIASES: Mapping[str, tuple[str, ...]] = {
    "time": ("timestamp", "time", "datetime", "date", "createdat", "created", "starttime", "start", "requesttime",
             "usagedateutc", "day"),
    "end": ("endtime", "end", "bucketend"),
    "input": ("contexttokens", "inputtokens", "prompttokens", "tokensin", "totalinputtokens", "numberinputtokens",
              "requesttokens", "usageinputtokens"),
    "input_beside_cache": ("inputtokensnocache", "usageinputtokensnocache", "uncachedinputtokens"),
    "output": ("generatedtokens", "outputtokens", "completiontokens", "tokensout", "totaloutputtokens",
               "numberoutputtokens", "responsetokens", "usageoutputtokens"),
    "cached": ("cachedtokens", "cachedinputtokens", "inputcachedtokens", "promptcachedtokens", "cachedprompttokens"),
    "cache_read": ("cachereadinputtokens", "usageinputtokenscacheread", "inputtokenscacheread"),
    "cache_write_5m": ("cachecreationinputtokens", "cachewrite5m", "usageinputtokenscachewrite5m",
                       "inputtokenscachewrite5m"),
    "cache_write_1h": ("cachewrite1h", "usageinputtokenscachewrite1h", "inputtokenscachewrite1h"),
    "reasoning": ("reasoningtokens", "outputreasoningtokens"),
    "requests": ("nummodelrequests", "numrequests", "nrequests", "requests", "requestcount", "calls", "numcalls"),
    "model": ("model", "modelname", "modelid", "deployment", "modelversion"),
    "provider": ("provider", "vendor"),
    "tier": ("servicetier", "usageservicetier", "tier"),
    "request": ("requestid", "callid", "responseid"),
    "outcome": ("outcomeid", "outcome", "ticketid", "caseid", "taskid", "jobid", "documentid", "orderid"),
    "attempt": ("attempt", "attemptnumber", "retry"),
    "user": ("userid", "user", "username"),
    "session": ("sessionid", "session", "conversationid"),
    "status": ("status", "errorcode", "statuscode"),
    "max_tokens": ("maxtokens", "maxoutputtokens", "maxcompletiontokens"),
    "latency_ms": ("latencyms", "durationms", "responsetimems", "elapsedms"),
    "latency_s": ("latencys", "durations", "latencyseconds", "durationseconds", "endtoendlatencys"),
    "cost_usd": ("costusd", "billedusd", "costinusd", "totalcostusd", "amountusd"),
}  # fmt: skip
"""Role of a column to the names that it is known by, in lower case without punctuation."""

_OTHERS = {"usage_date_utc", "custom_llm_provider", "startTime", "traceId", "trace_id", "BilledCost"}
"""Columns of tables that have a reader of their own."""
_BESIDE = ("input_beside_cache", "cache_read", "cache_write_5m", "cache_write_1h")
_FINE = ("", "ok", "success", "succeeded", "completed", "complete", "200", "none", "null", "nan", "0", "stop")
_CUT = ("incomplete", "length", "max_tokens")
_EXAMPLE_INSIDE = b"""\
TIMESTAMP,ContextTokens,GeneratedTokens
2026-09-14 08:15:46.6805900,374,44
2026-09-14 08:15:50.9951690,396,109
"""
_EXAMPLE_BESIDE = b"""\
time,model,input_tokens,cache_read_input_tokens,cache_creation_input_tokens,output_tokens
2026-09-14T08:15:46Z,claude-sonnet-4-5-20250929,374,2048,0,44
2026-09-14T08:15:50Z,claude-sonnet-4-5-20250929,396,0,2048,109
"""
_EXAMPLE_BUCKETS = b"""\
date;model;requests;input_tokens;cached_tokens;output_tokens
2026-09-14;gpt-4.1-mini-2025-04-14;410;601000;200000;61000
2026-09-15;gpt-4.1-mini-2025-04-14;390;580000;190000;60000
"""


def roles(columns: tuple[str, ...]) -> dict[str, str]:
    """Return which column plays which role; the first that fits wins."""
    found: dict[str, str] = {}
    for column in columns:
        bare = re.sub(r"[^a-z0-9]", "", column.lower())
        role = next((r for r, names in ALIASES.items() if bare in names), None)
        if role:
            found.setdefault(role, column)
    return found


def _is_usage(head: Head) -> bool:
    found = roles(head.columns)
    if set(head.columns) & _OTHERS:
        return False
    return "time" in found and "output" in found and ("input" in found or "input_beside_cache" in found)


def _counts_beside(head: Head) -> bool:
    return any(role in roles(head.columns) for role in _BESIDE)


@reader("CSV of calls with a time and token columns", kind="usage_log", input_holds_cached=True,
        matches=lambda h: _is_usage(h) and "requests" not in roles(h.columns) and not _counts_beside(h),
        example=_EXAMPLE_INSIDE)  # fmt: skip
def read_calls(path: Path) -> pd.DataFrame:
    """Return the calls of a CSV whose input tokens hold the cached ones."""
    return calls_of_cells(_cells(path))


@reader("CSV of calls that counts cached tokens beside the input", kind="usage_log", input_holds_cached=False,
        matches=lambda h: _is_usage(h) and "requests" not in roles(h.columns) and _counts_beside(h),
        example=_EXAMPLE_BESIDE)  # fmt: skip
def read_calls_beside(path: Path) -> pd.DataFrame:
    """Return the calls of a CSV whose input tokens leave the cached ones out; the total is put together here."""
    return calls_of_cells(_cells(path))


@reader("CSV of usage by period with a column of request counts", kind="usage_export", input_holds_cached=True,
        matches=lambda h: _is_usage(h) and "requests" in roles(h.columns) and not _counts_beside(h),
        example=_EXAMPLE_BUCKETS)  # fmt: skip
def read_buckets(path: Path) -> pd.DataFrame:
    """Return the buckets of a CSV; without an end, a bucket lasts until the next start."""
    return buckets_of_cells(_cells(path))


def _tokens(table: Cells) -> dict[str, np.ndarray]:
    """Tokens of the input, by the one of two conventions that the roles of the columns state."""
    if not any(table.has(role) for role in _BESIDE):
        return {"input_total": table.whole("input"), "cache_read": table.whole("cached")}
    fresh = table.whole("input_beside_cache" if table.has("input_beside_cache") else "input")
    cache = {name: table.whole(name) for name in _BESIDE[1:]}
    return {"input_total": fresh + sum(cache.values()), **cache}


def buckets_of_cells(table: Cells) -> pd.DataFrame:
    """Return the buckets of a table by role; without an end, a bucket lasts until the next start."""
    start = table.times("time")
    end = table.times("end") if table.has("end") else start + _step(start)
    requests = table.number("requests")
    if table.has("requests"):
        requests = table.whole("requests").astype(float)
    return buckets_frame(
        {"start": start, "end": end, "provider": table.text("provider"), "model": table.text("model"),
         "tier": table.text("tier"), "requests": requests, **_tokens(table), "output": table.whole("output"),
         "cost_usd": table.number("cost_usd"), ROW: table.places},
        where=table.path.name,
    )  # fmt: skip


def calls_of_cells(table: Cells) -> pd.DataFrame:
    """Return the calls of a table by role."""
    times = table.times("time")
    if (times == times.dt.normalize()).all():
        raise InputError(
            "each row stands for a whole day and no column counts the requests, so no request can be priced",
            where=table.path.name, valid="one row a call with its time, or a column 'requests'",
            cure="export one row a call, or write how many requests the file holds: "
                 f"usage: {{file: {table.path.name}, requests: 9_000}}",
        )  # fmt: skip
    request = table.named("request")
    milliseconds = table.number("latency_ms")
    status = _status(table.text("status"))
    table.refuse_empty([role for role in ("input", "input_beside_cache", "output") if table.has(role)],
                       (status == "ok").to_numpy(dtype=bool))  # fmt: skip
    return calls_frame(
        {"time": times, "request": request, "outcome": table.text("outcome", default=request),
         "attempt": table.whole("attempt", default=1), "user": table.text("user"), "session": table.text("session"),
         "provider": table.text("provider"), "model": table.text("model"), "tier": table.text("tier"),
         "output": table.whole("output"), "reasoning": table.whole("reasoning"),
         "max_tokens": table.number("max_tokens"), "status": status,
         "latency_s": np.where(np.isnan(milliseconds), table.number("latency_s"), milliseconds / 1000),
         "billed_usd": table.number("cost_usd"), ROW: table.places, **_tokens(table)},
        where=table.path.name,
    )  # fmt: skip


def _status(said: pd.Series) -> pd.Series:
    folded = said.str.lower()
    cut = folded.isin(_CUT).to_numpy(dtype=bool)
    return endings(folded, failed=~(cut | folded.isin(_FINE).to_numpy(dtype=bool)), incomplete=cut)


def _step(start: pd.Series) -> pd.Timedelta:
    """Length of a bucket: the smallest distance between two starts, a day when there is only one."""
    steps = pd.Series(start.unique()).sort_values().diff().dropna()
    return steps.min() if len(steps) else pd.Timedelta(days=1)


def _cells(path: Path) -> Cells:
    frame, places, unit = text_table(path)
    names = roles(tuple(frame.columns))
    by_role = pd.DataFrame({role: frame[name].str.strip() for role, name in names.items()})
    return Cells(by_role, places, path=path, unit=unit, names=names)
