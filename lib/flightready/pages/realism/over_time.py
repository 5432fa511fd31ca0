"""The part of notebook 01 on time, systems and periods."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.figures.realism_events import figure_events
from flightready.narrative import realism as narrative
from flightready.narrative import telling
from flightready.narrative.contrast import contrasts_left_out, contrasts_meaning
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Contrast
from flightready.realism.result import RealismResult
from flightready.study import Study
from flightready.wording import share


def events(study: Study) -> go.Figure | Prose:
    """Return the timeline of events: records by week or month, late, out of order, sent again, and silences."""
    found = study.realism
    return figure_events(found) if found.events is not None else meaning(narrative.events_meaning(found))


def meaning_events(study: Study) -> Prose:
    """Return what the timeline of events means."""
    found = study.realism
    return meaning(narrative.months_meaning(found), narrative.events_meaning(found))


def contrasts(study: Study, *, every: bool = False) -> Table | Prose:
    """Return where systems and periods differ, the clearest first, and what would tell where it is not shown.

    Parameters
    ----------
    study : Study
    every : bool
        Show all contrasts, not only those that differ and the clearest few of the others.
    """
    found = study.realism.contrasts
    if not found:
        return meaning(*contrasts_meaning(study.realism))
    real = sum(c.is_different for c in found)
    most = min(policy.value("most_contrasts_shown"), max(policy.value("least_contrasts_shown"), real))
    shown = found if every else sorted(found, key=lambda c: not c.is_different)[:most]
    rows = [_contrast_row(study.realism, c) for c in shown]
    note = contrasts_left_out(found, shown)
    head = ("Column", "What", "Where", "Against", "There", "Elsewhere", "Differs?")
    return without_empty_columns(Table("Systems and periods against one another", head, rows, note=note))


def _contrast_row(result: RealismResult, c: Contrast) -> tuple[str, ...]:
    rates = tuple("" if r is None else f"{share(r.share)} of {r.n:,}" for r in (c.inside, c.outside))
    there, elsewhere = rates if c.inside is not None else (telling.shift_size(c), "")
    column = "whole record" if c.column == RECORD else c.column
    return column, c.name, c.part, c.other, there, elsewhere, telling.contrast_verdict(result, c)


def meaning_contrasts(study: Study) -> Prose:
    """Return what the differences between systems and periods mean for the repair."""
    return meaning(*contrasts_meaning(study.realism))
