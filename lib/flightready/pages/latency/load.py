"""Load: how times grow with it, how requests then end, and how many must be served at once."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures import latency_load as figures
from flightready.narrative import latency_load as narrative
from flightready.pages.display import Prose, Table, meaning
from flightready.study import Study


def load(study: Study) -> go.Figure | Prose:
    """Return how the times grow with the load."""
    result = study.latency
    if result.curve is not None:
        return figures.figure_load(result.curve, result)
    return meaning(narrative.no_curve(result))


def meaning_load(study: Study) -> Prose:
    """Return where the load gives way, and what the simulation takes for granted."""
    return meaning(narrative.curve_sentence(study.latency))


def outcomes(study: Study) -> go.Figure | Prose:
    """Return how the requests end at each load."""
    result = study.latency
    if result.curve is not None:
        return figures.figure_outcomes(result.curve, result)
    return meaning("")


def meaning_outcomes(study: Study) -> Prose:
    """Return how the requests of the planned peak hour end."""
    return meaning(narrative.outcomes_sentence(study.latency))


def assumed(study: Study) -> Table | Prose:
    """Return what the simulation takes for granted because the assessment does not say."""
    told = narrative.assumed(study.latency)
    if not told:
        return meaning("")
    return Table("Taken for granted in the simulation", ("Because the assessment does not say otherwise",),
                 [(line,) for line in told], frozenset())  # fmt: skip


def capacity(study: Study) -> Prose:
    """Return how many requests are at work at the planned peak, and how many servers the budget needs."""
    result = study.latency
    if result.capacity is None:
        return meaning("Without a planned load there is nothing to compare with what can be served at once.")
    return meaning(narrative.capacity_sentence(result), narrative.needed_sentence(result))
