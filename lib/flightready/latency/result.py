"""What is known of the time that requests take: the result of the analysis of latency."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from flightready.draws import Summary
from flightready.evidence import Absence, Finding, Grade, Interval
from flightready.latency.allocation import Allocation
from flightready.latency.capacity import Capacity
from flightready.latency.composition import Composition, FanOut
from flightready.latency.contexts import Batch, FirstWords
from flightready.latency.measured import ServiceTimes
from flightready.latency.omission import Omission
from flightready.latency.percentiles import Percentile
from flightready.latency.retries import Retries
from flightready.latency.scenario import Scenario
from flightready.latency.stage_change import StageChange
from flightready.latency.stage_spans import Named
from flightready.latency.stage_uses import StageUse
from flightready.latency.stages import StageTime, TypedStages
from flightready.latency.tail import Tail
from flightready.latency.traces import Problem
from flightready.latency.under_load import LoadCurve
from flightready.latency.waterfall import Waterfall


@dataclass(frozen=True)
class Kind:
    """One kind of request, by the name of its root span."""

    name: str
    n: int
    n_failed: int
    p95_s: float | None


@dataclass(frozen=True)
class Answered:
    """The answered requests, for a chart of how many are answered within which time.

    Parameters
    ----------
    times_s : array of shape (m,)
        In order; every time, or evenly spaced ones when there are very many.
    n, n_failed : int
        All requests, and those without an answer.
    share, low, high : array of shape (m,)
        Share of all requests answered within each time, and its exact 90 % interval at that one time. Read across, the
        band gives the exact interval of each percentile.
    """

    times_s: np.ndarray
    n: int
    n_failed: int
    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class LatencyResult:
    """How long requests take; times in seconds, shares of 1.

    Parameters
    ----------
    source : str
        spans, calls (the model's calls only), stages (typed percentiles) or none.
    grade : Grade
        Grade of the times as they were observed.
    n, n_failed : int
        Requests, and how many ended without an answer.
    failed_share : Interval or None
        90 % interval of the share without an answer.
    pilot : tuple of Percentile
        At the pilot's load; empty when no time is known.
    planned : tuple of Percentile
        At the planned peak; empty when it cannot be said.
    planned_grade : Grade
        Grade of statements at the planned peak.
    budgets_s : dict of str to float
    in_time_limit_s : float or None
        Time within which a request counts as answered in time.
    pilot_in_time_share : float or None
        Share in time in the pilot, and its interval.
    in_time_share : array or None
        Share of a day's requests in time at the planned load, shape (replicates, draws).
    in_time_peak, in_time_day : Summary or None
        The same in the peak hour, and over the day.
    answered : Answered or None
    service : ServiceTimes or None
        What the queue is computed from, for other loads.
    stages, composition, typed, kinds, problems
        Where the time goes, and what is odd in the traces.
    curve : LoadCurve or None
    capacity : Capacity or None
    retries : Retries or None
    over_timeout : int or None
        Requests that took longer than the declared time-out.
    context : str
        interactive, blocking_form, streaming or batch.
    reference_s : float or None
        What people tolerate in that context, for orientation.
    busiest_at_once : int or None
        Most requests at work at once in the traces.
    last_day : date or None
        Day of the last traced request, UTC.
    pilot_per_second : float or None
        Mean rate at which the traced requests came, requests a second.
    scenario : Scenario or None
        The pilot as the simulation sees it, for other loads and other policies; None where no time is known.
    degraded_share, lost_share : array or None
        Shares of a day's requests at the planned load that end in the fallback, and with an error, shape (replicates,
        draws). Neither is in time; the rest is answered, in time or late.
    tries : array or None
        Mean attempts of each request over a day at the planned load, same shape; 0 for an answer from the cache.
    planned_peak : dict of str to Summary, or None
        in_time, degraded, lost and tries in the planned peak hour.
    gives_way_probability : float or None
        Share of the draws in which the planned peak is more than is borne (`curve.gives_way_per_second`).
    waterfalls : tuple of Waterfall
        Stages of the requests near p50 and near p99.
    allocations : tuple of Allocation
        Each percentile and its budget split over the stages.
    stage_changes : tuple of StageChange
        What each stage alone, made faster, would change.
    tail : Tail or None
        What lies beyond the slowest requests seen.
    first_words : FirstWords or None
        When the first words of a streamed answer come.
    batch : Batch or None
        How long the requests of a day take to be worked off, where nobody waits.
    fan_out : tuple of FanOut
        Stages that run in several copies at once.
    omission : Omission or None
        What slow requests held back in a load test whose requests waited for one another; None where nothing says so.
    named : tuple of Named
        Which names of spans became which stage.
    uses : tuple of StageUse
        How requests use each stage.
    """

    source: str
    grade: Grade
    n: int
    n_failed: int
    failed_share: Interval | None
    pilot: tuple[Percentile, ...]
    planned: tuple[Percentile, ...]
    planned_grade: Grade
    budgets_s: dict[str, float]
    in_time_limit_s: float | None
    pilot_in_time_share: float | None
    pilot_in_time_interval: Interval | None
    in_time_share: np.ndarray | None
    in_time_peak: Summary | None
    in_time_day: Summary | None
    answered: Answered | None
    service: ServiceTimes | None
    stages: tuple[StageTime, ...]
    composition: tuple[Composition, ...]
    typed: TypedStages | None
    kinds: tuple[Kind, ...]
    problems: tuple[Problem, ...]
    curve: LoadCurve | None
    capacity: Capacity | None
    retries: Retries | None
    over_timeout: int | None
    context: str
    reference_s: float | None
    busiest_at_once: int | None
    pilot_per_second: float | None
    last_day: dt.date | None
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    scenario: Scenario | None = None
    degraded_share: np.ndarray | None = None
    lost_share: np.ndarray | None = None
    tries: np.ndarray | None = None
    planned_peak: dict[str, Summary] | None = None
    gives_way_probability: float | None = None
    waterfalls: tuple[Waterfall, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    stage_changes: tuple[StageChange, ...] = ()
    tail: Tail | None = None
    first_words: FirstWords | None = None
    batch: Batch | None = None
    fan_out: tuple[FanOut, ...] = ()
    omission: Omission | None = None
    named: tuple[Named, ...] = ()
    uses: tuple[StageUse, ...] = ()
