"""Cells on where the answer is computed: in the cloud, on devices, or on devices with the cloud behind."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.assessment.options import EdgeOption
from flightready.figures.latency_placement import figure_placement
from flightready.narrative import latency_placement as words
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.study import Study


def placement_chart(study: Study) -> go.Figure | Prose:
    """How many requests each place answers within which time, for the first option with devices; else why not."""
    if not any(isinstance(o, EdgeOption) for o in study.pilot.spec.cost.options):
        return meaning(words.NOT_ASKED)
    if not study.options.placements:
        return meaning(words.WITHOUT_NETWORK)
    found = study.options.placements[0]
    return figure_placement(found, study.options.currency) if found.times_s.size else Prose(())


def meaning_placement(study: Study) -> Prose:
    """Return how the places compare, which can be left out, and what is taken for granted."""
    return meaning(*words.sentences(study.options)) if _is_compared(study) else Prose(())


def placement_table(study: Study) -> Table | Prose:
    """Each place in figures, for every option with devices."""
    if not _is_compared(study):
        return Prose(())
    result = study.options
    several = len(result.placements) > 1
    rows = [
        (f"{row[0]} ({found.option})" if several else row[0], *row[1:])
        for found in result.placements for row in words.rows(found, result.currency)
    ]  # fmt: skip
    table = Table("Where the answer is computed", words.HEAD, rows, frozenset(range(1, len(words.HEAD))))
    return without_empty_columns(table)


def _is_compared(study: Study) -> bool:
    """Whether there is anything to compare; without devices no option is computed for it."""
    has_devices = any(isinstance(o, EdgeOption) for o in study.pilot.spec.cost.options)
    return has_devices and bool(study.options.placements)
