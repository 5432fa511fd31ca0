"""Anthropic usage log: answers of the Messages API, one JSON object a line, or the results of a message batch.

An answer has no time of its own, so it sits in a record of its caller's, or has a time added to it:
`{"timestamp": "...", "response": {"type": "message", ...}}`. Its `input_tokens` leave out what was read from and
written to the cache; the total is put together here. Thinking is counted within the output and not told apart.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flightready.telemetry import caller_fields
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, calls_frame, endings
from flightready.telemetry.json_records import record_cells

_WITHIN = ("result.message", "response", "message", "")
_ROLES = {
    **caller_fields.ROLES,
    "kind": ("type",), "request": ("id", "request_id"),
    "time": ("timestamp", "time", "created_at", "requested_at", "started_at"),
    "user": ("user_id", "user", "metadata.user_id"),
    "session": ("session_id", "conversation_id", "metadata.session_id"),
    "model": ("model",), "tier": ("usage.service_tier", "service_tier"),
    "input": ("usage.input_tokens",), "read": ("usage.cache_read_input_tokens",),
    "written": ("usage.cache_creation_input_tokens",),
    "written_5m": ("usage.cache_creation.ephemeral_5m_input_tokens",),
    "written_1h": ("usage.cache_creation.ephemeral_1h_input_tokens",),
    "output": ("usage.output_tokens",), "max_tokens": ("max_tokens", "request.max_tokens"),
    "stop": ("stop_reason",), "ended": ("result.type",),
    "error": ("result.error.error.type", "result.error.type", "error.type", "error.error.type", "error"),
}  # fmt: skip
_CUT = ("max_tokens", "model_context_window_exceeded")
_NOT_ENDED = ("errored", "canceled", "expired")
_EXAMPLE = b"""\
{"timestamp":"2026-09-14T08:15:46Z","ticket_id":"T-1","latency_ms":1900,"response":{"id":"msg_1","type":"message",\
"role":"assistant","model":"claude-sonnet-4-5-20250929","stop_reason":"end_turn","usage":{"input_tokens":374,\
"cache_creation_input_tokens":0,"cache_read_input_tokens":2048,"output_tokens":44,"service_tier":"standard"}}}
{"timestamp":"2026-09-14T08:15:50Z","ticket_id":"T-2","latency_ms":2300,"response":{"id":"msg_2","type":"message",\
"role":"assistant","model":"claude-sonnet-4-5-20250929","stop_reason":"max_tokens","usage":{"input_tokens":396,\
"cache_creation_input_tokens":2048,"cache_creation":{"ephemeral_5m_input_tokens":2048,"ephemeral_1h_input_tokens":0},\
"cache_read_input_tokens":0,"output_tokens":109,"service_tier":"standard"}}}
{"timestamp":"2026-09-14T08:15:52Z","ticket_id":"T-3","response":{"type":"error","error":{"type":"overloaded_error"}}}
"""


def is_anthropic_log(head: Head) -> bool:
    """Whether a head holds answers of this provider."""
    if head.objects:
        return any(_is_answer(o) for o in head.objects)
    bare = head.text.replace(" ", "")
    return '"type":"message"' in bare and '"usage":{' in bare


@reader("Anthropic usage log (JSON lines of messages)", kind="usage_log", matches=is_anthropic_log,
        input_holds_cached=False, example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the calls of a log; attempts of one outcome share the id that the caller wrote beside them.

    Raises
    ------
    InputError
        When a line is cut off, has no time, is no answer of this provider, or counts tokens that cannot be.
    """
    cells = record_cells(path, _ROLES, within=_WITHIN)
    if not len(cells):
        return calls_frame({}, where=path.name)
    answered = ~(cells.silent("input") & cells.silent("output"))
    told = ~cells.silent("error") | cells.text("ended").isin(_NOT_ENDED).to_numpy(dtype=bool)
    cells.refuse(answered & (cells.text("kind") != "message").to_numpy(dtype=bool), "kind",
                 "is not 'message' in a record that counts tokens",
                 cure="put the calls of each provider into a file of their own")  # fmt: skip
    cells.refuse(~answered & ~told, "input", "is empty in a call that did not fail")
    written, short, long = (cells.whole(role) for role in ("written", "written_5m", "written_1h"))
    split = ~(cells.silent("written_5m") & cells.silent("written_1h"))
    cells.refuse(split & ~cells.silent("written") & (short + long != written), "written",
                 "is not the sum of its parts of five minutes and one hour")  # fmt: skip
    short = np.where(split, short, written)
    read_again = cells.whole("read")
    request, tier = cells.named("request"), cells.text("tier")
    is_batch = ~cells.silent("ended") & (tier == "").to_numpy(dtype=bool)
    why = cells.text("error", default=cells.text("ended", default="unknown"))
    return calls_frame(
        {
            "time": cells.times("time"), "request": request, "outcome": cells.text("outcome", default=request),
            "attempt": caller_fields.attempts(cells), "user": cells.text("user"), "session": cells.text("session"),
            "provider": "anthropic", "model": cells.text("model"), "tier": tier.mask(is_batch, "batch"),
            "input_total": cells.whole("input") + read_again + short + long, "cache_read": read_again,
            "cache_write_5m": short, "cache_write_1h": long, "output": cells.whole("output"),
            "max_tokens": cells.number("max_tokens"),
            "status": endings(why.where(~why.str.startswith("{"), "unknown"), failed=~answered,
                              incomplete=cells.text("stop").isin(_CUT).to_numpy(dtype=bool)),
            "latency_s": caller_fields.latency_s(cells), "billed_usd": cells.number("billed_usd"), ROW: cells.places,
        },
        where=path.name,
    )  # fmt: skip


def _is_answer(record: dict) -> bool:
    result = record.get("result")
    inner = (record, record.get("response"), record.get("message"), result)
    inner = (*inner, result.get("message") if isinstance(result, dict) else None)
    return any(isinstance(i, dict) and i.get("type") == "message" and "usage" in i for i in inner)
