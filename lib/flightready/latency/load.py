"""Requests under load: the measured times with the wait of an exact queue formula put in front of each.

Assumptions: requests arrive at random (Poisson); a request occupies one of c servers for its whole measured time, which
does not grow with the load; the wait is that of exponential service times with the measured mean (M/M/c). Then
P(T <= x) is the mean over the measured times s of P(W <= x - s), which is exact and needs no simulation.
Service times more regular than exponential wait less, more scattered ones more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.latency.measured import ServiceTimes, resample
from flightready.traffic.queues import erlang_c

_ROUNDING = 1e-12  # sums of weights are exact to about this


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
    found: np.ndarray,
    share: float,
    start: float,
    done: np.ndarray,
    late: np.ndarray,
    faded: np.ndarray,
    theta: np.ndarray,
) -> None:
    """Fill in the percentile where it lies at this time, or between it and the next."""
    at_once = done - late >= share - _ROUNDING
    hit = np.isinf(found) & (at_once | ((done > share) & (done - faded >= share)))
    if hit.any():
        surplus = np.maximum(done[hit] - share, _ROUNDING)
        wait = np.log(np.maximum(late[hit] / surplus, 1.0)) / theta[hit]
        found[hit] = start + np.where(at_once[hit], 0.0, wait)


def best_estimate(
    service: ServiceTimes,
    *,
    per_second: np.ndarray,
    servers: np.ndarray,
    percentiles: dict[str, float],
    limit_s: float | None = None,
) -> Answers:
    """Return the best estimate of times to the answer at each load, without the uncertainty of the traces.

    Parameters
    ----------
    per_second, servers : array
        Arrival rate and number of servers, of one shape or broadcast.
    """
    rate, count = np.broadcast_arrays(np.asarray(per_second, dtype=float), np.asarray(servers))
    weights = np.full((1, service.even_s.size), service.even_weight)
    return answers(
        service, weights, service.even_s, rows=np.zeros(rate.shape, dtype=int),
        service_s=np.full(rate.shape, service.mean_service_s), per_second=rate, servers=count, percentiles=percentiles,
        limit_s=limit_s,
    )  # fmt: skip


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
    central = best_estimate(
        service, per_second=rates, servers=np.asarray(concurrency), percentiles=percentiles, limit_s=limit_s
    )
    ends = {}
    grid = np.broadcast_to(rates, (parts.service_s.size, rates.size))
    rows = np.broadcast_to(np.arange(parts.service_s.size)[:, None], grid.shape)
    for end, weights, times, zero in (
        ("low", parts.low, service.low_s, parts.at_zero),
        ("high", parts.high, service.high_s, None),
    ):
        ends[end] = answers(service, weights, times, rows=rows, service_s=parts.service_s[rows], per_second=grid,
                            servers=np.asarray(concurrency), percentiles=percentiles, at_zero=zero)  # fmt: skip
    saturations = np.quantile(concurrency / parts.service_s, [0.05, 0.95])
    return LoadCurve(
        rates, central.quantiles_s,
        {name: _quantile(q, 0.05) for name, q in ends["low"].quantiles_s.items()},
        {name: _quantile(q, 0.95) for name, q in ends["high"].quantiles_s.items()},
        central.in_time_share, saturation, float(saturations[0]), float(saturations[1]), concurrency,
    )  # fmt: skip


def _quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Quantile over resamples by rank, so that infinite values need no interpolation."""
    return np.quantile(values, share, axis=0, method="inverted_cdf")
