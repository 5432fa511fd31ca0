"""Small traces: spans as a frame, and as OTLP JSON."""

import hashlib
import json

import numpy as np
import pandas as pd

from flightready.latency.traces import Traces

START = 1_780_000_000


def span(trace, name, start, end, *, parent="", ok=True, span_id=None, service="router"):
    """One row of a frame of spans; times in seconds from the start of the recording."""
    return {
        "trace": trace, "span": span_id or f"{trace}-{name}", "parent": parent, "name": name,
        "start_s": START + start, "end_s": START + end, "status_ok": ok, "service": service,
    }  # fmt: skip


def frame(*rows):
    """A frame of spans as the readers return it."""
    return pd.DataFrame(rows)


def request(i, stages, *, at=0.0, ok=True):
    """A root and its stages one after the other; `stages` maps names to seconds."""
    rows, now = [], at
    for name, length in stages.items():
        rows.append(span(f"t{i}", name, now, now + length, parent=f"t{i}-root"))
        now += length
    return [span(f"t{i}", "request", at, now, span_id=f"t{i}-root", ok=ok), *rows]


def otlp(rows):
    """Rows of `span` as one OTLP JSON object a line."""
    lines = []
    ids = {}
    for row in rows:
        made = {
            "traceId": hashlib.md5(row["trace"].encode()).hexdigest(),
            "spanId": ids.setdefault((row["trace"], row["span"]), format(len(ids) + 1, "016x")),
            "name": row["name"], "startTimeUnixNano": str(round(row["start_s"] * 1e6) * 1000),
            "endTimeUnixNano": str(round(row["end_s"] * 1e6) * 1000), "status": {"code": 0 if row["status_ok"] else 2},
        }  # fmt: skip
        if row["parent"]:
            made["parentSpanId"] = ids.setdefault((row["trace"], row["parent"]), format(len(ids) + 1, "016x"))
        resource = {"attributes": [{"key": "service.name", "value": {"stringValue": row["service"]}}]}
        lines.append(json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": [made]}]}]}))
    return "\n".join(lines) + "\n"


def timed(total_s, answered=None):
    """Requests of which only the time is known."""
    total = np.asarray(total_s, dtype=float)
    ok = np.ones(total.size, dtype=bool) if answered is None else np.asarray(answered, dtype=bool)
    empty = np.empty((total.size, 0))
    return Traces(total, ok, np.full(total.size, np.nan), (), empty, total[:, None], ("request",),
                  np.zeros(total.size, dtype=int), ())  # fmt: skip
