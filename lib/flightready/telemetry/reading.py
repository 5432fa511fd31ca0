"""Reading the files that an assessment names: the format is found by content, never by the file's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.errors import InputError, listed
from flightready.telemetry import formats, usage_csv, usage_mapped
from flightready.telemetry.bucket_joining import are_costs, with_costs, with_requests
from flightready.telemetry.bucket_pages import CURRENCY, LIST_CURRENCY
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.span_checks import DOUBLED, without_repeated
from flightready.wording import count

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
    return read_several_spans([path], where=where)


def read_several_spans(paths: Sequence[Path], *, where: str) -> pd.DataFrame:
    """Return the spans of several trace files together; what each says of itself in `attrs` is added up.

    A trace may lie in several files. A span that two of them hold counts once; `attrs["doubled_spans"]` says how many.

    Raises
    ------
    InputError
        As `read_spans`.
    """
    frames = [_read(formats.find(path, ("spans",), where=where), path, where) for path in paths]
    together = frames[0] if len(frames) == 1 else _spans_once(frames)
    if not (together["parent"] == "").any():
        traces = together["trace"].nunique()
        which = "the one trace" if traces == 1 else f"each of the {traces:,} traces"
        names = ", ".join(path.name for path in paths)
        raise InputError(
            f"no trace has a root span: in {which} every span names a parent" if traces
            else "no trace has a root span: every span is above itself in a circle",
            where=f"{where}, {names}" if where else names, valid="one span without a parent in each trace, the request "
            "itself", cure="export whole traces, from the service that receives the request",
        )  # fmt: skip
    return together


def _spans_once(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    counts: dict[str, int] = {}
    for frame in frames:
        for key, value in frame.attrs.items():
            counts[key] = counts.get(key, 0) + value
        frame.attrs = {}
    found = without_repeated(pd.concat(frames, ignore_index=True), counts, as_=DOUBLED)
    found.attrs = {key: value for key, value in found.attrs.items() if value or key != DOUBLED}
    return found


@dataclass(frozen=True)
class UsageFile:
    """A usage file, and what the assessment says about it.

    Parameters
    ----------
    path : Path
    columns : mapping of str to str
        Role to column, where the format is told by them; empty where it is found by content.
    requests : float, optional
        How many requests the file holds, where it counts none.
    """

    path: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    requests: float | None = None


def usage_of(pilot: Pilot) -> UsageLog | None:
    """Return what the usage files of an assessment hold; None when it names none.

    Raises
    ------
    InputError
        As for `read_usage`, or when a file is not there.
    """
    files = [
        UsageFile(
            pilot.file(f if isinstance(f, str) else f.file, "cost", "usage"),
            {} if isinstance(f, str) or f.columns is None else f.columns.named,
            None if isinstance(f, str) or f.requests is None else f.requests.median,
        )
        for f in pilot.spec.cost.usage
    ]
    return read_usage(files, where=pilot.where("cost", "usage")) if files else None


def read_usage(files: Sequence[Path | UsageFile], *, where: str) -> UsageLog:
    """Return what the usage files of one pilot hold, calls and buckets apart.

    Costs that were exported by themselves are joined with the usage that they were billed for.

    Parameters
    ----------
    files : sequence of Path or UsageFile
        At least one.
    where : str
        Place of the files in the assessment, for the message.

    Raises
    ------
    InputError
        When a format is not known, a record is broken or cannot be, a file holds no call, amounts have several
        currencies, or an export counts no requests and the assessment does not say how many there were.
    """
    named = [f if isinstance(f, UsageFile) else UsageFile(f) for f in files]
    parts = [_part(f, where) for f in named]
    calls = _joined([p.frame for p in parts if p.kind == "usage_log"], "time")
    once = None if calls is None else _once(calls)
    exports, periods_twice = _each_once([p.frame for p in parts if p.kind == "usage_export"])
    buckets = _joined([f for f in exports if not are_costs(f)], "start")
    costs = [f[f["cost_usd"].notna()] for f in exports if are_costs(f)]
    if costs and buckets is None and calls is None:
        raise InputError(
            "the export holds amounts, but neither tokens nor requests", where=where,
            cure="name the usage export beside it, or write what was paid for how many requests, for example "
                 "cost.bill: 30 USD for 9_000 requests",
        )  # fmt: skip
    return UsageLog(
        once, None if buckets is None else with_costs(buckets, costs), tuple(p.name for p in parts),
        0 if calls is None else len(calls) - len(once), _notes(parts, named, where) + periods_twice,
        pd.concat(costs, ignore_index=True) if costs else None,
    )  # fmt: skip


@dataclass(frozen=True)
class _Part:
    kind: formats.Kind
    name: str
    frame: pd.DataFrame


def _part(file: UsageFile, where: str) -> _Part:
    columns = file.columns
    if not columns:
        found = formats.find(file.path, ("usage_log", "usage_export"), where=where)
        if found.kind == "usage_export" or file.requests is None:
            return _Part(found.kind, found.name, _counted(_read(found, file.path, where), file, found.kind, where))
        head = formats.head_of(file.path)
        columns = usage_csv.roles(head.columns)  # rows of sums, whose requests the assessment counts
    kind = "usage_export" if "requests" in columns or file.requests is not None else "usage_log"
    reader = formats.Reader(usage_mapped.NAME, kind, bool, lambda p: usage_mapped.read_mapped(
        p, columns, are_buckets=kind == "usage_export"), None, b"")  # fmt: skip
    return _Part(kind, reader.name, _counted(_read(reader, file.path, where), file, kind, where))


def _counted(frame: pd.DataFrame, file: UsageFile, kind: formats.Kind, where: str) -> pd.DataFrame:
    """Buckets whose requests are known; amounts alone need none, and calls are their own count."""
    if kind == "usage_log" or are_costs(frame):
        return frame
    if not frame["requests"].isna().any():
        return frame
    if file.requests is None:
        name = file.path.name
        raise InputError(
            "the export does not count requests", where=f"{where}, {name}" if where else name,
            cure=f"write how many there were: usage: {{file: {name}, requests: 9_000}}",
        )  # fmt: skip
    return with_requests(frame, file.requests)


def _notes(parts: Sequence[_Part], files: Sequence[UsageFile], where: str) -> tuple[str, ...]:
    currencies = {p.frame.attrs[CURRENCY]: f.path.name for p, f in zip(parts, files, strict=True)
                  if CURRENCY in p.frame.attrs}  # fmt: skip
    if len(currencies) > 1:
        raise InputError(f"the files state amounts in {listed(sorted(currencies))}, and nothing is converted",
                         where=where, cure="give the exports of one currency")  # fmt: skip
    told = [note for p in parts for note in p.frame.attrs.get("notes", ())]
    foreign = [(c, name) for c, name in currencies.items() if c != LIST_CURRENCY]
    told += [f"{name}: its amounts are in {c} and are left out, because nothing is converted" for c, name in foreign]
    return tuple(told)


def _each_once(exports: Sequence[pd.DataFrame]) -> tuple[list[pd.DataFrame], tuple[str, ...]]:
    """Exports without the periods that an earlier one holds with the same figures, and what to say of those.

    Two equal rows of one file are two, such as projects that the export does not name.
    """
    if len(exports) < 2:
        return list(exports), ()
    numbered = [f.assign(again=f.groupby(list(f.columns), dropna=False).cumcount()) for f in exports]
    twice = pd.concat(numbered, ignore_index=True).duplicated().to_numpy()
    ends = np.cumsum([len(f) for f in exports])
    kept = [f[~part] for f, part in zip(exports, np.split(twice, ends[:-1]), strict=True)]
    told = f"Left out because two exports hold them: {count(int(twice.sum()), 'row')}"
    return [f for f in kept if len(f)], (told,) if twice.any() else ()


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
