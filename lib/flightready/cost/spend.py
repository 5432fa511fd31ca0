"""Cost at scale: from what the pilot spent to what a month in production costs, with its interval.

The best of what is there is used: a log of calls, a vendor's export in time buckets, tokens of a request typed in, or a
bill. Amounts are in `CostResult.currency`: USD, the currency of the price list, unless the assessment gives every price
itself, or says what a US dollar is worth. Nothing is converted without that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.approval import approval_finding
from flightready.cost.backtest import Backtest, backtest
from flightready.cost.basis import cost_of_a_request
from flightready.cost.breakeven import batch, main_model
from flightready.cost.caching import caching
from flightready.cost.drivers import drivers, month_inputs, savings
from flightready.cost.errors import error_cost
from flightready.cost.forecast import Approval, against_approval, user_curve, volumes
from flightready.cost.labour import review_labour
from flightready.cost.month import MonthPart, month_cost, part
from flightready.cost.reconciliation import withheld
from flightready.cost.response import Response
from flightready.cost.result import BUCKETS, CALLS, NOTHING, Basis, CostResult
from flightready.cost.retirement import provider_of, retiring
from flightready.cost.running import ERRORS, REVIEW, Running, running_costs
from flightready.cost.uncertainty import assess
from flightready.cost.units import MONTHS_PER_YEAR, UnitCost, Year, unit_costs, year_cost
from flightready.cost.versions import pinned_finding
from flightready.draws import JointSample, Summary, generator, summarise
from flightready.evidence import Absence, Grade
from flightready.quantity import DAYS_PER_MONTH
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.reading import usage_of
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # it is many modules, and only what it measured is read
    from flightready.evaluation.result import EvaluationResult

__all__ = ["CostResult", "analyse"]


def analyse(
    pilot: Pilot, joint: JointSample, demand: Demand | None, *, usage: UsageLog | None = None,
    evaluation: EvaluationResult | None = None, as_of: dt.date | None = None,
) -> CostResult:  # fmt: skip
    """Return what a request costs and what a month in production will cost.

    Parameters
    ----------
    pilot : Pilot
    joint : JointSample
        Cost and workload are drawn as its columns.
    demand : Demand or None
        The planned workload.
    usage : UsageLog, optional
        The usage files when they are read already; read here otherwise.
    evaluation : EvaluationResult, optional
        How many answers are right, and how many people review; nothing is read that depends on the load.
    as_of : date, optional
        The day that the age of a price and the nearness of a retirement count to; by default the assessment's own.

    Raises
    ------
    InputError
        When a usage file is wrong, or a model has no known price: the price is asked for, never guessed.
    """
    usage = usage_of(pilot) if usage is None else usage
    basis = cost_of_a_request(pilot, joint, usage, as_of=as_of)
    model = main_model(pilot, usage, as_of=as_of or pilot.spec.as_of)
    result = replace(
        _without_forecast(pilot, basis, running_costs(pilot, joint), demand),
        labour=review_labour(pilot, joint, demand, evaluation), error_cost=error_cost(pilot, joint, demand, evaluation),
        caching=caching(model, basis, demand, usage, joint), batch=batch(model, basis, demand),
    )  # fmt: skip
    if basis is not None:
        result = _with_forecast(result, pilot, joint, demand, evaluation)
    return _with_findings(result, pilot, demand, evaluation, as_of or pilot.spec.as_of)


def _without_forecast(pilot: Pilot, basis: Basis | None, running: Running, demand: Demand | None) -> CostResult:
    return CostResult(
        origin=basis.origin if basis else NOTHING, grade=basis.grade if basis else Grade.ASSUMED,
        currency=basis.currency if basis else prices.LIST_CURRENCY, assessment_currency=pilot.spec.currency,
        basis=basis, per_request_usd=basis.draws if basis else None,
        per_request=summarise(basis.draws) if basis else None, pilot_per_request_usd=basis.pilot_usd if basis else None,
        pilot_monthly_usd=_pilot_month(basis), monthly_usd=None, monthly=None,
        requests_per_month=demand.summary() if demand else None,
        users_per_day=summarise(demand.users_per_day) if demand else None,
        pilot_users_per_day=_pilot_users(basis, demand), approval=None, curve=None, volumes=(),
        defaults=demand.defaults if demand else (), findings=(), absences=_absences(pilot, basis, demand),
        running=running,
    )  # fmt: skip


def _with_forecast(
    result: CostResult, pilot: Pilot, joint: JointSample, demand: Demand | None, evaluation: EvaluationResult | None
) -> CostResult:
    """Add what one unit, a month and a year cost, and what moves them."""
    beside = result.running if result.is_comparable else None  # nothing is converted here
    basis, response = result.basis, _response(result.basis, beside)
    load = demand.requests_per_month if demand else None
    month = month_cost(basis, beside, load, on_top=_on_top(result) if result.is_comparable else ())
    result = replace(result, response=response, month=month, volumes=volumes(response), savings=savings(month),
                     backtest=_backtest(basis, pilot))  # fmt: skip
    if demand is None:
        units = _units(result, joint, None, None, evaluation)
        return replace(result, units=units, uncertainty=assess(basis, joint))
    total = month.total_usd
    loads = demand.requests_in_months(MONTHS_PER_YEAR)
    year = year_cost(response, beside, loads, _price_change(pilot, joint))
    result = replace(result, monthly_usd=total, monthly=summarise(total), year=year)
    approved = pilot.spec.cost.approved
    if approved and result.is_comparable:
        surely = approved.range90[0]  # of a range, what is surely approved
        result = replace(result, approval=against_approval(surely, total, response, demand, year))
    approval = result.approval
    unsure = assess(basis, joint, month=lambda each: replace(response, calls_usd=each).at(load),
                    approved_usd=approval.approved_usd if approval else None)  # fmt: skip
    columns = tuple(p.column for p in beside.parts) if beside else ()
    reach = _reach(result.users_per_day, approval, result.pilot_users_per_day)
    return replace(
        result, curve=user_curve(response, demand, reach), drivers=drivers(total, month_inputs(joint, columns)),
        units=_units(result, joint, demand, year, evaluation), uncertainty=unsure,
    )  # fmt: skip


def _on_top(result: CostResult) -> tuple[MonthPart, ...]:
    """What a month costs beside its bill; in the assessment's currency."""
    people, errors = result.labour, result.error_cost
    found = []
    if people is not None:
        found.append(part(REVIEW, people.monthly_usd, people.grade, "people who review"))
    if errors is not None:
        found.append(part(ERRORS, errors.monthly_usd, errors.grade, "evaluation, price of errors"))
    return tuple(found)


def _backtest(basis: Basis, pilot: Pilot) -> Backtest | None:
    if not basis.observed:
        return None
    return backtest(basis.observed, generator(pilot.spec.seed, "cost.backtest"), stated=pilot.spec.cost.mix_spread)


def _response(basis: Basis, beside: Running | None) -> Response:
    nothing = np.zeros(())
    return Response(basis.draws, beside.per_request_usd if beside else nothing, beside.fixed_usd if beside else nothing)


def _units(
    result: CostResult, joint: JointSample, demand: Demand | None, year: Year | None,
    evaluation: EvaluationResult | None,
) -> tuple[UnitCost, ...]:  # fmt: skip
    right = None if evaluation is None else evaluation.raw_accuracy_replicates
    return unit_costs(
        result.basis, result.response, joint, requests_per_month=demand.requests_per_month if demand else None,
        month_usd=result.monthly_usd, year=year, plan_grade=demand.grade if demand else Grade.ESTIMATED,
        right_share=None if right is None else joint.measured("evaluation.raw_accuracy", right),
        labelled=None if right is None or evaluation.raw is None else evaluation.raw.n,
    )  # fmt: skip


def _price_change(pilot: Pilot, joint: JointSample) -> np.ndarray | None:
    given = pilot.spec.cost.price_change
    return None if given is None else joint.column("cost.price_change", given)


def _with_findings(
    result: CostResult, pilot: Pilot, demand: Demand | None, evaluation: EvaluationResult | None, as_of: dt.date | None
) -> CostResult:
    cost, basis = pilot.spec.cost, result.basis
    models = basis.models if basis else ()
    measured = [c.name for c in evaluation.candidates.compared] if evaluation and evaluation.candidates else []
    ends = retiring(models, cost, as_of=as_of, measured=measured, provider=provider_of(basis)) if as_of else ()
    sources = cost.usage_files if result.origin in (CALLS, BUCKETS) else ()
    from_log = basis is not None and basis.spent is not None
    pinned = pinned_finding(
        models, tuple(cost.prices), sources=sources, retiring=ends, as_of=as_of,
        grade=Grade.MEASURED if from_log else Grade.ESTIMATED, calls=basis.spent.calls if from_log else None,
    )  # fmt: skip
    approved = withheld(approval_finding(result, demand, sources=sources), result.reconciliation)
    findings = (approved, pinned)
    return replace(result, findings=findings)


def _pilot_month(basis: Basis | None) -> float | None:
    """Cost of a month at the pilot's own volume; an hour or two say nothing about a month."""
    spent = basis.spent if basis else None
    if spent is None or not spent.covers_a_day:
        return None
    return spent.total_usd / spent.covered_days * DAYS_PER_MONTH


def _pilot_users(basis: Basis | None, demand: Demand | None) -> float | None:
    spent = basis.spent if basis else None
    if spent is None or demand is None or not spent.covers_a_day:
        return None
    return float(spent.outcomes / spent.covered_days / np.median(demand.requests_per_user))


def _reach(users: Summary, approval: Approval | None, pilot_users: float | None) -> float:
    """Users that the curve must show; an approval that lies far beyond the plan is left out."""
    furthest = max(users.high, pilot_users or 0.0)
    broken = (approval.users_at_approval if approval else None) or 0.0
    return max(furthest, broken) if broken <= 2 * furthest else furthest


def _absences(pilot: Pilot, basis: Basis | None, demand: Demand | None) -> tuple[Absence, ...]:
    missing = []
    if basis is None or basis.spent is None:
        missing.append("usage_log")
    elif basis.origin == BUCKETS:
        missing.append("usage_buckets")
    missing += ["workload"] if demand is None else []
    missing += ["approved"] if pilot.spec.cost.approved is None else []
    return tuple(policy.absences()[key] for key in missing)
