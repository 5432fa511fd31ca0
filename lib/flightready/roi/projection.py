"""The value of a pilot over the joint sample: the promise, production as it will be, and the gaps between."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Absence, Finding, Grade, Interval, State
from flightready.roi.actuals import PlanAgainstActual
from flightready.roi.alternatives import Alternative, alternatives
from flightready.roi.amounts import handled, margin, per_request
from flightready.roi.approved import MonthlyPlan
from flightready.roi.drivers import CASES
from flightready.roi.early import EarlyDays
from flightready.roi.finance import payback_month
from flightready.roi.gates import Gates, gates
from flightready.roi.inputs import RoiInput, ValueInputs, gather
from flightready.roi.model import LEVERS as EVERY_LEVER
from flightready.roi.model import ValueModel
from flightready.roi.pilot_effects import PilotEffects
from flightready.roi.streams import StreamValue, stream_values
from flightready.traffic.demand import Demand
from flightready.wording import in_hundred

LEVERS = {
    "accuracy": ("Accuracy on raw data", ("G1", "G4"), "accuracy"),
    "cost": ("Cost at scale", ("G2",), "cost_per_request"),
    "latency": ("Answers that come too late", ("G4",), "in_time"),
    "review": ("Reviews by people", ("G4", "G6"), "review_share"),
    "adoption": ("Adoption and ramp", ("G6",), "adoption"),
    "delay": ("Delay until launch", ("G1", "G3"), "delay"),
    "gates": ("Gates that may not be passed", ("G5",), "gates"),
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
        What one request earns after its own costs; None where no case is worth anything by itself.
    gates : Gates or None
        The phases ahead and what their gates make of the value; None where none are stated.
    alternatives : tuple of Alternative
        The plan and other ways to go; empty where none are stated.
    streams : tuple of StreamValue
        What each stream of money adds to the mean present value.
    results : PilotEffects or None
        The pilot against today's way of working; None without `pilot_results`.
    early : EarlyDays or None
        The first days after the launch.
    plan : MonthlyPlan or None
        The plan by month if every gate ahead is passed, as `flightready approve` freezes it; None without a value.
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
    gates: Gates | None = None
    alternatives: tuple[Alternative, ...] = ()
    streams: tuple[StreamValue, ...] = ()
    results: PilotEffects | None = None
    early: EarlyDays | None = None
    plan: MonthlyPlan | None = None
    actual: PlanAgainstActual | None = None


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, evaluation: Any, cost: Any, latency: Any,
    options: Any = None, measured: dict[str, np.ndarray] | None = None,
) -> RoiResult:  # fmt: skip
    """Project the value of one pilot.

    Parameters
    ----------
    evaluation, cost, latency
        Results of those analyses; what they measured takes the place of estimates.
    options : OptionsResult, optional
        Ways to answer side by side; read where one under `roi.options` names one of them.
    measured : dict of str to array, optional
        Columns that the results of the pilot measured.
    """
    inputs = gather(pilot, joint, demand, evaluation, cost, latency, measured=measured)
    earned = margin(inputs, EVERY_LEVER)
    estimates_only = all(row.grade is not Grade.MEASURED for row in inputs.rows)
    common = {
        "inputs": inputs.rows, "horizon_months": inputs.horizon_months, "currency": pilot.spec.currency,
        "estimates_only": estimates_only, "has_demo": evaluation.curated_accuracy_replicates is not None,
        "absences": tuple(_absences(pilot, demand, inputs, estimates_only)),
        "margin_per_request": None if earned is None else summarise(earned),
    }  # fmt: skip
    if demand is None:
        alone = summarise(_break_even_of_a_request(inputs))
        return RoiResult(None, None, None, None, None, None, None, (), alone, findings=(), **common)
    model = ValueModel(inputs, demand)
    break_even = summarise(_break_even(model))
    if not inputs.streams:
        return RoiResult(None, None, None, None, None, None, None, (), break_even, findings=(), **common)
    others = alternatives(model, pilot.spec.roi.options, joint, answers=options)
    return _projected(model, break_even, common, others)


def _projected(
    model: ValueModel, break_even: Summary, common: dict[str, Any], others: tuple[Alternative, ...]
) -> RoiResult:
    npv, cumulative = model.present_value(), model.cash()
    payback = payback_month(np.moveaxis(cumulative, 0, -1))
    paid = np.isfinite(payback)
    result_npv = summarise(npv)
    by_draw = cumulative.reshape(len(cumulative), -1)
    return RoiResult(
        npv=result_npv, npv_promised=summarise(model.present_value(frozenset())),
        chance_positive=float(np.mean(npv > 0)), npv_draws=npv,
        payback_months=summarise(payback[paid][None, :]) if paid.any() else None,
        never_pays_back=float(1 - paid.mean()),
        cumulative=np.quantile(by_draw, [0.05, 0.25, 0.5, 0.75, 0.95], axis=-1),
        gaps=_gap_prices(model), break_even_benefit=break_even,
        findings=(_finding(result_npv, float(np.mean(npv > 0)), common),), gates=gates(model), alternatives=others,
        streams=stream_values(model), **common,
    )  # fmt: skip


def _break_even(model: ValueModel) -> np.ndarray:
    """Worth of a rightly handled case, in place of every benefit, at which the present value is zero.

    Exact, since the value within the horizon is linear in it; gates count by their chances, or a draw that is stopped
    would have none.
    """
    x, benefits = model.columns, {s.key for s in model.inputs.streams}
    rest = sum(v for key, v in model.expected.values_by_stream().items() if key not in benefits)
    right = handled(x, EVERY_LEVER) * x["realisation"] * model.driver_sums()[CASES] * model.chance_of_launch()
    return -rest / np.maximum(right, 1e-9)


def _break_even_of_a_request(inputs: ValueInputs) -> np.ndarray:
    x = inputs.columns
    slope = handled(x, EVERY_LEVER) * x["realisation"]
    return -sum(per_request(x, EVERY_LEVER).values()) / np.maximum(slope, 1e-9)


def _gap_prices(model: ValueModel) -> tuple[GapPrice, ...]:
    """Split promise minus production over the levers: each lever's average effect over all orders (Shapley 1953).

    A lever without a promise of its own (no demo set, no cost of the pilot) is the same in both cases: its gap is not
    known, and it gets no price.
    """
    inputs, x = model.inputs, model.columns
    moves = {
        "accuracy": _differs(x, "accuracy"), "cost": _differs(x, "cost", "cost_per_request") or "price_change" in x,
        "latency": _differs(x, "in_time") or "lost" in x, "gates": any(p.has_gate for p in inputs.phases),
    }  # fmt: skip
    names = tuple(n for n in LEVERS if moves.get(n, True))
    values = {on: model.present_value(on) for on in _subsets(names)}  # what is left out is equal in both cases
    prices = []
    for name in names:
        label, gaps, graded_by = LEVERS[name]
        others = tuple(n for n in names if n != name)
        lost = np.zeros(model.shape)
        for on in _subsets(others):
            weight = math.factorial(len(on)) * math.factorial(len(others) - len(on)) / math.factorial(len(names))
            lost += weight * (values[on] - values[on | {name}])
        grade = _gate_grade(inputs) if name == "gates" else inputs.grade_or_assumed(graded_by)
        s = summarise(lost)
        prices.append(GapPrice(name, label, gaps, s.mean, s.low, s.high, grade))
    return tuple(sorted(prices, key=lambda p: -p.mean))


def _differs(x: Mapping[str, np.ndarray], name: str, key: str = "") -> bool:
    promised = x.get(f"{name}_promised")
    return promised is not None and not np.array_equal(x[key or name], promised)


def _gate_grade(inputs: ValueInputs) -> Grade:
    has_prior = any(p.has_gate and p.chance_key == "graduation" for p in inputs.phases)
    return Grade.ASSUMED if has_prior else Grade.ESTIMATED


def _subsets(names: Iterable[str]) -> list[frozenset[str]]:
    names = tuple(names)
    return [frozenset(c) for size in range(len(names) + 1) for c in combinations(names, size)]


def _absences(pilot: Pilot, demand: Demand | None, inputs: ValueInputs, estimates_only: bool) -> Iterable[Absence]:
    texts = policy.absences()
    if demand is None:
        yield texts["workload"]
    if inputs.without_effect:
        yield texts["effect"]
    elif not inputs.streams:
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
