"""Notebook 05, the way to production: phases and gates, other ways to go, streams of money."""

from __future__ import annotations

from flightready.narrative import roi_plan as narrative
from flightready.pages.display import Prose, Table, meaning
from flightready.study import Study


def phases(study: Study) -> Table | Prose:
    """Return the phases ahead with their cost and the chance that each gate is passed."""
    result = study.roi
    if result.gates is None:
        return meaning(narrative.right_to_stop(result)) if result.npv is not None else meaning("")
    rows = [narrative.phase_row(p, result.currency) for p in result.gates.phases]
    head = ("Phase", "Begins", "Ends", "Cost", "Gate is passed", "Begun in")
    return Table("The way to production, and what may stop it", head, rows, frozenset({1, 2}))


def meaning_phases(study: Study) -> Prose:
    """Return what the right to stop is worth."""
    return meaning(narrative.right_to_stop(study.roi) if study.roi.gates is not None else "")


def alternatives(study: Study) -> Table | Prose:
    """Return the plan and other ways to go, on the same draws."""
    result = study.roi
    if not result.alternatives:
        return meaning(narrative.alternatives_sentence(result) if result.npv is not None else "")
    rows = [narrative.alternative_row(a, result.currency) for a in result.alternatives]
    head = ("Way", "Kind", "Launch", "Present value", "Above zero in", "Best in", "Against the plan")
    return Table("Ways to go, on the same draws", head, rows, frozenset({2}))


def meaning_alternatives(study: Study) -> Prose:
    """Return which way is best most often."""
    return meaning(narrative.alternatives_sentence(study.roi) if study.roi.alternatives else "")


def streams(study: Study) -> Table | Prose:
    """Return what each stream of money adds to the present value."""
    result = study.roi
    if not result.streams:
        return meaning("")
    rows = [narrative.stream_row(s, result.currency) for s in result.streams]
    return Table("Where the value comes from, and where it goes", ("Stream", "Mean", "Nine times in ten"), rows,
                 frozenset({1}))  # fmt: skip


def meaning_streams(study: Study) -> Prose:
    """Return the largest benefit and the largest cost."""
    return meaning(narrative.streams_sentence(study.roi))
