"""OpenAI organisation usage export: sums of tokens and requests in time buckets, by model or without it.

A page holds buckets, a bucket holds results. Input tokens hold the cached ones. A bucket is many requests: it is never
priced as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from flightready.errors import InputError
from flightready.telemetry.documents import json_objects
from flightready.telemetry.formats import Head, reader
from flightready.telemetry.frames import BUCKET_COLUMNS, ROW, buckets_frame

_COLUMNS = (*BUCKET_COLUMNS, ROW)
_EXAMPLE = b"""\
{"object": "page", "data": [
  {"object": "bucket", "start_time": 1789948800, "end_time": 1790035200, "results": [
    {"object": "organization.usage.completions.result", "input_tokens": 150000, "output_tokens": 12000,
     "input_cached_tokens": 40000, "num_model_requests": 100, "model": "gpt-4.1-mini-2025-04-14", "batch": null}]},
  {"object": "bucket", "start_time": 1790035200, "end_time": 1790121600, "results": [
    {"object": "organization.usage.completions.result", "input_tokens": 90000, "output_tokens": 7000,
     "input_cached_tokens": 20000, "num_model_requests": 60, "model": null, "batch": null}]}],
 "has_more": false, "next_page": null}
"""


def is_openai_export(head: Head) -> bool:
    """Whether a head holds pages or buckets of this export."""
    if head.objects:
        return any(o.get("object") in ("page", "bucket") for o in head.objects)
    squeezed = head.text.replace(" ", "").replace("\n", "")
    return '"object":"bucket"' in squeezed or '"object":"page"' in squeezed


@reader("OpenAI usage export (time buckets)", kind="usage_export", matches=is_openai_export, input_holds_cached=True,
        example=_EXAMPLE)  # fmt: skip
def read(path: Path) -> pd.DataFrame:
    """Return one row for each bucket and model; buckets without a request are left out.

    Raises
    ------
    InputError
        When the file is cut off, a bucket has no times, or no bucket holds a request.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for number, bucket in enumerate(_buckets(path), start=1):
        for result in _dicts(bucket.get("results")):
            row = _row(bucket, result, number, f"{path.name}, bucket {number}")
            for name, value in zip(_COLUMNS, row, strict=True):
                columns[name].append(value)
    for name in ("start", "end"):
        columns[name] = pd.to_datetime(pd.Series(columns[name], dtype="float64"), unit="s", utc=True)
    return buckets_frame(columns, where=path.name)


def _buckets(path: Path) -> Iterator[dict[str, Any]]:
    for _, record in json_objects(path):
        yield from _dicts(record.get("data")) if record.get("object") == "page" else (record,)


def _row(bucket: dict[str, Any], result: dict[str, Any], number: int, where: str) -> tuple[Any, ...]:
    start, end = bucket.get("start_time"), bucket.get("end_time")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        raise InputError("the bucket has no start_time and end_time", where=where, cure="export the file again")
    tokens = [_whole(result.get(key), where) for key in ("input_tokens", "input_cached_tokens", "output_tokens")]
    requests = _whole(result.get("num_model_requests"), where)
    return (start, end, "openai", str(result.get("model") or ""), requests, *tokens, float("nan"), number)


def _whole(value: Any, where: str) -> int:
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise InputError("a count is not a whole number", where=where)
    return int(value)


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
