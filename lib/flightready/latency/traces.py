"""Whole requests from spans: how long each took, whether it was answered, and which stage took the time.

The time of a request is that of its root span, the time until the caller had the answer; work that goes on after it is
counted as outside, not added. A trace with several roots lasts from the earliest start to the latest end. A failed
request did not answer: its time is kept as time in service, and for every statement about answers it never came.

Stages are the direct children of the request. Where one of them holds nearly all the time and passes it on to other
services, the services are the stages, each with the time in which it was itself at work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.latency.oddities import Problem, problems, refuse_impossible
from flightready.latency.requests import first_chunks, requests_of
from flightready.latency.span_trees import link, on_one_clock
from flightready.latency.stage_names import stage_name
from flightready.latency.stage_spans import Named, stage_spans
from flightready.latency.stage_work import stage_work
from flightready.telemetry.span_checks import TIMES_UNKNOWN

BETWEEN = "between stages"


@dataclass(frozen=True)
class Traces:
    """The requests of a pilot, one entry each, n in all and k stages.

    Parameters
    ----------
    total_s : array of shape (n,)
        Time from start to end, seconds, whether answered or not.
    answered : array of bool, shape (n,)
    started_s : array of shape (n,)
        Seconds since 1970; NaN when unknown.
    stages : tuple of str
        Names of the stages in the order in which they usually start; identifiers in names are replaced.
    stage_s : array of shape (n, k)
        Time in which the stage was at work; parallel work of one stage counts once.
    part_s : array of shape (n, k + 1)
        The same cut so that a row adds up to `total_s`: stages at work together share that time evenly, the last
        column is the time in which none was.
    kinds : tuple of str
        Names of the root spans, commonest first.
    kind : array of int, shape (n,)
        Index into `kinds`.
    problems : tuple of Problem
    first_s : array of shape (n,)
        Time from the start of the request until the first chunk of its last streamed step, seconds; NaN where it is
        unknown. It is later than `total_s` where the request's own span ended before the answer was streamed.
    steps : tuple of int, length k
        Step of each stage, rising from 0: stages of one step run side by side in most requests that make both.
    made : array of bool, shape (n, k)
        Which stages a request visited.
    copies : array of int, shape (n, k)
        How many spans of the stage ran, 0 where it was not visited; side by side or one after the other.
    spent_s : array of shape (n, k)
        Time of all these spans added up: the load that they put on whoever serves the stage.
    critical_s : array of shape (n, k + 1)
        Time in which the request waited for each stage and for no other, so that a row adds up to `total_s`: of stages
        that run side by side the one that the next step waited for. The last column is the time in which it waited for
        none of them. A faster stage saves no more than this.
    named : tuple of Named
        Which names of spans became which stage, in order of the stages, the commonest first.
    """

    total_s: np.ndarray
    answered: np.ndarray
    started_s: np.ndarray
    stages: tuple[str, ...]
    stage_s: np.ndarray
    part_s: np.ndarray
    kinds: tuple[str, ...]
    kind: np.ndarray
    problems: tuple[Problem, ...]
    first_s: np.ndarray = None  # type: ignore[assignment]  # filled in below: unknown
    steps: tuple[int, ...] = None  # type: ignore[assignment]  # one after the other
    made: np.ndarray = None  # type: ignore[assignment]  # wherever a stage took time
    copies: np.ndarray = None  # type: ignore[assignment]  # one span a stage
    spent_s: np.ndarray = None  # type: ignore[assignment]  # those of one span a stage
    critical_s: np.ndarray = None  # type: ignore[assignment]  # the parts
    named: tuple[Named, ...] = ()

    def __post_init__(self) -> None:
        made = self.stage_s > 0 if self.made is None else self.made
        usual = {
            "first_s": np.full(self.total_s.size, np.nan), "steps": tuple(range(len(self.stages))), "made": made,
            "copies": made.astype(int), "spent_s": self.stage_s, "critical_s": self.part_s,
        }  # fmt: skip
        for name, value in usual.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)

    @property
    def n_first(self) -> int:
        """Number of requests whose time until the first chunk is known."""
        return int(np.sum(~np.isnan(self.first_s)))

    @property
    def n(self) -> int:
        """Number of requests."""
        return self.total_s.size

    @property
    def n_failed(self) -> int:
        """Number of requests that ended without an answer."""
        return int(np.sum(~self.answered))

    @property
    def answer_s(self) -> np.ndarray:
        """Time until the answer, seconds; infinite where none came."""
        return np.where(self.answered, self.total_s, np.inf)

    def share_of(self, key: str) -> float:
        """Return the share at which a problem was seen, 0 when it was not."""
        return next((p.count / p.of for p in self.problems if p.key == key and p.of), 0.0)


def from_spans(
    spans: pd.DataFrame, *, where: str, stage_names: Mapping[str, str] | None = None, names_where: str = ""
) -> Traces:
    """Return the requests that a frame of spans holds.

    Parameters
    ----------
    spans : DataFrame
        Columns trace, span, parent (empty at the root), name, start_s, end_s, status_ok, service; and first_s, the time
        of the first chunk, where it is known.
    where : str
        File, for the message.
    stage_names : mapping of str to str, optional
        Stage by name of the span; `*` stands for anything.
    names_where : str
        Place of that mapping in the assessment, for the message.

    Raises
    ------
    InputError
        When a span ends before it starts or has no time, no trace has a root, or a stage name fits no span.
    """
    written = link(spans)
    refuse_impossible(written, where=where)
    trees, moved = on_one_clock(written)
    requests = requests_of(trees)
    trees = trees.taken(requests.row[trees.trace] >= 0)
    row, total_s = requests.row[trees.trace], requests.total_s
    low = np.clip(trees.start_s - requests.start_s[row], 0, total_s[row])
    high = np.clip(trees.end_s - requests.start_s[row], low, total_s[row])
    has_no_day = spans.attrs.get(TIMES_UNKNOWN) or requests.have_one_start
    held = stage_spans(trees, row, total_s, low, high, stage_names or {}, where=names_where)
    work = stage_work(held.work, total_s, stages=len(held.stages))
    kind = pd.Series([stage_name(name) for name in trees.names])[requests.name]
    kinds = tuple(str(name) for name in kind.value_counts(sort=True).index)
    return Traces(
        total_s=total_s, answered=requests.answered,
        started_s=np.full(total_s.size, np.nan) if has_no_day else requests.start_s,
        stages=held.stages, stage_s=work.stage_s, part_s=work.part_s, kinds=kinds,
        kind=pd.Categorical(kind, categories=kinds).codes.astype(int),
        problems=problems(written, requests, spans.attrs, moved=moved), first_s=first_chunks(trees, row, requests),
        steps=work.steps, made=held.copies > 0, copies=held.copies, spent_s=work.spent_s, critical_s=work.critical_s,
        named=held.named,
    )  # fmt: skip


def from_calls(calls: pd.DataFrame) -> Traces | None:
    """Return the requests of a usage log: the times of the model's calls, attempts of one request added up.

    Parameters
    ----------
    calls : DataFrame
        Columns time, outcome, attempt, status, latency_s; a request with an untimed call is left out and counted.

    Returns
    -------
    Traces or None
        None when no call has a time. What surrounds the calls is not in it, so that each time is a lower bound.
    """
    alone = calls["outcome"].fillna("").astype(str) == ""
    key = np.where(alone, "call " + calls.index.astype(str), "outcome " + calls["outcome"].fillna("").astype(str))
    ordered = calls.assign(key=key).sort_values(["key", "attempt"], kind="stable")
    grouped = ordered.groupby("key", sort=False)
    requests = pd.DataFrame({
        "total_s": grouped["latency_s"].sum(), "timed": grouped["latency_s"].count() == grouped.size(),
        "status": grouped["status"].last(), "start": grouped["time"].min(),
    })  # fmt: skip
    timed = requests[requests["timed"]].sort_values("start", kind="stable")
    if timed.empty:
        return None
    n, unix = len(timed), timed["start"].astype("datetime64[ns, UTC]")
    started = np.where(unix.isna(), np.nan, unix.astype("int64") / 1e9)
    untimed = len(requests) - n
    return Traces(
        timed["total_s"].to_numpy(float), (timed["status"] == "ok").to_numpy(), started, (), np.empty((n, 0)),
        timed["total_s"].to_numpy(float)[:, None], ("model call",), np.zeros(n, dtype=int),
        (Problem("request_without_time", untimed, len(requests)),) if untimed else (),
    )  # fmt: skip
