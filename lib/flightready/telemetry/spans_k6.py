"""Results of k6 as JSON lines: each request is a trace of one span.

A point carries the time at which the request ended, and its duration in milliseconds without the time to connect
(`http_req_duration`: sending, waiting and receiving).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.span_checks import checked_spans, unix_seconds

_METRIC = "http_req_duration"
_ROLES = {
    "type": ("type",), "metric": ("metric",), "time": ("data.time",), "value": ("data.value",),
    "name": ("data.tags.name", "data.tags.url"), "status": ("data.tags.status",),
    "expected": ("data.tags.expected_response",), "code": ("data.tags.error_code",),
}  # fmt: skip
_SUCCESS = (100, 399)  # answers of HTTP that are no errors
_MILLISECONDS = 1e-3
_EXAMPLE = b"""\
{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time"},"metric":"http_req_duration"}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-09-14T08:15:46.500000Z","value":1459.869,\
"tags":{"expected_response":"true","method":"POST","name":"https://pilot.test/ask","scenario":"default","status":"200"}}}
{"metric":"http_req_failed","type":"Point","data":{"time":"2026-09-14T08:15:46.500000Z","value":0,"tags":{}}}
{"metric":"http_req_duration","type":"Point","data":{"time":"2026-09-14T08:15:47.500000Z","value":310.2,\
"tags":{"expected_response":"false","method":"POST","name":"https://pilot.test/ask","scenario":"default","status":"429"}}}
"""


def is_k6(head: Head) -> bool:
    """Whether a head holds metrics and points of k6."""
    return any(o.get("type") in ("Metric", "Point") and "metric" in o and "data" in o for o in head.objects)


@reader("k6 results (JSON lines)", kind="spans", matches=is_k6, input_holds_cached=None, example=_EXAMPLE)
def read(path: Path) -> pd.DataFrame:
    """Return one span for each request.

    A request failed when k6 did not expect its response, or, where the file does not say, by its status.

    Raises
    ------
    InputError
        When a line is cut off, a time or a duration is none, or the file times no request.
    """
    cells = record_cells(path, _ROLES)
    timed = (cells.text("type") == "Point") & (cells.text("metric") == _METRIC)
    cells = cells.only(timed.to_numpy(dtype=bool))
    if not len(cells):
        raise InputError("the file times no request", where=path.name, valid=f"points of {_METRIC}",
                         cure="export the results of a run that sends requests")  # fmt: skip
    length = cells.number("value") * _MILLISECONDS
    cells.refuse(length < 0, "value", "is negative", "a duration in milliseconds")
    end = unix_seconds(cells.times("time", is_needed=False))
    request = "request " + pd.Series(cells.places).astype("str")
    return checked_spans(
        {"trace": request, "span": request, "parent": [""] * len(cells),
         "name": cells.text("name", default="request"), "start_s": end - length, "end_s": end,
         "status_ok": _is_fine(cells.text("expected"), cells.text("status"), cells.text("code")),
         ROW: cells.places},
        where=path.name,
    )  # fmt: skip


def _is_fine(expected: pd.Series, status: pd.Series, code: pd.Series) -> np.ndarray:
    answered = pd.to_numeric(status, errors="coerce").between(*_SUCCESS) | ((status == "") & (code == ""))
    return np.where(expected == "", answered, expected.str.lower() == "true").astype(bool)
