"""Langfuse observations as traces: each with its parent, its start and its end.

The same export that `usage_langfuse` reads for its tokens. An observation without a parent is a root, and a trace with
several lasts from the earliest start to the latest end. Events have no length and are no steps.
"""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.span_checks import checked_spans, parents, unix_seconds
from flightready.telemetry.usage_langfuse import is_paged, observations

_TRACE, _START = ("traceId", "trace_id"), ("startTime", "start_time")
_PARENT = ("parentObservationId", "parent_observation_id")
_NAMES = ("type", "id", *_TRACE, *_START, *_PARENT)
_LOOKED_AT = 20  # rows of a head
_ROLES = {
    "kind": ("type",), "span": ("id",), "trace": _TRACE, "parent": _PARENT, "name": ("name",), "start": _START,
    "end": ("endTime", "end_time"), "level": ("level",), "first": ("completionStartTime", "completion_start_time"),
    "first_after": ("timeToFirstToken", "time_to_first_token"),
}  # fmt: skip
_EXAMPLE = b"""\
{"id":"s1","traceId":"t1","parentObservationId":null,"type":"SPAN","name":"answer","level":"DEFAULT",\
"startTime":"2026-09-14T08:15:46.000Z","endTime":"2026-09-14T08:15:48.500Z"}
{"id":"g1","traceId":"t1","parentObservationId":"s1","type":"GENERATION","name":"model","level":"ERROR",\
"startTime":"2026-09-14T08:15:46.500Z","endTime":"2026-09-14T08:15:48.000Z",\
"completionStartTime":"2026-09-14T08:15:46.900Z","usageDetails":{"input":374,"output":44}}
{"id":"e1","traceId":"t1","parentObservationId":"g1","type":"EVENT","name":"retry","level":"DEFAULT",\
"startTime":"2026-09-14T08:15:47.000Z","endTime":null}
"""


def holds_trees(head: Head) -> bool:
    """Whether a head holds observations that name their parents, and one that has none: a root."""
    found = _rows(head) if head.columns else observations(head)
    if not found:  # none is whole within the head
        known = set(head.columns) or {name for name in _NAMES if f'"{name}"' in head.text}
        return _are_steps(known)
    return any(_are_steps(set(o)) and not any(o.get(name) for name in _PARENT) for o in found)


def _are_steps(keys: set[str]) -> bool:
    return {"type", "id"} <= keys and all(keys & set(names) for names in (_TRACE, _START, _PARENT))


def _rows(head: Head) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(head.text), delimiter=head.delimiter) if head.text else ()
    return list(itertools.islice(rows, _LOOKED_AT))


@reader("Langfuse traces (observations as JSON or CSV)", kind="spans", matches=holds_trees, input_holds_cached=None,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return the finished observations of a file.

    `attrs` counts what was left out, see `span_checks.checked_spans`.

    Raises
    ------
    InputError
        When the file is cut off, a time is none, or an observation has no id.
    """
    cells = record_cells(path, _ROLES, each="data" if is_paged(path) else "")
    cells = cells.only((cells.text("kind").str.upper() != "EVENT").to_numpy(dtype=bool))
    start, end, first = (unix_seconds(cells.times(role, is_needed=False)) for role in ("start", "end", "first"))
    first = np.where(np.isnan(first), start + cells.number("first_after"), first)  # which is in seconds
    return checked_spans(
        {"trace": cells.text("trace"), "span": cells.text("span"), "parent": parents(cells.text("parent")),
         "name": cells.text("name"), "start_s": start, "end_s": end,
         "status_ok": (cells.text("level").str.upper() != "ERROR").to_numpy(dtype=bool), "first_s": first,
         ROW: cells.places},
        where=path.name,
    )  # fmt: skip
