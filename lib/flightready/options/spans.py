"""What an option costs over a year and over three: months as demand grows and prices move, setup, and migrations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

import numpy as np

from flightready.cost.retirement import Retiring, provider_of, retiring
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.draws import summarise
from flightready.options.line import Grounds, Line
from flightready.options.loads import load_of
from flightready.quantity import DAYS_PER_MONTH
from flightready.wording import money


def spent_in(line: Line, grounds: Grounds, months: int) -> np.ndarray:
    """Return the cost of the first months in production, setup included and migrations left out.

    Parameters
    ----------
    line : Line
    grounds : Grounds
        With a demand.
    months : int
        At least 1.
    """
    demand, change = grounds.demand, grounds.pilot.spec.cost.price_change
    yearly = 0.0 if change is None else grounds.joint.column("cost.price_change", change)
    total = line.setup_usd
    users = demand.users_in_months(months)
    for month in range(months):
        load = replace(load_of(demand, users[..., month]), call_price=(1.0 + yearly) ** (month / MONTHS_PER_YEAR))
        total = total + line.monthly_usd(load)
    return total


def ends_of(models: Collection[str], grounds: Grounds, *, measured: Collection[str]) -> tuple[Retiring, ...]:
    """Return the retirements that are known of some models, earliest first, each with what its migration costs."""
    found = retiring(models, grounds.pilot.spec.cost, as_of=grounds.as_of, measured=measured,
                     provider=provider_of(grounds.cost.basis))  # fmt: skip
    costs = [migration_usd(r, grounds) for r in found]
    return tuple(replace(r, migration=None if c is None else summarise(c)) for r, c in zip(found, costs, strict=True))


def migration_usd(one: Retiring, grounds: Grounds) -> np.ndarray | None:
    """Return what the move to the successor costs, as draws; None when it is not stated."""
    stated = {name.lower(): given for name, given in grounds.pilot.spec.cost.retirement.items()}
    given = stated.get(one.model.lower())
    if given is None or given.migration is None:
        return None
    return grounds.joint.column(f"cost.retirement.{one.model.lower()}.migration", given.migration)


def migrations_in(ends: Collection[Retiring], grounds: Grounds, months: int) -> np.ndarray | float:
    """Return what the moves cost that fall into the first months from `as_of` on; one of the past is still to be paid.

    A model that retires on the last day of the span counts.
    """
    if not ends:
        return 0.0
    last = grounds.as_of + dt.timedelta(days=round(months * DAYS_PER_MONTH))
    due = [migration_usd(r, grounds) for r in ends if r.on <= last]
    return sum((c for c in due if c is not None), 0.0)


def notes_on(ends: Collection[Retiring], grounds: Grounds) -> tuple[str, ...]:
    """Return one sentence for each model of an option that is known to retire."""
    return tuple(_note(r, grounds.cost.currency) for r in ends)


def _note(one: Retiring, currency: str) -> str:
    says = ", as its provider announced" if one.is_published else ""
    move = "what the move costs is not stated" if one.migration is None else (
        f"the move costs about {money(one.migration.median, currency)}"
    )  # fmt: skip
    return f"'{one.model[:60]}' answers no more from {one.on}{says}; {move}."
