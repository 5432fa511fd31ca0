"""The attribution of the drop in notebook 02: steps from demo set to raw data, what they mean, and the repair order."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.evaluation.attribution.attribution_result import Valued
from flightready.figures import evaluation_attribution as figures
from flightready.narrative import evaluation_attribution as narrative
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.study import Study

_HEAD = (
    "What goes with wrong answers",
    "Raw records with it",
    "Demo records with it",
    "Accuracy it costs [nine times in ten, all parts together]",
    "Wrong answers a month",
    "Cost a month",
    "Evidence",
    "How sure",
    "What mends it",
)


def attribution(study: Study) -> go.Figure | Prose:
    """Return the drop in steps, one for each defect."""
    found = study.evaluation.attribution
    return figures.figure_attribution(found) if found is not None else meaning(narrative.NOTHING)


def meaning_attribution(study: Study) -> Prose:
    """Return what the steps mean, what to mend first, and what the evidence is worth."""
    found = study.evaluation.attribution
    return meaning(*narrative.answer(found), narrative.grade(found)) if found is not None else meaning("")


def attribution_table(study: Study) -> Table | Prose:
    """Return every part with records, points, cases, money, evidence and repair, in repair order."""
    found = study.evaluation.attribution
    if found is None:
        return meaning("")
    rows = []
    for part in found.parts:
        raw, demo = narrative.records(part, found)
        # what may be nothing is worth an amount only in appearance
        worth = part.worth if part.is_attributed else Valued()
        worth = narrative.cases(worth), narrative.cost(worth, found.currency)
        how = narrative.how_sure(part)
        rows.append((part.name, raw, demo, narrative.size(part), *worth, str(part.grade), how, part.repair))
    caption = "The drop in parts, in the order of repair" if found.of == "drop" else "Wrong answers in parts"
    return without_empty_columns(
        Table(caption, _HEAD, rows, frozenset({3, 4, 5}), note=f"{found.method} {narrative.AMOUNTS}")
    )
