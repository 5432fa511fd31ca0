"""Spans of many traces as trees: every span once, with the place of its parent, on one clock.

A child cannot begin before its parent. Where one of another service does, its clock runs ahead of the parent's: the
child is moved to the start of its parent, by the least that makes the order possible, and what belongs to the same
service below it moves along. It is moved and not cut, because its length was measured on a single clock and is right.
Within one service there is only one clock; such a child is left where it is, and cut to its request. A child that ends
after its parent may be work that goes on after the answer, so that nothing is concluded from it about clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from flightready import policy
from flightready.latency.stage_names import service_name


@dataclass(frozen=True)
class SpanTrees:
    """Every span once; m spans.

    Parameters
    ----------
    trace : array of int, shape (m,)
        Number of its trace.
    traces : array of str
        Ids of the traces.
    above : array of int, shape (m,)
        Place of the parent; -1 at a root and where the parent is missing.
    is_root : array of bool, shape (m,)
    start_s, end_s, first_s : array of shape (m,)
        Seconds since 1970; `first_s` is that of the first chunk, NaN where unknown.
    is_fine : array of bool, shape (m,)
    name, service : array of int, shape (m,)
    names : array of str
        As the file writes them.
    services : array of str
        Without what tells copies of one service apart.
    """

    trace: np.ndarray
    traces: np.ndarray
    above: np.ndarray
    is_root: np.ndarray
    start_s: np.ndarray
    end_s: np.ndarray
    first_s: np.ndarray
    is_fine: np.ndarray
    name: np.ndarray
    names: np.ndarray
    service: np.ndarray
    services: np.ndarray

    def __len__(self) -> int:
        return self.trace.size

    def taken(self, chosen: np.ndarray) -> SpanTrees:
        """The marked spans; a span whose parent is not among them has none."""
        if chosen.all():
            return self
        number = np.full(len(self) + 1, -1)
        number[np.flatnonzero(chosen)] = np.arange(int(chosen.sum()))
        columns = ("trace", "is_root", "start_s", "end_s", "first_s", "is_fine", "name", "service")
        return replace(self, above=number[self.above[chosen]], **{c: getattr(self, c)[chosen] for c in columns})

    def changes_service(self) -> np.ndarray:
        """Which spans have a parent in another service."""
        return (self.above >= 0) & (self.service != self.service[self.above])


class Below:
    """The children of every span, for walks downwards.

    Parameters
    ----------
    above : array of int, shape (m,)
        Place of the parent, -1 where there is none.
    """

    def __init__(self, above: np.ndarray) -> None:
        self.order = np.argsort(above, kind="stable")
        places = np.arange(above.size)
        self.first, self.last = (np.searchsorted(above[self.order], places, side=side) for side in ("left", "right"))

    def of(self, spans: np.ndarray) -> np.ndarray:
        """Return the children of some spans, in order of their places."""
        each = self.last[spans] - self.first[spans]
        steps = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
        return np.sort(self.order[np.repeat(self.first[spans], each) + steps])


def link(spans: pd.DataFrame) -> SpanTrees:
    """Return the spans of a frame as trees.

    Parameters
    ----------
    spans : DataFrame
        Columns of `telemetry.frames.SPAN_COLUMNS`; `first_s` may be missing. Of spans with the same trace and id the
        first one counts.

    Examples
    --------
    >>> link(pd.DataFrame({"trace": "t", "span": ["b", "a"], "parent": ["a", ""], "name": "x", "start_s": 0.0,
    ...                    "end_s": 1.0, "status_ok": True, "service": ""})).above
    array([ 1, -1])
    """
    parent = spans["parent"].fillna("").astype(str)
    trace, traces = pd.factorize(spans["trace"], use_na_sentinel=False)
    ids, distinct = pd.factorize(pd.concat([spans["span"], parent], ignore_index=True), use_na_sentinel=False)
    key = trace.astype(np.int64) * len(distinct) + ids[: len(spans)]
    key_above = trace.astype(np.int64) * len(distinct) + ids[len(spans) :]
    is_root = (parent == "").to_numpy(dtype=bool)
    once = np.flatnonzero(~pd.Series(key).duplicated().to_numpy())
    above = np.where(is_root[once], -1, pd.Index(key[once]).get_indexer(key_above[once]))
    name, names = pd.factorize(spans["name"].fillna("").astype(str))
    service, services = pd.factorize(spans["service"].fillna("").astype(str))
    same, services = pd.factorize(np.array([service_name(name) for name in services], dtype=object))
    start, end = (spans[column].to_numpy(dtype=float)[once] for column in ("start_s", "end_s"))
    first = spans["first_s"].to_numpy(dtype=float)[once] if "first_s" in spans else np.full(once.size, np.nan)
    return SpanTrees(
        trace[once], np.asarray(traces), above, is_root[once], start, end, first,
        spans["status_ok"].to_numpy(dtype=bool)[once], name[once], np.asarray(names), same[service[once]],
        np.asarray(services),
    )  # fmt: skip


def on_one_clock(spans: SpanTrees) -> tuple[SpanTrees, int]:
    """Return the spans with every child of another service at or after its parent's start, and how many had to move."""
    tolerance = float(policy.value("latency_clock_tolerance"))
    changes = spans.changes_service()
    early = changes & (spans.start_s < spans.start_s[spans.above] - tolerance)
    if not early.any():
        return spans, 0
    below, moved, start = Below(spans.above), np.zeros(len(spans)), spans.start_s
    at = np.flatnonzero((spans.above < 0) & np.isin(spans.trace, spans.trace[early]))
    while at.size:  # one step down a round
        at = below.of(at)
        parent = spans.above[at]
        least = start[parent] + moved[parent] - start[at]
        moved[at] = np.where(changes[at], np.where(least > tolerance, least, 0.0), moved[parent])
    shifted = {name: getattr(spans, name) + moved for name in ("start_s", "end_s", "first_s")}
    return replace(spans, **shifted), int(np.sum(changes & (moved > 0)))
