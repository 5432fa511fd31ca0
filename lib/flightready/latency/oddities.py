"""What is odd in traces: counted, told, and either repaired or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from flightready import policy
from flightready.errors import InputError
from flightready.latency.requests import Requests
from flightready.latency.span_trees import SpanTrees
from flightready.telemetry.span_checks import CONTRADICTED, DOUBLED, IMPOSSIBLE_FIRST, TIMES_UNKNOWN


@dataclass(frozen=True)
class Problem:
    """Something odd in the traces, counted: `count` of `of`; `key` names it."""

    key: str
    count: int
    of: int


def refuse_impossible(spans: SpanTrees, *, where: str) -> None:
    """Raise when a span ends before it starts or has no time, or no trace has a root.

    Raises
    ------
    InputError
        Naming the trace.
    """
    length = spans.end_s - spans.start_s
    bad = np.flatnonzero(np.isnan(length) | (length < 0))
    if bad.size:
        what = "has no start or end" if np.isnan(length[bad[0]]) else "ends before it starts"
        more = f", and {bad.size - 1:,} more like it" if bad.size > 1 else ""
        raise InputError(f"trace {str(spans.traces[spans.trace[bad[0]]])[:40]}: a span {what}{more}", where=where,
                         valid="start and end from one clock, the end not before the start",
                         cure="export the traces again, or remove these")  # fmt: skip
    if not spans.is_root.any():
        raise InputError("no trace has a root span: every span names a parent", where=where,
                         valid="one span without a parent in each trace, the request itself",
                         cure="export whole traces, from the service that receives the request")  # fmt: skip


def problems(spans: SpanTrees, requests: Requests, attrs: Mapping[str, Any], *, moved: int) -> tuple[Problem, ...]:
    """Return what is odd, as it was before it was repaired.

    Parameters
    ----------
    spans : SpanTrees
        As the files hold them.
    requests : Requests
    attrs : mapping
        What the readers counted, see `telemetry.span_checks.checked_spans`.
    moved : int
        Spans whose clock was ahead of their parent's.
    """
    tolerance = float(policy.value("latency_clock_tolerance"))
    m, n, traces, inner = len(spans), requests.start_s.size, len(spans.traces), ~spans.is_root
    found, row = spans.above >= 0, requests.row[spans.trace]
    early = found & (spans.start_s < spans.start_s[spans.above] - tolerance)
    late = found & (spans.end_s > spans.end_s[spans.above] + tolerance)
    after = inner & (row >= 0) & (spans.end_s > requests.end_s[row] + tolerance)
    counts = (
        Problem("trace_without_root", traces - n, traces),
        Problem("several_roots", int((requests.roots > 1).sum()), n),
        Problem("missing_parent", int((inner & ~found).sum()), int(inner.sum())),
        Problem("child_outside_parent", int((early | late).sum()), int(found.sum())),
        Problem("after_the_answer", int(after.sum()), int(inner.sum())),
        Problem("clock_ahead", moved, int(found.sum())),
        Problem("unfinished_span", int(attrs.get("unfinished_spans", 0)), m),
        Problem("repeated_span", int(attrs.get("repeated_spans", 0)), m),
        Problem("doubled_span", int(attrs.get(DOUBLED, 0)), m),
        Problem("impossible_span", int(attrs.get("impossible_spans", 0)), m),
        Problem("span_in_cycle", int(attrs.get("cyclic_spans", 0)), m),
        Problem("contradicted_duration", int(attrs.get(CONTRADICTED, 0)), m),
        Problem("impossible_first", int(attrs.get(IMPOSSIBLE_FIRST, 0)), m),
        Problem("same_start", n if requests.have_one_start and not attrs.get(TIMES_UNKNOWN) else 0, n),
        Problem("no_time_of_day", n if attrs.get(TIMES_UNKNOWN) else 0, n),
    )
    return tuple(p for p in counts if p.count)
