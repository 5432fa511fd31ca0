"""LiteLLM spend logs: rows of the gateway's table of requests, as JSON or CSV.

The gateway counts cached tokens inside `prompt_tokens`, whatever the provider does. An answer out of the gateway's own
cache never reached a provider and costs nothing, so its tokens are left at zero.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, calls_frame, endings
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.providers import bare_models, listed_providers

_USAGE = ("metadata.usage_object", "metadata.additional_usage_values", "response.usage")
_READ = ("prompt_tokens_details.cached_tokens", "cache_read_input_tokens")
_ROLES = {
    "request": ("request_id",), "time": ("startTime",), "ended": ("endTime",), "model": ("model",),
    "provider": ("custom_llm_provider",), "user": ("end_user", "user"), "session": ("session_id",),
    "input": ("prompt_tokens",), "output": ("completion_tokens",), "spend": ("spend",), "hit": ("cache_hit",),
    "status": ("status", "metadata.status"),
    "error": ("metadata.error_information.error_code", "metadata.error_information.error_class"),
    "read": tuple(f"{u}.{k}" for u in _USAGE for k in _READ),
    "written": tuple(f"{u}.cache_creation_input_tokens" for u in _USAGE),
    "reasoning": tuple(f"{u}.completion_tokens_details.reasoning_tokens" for u in _USAGE),
    "tier": ("metadata.usage_object.service_tier", "response.service_tier"),
}  # fmt: skip
_NEEDED = ("request_id", "startTime", "spend", "prompt_tokens")
_EXAMPLE = b"""\
[{"request_id":"chatcmpl-1","call_type":"acompletion","spend":0.0012,"prompt_tokens":900,"completion_tokens":80,\
"total_tokens":980,"startTime":"2026-09-14T08:15:46.120000+00:00","endTime":"2026-09-14T08:15:48.020000+00:00",\
"model":"gpt-4.1-mini-2025-04-14","custom_llm_provider":"openai","cache_hit":"False","status":"success",\
"metadata":{"usage_object":{"prompt_tokens_details":{"cached_tokens":512}}}},
{"request_id":"chatcmpl-2","call_type":"acompletion","spend":0,"prompt_tokens":0,"completion_tokens":0,\
"total_tokens":0,"startTime":"2026-09-14T08:15:50.120000+00:00","endTime":"2026-09-14T08:15:50.320000+00:00",\
"model":"gpt-4.1-mini-2025-04-14","custom_llm_provider":"openai","cache_hit":"None","status":"failure",\
"metadata":{"error_information":{"error_code":"429"}}}]
"""


def is_litellm(head: Head) -> bool:
    """Whether a head is of the gateway's table."""
    return all(key in head.columns or head.has(key) for key in _NEEDED)


@reader("LiteLLM spend logs (JSON or CSV)", kind="usage_log", matches=is_litellm, input_holds_cached=True,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the requests of the gateway, one a row; tries that it repeats by itself are not told apart.

    Raises
    ------
    InputError
        When the file is cut off, a row has no time, or counts tokens that cannot be.
    """
    cells = record_cells(path, _ROLES)
    if not len(cells):
        return calls_frame({}, where=path.name)
    said = cells.text("status").str.lower()
    failed = said.isin(["failure", "failed", "error"]).to_numpy(dtype=bool)
    cells.refuse_empty(["input", "output"], ~failed)
    asked = (cells.text("hit").str.lower() != "true").to_numpy(dtype=bool)
    times, request = cells.times("time"), cells.named("request")
    lasted = (cells.times("ended", is_needed=False) - times).dt.total_seconds().to_numpy()
    tokens = {"input_total": "input", "cache_read": "read", "cache_write_5m": "written", "output": "output",
              "reasoning": "reasoning"}  # fmt: skip
    return calls_frame(
        {
            "time": times, "request": request, "outcome": request,
            "attempt": np.ones(len(cells), dtype=np.int64), "user": cells.text("user"),
            "session": cells.text("session"), "provider": listed_providers(cells.text("provider")),
            "model": bare_models(cells.text("model")), "tier": cells.text("tier"),
            **{name: np.where(asked, cells.whole(role), 0) for name, role in tokens.items()},
            "status": endings(cells.text("error", default="unknown"), failed=failed,
                              incomplete=np.zeros(len(cells), dtype=bool)),
            "latency_s": np.where(lasted >= 0, lasted, np.nan), "billed_usd": cells.number("spend"), ROW: cells.places,
        },
        where=path.name,
    )  # fmt: skip
