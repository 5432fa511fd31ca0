"""What one unit costs, the bill alone: a request, an answer, a right answer, a month, a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.cost.response import Response
from flightready.cost.running import STORAGE, Running
from flightready.draws import JointSample, Summary, summarise
from flightready.evidence import Grade
from flightready.intervals import jeffreys_shares

if TYPE_CHECKING:  # the result holds what is made here
    from flightready.cost.result import Basis

MONTHS_PER_YEAR = 12

CALL, REQUEST, ANSWERED, RIGHT, MONTH, YEAR = "call", "request", "answered", "right", "month", "year"


@dataclass(frozen=True)
class UnitCost:
    """Cost of one unit.

    Parameters
    ----------
    key : str
        `call`, `request`, `answered`, `right`, `month` or `year`.
    summary : Summary
    n : int or None
        Calls, requests or labelled records behind it.
    grade : Grade
    """

    key: str
    summary: Summary
    n: int | None
    grade: Grade


@dataclass(frozen=True)
class Year:
    """The first twelve months in production, arrays of shape (replicates, draws).

    Parameters
    ----------
    growing_usd, fixed_usd : array
        What grows with the load, and what does not.
    requests : array
        Requests of the twelve months.
    """

    growing_usd: np.ndarray
    fixed_usd: np.ndarray
    requests: np.ndarray

    @property
    def total_usd(self) -> np.ndarray:
        """Everything that the year costs."""
        return self.growing_usd + self.fixed_usd


def year_cost(
    response: Response, running: Running | None, loads: np.ndarray, price_change_per_year: np.ndarray | None
) -> Year:
    """Return what the first twelve months cost.

    Prices of calls move from month to month by the twelfth root of the yearly change; what runs beside them does not.
    The audit log fills up: a record is paid for from the middle of its month until its time is over.

    Parameters
    ----------
    response : Response
    running : Running or None
        What is in `response` beside the calls.
    loads : array of shape (replicates, draws, 12)
        Requests of each month.
    price_change_per_year : array or None
        Share by which prices of calls change in a year, above -1; None for no change.
    """
    requests = loads.sum(axis=-1)
    at_prices = requests
    if price_change_per_year is not None:
        steps = np.arange(loads.shape[-1]) / MONTHS_PER_YEAR
        at_prices = np.sum(loads * (1 + price_change_per_year[..., None]) ** steps, axis=-1)
    calls = response.calls_usd * at_prices
    beside = response.beside_usd * requests - _not_yet_stored(running, loads, requests)
    fixed = np.broadcast_to(response.fixed_usd * loads.shape[-1], requests.shape)
    return Year(calls + beside, fixed, requests)


def _not_yet_stored(running: Running | None, loads: np.ndarray, requests: np.ndarray) -> np.ndarray:
    """What the records of the year will cost only after it, or would cost when they are kept longer than they are."""
    stored = next((p for p in running.parts if p.key == STORAGE), None) if running else None
    if stored is None:
        return np.zeros(())
    kept = running.kept_months
    per_month = stored.draws / np.maximum(kept, np.finfo(float).tiny)  # of the records of one request
    held = np.zeros_like(requests)
    for m in range(loads.shape[-1]):  # records of month m lie there from its middle to the end of the year, or less
        held += loads[..., m] * np.minimum(loads.shape[-1] - m - 0.5, kept)
    return stored.draws * requests - per_month * held


def unit_costs(
    basis: Basis, response: Response, joint: JointSample, *, requests_per_month: np.ndarray | None,
    month_usd: np.ndarray | None, year: Year | None, plan_grade: Grade = Grade.ESTIMATED,
    right_share: np.ndarray | None = None, labelled: int | None = None,
) -> tuple[UnitCost, ...]:  # fmt: skip
    """Return what each unit costs, as far as it is known.

    With a plan the cost of a request holds its part of what a month costs whatever the load.

    Parameters
    ----------
    basis : Basis
    response : Response
    joint : JointSample
    requests_per_month, month_usd, year
        The planned load and what it costs; None without a plan.
    plan_grade : Grade
        Of the planned load.
    right_share : array of shape (replicates, draws), optional
        Share of requests that are answered right on raw data.
    labelled : int, optional
        Records behind `right_share`.
    """
    each, grade = response.per_request_usd, basis.grade
    if month_usd is not None:
        each = month_usd / np.maximum(requests_per_month, np.finfo(float).tiny)
        grade = plan_grade if grade is not Grade.ASSUMED else grade
    spent, found = basis.spent, []
    if spent is not None and spent.calls != spent.outcomes:
        found.append(UnitCost(CALL, summarise(basis.draws * spent.outcomes / spent.calls), spent.calls, basis.grade))
    found.append(UnitCost(REQUEST, summarise(each), basis.n, grade))
    if spent is not None and spent.answered and spent.answered != spent.outcomes:
        share = joint.measured(
            "cost.answered_share", jeffreys_shares(spent.answered, spent.outcomes - spent.answered, joint.draws)
        )
        found.append(UnitCost(ANSWERED, summarise(each / share), spent.outcomes, grade))
    if right_share is not None:
        found.append(UnitCost(RIGHT, summarise(each / right_share), labelled, grade))
    if month_usd is not None:
        found.append(UnitCost(MONTH, summarise(month_usd), basis.n, grade))
    if year is not None:
        found.append(UnitCost(YEAR, summarise(year.total_usd), basis.n, grade))
    return tuple(found)
