"""What the workbook of cost rests on: each figure with its unit, its 90 % range, how sure it is and who says so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.cost.errors import error_price
from flightready.cost.month import call_shares
from flightready.cost.result import CostResult
from flightready.cost.reviewing import Drawn, by_threshold, cost_of_a_review, raw_accuracy, review_share
from flightready.cost.running import STORAGE
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import summarise
from flightready.evidence import Grade
from flightready.narrative.cost_terms import part_label
from flightready.quantity import DAYS_PER_MONTH, Quantity
from flightready.study import Study
from flightready.traffic.demand import Demand

USERS, REQUESTS, DAYS, GROWTH, ADOPTION = "users", "requests", "days", "growth", "adoption"
CALL, EACH, FIXED, LAUNCH = "call", "each", "fixed", "launch"
"""Beginnings of the keys of parts: of the calls, of what else a request costs, of a month, of a later launch."""
RECORD, KEPT, PRICE_CHANGE, APPROVED = "record", "kept", "price_change", "approved"
REVIEWED, REVIEW, STAFFING = "reviewed", "review", "staffing"
WRONG, ERROR, RIGHT = "wrong", "error", "right"
NOT_STATED = "not stated: type it into the yellow cell"


@dataclass(frozen=True)
class Input:
    """One figure of the workbook.

    Parameters
    ----------
    key : str
    label, unit : str
        `label` may come from the assessment.
    look : str
        How its numbers are written: `money`, `each`, `count`, `share` or `number`.
    middle, low, high : float or None
        Its median and its 90 % range; None when it is not known.
    grade, source : str
    """

    key: str
    label: str
    unit: str
    look: str
    middle: float | None = None
    low: float | None = None
    high: float | None = None
    grade: str = ""
    source: str = NOT_STATED


Section = tuple[str, tuple[Input, ...]]


def cost_inputs(study: Study) -> tuple[Section, ...]:
    """Return the figures in groups, for a pilot whose cost of a request is known."""
    result = study.cost
    # without a planned load one user stands in, for what else is stated of the load; it is shown nowhere
    demand = study.demand or study.what_if(users_per_day=1).demand
    groups = [
        ("Load", _load(study, demand)),
        ("Share of the planned users who use it, by month since the launch", _adoption(demand)),
        ("What one request costs", _each(result)),
        ("What a month costs whatever the load", _fixed(result)),
        ("Prices and approval", _prices(study)),
        ("On top of the bill: people who review, and wrong answers", _on_top(study)),
    ]
    return tuple((name, inputs) for name, inputs in groups if inputs)


def _of(
    key: str, label: str, unit: str, look: str, draws: np.ndarray, *, grade: str = Grade.ESTIMATED,
    source: str = "assessment",
) -> Input:  # fmt: skip
    found = summarise(np.atleast_2d(draws))
    return Input(key, label, unit, look, found.median, found.low, found.high, str(grade), source)


def _load(study: Study, demand: Demand) -> tuple[Input, ...]:
    users = Input(USERS, "Users a day", "users a day, when everybody planned uses it", "count")
    if study.demand is not None:
        users = _of(USERS, users.label, users.unit, "count", demand.users_per_day,
                    source=_said(study.pilot.spec.workload.users_per_day))  # fmt: skip
    found = [
        users,
        _of(REQUESTS, "Requests of each user", "requests a day", "number", demand.requests_per_user,
            **_origin(study, demand, "requests_per_user")),
        Input(DAYS, "Days of a month", "days", "number", DAYS_PER_MONTH, source="a twelfth of a year of 365.25 days"),
        _of(GROWTH, "Growth", "of users, from month to month", "share", demand.growth_per_month,
            **_origin(study, demand, "growth_per_month")),
    ]  # fmt: skip
    for number, launch in enumerate(demand.launches):
        source = _said(study.pilot.spec.workload.launches[number].adds)
        found += [
            _of(f"{LAUNCH}.{number}.adds", f"{launch.name}: users", "users a day", "count", launch.adds, source=source),
            _of(f"{LAUNCH}.{number}.after", f"{launch.name}: begins", "months after the first launch", "number",
                launch.after, source=source),
        ]  # fmt: skip
    return tuple(found)


def _origin(study: Study, demand: Demand, name: str) -> dict[str, str]:
    """How sure a figure of the load is, and who says so."""
    if f"default_{name}" in demand.defaults:
        return {"grade": Grade.ASSUMED, "source": policy.constant(f"default_{name}").source}
    if name in demand.measured:
        return {"grade": Grade.MEASURED, "source": "the pilot's log"}
    return {"source": _said(getattr(study.pilot.spec.workload, name))}


def _said(given: Quantity) -> str:
    return given.source or "assessment"


def _adoption(demand: Demand) -> tuple[Input, ...]:
    shares = demand.adoption(MONTHS_PER_YEAR)
    told = {} if demand.curve is not None else {
        "grade": Grade.ASSUMED, "source": "no adoption is stated, so everybody uses it from the launch on",
    }  # fmt: skip
    return tuple(
        _of(f"{ADOPTION}.{m}", f"Month {m + 1}", "of the planned users", "share", shares[..., m], **told)
        for m in range(MONTHS_PER_YEAR)
    )


def _each(result: CostResult) -> tuple[Input, ...]:
    basis, unit = result.basis, f"{result.currency} a request"
    labels = {p.key: part_label(p) for p in reversed(result.month.parts)}  # the calls come first, so their names win
    found = [
        _of(f"{CALL}.{key}", labels[key], unit, "each", share * basis.draws, grade=basis.grade,
            source=basis.price_source)
        for key, share in call_shares(basis).items()
    ]  # fmt: skip
    for p in beside(result):
        if p.key == STORAGE:
            kept = result.running.kept_months
            per_month = p.draws / np.maximum(kept, np.finfo(float).tiny)
            found += [
                _of(RECORD, "Keeping the records of one request", f"{result.currency} a month", "each", per_month,
                    source=p.source),
                _of(KEPT, "How long records are kept", "months", "number", kept, source=p.source),
            ]  # fmt: skip
        elif p.per_request:
            found.append(_of(f"{EACH}.{p.key}", part_label(p), unit, "each", p.draws, source=p.source))
    return tuple(found)


def beside(result: CostResult) -> tuple:
    """Return what runs beside the calls, as far as it is in the currency of the result."""
    return result.running.parts if result.is_comparable and result.running else ()


def part_keys(result: CostResult) -> list[str]:
    """Return the key of the input behind each part of the month, in the order of these parts."""
    keys = [f"{CALL}.{key}" for key in call_shares(result.basis)]
    for number, p in enumerate(beside(result)):
        if p.key == STORAGE:
            keys.append(RECORD)
        elif p.per_request:
            keys.append(f"{EACH}.{p.key}")
        elif result.month.is_planned:
            keys.append(f"{FIXED}.{number}")
    return keys


def _fixed(result: CostResult) -> tuple[Input, ...]:
    unit = f"{result.currency} a month"
    return tuple(
        _of(f"{FIXED}.{number}", part_label(p), unit, "money", p.draws, source=p.source)
        for number, p in enumerate(beside(result)) if not p.per_request
    )  # fmt: skip


def _prices(study: Study) -> tuple[Input, ...]:
    cost, result = study.pilot.spec.cost, study.cost
    change = Input(PRICE_CHANGE, "Change of the prices of calls", "a year", "share", 0.0, 0.0, 0.0,
                   str(Grade.ASSUMED), "not stated: prices stay as they are")  # fmt: skip
    if cost.price_change is not None:
        drawn = study.joint.column("cost.price_change", cost.price_change)
        change = _of(PRICE_CHANGE, change.label, change.unit, "share", drawn, source=_said(cost.price_change))
    approved = Input(APPROVED, "Approved amount", f"{result.currency} a month", "money")
    if cost.approved is not None and result.is_comparable:
        low, high = cost.approved.range90
        source = _said(cost.approved) + ("" if low == high else "; of a range, what is surely approved")
        approved = Input(APPROVED, approved.label, approved.unit, "money", low, low, high, "", source)
    return change, approved


def _on_top(study: Study) -> tuple[Input, ...]:
    spec, joint, found = study.pilot.spec, study.joint, study.evaluation
    if not study.cost.is_comparable:
        return ()
    currency = study.cost.currency
    right, divided = raw_accuracy(spec, joint, found), by_threshold(joint, found)
    kept = right if right is None or divided is None else Drawn(divided[1], right.grade, right.source)
    wrong = None if kept is None else Drawn(1 - kept.draws, kept.grade, kept.source)
    return (
        _known(REVIEWED, "Answers that people review", "of all answers", "share", review_share(spec, joint, found)),
        _known(REVIEW, "Cost of one review", f"{currency} a review", "money", cost_of_a_review(spec, joint)),
        _staffing(study),
        _known(WRONG, "Wrong answers among those that nobody reviews", "of these answers", "share", wrong),
        _known(ERROR, "Cost of one wrong answer", f"{currency} an error", "money", error_price(spec, joint, found)),
        _known(RIGHT, "Right answers", "of all answers", "share", right),
    )  # fmt: skip


def _known(key: str, label: str, unit: str, look: str, drawn: Drawn | None) -> Input:
    if drawn is None:
        return Input(key, label, unit, look)
    return _of(key, label, unit, look, drawn.draws, grade=drawn.grade, source=drawn.source)


def _staffing(study: Study) -> Input:
    """What the team that begins in time costs, over reviews at the cost of one review; it holds near the plan only."""
    labour, demand = study.cost.labour, study.demand
    label, unit = "Being there in time", "times the cost of the reviews alone, at the planned load"
    if labour is None or labour.staffing is None:
        return Input(STAFFING, label, unit, "number", 1.0, 1.0, 1.0, str(Grade.ASSUMED), "nobody waits for work")
    simple = labour.per_request_usd * demand.requests_per_month
    factor = np.divide(labour.monthly_usd, simple, out=np.ones(simple.shape), where=simple > 0)
    return _of(STAFFING, label, unit, "number", factor, grade=labour.grade, source="people who begin reviews in time")
