"""A month at the planned load, part by part, every part on the same draws; the parts add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready.cost.running import REVIEW, Running
from flightready.draws import Summary, summarise
from flightready.evidence import Grade

if TYPE_CHECKING:  # the result holds what is made here
    from flightready.cost.result import Basis

CALLS_AS_ONE = "calls"
"""The part of calls whose cost is known only as a whole."""

SHOWN_REQUESTS = 1000.0  # what amounts are told for when no load is planned


@dataclass(frozen=True)
class MonthPart:
    """One part of what a month costs.

    Parameters
    ----------
    key : str
        A kind of `cost.spent.Component`, a part of `cost.running`, or `calls` when these are known only as a whole.
    name : str
        What the assessment calls it; empty for the house's own parts.
    draws : array of shape (replicates, draws)
        Its cost in the month.
    summary : Summary
        Of `draws`.
    fixed : bool
        Whether it stays when the load changes.
    grade : Grade
    source : str
    n : int or None
        Requests behind it, when it was counted.
    """

    key: str
    name: str
    draws: np.ndarray
    summary: Summary
    fixed: bool
    grade: Grade
    source: str
    n: int | None = None


@dataclass(frozen=True)
class MonthCost:
    """A month at the planned load; without a plan 1,000 requests, and then only what grows with them.

    Parameters
    ----------
    is_planned : bool
    parts : tuple of MonthPart
        Calls first, then what runs beside them.
    not_counted : tuple of str
        Parts that nobody stated.
    on_top : tuple of MonthPart
        What the bill and the approved amount do not hold: people who review, and what wrong answers cost.
    """

    is_planned: bool
    parts: tuple[MonthPart, ...]
    not_counted: tuple[str, ...]
    on_top: tuple[MonthPart, ...] = ()

    @property
    def total_usd(self) -> np.ndarray:
        """The bill of the month: the sum of the parts in every draw."""
        return np.sum([p.draws for p in self.parts], axis=0)

    @property
    def with_people_usd(self) -> np.ndarray:
        """The bill with what comes on top of it."""
        return self.total_usd + np.sum([p.draws for p in self.on_top], axis=0)


def month_cost(
    basis: Basis, running: Running | None, requests_per_month: np.ndarray | None, *,
    on_top: tuple[MonthPart, ...] = (),
) -> MonthCost:  # fmt: skip
    """Return a month by part.

    Parameters
    ----------
    basis : Basis
        What the calls of a request cost; their parts keep the shares that they had in the pilot.
    running : Running or None
        What runs beside them; None when it is in another currency, which is not added.
    requests_per_month : array of shape (replicates, draws) or None
        The planned load; None tells of 1,000 requests.
    on_top : tuple of MonthPart
        What is worked out elsewhere and paid from elsewhere, such as `review`, the work of people who review (see
        `part`); without it that work is named as not counted.
    """
    load = SHOWN_REQUESTS if requests_per_month is None else requests_per_month
    planned = requests_per_month is not None
    parts = [
        part(key, share * basis.draws * load, basis.grade, basis.price_source, n=basis.n)
        for key, share in call_shares(basis).items()
    ]
    for p in running.parts if running else ():
        if planned or p.per_request:
            drawn = p.draws * load if p.per_request else p.draws
            parts.append(part(p.key, drawn, Grade.ESTIMATED, p.source, name=p.name, fixed=not p.per_request))
    left_out = [*(running.not_stated if running else ()), *({REVIEW} - {p.key for p in on_top})]
    return MonthCost(planned, tuple(parts), tuple(left_out), on_top)


def part(
    key: str, draws: np.ndarray, grade: Grade, source: str, *, name: str = "", fixed: bool = False, n: int | None = None
) -> MonthPart:
    """Return one part of a month with its summary; the arguments are those of `MonthPart`."""
    return MonthPart(key, name, draws, summarise(draws), fixed, grade, source, n)


def call_shares(basis: Basis) -> dict[str, float]:
    """Return the share of each part of the calls: as it was paid, else from typed tokens, else the whole as one."""
    spent = basis.spent
    if spent is not None and spent.total_usd > 0:
        paid = sum(c.amount_usd for c in spent.components)  # a credit may make the total less
        return {c.name: c.amount_usd / paid for c in spent.components if c.amount_usd}
    if basis.input_rate is None or not basis.pilot_usd:
        return {CALLS_AS_ONE: 1.0}
    cached = basis.cached_tokens * basis.cached_rate / basis.pilot_usd
    fresh = (basis.input_tokens - basis.cached_tokens) * basis.input_rate / basis.pilot_usd
    shares = {"uncached_input": fresh, "cached_input": cached, "output": 1.0 - fresh - cached}
    return {key: share for key, share in shares.items() if share > 0}
