"""The requests that traces hold: from when to when each lasted, whether it was answered, and its first chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.latency.span_trees import SpanTrees


@dataclass(frozen=True)
class Requests:
    """One entry a trace with a root, in order of time; n in all.

    Parameters
    ----------
    start_s, end_s : array of shape (n,)
        Seconds since 1970.
    name : array of int, shape (n,)
        Name of the root, index into `SpanTrees.names`; of several roots the first one's.
    answered : array of bool, shape (n,)
    roots : array of int, shape (n,)
        How many roots the trace has.
    row : array of int, shape (traces,)
        Entry of each trace, -1 where it has no root.
    """

    start_s: np.ndarray
    end_s: np.ndarray
    name: np.ndarray
    answered: np.ndarray
    roots: np.ndarray
    row: np.ndarray

    @property
    def have_one_start(self) -> bool:
        """Whether several requests all start at one moment, as where a clock is set anew for each."""
        return self.start_s.size > 1 and bool((self.start_s == self.start_s[0]).all())

    @property
    def total_s(self) -> np.ndarray:
        """Length of each request, seconds."""
        return self.end_s - self.start_s


def requests_of(spans: SpanTrees) -> Requests:
    """Return the requests of linked spans; equal starts are ordered by the id of the trace."""
    roots = np.flatnonzero(spans.is_root)
    roots = roots[np.lexsort((spans.start_s[roots], spans.trace[roots]))]
    first = np.flatnonzero(np.append(True, np.diff(spans.trace[roots]) != 0))
    trace, start = spans.trace[roots[first]], spans.start_s[roots[first]]
    order = np.lexsort((_rank(spans.traces[trace], start), start))
    row = np.full(len(spans.traces), -1)
    row[trace[order]] = np.arange(order.size)
    return Requests(
        start[order], np.maximum.reduceat(spans.end_s[roots], first)[order], spans.name[roots[first]][order],
        np.logical_and.reduceat(spans.is_fine[roots], first)[order], np.diff(np.append(first, roots.size))[order], row,
    )  # fmt: skip


def _rank(ids: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Rank of each id among those whose start is not the only one."""
    _, which, many = np.unique(start, return_inverse=True, return_counts=True)
    tied = many[which] > 1
    rank = np.zeros(ids.size, dtype=int)
    rank[tied] = np.unique(ids[tied].astype(str), return_inverse=True)[1]
    return rank


def first_chunks(spans: SpanTrees, row: np.ndarray, requests: Requests) -> np.ndarray:
    """Return the time from the start of each request until the first chunk of its last streamed step, NaN if unknown.

    Parameters
    ----------
    spans : SpanTrees
    row : array of int, shape (m,)
        Request of each span.
    requests : Requests
    """
    first = np.full(requests.start_s.size, np.nan)
    known = np.flatnonzero(~np.isnan(spans.first_s))
    known = known[np.lexsort((spans.start_s[known], row[known]))]  # of several in one request the last one stays
    first[row[known]] = spans.first_s[known]
    return first - requests.start_s
