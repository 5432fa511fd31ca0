"""How requests use their stages: which ones follow one another, who makes them, how often, and who is waited for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.latency.traces import Traces


@dataclass(frozen=True)
class StageUse:
    """One stage over all requests, failed ones included.

    Parameters
    ----------
    name : str
    step : int
        Stages of one step usually run side by side.
    made, n : int
        Requests that visited it, of all.
    copies : float
        Mean number of its spans in the requests that visited it.
    waited_share : float
        Share of the time of all requests in which they waited for it and for no other stage; the shares of all stages
        and of the time between them add up to 1.
    """

    name: str
    step: int
    made: int
    n: int
    copies: float
    waited_share: float


def stage_uses(traces: Traces) -> tuple[StageUse, ...]:
    """Return how the requests use each stage, in the order of the stages.

    Examples
    --------
    >>> one = np.array([[2.0], [4.0]])
    >>> stage_uses(Traces(np.array([4.0, 4.0]), np.ones(2, bool), np.zeros(2), ("model",), one,
    ...                   np.hstack([one, 4 - one]), ("ask",), np.zeros(2, int), ()))
    (StageUse(name='model', step=0, made=2, n=2, copies=1.0, waited_share=0.75),)
    """
    made, total = traces.made.sum(axis=0), float(traces.total_s.sum())
    copies = traces.copies.sum(axis=0) / np.maximum(made, 1)
    waited = traces.critical_s.sum(axis=0) / total if total > 0 else np.zeros(len(traces.stages) + 1)
    return tuple(
        StageUse(name, traces.steps[i], int(made[i]), traces.n, float(copies[i]), float(waited[i]))
        for i, name in enumerate(traces.stages)
    )
