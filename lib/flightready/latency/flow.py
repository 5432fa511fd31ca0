"""How the stages of a request follow one another: steps in order, stages of one step at the same time.

A request takes the longest stage of each step, one step after another, and what is left over. What is left over is
measured request by request, so that the sum is exact; it is below zero where stages of different steps overlapped.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from flightready.latency.traces import Traces


@dataclass(frozen=True)
class Flow:
    """The stages of n requests in their steps.

    Parameters
    ----------
    stage_s : array of shape (n, k)
        Seconds that each stage was at work; 0 where a request did not visit it.
    steps : tuple of tuple of int
        Stages of each step, the steps in order.
    rest_s : array of shape (n,)
        Seconds of each request beside its steps.
    """

    stage_s: np.ndarray
    steps: tuple[tuple[int, ...], ...]
    rest_s: np.ndarray

    @property
    def total_s(self) -> np.ndarray:
        """Seconds of each request, shape (n,); never below its longest stage."""
        return whole(self.rest_s + step_times(self.stage_s, self.steps).sum(axis=1), self.stage_s)


def flow(traces: Traces) -> Flow:
    """Return the stages of all requests, failed ones included, in their steps."""
    groups = steps_of(traces)
    return Flow(traces.stage_s, groups, traces.total_s - step_times(traces.stage_s, groups).sum(axis=1))


def steps_of(traces: Traces) -> tuple[tuple[int, ...], ...]:
    """Return which stages are at work at the same time, step after step."""
    given = traces.steps
    return tuple(tuple(i for i, own in enumerate(given) if own == step) for step in sorted(set(given)))


def step_times(stage_s: np.ndarray, steps: tuple[tuple[int, ...], ...]) -> np.ndarray:
    """Return the seconds of each step, the longest of its stages, shape (n, number of steps).

    Examples
    --------
    >>> step_times(np.array([[1.0, 2.0, 5.0]]), ((0,), (1, 2)))
    array([[1., 5.]])
    """
    longest = [stage_s[:, list(members)].max(axis=1) for members in steps]
    return np.column_stack(longest) if longest else np.empty((stage_s.shape[0], 0))


def whole(total_s: np.ndarray, stage_s: np.ndarray) -> np.ndarray:
    """Return times of requests that are never below the longest of their stages."""
    return np.maximum(total_s, stage_s.max(axis=1)) if stage_s.shape[1] else total_s


def answered_only(traces: Traces) -> Traces:
    """Return the requests that were answered."""
    if traces.answered.all():
        return traces
    arrays = {f.name: getattr(traces, f.name) for f in fields(traces)}
    kept = {name: a[traces.answered] for name, a in arrays.items() if isinstance(a, np.ndarray)}
    return replace(traces, **kept)
