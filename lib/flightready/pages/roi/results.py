"""Notebook 05: the pilot's results, the first days after the launch, and the plan against what came."""

from __future__ import annotations

from flightready.figures import roi_results as figures
from flightready.narrative import roi_results as narrative
from flightready.pages.display import Prose, Shown, Table, meaning, without_empty_columns
from flightready.study import Study


def pilot_results(study: Study) -> Shown | Prose:
    """Return the pilot against today's way of working: what it means, a chart, and the table."""
    found = study.roi.results
    said = meaning(*narrative.results_answer(found))
    if found is None:
        return said
    table = Table(
        f"The pilot against today's way of working ({found.file})", narrative.table_head(found),
        narrative.effect_rows(found), frozenset({2, 3, 4}), narrative.table_note(found),
    )  # fmt: skip
    return Shown(said, figures.figure_effect(found), without_empty_columns(table))


def early_days(study: Study) -> Shown | Prose:
    """Return what the first days after the launch bring, and when the planned comparison shows it."""
    early = study.roi.early
    said = meaning(*narrative.early_answer(early, study.roi.currency))
    if early is None or early.detection is None:
        return said
    head = ("What the comparison rests on", "Middle (nine times in ten)", "Where it comes from")
    return Shown(said, Table("The planned comparison", head, narrative.detection_rows(early.detection)))


def plan_against_actual(study: Study) -> Shown | Prose:
    """Return what came in since the approval against the plan, and whether it improves."""
    found, currency = study.roi.actual, study.roi.currency
    said = meaning(*narrative.actual_answer(found, currency))
    if found is None:
        return said
    head = ("Month", "Net", "Cumulative", "Approved plan, nine times in ten", "Against it")
    rows = narrative.actual_rows(found, currency)
    table = Table(f"Plan against actual ({found.file})", head, rows, frozenset({1, 2}))
    return Shown(said, figures.figure_plan(found), without_empty_columns(table))
