"""What the stages of each request did: time at work, which ones ran side by side, and which one was waited for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready import policy


@dataclass(frozen=True)
class Intervals:
    """Stretches of time in which stages were at work, m in all, in any order.

    Parameters
    ----------
    row : array of int, shape (m,)
        Request, 0 to n - 1.
    stage : array of int, shape (m,)
        0 to k - 1.
    low, high : array of shape (m,)
        Seconds from the request's start, within the request.
    """

    row: np.ndarray
    stage: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def taken(self, chosen: np.ndarray) -> Intervals:
        """The chosen ones, by position or mark, in that order."""
        return Intervals(self.row[chosen], self.stage[chosen], self.low[chosen], self.high[chosen])


@dataclass(frozen=True)
class StageWork:
    """What k stages did in n requests; the fields are those of `traces.Traces`.

    Parameters
    ----------
    stage_s, spent_s : array of shape (n, k)
    part_s, critical_s : array of shape (n, k + 1)
    steps : tuple of int
    """

    stage_s: np.ndarray
    spent_s: np.ndarray
    part_s: np.ndarray
    critical_s: np.ndarray
    steps: tuple[int, ...]


def stage_work(spans: Intervals, total_s: np.ndarray, *, stages: int) -> StageWork:
    """Return the time of each stage in each request.

    Parameters
    ----------
    spans : Intervals
    total_s : array of shape (n,)
        Length of each request.
    stages : int
        Their number, in the order in which they usually start.

    Examples
    --------
    A stage from 0 to 6 s, and another from 2 to 8 s that did not wait for its end:

    >>> spans = Intervals(np.array([0, 0]), np.array([0, 1]), np.array([0.0, 2.0]), np.array([6.0, 8.0]))
    >>> found = stage_work(spans, np.array([8.0]), stages=2)
    >>> found.part_s.tolist(), found.critical_s.tolist(), found.steps
    ([[4.0, 4.0, 0.0]], [[0.0, 6.0, 2.0]], (0, 0))
    """
    n = total_s.size
    spans = spans.taken(np.lexsort((spans.low, spans.row)))
    cell, length = spans.row * stages + spans.stage, spans.high - spans.low
    spent = np.bincount(cell, length, minlength=n * stages).reshape(n, stages)
    rows = np.flatnonzero(_overlapping(spans, n))
    number = np.full(n, -1)
    number[rows] = np.arange(rows.size)
    shared = spans.taken(number[spans.row] >= 0)
    shared = Intervals(number[shared.row], shared.stage, shared.low, shared.high)
    work, critical = spent.copy(), np.column_stack([spent, np.zeros(n)])
    part = critical.copy()
    work[rows], part[rows, :stages], common = _swept(shared, rows.size, stages)
    critical[rows] = _waited_for(shared, total_s[rows], stages)
    critical[:, stages] += np.maximum(total_s - critical.sum(axis=1), 0)
    part[:, stages] = np.maximum(total_s - part[:, :stages].sum(axis=1), 0)
    return StageWork(work, spent, part, critical, _steps(common, work, rows))


def _overlapping(spans: Intervals, n: int) -> np.ndarray:
    """Which requests have spans at work together; spans are sorted by request and start."""
    together = np.zeros(n, dtype=bool)
    if spans.row.size:
        latest = pd.Series(spans.high).groupby(spans.row).cummax().to_numpy()
        overlap = (spans.row[1:] == spans.row[:-1]) & (spans.low[1:] < latest[:-1])
        together[spans.row[1:][overlap]] = True
    return together


def _swept(spans: Intervals, n: int, stages: int) -> tuple[np.ndarray, np.ndarray, dict[tuple[int, int], np.ndarray]]:
    """Time of each stage at work, the same with time in common shared evenly, and the time that two have in common."""
    times, row = np.concatenate([spans.low, spans.high]), np.tile(spans.row, 2)
    order = np.lexsort((times, row))
    row, stage = row[order], np.tile(spans.stage, 2)[order]
    change = np.repeat([1, -1], spans.row.size)[order]
    length = np.append(np.diff(times[order]), 0.0)
    length[np.append(np.diff(row) != 0, True)] = 0.0  # from the last moment of a request to the next request
    active = [np.cumsum(np.where(stage == s, change, 0)) > 0 for s in range(stages)]  # back to 0 after each request
    many = np.maximum(np.sum(active, axis=0, dtype=int), 1) if active else np.ones(row.size)

    def total(seconds: np.ndarray) -> np.ndarray:
        return np.bincount(row, seconds, minlength=n)

    common = {
        (a, b): total(length * (active[a] & active[b])) for a in range(stages) for b in range(a + 1, stages)
    }  # fmt: skip
    work, shared = np.zeros((n, stages)), np.zeros((n, stages))
    for s in range(stages):
        work[:, s], shared[:, s] = total(length * active[s]), total(length * active[s] / many)
    return work, shared, common


def _waited_for(spans: Intervals, total_s: np.ndarray, stages: int) -> np.ndarray:
    """Time in which each stage was waited for, shape (n, stages + 1).

    From the end of a request backwards: the span that ended last is waited for from its start on; before that, the one
    that ended last before this start; in between, the request itself.
    """
    tolerance = float(policy.value("latency_clock_tolerance"))
    n = total_s.size
    spans = spans.taken(np.lexsort((spans.stage, -spans.low, spans.high, spans.row)))
    many = np.bincount(spans.row, minlength=n)
    last = np.cumsum(many) - 1
    waited, at = np.zeros((n, stages + 1)), total_s.astype(float)
    requests = np.argsort(-many, kind="stable")
    rising = many[requests[::-1]]
    for back in range(int(many.max(initial=0))):
        mine = requests[: n - np.searchsorted(rising, back, side="right")]  # those with so many spans
        span = last[mine] - back
        low, high, now = spans.low[span], spans.high[span], at[mine]
        chosen = (high <= now + tolerance) & (low < now)
        mine, span, low, now = mine[chosen], span[chosen], low[chosen], now[chosen]
        end = np.minimum(high[chosen], now)
        waited[mine, spans.stage[span]] += end - low
        waited[mine, stages] += now - end
        at[mine] = low
    waited[:, stages] += at
    return waited


def _steps(common: dict[tuple[int, int], np.ndarray], work: np.ndarray, rows: np.ndarray) -> tuple[int, ...]:
    """The step of each stage: a stage joins those before it when it usually runs beside every one of them."""
    share, usual = (float(policy.value(key)) for key in ("latency_parallel_overlap", "latency_parallel_requests"))
    made = work > 0

    def beside(a: int, b: int) -> bool:
        both = int(np.sum(made[:, a] & made[:, b]))
        shorter = np.minimum(work[rows, a], work[rows, b])
        overlap = (common[a, b] > 0) & (common[a, b] >= share * shorter)
        return both > 0 and int(overlap.sum()) > usual * both

    steps: list[list[int]] = []
    for stage in range(work.shape[1]):
        if steps and all(beside(other, stage) for other in steps[-1]):
            steps[-1].append(stage)
        else:
            steps.append([stage])
    return tuple(number for number, held in enumerate(steps) for _ in held)
