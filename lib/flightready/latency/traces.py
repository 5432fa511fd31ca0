"""Whole requests from spans: how long each took, whether it was answered, and which stage took the time.

The time of a request is that of its root span, the time until the caller had the answer; work that goes on after it is
counted as outside, not added. A trace with several roots lasts from the earliest start to the latest end. A failed
request did not answer: its time is kept as time in service, and for every statement about answers it never came.

Stages are the direct children of the request. Where one of them holds nearly all the time and passes it on to other
services, the services are the stages, each with the time in which it was itself at work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy
from flightready.errors import InputError
from flightready.latency.services import hides_services, own_times, service_name
from flightready.latency.stage_work import Intervals, stage_work
from flightready.telemetry.span_checks import CONTRADICTED, TIMES_UNKNOWN

OTHER_STAGES = "other stages"
BETWEEN = "between stages"

_IDENTIFIERS = (
    (re.compile(r"\?.*$"), ""),
    (re.compile(r"[^\s/@]+@[^\s/@]+"), "{mail}"),
    (re.compile(r"\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{13,}\b"), "{id}"),
    (re.compile(r"\+?\d[\d .()\-]{6,}\d"), "{id}"),  # a number in groups: a card, a telephone, an address
    (re.compile(r"(?<![A-Za-z])(?=[0-9a-fA-F]*\d)[0-9a-fA-F]{6,}(?![A-Za-z])"), "{id}"),
    (re.compile(r"(?<=/)\d+(?=/|$)"), "{id}"),
)
_LONGEST_NAME = 60


@dataclass(frozen=True)
class Problem:
    """Something odd in the traces, counted: `count` of `of`; `key` names it."""

    key: str
    count: int
    of: int


@dataclass(frozen=True)
class Named:
    """One name of spans, and the stage that it was taken for.

    Parameters
    ----------
    span : str
        Name of the spans, or of the service where services are the stages; identifiers in it are replaced.
    stage : str
    spans, requests : int
        How many spans have the name, and in how many requests.
    is_stated : bool
        Whether the assessment says so.
    """

    span: str
    stage: str
    spans: int
    requests: int
    is_stated: bool = False


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


def stage_name(raw: str) -> str:
    """Return a span's name with identifiers replaced, so that it groups and shows nothing personal.

    Examples
    --------
    >>> stage_name("GET /users/anna@example.com/orders/4711?token=x")
    'GET /users/{mail}/orders/{id}'
    >>> stage_name("charge 4111 1111 1111 1111, call +49 171 5550199")
    'charge {id}, call {id}'
    """
    raw = raw[: 10 * _LONGEST_NAME]  # what follows is never shown, and a pattern may need long over it
    for pattern, word in _IDENTIFIERS:
        raw = pattern.sub(word, raw)
    name = raw.strip() or "(no name)"
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"


def from_spans(spans: pd.DataFrame, *, where: str) -> Traces:
    """Return the requests that a frame of spans holds.

    Parameters
    ----------
    spans : DataFrame
        Columns trace, span, parent (empty at the root), name, start_s, end_s, status_ok, service.
    where : str
        File, for the message.

    Raises
    ------
    InputError
        When a span ends before it starts or has no time, or no trace has a root.
    """
    frame = spans[["trace", "span", "parent", "name", "start_s", "end_s", "status_ok", "service"]].reset_index(
        drop=True
    )
    _refuse_impossible(frame, where)
    frame = frame.assign(
        parent=frame["parent"].fillna("").astype(str), name=_renamed(frame["name"], stage_name),
        service=_renamed(frame["service"].fillna("").astype(str), service_name),
    )  # fmt: skip
    roots = frame[frame["parent"] == ""]
    if roots.empty:
        raise InputError("no trace has a root span: every span names a parent", where=where,
                         valid="one span without a parent in each trace, the request itself",
                         cure="export whole traces, from the service that receives the request")  # fmt: skip
    requests = _requests(roots)
    linked = _with_parents(frame)
    held = _within_request(linked, requests)
    spans_of_stages = _stage_spans(held, requests)
    stages, stage = _named_stages(spans_of_stages)
    row, total_s = spans_of_stages["row"].to_numpy(int), requests["total_s"].to_numpy(float)
    low, high = (spans_of_stages[name].to_numpy(float) for name in ("low", "high"))
    work = stage_work(Intervals(row, stage, low, high), total_s, stages=len(stages))
    n, k = len(requests), len(stages)
    copies = np.bincount(row * k + stage, minlength=n * k).reshape(n, k)
    kinds = tuple(str(name) for name in requests["name"].value_counts(sort=True).index)
    return Traces(
        total_s=requests["total_s"].to_numpy(float), answered=requests["answered"].to_numpy(bool),
        started_s=_started(requests, dict(spans.attrs)), stages=stages, stage_s=work.stage_s, part_s=work.part_s,
        kinds=kinds, kind=pd.Categorical(requests["name"], categories=kinds).codes.astype(int),
        problems=_problems(linked, requests, dict(spans.attrs)), steps=work.steps, made=copies > 0, copies=copies,
        spent_s=work.spent_s, critical_s=work.critical_s,
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


def _renamed(names: pd.Series, rename: Callable[[str], str]) -> pd.Series:
    """Each name renamed, each distinct one once."""
    codes, distinct = pd.factorize(names, use_na_sentinel=False)
    return pd.Series(np.array([rename(name) for name in distinct], dtype=object)[codes], index=names.index)


def _refuse_impossible(frame: pd.DataFrame, where: str) -> None:
    length = frame["end_s"] - frame["start_s"]
    bad = frame[length.isna() | (length < 0)]
    if len(bad):
        first = bad.iloc[0]
        what = "has no start or end" if pd.isna(length[bad.index[0]]) else "ends before it starts"
        more = f", and {len(bad) - 1:,} more like it" if len(bad) > 1 else ""
        raise InputError(f"trace {str(first['trace'])[:40]}: a span {what}{more}", where=where,
                         valid="start and end from one clock, the end not before the start",
                         cure="export the traces again, or remove these")  # fmt: skip


def _requests(roots: pd.DataFrame) -> pd.DataFrame:
    """One row a trace with a root, in order of time."""
    grouped = roots.sort_values(["trace", "start_s"], kind="stable").groupby("trace", sort=False)
    requests = pd.DataFrame({
        "start_s": grouped["start_s"].min(), "end_s": grouped["end_s"].max(), "name": grouped["name"].first(),
        "answered": grouped["status_ok"].all(), "roots": grouped.size(),
    })  # fmt: skip
    requests["total_s"] = requests["end_s"] - requests["start_s"]
    requests = requests.sort_values(["start_s"], kind="stable")
    return requests.assign(row=np.arange(len(requests)))


def _started(requests: pd.DataFrame, attrs: dict) -> np.ndarray:
    """Starts of the requests; unknown where the file's own starts only keep their order."""
    return np.full(len(requests), np.nan) if attrs.get(TIMES_UNKNOWN) else requests["start_s"].to_numpy(float)


def _with_parents(frame: pd.DataFrame) -> pd.DataFrame:
    """Every span once, with the times of its parent (NaN at a root or where the parent is missing)."""
    once = frame.drop_duplicates(["trace", "span"], ignore_index=True)
    parents = once[["trace", "span", "start_s", "end_s"]].rename(
        columns={"span": "parent", "start_s": "parent_start_s", "end_s": "parent_end_s"}
    )
    return once.merge(parents, on=["trace", "parent"], how="left")


def _within_request(linked: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """Spans of whole requests, with their row and their times from the request's start, cut to the request."""
    roots = requests[["row", "start_s", "total_s"]].rename(columns={"start_s": "start_s_root"})
    spans = linked.join(roots, on="trace", how="inner")
    low = (spans["start_s"] - spans["start_s_root"]).clip(lower=0)
    high = np.minimum(spans["end_s"] - spans["start_s_root"], spans["total_s"])
    low = np.minimum(low, spans["total_s"])
    return spans.assign(low=low, high=np.maximum(high, low)).reset_index(drop=True)


def _stage_spans(held: pd.DataFrame, requests: pd.DataFrame) -> pd.DataFrame:
    """Times at work of each stage: columns row, name, low, high."""
    children = _past_wrappers(held)
    usual = float(policy.value("latency_wrapper_share"))
    if not hides_services(children, held, float(requests["total_s"].sum()), usual):
        return children
    own = own_times(held)
    spans = held.loc[own["index"]].reset_index(drop=True)
    return pd.DataFrame({"row": spans["row"], "name": spans["service"], "low": own["low"], "high": own["high"]})


def _past_wrappers(held: pd.DataFrame) -> pd.DataFrame:
    """Direct children of the request; where nearly every request has a single one with children, those instead."""
    trace = pd.factorize(held["trace"])[0]
    above = pd.MultiIndex.from_frame(held[["trace", "span"]]).get_indexer(
        pd.MultiIndex.from_frame(held[["trace", "parent"]])
    )
    order = np.argsort(above, kind="stable")
    first, last = (np.searchsorted(above[order], np.arange(len(held)), side=side) for side in ("left", "right"))

    def below(spans: np.ndarray) -> np.ndarray:
        each = last[spans] - first[spans]
        return np.sort(order[np.repeat(first[spans] - np.cumsum(each) + each, each) + np.arange(each.sum())])

    roots = np.flatnonzero((held["parent"] == "").to_numpy())
    enough = float(policy.value("latency_wrapper_share")) * np.unique(trace[roots]).size
    children = below(roots)
    while children.size:
        siblings = np.bincount(trace[children])
        grandchildren = below(children[siblings[trace[children]] == 1])
        if np.unique(trace[grandchildren]).size < enough:
            break
        kept = children[~np.isin(trace[children], trace[grandchildren])]
        children = np.concatenate([grandchildren, kept])
    return held.iloc[children].reset_index(drop=True)


def _named_stages(spans: pd.DataFrame) -> tuple[tuple[str, ...], np.ndarray]:
    """The stages that take most of the time, in order of their usual start; smaller ones together."""
    most = int(policy.value("latency_most_stages"))
    time = (spans["high"] - spans["low"]).groupby(spans["name"]).sum().sort_values(ascending=False, kind="stable")
    kept = list(time.index[: most - 1 if len(time) > most else most])
    order = spans[spans["name"].isin(kept)].groupby("name")["low"].mean().sort_values(kind="stable")
    names = tuple(str(name) for name in order.index) + ((OTHER_STAGES,) if len(time) > most else ())
    stage = spans["name"].map({name: i for i, name in enumerate(names)}).fillna(len(names) - 1)
    return names, stage.to_numpy(dtype=int)


def _problems(linked: pd.DataFrame, requests: pd.DataFrame, attrs: dict) -> tuple[Problem, ...]:
    tolerance = float(policy.value("latency_clock_tolerance"))
    child = linked["parent"] != ""
    found = child & linked["parent_start_s"].notna()
    outside = found & (
        (linked["start_s"] < linked["parent_start_s"] - tolerance)
        | (linked["end_s"] > linked["parent_end_s"] + tolerance)
    )
    traces = linked["trace"].nunique()
    counts = (
        Problem("trace_without_root", traces - len(requests), traces),
        Problem("several_roots", int((requests["roots"] > 1).sum()), len(requests)),
        Problem("missing_parent", int((child & ~found).sum()), int(child.sum())),
        Problem("child_outside_parent", int(outside.sum()), int(found.sum())),
        Problem("unfinished_span", int(attrs.get("unfinished_spans", 0)), len(linked)),
        Problem("repeated_span", int(attrs.get("repeated_spans", 0)), len(linked)),
        Problem("impossible_span", int(attrs.get("impossible_spans", 0)), len(linked)),
        Problem("span_in_cycle", int(attrs.get("cyclic_spans", 0)), len(linked)),
        Problem("contradicted_duration", int(attrs.get(CONTRADICTED, 0)), len(linked)),
        Problem("no_time_of_day", len(requests) if attrs.get(TIMES_UNKNOWN) else 0, len(requests)),
    )
    return tuple(p for p in counts if p.count)
