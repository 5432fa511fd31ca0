"""The planned load: times at every draw of the plan, with the uncertainty of load and traces together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import JointSample, Summary, summarise
from flightready.latency.capacity import Capacity, capacity, servers_needed
from flightready.latency.load import Answers, answers, best_estimate
from flightready.latency.measured import Resampled, ServiceTimes, resample
from flightready.latency.percentiles import Percentile, from_draws
from flightready.traffic.demand import Demand

HOURS_PER_DAY = 24.0
ENDS = ("low", "middle", "high")


@dataclass(frozen=True)
class Planned:
    """What the planned load makes of the measured times.

    Parameters
    ----------
    capacity : Capacity
    percentiles : tuple of Percentile
        In the peak hour; empty when the times of requests or the number of servers are not known.
    in_time_share : array or None
        Share of a day's requests answered in time, shape (replicates, draws).
    in_time_peak, in_time_day : Summary or None
        The same in the peak hour, and over the day.
    """

    capacity: Capacity
    percentiles: tuple[Percentile, ...] = ()
    in_time_share: np.ndarray | None = None
    in_time_peak: Summary | None = None
    in_time_day: Summary | None = None


def at_planned_load(
    service: ServiceTimes | None,
    measured: tuple[Percentile, ...],
    *,
    joint: JointSample,
    demand: Demand,
    count: np.ndarray | None,
    mean_service_s: float | None,
    limit_s: float | None,
) -> Planned:
    """Return capacity, and the times in the peak hour where they can be computed.

    Parameters
    ----------
    service : ServiceTimes or None
        Measured times; None when no whole request was timed.
    measured : tuple of Percentile
        The percentiles in the pilot.
    count : array or None
        Number of servers, shape (replicates, draws).
    mean_service_s : float or None
        Mean time in service where no request was timed.
    limit_s : float or None
        Time within which a request counts as answered in time.
    """
    shares = {p.name: p.share for p in measured}
    budgets = {p.name: p.budget_s for p in measured if p.budget_s is not None}
    if service is None or service.low_s.size == 0:
        return Planned(capacity(demand, count, mean_service_s=mean_service_s, needed=None))
    parts = resample(service, seed=joint.seed, replicates=int(policy.value("latency_sample_replicates")))
    needed = servers_needed(service, summarise(demand.peak_per_second).high, budgets, shares)
    mean = parts.service_s[sample_rows(joint, parts.service_s.size)]
    able = capacity(demand, count, mean_service_s=mean, needed=needed)
    if count is None:
        return Planned(able)
    peak = {
        end: at_load(service, parts, end, joint, per_second=demand.peak_per_second, servers=count, percentiles=shares,
                     limit_s=limit_s)
        for end in ENDS
    }  # fmt: skip
    longest = float(service.high_s[-1])
    # the middle value needs no more than one replicate of the plan
    best = best_estimate(service, per_second=demand.peak_per_second[0], servers=count[0], percentiles=shares)
    times = tuple(
        from_draws(p, low=peak["low"].quantiles_s[p.name], middle=best.quantiles_s[p.name],
                   high=peak["high"].quantiles_s[p.name], longest_answer_s=longest)
        for p in measured
    )  # fmt: skip
    if limit_s is None:
        return Planned(able, times)
    day = _over_the_day(service, parts, joint, demand, count, peak["middle"].in_time_share, limit_s)
    return Planned(able, times, day, summarise(peak["middle"].in_time_share), summarise(day))


def _over_the_day(
    service: ServiceTimes, parts: Resampled, joint: JointSample, demand: Demand, count: np.ndarray,
    peak_share: np.ndarray, limit_s: float,
) -> np.ndarray:  # fmt: skip
    rest = rest_of_day(demand.mean_per_second, demand.peak_to_mean)
    quiet = at_load(service, parts, "middle", joint, per_second=rest, servers=count, percentiles={}, limit_s=limit_s)
    return day_share(
        peak_share, quiet.in_time_share, peak_to_mean=demand.peak_to_mean, peak=demand.peak_per_second, rest=rest,
        capacity=count / parts.service_s[sample_rows(joint, parts.service_s.size)],
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
