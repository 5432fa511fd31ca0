"""Where the time of a request goes when it passes through several services: the time each was itself at work.

A span's own time is what none of its children covers. A service that has called another waits while that one works: at
each moment the time belongs to the services furthest down the chain of calls, evenly when there are several.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.latency.span_trees import SpanTrees


def own_times(above: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the stretches of each interval that none of those below it covers.

    Parameters
    ----------
    above : array of int, shape (m,)
        Place of the interval that each lies below, -1 where there is none.
    low, high : array of shape (m,)

    Returns
    -------
    (places, low, high)
        One entry a stretch, several or none for an interval; those of no length are left out.

    Examples
    --------
    >>> [found.tolist() for found in own_times(np.array([-1, 0, 0]), np.array([0.0, 2, 3]), np.array([10.0, 4, 6]))]
    [[0, 0, 1, 2], [0.0, 6.0, 2.0, 3.0], [2.0, 10.0, 4.0, 6.0]]
    """
    below = np.flatnonzero(above >= 0)
    below = below[np.lexsort((low[below], above[below]))]
    holder = above[below]
    reached = pd.Series(high[below]).groupby(holder).cummax().to_numpy() if below.size else np.empty(0)
    is_first = np.append(True, holder[1:] != holder[:-1])[: below.size]
    is_last = np.append(is_first[1:], True)[: below.size]
    before = np.where(is_first, -np.inf, np.append(-np.inf, reached[:-1])[: below.size])
    alone = np.ones(above.size, dtype=bool)
    alone[holder] = False
    bare = np.flatnonzero(alone)
    place = np.concatenate([holder, holder[is_last], bare])
    start = np.concatenate([before, reached[is_last], low[bare]])
    end = np.concatenate([low[below], np.full(int(is_last.sum()), np.inf), high[bare]])
    start, end = np.maximum(start, low[place]), np.minimum(end, high[place])
    kept = np.flatnonzero(end > start)
    kept = kept[np.lexsort((start[kept], place[kept]))]
    return place[kept], start[kept], end[kept]


def steps_down(spans: SpanTrees) -> np.ndarray:
    """Return how many times the service changed between the root and each span; a lost parent counts as a root."""
    none = len(spans)
    steps = np.append(spans.changes_service().astype(int), 0)
    above = np.append(np.where(spans.above < 0, none, spans.above), none)
    for _ in range(none.bit_length()):  # each round doubles the steps upwards
        if (above == none).all():
            break
        steps, above = steps + steps[above], above[above]
    return steps[:-1]


def furthest(
    row: np.ndarray, low: np.ndarray, high: np.ndarray, depth: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each moment of a request the stretches that lie furthest down.

    Parameters
    ----------
    row : array of int, shape (m,)
        Request of each stretch.
    low, high : array of shape (m,)
    depth : array of int, shape (m,)

    Returns
    -------
    (places, low, high)
        One entry a stretch that is left.

    Examples
    --------
    >>> one = np.zeros(2, dtype=int)
    >>> [found.tolist() for found in furthest(one, np.array([0.0, 2]), np.array([6.0, 4]), np.array([0, 1]))]
    [[0, 0, 1], [0.0, 4.0, 2.0], [2.0, 6.0, 4.0]]
    """
    m = row.size
    times, rows = np.concatenate([low, high]), np.tile(row, 2)
    order = np.lexsort((times, rows))
    is_new = np.append(True, (np.diff(rows[order]) != 0) | (np.diff(times[order]) != 0))[: 2 * m]
    moment = np.empty(2 * m, dtype=int)
    moment[order] = np.cumsum(is_new) - 1
    at = times[order][is_new]
    first, last = moment[:m], moment[m:]
    deepest = np.full(at.size, -1)  # between a moment and the next
    for a, b, d in sorted(zip(first.tolist(), last.tolist(), depth.tolist(), strict=True), key=lambda piece: piece[2]):
        deepest[a:b] = d
    run = np.append(0, np.cumsum(np.diff(deepest) != 0))[: at.size]  # stretches of one depth
    begin = np.flatnonzero(np.append(True, np.diff(run) != 0))[: at.size]
    end = np.append(begin[1:], at.size - 1)
    many = np.where(last > first, run[np.maximum(last - 1, 0)] - run[first] + 1, 0)
    place = np.repeat(np.arange(m), many)
    which = np.arange(place.size) - np.repeat(np.cumsum(many) - many, many) + run[first][place]
    kept = deepest[begin[which]] == depth[place]
    place, which = place[kept], which[kept]
    return place, np.maximum(at[begin[which]], low[place]), np.minimum(at[end[which]], high[place])


def hides_services(spans: SpanTrees, stages: np.ndarray, held_s: np.ndarray, total_s: float, usual: float) -> bool:
    """Return whether a single stage holds nearly all the time, and another service works inside it.

    Parameters
    ----------
    spans : SpanTrees
    stages : array of int
        Places of the spans that are the stages.
    held_s : array of shape (stages,)
        Their time within the request.
    total_s : float
        Time of all requests together.
    usual : float
        Share of that time from which a stage counts as nearly all.
    """
    held = np.bincount(spans.name[stages], held_s, minlength=len(spans.names))
    is_large = np.zeros(len(spans), dtype=bool)
    is_large[stages] = (held >= usual * total_s)[spans.name[stages]]
    return bool((spans.changes_service() & is_large[spans.above]).any())
