"""Reading the files that an assessment names: the format is found by content, never by the file's name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from flightready.errors import InputError
from flightready.telemetry import formats
from flightready.telemetry.frames import UsageLog

_SAME_CALL = ("provider", "request", "time", "outcome", "attempt", "input_total", "output")
"""A call that agrees in all of these was logged or exported twice."""


def read_spans(path: Path, *, where: str) -> pd.DataFrame:
    """Return the spans of one trace file, columns of `frames.SPAN_COLUMNS`.

    Parameters
    ----------
    path : Path
    where : str
        Place of the file in the assessment, for the message.

    Raises
    ------
    InputError
        When the format is not known, a record is broken, or no trace has a root span.
    """
    return _read(formats.find(path, ("spans",), where=where), path, where)


def read_usage(paths: Sequence[Path], *, where: str) -> UsageLog:
    """Return what the usage files of one pilot hold, calls and buckets apart.

    Parameters
    ----------
    paths : sequence of Path
        At least one.
    where : str
        Place of the files in the assessment, for the message.

    Raises
    ------
    InputError
        When a format is not known, a record is broken or cannot be, or a file holds no call.
    """
    found = [formats.find(path, ("usage_log", "usage_export"), where=where) for path in paths]
    frames = {kind: [_read(r, path, where) for r, path in zip(found, paths, strict=True) if r.kind == kind]
              for kind in ("usage_log", "usage_export")}  # fmt: skip
    calls, buckets = (_joined(frames[kind], by) for kind, by in (("usage_log", "time"), ("usage_export", "start")))
    once = None if calls is None else _once(calls)
    doubled = 0 if calls is None else len(calls) - len(once)
    return UsageLog(once, buckets, tuple(r.name for r in found), doubled)


def _once(calls: pd.DataFrame) -> pd.DataFrame:
    """The calls without those that were logged or exported twice."""
    named_twice = np.flatnonzero(calls["request"].duplicated(keep=False).to_numpy())
    again = calls.iloc[named_twice].duplicated(list(_SAME_CALL)).to_numpy()
    return calls.drop(index=named_twice[again]).reset_index(drop=True) if again.any() else calls


def _read(reader: formats.Reader, path: Path, where: str) -> pd.DataFrame:
    try:
        return _possible(reader.read(path), path)
    except InputError as error:
        raise (error.at(where) if where else error) from None
    except (ArithmeticError, ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        # whatever a reader stumbles over at this boundary is in the file, not in the program
        raise InputError(
            f"the file reads as {reader.name}, but holds something that no such record can ({type(error).__name__})",
            where=f"{where}, {path.name}" if where else path.name,
            cure="look for impossible times and sizes, or export the file again",
        ) from None


def _possible(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    for column in ("start", "end"):
        if column in frame and frame[column].isna().any():
            raise InputError(
                f"a period has no '{column}' that is a time", where=path.name, cure="export the file again"
            )
    if "start_s" in frame and len(frame) and not (frame["end_s"] - frame["start_s"]).gt(0).any():
        raise InputError("every span ends when it begins", where=path.name, valid="start and end in nanoseconds",
                         cure="export the spans with their end times")  # fmt: skip
    return frame


def _joined(parts: list[pd.DataFrame], by: str) -> pd.DataFrame | None:
    if not parts:
        return None
    return pd.concat(parts).sort_values(by, kind="stable", ignore_index=True) if len(parts) > 1 else parts[0]
