"""Individual responses of llmperf: each request is a trace, with one step until its first token and one for the rest.

The file says how long requests took and not when they began: traces keep the order of the file, and their times of
day are unknown.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import ROW
from flightready.telemetry.json_records import record_cells
from flightready.telemetry.span_checks import TIMES_UNKNOWN, checked_spans, one_after_the_other

FIRST_TOKEN, REST = "first token", "rest of the answer"
_ROLES = {"error": ("error_code",), "first": ("ttft_s",), "total": ("end_to_end_latency_s",)}
_EXAMPLE = b"""\
[{"error_code":null,"error_msg":"","ttft_s":0.315,"end_to_end_latency_s":2.533,"number_output_tokens":151},
{"error_code":429,"error_msg":"","ttft_s":0,"end_to_end_latency_s":0,"number_output_tokens":1},
{"error_code":null,"error_msg":"","ttft_s":0.401,"end_to_end_latency_s":3.185,"number_output_tokens":151}]
"""


def is_llmperf(head: Head) -> bool:
    """Whether a head holds individual responses."""
    return not head.columns and head.has("ttft_s") and head.has("end_to_end_latency_s")


@reader("llmperf individual responses (JSON)", kind="spans", matches=is_llmperf, input_holds_cached=None,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return a root for each request, and steps until its first token and from there on where one came.

    `attrs["times_of_day_unknown"]` is set: the starts only keep the order of the file.

    Raises
    ------
    InputError
        When the file is cut off, or a time is negative or no number.
    """
    cells = record_cells(path, _ROLES)
    total, first = cells.number("total"), cells.number("first")
    for role, seconds in (("total", total), ("first", first)):
        cells.refuse(seconds < 0, role, "is negative", "seconds")
    start = one_after_the_other(total)
    request = "request " + pd.Series(cells.places).astype("str")
    roots = pd.DataFrame({
        "trace": request, "span": "request", "parent": "", "name": "request", "start_s": start,
        "end_s": start + total, "status_ok": cells.silent("error") | (cells.text("error") == "0").to_numpy(dtype=bool),
        "service": "", "first_s": np.where(first > 0, start + first, np.nan), ROW: cells.places,
    })  # fmt: skip
    came, streamed = roots["first_s"], first > 0
    alone = roots.assign(first_s=np.nan)  # the request knows it, and is enough
    steps = alone[streamed].assign(span=FIRST_TOKEN, name=FIRST_TOKEN, parent="request", end_s=came[streamed])
    longer = streamed & (first < total)
    rest = alone[longer].assign(span=REST, name=REST, parent="request", start_s=came[longer])
    both = pd.concat([roots, steps, rest]).sort_index(kind="stable")
    spans = checked_spans({name: both[name].to_numpy() for name in both}, where=path.name)
    spans.attrs |= {TIMES_UNKNOWN: True}
    return spans
