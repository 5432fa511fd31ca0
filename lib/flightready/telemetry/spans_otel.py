"""OpenTelemetry traces as OTLP JSON: one export request, a list of them, or one a line.

Read with the standard library: the protobuf JSON decoder takes the hexadecimal ids for base64.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.documents import json_objects
from flightready.telemetry.first_chunks import Stated, first_moments, stated_first
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW
from flightready.telemetry.span_checks import checked_spans, columns_of, refuse_other_unit

_HEX = re.compile(r"^[0-9A-Fa-f]+$")
_ERROR = (2, "2", "STATUS_CODE_ERROR", "ERROR")
_EXAMPLE = b"""\
{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"router"}}]},"scopeSpans":\
[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"request",\
"startTimeUnixNano":"1790000000000000000","endTimeUnixNano":"1790000002500000000","status":{"code":0}},\
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","parentSpanId":"b7ad6b7169203331",\
"name":"model","startTimeUnixNano":1790000000500000000,"endTimeUnixNano":1790000002000000000,"status":{"code":2},\
"attributes":[{"key":"gen_ai.response.time_to_first_chunk","value":{"doubleValue":0.4}}]}]}]}]}
"""


def is_otlp(head: Head) -> bool:
    """Whether a head is OTLP JSON."""
    return any(head.has(key) for key in ("resourceSpans", "resource_spans"))


@reader("OpenTelemetry traces (OTLP JSON)", kind="spans", matches=is_otlp, input_holds_cached=None, example=_EXAMPLE)
def read(path: Path) -> pd.DataFrame:
    """Return the finished spans of a file.

    `attrs` counts what was left out, see `span_checks.checked_spans`.

    Raises
    ------
    InputError
        When a line is cut off, or an id or a time is not one.
    """
    rows = (
        _row(span, service, number, f"{path.name}, record {number}")
        for number, record in json_objects(path) for service, span in _spans(record)
    )  # fmt: skip
    columns = columns_of(rows)
    refuse_other_unit(np.array(columns["start_s"]), columns[ROW], where=path.name, unit="nanoseconds")
    first = first_moments(columns["start_s"], columns["end_s"], columns["first_s"])
    return checked_spans(columns | {"first_s": first}, where=path.name)


def _spans(record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for resource_spans in _list(record, "resourceSpans"):
        service = _service(resource_spans.get("resource"))
        scopes = _list(resource_spans, "scopeSpans") or _list(resource_spans, "instrumentationLibrarySpans")
        for scope in scopes:
            yield from ((service, span) for span in _list(scope, "spans"))


def _row(span: dict[str, Any], service: str, number: int, where: str) -> tuple[Any, ...]:
    start, end = (_seconds(_get(span, key), where) for key in ("startTimeUnixNano", "endTimeUnixNano"))
    status = span.get("status")
    code = status.get("code", 0) if isinstance(status, dict) else 0
    ids = (_id(_get(span, "traceId")), _id(_get(span, "spanId")), _id(_get(span, "parentSpanId")))
    return (*ids, str(span.get("name") or ""), start, end, code not in _ERROR, service, _first(span, where), number)


def _first(span: dict[str, Any], where: str) -> Stated | None:
    stated = ((a.get("key"), a.get("value")) for a in _list(span, "attributes"))
    events = ((e.get("name"), _seconds(_get(e, "timeUnixNano"), where)) for e in _list(span, "events"))
    return stated_first(stated, events)


def _seconds(nano: Any, where: str) -> float:
    """Seconds of a time in nanoseconds, written as a number or as text; NaN when there is none."""
    try:
        whole = int(nano or 0)
    except (TypeError, ValueError):
        raise InputError("the time of a span is not a whole number of nanoseconds", where=where) from None
    return whole / 1e9 if whole else math.nan


def _id(raw: Any) -> str:
    """An id in lower case; all zeros means none. An id that is not hexadecimal is kept as it is."""
    text = str(raw or "").strip()
    return "" if not text.strip("0") else text.lower() if _HEX.match(text) else text


def _service(resource: Any) -> str:
    for attribute in _list(resource, "attributes"):
        value = attribute.get("value")
        if attribute.get("key") == "service.name" and isinstance(value, dict):
            return str(_get(value, "stringValue") or "")
    return ""


def _list(holder: Any, key: str) -> list[dict[str, Any]]:
    found = _get(holder, key) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _get(holder: dict[str, Any], key: str) -> Any:
    """A field by its JSON name, or by the name that it has in the protocol's definition."""
    return holder[key] if key in holder else holder.get(re.sub(r"([A-Z])", r"_\1", key).lower())
