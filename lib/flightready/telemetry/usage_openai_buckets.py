"""OpenAI organisation exports: tokens and requests in time buckets, by model or without it, and what they cost.

A page holds buckets, a bucket holds results. Input tokens hold the cached ones. A bucket is many requests: it is never
priced as one.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from flightready.telemetry.bucket_pages import buckets_of, costs_of, paged_results
from flightready.telemetry.formats import Head, reader

_COUNTS = {"requests": "num_model_requests", "input_total": "input_tokens", "cache_read": "input_cached_tokens",
           "output": "output_tokens"}  # fmt: skip
_KINDS_OF_TOKENS = ("input", "output", "cached input", "input cached", "cache writes", "reasoning")
_EXAMPLE = b"""\
{"object": "page", "data": [
  {"object": "bucket", "start_time": 1789948800, "end_time": 1790035200, "results": [
    {"object": "organization.usage.completions.result", "input_tokens": 150000, "output_tokens": 12000,
     "input_cached_tokens": 40000, "num_model_requests": 100, "model": "gpt-4.1-mini-2025-04-14", "batch": null}]},
  {"object": "bucket", "start_time": 1790035200, "end_time": 1790121600, "results": [
    {"object": "organization.usage.completions.result", "input_tokens": 90000, "output_tokens": 7000,
     "input_cached_tokens": 20000, "num_model_requests": 60, "model": null, "batch": null}]}],
 "has_more": false, "next_page": null}
"""

_EXAMPLE_COSTS = b"""\
{"object": "page", "data": [
  {"object": "bucket", "start_time": 1789948800, "end_time": 1790035200, "results": [
    {"object": "organization.costs.result", "amount": {"value": 0.06, "currency": "usd"},
     "line_item": "gpt-4.1-mini-2025-04-14, input", "project_id": null},
    {"object": "organization.costs.result", "amount": {"value": 0.02, "currency": "usd"},
     "line_item": "gpt-4.1-mini-2025-04-14, output", "project_id": null}]}],
 "has_more": false, "next_page": null}
"""


def is_openai_export(head: Head) -> bool:
    """Whether a head holds pages or buckets of this export, and not of the costs."""
    squeezed = head.text.replace(" ", "").replace("\n", "")
    return any(f'"object":"{name}"' in squeezed for name in ("bucket", "page")) and not is_openai_costs(head)


def is_openai_costs(head: Head) -> bool:
    """Whether a head holds pages or buckets of the costs of an organisation."""
    return '"organization.costs.result"' in head.text


@reader("OpenAI usage export (time buckets)", kind="usage_export", matches=is_openai_export, input_holds_cached=True,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return one row for each bucket and model; buckets without a request are left out.

    Raises
    ------
    InputError
        When the file is cut off, a bucket has no times, or no bucket holds a request.
    """
    rows = []
    for result in paged_results(path, start="start_time", end="end_time"):
        tokens = {column: result.count(key) for column, key in _COUNTS.items()}
        tier = "batch" if result.of.get("batch") is True else result.text("service_tier")
        rows.append(result.row(provider="openai", tier=tier, **tokens))
    return buckets_of(rows, path)


@reader("OpenAI costs export (time buckets)", kind="usage_export", matches=is_openai_costs, input_holds_cached=None,
        example=_EXAMPLE_COSTS)  # fmt: skip
def read_costs(path: Path) -> pd.DataFrame:
    """Return one row for each bucket and line item; the tokens and requests are in the usage export, not here.

    Raises
    ------
    InputError
        When the file is cut off, a bucket has no times, or its amounts have several currencies.
    """
    rows, currencies = [], []
    for result in paged_results(path, start="start_time", end="end_time"):
        amount = result.of.get("amount")
        if not isinstance(amount, dict):
            continue
        item = result.text("line_item")
        model = item.rsplit(", ", 1)[0] if item.rsplit(", ", 1)[-1].lower() in _KINDS_OF_TOKENS else item
        rows.append(result.row(provider="openai", model=model, cost_usd=result.amount(amount.get("value"))))
        currencies.append(str(amount.get("currency") or "usd"))
    return costs_of(rows, currencies, path)
