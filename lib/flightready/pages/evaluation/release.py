"""The last part of notebook 02: accuracy over time and its alarm, the control by a worse model, the accepted score."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.evaluation.release.negative_control import ControlRun
from flightready.figures import evaluation_release as figures
from flightready.narrative import evaluation_release as narrative
from flightready.pages.display import Prose, Table, meaning
from flightready.study import Study
from flightready.wording import interval, points, share


def over_time(study: Study) -> go.Figure | Prose:
    """Return accuracy over time, and the evidence that the alarm adds up."""
    found = study.evaluation.staleness
    if found is None or not (found.periods or found.trigger):
        return meaning(narrative.staleness_meaning(found))
    return figures.figure_over_time(found)


def meaning_over_time(study: Study) -> Prose:
    """Return whether accuracy moves, how soon the alarm would ring, and how often it rings by itself."""
    found = study.evaluation.staleness
    if found is None or not (found.periods or found.trigger):
        return meaning("")
    return meaning(narrative.staleness_meaning(found), narrative.alarm_meaning(found))


def worse_model(study: Study) -> Table | Prose:
    """Return what the scoring pipeline says to a model that is worse on purpose, and to one that is not."""
    found = study.evaluation.negative_control
    if found is None:
        return meaning(narrative.control_meaning(None))
    head = ("Model", "Compared on", "Fall of accuracy", "Called worse, runs", "Nine times in ten")
    caption = "Would a worse model be caught"
    return Table(caption, head, [_run(r) for r in found.runs], frozenset({2, 3}), narrative.control_meaning(found))


def _run(r: ControlRun) -> tuple[str, ...]:
    called, ends = r.called_worse, r.called_worse.interval
    fall = points(r.fall) if r.is_worse else "none"
    return r.model, r.compared_on, fall, f"{called.hits:,} of {called.n:,}", interval(ends.low, ends.high, share)


def accepted_score(study: Study) -> Table | Prose:
    """Return how the pilot does against the accepted score, groups included."""
    found = study.evaluation.pipeline
    if found is None or found.comparison is None:
        return meaning(narrative.pipeline_meaning(found))
    caption = "This release against the accepted score"
    return Table(
        caption, narrative.HEAD, narrative.pipeline_rows(found), frozenset({1, 2, 3}), narrative.pipeline_meaning(found)
    )
