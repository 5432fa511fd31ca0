"""What if one stage were faster or slower: each request keeps its rank within the stage, and the rest of it stays.

A stage that is slow with large inputs stays slow with those; only its quantile function changes. So whatever falls
together in whole requests goes on falling together, which a calculation from percentiles of stages cannot keep.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from flightready import policy
from flightready.errors import InputError, listed, nearest
from flightready.evidence import Interval
from flightready.intervals import order_statistic_ranks, quantile_with_interval
from flightready.latency.flow import flow, step_times
from flightready.latency.resamples import Resamples, quantile_draws, spread
from flightready.latency.traces import Traces

_WHERE = "what if a stage changes"
_LATE = float(special.ndtri(0.95))  # of a normal distribution


@dataclass(frozen=True)
class Effect:
    """One percentile of whole requests before and after a change; seconds, failed requests counted as never answered.

    Parameters
    ----------
    name : str
        Such as p95.
    before_s, after_s : float or None
        None where so large a share is never answered.
    before, after : Interval
        Exact 90 % intervals.
    difference_s : float or None
        After less before.
    difference : Interval
        90 % interval over the same resamples of whole requests for both; without ends where the requests are too few
        to bound the percentile.
    """

    name: str
    before_s: float | None
    after_s: float | None
    before: Interval
    after: Interval
    difference_s: float | None
    difference: Interval


@dataclass(frozen=True)
class StageChange:
    """One stage made faster or slower, and what whole requests make of it.

    Parameters
    ----------
    stage : str
    factor : float
        On each of its times.
    effects : tuple of Effect
    """

    stage: str
    factor: float
    effects: tuple[Effect, ...]


def changed(
    traces: Traces,
    stage: str,
    *,
    factor: float | None = None,
    p50_s: float | None = None,
    p95_s: float | None = None,
) -> Traces:
    """Return the requests with one stage changed, each request at the rank that it had within the stage.

    Parameters
    ----------
    traces : Traces
    stage : str
        Name of a stage.
    factor : float, optional
        On each of its times, 0 or more.
    p50_s, p95_s : float, optional
        Seconds that the stage is to take at these percentiles of the answered requests that visit it: with one of
        them all its times are scaled; with both its quantile function is multiplied by a lognormal one through the two
        ratios, and put in order again should that break the order.

    Returns
    -------
    Traces
        `first_s` is unknown in it.

    Raises
    ------
    InputError
        When the stage is unknown, nothing or too much is asked, or the stage has no spread to stretch.

    Source
    ------
    Chernozhukov, Fernandez-Val and Galichon 2010, Quantile and Probability Curves Without Crossing (rearrangement).
    """
    at = _stage(traces, stage)
    made = traces.made[:, at]
    old = traces.stage_s[:, at]
    known = old[made & traces.answered]
    if factor is not None:
        if p50_s is not None or p95_s is not None or not (factor >= 0 and math.isfinite(factor)):
            raise _refused("a factor alone, 0 or more, or p50 and p95 in seconds")
        new = old * factor
    else:
        new = np.where(made, _stretched(known, p50_s, p95_s, stage)(old), old)
    return _with_stage(traces, at, new)


def _refused(valid: str) -> InputError:
    return InputError("the change of the stage cannot be made as asked", where=_WHERE, valid=valid)


def _stage(traces: Traces, stage: str) -> int:
    if stage in traces.stages:
        return traces.stages.index(stage)
    raise InputError(f"there is no stage '{stage}'", where=_WHERE, valid=listed(traces.stages) or "traces with stages",
                     cure=nearest(stage, traces.stages))  # fmt: skip


def _stretched(known: np.ndarray, p50_s: float | None, p95_s: float | None, stage: str):
    """Return what each time of the stage becomes."""
    given = [p for p in (p50_s, p95_s) if p is not None]
    rising = p50_s is None or p95_s is None or p50_s <= p95_s
    if not given or not all(p > 0 and math.isfinite(p) for p in given) or not rising:
        raise _refused("p50, p95 or both in seconds, above 0 and rising")
    if known.size == 0:
        raise InputError(f"no answered request visited the stage '{stage}'", where=_WHERE)
    middle, late = (quantile_with_interval(known, q)[0] for q in (0.5, 0.95))
    if p50_s is None or p95_s is None:
        base, target = (late, p95_s) if p50_s is None else (middle, p50_s)
        if base <= 0:
            raise InputError(
                f"the stage '{stage}' takes no time at that percentile, so nothing can be scaled", where=_WHERE
            )
        return lambda x: x * (target / base)
    if middle <= 0 or late <= middle:
        raise InputError(f"the times of the stage '{stage}' do not differ, so they cannot be stretched", where=_WHERE,
                         cure="give p50 or a factor alone")  # fmt: skip
    times, rank = np.unique(known, return_inverse=True)
    last = np.cumsum(np.bincount(rank))  # equal times share the middle of their ranks, and stay equal
    share = ((last + np.append(0, last[:-1]) + 1) / 2 - 1 / 3) / (known.size + 1 / 3)
    a = math.log(p50_s / middle)
    b = (math.log(p95_s / late) - a) / _LATE
    new = np.sort(times * np.exp(a + b * special.ndtri(share)))
    return lambda x: np.where(
        x <= times[0], x * new[0] / max(times[0], np.finfo(float).tiny),
        np.where(x >= times[-1], x * new[-1] / times[-1], np.interp(x, times, new)),
    )  # fmt: skip


def _with_stage(traces: Traces, at: int, new: np.ndarray) -> Traces:
    before = flow(traces)
    stage_s, spent_s = traces.stage_s.copy(), traces.spent_s.copy()
    stage_s[:, at] = new
    spent_s[:, at] *= _ratio(new, traces.stage_s[:, at])
    total = replace(before, stage_s=stage_s).total_s
    members = next(step for step in before.steps if at in step)
    now, then = (step_times(times, (members,))[:, 0] for times in (stage_s, before.stage_s))
    part, critical = traces.part_s.copy(), traces.critical_s.copy()
    if members == (at,):
        part[:, at] = critical[:, at] = new
    else:
        part[:, members] *= _ratio(now, then)[:, None]
        # of stages side by side the request waits for the one that ends last
        last = np.argmax(stage_s[:, members], axis=1)
        critical[:, members] = now[:, None] * (last[:, None] == np.arange(len(members)))
    return replace(traces, total_s=total, stage_s=stage_s, spent_s=spent_s, part_s=_adding_up(part, total),
                   critical_s=_adding_up(critical, total), first_s=np.full(traces.n, np.nan))  # fmt: skip


def _ratio(now: np.ndarray, then: np.ndarray) -> np.ndarray:
    return np.divide(now, then, out=np.zeros_like(now), where=then > 0)


def _adding_up(part: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Parts whose last column, the time in no stage, takes up what the others leave of the total."""
    held = part[:, :-1].sum(axis=1)
    part[:, :-1] *= np.where(held > total, _ratio(total, held), 1.0)[:, None]
    part[:, -1] = np.maximum(total - part[:, :-1].sum(axis=1), 0)
    return part


def effects(before: Traces, after: Traces, shares: dict[str, float], resamples: Resamples) -> tuple[Effect, ...]:
    """Return the percentiles of whole requests before and after a change, on the same resamples.

    Parameters
    ----------
    before, after : Traces
        The same requests, row by row.
    shares : dict of str to float
        Strictly between 0 and 1, by name.
    """
    old, new = before.answer_s, after.answer_s
    made = []
    for name, share in shares.items():
        (was, was_in), (now, now_in) = (quantile_with_interval(times, share) for times in (old, new))
        known = np.isfinite(was) and np.isfinite(now)
        difference = Interval(None, None)
        if known and order_statistic_ranks(before.n, share)[1] is not None:
            draws = [quantile_draws(times[resamples.rows], resamples.weights, share) for times in (old, new)]
            with np.errstate(invalid="ignore"):  # never answered before and after: unknown
                difference = spread(draws[1] - draws[0])
        made.append(Effect(name, _finite(was), _finite(now), was_in, now_in, now - was if known else None, difference))
    return tuple(made)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def each_changed(
    traces: Traces, shares: dict[str, float], resamples: Resamples, *, factor: float | None = None
) -> tuple[StageChange, ...]:
    """Return what each stage alone would change if its times were multiplied, by default by the house's what-if."""
    times = float(policy.value("latency_stage_what_if")) if factor is None else factor
    return tuple(
        StageChange(s, times, effects(traces, changed(traces, s, factor=times), shares, resamples))
        for s in traces.stages
    )
