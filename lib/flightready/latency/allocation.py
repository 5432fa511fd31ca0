"""The budget split over the stages, by what each contributes to the requests that decide the percentile.

A percentile is the time of the requests near it, so it splits exactly into the mean parts of those requests: the part
of a stage is E[stage | whole request near the percentile]. Percentiles of the stages do not add up; these parts do.
Of stages side by side the time counts for the one that the request waited for.

What a stage must become alone is found request by request: the largest factor on the stage at which this request is
still in time. The share of requests that are in time at a factor is then known for every factor, and the factor at
which exactly the percentile's share is in time is an order statistic with an exact interval.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import order_statistic_ranks, quantile_with_interval
from flightready.latency.flow import Flow, answered_only, flow, step_times
from flightready.latency.resamples import Resamples, quantile_draws, resampled, spread
from flightready.latency.traces import BETWEEN, Traces

_NEVER = -1e-9  # below zero: in time at no factor


@dataclass(frozen=True)
class StageBudget:
    """One stage's part of a percentile and of its budget; seconds.

    Parameters
    ----------
    name : str
    takes_s : float
        Mean time that requests near the percentile spend for it; adds up to the percentile.
    takes : Interval
    part : float
        The same as a share of the percentile; adds up to 1.
    allowed_s : float or None
        Its part of the budget; None without a budget.
    headroom_s : float or None
        What is left of that, below 0 when it takes more.
    headroom : Interval
    factor : float or None
        What its times must be multiplied by, with all else as it is, for the budget to hold; above 1 where it may take
        longer. None when changing it alone is not enough, or without a budget.
    factor_interval : Interval
        Exact 90 % interval; an end that is not possible or beyond what is looked at is None.
    most : bool
        Whether `factor` is the largest that is looked at, so that the stage hardly matters.
    p95_s, becomes_p95_s : float or None
        95th percentile of its own time where it is visited, now and after that change.
    """

    name: str
    takes_s: float
    takes: Interval
    part: float
    allowed_s: float | None
    headroom_s: float | None
    headroom: Interval
    factor: float | None
    factor_interval: Interval
    most: bool
    p95_s: float | None
    becomes_p95_s: float | None


@dataclass(frozen=True)
class Allocation:
    """One percentile and its budget split over the stages, the time between stages last.

    Parameters
    ----------
    name : str
        Such as p99.
    share : float
    total_s : float
        The percentile, in the pilot.
    budget_s : float or None
    n_near : int
        Requests that the split rests on.
    answered_only : bool
        Whether it is the percentile of the answered requests, as so large a share of all is never answered. No faster
        stage keeps the budget then.
    stages : tuple of StageBudget
    """

    name: str
    share: float
    total_s: float
    budget_s: float | None
    n_near: int
    answered_only: bool
    stages: tuple[StageBudget, ...]


def near(share: float, n: int) -> tuple[float, float]:
    """Return the band of shares around a percentile whose requests stand for it; at least a few requests wide.

    Examples
    --------
    >>> tuple(round(x, 4) for x in near(0.95, 1000))
    (0.925, 0.975)
    """
    wide = (1 - share) * float(policy.value("latency_near_width"))
    usual = min(wide, float(policy.value("latency_typical_share")) / 2)
    half = max(usual, int(policy.value("latency_near_least")) / 2 / n)
    return max(share - half, 0.0), min(share + half, 1.0)


def nearness(order: np.ndarray, weights: np.ndarray, band: tuple[float, float]) -> np.ndarray:
    """Return how much of each request's weight falls into a band of shares, shape of `weights`.

    Parameters
    ----------
    order : array of int, shape (m,)
        Requests by rising time.
    weights : array of shape (..., m)
        Each row adds up to 1.
    """
    reached = np.cumsum(weights[..., order], axis=-1)
    inside = np.minimum(reached, band[1]) - np.maximum(reached - weights[..., order], band[0])
    found = np.empty_like(weights)
    found[..., order] = np.maximum(inside, 0)
    return found


def window(traces: Traces, share: float) -> np.ndarray:
    """Return the weights of the answered requests near a percentile, shape (n,), adding up to 1."""
    order = np.argsort(traces.answer_s, kind="stable")
    weight = nearness(order, np.full(traces.n, 1 / traces.n), near(share, traces.n)) * traces.answered
    return weight / weight.sum()


def allocation(
    traces: Traces, shares: dict[str, float], budgets_s: dict[str, float], *, seed: int
) -> tuple[Allocation, ...]:
    """Return the split of each percentile and its budget over the stages; empty without stages or answers.

    Source
    ------
    Tasche 1999, Risk contributions and performance measurement (Euler's split of a quantile).
    """
    if not traces.stages or not traces.answered.any():
        return ()
    samples = resampled(traces, seed=seed)
    made = []
    for name, share in shares.items():
        if np.isfinite(quantile_with_interval(traces.answer_s, share)[0]):
            made.append(_allocated(traces, name, share, budgets_s.get(name), samples))
        else:
            done = answered_only(traces)
            found = _allocated(done, name, share, budgets_s.get(name), resampled(done, seed=seed))
            made.append(replace(found, answered_only=True, stages=tuple(_unkept(s) for s in found.stages)))
    return tuple(made)


def _unkept(stage: StageBudget) -> StageBudget:
    return replace(stage, factor=None, factor_interval=Interval(None, None), most=False, becomes_p95_s=None)


def _allocated(traces: Traces, name: str, share: float, budget_s: float | None, samples: Resamples) -> Allocation:
    """The split of one percentile of all requests given, which is known to be answered."""
    weight, total = window(traces, share), float(quantile_with_interval(traces.answer_s, share)[0])
    mean = weight @ traces.critical_s
    parts = mean / mean.sum() if mean.sum() > 0 else np.zeros_like(mean)
    draws = _takes_draws(traces, share, samples)
    bounded = order_statistic_ranks(traces.n, share)[1] is not None
    whole, stages = flow(traces), []
    for i, stage in enumerate((*traces.stages, BETWEEN)):
        takes, takes_in = float(total * parts[i]), spread(draws[:, i], bounded=bounded)
        allowed = None if budget_s is None else float(budget_s * parts[i])
        factor, factor_in, most = _alone(traces, whole, i, share, budget_s)
        p95 = _own_p95(traces, i)
        stages.append(StageBudget(
            stage, takes, takes_in, float(parts[i]), allowed, None if allowed is None else allowed - takes,
            Interval(None, None) if allowed is None else _left(allowed, takes_in),
            factor, factor_in, most, p95, None if factor is None or most or p95 is None else factor * p95,
        ))  # fmt: skip
    return Allocation(name, share, total, budget_s, int(np.sum(weight > 0)), False, tuple(stages))


def _left(allowed_s: float, takes: Interval) -> Interval:
    low, high = (None if end is None else allowed_s - end for end in (takes.high, takes.low))
    return Interval(low, high)


def _takes_draws(traces: Traces, share: float, samples: Resamples) -> np.ndarray:
    """The split in every resample, shape (r, k + 1); infinite where the percentile is never answered."""
    rows, weights = samples.rows, samples.weights
    times, answered = traces.answer_s[rows], traces.answered[rows]
    value = quantile_draws(times, weights, share)[:, None]
    inside = nearness(np.argsort(times, kind="stable"), weights, near(share, rows.size)) * answered
    part = inside @ traces.critical_s[rows]
    total = part.sum(axis=1, keepdims=True)
    known = np.isfinite(value) & (total > 0)
    return np.where(known, part * np.where(known, value, 0.0) / np.where(known, total, 1.0), np.inf)


def _own_p95(traces: Traces, at: int) -> float | None:
    if at == len(traces.stages):
        return None
    own = traces.stage_s[traces.answered & traces.made[:, at], at]
    return quantile_with_interval(own, 0.95)[0] if own.size else None


def _alone(
    traces: Traces, whole: Flow, at: int, share: float, budget_s: float | None
) -> tuple[float | None, Interval, bool]:
    """The factor on one stage alone at which the percentile meets its budget, and its exact interval."""
    if budget_s is None:
        return None, Interval(None, None), False
    top = float(policy.value("latency_largest_factor"))
    each = np.where(traces.answered, np.clip(_largest_factors(whole, at, budget_s), _NEVER, top), _NEVER)
    factor, interval = quantile_with_interval(each, 1 - share)
    low, high = (None if end is None or end < 0 or end >= top else end for end in (interval.low, interval.high))
    return (None if factor < 0 else factor), Interval(low, high), factor >= top


def _largest_factors(whole: Flow, at: int, budget_s: float) -> np.ndarray:
    """For each request the largest factor on one stage at which it is in time; infinite where it never matters."""
    k = whole.stage_s.shape[1]
    steps = step_times(whole.stage_s, whole.steps)
    if at == k:
        return _room(budget_s - steps.sum(axis=1), whole.rest_s)
    here = next(i for i, members in enumerate(whole.steps) if at in members)
    beside = [i for i in whole.steps[here] if i != at]
    fixed = whole.rest_s + np.delete(steps, here, axis=1).sum(axis=1)
    others = np.delete(whole.stage_s, at, axis=1).max(axis=1, initial=0.0)
    meanwhile = whole.stage_s[:, beside].max(axis=1, initial=0.0)
    room = np.where((fixed + meanwhile <= budget_s) & (others <= budget_s), budget_s - np.maximum(fixed, 0), -np.inf)
    return _room(room, whole.stage_s[:, at])


def _room(room_s: np.ndarray, takes_s: np.ndarray) -> np.ndarray:
    without = np.where(room_s >= 0, np.inf, -np.inf)
    return np.divide(room_s, takes_s, out=without, where=takes_s > 0)
