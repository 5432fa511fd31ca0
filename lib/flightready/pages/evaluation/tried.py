"""The part of notebook 02 on trials: what each defect costs when it is put in, and regains when it is repaired."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.evaluation.attribution.attribution_result import Strength, Valued
from flightready.evaluation.attribution.tried_result import Effect, TriedPart, TriedResult
from flightready.figures import evaluation_tried as figures
from flightready.narrative import evaluation_tried as narrative
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import money, rounded


def tried(study: Study) -> go.Figure | Prose:
    """Return what each defect costs by each grade of evidence, with intervals."""
    result = study.evaluation
    is_tried = result.tried is not None and any(
        p.points is not None and p.state is not Effect.NONE for p in (*result.tried.injected, *result.tried.repaired)
    )
    return figures.figure_tried_defects(result) if is_tried else meaning(*narrative.answer(result.tried))


def meaning_tried(study: Study) -> Prose:
    """Return whether the right pilot was called, and what the trials mean."""
    result = study.evaluation.tried
    if result is None or result.why:
        return meaning("")  # said in the place of the chart
    return meaning(*narrative.answer(result), narrative.same_pilot(result))


def tried_table(study: Study) -> Table | Prose:
    """Return the three grades of evidence side by side, with cases and money a month."""
    result = study.evaluation
    if result.tried is None or result.tried.why:
        return meaning("")
    by_grade = {g: {p.detector: p for p in result.tried.parts(g)} for g in (Strength.INJECTED, Strength.REPAIRED)}
    rows = []
    for detector, name in narrative.rows(result):
        injected, repaired = (by_grade[g].get(detector) for g in (Strength.INJECTED, Strength.REPAIRED))
        best = next((p for p in (repaired, injected) if p is not None and p.points is not None), None)
        rows.append((name, narrative.observed(result.attribution, detector), narrative.written(injected),
                     narrative.written(repaired), *_worth(best, result.tried)))  # fmt: skip
    head = ("Defect", "Associated, points", "Injected, points lost", "Repaired, points regained",
            "Wrong answers a month (repaired, else injected)", "Their cost a month")  # fmt: skip
    caption = "What each defect costs, by three grades of evidence (in brackets: nine times in ten)"
    note = f"{narrative.METHOD} {narrative.left_out(result.tried)}".strip()
    return without_empty_columns(Table(caption, head, rows, frozenset({4, 5}), note=note))


def _worth(part: TriedPart | None, tried: TriedResult) -> tuple[str, str]:
    """Of the repair where it was tried, else of the injection; nothing where another pilot was called."""
    costs = part is not None and not tried.is_another and part.state is Effect.SHOWN and part.points > 0
    worth = part.worth if costs else Valued()
    cases = "" if worth.cases_per_month is None else rounded(worth.cases_per_month)
    return cases, "" if worth.cost_per_month is None else money(worth.cost_per_month, tried.currency)
