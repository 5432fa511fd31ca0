"""Measured times in service, and resampled weights that carry the uncertainty of few traces.

The weights are the spacings of uniform order statistics (Rubin 1981). Put at the upper end of each spacing they give
the exact upper bound of a quantile, at the lower end the lower one; what lies above the largest observation is unknown
and counts as infinite.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.latency.traces import Traces


@dataclass(frozen=True)
class ServiceTimes:
    """Measured times of n requests in m <= n groups, in order; a group holds neighbours, mostly one request.

    Parameters
    ----------
    low_s, high_s : array of shape (a,)
        Shortest and longest time in each group of answered requests.
    mean_s : array of shape (a + 1,)
        Mean time in service of each group; the last entry is that of the failed requests, 0 when there are none.
    size : array of int, shape (a + 1,)
        Requests in each group; the last entry counts the failed ones.
    even_s : array of shape (m,)
        Times at evenly spaced shares of all requests, those without an answer left out: the best estimate of the
        distribution, between the measured times as for a single percentile.
    even_weight : float
        Share of all requests that each of them stands for.
    group : array of int, shape (n,)
        Group of each request, in the order of the traces.
    at_row_s : array of shape (n,)
        Time in service of each request, in the order of the traces.
    """

    low_s: np.ndarray
    high_s: np.ndarray
    mean_s: np.ndarray
    size: np.ndarray
    even_s: np.ndarray
    even_weight: float
    group: np.ndarray
    at_row_s: np.ndarray

    @property
    def n(self) -> int:
        """Number of requests."""
        return int(self.size.sum())

    @property
    def mean_service_s(self) -> float:
        """Mean time in service, failed requests included, seconds."""
        return float(self.mean_s @ self.size / self.size.sum())


@dataclass(frozen=True)
class Resampled:
    """Resampled weights of the groups, r resamples.

    Parameters
    ----------
    low, middle, high : array of shape (r, a)
        Weights of the answered groups with each spacing at its lower end, halved, and at its upper end.
    at_zero : array of shape (r,)
        Weight that `low` leaves to a time of zero.
    in_service : array of shape (r, a + 1)
        Weights of all groups, the failed requests last; each row adds up to 1.
    service_s : array of shape (r,)
        Mean time in service.
    in_shares : array of shape (r, a + 1)
        Weights behind a share of the requests, the last for those that failed and for what was never seen: of n
        requests of which none was slow or failed, as many may be as a Jeffreys interval says. Each row adds up to 1.
    """

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    at_zero: np.ndarray
    in_service: np.ndarray
    service_s: np.ndarray
    in_shares: np.ndarray


def service_times(traces: Traces) -> ServiceTimes:
    """Return the measured times in the order that the queue needs, grouped when there are very many."""
    most, even = int(policy.value("latency_most_times")), int(policy.value("latency_even_times"))
    answered = np.sort(traces.total_s[traces.answered])
    failed = traces.total_s[~traces.answered]
    cuts = np.unique(np.linspace(0, answered.size, min(most, answered.size) + 1).round().astype(int))
    first, last = cuts[:-1], cuts[1:]
    sums = np.concatenate([[0.0], np.cumsum(answered)])
    group = np.full(traces.n, first.size)
    in_order = np.flatnonzero(traces.answered)[np.argsort(traces.total_s[traces.answered], kind="stable")]
    group[in_order] = np.repeat(np.arange(first.size), last - first)
    return ServiceTimes(
        low_s=answered[first],
        high_s=answered[last - 1],
        mean_s=np.append(
            (sums[last] - sums[first]) / np.maximum(last - first, 1), failed.mean() if failed.size else 0.0
        ),
        size=np.append(last - first, failed.size),
        even_s=_even_times(traces.answer_s, even),
        even_weight=1 / even,
        group=group,
        at_row_s=traces.total_s,
    )


def _even_times(answer_s: np.ndarray, many: int) -> np.ndarray:
    """Median-unbiased quantiles at evenly spaced shares, as far as they are answered (Hyndman and Fan 1996, type 8)."""
    ordered, n = np.sort(answer_s), answer_s.size
    position = (n + 1 / 3) * np.arange(1, many + 1) / many + 1 / 3
    lower = np.clip(np.floor(position).astype(int), 1, n)
    part = np.clip(position - lower, 0, 1)
    a, b = ordered[lower - 1], ordered[np.minimum(lower, n - 1)]
    kept = np.isfinite(b) | (np.isfinite(a) & (part == 0))
    a, b, part = a[kept], b[kept], part[kept]
    return np.where(part == 0, a, a + part * np.where(np.isfinite(b), b - a, 0))


def resample(service: ServiceTimes, *, seed: int, replicates: int, name: str = "latency.traces") -> Resampled:
    """Return resampled weights of the measured times.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap; David and Nagaraja 2003, section 2.5 (spacings of uniform order statistics);
    Brown, Cai and DasGupta 2001, Statistical Science 16:101 (Jeffreys interval, here for the end of the answered ones).
    """
    rng = generator(seed, name)
    # n + 1 spacings: those that end in a group, then those that end in a failed request or beyond the largest
    shapes = np.append(service.size[:-1], service.size[-1] + 1).astype(float)
    mass = rng.standard_gamma(shapes, size=(replicates, shapes.size))
    mass /= mass.sum(axis=1, keepdims=True)
    # the first spacing of a group begins in the group before it
    first = mass * np.where(shapes > 1, rng.beta(1.0, np.maximum(shapes - 1, 1.0), size=mass.shape), 1.0)
    high = mass[:, :-1]
    low = high - first[:, :-1] + first[:, 1:]
    middle = (low + high) / 2
    middle[:, :1] += first[:, :1] / 2
    in_service = np.column_stack([middle, mass[:, -1] - first[:, -1]])
    in_service /= in_service.sum(axis=1, keepdims=True)
    # the spacing beyond the largest answered time, cut so that either side gets half a request of an even prior
    worse = first[:, -1] * rng.beta(0.5, 0.5, size=replicates)
    in_shares = np.column_stack([middle, mass[:, -1] - first[:, -1] + worse])
    in_shares[:, -2:-1] += (first[:, -1] / 2 - worse)[:, None]
    return Resampled(low, middle, high, first[:, 0], in_service, in_service @ service.mean_s, in_shares)


def by_group(values: np.ndarray, service: ServiceTimes) -> np.ndarray:
    """Return the mean of a figure of each request over each group, shape (a + 1,); 0 for a group without requests."""
    return np.bincount(service.group, values, minlength=service.size.size) / np.maximum(service.size, 1)
