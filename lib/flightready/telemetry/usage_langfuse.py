"""Langfuse observations: the API's and the console's export as JSON or CSV, and the files of its export to storage.

Only observations of a model are calls; calls of one trace serve one outcome. Kinds of tokens stand beside one another
(`input` leaves the cached ones out) and add up to `total`. Where a row's own total shows that its `input` holds
them, as it does when a client sent its counts unchanged, that row is read so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, calls_frame, endings
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.providers import bare_models

_DETAILS = ("usageDetails", "usage_details")


def _detail(*names: str) -> tuple[str, ...]:
    return tuple(f"{holder}.{name}" for holder in _DETAILS for name in names)


_ROLES = {
    "kind": ("type",), "request": ("id",), "trace": ("traceId", "trace_id"), "time": ("startTime", "start_time"),
    "ended": ("endTime", "end_time"), "level": ("level",),
    "model": ("providedModelName", "provided_model_name", "model"),
    "user": ("userId", "user_id"), "session": ("sessionId", "session_id"),
    "input": (*_detail("input"), "usage.input", "usage.promptTokens", "inputUsage", "promptTokens", "prompt_tokens"),
    "output": (*_detail("output"), "usage.output", "usage.completionTokens", "outputUsage", "completionTokens",
               "completion_tokens"),
    "total": (*_detail("total"), "usage.total", "usage.totalTokens", "totalUsage", "totalTokens", "total_tokens"),
    "unit": ("usage.unit", "unit"),
    "read": _detail("input_cached_tokens", "cache_read_input_tokens", "input_cache_read", "input_cached"),
    "written": _detail("cache_creation_input_tokens", "input_cache_creation", "input_cache_write"),
    "written_1h": _detail("input_cache_creation_1h", "input_cache_write_1h"),
    "written_5m": _detail("input_cache_creation_5m", "input_cache_write_5m"),
    "reasoning": _detail("output_reasoning_tokens", "output_reasoning", "reasoning_tokens"),
    "max_tokens": ("modelParameters.max_tokens", "modelParameters.maxTokens", "model_parameters.max_tokens",
                   "modelParameters.max_completion_tokens"),
    "billed_usd": ("costDetails.total", "cost_details.total", "totalCost", "total_cost", "calculatedTotalCost"),
}  # fmt: skip
_MODEL_KINDS = ("GENERATION", "EMBEDDING")
_MARKS = ("usageDetails", "usage_details", "promptTokens", "inputUsage", "calculatedTotalCost", "usage")
_EXAMPLE = b"""\
{"id":"g1","traceId":"t1","type":"GENERATION","startTime":"2026-09-14T08:15:46.100Z","endTime":"2026-09-14T08:15:48Z",\
"level":"DEFAULT","model":"claude-sonnet-4-5-20250929","usageDetails":{"input":374,"cache_read_input_tokens":2048,\
"output":44,"total":2466},"costDetails":{"total":0.0024}}
{"id":"s1","traceId":"t1","type":"SPAN","startTime":"2026-09-14T08:15:46Z","endTime":"2026-09-14T08:15:48Z",\
"level":"DEFAULT","model":null,"usageDetails":{}}
{"id":"g2","traceId":"t2","type":"GENERATION","startTime":"2026-09-14T08:15:50.100Z","endTime":"2026-09-14T08:15:52Z",\
"level":"DEFAULT","model":"claude-sonnet-4-5-20250929","usageDetails":{"input":396,"cache_creation_input_tokens":2048,\
"output":109,"total":2553}}
"""


def observations(head: Head) -> list[dict[str, Any]]:
    """Return the records of a head that may be observations, taken out of their page."""
    records = [i for o in head.objects for i in (o["data"] if isinstance(o.get("data"), list) else [o])]
    return [r for r in records if isinstance(r, dict)]


def is_langfuse(head: Head) -> bool:
    """Whether a head holds observations."""
    records = observations(head)
    if records or head.columns:
        keys = [set(head.columns), *(set(r) for r in records)]
        return any(
            "type" in k and k & {"traceId", "trace_id"} and k & {"startTime", "start_time"} and k & set(_MARKS)
            for k in keys
        )
    return any(f'"{mark}"' in head.text for mark in _MARKS[:-1]) and '"GENERATION"' in head.text


def is_paged(path: Path) -> bool:
    """Whether a file is a page of the API, which holds its records under `data`."""
    with path.open("rb") as stream:
        return b'"data"' in stream.read(200).split(b"[")[0]


@reader("Langfuse observations (JSON or CSV)", kind="usage_log", matches=is_langfuse, input_holds_cached=False,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the calls of a model among the observations of a file.

    Raises
    ------
    InputError
        When the file is cut off, counts anything but tokens, or a call has no time or counts that cannot be.
    """
    cells = record_cells(path, _ROLES, each="data" if is_paged(path) else "")
    cells = cells.only(cells.text("kind").str.upper().isin(_MODEL_KINDS).to_numpy(dtype=bool))
    if not len(cells):
        return calls_frame({}, where=path.name)
    failed = (cells.text("level").str.upper() == "ERROR").to_numpy(dtype=bool)
    cells.refuse_empty(["input", "output"], ~failed & (cells.silent("total") | cells.silent("input")))
    cells.refuse(~cells.text("unit").str.upper().isin(["", "TOKENS"]).to_numpy(dtype=bool), "unit", "is not tokens",
                 "observations that count tokens")  # fmt: skip
    fresh, spoken, reads, thought = (cells.whole(role) for role in ("input", "output", "read", "reasoning"))
    short, long = cells.whole("written_5m"), cells.whole("written_1h")
    short = np.where(short + long == 0, cells.whole("written"), short)
    beside = reads + short + long
    is_inside = (fresh + spoken == cells.number("total")) & (beside + thought > 0)
    times, request = cells.times("time"), cells.named("request")
    lasted = (cells.times("ended", is_needed=False) - times).dt.total_seconds().to_numpy()
    return calls_frame(
        {
            "time": times, "request": request, "outcome": cells.text("trace", default=request),
            "attempt": np.ones(len(cells), dtype=np.int64), "user": cells.text("user"),
            "session": cells.text("session"), "model": bare_models(cells.text("model")),
            "input_total": fresh + np.where(is_inside, 0, beside), "cache_read": reads,
            "cache_write_5m": short, "cache_write_1h": long, "output": spoken + np.where(is_inside, 0, thought),
            "reasoning": thought, "max_tokens": cells.number("max_tokens"),
            "status": endings(pd.Series("unknown", index=range(len(cells))), failed=failed,
                              incomplete=np.zeros(len(cells), dtype=bool)),
            "latency_s": np.where(lasted >= 0, lasted, np.nan), "billed_usd": cells.number("billed_usd"),
            ROW: cells.places,
        },
        where=path.name,
    )  # fmt: skip
