"""Generic CSV of usage: one call a row, or one stretch of time a row when there is a column of request counts.

Columns are known by usual names, whatever their case and punctuation. Two conventions exist for cached tokens: beside
the input (`cache_read_input_tokens`) or inside it (`cached_tokens`); each has its own reader, so that the convention is
never guessed from the numbers.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.errors import InputError, listed
from flightready.telemetry.formats import Head, head_of, reader
from flightready.telemetry.frames import LARGEST_SECONDS, ROW, TIME, buckets_frame, calls_frame

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

_BESIDE = ("input_beside_cache", "cache_read", "cache_write_5m", "cache_write_1h")
_FINE = ("", "ok", "success", "succeeded", "completed", "complete", "200", "none", "null", "nan", "0", "stop")
_CUT = ("incomplete", "length", "max_tokens")
_MOST_NAMED = 5
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
    return "time" in found and "output" in found and ("input" in found or "input_beside_cache" in found)


def _counts_beside(head: Head) -> bool:
    return any(role in roles(head.columns) for role in _BESIDE)


@reader("CSV of calls with a time and token columns", kind="usage_log", input_holds_cached=True,
        matches=lambda h: _is_usage(h) and "requests" not in roles(h.columns) and not _counts_beside(h),
        example=_EXAMPLE_INSIDE)  # fmt: skip
def read_calls(path: Path) -> pd.DataFrame:
    """Return the calls of a CSV whose input tokens hold the cached ones."""
    table = _Table(path)
    cached = table.whole("cached")
    return _calls(table, input_total=table.whole("input"), cache_read=cached)


@reader("CSV of calls that counts cached tokens beside the input", kind="usage_log", input_holds_cached=False,
        matches=lambda h: _is_usage(h) and "requests" not in roles(h.columns) and _counts_beside(h),
        example=_EXAMPLE_BESIDE)  # fmt: skip
def read_calls_beside(path: Path) -> pd.DataFrame:
    """Return the calls of a CSV whose input tokens leave the cached ones out; the total is put together here."""
    table = _Table(path)
    fresh = table.whole("input_beside_cache" if "input_beside_cache" in table.role else "input")
    cache = {name: table.whole(name) for name in _BESIDE[1:]}
    return _calls(table, input_total=fresh + sum(cache.values()), **cache)


@reader("CSV of usage by period with a column of request counts", kind="usage_export", input_holds_cached=True,
        matches=lambda h: _is_usage(h) and "requests" in roles(h.columns) and not _counts_beside(h),
        example=_EXAMPLE_BUCKETS)  # fmt: skip
def read_buckets(path: Path) -> pd.DataFrame:
    """Return the buckets of a CSV; without an end, a bucket lasts until the next start."""
    table = _Table(path)
    start = table.times("time")
    end = table.times("end") if "end" in table.role else start + _step(start)
    return buckets_frame(
        {"start": start, "end": end, "provider": table.text("provider"), "model": table.text("model"),
         "requests": table.whole("requests"), "input_total": table.whole("input"), "cache_read": table.whole("cached"),
         "output": table.whole("output"), "cost_usd": table.number("cost_usd"), ROW: table.lines},
        where=path.name,
    )  # fmt: skip


def _calls(table: _Table, **tokens: np.ndarray) -> pd.DataFrame:
    times = table.times("time")
    if (times == times.dt.normalize()).all():
        raise InputError(
            "each row stands for a whole day and no column counts the requests, so no request can be priced",
            where=table.path.name, valid="one row a call with its time, or a column 'requests'",
            cure="export one row a call, or add the number of requests to each row",
        )  # fmt: skip
    request = table.text("request", default=[f"{table.path.name}, line {n}" for n in table.lines])
    milliseconds = table.number("latency_ms")
    status = _status(table.text("status"))
    table.refuse_empty([role for role in ("input", "input_beside_cache", "output") if role in table.role],
                       np.array([s == "ok" for s in status]))  # fmt: skip
    return calls_frame(
        {"time": times, "request": request, "outcome": table.text("outcome", default=request),
         "attempt": table.whole("attempt", default=1), "user": table.text("user"), "session": table.text("session"),
         "provider": table.text("provider"), "model": table.text("model"), "tier": table.text("tier"),
         "output": table.whole("output"), "reasoning": table.whole("reasoning"),
         "max_tokens": table.number("max_tokens"), "status": status,
         "latency_s": np.where(np.isnan(milliseconds), table.number("latency_s"), milliseconds / 1000),
         "billed_usd": table.number("cost_usd"), ROW: table.lines, **tokens},
        where=table.path.name,
    )  # fmt: skip


def _status(said: Any) -> list[str]:
    folded = [str(s).strip().lower() for s in said]
    return ["ok" if s in _FINE else "incomplete" if s in _CUT else f"error:{s}" for s in folded]


def _step(start: pd.Series) -> pd.Timedelta:
    """Length of a bucket: the smallest distance between two starts, a day when there is only one."""
    steps = pd.Series(start.unique()).sort_values().diff().dropna()
    return steps.min() if len(steps) else pd.Timedelta(days=1)


class _Table:
    """A delimited file as text, with its columns by role and the line of each row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        head = head_of(path)
        assert head is not None  # the reader was chosen by this head
        self.role = roles(head.columns)
        try:
            frame = pd.read_csv(path, sep=head.delimiter, dtype="str", keep_default_na=False, encoding="utf-8-sig",
                                skip_blank_lines=False)  # fmt: skip
        except UnicodeDecodeError:
            raise InputError("the file is not UTF-8 text", where=path.name, cure="export it as UTF-8") from None
        except (pd.errors.ParserError, csv.Error, ValueError) as error:
            found = re.search(r"line (\d+)", str(error))
            raise InputError("a row has more cells than the header", cure="export the file again",
                             where=f"{path.name}, line {found[1]}" if found else path.name) from None  # fmt: skip
        if not isinstance(frame.index, pd.RangeIndex):  # the first cells of too long rows would become row labels
            raise InputError("the rows have more cells than the header", where=f"{path.name}, line 2",
                             cure="export the file again")  # fmt: skip
        frame = frame.fillna("")  # a row that ends early
        frame.columns = [str(c).strip() for c in frame.columns]
        lines = np.arange(2, len(frame) + 2)
        full = (frame != "").any(axis=1).to_numpy()
        self.frame, self.lines = frame.loc[full].reset_index(drop=True), lines[full]
        if self.frame.empty:
            raise InputError("the file holds no call", where=path.name, cure="export a period with use")

    def text(self, role: str, *, default: Any = "") -> Any:
        """Cells of a role; the default where there is no such column or the cell is empty."""
        if role not in self.role:
            return default if isinstance(default, list | pd.Series) else [default] * len(self.frame)
        cells = self.frame[self.role[role]].str.strip()
        return cells.where(cells != "", default if not isinstance(default, list) else pd.Series(default))

    def number(self, role: str) -> np.ndarray:
        """Numbers of a role; NaN where there is no such column or the cell is empty."""
        if role not in self.role:
            return np.full(len(self.frame), np.nan)
        cells = self.frame[self.role[role]].str.strip()
        numbers = pd.to_numeric(cells, errors="coerce").to_numpy(dtype=float)
        self._refuse(~np.isfinite(numbers) & (cells != "").to_numpy(), role, "is not a number")
        return numbers

    def whole(self, role: str, *, default: int = 0) -> np.ndarray:
        """Whole numbers of a role; the default where there is no such column or the cell is empty."""
        numbers = self.number(role)
        self._refuse(np.nan_to_num(numbers) % 1 != 0, role, "is not a whole number")
        return np.where(np.isnan(numbers), default, numbers).astype(np.int64)

    def times(self, role: str) -> pd.Series:
        """Times of a role; without a zone they are taken as UTC, numbers as seconds or milliseconds since 1970."""
        cells = self.frame[self.role[role]].str.strip()
        numbers = pd.to_numeric(cells, errors="coerce")
        if numbers.notna().all():
            seconds = numbers.where(numbers <= LARGEST_SECONDS, numbers / 1000)
            return pd.to_datetime(seconds, unit="s", utc=True).astype(TIME)
        times = pd.to_datetime(cells, format="ISO8601", utc=True, errors="coerce")
        self._refuse(times.isna().to_numpy(), role, "is not a time", "2026-09-14 08:15:46 or 2026-09-14T08:15:46Z")
        return times.astype(TIME)

    def refuse_empty(self, needed: list[str], rows: np.ndarray) -> None:
        """Raise when one of these rows leaves a needed role empty; a call that failed has no tokens."""
        for role in needed:
            self._refuse(rows & (self.frame[self.role[role]].str.strip() == "").to_numpy(), role, "is empty")

    def _refuse(self, bad: np.ndarray, role: str, what: str, valid: str = "") -> None:
        if bad.any():
            lines = self.lines[bad]
            raise InputError(f"column '{self.role[role]}' {what}", valid=valid, cure="correct or remove these rows",
                             where=f"{self.path.name}, {'line' if lines.size == 1 else 'lines'} "
                                   f"{listed(lines, limit=_MOST_NAMED)}")  # fmt: skip
