"""The table of actual figures: one row a month, counted from the approval."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from flightready.assessment import Pilot
from flightready.cost.units import MONTHS_PER_YEAR
from flightready.errors import InputError
from flightready.roi.approved import ApprovedCase
from flightready.roi.stated_cells import StatedCells
from flightready.wording import count

ROLES = {
    "month": ("month", "period", "date"), "value": ("value", "benefit", "benefits"), "cost": ("cost", "costs", "spend"),
    "users": ("users", "active users"),
}  # fmt: skip
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?$")
_Found = tuple[int, dt.date | None, int]
"""Months since the approval, last day of the month, and the row."""


@dataclass(frozen=True)
class ActualRows:
    """Months in their order, `at` counted from the approval; cost and users are None where the table has none."""

    labels: tuple[str, ...]
    at: tuple[int, ...]
    days: tuple[dt.date | None, ...]
    value: np.ndarray
    cost: np.ndarray | None
    users: np.ndarray | None


def read_actuals(pilot: Pilot, file: str, case: ApprovedCase | None) -> ActualRows:
    """Return the rows of a table of actual figures, in the order of their months.

    Raises
    ------
    InputError
        Naming line and column of a cell that cannot be; for a month that stands twice, is missing, or lies outside the
        approved plan.
    """
    cells = StatedCells(pilot.file(file, "roi", "actuals", "file"), where=pilot.where("roi", "actuals", "file"),
                        roles=ROLES)  # fmt: skip
    cells.need("month", "value")
    found = sorted(((*_month(cells, i, case), i) for i in range(len(cells))), key=lambda x: x[0])
    _refuse_gaps(cells, found, case)

    def numbers(role: str) -> np.ndarray | None:
        if role not in cells.columns:
            return None
        each = [cells.number(role, i) for *_, i in found]
        for (*_, i), number in zip(found, each, strict=True):
            if number is None:
                raise InputError("the month has no number", where=cells.at(i, role), valid="0 where nothing came")
            if (number < 0 and role != "value") or (role == "users" and number == 0):
                raise InputError(f"{role} of {number:g}", where=cells.at(i, role), valid="above zero")
        return np.array(each, dtype=float)

    return ActualRows(tuple(cells.text("month", i) for *_, i in found), tuple(at for at, *_ in found),
                 tuple(day for _, day, _ in found), numbers("value"), numbers("cost"), numbers("users"))  # fmt: skip


def _month(cells: StatedCells, row: int, case: ApprovedCase | None) -> tuple[int, dt.date | None]:
    """Months since the approval, and the last day of the month; without an approval, since the year 0."""
    text = cells.text("month", row)
    start = case.on.year * MONTHS_PER_YEAR + case.on.month if case else 0
    if found := _MONTH.match(text):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= MONTHS_PER_YEAR:
            following = dt.date(year + month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1)
            return year * MONTHS_PER_YEAR + month - start, following - dt.timedelta(days=1)
    if text.isdigit() and len(text) <= 3:
        return int(text), None
    raise InputError(f"'{text[:20]}' is not a month", where=cells.at(row, "month"),
                     valid="2027-03, or the number of months since the approval")  # fmt: skip


def _refuse_gaps(
    cells: StatedCells, found: Sequence[tuple[int, dt.date | None, int]], case: ApprovedCase | None
) -> None:
    if len({day is None for _, day, _ in found}) > 1:
        raise InputError("some months are dates and some are numbers", where=cells.at(found[0][2], "month"),
                         cure="write all of them as 2027-03")  # fmt: skip
    if found[0][0] < 0:
        raise InputError(f"the month lies before the approval on {case.on}", where=cells.at(found[0][2], "month"),
                         cure="delete it, or approve anew")  # fmt: skip
    last = case.plan.months if case else None
    if last is not None and found[-1][0] > last:
        raise InputError(f"the month lies after the approved plan of {count(last, 'month')}",
                         where=cells.at(found[-1][2], "month"), cure="approve anew with a longer horizon")  # fmt: skip
    for (first, *_), (second, _, row) in pairwise(found):
        if second == first:
            raise InputError("the month stands twice", where=cells.at(row, "month"), cure="add the two up")
        if second != first + 1:
            gap = second - first - 1
            raise InputError(f"{count(gap, 'month')} before it {'is' if gap == 1 else 'are'} missing",
                             where=cells.at(row, "month"),
                             cure="add a row for each, with 0 where nothing came")  # fmt: skip
