"""The table of the pilot's results: one row an arm, period and metric, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flightready.assessment import Pilot
from flightready.errors import InputError
from flightready.roi.stated_cells import StatedCells
from flightready.wording import count

ROLES = {
    "arm": ("arm", "group", "variant", "branch"), "period": ("period", "week", "month", "date", "day"),
    "metric": ("metric", "kpi", "measure"), "n": ("n", "count", "cases", "sample size", "size"),
    "value": ("value", "mean", "average", "share", "rate"),
    "sd": ("sd", "std", "stdev", "standard deviation", "std dev"),
}  # fmt: skip
"""Names by which the columns of results are found where the assessment does not name them."""


@dataclass(frozen=True)
class Cell:
    """What one arm showed in one period: `mean` of `n` cases with standard deviation `sd`; None for a share."""

    arm: str
    period: str
    metric: str
    n: int
    mean: float
    sd: float | None


@dataclass(frozen=True)
class ResultsTable:
    """The rows of the results.

    Parameters
    ----------
    cells : tuple of Cell
        In the order of the file.
    metrics, periods, arms : tuple of str
        In the order of their first row.
    notes : tuple of str
        What was left out, and why.
    """

    file: str
    cells: tuple[Cell, ...]
    metrics: tuple[str, ...]
    periods: tuple[str, ...]
    arms: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def of(self, arm: str, metric: str) -> dict[str, Cell]:
        """Return the cells of one arm and metric by period."""
        return {c.period: c for c in self.cells if c.arm == arm and c.metric == metric}

    def is_share(self, metric: str) -> bool:
        """Tell whether a metric is a share of cases."""
        return all(c.sd is None for c in self.cells if c.metric == metric)


def are_results(columns: Iterable[str]) -> bool:
    """Tell whether the columns of a file are those of results: arm, n, value, and a period or metric.

    Examples
    --------
    >>> are_results(["arm", "week", "n", "mean"]), are_results(["id", "value", "count"])
    (True, False)
    """
    names = {" ".join(c.casefold().replace("_", " ").split()) for c in columns}
    has = {role: not names.isdisjoint(known) for role, known in ROLES.items()}
    return has["arm"] and has["n"] and has["value"] and (has["period"] or has["metric"])


def read_results(pilot: Pilot) -> ResultsTable | None:
    """Return the table under `pilot_results`, None when none is named.

    Raises
    ------
    InputError
        Naming line and column of a cell that cannot be, or the column that is not there.
    """
    given = pilot.spec.pilot_results
    if given is None:
        return None
    place = ("pilot_results", "file") if ("pilot_results", "file") in pilot.places else ("pilot_results",)
    cells = StatedCells(pilot.file(given.file, *place), where=pilot.where(*place), roles=ROLES, named=given.columns)
    cells.need("arm", "n", "value")
    fallback = given.metric or (pilot.spec.outcome and pilot.spec.outcome.metric) or "outcome"
    rows = [_cell(cells, i, fallback) for i in range(len(cells))]
    kept = _spelled_once([(i, c) for i, c in enumerate(rows) if c is not None])
    if not kept:
        raise InputError("no row holds a result", where=cells.at(0, "n"), cure="give every row its n and value")
    _refuse_twice(cells, kept)
    found = [c for _, c in kept]
    _refuse_half_said(cells, kept)
    left = len(rows) - len(kept)
    notes = (f"{count(left, 'row')} with n of 0 {'is' if left == 1 else 'are'} left out",) if left else ()
    return ResultsTable(given.file, tuple(found), *(_once(getattr(c, k) for c in found) for k in
                                                    ("metric", "period", "arm")), notes)  # fmt: skip


def _cell(cells: StatedCells, row: int, metric: str) -> Cell | None:
    """One row as it stands; None for one in which nothing was counted."""
    arm, n = cells.text("arm", row), cells.number("n", row)
    if not arm:
        raise InputError("the row names no arm", where=cells.at(row, "arm"), valid="pilot, today")
    if n is None:
        raise InputError("the row has no n", where=cells.at(row, "n"), valid="how many cases the value stands for")
    if n < 0 or n != int(n):
        raise InputError(f"n is {n:g}", where=cells.at(row, "n"), valid="a whole number of cases")
    value, sd = cells.number("value", row), cells.number("sd", row)
    if n == 0:
        return None
    if value is None:
        raise InputError("the row has no value", where=cells.at(row, "value"), valid="a mean, or a share such as 0.62")
    if sd is not None and sd < 0:
        raise InputError(f"the standard deviation is {sd:g}", where=cells.at(row, "sd"), valid="0 or more")
    if sd is not None and n < 2:
        raise InputError("one case has no standard deviation", where=cells.at(row, "n"),
                         cure="join it with the period before or after")  # fmt: skip
    name = cells.text("metric", row) if "metric" in cells.columns else metric
    if not name:
        raise InputError("the row names no metric", where=cells.at(row, "metric"), valid=metric)
    return Cell(arm, cells.text("period", row), name, int(n), value, sd)


def _spelled_once(kept: Sequence[tuple[int, Cell]]) -> list[tuple[int, Cell]]:
    """Arms and metrics as they are spelled first: `Pilot` and `pilot` are one arm."""
    first: dict[str, str] = {}
    for _, c in kept:
        first.setdefault(c.arm.casefold(), c.arm)
        first.setdefault("\0" + c.metric.casefold(), c.metric)
    return [(i, replace(c, arm=first[c.arm.casefold()], metric=first["\0" + c.metric.casefold()])) for i, c in kept]


def _refuse_twice(cells: StatedCells, kept: Sequence[tuple[int, Cell]]) -> None:
    seen: dict[tuple[str, str, str], int] = {}
    for row, c in kept:
        key = (c.arm, c.period, c.metric)
        if key in seen:
            raise InputError(
                f"arm, period and metric are those of {cells.at(seen[key]).rpartition(', ')[2]}", where=cells.at(row),
                cure="add the two up, or give each a period of its own",
            )  # fmt: skip
        seen[key] = row


def _refuse_half_said(cells: StatedCells, kept: Sequence[tuple[int, Cell]]) -> None:
    """A mean needs its standard deviation in every row; without any, the metric is a share of cases."""
    for metric in _once(c.metric for _, c in kept):
        rows = [(i, c) for i, c in kept if c.metric == metric]
        has_spread = any(c.sd is not None for _, c in rows)
        for row, c in rows:
            if has_spread and c.sd is None:
                raise InputError("the mean has no standard deviation", where=cells.at(row, "sd"),
                                 cure="give sd in every row of a mean, and in none of a share")  # fmt: skip
            if not has_spread and not 0 <= c.mean <= 1:
                raise InputError(
                    f"{c.mean:g} without a standard deviation is neither a share nor a mean that can be compared",
                    where=cells.at(row, "value"), valid="a share from 0 to 1, or a mean with its sd",
                )  # fmt: skip


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
