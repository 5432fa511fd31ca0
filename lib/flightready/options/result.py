"""Results of comparing options: every way to answer, on the same draws as the pilot's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.cost.retirement import Retiring
from flightready.draws import Summary
from flightready.evidence import Absence, Grade, Interval
from flightready.options.comparison import Comparison


@dataclass(frozen=True)
class OptionResult:
    """One way to answer.

    Parameters
    ----------
    name, kind : str
        As the assessment has them; `pilot` is the kind of the pilot's own way.
    is_pilot : bool
        The pilot's own way, always the first row.
    is_suggested : bool
        Not stated in the assessment: computed from the price list, not tried.
    grade : Grade
    monthly : Summary or None
        Cost of a month at the planned load, setup and migration left out; None without a workload, or where the option
        cannot be priced: `notes` say why.
    monthly_draws : array of shape (replicates, draws) or None
    per_request, per_right_answer : Summary or None
        Cost of a request, and of an answer that is right.
    setup : Summary or None
        Paid once; None when nothing is.
    year, three_years : Summary or None
        Everything paid in 12 and in 36 months: months as demand grows and prices move, setup, migration.
    cheaper_chance : float or None
        Share of the draws in which a month (without a workload: a request) costs less than in the pilot's own way.
    capacity : Summary or None
        Units, replicas or devices at the planned load, counted in `capacity_unit` (plural).
    accuracy : Interval or None
        90 % interval of right answers on raw data.
    accuracy_value : float or None
        Its middle.
    accuracy_grade : Grade or None
        measured, or estimated where it is stated; None when it is unknown.
    p95_s : float or None
        95 of 100 requests take at most this long; as stated, or None.
    notes : tuple of str
        What a reader must know about it, one sentence each.
    committed : Summary or None
        Paid over the whole term of a commitment even if nothing is used: what leaving early costs at most.
    migration : Summary or None
        Cost of the moves to a successor within three years; None when no model it calls is known to retire by then.
    """

    name: str
    kind: str
    is_pilot: bool
    grade: Grade
    monthly: Summary | None = None
    monthly_draws: np.ndarray | None = None
    per_request: Summary | None = None
    per_right_answer: Summary | None = None
    setup: Summary | None = None
    year: Summary | None = None
    three_years: Summary | None = None
    cheaper_chance: float | None = None
    capacity: Summary | None = None
    capacity_unit: str = ""
    accuracy: Interval | None = None
    accuracy_value: float | None = None
    accuracy_grade: Grade | None = None
    p95_s: float | None = None
    notes: tuple[str, ...] = ()
    committed: Summary | None = None
    migration: Summary | None = None
    is_suggested: bool = False


@dataclass(frozen=True)
class Place:
    """One place where the answer is computed.

    Parameters
    ----------
    key : str
        cloud, edge (devices alone) or both (devices first, the cloud behind them).
    answered : Summary
        Share of all requests that get an answer.
    available : Summary
        Share of the time in which it answers anything.
    lost_minutes : Summary
        Minutes of a month in which it answers nothing.
    in_time : Summary or None
        Share of all requests that are answered in time; None without a budget, or where a time is unknown.
    lost_requests : Summary or None
        Requests of a month without an answer, at the planned load.
    monthly : Summary or None
        Cost of a month at the planned load.
    p50_s, p95_s : float or None
        Time of half and of 95 of 100 requests; None where unknown, or where so many are never answered.
    p50_interval, p95_interval : Interval or None
        90 % intervals; None where the times are unknown.
    within : array of shape (times,) or None
        Share of all requests that are answered within each time of the placement.
    accuracy, accuracy_value
        As in `OptionResult`, where it is known for this place.
    dominated_by : str
        Key of a place that is surely at least as good in time, outages and cost, and better in one; empty otherwise.
    """

    key: str
    answered: Summary
    available: Summary
    lost_minutes: Summary
    in_time: Summary | None = None
    lost_requests: Summary | None = None
    monthly: Summary | None = None
    p50_s: float | None = None
    p95_s: float | None = None
    p50_interval: Interval | None = None
    p95_interval: Interval | None = None
    within: np.ndarray | None = None
    accuracy: Interval | None = None
    accuracy_value: float | None = None
    dominated_by: str = ""


@dataclass(frozen=True)
class Placement:
    """Cloud, devices and both side by side, for one option of kind edge.

    Parameters
    ----------
    option : str
        Its name.
    limit_s : float or None
        Time within which an answer is in time.
    times_s : array of shape (times,)
        Where the shares `within` are known, rising; empty when no time is.
    places : tuple of Place
        cloud, edge, both.
    notes : tuple of str
        What is taken for granted, one sentence each.
    """

    option: str
    limit_s: float | None
    times_s: np.ndarray
    places: tuple[Place, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class OptionsResult:
    """All options side by side.

    Parameters
    ----------
    currency : str
        Of all amounts.
    options : tuple of OptionResult
        The pilot's own way first (if its cost is known), then in the order of the assessment.
    planned_users : Summary or None
        Daily users that are planned.
    comparison : Comparison or None
        Which option is cheapest where, and how sure that is; None without a workload.
    retirements : tuple of Retiring
        Earliest first.
    absences : tuple of Absence
    placements : tuple of Placement
        One for each option of kind edge, where `latency.network` is stated.
    """

    currency: str
    options: tuple[OptionResult, ...]
    planned_users: Summary | None = None
    comparison: Comparison | None = None
    retirements: tuple[Retiring, ...] = ()
    absences: tuple[Absence, ...] = ()
    placements: tuple[Placement, ...] = ()
