"""Charts of the metrics of a task: shares of both sides, how far numbers are off by size, how answers were rated."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.evaluation.metrics.result import Metric, RatingBin, SizeBin, TaskMetrics
from flightready.figures.realism import Dots, add_dots
from flightready.figures.theme import DEMO, INK, MUTED, PRODUCTION, figure
from flightready.narrative.evaluation_metrics import figure_and_ends, size
from flightready.wording import count, interval, number, share

_SIDES = (("demo set", DEMO, "circle", "curated"), ("raw data", PRODUCTION, "diamond", "raw"))
_AXIS = "share, % (bar: nine times in ten)"
_MOST_ROWS = 24
_DOTTED = {"shape": ".", "fillmode": "overlay", "fgcolor": "#ffffff", "size": 6, "solidity": 0.3}


def figure_metrics(found: TaskMetrics) -> go.Figure:
    """Return the chart of a task: shares by class or field, errors by size, or ratings.

    Parameters
    ----------
    found : TaskMetrics
        With at least one scored side.
    """
    if found.task == "regression" and (found.raw_sizes or found.curated_sizes):
        return figure_sizes(found)
    return figure_ratings(found) if found.task == "scored" else figure_shares(found)


def figure_shares(found: TaskMetrics) -> go.Figure:
    """Return the shares of both sides: overall figures first, then F1 of each class or the accuracy of each field."""
    labels = list(dict.fromkeys(_label(m) for side in (found.raw, found.curated) for m in side if _is_drawn(m)))
    labels = labels[:_MOST_ROWS]
    made = figure(_shares_title(found), x=_AXIS, height=190 + 40 * len(labels))
    for name, colour, symbol, side in _SIDES:
        rows = [
            (_label(m), m.value, m.interval, f"{figure_and_ends(m)}, {count(m.n, 'record')}")
            for m in getattr(found, side) if _is_drawn(m) and _label(m) in labels
        ]  # fmt: skip
        if rows:
            add_dots(made, Dots(name, colour, symbol, rows))
    order = [escape(label) for label in reversed(labels)]
    made.update_yaxes(type="category", categoryorder="array", categoryarray=order, ticklabelstandoff=6)
    return made


def _is_drawn(metric: Metric) -> bool:
    return metric.unit == "share" and (not metric.of or metric.name in ("F1", "field"))


def _label(metric: Metric) -> str:
    if not metric.of:
        return metric.name
    return metric.of if metric.name == "field" else f"{metric.of} (F1)"


def _shares_title(found: TaskMetrics) -> str:
    side = found.raw or found.curated
    of = "raw data" if found.raw else "the demo set"
    parts = [m for m in side if m.of and _is_drawn(m)]
    if not parts:
        return f"{escape(side[0].name[:1].upper() + side[0].name[1:])}: {share(side[0].value)} on {of}"
    weakest = min(parts, key=lambda m: m.value)
    if weakest.name == "field":
        return f"Weakest field on {of}: {escape(weakest.of)}, right in {share(weakest.value)}"
    return f"Weakest class on {of}: {escape(weakest.of)}, {share(weakest.value)} found and rightly called (F1)"


def figure_sizes(found: TaskMetrics) -> go.Figure:
    """Return how far numbers are off on average, by the size of the true number."""
    known = [*found.raw_sizes, *found.curated_sizes]
    labels = list(dict.fromkeys(size(b) for b in sorted(known, key=_low)))
    made = figure(_sizes_title(found), x="answer minus true number, mean (bar: nine times in ten)",
                  y="size of the true number", height=200 + 55 * len(labels))  # fmt: skip
    for name, colour, symbol, side in _SIDES:
        rows = [
            (size(b), b.bias, b.interval, f"{number(b.bias)} ({interval(b.interval.low, b.interval.high, number)}), "
                                          f"{count(b.n, 'record')}")
            for b in getattr(found, f"{side}_sizes")
        ]  # fmt: skip
        if rows:
            add_dots(made, Dots(name, colour, symbol, rows), scale=1.0)
    made.add_vline(x=0, line={"color": MUTED, "width": 1})
    made.update_yaxes(
        type="category", categoryorder="array", categoryarray=[escape(label) for label in reversed(labels)]
    )
    return made


def _low(one: SizeBin) -> float:
    return float("-inf") if one.low is None else one.low


def _sizes_title(found: TaskMetrics) -> str:
    bins = found.raw_sizes or found.curated_sizes
    of = "Raw answers" if found.raw_sizes else "Answers on the demo set"
    off = [b for b in bins if b.interval.low is not None and (b.interval.low > 0 or b.interval.high < 0)]
    if not off:
        return f"{of} lie neither too high nor too low, whatever the size"
    worst = max(off, key=lambda b: abs(b.bias))
    side = "high" if worst.bias > 0 else "low"
    return f"{of} lie too {side} by {number(abs(worst.bias))} where the true number is {size(worst)}"


def figure_ratings(found: TaskMetrics) -> go.Figure:
    """Return how many answers were rated how, both sides beside one another."""
    made = figure(_ratings_title(found), x="mean rating of an answer", y="answers, %", height=380)
    for name, colour, _, side in _SIDES:
        bins = getattr(found, f"{side}_ratings")
        total = sum(b.n for b in bins)
        if not total:
            continue
        made.add_trace(
            go.Bar(
                x=[_rating(b, bins) for b in bins], y=[100 * b.n / total for b in bins], name=name,
                marker={"color": colour, "line": {"color": INK, "width": 1},
                        "pattern": _DOTTED if side == "curated" else {}},
                text=[share(b.n / total) for b in bins], textposition="outside", cliponaxis=False,
                customdata=[count(b.n, "answer") for b in bins],
                hovertemplate=f"{name}, %{{x}}: %{{y:.1f}} % (%{{customdata}})<extra></extra>",
            )
        )  # fmt: skip
    made.update_xaxes(type="category")
    made.update_yaxes(rangemode="tozero")
    return made


def _rating(one: RatingBin, bins: tuple[RatingBin, ...]) -> str:
    ends = f"{number(one.low)} to {number(one.high)}"
    return ends if one is bins[-1] else f"{number(one.low)} to below {number(one.high)}"


def _ratings_title(found: TaskMetrics) -> str:
    side, of = (found.raw, "raw data") if found.raw else (found.curated, "the demo set")
    return f"{share(side[0].value)} of answers are rated good on {of}"
