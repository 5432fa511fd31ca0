"""Exports that come as pages of time buckets, each a list of results: the shape that several providers share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from flightready.errors import InputError, listed
from flightready.telemetry.cells import as_times
from flightready.telemetry.documents import json_objects
from flightready.telemetry.frames import BUCKET_COLUMNS, ROW, buckets_frame

CURRENCY = "currency"
"""Key in `attrs` of a frame: the currency of its amounts, where an export states one."""
LIST_CURRENCY = "USD"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Result:
    """One result of one bucket, and where it stands."""

    of: dict[str, Any]
    start: Any
    end: Any
    number: int
    where: str

    def text(self, key: str) -> str:
        """A field as text, empty where it is not stated."""
        return str(self.of.get(key) or "")

    def count(self, *keys: str) -> float:
        """A whole number, 0 where it is not stated; several keys lead into objects within one another."""
        value: Any = self.of
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        if value is None:
            return 0.0
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise InputError("a count is not a whole number", where=self.where)
        return float(value)

    def amount(self, value: Any) -> float:
        """An amount, written as a number or as text."""
        try:
            amount = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            amount = math.nan
        if not math.isfinite(amount):
            raise InputError("an amount is not a number", where=self.where)
        return amount

    def row(self, **columns: Any) -> dict[str, Any]:
        """A row of the frame of buckets."""
        return {"start": self.start, "end": self.end, "model": self.text("model"), ROW: self.number} | columns


def paged_results(path: Path, *, start: str, end: str) -> Iterator[Result]:
    """Yield the results of every bucket of a file: pages, or buckets, one a line or as one document.

    Raises
    ------
    InputError
        When the file is cut off, or a bucket has no start and end.
    """
    number = 0
    for _, record in json_objects(path):
        for bucket in _dicts(record.get("data")) if "data" in record else (record,):
            number += 1
            where, results = f"{path.name}, bucket {number}", _dicts(bucket.get("results"))
            times = [bucket.get(key) for key in (start, end)]
            if not all(isinstance(t, int | float | str) and not isinstance(t, bool) for t in times) and results:
                raise InputError(f"the bucket has no {start} and {end}", where=where, cure="export the file again")
            yield from (Result(result, *times, number, where) for result in results)


def buckets_of(rows: Sequence[dict[str, Any]], path: Path) -> pd.DataFrame:
    """Return the validated frame of rows from `Result.row`."""
    columns: dict[str, Any] = {name: [row.get(name) for row in rows] for name in (*BUCKET_COLUMNS, ROW)}
    for name in ("start", "end"):
        columns[name] = as_times(pd.Series([str(t) for t in columns[name]], dtype="str"))
    for name, kind in BUCKET_COLUMNS.items():
        columns[name] = [v or "" for v in columns[name]] if kind == "str" else columns[name]
    return buckets_frame(columns, where=path.name)


def costs_of(rows: Sequence[dict[str, Any]], currencies: Sequence[str], path: Path) -> pd.DataFrame:
    """Return the validated frame of an export of costs alone, with its one currency in `attrs`."""
    if not rows:
        raise InputError("the export holds no amount", where=path.name, cure="export a period in which the pilot ran")
    frame = buckets_of(rows, path)
    currency = the_currency(currencies, [row[ROW] for row in rows], path, "bucket")
    frame.attrs[CURRENCY] = currency
    return frame if currency == LIST_CURRENCY else without_amounts(frame)


def without_amounts(frame: pd.DataFrame) -> pd.DataFrame:
    """Buckets whose amounts are in another currency than the price list."""
    kept = frame.assign(cost_usd=float("nan"))
    kept.attrs = frame.attrs
    return kept


def the_currency(currencies: Sequence[str], places: Sequence[int], path: Path, unit: str) -> str:
    """Return the one currency of a file.

    Raises
    ------
    InputError
        When there are several: amounts in different currencies cannot be added up.
    """
    folded = [c.strip().upper() for c in currencies]
    found = list(dict.fromkeys(folded))
    if len(found) > 1:
        others = list(dict.fromkeys(p for p, c in zip(places, folded, strict=True) if c != found[0]))
        raise InputError(
            f"amounts in {listed(found)} in one file cannot be added up, and nothing is converted",
            where=f"{path.name}, {unit}{'s' if len(others) > 1 else ''} {listed(others, limit=_MOST_NAMED)}",
            cure="export each currency into a file of its own",
        )  # fmt: skip
    return found[0] if found else LIST_CURRENCY


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
