"""A request near a percentile, stage after stage: what the slow ones wait for, beside what a typical one waits for."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.intervals import quantile_with_interval
from flightready.latency.allocation import window
from flightready.latency.flow import answered_only, flow, step_times
from flightready.latency.traces import BETWEEN, Traces


@dataclass(frozen=True)
class Bar:
    """One stage of a waterfall: seconds from the start of the request, and how long it is at work."""

    name: str
    start_s: float
    length_s: float


@dataclass(frozen=True)
class Waterfall:
    """The stages of the requests near one percentile, on average; the time between stages comes last.

    Parameters
    ----------
    name : str
        Such as p99.
    total_s : float
        The percentile of the answered requests; the steps and the time between them add up to it.
    n_near : int
        Requests behind it.
    bars : tuple of Bar
        Stages of one step start together.
    """

    name: str
    total_s: float
    n_near: int
    bars: tuple[Bar, ...]


def waterfall(traces: Traces, name: str, share: float) -> Waterfall | None:
    """Return the stages of the answered requests near their percentile; None without stages or answers."""
    traces = answered_only(traces)
    if not traces.stages or not traces.n:
        return None
    total, weight = quantile_with_interval(traces.total_s, share)[0], window(traces, share)
    whole = flow(traces)
    mean = float(weight @ traces.total_s)
    scale = total / mean if mean > 0 else 0.0
    stage = scale * (weight @ whole.stage_s)
    step = scale * (weight @ step_times(whole.stage_s, whole.steps))
    bars, now = [], 0.0
    for members, length in zip(whole.steps, step, strict=True):
        bars += [Bar(traces.stages[i], now, float(stage[i])) for i in members]
        now += float(length)
    bars.append(Bar(BETWEEN, min(now, total), max(float(total - now), 0.0)))
    return Waterfall(name, float(total), int((weight > 0).sum()), tuple(bars))
