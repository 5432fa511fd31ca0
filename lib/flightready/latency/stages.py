"""Stages: what each takes, and what makes the slowest requests slow; stages of which only percentiles are typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import InputError
from flightready.evidence import Interval
from flightready.intervals import quantile_with_interval
from flightready.latency.composition import Composition, independent_sum
from flightready.latency.traces import BETWEEN, Traces

_REMAINDER = 1e-7  # probability beyond the convolution's grid


@dataclass(frozen=True)
class StageTime:
    """One stage over the answered requests; times in seconds.

    Parameters
    ----------
    name : str
    p50_s, p95_s : float
        Quantiles of the stage's own time.
    p95_interval : Interval
    typical_s, slowest_s : float
        Mean contribution to a typical request, and to the slowest ones.
    share_of_excess : float
        Share of what the slowest requests take longer than a typical one; the shares add up to 1.
    """

    name: str
    p50_s: float
    p95_s: float
    p95_interval: Interval
    typical_s: float
    slowest_s: float
    share_of_excess: float


@dataclass(frozen=True)
class TypedStages:
    """Stages known by typed percentiles: a lognormal time each.

    Parameters
    ----------
    names : tuple of str
    p50_s, p95_s : tuple of float
        p95 as typed or fitted; equal to p50 where no tail was given.
    no_tail : tuple of str
        Stages of which only the median is known.
    mean_s : float
        Mean end to end; exact whatever the correlation, too low when a stage has no tail.
    composition : tuple of Composition
    """

    names: tuple[str, ...]
    p50_s: tuple[float, ...]
    p95_s: tuple[float, ...]
    no_tail: tuple[str, ...]
    mean_s: float
    composition: tuple[Composition, ...]


def stage_times(traces: Traces) -> tuple[StageTime, ...]:
    """Return each stage's times over the answered requests, and the time in no stage as the last one."""
    answered = traces.answered
    if not traces.stages or not answered.any():
        return ()
    total, part = traces.total_s[answered], traces.part_s[answered]
    work = np.column_stack([traces.stage_s[answered], part[:, -1]])
    typical, slowest = typical_and_slowest(total)
    usual, slow = part[typical].mean(axis=0), part[slowest].mean(axis=0)
    excess = float(np.sum(slow - usual))
    made = []
    for i, name in enumerate((*traces.stages, BETWEEN)):
        p95, interval = quantile_with_interval(work[:, i], 0.95)
        p50 = quantile_with_interval(work[:, i], 0.5)[0]
        more = float(slow[i] - usual[i]) / excess if excess > 0 else 0.0
        made.append(StageTime(name, p50, p95, interval, float(usual[i]), float(slow[i]), more))
    return tuple(made)


def typical_and_slowest(total_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices of the requests nearest to the median, and of the slowest; at least one of each.

    Examples
    --------
    >>> typical, slowest = typical_and_slowest(np.arange(100.0))
    >>> typical.min(), typical.max(), slowest.min()
    (np.int64(40), np.int64(59), np.int64(95))
    """
    order, n = np.argsort(total_s, kind="stable"), total_s.size
    wide = max(1, round(n * float(policy.value("latency_typical_share"))))
    first = (n - wide) // 2
    tail = max(1, math.ceil(n * float(policy.value("latency_tail_share"))))
    return order[first : first + wide], order[n - tail :]


def typed_stages(pilot: Pilot, percentiles: Mapping[str, float]) -> TypedStages | None:
    """Return the stages typed in under `latency.stages`, each as a lognormal; None when there are none.

    A lognormal through p50 and the p95; where p99 asks for a heavier tail, through p50 and p99.

    Raises
    ------
    InputError
        When the percentiles of a stage do not rise.
    """
    given = pilot.spec.latency.stages
    if not given:
        return None
    names = tuple(given)
    medians, sigmas = zip(*(_lognormal(pilot, name) for name in names), strict=True)
    no_tail = tuple(name for name, s in zip(names, sigmas, strict=True) if s == 0)
    within = [_lognormal_within(m, s) for m, s in zip(medians, sigmas, strict=True)]
    tops = [m * math.exp(s * -special.ndtri(_REMAINDER)) for m, s in zip(medians, sigmas, strict=True)]
    shares = list(percentiles.values())

    def added(share: float) -> float:
        return sum(m * math.exp(s * special.ndtri(share)) for m, s in zip(medians, sigmas, strict=True))

    return TypedStages(
        names,
        medians,
        tuple(float(m * math.exp(s * special.ndtri(0.95))) for m, s in zip(medians, sigmas, strict=True)),
        no_tail,
        sum(m * math.exp(s * s / 2) for m, s in zip(medians, sigmas, strict=True)),
        tuple(
            Composition(share, None, None if no_tail else float(added(share)), apart)
            for share, apart in zip(shares, independent_sum(within, tops, shares), strict=True)
        ),
    )


def _lognormal(pilot: Pilot, name: str) -> tuple[float, float]:
    """Median and sigma of one typed stage; sigma 0 when only the median is known."""
    stage = pilot.spec.latency.stages[name]
    p50 = stage.p50.median
    sigmas, last = [0.0], p50
    for share, given in ((0.95, stage.p95), (0.99, stage.p99)):
        if given is None:
            continue
        if given.median < last or p50 <= 0:
            raise InputError(
                f"the percentiles of the stage '{name}' do not rise",
                where=pilot.where("latency", "stages", name),
                valid="p50 above 0, p95 at or above p50, p99 at or above p95",
            )
        sigmas.append(math.log(given.median / p50) / float(special.ndtri(share)))
        last = given.median
    return p50, max(sigmas)


def _lognormal_within(median: float, sigma: float) -> Callable[[np.ndarray], np.ndarray]:
    if sigma == 0:
        return lambda x: (np.asarray(x) >= median).astype(float)
    return lambda x: special.ndtr(np.log(np.maximum(x, 1e-300) / median) / sigma)
