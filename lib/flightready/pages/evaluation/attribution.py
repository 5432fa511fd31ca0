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
    "Wrong",
    "Demo records with it",
    "Points it costs [nine times in ten, all parts]",
    "Wrong answers a month",
    "Cost a month",
)


def attribution(study: Study) -> go.Figure | Prose:
    """Return the drop in steps, one for each defect."""
    found = study.evaluation.attribution
    if found is None:
        return meaning(narrative.NOTHING)
    return figures.figure_attribution(found) if narrative.is_told(found) else meaning("")


def meaning_attribution(study: Study) -> Prose:
    """Return what the steps mean, what to mend first, and what the evidence is worth."""
    found = study.evaluation.attribution
    return meaning(*narrative.answer(found), narrative.grade(found)) if found is not None else meaning("")


def attribution_table(study: Study) -> Table | Prose:
    """Return every part with records, points, cases and money, in repair order."""
    found = study.evaluation.attribution
    if found is None or not narrative.is_told(found):
        return meaning("")
    rows = []
    for part in found.parts:
        records = narrative.records(part, found)
        # what may be nothing is worth an amount only in appearance
        worth = part.worth if part.is_attributed else Valued()
        worth = narrative.cases(worth), narrative.cost(worth, found.currency)
        rows.append((part.name, *records, narrative.size(part), *worth))
    caption = "The drop in parts, in the order of repair" if found.of == "drop" else "Wrong answers in parts"
    note = f"{narrative.counted(found)} {found.method} {narrative.AMOUNTS}"
    return without_empty_columns(Table(caption, _HEAD, rows, frozenset({1, 2, 3, 4, 5}), note=note))


def repair_table(study: Study) -> Table | Prose:
    """Return what mends each defect, and what would show its cost where that cannot be told yet."""
    found = study.evaluation.attribution
    if found is None or not narrative.is_told(found):
        return meaning("")
    rows = [(part.name, part.repair, "" if part.is_attributed else narrative.how_sure(part)) for part in found.defects]
    if not rows:
        return meaning("")
    head = ("Defect", "What mends it", "What would show its cost")
    return without_empty_columns(Table("What mends each defect, in the order of repair", head, rows))
