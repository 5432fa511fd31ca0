"""OpenAI usage log: response objects of the Responses API or Chat Completions, one JSON object a line.

A logged object may sit inside a record of the caller's own (`{"response": {...}, "latency_ms": 900}`), as it does in
the output of the batch API. A failed call has `usage: null` and costs nothing. Input tokens hold the cached ones,
output tokens hold the reasoning.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.documents import json_objects
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import CALL_COLUMNS, LARGEST_SECONDS, ROW, calls_frame

_OBJECTS = ("response", "chat.completion", "text_completion")
_PRICED_OBJECTS = (*_OBJECTS, "list")  # an embeddings answer is a list
_OUTCOME_KEYS = (
    "outcome_id", "ticket_id", "case_id", "task_id", "job_id", "document_id", "order_id", "request_id", "message_id",
    "correlation_id", "trace_id", "custom_id",
)  # fmt: skip
_ATTEMPT_KEYS = ("attempt", "attempt_number", "retry", "retries", "retry_count", "try")
_COLUMNS = (*CALL_COLUMNS, ROW)
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
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for number, record in json_objects(path):
        row = _row(_unwrapped(record), number, f"{path.name}, record {number}")
        for name, value in zip(_COLUMNS, row, strict=True):
            columns[name].append(value)
    columns["time"] = pd.to_datetime(pd.Series(columns["time"], dtype="float64"), unit="s", utc=True)
    return calls_frame(columns, where=path.name)


def _unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The response object with what its wrapper says about it; the batch API wraps it twice."""
    inner = record.get("response")
    body = inner.get("body", inner) if isinstance(inner, dict) else None
    if not isinstance(body, dict) or "object" not in body:
        return record
    return {**record, "service_tier": "batch", **body} if "custom_id" in record else {**record, **body}


def _row(record: dict[str, Any], number: int, where: str) -> tuple[Any, ...]:
    """Return the values of one call in the order of `_COLUMNS`."""
    given = record.get("usage")
    usage: dict[str, Any] = given if isinstance(given, dict) else {}
    if usage and record.get("object") not in _PRICED_OBJECTS:
        raise InputError("the record counts tokens but is no response of this provider", where=where,
                         cure="put the calls of each provider into a file of their own")  # fmt: skip
    metadata = record["metadata"] if isinstance(record.get("metadata"), dict) else {}
    request = str(record.get("id") or f"record {number}")
    outcome = _first((record, metadata), _OUTCOME_KEYS) or request
    return (
        _time(record, where), request, _whole(_first((record, metadata), _ATTEMPT_KEYS) or 1, where), str(outcome),
        str(record.get("user") or record.get("safety_identifier") or metadata.get("user_id") or ""),
        str(_conversation(record) or metadata.get("session_id") or ""),
        "openai", str(record.get("model") or ""), str(record.get("service_tier") or ""),
        _count(usage, ("input_tokens", "prompt_tokens"), where),
        _detail(usage, ("input_tokens_details", "prompt_tokens_details"), "cached_tokens", where),
        0, 0,
        _count(usage, ("output_tokens", "completion_tokens"), where),
        _detail(usage, ("output_tokens_details", "completion_tokens_details"), "reasoning_tokens", where),
        _number(record, ("max_output_tokens", "max_completion_tokens", "max_tokens")),
        _status(record, bool(usage)), _latency_s(record), _number(record, ("cost_usd", "billed_usd")), number,
    )  # fmt: skip


def _time(record: dict[str, Any], where: str) -> float:
    """Seconds since 1970."""
    for key in ("created_at", "created", "timestamp", "time"):
        value = record.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return value / 1000 if value > LARGEST_SECONDS else float(value)
        if isinstance(value, str) and value:
            try:
                moment = dt.datetime.fromisoformat(value)
            except ValueError:
                continue
            return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
    raise InputError("the call has no time", where=where, valid="created_at, created or timestamp",
                     cure="log the time of every call")  # fmt: skip


def _status(record: dict[str, Any], has_usage: bool) -> str:
    """`ok`, `incomplete` or `error:<code>`; a call without usage did not answer."""
    error = record.get("error")
    said = str(record.get("status") or "")
    if isinstance(error, Mapping) and error:
        return f"error:{error.get('code') or error.get('type') or 'unknown'}"
    if said in ("failed", "cancelled", "expired") or not has_usage:
        return f"error:{said if said not in ('', 'completed') else 'no usage'}"
    choices = record.get("choices")
    cut = isinstance(choices, list) and any(isinstance(c, dict) and c.get("finish_reason") == "length" for c in choices)
    return "incomplete" if said == "incomplete" or cut else "ok"


def _latency_s(record: dict[str, Any]) -> float:
    for key, per_second in (("latency_ms", 1000.0), ("duration_ms", 1000.0), ("latency_s", 1.0)):
        value = _number(record, (key,))
        if not math.isnan(value):
            return value / per_second
    return _number(record, ("completed_at",)) - _number(record, ("created_at",))


def _conversation(record: dict[str, Any]) -> Any:
    found = record.get("conversation")
    return found.get("id") if isinstance(found, dict) else found


def _first(places: Iterable[Mapping[str, Any]], keys: tuple[str, ...]) -> Any:
    return next((p[k] for p in places for k in keys if p.get(k) not in (None, "")), None)


def _number(record: Mapping[str, Any], keys: tuple[str, ...]) -> float:
    found = next((record[k] for k in keys if isinstance(record.get(k), int | float)), math.nan)
    return float(found)


def _count(usage: Mapping[str, Any], keys: tuple[str, ...], where: str) -> int:
    return _whole(next((usage[k] for k in keys if usage.get(k) is not None), 0), where)


def _detail(usage: Mapping[str, Any], groups: tuple[str, ...], key: str, where: str) -> int:
    holder = next((usage[g] for g in groups if isinstance(usage.get(g), dict)), {})
    return _whole(holder.get(key) or 0, where)


def _whole(value: Any, where: str) -> int:
    try:
        if float(value) == int(value):
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise InputError("a token or attempt count is not a whole number", where=where)
