"""The metrics of the task in notebook 02: a chart, what it means, a table of both sides, classes, priced errors."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.evaluation.metrics.result import Metric, TaskMetrics
from flightready.figures.evaluation_metrics import figure_metrics
from flightready.narrative import evaluation_metrics as narrative
from flightready.pages.display import Prose, Table, cut, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import money

_MOST_SHOWN = 12
_CLASS_METRICS = ("precision", "recall", "F1")


def metrics_chart(study: Study) -> go.Figure | Prose:
    """Return the chart of the task: shares by class or field, errors by size, or ratings."""
    found = study.evaluation.metrics
    return meaning(narrative.NOTHING) if found is None else figure_metrics(found)


def meaning_metrics(study: Study) -> Prose:
    """Return when an answer is right, what stands out, and what the intervals mind."""
    return meaning(*narrative.metrics_meaning(study.evaluation)) if study.evaluation.metrics else meaning("")


def metrics(study: Study) -> Table | Prose:
    """Return the metrics of both sides with their intervals."""
    found = study.evaluation.metrics
    if found is None:
        return meaning("")
    rows = [
        (_name(first), _cell(demo), _cell(raw), f"{demo.n:,}" if demo else "", f"{raw.n:,}" if raw else "",
         f"{first.how[:1].upper()}{first.how[1:]}")
        for first, demo, raw in _beside(found) if first.name not in _CLASS_METRICS
    ]  # fmt: skip
    head = ("Metric", "Demo set (nine times in ten)", "Raw data (nine times in ten)", "n demo", "n raw", "How")
    return without_empty_columns(Table("What the task is measured by", head, rows, frozenset({1, 2, 3, 4})))


def metrics_by_class(study: Study, *, every: bool = False) -> Table | Prose:
    """Return precision, recall and F1 of each class on raw data, or on the demo set where there is no raw score."""
    found = study.evaluation.metrics
    if found is None or found.task != "classification":
        return meaning("")
    side, on = (found.raw, "raw data") if found.raw else (found.curated, "the demo set")
    by_class: dict[str, dict[str, Metric]] = {}
    for one in side:
        if one.of:
            by_class.setdefault(one.of, {})[one.name] = one
    if not by_class:
        return meaning("")
    rows = [
        (of, *(_cell(parts.get(n)) for n in _CLASS_METRICS), f"{parts['recall'].n:,}") for of, parts in by_class.items()
    ]
    head = ("Class", "Right of those called so (precision)", "Right of those that are so (recall)", "F1", "Records")
    caption = f"Classes on {on}, nine times in ten in brackets"
    shown = Table(caption, head, rows, frozenset({1, 2, 3, 4}), note=narrative.F1)
    return cut(shown, most=_MOST_SHOWN, every=every, order="the {} most frequent")


def priced_confusions(study: Study, *, every: bool = False) -> Table | Prose:
    """Return which wrong answers raw records got, with what they cost."""
    found = study.evaluation.metrics
    if found is None or found.task != "classification" or not found.raw:
        return meaning("")
    if not found.priced:
        return meaning(narrative.priced_meaning(found))
    rows = [
        (p.truth, p.predicted, f"{p.n:,}", p.price, money(p.cost_per_10000, found.currency) if p.price else "")
        for p in found.priced
    ]
    head = ("Right answer", "The pilot says", "In the sample", "Cost of one", "Cost in 10,000 cases")
    shown = Table("Wrong answers and their price", head, rows, frozenset({2, 4}), narrative.priced_meaning(found))
    table = without_empty_columns(shown)
    return cut(table, most=_MOST_SHOWN, every=every, order="the {} costliest")


def _beside(found: TaskMetrics) -> list[tuple[Metric, Metric | None, Metric | None]]:
    """Metrics of both sides with the same name; the first of the three is one that is there."""
    sides = [{(m.name, m.of): m for m in side} for side in (found.curated, found.raw)]
    keys = dict.fromkeys(key for side in (sides[1], sides[0]) for key in side)
    return [(sides[1].get(k) or sides[0][k], sides[0].get(k), sides[1].get(k)) for k in keys]


def _name(metric: Metric) -> str:
    name = f"{metric.name} '{metric.of}'" if metric.of else metric.name
    return name[:1].upper() + name[1:]


def _cell(metric: Metric | None) -> str:
    """A figure with its interval, kept on one line."""
    return "" if metric is None else narrative.figure_and_ends(metric).replace(" ", "\u00a0")
