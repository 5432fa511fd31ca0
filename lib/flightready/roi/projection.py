"""Monthly cash flow over the joint sample: the promise of the pilot, production as it will be, and the gaps between.

A case is one request. Right answers that arrive in time earn the benefit; wrong answers that no one reviews cost what
an error costs; every request is paid for, at prices that move as stated. Building is paid at the start, running from
launch on. Flows lie at the ends of months.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Absence, Finding, Grade, Interval, State
from flightready.roi.actuals import PlanAgainstActual
from flightready.roi.approved import MonthlyPlan
from flightready.roi.early import EarlyDays
from flightready.roi.finance import monthly_factors, payback_month
from flightready.roi.inputs import RoiInput, ValueInputs, gather
from flightready.roi.pilot_effects import PilotEffects
from flightready.traffic.adoption import Ramp, live_share
from flightready.traffic.demand import Demand
from flightready.wording import in_hundred

LEVERS = {
    "accuracy": ("Accuracy on raw data", ("G1", "G4"), "accuracy"),
    "cost": ("Cost at scale", ("G2",), "cost_per_request"),
    "latency": ("Answers that come too late", ("G4",), "in_time"),
    "review": ("Reviews by people", ("G4", "G6"), "review_share"),
    "adoption": ("Adoption and ramp", ("G6",), "adoption"),
    "delay": ("Delay until launch", ("G1", "G3"), "delay"),
}
"""Levers between promise and production: label, gaps of the field, and the input whose grade the bar carries."""


@dataclass(frozen=True)
class GapPrice:
    """Present value that one gap takes away, with its 90 % interval; the means of all gaps sum to the whole."""

    key: str
    label: str
    gaps: tuple[str, ...]
    mean: float
    low: float
    high: float
    grade: Grade


@dataclass(frozen=True)
class RoiResult:
    """Value of the pilot; money in the assessment's currency.

    Parameters
    ----------
    npv, npv_promised : Summary or None
        Present value of production and of the promise; None without a planned load or a worth of a case.
    chance_positive : float or None
        Share of draws with a present value above zero.
    npv_draws : array or None
        Shape (replicates, draws).
    payback_months : Summary or None
        Over the draws that pay back at all.
    never_pays_back : float or None
        Share of draws that do not pay back within the horizon.
    cumulative : array or None
        Cumulative cash, quantiles .05, .25, .5, .75, .95 by month, shape (5, months + 1).
    gaps : tuple of GapPrice
        In order of size.
    break_even_benefit : Summary or None
        Worth of a case at which the present value is zero; without a planned load, at which a request pays for itself.
    margin_per_request : Summary or None
        What one request earns after its own costs.
    results : PilotEffects or None
        The pilot against today's way of working; None without `pilot_results`.
    early : EarlyDays or None
        The first days after the launch.
    plan : MonthlyPlan or None
        The plan by month, as `flightready approve` freezes it; None without a present value.
    actual : PlanAgainstActual or None
        What came in since the approval; None without `roi.actuals`.
    """

    npv: Summary | None
    npv_promised: Summary | None
    chance_positive: float | None
    npv_draws: np.ndarray | None
    payback_months: Summary | None
    never_pays_back: float | None
    cumulative: np.ndarray | None
    gaps: tuple[GapPrice, ...]
    break_even_benefit: Summary | None
    margin_per_request: Summary | None
    inputs: tuple[RoiInput, ...]
    horizon_months: int
    currency: str
    estimates_only: bool
    has_demo: bool
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    results: PilotEffects | None = None
    early: EarlyDays | None = None
    plan: MonthlyPlan | None = None
    actual: PlanAgainstActual | None = None


@dataclass(frozen=True)
class _Volumes:
    """Discounted cases and discounted months of running, by (adoption lever, delay lever).

    `dearer` and `monthly_dearer` are cases times the share by which calls have become dearer when they come.
    """

    cases: dict[tuple[bool, bool], np.ndarray]
    dearer: dict[tuple[bool, bool], np.ndarray]
    months: dict[bool, np.ndarray]
    monthly_cases: np.ndarray
    monthly_dearer: np.ndarray
    monthly_active: np.ndarray


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, evaluation: Any, cost: Any, latency: Any
) -> RoiResult:
    """Project the value of one pilot.

    Parameters
    ----------
    evaluation, cost, latency
        Results of those analyses; what they measured takes the place of estimates.
    """
    inputs = gather(pilot, joint, demand, evaluation, cost, latency)
    margin = None if inputs.benefit_usd is None else _margin(inputs, frozenset(LEVERS))
    estimates_only = all(row.grade is not Grade.MEASURED for row in inputs.rows)
    common = {
        "inputs": inputs.rows, "horizon_months": inputs.horizon_months, "currency": pilot.spec.currency,
        "estimates_only": estimates_only, "has_demo": evaluation.curated_accuracy_replicates is not None,
        "absences": tuple(_absences(pilot, demand, estimates_only)),
        "margin_per_request": None if margin is None else summarise(margin),
    }  # fmt: skip
    if demand is None:
        alone = summarise(_break_even(inputs, None, frozenset(LEVERS)))
        return RoiResult(None, None, None, None, None, None, None, (), alone, findings=(), **common)
    volumes = _volumes(inputs, demand)
    break_even = summarise(_break_even(inputs, volumes, frozenset(LEVERS)))
    if margin is None:
        return RoiResult(None, None, None, None, None, None, None, (), break_even, findings=(), **common)
    return _projected(inputs, volumes, margin, break_even, common)


def _projected(
    inputs: ValueInputs, volumes: _Volumes, margin: np.ndarray, break_even: Summary, common: dict[str, Any]
) -> RoiResult:
    npv = _value(inputs, volumes, frozenset(LEVERS))
    flows = volumes.monthly_cases * margin[..., None]
    flows -= volumes.monthly_dearer * inputs.calls_usd[..., None]
    flows -= volumes.monthly_active * inputs.operations_usd_per_month[..., None]
    start = -inputs.build_usd[..., None]
    cumulative = np.concatenate([start, start + np.cumsum(flows, axis=-1)], axis=-1)
    payback = payback_month(cumulative)
    paid = np.isfinite(payback)
    result_npv = summarise(npv)
    return RoiResult(
        npv=result_npv, npv_promised=summarise(_value(inputs, volumes, frozenset())),
        chance_positive=float(np.mean(npv > 0)), npv_draws=npv,
        payback_months=summarise(payback[paid][None, :]) if paid.any() else None,
        never_pays_back=float(1 - paid.mean()),
        cumulative=np.quantile(cumulative, [0.05, 0.25, 0.5, 0.75, 0.95], axis=(0, 1)),
        gaps=_gap_prices(inputs, volumes), break_even_benefit=break_even,
        findings=(_finding(result_npv, float(np.mean(npv > 0)), common),), **common,
    )  # fmt: skip


def _margin(inputs: ValueInputs, on: frozenset[str], benefit: np.ndarray | None = None) -> np.ndarray:
    """What one request earns, with the levers in `on` as in production and the others as promised."""
    benefit = inputs.benefit_usd if benefit is None else benefit
    right = inputs.accuracy if "accuracy" in on else inputs.accuracy_promised
    in_time = inputs.in_time if "latency" in on else inputs.in_time_promised
    cost = inputs.cost_usd if "cost" in on else inputs.cost_promised_usd
    reviewed = inputs.review_share if "review" in on else np.zeros_like(right)
    # only where the measured answers and the measured reviews meet does the confidence choose what is reviewed
    unreviewed = inputs.accuracy_unreviewed if {"accuracy", "review"} <= on else right
    earned = right * benefit * inputs.realisation
    errors = (1 - unreviewed) * (1 - reviewed) * inputs.error_cost_usd
    return in_time * (earned - errors) - reviewed * inputs.review_cost_usd - cost


def _volumes(inputs: ValueInputs, demand: Demand) -> _Volumes:
    """Return the load as `traffic.demand` has it, with the levers of adoption and delay as promised and as they are."""
    months = inputs.horizon_months
    discount = monthly_factors(inputs.discount_rate, months)
    promised = replace(demand, curve=None)
    adopted = demand if inputs.ramp_months is None else replace(demand, curve=Ramp(inputs.ramp_months))

    def load(is_adopted: bool, delayed: bool) -> np.ndarray:
        delay = inputs.delay_months if delayed else 0.0
        if not is_adopted:
            return promised.requests_in_months(months, delay_months=delay)
        return adopted.requests_in_months(months, delay_months=delay) * inputs.adoption[..., None]

    dearer = 0.0 if inputs.price_change is None else (
        (1 + inputs.price_change[..., None]) ** (np.arange(months) / MONTHS_PER_YEAR) - 1
    )  # fmt: skip
    loads = {(a, d): load(a, d) for a in (False, True) for d in (False, True)}
    cases = {at: np.sum(discount * each, axis=-1) for at, each in loads.items()}
    paid_more = {at: np.sum(discount * each * dearer, axis=-1) for at, each in loads.items()}
    live = {False: live_share(months, 0.0), True: live_share(months, inputs.delay_months)}
    running = {d: np.sum(discount * live[d], axis=-1) for d in (False, True)}
    planned = loads[True, True]
    return _Volumes(cases, paid_more, running, planned, planned * dearer, live[True])


def _value(inputs: ValueInputs, volumes: _Volumes, on: frozenset[str]) -> np.ndarray:
    at = "adoption" in on, "delay" in on
    dearer = volumes.dearer[at] * inputs.calls_usd if "cost" in on else 0.0
    running = volumes.months["delay" in on] * inputs.operations_usd_per_month
    return volumes.cases[at] * _margin(inputs, on) - dearer - running - inputs.build_usd


def _break_even(inputs: ValueInputs, volumes: _Volumes | None, on: frozenset[str]) -> np.ndarray:
    """Worth of a case at which the present value is zero; exact, since the value is linear in it."""
    zero = _margin(inputs, on, np.zeros_like(inputs.accuracy))
    slope = _margin(inputs, on, np.ones_like(inputs.accuracy)) - zero
    fixed = np.zeros_like(zero)
    if volumes is not None:
        cases = np.maximum(volumes.cases[True, True], 1e-9)
        dearer = volumes.dearer[True, True] * inputs.calls_usd
        fixed = (inputs.build_usd + volumes.months[True] * inputs.operations_usd_per_month + dearer) / cases
    return (fixed - zero) / np.maximum(slope, 1e-9)


def _gap_prices(inputs: ValueInputs, volumes: _Volumes) -> tuple[GapPrice, ...]:
    """Split promise minus production over the levers: each lever's average effect over all orders (Shapley 1953).

    A lever without a promise of its own (no demo set, no cost of the pilot) is the same in both cases: its gap is not
    known, and it gets no price.
    """
    pairs = {"accuracy": (inputs.accuracy, inputs.accuracy_promised),
             "cost": (inputs.cost_usd, inputs.cost_promised_usd),
             "latency": (inputs.in_time, inputs.in_time_promised)}  # fmt: skip
    moving = {"cost"} if inputs.price_change is not None else set()  # prices that move are no part of the promise
    names = tuple(n for n in LEVERS if n not in pairs or n in moving or not np.array_equal(*pairs[n]))
    values = {on: _value(inputs, volumes, on) for on in _subsets(names)}  # what is left out is equal in both cases
    prices = []
    for name in names:
        label, gaps, graded_by = LEVERS[name]
        others = tuple(n for n in names if n != name)
        lost = np.zeros_like(inputs.accuracy)
        for on in _subsets(others):
            weight = math.factorial(len(on)) * math.factorial(len(others) - len(on)) / math.factorial(len(names))
            lost += weight * (values[on] - values[on | {name}])
        grade = next((row.grade for row in inputs.rows if row.key == graded_by), Grade.ASSUMED)
        s = summarise(lost)
        prices.append(GapPrice(name, label, gaps, s.mean, s.low, s.high, grade))
    return tuple(sorted(prices, key=lambda p: -p.mean))


def _subsets(names: Iterable[str]) -> list[frozenset[str]]:
    names = tuple(names)
    return [frozenset(c) for size in range(len(names) + 1) for c in combinations(names, size)]


def _absences(pilot: Pilot, demand: Demand | None, estimates_only: bool) -> Iterable[Absence]:
    texts = policy.absences()
    if demand is None:
        yield texts["workload"]
    if pilot.spec.roi.benefit_per_case is None:
        yield texts["benefit"]
    if not pilot.spec.roi.estimates:
        yield texts["estimates"]
    if estimates_only:
        yield texts["estimates_only"]


def _finding(npv: Summary, chance: float, common: dict[str, Any]) -> Finding:
    """Value rests on estimates of load and benefit, so it can fail but never pass."""
    grade = Grade.ASSUMED if any(row.grade is Grade.ASSUMED for row in common["inputs"]) else Grade.ESTIMATED
    rests = "estimates and assumptions" if grade is Grade.ASSUMED else "estimates"
    state = State.FAIL if npv.high < 0 else State.UNKNOWN
    months = common["horizon_months"]
    sentence = (
        f"Over {months} months the present value lies below zero in more than nineteen of twenty draws."
        if state is State.FAIL
        else f"Over {months} months the present value is above zero in {in_hundred(chance)} of 100 draws; "
        f"it rests on {rests}."
    )
    return Finding(
        id="roi.present_value", title="Present value", sentence=sentence, state=state, grade=grade,
        value=npv.median, unit=common["currency"], interval=Interval(npv.low, npv.high), rule="value_above_zero",
        threshold=0.0, gaps=("G4",), decides="" if state is State.FAIL else "Measured benefit from pilot_results",
    )  # fmt: skip
