"""Anthropic exports in time buckets: the usage and cost reports of the Admin API, and the console's CSV files.

They count no requests: the assessment says how many there were. Input tokens leave out what was read from and written
to the cache; the total is put together here.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from flightready.telemetry.bucket_pages import CURRENCY, LIST_CURRENCY, buckets_of, costs_of, paged_results
from flightready.telemetry.cells import Cells
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, buckets_frame
from flightready.telemetry.json_records import record_cells

_OF_TOKENS = ("", "tokens")
_CENTS = 100.0  # the cost report states the smallest unit of the currency
_DAY = pd.Timedelta(days=1)
_CONSOLE = {
    "time": ("usage_date_utc",), "model": ("model_version", "model"), "tier": ("service_tier", "usage_type"),
    "input": ("usage_input_tokens_no_cache",), "read": ("usage_input_tokens_cache_read",),
    "written_5m": ("usage_input_tokens_cache_write_5m",), "written_1h": ("usage_input_tokens_cache_write_1h",),
    "output": ("usage_output_tokens",), "cost_usd": ("cost_usd",),
}  # fmt: skip
_TIERS = ("batch", "priority", "flex")  # anything else in that column is no tier
_EXAMPLE = b"""\
{"data": [
  {"starting_at": "2026-09-14T00:00:00Z", "ending_at": "2026-09-15T00:00:00Z", "results": [
    {"uncached_input_tokens": 374, "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
     "cache_read_input_tokens": 2048, "output_tokens": 44, "model": "claude-sonnet-4-5-20250929",
     "service_tier": "standard"}]},
  {"starting_at": "2026-09-15T00:00:00Z", "ending_at": "2026-09-16T00:00:00Z", "results": [
    {"uncached_input_tokens": 396, "cache_creation": {"ephemeral_1h_input_tokens": 2048},
     "cache_read_input_tokens": 0, "output_tokens": 109, "model": "claude-sonnet-4-5-20250929",
     "service_tier": "standard"}]}],
 "has_more": false, "next_page": null}
"""
_EXAMPLE_COSTS = b"""\
{"data": [{"starting_at": "2026-09-14T00:00:00Z", "ending_at": "2026-09-15T00:00:00Z", "results": [
  {"amount": "123.45", "currency": "USD", "cost_type": "tokens", "token_type": "output_tokens",
   "model": "claude-sonnet-4-5-20250929", "description": "Claude Sonnet 4.5 Usage - Output Tokens"},
  {"amount": "50", "currency": "USD", "cost_type": "web_search", "model": null, "description": "Web Search Usage"}]}],
 "has_more": false, "next_page": null}
"""
_EXAMPLE_CONSOLE = b"""\
usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,\
usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,\
usage_output_tokens,web_search_count
2026-09-14,claude-sonnet-4-5-20250929,pilot,Default,standard,0-200k,374,0,0,2048,44,0
2026-09-15,claude-sonnet-4-5-20250929,pilot,Default,standard,0-200k,396,2048,0,0,109,0
"""
_EXAMPLE_CONSOLE_COSTS = b"""\
usage_date_utc,model,workspace,usage_type,token_type,cost_usd
2026-09-14,Claude Sonnet 4.5,Default,standard,output_tokens,1.23
2026-09-15,Claude Sonnet 4.5,Default,standard,output_tokens,0.61
"""


def _is_report(head: Head, key: str) -> bool:
    return '"starting_at"' in head.text and f'"{key}":' in head.text.replace(" ", "")


@reader("Anthropic usage report (time buckets)", kind="usage_export", input_holds_cached=False,
        matches=lambda h: _is_report(h, "uncached_input_tokens"), example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return one row for each bucket and model.

    Raises
    ------
    InputError
        When the file is cut off, a bucket has no times, or a count cannot be.
    """
    rows = []
    for result in paged_results(path, start="starting_at", end="ending_at"):
        read_again = result.count("cache_read_input_tokens")
        short, long = (result.count("cache_creation", f"ephemeral_{ttl}_input_tokens") for ttl in ("5m", "1h"))
        total = result.count("uncached_input_tokens") + read_again + short + long
        output, tier = result.count("output_tokens"), result.text("service_tier")
        if total + output:
            rows.append(result.row(provider="anthropic", tier=tier, input_total=total, cache_read=read_again,
                                   cache_write_5m=short, cache_write_1h=long, output=output))  # fmt: skip
    return buckets_of(rows, path)


@reader("Anthropic cost report (time buckets)", kind="usage_export", input_holds_cached=None,
        matches=lambda h: _is_report(h, "amount"), example=_EXAMPLE_COSTS)  # fmt: skip
def read_costs(path: Path) -> pd.DataFrame:
    """Return one row for each bucket and kind of cost; the tokens are in the usage report.

    Raises
    ------
    InputError
        When the file is cut off, a bucket has no times, or its amounts have several currencies.
    """
    found = list(paged_results(path, start="starting_at", end="ending_at"))
    rows = []
    for result in found:
        kind = result.text("cost_type")
        named = {} if result.text("model") or kind in _OF_TOKENS else {"model": kind}  # a search, say
        rows.append(result.row(provider="anthropic", cost_usd=result.amount(result.of.get("amount")) / _CENTS, **named))
    return costs_of(rows, [r.text("currency") or LIST_CURRENCY for r in found], path)


@reader("Anthropic console usage (CSV)", kind="usage_export", input_holds_cached=False, example=_EXAMPLE_CONSOLE,
        matches=lambda h: {"usage_date_utc", "usage_input_tokens_no_cache"} <= set(h.columns))  # fmt: skip
def read_console(path: Path) -> pd.DataFrame:
    """Return one row for each day and row of the console's usage table.

    Raises
    ------
    InputError
        When a day is no date or a count is no whole number, naming column and line.
    """
    cells = record_cells(path, _CONSOLE)
    cells.refuse_empty(["input", "output"], cells.places > 0)
    cache = {"cache_read": cells.whole("read"), "cache_write_5m": cells.whole("written_5m"),
             "cache_write_1h": cells.whole("written_1h")}  # fmt: skip
    return _days(cells, input_total=cells.whole("input") + sum(cache.values()), output=cells.whole("output"), **cache)


@reader("Anthropic console costs (CSV)", kind="usage_export", input_holds_cached=None, example=_EXAMPLE_CONSOLE_COSTS,
        matches=lambda h: {"usage_date_utc", "cost_usd"} <= set(h.columns)
        and "usage_input_tokens_no_cache" not in h.columns)  # fmt: skip
def read_console_costs(path: Path) -> pd.DataFrame:
    """Return one row for each day and row of the console's cost table; the tokens are in its usage table.

    Raises
    ------
    InputError
        When a day is no date or an amount no number, naming column and line.
    """
    cells = record_cells(path, _CONSOLE)
    cells.refuse_empty(["cost_usd"], cells.places > 0)
    frame = _days(cells)
    frame.attrs[CURRENCY] = LIST_CURRENCY
    return frame


def _days(cells: Cells, **columns: object) -> pd.DataFrame:
    start, tier = cells.times("time"), cells.text("tier").str.lower()
    return buckets_frame(
        {"start": start, "end": start + _DAY, "provider": "anthropic", "model": cells.text("model"),
         "tier": tier.where(tier.isin(_TIERS), ""), "cost_usd": cells.number("cost_usd"), ROW: cells.places, **columns},
        where=cells.path.name,
    )  # fmt: skip
