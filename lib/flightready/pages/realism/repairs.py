"""The part of notebook 01 on what to repair first."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.figures import realism_repairs as repair_figures
from flightready.narrative import realism_repairs as repair_narrative
from flightready.pages.display import Prose, Table, cut, meaning
from flightready.pages.realism.absent import NO_RECORDS as _NO_RECORDS
from flightready.study import Study
from flightready.wording import share

_NO_REPAIR = "Nothing that was looked for has to be mended, so there is nothing to draw."


def repairs_chart(study: Study) -> go.Figure | Prose:
    """Return how many records need each repair, in the order that touches most of them soonest."""
    result = study.realism
    if not result.n_raw:
        return meaning(_NO_RECORDS)
    return repair_figures.figure_repairs(result) if result.repairs else meaning(_NO_REPAIR)


def repairs(study: Study, *, every: bool = False) -> Table | Prose:
    """Return what to repair, in the order that touches most records soonest.

    Parameters
    ----------
    study : Study
    every : bool
        Show all repairs, not only the first rows.
    """
    found = study.realism.repairs
    if not found:
        return meaning(*repair_narrative.meaning(study.realism))
    rows = [
        (
            r.repair,
            ", ".join(r.names),
            repair_narrative.where(r),
            f"{r.records.hits:,}",
            repair_narrative.per_thousand(r),
            f"{r.added:,}",
            share(r.touched),
            share(r.mended),
        )
        for r in found
    ]
    head = (
        "What to do", "Mends", "In", "Records", "Of 1,000 records", "Not touched before", "Touched so far",
        "Free of defects so far",
    )  # fmt: skip
    made = Table("What to repair", head, rows, frozenset({3, 5, 6, 7}), repair_narrative.order_note())
    return cut(made, most=policy.value("most_rows_shown"), every=every, order="the first {}")


def meaning_repairs(study: Study) -> Prose:
    """Return what to mend first, and how far that goes."""
    return meaning(*repair_narrative.meaning(study.realism))
