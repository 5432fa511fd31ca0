"""Requests under load: the measured times with the wait of an exact queue formula put in front of each.

Assumptions: requests arrive at random (Poisson); a request occupies one of c servers for its whole measured time, which
does not grow with the load; the wait is that of exponential service times with the measured mean (M/M/c). Then
P(T <= x) is the mean over the measured times s of P(W <= x - s), which is exact and needs no simulation.
Service times more regular than exponential wait less, more scattered ones more.

The uncertainty of few traces enters by resampled weights: the spacings of uniform order statistics (Rubin 1981). Put at
the upper end of each spacing they reproduce the exact upper bound of a quantile at no load, at the lower end the lower
one; what lies above the largest observation is unknown, and counts as infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import JointSample, generator
from flightready.latency.traces import Traces
from flightready.traffic.queues import erlang_c

HOURS_PER_DAY = 24.0
_ROUNDING = 1e-12  # sums of weights are exact to about this


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
    variation : float
        Standard deviation of the time in service over its mean.
    """

    low_s: np.ndarray
    high_s: np.ndarray
    mean_s: np.ndarray
    size: np.ndarray
    variation: float

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
    service_s : array of shape (r,)
        Mean time in service.
    """

    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    at_zero: np.ndarray
    service_s: np.ndarray


@dataclass(frozen=True)
class Answers:
    """Times to the answer at given loads, arrays of one shape; infinite where that share is never answered.

    Parameters
    ----------
    quantiles_s : dict of str to array
        By name, such as p95.
    in_time_share : array or None
        Share answered within the limit that was asked for.
    """

    quantiles_s: dict[str, np.ndarray]
    in_time_share: np.ndarray | None


@dataclass(frozen=True)
class LoadCurve:
    """How times grow with the load, for a chart: arrays of shape (g,); infinite where the queue never ends.

    Parameters
    ----------
    per_second : array
        Arrival rates from 0 to just below saturation.
    quantiles_s, low_s, high_s : dict of str to array
        Estimate and ends of the 90 % interval from the number of traces.
    in_time_share : array or None
    saturation_per_second : float
        Rate at which all servers are always busy.
    saturation_low, saturation_high : float
        90 % interval of that rate.
    concurrency : int
    """

    per_second: np.ndarray
    quantiles_s: dict[str, np.ndarray]
    low_s: dict[str, np.ndarray]
    high_s: dict[str, np.ndarray]
    in_time_share: np.ndarray | None
    saturation_per_second: float
    saturation_low: float
    saturation_high: float
    concurrency: int


def service_times(traces: Traces) -> ServiceTimes:
    """Return the measured times in the order that the queue needs, grouped when there are very many."""
    most = int(policy.value("latency_most_times"))
    answered = np.sort(traces.total_s[traces.answered])
    failed = traces.total_s[~traces.answered]
    cuts = np.unique(np.linspace(0, answered.size, min(most, answered.size) + 1).round().astype(int))
    first, last = cuts[:-1], cuts[1:]
    sums = np.concatenate([[0.0], np.cumsum(answered)])
    total = traces.total_s
    return ServiceTimes(
        low_s=answered[first], high_s=answered[last - 1],
        mean_s=np.append((sums[last] - sums[first]) / np.maximum(last - first, 1), failed.mean() if failed.size else 0.0),
        size=np.append(last - first, failed.size),
        variation=float(total.std() / total.mean()) if total.mean() > 0 else 0.0,
    )  # fmt: skip


def resample(service: ServiceTimes, *, seed: int, replicates: int, name: str = "latency.traces") -> Resampled:
    """Return resampled weights of the measured times.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap; David and Nagaraja 2003, section 2.5 (spacings of uniform order statistics).
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
    return Resampled(low, middle, high, first[:, 0], in_service @ service.mean_s / in_service.sum(axis=1))


def answers(
    service: ServiceTimes,
    weights: np.ndarray,
    times_s: np.ndarray,
    *,
    rows: np.ndarray,
    service_s: np.ndarray,
    per_second: np.ndarray,
    servers: np.ndarray,
    percentiles: dict[str, float],
    limit_s: float | None = None,
    at_zero: np.ndarray | None = None,
) -> Answers:
    """Return times to the answer, wait included, at each of d loads.

    Parameters
    ----------
    weights : array of shape (r, a)
        Weights of the answered times; what they leave to 1 is never answered.
    times_s : array of shape (a,)
        In rising order.
    rows : array of int, shape (d,)
        Which weights belong to each load.
    service_s, per_second, servers : array of shape (d,)
        Mean time in service, arrival rate, number of servers.
    percentiles : dict of str to float
        Shares strictly between 0 and 1 by name.
    limit_s : float, optional
        Time within which an answer is in time.
    at_zero : array of shape (r,), optional
        Weight of a time of zero.

    Notes
    -----
    Between two measured times the share answered is V - C B exp(-theta (x - s)) with V the weight up to s, C the share
    that waits, theta the spare rate and B a sum that each step carries on; each percentile has a closed form.
    """
    shape = np.shape(per_second)
    rate, row = np.ravel(per_second).astype(float), np.ravel(rows)
    mean, count = np.ravel(service_s), np.ravel(np.broadcast_to(servers, shape)).astype(int)
    spare = count / mean - rate
    stable = spare > 0
    theta, waits = np.where(stable, spare, 1.0), erlang_c(count, rate * mean)
    done, carried = (np.zeros(rate.size) for _ in range(2))
    found = {name: np.full(rate.size, np.inf) for name in percentiles}
    in_time = np.zeros(rate.size)
    starts = times_s if at_zero is None else np.concatenate([[0.0], times_s])
    by_time = weights.T if at_zero is None else np.vstack([at_zero[None, :], weights.T])
    gaps = np.append(np.diff(starts), np.inf)
    for start, gap, weight in zip(starts, gaps, np.ascontiguousarray(by_time), strict=True):
        added = weight[row]
        done += added
        carried += added
        late = waits * carried
        faded = np.exp(-theta * gap)
        for name, share in percentiles.items():
            _locate(found[name], share, start, done, late, late * faded, theta)
        if limit_s is not None and start <= limit_s < start + gap:
            in_time = done - late * np.exp(-theta * (limit_s - start))
        carried *= faded
    quantiles = {name: np.where(stable, q, np.inf).reshape(shape) for name, q in found.items()}
    within = np.where(stable, np.clip(in_time, 0, 1), 0.0).reshape(shape) if limit_s is not None else None
    return Answers(quantiles, within)


def _locate(
    found: np.ndarray, share: float, start: float, done: np.ndarray, late: np.ndarray, faded: np.ndarray, theta: np.ndarray
) -> None:
    """Fill in the percentile where it lies at this time, or between it and the next."""
    at_once = done - late >= share - _ROUNDING
    hit = np.isinf(found) & (at_once | ((done > share) & (done - faded >= share)))
    if hit.any():
        surplus = np.maximum(done[hit] - share, _ROUNDING)
        wait = np.log(np.maximum(late[hit] / surplus, 1.0)) / theta[hit]
        found[hit] = start + np.where(at_once[hit], 0.0, wait)


def load_curve(
    service: ServiceTimes,
    *,
    seed: int,
    concurrency: int,
    percentiles: dict[str, float],
    limit_s: float | None,
) -> LoadCurve:
    """Return how the percentiles grow with the load up to saturation, with the uncertainty of the traces."""
    parts = resample(service, seed=seed, replicates=int(policy.value("latency_curve_replicates")), name="latency.curve")
    saturation = concurrency / service.mean_service_s
    rates = np.asarray(policy.value("latency_curve_loads"), dtype=float) * saturation
    plain = (service.size[:-1] / service.n)[None, :]
    zeros, ends = np.zeros(rates.size, dtype=int), {}
    central = answers(service, plain, service.high_s, rows=zeros, service_s=np.full(rates.size, service.mean_service_s),
                      per_second=rates, servers=np.asarray(concurrency), percentiles=percentiles, limit_s=limit_s)  # fmt: skip
    grid = np.broadcast_to(rates, (parts.service_s.size, rates.size))
    rows = np.broadcast_to(np.arange(parts.service_s.size)[:, None], grid.shape)
    for end, weights, times, zero in (("low", parts.low, service.low_s, parts.at_zero), ("high", parts.high, service.high_s, None)):
        ends[end] = answers(service, weights, times, rows=rows, service_s=parts.service_s[rows], per_second=grid,
                            servers=np.asarray(concurrency), percentiles=percentiles, at_zero=zero)  # fmt: skip
    saturations = np.quantile(concurrency / parts.service_s, [0.05, 0.95])
    return LoadCurve(
        rates, central.quantiles_s,
        {name: _quantile(q, 0.05) for name, q in ends["low"].quantiles_s.items()},
        {name: _quantile(q, 0.95) for name, q in ends["high"].quantiles_s.items()},
        central.in_time_share, saturation, float(saturations[0]), float(saturations[1]), concurrency,
    )  # fmt: skip


def at_load(
    service: ServiceTimes,
    parts: Resampled,
    end: str,
    joint: JointSample,
    *,
    per_second: np.ndarray,
    servers: np.ndarray,
    percentiles: dict[str, float],
    limit_s: float | None,
) -> Answers:
    """Return times to the answer at every draw of the joint sample, each with its own resample of the traces.

    Parameters
    ----------
    end : str
        low, middle or high: where a spacing's weight is put.
    per_second, servers : array of shape (replicates, draws)
    """
    rows = sample_rows(joint, parts.service_s.size)
    times = service.low_s if end == "low" else service.high_s
    return answers(
        service, getattr(parts, end), times, rows=rows, service_s=parts.service_s[rows], per_second=per_second,
        servers=servers, percentiles=percentiles, limit_s=limit_s, at_zero=parts.at_zero if end == "low" else None,
    )  # fmt: skip


def sample_rows(joint: JointSample, replicates: int) -> np.ndarray:
    """Return which resample of the traces belongs to each draw, shape (replicates, draws)."""
    return np.minimum((joint.uniform("latency.traces") * replicates).astype(int), replicates - 1)


def day_share(
    peak_share: np.ndarray, rest_share: np.ndarray, *, peak_to_mean: np.ndarray, peak: np.ndarray, rest: np.ndarray,
    capacity: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Return the share of a day's requests answered in time: one peak hour, the other hours level.

    A peak hour above what the servers can do leaves a backlog that is worked off afterwards; until then nothing is
    answered in time.

    Parameters
    ----------
    peak_share, rest_share : array
        Shares in time at the two rates.
    peak, rest, capacity : array
        Requests a second in the peak hour, in the other hours, and that the servers can do.
    """
    weight = np.clip(peak_to_mean / HOURS_PER_DAY, 0, 1)
    spare = np.maximum(capacity - rest, 1e-12)
    backlog_hours = np.clip(np.maximum(peak - capacity, 0) / spare / (HOURS_PER_DAY - 1), 0, 1)
    return weight * peak_share + (1 - weight) * rest_share * (1 - backlog_hours)


def rest_of_day(mean: np.ndarray, peak_to_mean: np.ndarray) -> np.ndarray:
    """Return the rate in the hours beside the peak hour, so that the day's mean stays what it is."""
    return np.maximum(mean * (HOURS_PER_DAY - peak_to_mean) / (HOURS_PER_DAY - 1), 0)


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Quantile over resamples by rank, so that infinite values need no interpolation."""
    return np.quantile(values, share, axis=0, method="inverted_cdf")
