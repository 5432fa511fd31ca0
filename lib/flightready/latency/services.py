"""Where the time of a request goes when it passes through several services: the time each was itself at work.

A span's own time is what none of its children covers. A service that has called another waits while that one works: at
each moment the time belongs to the services furthest down the chain of calls, evenly when there are several.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_POD = re.compile(r"-[0-9a-f]{6,10}(-[a-z0-9]{5})?$")


def service_name(raw: str) -> str:
    """Return a service's name without the suffix that a container platform gives each copy.

    Examples
    --------
    >>> service_name("ts-auth-service-7f8d7d5c9b-x2x9k"), service_name("router")
    ('ts-auth-service', 'router')
    """
    return _POD.sub("", raw.strip()) or "(no service)"


def own_times(spans: pd.DataFrame) -> pd.DataFrame:
    """Return the time in which the service of each span itself was at work.

    Parameters
    ----------
    spans : DataFrame
        Columns trace, span, parent, service, low and high (seconds from the request's start), one row each.

    Returns
    -------
    DataFrame
        Columns index (row of `spans`), low and high: pieces of time, several for one span.
    """
    pieces: list[tuple[int, float, float]] = []
    for _, one in spans.groupby("trace", sort=False):
        pieces += _furthest(_own_pieces(one), _steps_down(one))
    return pd.DataFrame(pieces, columns=["index", "low", "high"])


def _own_pieces(one: pd.DataFrame) -> list[tuple[int, float, float]]:
    children: dict[str, list[tuple[float, float]]] = {}
    for parent, low, high in zip(one["parent"], one["low"], one["high"], strict=True):
        children.setdefault(parent, []).append((low, high))
    rows = zip(one.index, one["span"], one["low"], one["high"], strict=True)
    return [(i, a, b) for i, span, low, high in rows for a, b in _uncovered(low, high, children.get(span, []))]


def _steps_down(one: pd.DataFrame) -> dict[int, int]:
    """How many times the service changed between the root and each span, by row; a lost parent counts as a root."""
    spans = {
        span: (index, parent, service)
        for index, span, parent, service in zip(one.index, one["span"], one["parent"], one["service"], strict=True)
    }
    steps: dict[int, int] = {}
    for span in spans:
        chain: dict[str, None] = {}
        while span in spans and spans[span][0] not in steps and span not in chain:
            chain[span] = None
            span = spans[span][1]
        for name in reversed(chain):
            index, parent, service = spans[name]
            above = spans.get(parent)
            steps[index] = 0 if above is None else steps.get(above[0], 0) + (above[2] != service)
    return steps


def _furthest(pieces: list[tuple[int, float, float]], steps: dict[int, int]) -> list[tuple[int, float, float]]:
    """Keep of each moment the pieces furthest down."""
    if not pieces:
        return []
    index, low, high = (np.array(column) for column in zip(*pieces, strict=True))
    depth = np.array([steps[i] for i in index])
    moments = np.unique(np.concatenate([low, high]))
    furthest = np.full(moments.size - 1, -1)
    spread = np.searchsorted(moments, low), np.searchsorted(moments, high)
    for a, b, d in zip(*spread, depth, strict=True):
        furthest[a:b] = np.maximum(furthest[a:b], d)
    kept = []
    for i, a, b, d in zip(index, *spread, depth, strict=True):
        own = np.flatnonzero(furthest[a:b] == d) + a
        kept += [(int(i), float(moments[m]), float(moments[m + 1])) for m in own]
    return kept


def _uncovered(low: float, high: float, covers: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pieces of an interval that none of the others covers.

    Examples
    --------
    >>> _uncovered(0.0, 10.0, [(2.0, 4.0), (3.0, 6.0)])
    [(0.0, 2.0), (6.0, 10.0)]
    """
    left, at = [], low
    for start, end in sorted(covers):
        if start > at:
            left.append((at, min(start, high)))
        at = max(at, end)
        if at >= high:
            break
    if at < high:
        left.append((at, high))
    return [(float(a), float(b)) for a, b in left if b > a]


def hides_services(children: pd.DataFrame, linked: pd.DataFrame, total_s: float, usual: float) -> bool:
    """Return whether a single stage holds nearly all the time, and another service works inside it.

    Parameters
    ----------
    children : DataFrame
        The stages' spans with columns trace, span, name, service, low, high.
    linked : DataFrame
        Every span, columns trace, parent, service.
    total_s : float
        Time of all requests together.
    usual : float
        Share of that time from which a stage counts as nearly all.
    """
    held = (children["high"] - children["low"]).groupby(children["name"]).sum()
    large = children[children["name"].isin(held.index[held >= usual * total_s])]
    within = linked.merge(large[["trace", "span", "service"]], left_on=["trace", "parent"], right_on=["trace", "span"],
                          suffixes=("", "_stage"))  # fmt: skip
    return bool((within["service"] != within["service_stage"]).any())
