"""What value is proportional to, month by month: cases, months of running, people who come to use it.

Every stream of money is one of these drivers times an amount. Only the drivers know time, so their discounted sums are
formed once and any change of an amount costs next to nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from flightready.cost.units import MONTHS_PER_YEAR
from flightready.quantity import DAYS_PER_MONTH
from flightready.roi.benefits import CASE, CUSTOMERS
from flightready.roi.inputs import ValueInputs
from flightready.roi.load import demand_of
from flightready.roi.phases import schedule
from flightready.traffic.demand import Demand
from flightready.traffic.monthly import Month, month_by_month

CASES, DEARER, LIVE, USED, ARRIVING = "cases", "dearer", "live", "used", "arriving"
Columns = Mapping[str, np.ndarray]
_TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class Sums:
    """Drivers added up: discounted over the horizon, and over its last year as they are.

    Parameters
    ----------
    discounted, last_year : dict of str to array
        By driver; the second is empty where nothing after the horizon counts.
    """

    discounted: dict[str, np.ndarray]
    last_year: dict[str, np.ndarray]


def sums(inputs: ValueInputs, demand: Demand, *, adopted: bool, delayed: bool) -> Sums:
    """Return every driver's sums, with adoption and delay as in production or as promised."""
    factor, step = np.ones(()), monthly_factor(inputs.columns)
    discounted: dict[str, np.ndarray] = {}
    last_year: dict[str, np.ndarray] = {}
    counted_from = inputs.horizon_months - MONTHS_PER_YEAR if "terminal_growth" in inputs.columns else np.inf
    for number, drivers in by_month(inputs, demand, adopted=adopted, delayed=delayed):
        factor = factor * step
        for key, driver in drivers.items():
            discounted[key] = discounted[key] + factor * driver if key in discounted else factor * driver
            if number > counted_from:
                last_year[key] = last_year.get(key, 0.0) + driver
    return Sums(discounted, last_year)


def monthly_factor(columns: Columns) -> np.ndarray:
    """Return by what the end of a month counts less than its beginning; amounts without inflation, without it."""
    return yearly_factor(columns) ** (1 / MONTHS_PER_YEAR)


def yearly_factor(columns: Columns) -> np.ndarray:
    """Return by what the end of a year counts less than its beginning.

    Examples
    --------
    >>> round(float(yearly_factor({"discount_rate": np.array(0.1), "inflation": np.array(0.034)})), 6)
    0.94
    """
    return (1 + columns.get("inflation", 0.0)) / (1 + columns["discount_rate"])


def by_month(
    inputs: ValueInputs, demand: Demand, *, adopted: bool, delayed: bool
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Yield the number of each month from 1 on and its drivers, which broadcast to (replicates, draws)."""
    x = inputs.columns
    launch = schedule(x, inputs.phases, delayed=delayed)[1]
    planned, scope = demand_of(demand, x, adopted=adopted), x.get("scope", np.ones(()))
    per_user = planned.requests_per_user * DAYS_PER_MONTH * scope
    people = x["adoption"] if adopted else np.ones(())
    per_user, people = per_user * people, people * scope
    shapes = [_OwnTime(x, stream.parts, launch) for stream in inputs.streams]
    kept = {s.key: _Kept() for s in inputs.streams if s.form == CUSTOMERS}
    today, dearer, arrived = _Level(x.get("do_nothing_changes")), _Level(x.get("price_change")), np.zeros(())
    for month in month_by_month(planned, inputs.horizon_months, delay_months=launch):
        cases, used = month.users * per_user, month.used * people
        found = {CASES: cases, LIVE: month.live}
        if "price_change" in x:
            found[DEARER] = cases * (dearer.now - 1)
        if "do_nothing" in x:
            found[USED] = used * today.now
        if "change_management" in x:
            found[ARRIVING] = np.maximum(month.used - arrived, 0)
            arrived = np.maximum(month.used, arrived)
        for stream, shape in zip(inputs.streams, shapes, strict=True):
            base = cases if stream.form == CASE else used
            if stream.has_own_time or "do_nothing_changes" in x:
                base = base * shape.at(month) * today.now
            if stream.form == CUSTOMERS:
                base = kept[stream.key].worth(base)
            if base is not cases:
                found[driver_of(stream.key)] = base
        yield month.number, found
        for level in (today, dearer, *shapes):
            level.next_month()


def driver_of(stream: str) -> str:
    """Return the driver of a stream with a time of its own."""
    return f"of {stream}"


class _Level:
    """Something that changes by a yearly rate, from 1 today; None for no change."""

    def __init__(self, rate: np.ndarray | None) -> None:
        self.now: np.ndarray | float = 1.0
        self._step = 1.0 if rate is None else (1 + rate) ** (1 / MONTHS_PER_YEAR)

    def next_month(self) -> None:
        self.now = self.now * self._step


class _OwnTime(_Level):
    """The part of a month in which a stream counts, and how its worth has changed."""

    def __init__(self, columns: Columns, parts: Mapping[str, str], launch: np.ndarray) -> None:
        super().__init__(columns[parts["grows"]] if "grows" in parts else None)
        self._begins = launch + columns[parts["starts"]] if "starts" in parts else None

    def at(self, month: Month) -> np.ndarray | float:
        if self._begins is None:
            return self.now
        counted = np.clip(month.number - self._begins, 0, 1)
        return self.now * np.minimum(counted / np.maximum(month.live, _TINY), 1)


class _Kept:
    """Customers kept in a month, who bring a twelfth of a year's worth in that month and the eleven after it."""

    def __init__(self) -> None:
        self._months: deque[np.ndarray] = deque(maxlen=MONTHS_PER_YEAR)

    def worth(self, leaving_month: np.ndarray) -> np.ndarray:
        self._months.append(leaving_month / MONTHS_PER_YEAR)  # of those who leave in a year, a twelfth would this month
        return sum(self._months) / MONTHS_PER_YEAR
