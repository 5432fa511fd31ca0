"""Model calls in OpenTelemetry traces (OTLP JSON): spans with the attributes of the GenAI conventions, old and new.

The same file is read as spans for the latency. Input tokens hold the cached ones, output tokens the reasoning. Calls of
one trace serve one outcome. A span that only sums up the calls below it (an agent, a gateway) is not a call.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.telemetry.cells import Cells
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW, calls_frame, endings
from flightready.telemetry.json_records import engine_table
from flightready.telemetry.providers import bare_models, listed_providers
from flightready.telemetry.spans_otel import is_otlp
from flightready.telemetry.tables import quoted

_ROLES = {
    "operation": ("gen_ai.operation.name", "llm.request.type", "openinference.span.kind"),
    "provider": ("gen_ai.provider.name", "gen_ai.system", "llm.vendor", "llm.provider"),
    "model": ("gen_ai.response.model", "gen_ai.request.model", "llm.response.model", "llm.request.model",
              "llm.model_name"),
    "request": ("gen_ai.response.id",),
    "input": ("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.usage.prompt_tokens",
              "llm.token_count.prompt"),
    "cached": ("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
               "gen_ai.usage.input_tokens.cached", "llm.usage.cache_read_input_tokens",
               "llm.token_count.prompt_details.cache_read"),
    "written": ("gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
                "gen_ai.usage.cache_write_input_tokens", "llm.usage.cache_creation_input_tokens",
                "llm.token_count.prompt_details.cache_write"),
    "output": ("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", "llm.usage.completion_tokens",
               "llm.token_count.completion"),
    "reasoning": ("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens",
                  "llm.token_count.completion_details.reasoning"),
    "max_tokens": ("gen_ai.request.max_tokens", "llm.request.max_tokens"),
    "finish": ("gen_ai.response.finish_reasons", "gen_ai.response.finish_reason", "llm.response.finish_reason"),
    "tier": ("gen_ai.openai.response.service_tier", "openai.response.service_tier",
             "gen_ai.openai.request.service_tier", "openai.request.service_tier"),
    "session": ("gen_ai.conversation.id", "session.id"), "user": ("enduser.id", "user.id"), "error": ("error.type",),
}  # fmt: skip
_OF_SPAN = {
    "trace": ("traceId", "trace_id"), "span": ("spanId", "span_id"), "parent": ("parentSpanId", "parent_span_id"),
    "start": ("startTimeUnixNano", "start_time_unix_nano"), "end": ("endTimeUnixNano", "end_time_unix_nano"),
    "code": ("status.code",),
}  # fmt: skip
_VALUES = ("stringValue", "intValue", "doubleValue", "boolValue", "arrayValue", "string_value", "int_value")
_SCOPES = ("scopeSpans", "scope_spans", "instrumentationLibrarySpans")
_NO_CALL = ("invoke_agent", "create_agent", "execute_tool", "invoke_workflow", "agent", "tool", "chain", "workflow")
_ERROR = ("2", "STATUS_CODE_ERROR", "ERROR")
_NS_PER_S = 1e9
_DEEPEST = 64  # spans within one another; far deeper than any framework nests
_EXAMPLE = b"""\
{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"spans":[\
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"request",\
"startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000002500000000","status":{"code":0}},\
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","parentSpanId":"b7ad6b7169203331",\
"name":"chat gpt-4.1","startTimeUnixNano":"1790000000500000000","endTimeUnixNano":"1790000002000000000","attributes":[\
{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
{"key":"gen_ai.provider.name","value":{"stringValue":"openai"}},\
{"key":"gen_ai.response.model","value":{"stringValue":"gpt-4.1-2025-04-14"}},\
{"key":"gen_ai.response.finish_reasons","value":{"arrayValue":{"values":[{"stringValue":"stop"}]}}},\
{"key":"gen_ai.usage.input_tokens","value":{"intValue":"1500"}},\
{"key":"gen_ai.usage.cache_read.input_tokens","value":{"intValue":"1024"}},\
{"key":"gen_ai.usage.output_tokens","value":{"intValue":"120"}}],"status":{"code":0}}]}]}]}
{"resourceSpans":[{"scopeSpans":[{"spans":[\
{"traceId":"1af7651916cd43dd8448eb211c80319d","spanId":"c7ad6b7169203332","name":"openai.chat",\
"startTimeUnixNano":"1790000004000000000","endTimeUnixNano":"1790000005000000000","attributes":[\
{"key":"gen_ai.system","value":{"stringValue":"openai"}},\
{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4.1-2025-04-14"}},\
{"key":"gen_ai.usage.prompt_tokens","value":{"intValue":"900"}},\
{"key":"gen_ai.usage.completion_tokens","value":{"intValue":"80"}}],"status":{"code":0}}]}]}]}
"""


def holds_model_calls(head: Head) -> bool:
    """Whether a head is OTLP JSON with tokens of model calls."""
    marks = ('"gen_ai.usage.', '"llm.usage.', '"llm.token_count.')
    return is_otlp(head) and any(mark in head.text for mark in marks)


@reader("OpenTelemetry GenAI spans (OTLP JSON)", kind="usage_log", matches=holds_model_calls, input_holds_cached=True,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the model calls among the spans of a file; `attrs["summing_spans"]` counts those left out as sums.

    Raises
    ------
    InputError
        When a line is cut off, a call has no time, or counts tokens that cannot be.
    """
    frame = engine_table(path, _query)
    calls, sums = _calls(frame)
    held = frame[calls].reset_index(drop=True)
    names = {role: known[0] for role, known in (_OF_SPAN | _ROLES).items()}
    cells = Cells(held, held["record"].astype("int64").to_numpy(), path=path, unit="record", names=names)
    if not len(cells):
        return calls_frame({}, where=path.name)
    answered = ~(cells.silent("input") & cells.silent("output"))
    failed = ~answered | ~cells.silent("error") | cells.text("code").isin(_ERROR).to_numpy(dtype=bool)
    failed &= ~(
        answered & cells.silent("error") & (cells.number("output") > 0)
    )  # the answer came, something later failed
    begun, ended = (cells.number(role) / _NS_PER_S for role in ("start", "end"))
    trace = cells.named("trace")
    calls = calls_frame(
        {
            "time": cells.times("start"), "request": cells.text("request", default=trace + " " + cells.text("span")),
            "outcome": trace, "attempt": np.ones(len(cells), dtype=np.int64), "user": cells.text("user"),
            "session": cells.text("session"), "provider": listed_providers(cells.text("provider")),
            "model": bare_models(cells.text("model")), "tier": cells.text("tier"), "input_total": cells.whole("input"),
            "cache_read": cells.whole("cached"), "cache_write_5m": cells.whole("written"),
            "output": cells.whole("output"), "reasoning": cells.whole("reasoning"),
            "max_tokens": cells.number("max_tokens"),
            "status": endings(cells.text("error", default="unknown"), failed=failed,
                              incomplete=cells.text("finish").str.contains("length|max_tokens").to_numpy(dtype=bool)),
            "latency_s": np.where(ended > begun, ended - begun, np.nan), ROW: cells.places,
        },
        where=path.name,
    )  # fmt: skip
    calls.attrs["summing_spans"] = sums
    return calls


def _query(engine: Any, source: str) -> Any:
    """Every span of a file, one row each, with the attributes that a call may have."""
    own_names = {name: "VARCHAR" for role, known in _OF_SPAN.items() if role != "code" for name in known}
    attribute = {"key": "VARCHAR", "value": dict.fromkeys(_VALUES, "VARCHAR")}
    scopes = [{"spans": [own_names | {"status": {"code": "VARCHAR"}, "attributes": [attribute]}]}]
    shape = json.dumps([dict.fromkeys(_SCOPES, scopes)])
    found = f"json_transform(coalesce(resourceSpans, resource_spans), {quoted(shape)})"
    source = f"read_json({source}, records = true, columns = {{'resourceSpans': 'JSON', 'resource_spans': 'JSON'}})"
    resources = f"SELECT row_number() OVER () AS record, unnest({found}) AS r FROM {source}"
    scoped = f"SELECT record, unnest(coalesce({', '.join(f'r.{name}' for name in _SCOPES)})) AS s FROM ({resources})"
    each = f"SELECT record, unnest(s.spans) AS span FROM ({scoped})"
    stated = f"coalesce({', '.join(f'a.value.{name}' for name in _VALUES)})"
    keyed = (
        "SELECT record, span, list_transform(span.attributes, lambda a: a.key) AS keys, "
        f"list_transform(span.attributes, lambda a: {stated}) AS stated FROM ({each})"
    )
    own = [
        f'coalesce(NULL, {", ".join(f"span.{name}" for name in known)})::VARCHAR AS "{role}"'
        for role, known in _OF_SPAN.items()
    ]
    attributes = [
        f'coalesce(NULL, {", ".join(f"stated[list_position(keys, {quoted(name)})]" for name in known)}) AS "{role}"'
        for role, known in _ROLES.items()
    ]
    return engine.sql(f"SELECT record, {', '.join(own + attributes)} FROM ({keyed})")


def _calls(spans: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Which spans are calls of a model, and how many others only sum up calls below them."""
    counts = (spans["input"].notna() | spans["output"].notna()).to_numpy(dtype=bool)
    no_call = spans["operation"].str.lower().isin(_NO_CALL).to_numpy(dtype=bool)
    asked = counts | (spans["model"].notna() & spans["operation"].notna()).to_numpy(dtype=bool)
    asked &= ~no_call
    own = pd.MultiIndex.from_frame(spans[["trace", "span"]].fillna(""))
    above = pd.MultiIndex.from_frame(spans[["trace", "parent"]].fillna("").set_axis(["trace", "span"], axis=1))
    first = ~own.duplicated()
    places = np.flatnonzero(first)
    parent = own[first].get_indexer(above)
    parent = np.where(parent >= 0, places[parent], -1)
    holds = np.zeros(len(spans), dtype=bool)  # spans with a call below them
    at = np.flatnonzero(asked & first)
    for _ in range(_DEEPEST):
        at = np.unique(parent[at])
        at = at[at >= 0]
        at = at[~holds[at]]
        if not at.size:
            break
        holds[at] = True
    return asked & ~holds & first, int((counts & (holds | no_call) & first).sum())
