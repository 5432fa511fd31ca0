"""Sentences about the workbook of cost: what is in it, and where it is."""

from __future__ import annotations

from flightready.cost.result import CostResult

WORKBOOK = "cost.xlsx"


def workbook(result: CostResult) -> tuple[str, ...]:
    """Return where the workbook is and what may be changed in it, or why there is none."""
    if result.basis is None:
        return ("There is no workbook of cost: nothing says yet what a request costs.",)
    found = [f"For finance, {WORKBOOK} stands beside the report: a month and the first year as formulas on inputs that "
             "may be overwritten. 'flightready export DIR', with the pilot's folder as DIR, writes it without the "
             "notebooks."]  # fmt: skip
    if result.monthly is None:
        found.append("Users a day are not stated, so its amounts of a month wait for a figure in its sheet Inputs.")
    return tuple(found)
