"""Cost at scale: from what the pilot spent to what a month in production costs, with its interval.

The best of what is there is used: a log of calls, a vendor's export in time buckets, tokens of a request typed in, or a
bill. Amounts are in `CostResult.currency`: USD, the currency of the price list, unless the assessment gives every price
itself, or says what a US dollar is worth. Nothing is converted without that.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.cost import prices
from flightready.cost.approval import approval_finding
from flightready.cost.backtest import backtest
from flightready.cost.basis import cost_of_a_request
from flightready.cost.breakeven import batch, main_model
from flightready.cost.caching import caching
from flightready.cost.errors import error_cost
from flightready.cost.forecast import Approval, against_approval, monthly, per_user, user_curve, volumes
from flightready.cost.labour import review_labour
from flightready.cost.reconciliation import withheld
from flightready.cost.result import BUCKETS, CALLS, NOTHING, Basis, CostResult
from flightready.cost.retirement import provider_of, retiring
from flightready.cost.uncertainty import assess
from flightready.cost.versions import pinned_finding
from flightready.draws import JointSample, Summary, generator, summarise
from flightready.evidence import Absence, Grade
from flightready.quantity import DAYS_PER_MONTH
from flightready.telemetry.frames import UsageLog
from flightready.telemetry.reading import usage_of
from flightready.traffic.demand import Demand

if TYPE_CHECKING:  # it is many modules
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
        How many answers people review, and how many of the others are wrong; nothing is read that depends on the load.
    as_of : date, optional
        The day that the age of a price and the nearness of a retirement count to; by default the assessment's own.

    Raises
    ------
    InputError
        When a usage file is wrong, or a model has no known price: the price is asked for, never guessed.
    """
    spec = pilot.spec
    usage = usage_of(pilot) if usage is None else usage
    basis = cost_of_a_request(pilot, joint, usage, as_of=as_of)
    model = main_model(pilot, usage, as_of=as_of or spec.as_of)
    currency = basis.currency if basis else prices.LIST_CURRENCY
    approved = spec.cost.approved.range90[0] if spec.cost.approved else None  # of a range, what is surely approved
    month = monthly(demand, basis.draws) if basis and demand else None
    each = per_user(demand, basis.draws) if basis and demand else None
    approval = None
    if approved and month is not None and currency == spec.currency:
        approval = against_approval(approved, month, each)
    pilot_users = _pilot_users(basis, demand)
    users = summarise(demand.users_per_day) if demand else None
    result = CostResult(
        origin=basis.origin if basis else NOTHING, grade=basis.grade if basis else Grade.ASSUMED, currency=currency,
        assessment_currency=spec.currency, basis=basis, per_request_usd=basis.draws if basis else None,
        per_request=summarise(basis.draws) if basis else None, pilot_per_request_usd=basis.pilot_usd if basis else None,
        pilot_monthly_usd=_pilot_month(basis), monthly_usd=month, monthly=None if month is None else summarise(month),
        requests_per_month=demand.summary() if demand else None, users_per_day=users, pilot_users_per_day=pilot_users,
        approval=approval, curve=None if each is None else user_curve(each, _reach(users, approval, pilot_users)),
        volumes=volumes(basis.draws) if basis else (), defaults=demand.defaults if demand else (),
        findings=(), absences=_absences(pilot, basis, demand),
        uncertainty=assess(basis, joint, month=partial(monthly, demand) if demand else None,
                           approved_usd=approval.approved_usd if approval else None) if basis else None,
        backtest=backtest(basis.observed, generator(spec.seed, "cost.backtest"), stated=spec.cost.mix_spread)
        if basis and basis.observed else None,
        labour=review_labour(pilot, joint, demand, evaluation), error_cost=error_cost(pilot, joint, demand, evaluation),
        caching=caching(model, basis, demand, usage, joint), batch=batch(model, basis, demand),
    )  # fmt: skip
    return _with_findings(result, pilot, demand, evaluation, as_of or spec.as_of)


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
