"""Notebook 05: what to measure next, where labelling stops paying, and what moves the value."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures import roi_information as figures
from flightready.narrative import roi_information as narrative
from flightready.pages.display import Prose, Shown, Table, meaning
from flightready.study import Study


def what_to_measure(study: Study) -> go.Figure | Prose:
    """Return the studies that could turn the decision, ranked, beside their costs."""
    found = study.information
    if found is None:
        return meaning(narrative.NOTHING)
    if not any(s.worth.is_clear for s in found.studies):
        return meaning(*narrative.what_to_measure(found))
    return figures.figure_studies(found)


def meaning_measure(study: Study) -> Prose:
    """Return the decision as it stands, and what to measure next."""
    found = study.information
    if found is None:
        return meaning()
    told = narrative.what_to_measure(found) if any(s.worth.is_clear for s in found.studies) else ()
    return meaning(*told, *narrative.how_to_read_measure(found))


def measure_table(study: Study) -> Table | Prose:
    """Return every study that was weighed, with what it would tell and what it costs."""
    found = study.information
    if found is None or not found.studies:
        return meaning()
    rows = [narrative.study_row(s, found) for s in found.studies]
    head = ("Study", "What is done", "Tells about", "Knowing exactly", "What it would show", "Cost", "Pays")
    return Table("What could be measured before the decision", head, rows, frozenset({3, 4, 5}))


def inputs_worth(study: Study) -> go.Figure | Prose:
    """Return what knowing each input by itself would be worth."""
    found = study.information
    if found is None or not any(i.worth.worth > 0 for i in found.inputs):
        return meaning()
    return figures.figure_inputs_worth(found)


def labels_worth(study: Study) -> Shown | Prose:
    """Return at how many more labels labelling stops paying, and what a longer pilot is worth."""
    found = study.information
    if found is None:
        return meaning()
    c, parts = found.currency, [meaning(narrative.labels_sentence(found))]
    if found.labels:
        rows = [narrative.labels_row(s, c) for s in found.labels]
        head = ("More labels", "Worth before the decision", "Cost", "Worth less cost")
        parts.append(Table("What more labels of raw records are worth", head, rows, frozenset({0, 1, 2, 3})))
    if found.pilot:
        rows = [narrative.pilot_row(s, c) for s in found.pilot]
        head = ("More weeks", "Worth, launching later taken off", "Cost", "Worth less cost")
        parts.append(Table("What a longer pilot is worth", head, rows, frozenset({1, 2, 3})))
    return Shown(*parts)


def tornado(study: Study) -> go.Figure | Prose:
    """Return how far the mean value moves with each input."""
    found = study.information
    return figures.figure_tornado(found) if found is not None and found.inputs else meaning()


def meaning_tornado(study: Study) -> Prose:
    """Return which input moves the value most."""
    return meaning(*(narrative.tornado_sentence(study.information) if study.information is not None else ()))


def tornado_table(study: Study) -> Table | Prose:
    """Return each input's pull on the value, its share of the spread, and what knowing it is worth."""
    found = study.information
    if found is None or not found.inputs:
        return meaning()
    ranked = sorted(found.inputs, key=lambda i: -i.swing.width)
    rows = [narrative.input_row(i, found.currency) for i in ranked]
    head = ("Input", "Lowest tenth up to, highest from", "Mean value at the low end", "At the high end",
            "Share of the spread by itself", "With what it acts together with", "Follows its rank (-1 to 1)",
            "Worth of knowing it")  # fmt: skip
    return Table("What moves the value", head, rows, frozenset({2, 3, 4, 5, 6, 7}))
