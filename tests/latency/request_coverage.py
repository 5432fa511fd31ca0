"""How often intervals of whole requests hold the truth, over synthetic requests whose stages are correlated."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special

from flightready.intervals import order_statistic_ranks
from flightready.latency.allocation import allocation
from flightready.latency.measured import resample, service_times
from flightready.latency.resamples import resampled
from flightready.latency.stage_change import changed, effects
from flightready.latency.traces import Traces

LEVEL = 0.9


def correlated(n, rng):
    """Requests of three stages that share the size of the request; the second has a long tail."""
    size = rng.normal(size=n)
    stage = np.exp(np.column_stack([
        -1.5 + 0.3 * size + 0.2 * rng.normal(size=n), 0.6 * size + 0.5 * rng.normal(size=n),
        -1.0 + 0.4 * rng.normal(size=n),
    ]))  # fmt: skip
    return of_stages(stage, np.full(n, 0.05))


@cache
def many():
    """So many requests that their percentiles stand for the truth."""
    return correlated(1_000_000, np.random.default_rng(1))


def of_stages(stage_s, rest_s=0.0, *, answered=None, **given):
    """Requests from the times of their stages, one after the other unless `steps` is given."""
    stage = np.asarray(stage_s, dtype=float)
    n, k = stage.shape
    steps = given.get("steps", tuple(range(k)))
    part, critical = stage.copy(), np.zeros_like(stage)
    for step in sorted(set(steps)):
        members = np.flatnonzero(np.array(steps) == step)
        longest = stage[:, members].max(axis=1)
        part[:, members] *= (longest / np.maximum(stage[:, members].sum(axis=1), 1e-300))[:, None]
        critical[np.arange(n), members[np.argmax(stage[:, members], axis=1)]] = longest
    rest = np.broadcast_to(np.asarray(rest_s, dtype=float), n)
    total = part.sum(axis=1) + rest
    ok = np.ones(n, dtype=bool) if answered is None else np.asarray(answered)
    return Traces(total, ok, np.full(n, np.nan), tuple("abcdefgh"[:k]), stage, np.column_stack([part, rest]),
                  ("request",), np.zeros(n, dtype=int), (), critical_s=np.column_stack([critical, rest]), **given)  # fmt: skip


@dataclass(frozen=True)
class Coverage:
    """Share of runs whose interval holds the truth, and what it should be."""

    found: float
    nominal: float
    runs: int

    @property
    def errors_away(self):
        """Distance from the nominal share in standard errors."""
        return abs(self.found - self.nominal) / (self.nominal * (1 - self.nominal) / self.runs) ** 0.5


def binomial_coverage(n, share):
    """Exact coverage of the order-statistic interval; an end that the sample does not reach counts as covering."""
    low, high = order_statistic_ranks(n, share, LEVEL)
    below = 0.0 if low is None else special.bdtr(low - 1, n, share)
    return float((1.0 if high is None else special.bdtr(high - 1, n, share)) - below)


def resampled_coverage(n, share, replicates):
    """Exact coverage of the interval from so many resamples.

    The percentile of a resample lies at or after observation J, which is binomial, and at or before J + 1. The ends are
    order statistics of that many draws of J and of J + 1, so their ranks vary a little from one seed to the next.
    """
    within = special.bdtr(np.arange(-1, n + 1).clip(0), n, share) * (np.arange(-1, n + 1) >= 0)  # P(J < k), k = 0..n+1
    reaches = {}
    for end, at, reached in (("low", 0.05, within[1:]), ("high", 0.95, within[:-1])):
        needed = int(np.ceil(at * replicates))
        by_rank = 1 - special.bdtr(needed - 1, replicates, np.minimum(reached, 1.0))  # the end has rank k or less
        reaches[end] = np.diff(np.append(0.0, by_rank))
    ranks = np.arange(n + 1)
    beyond = 1 - reaches["high"].sum()  # no upper end: covers
    return float(reaches["high"] @ within[ranks] + beyond - reaches["low"] @ within[ranks])


def resampled_percentile(n, share, *, runs, first_seed, replicates=1024):
    """Coverage of the interval from resampled whole requests, as the planned load uses it."""
    truth = float(np.quantile(many().total_s, share))
    held = 0
    for run in range(runs):
        service = service_times(correlated(n, np.random.default_rng([first_seed, run])))
        draws = resample(service, seed=run, replicates=replicates)
        low = _located(np.column_stack([draws.at_zero, draws.low]), np.append(0.0, service.low_s), share)
        high = _located(draws.high, service.high_s, share)
        held += np.quantile(low, 0.05, method="inverted_cdf") <= truth <= np.quantile(high, 0.95, method="inverted_cdf")
    return Coverage(float(held / runs), resampled_coverage(n, share, replicates), runs)


def _located(weights, times, share):
    at = np.sum(np.cumsum(weights, axis=1) < share, axis=1)
    return np.append(times, np.inf)[at]


def of_a_change(n, share, *, runs, first_seed):
    """Coverage of the difference that a stage twice as fast makes, and of what that stage takes near the percentile."""
    name = f"p{100 * share:g}"
    total, stage = many().total_s, many().stage_s[:, 1]
    truth = float(np.quantile(total - 0.5 * stage, share) - np.quantile(total, share))
    middle = np.quantile(total, [share - 0.0005, share + 0.0005])
    takes = float(stage[(total > middle[0]) & (total < middle[1])].mean())
    held, taken = 0, 0
    for run in range(runs):
        traces = correlated(n, np.random.default_rng([first_seed, run]))
        (effect,) = effects(traces, changed(traces, "b", factor=0.5), {name: share}, resampled(traces, seed=run))
        held += holds(effect.difference, truth)
        (split,) = allocation(traces, {name: share}, {}, seed=run)
        taken += holds(split.stages[1].takes, takes)
    return Coverage(held / runs, LEVEL, runs), Coverage(taken / runs, LEVEL, runs)


def holds(interval, truth):
    """Whether an interval holds the truth; an end that is not bounded does."""
    return (interval.low is None or interval.low <= truth) and (interval.high is None or truth <= interval.high)
