"""OpenAI usage log: response objects of the Responses API or Chat Completions, one JSON object a line.

A logged object may sit inside a record of the caller's own (`{"response": {...}, "latency_ms": 900}`), as it does in
the output of the batch API. A failed call has `usage: null` and costs nothing. Input tokens hold the cached ones,
output tokens hold the reasoning.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.telemetry import caller_fields
from flightready.telemetry.cells import Cells
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, calls_frame, endings
from flightready.telemetry.json_records import record_cells

_OBJECTS = ("response", "chat.completion", "text_completion")
_PRICED_OBJECTS = (*_OBJECTS, "list")  # an embeddings answer is a list
_ROLES = {
    **caller_fields.ROLES,
    "object": ("object",), "request": ("id",), "wrapped": ("response.body.object",), "time": caller_fields.TIMES,
    "user": ("user", "safety_identifier", "metadata.user_id"),
    "session": ("conversation.id", "conversation", "metadata.session_id"),
    "model": ("model",), "tier": ("service_tier",),
    "input": ("usage.input_tokens", "usage.prompt_tokens"),
    "cached": ("usage.input_tokens_details.cached_tokens", "usage.prompt_tokens_details.cached_tokens"),
    "output": ("usage.output_tokens", "usage.completion_tokens"),
    "reasoning": ("usage.output_tokens_details.reasoning_tokens", "usage.completion_tokens_details.reasoning_tokens"),
    "max_tokens": ("max_output_tokens", "max_completion_tokens", "max_tokens"),
    "status": ("status",), "error": ("error",), "error_code": ("error.code", "error.type"),
    "finish": ("choices[0].finish_reason",),
    "completed": ("completed_at",),
}  # fmt: skip
_WITHIN = ("response.body", "response", "")  # the batch API wraps a response twice
_EXAMPLE = b"""\
{"id":"resp_1","object":"response","created_at":1790000000,"model":"gpt-4.1-2025-04-14","status":"failed",\
"error":{"code":"rate_limit_exceeded"},"usage":null,"metadata":{"ticket_id":"T-1","attempt":"1"},"latency_ms":210}
{"id":"resp_2","object":"response","created_at":1790000004,"model":"gpt-4.1-2025-04-14","status":"completed",\
"usage":{"input_tokens":1500,"input_tokens_details":{"cached_tokens":1024},"output_tokens":120,\
"output_tokens_details":{"reasoning_tokens":0}},"metadata":{"ticket_id":"T-1","attempt":"2"},"latency_ms":2100}
{"id":"chatcmpl-3","object":"chat.completion","created":1790000009,"model":"gpt-4.1-2025-04-14","choices":\
[{"finish_reason":"stop"}],"usage":{"prompt_tokens":900,"completion_tokens":80,"prompt_tokens_details":\
{"cached_tokens":0}}}
"""


def is_openai_log(head: Head) -> bool:
    """Whether a head holds response objects of this provider."""
    if head.objects:
        return any(_unwrapped(o).get("object") in _OBJECTS for o in head.objects)
    return any(f'"object":"{name}"' in head.text.replace(" ", "") for name in _OBJECTS)


@reader("OpenAI usage log (JSON lines of responses)", kind="usage_log", matches=is_openai_log, input_holds_cached=True,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the calls of a log; attempts of one outcome share the id that the caller put into `metadata`.

    Raises
    ------
    InputError
        When a line is cut off, has no time, or counts tokens that cannot be.
    """
    cells = record_cells(path, _ROLES, within=_WITHIN)
    if not len(cells):
        return calls_frame({}, where=path.name)
    has_usage = ~(cells.silent("input") & cells.silent("output"))
    foreign = has_usage & ~cells.text("object").isin(_PRICED_OBJECTS).to_numpy(dtype=bool)
    cells.refuse(foreign, "object", "counts tokens in a record that is no response of this provider",
                 cure="put the calls of each provider into a file of their own")  # fmt: skip
    request = cells.named("request")
    is_batch = (cells.text("batch_id") != "").to_numpy(dtype=bool) & (cells.text("wrapped") != "").to_numpy(dtype=bool)
    tier, times = cells.text("tier"), cells.times("time")
    lasted = (cells.times("completed", is_needed=False) - times).dt.total_seconds().to_numpy()
    return calls_frame(
        {
            "time": times, "request": request, "outcome": cells.text("outcome", default=request),
            "attempt": caller_fields.attempts(cells), "user": cells.text("user"),
            "session": cells.text("session"), "provider": "openai", "model": cells.text("model"),
            "tier": tier.mask(is_batch & (tier == "").to_numpy(dtype=bool), "batch"),
            "input_total": cells.whole("input"),
            "cache_read": cells.whole("cached"), "output": cells.whole("output"),
            "reasoning": cells.whole("reasoning"), "max_tokens": cells.number("max_tokens"),
            "status": _status(cells, has_usage), "latency_s": caller_fields.latency_s(cells, lasted),
            "billed_usd": cells.number("billed_usd"), ROW: cells.places,
        },
        where=path.name,
    )  # fmt: skip


def _status(cells: Cells, has_usage: np.ndarray) -> pd.Series:
    """A call without usage did not answer."""
    said, error = cells.text("status"), cells.text("error")
    told = (error.str.startswith("{") & (error != "{}")).to_numpy(dtype=bool)
    ended = said.isin(["failed", "cancelled", "expired"]).to_numpy(dtype=bool) | ~has_usage
    code = cells.text("error_code", default="unknown")
    why = code.where(told, said.where(~said.isin(["", "completed"]), "no usage"))
    cut = ((said == "incomplete") | (cells.text("finish") == "length")).to_numpy(dtype=bool)
    return endings(why, failed=told | ended, incomplete=cut)


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The response object with what its wrapper says about it; the batch API wraps it twice."""
    inner = record.get("response")
    body = inner.get("body", inner) if isinstance(inner, dict) else None
    if not isinstance(body, dict) or "object" not in body:
        return record
    return {**record, "service_tier": "batch", **body} if "custom_id" in record else {**record, **body}
