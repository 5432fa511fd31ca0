"""Jaeger traces as JSON: what its page and its API export, a list of traces, or one span a line as its storage keeps.

Times are whole microseconds. A span follows from another (`FOLLOWS_FROM`) only where it is the child of none.
"""

from __future__ import annotations

import math
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
from flightready.telemetry.span_checks import checked_spans, columns_of, parents, refuse_other_unit

_MARKS = ('"traceID"', '"spanID"')
_SERVER_ERROR = 500  # from here on an HTTP answer says that the server failed
_EXAMPLE = b"""\
{"data":[{"traceID":"af7651916cd43dd8","spans":[{"traceID":"af7651916cd43dd8","spanID":"b7ad6b7169203331",\
"operationName":"POST /ask","references":[],"startTime":1790000000000000,"duration":2500000,"tags":[],\
"processID":"p1"},{"traceID":"af7651916cd43dd8","spanID":"00f067aa0ba902b7","operationName":"model",\
"references":[{"refType":"CHILD_OF","traceID":"af7651916cd43dd8","spanID":"b7ad6b7169203331"}],\
"startTime":1790000000500000,"duration":1500000,"tags":[{"key":"error","type":"bool","value":true}],\
"processID":"p2"}],"processes":{"p1":{"serviceName":"router"},"p2":{"serviceName":"gateway"}}}],"total":0,"errors":null}
"""


def is_jaeger(head: Head) -> bool:
    """Whether a head holds spans as Jaeger writes them."""
    return not head.columns and all(mark in head.text for mark in _MARKS)


@reader("Jaeger traces (JSON)", kind="spans", matches=is_jaeger, input_holds_cached=None, example=_EXAMPLE)
def read(path: Path) -> pd.DataFrame:
    """Return the finished spans of a file.

    `attrs` counts what was left out, see `span_checks.checked_spans`.

    Raises
    ------
    InputError
        When a line is cut off, a time is none, or a span has no id.
    """
    found = (pair for _, record in json_objects(path) for pair in _spans(record))
    columns = columns_of(
        _row(span, services, number, path.name) for number, (span, services) in enumerate(found, start=1)
    )
    refuse_other_unit(np.array(columns["start_s"]), columns[ROW], where=path.name, unit="microseconds")
    ids = parents(pd.Series(columns["parent"], dtype="str"))
    first = first_moments(columns["start_s"], columns["end_s"], columns["first_s"])
    return checked_spans(columns | {"parent": ids.tolist(), "first_s": first}, where=path.name)


def _spans(record: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every span of a record with the processes of its trace."""
    held = record.get("data")
    for trace in _objects(held if isinstance(held, list) else [record]):
        spans, processes = trace.get("spans"), trace.get("processes")
        services = processes if isinstance(processes, dict) else {}
        yield from ((span, services) for span in _objects(spans if isinstance(spans, list) else [trace]))


def _row(span: dict[str, Any], services: dict[str, Any], number: int, file: str) -> tuple[Any, ...]:
    start, length = (_seconds(span, key, f"{file}, span {number}") for key in ("startTime", "duration"))
    ids = (_id(span.get("traceID")), _id(span.get("spanID")))
    process = span.get("process") or services.get(str(span.get("processID")))
    service = str(process.get("serviceName") or "") if isinstance(process, dict) else ""
    return (*ids, _parent(span, ids[0]), str(span.get("operationName") or ""), start, start + length,
            _is_fine(span), service, _first(span, f"{file}, span {number}"), number)  # fmt: skip


def _first(span: dict[str, Any], where: str) -> Stated | None:
    events = (
        (field.get("value"), _seconds(log, "timestamp", where))
        for log in _objects(span.get("logs")) for field in _objects(log.get("fields"))
    )  # fmt: skip
    return stated_first(((tag.get("key"), tag.get("value")) for tag in _objects(span.get("tags"))), events)


def _seconds(span: dict[str, Any], key: str, where: str) -> float:
    """Seconds of a time in microseconds, NaN where there is none."""
    said = span.get(key)
    try:
        return math.nan if said is None else int(said) / 1e6
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"field '{key}' is not a whole number of microseconds", where=where,
                         cure="export the traces again, or remove this span") from None  # fmt: skip


def _parent(span: dict[str, Any], trace: str) -> str:
    found = {
        r.get("refType"): _id(r.get("spanID"))
        for r in reversed(_objects(span.get("references"))) if _id(r.get("traceID") or trace) == trace
    }  # fmt: skip
    return found.get("CHILD_OF") or found.get("FOLLOWS_FROM") or _id(span.get("parentSpanID"))


def _is_fine(span: dict[str, Any]) -> bool:
    """Whether a span says nothing of an error; its tag `error` counts before the status."""
    tags = {str(t.get("key")): str(t.get("value")).lower() for t in _objects(span.get("tags"))}
    if "error" in tags:
        return tags["error"] in ("false", "0", "none", "")
    code = tags.get("http.response.status_code", tags.get("http.status_code", ""))
    return tags.get("otel.status_code") != "error" and not (code.isdecimal() and int(code) >= _SERVER_ERROR)


def _id(said: Any) -> str:
    return "" if said is None else str(said).strip()


def _objects(found: Any) -> list[dict[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
