"""Charts of where the pilot is weak, and for whom."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.evaluation.groups.result import GroupComparison, GroupsResult
from flightready.evaluation.groups.rules import by
from flightready.evaluation.slices.result import SlicesResult
from flightready.evidence import State
from flightready.figures.realism import Dots, add_dots
from flightready.figures.theme import INK, MUTED, PRODUCTION, STATE_COLOUR, figure
from flightready.wording import count, points, share

_WIDEST = 44
_AXIS = "right answers, % (bar: nine times in ten)"


def figure_slices(found: SlicesResult) -> go.Figure:
    """Return the accuracy of each weak slice against that of all raw records.

    Parameters
    ----------
    found : SlicesResult
        With at least one slice.
    """
    if not found.slices:
        raise ValueError("a chart of weak spots needs at least one")
    first = found.slices[0]
    title = f"Weakest: {escape(first.name, quote=False)}, {points(first.below)} below the rest"
    if len(first.name) > _WIDEST:
        title = f"Weakest spot: {points(first.below)} below the rest, {share(first.share_of_errors)} of all errors"
    made = figure(title, x="right answers, % (bar: nine times in ten, widened for the picking)",
                  height=180 + 56 * len(found.slices))  # fmt: skip
    labels = [_wrapped(s.name) for s in found.slices]
    rows = [
        (label, s.accuracy.share, s.interval, f"{s.n - s.wrong:,} of {s.n:,} right, {points(s.below)} below the rest")
        for label, s in zip(labels, found.slices, strict=True)
    ]
    add_dots(made, Dots("weak spot", PRODUCTION, "diamond", rows))
    made.update_traces(y=[_lines(label) for label in labels])
    _overall(made, found.overall.share)
    _sizes(made, [(_lines(label), f"{s.n:,} records") for label, s in zip(labels, found.slices, strict=True)])
    made.update_yaxes(autorange="reversed", type="category", ticklabelstandoff=6)
    made.update_layout(showlegend=False)
    return made


def figure_groups(found: GroupsResult, comparison: GroupComparison) -> go.Figure:
    """Return the accuracy of each group of one column, with the band in which the allowed gap keeps them.

    Parameters
    ----------
    found : GroupsResult
    comparison : GroupComparison
        With at least one group of enough records.
    """
    told = [g for g in comparison.groups if g.accuracy is not None]
    if not told:
        raise ValueError("a chart of groups needs one of enough records")
    small = [g for g in comparison.groups if g.accuracy is None and (g.is_named or g.is_missing)]
    made = figure(_groups_title(comparison), x=_AXIS, height=190 + 40 * (len(told) + len(small)))
    order = [_wrapped(g.name) for g in (*told, *small)]
    for name, symbol, members in (
        ("group", "diamond", [g for g in told if g.is_named]),
        ("no group given, or rare groups together", "diamond-open", [g for g in told if not g.is_named]),
    ):
        rows = [
            (_wrapped(g.name), g.accuracy.share, g.accuracy.interval, f"{g.accuracy.right:,} of {g.n:,} right")
            for g in members
        ]
        if rows:
            add_dots(made, Dots(name, PRODUCTION, symbol, rows))
            made.data[-1].update(y=[_lines(label) for label, *_ in rows])
    if comparison.gap is not None:
        best = max(g.accuracy.share for g in comparison.compared)
        allowed = comparison.gap.allowed
        made.add_vrect(x0=100 * (best - allowed), x1=100 * best, fillcolor=MUTED, opacity=0.15, line_width=0)
        made.add_annotation(
            x=100 * (best - allowed / 2), y=1, yref="paper", yanchor="bottom", showarrow=False, font={"size": 12},
            text=f"within {points(allowed)} of the best",
        )  # fmt: skip
    lowest = min(g.accuracy.interval.low for g in told)
    if small:
        made.add_trace(
            go.Scatter(
                x=[100 * lowest] * len(small), y=[_lines(_wrapped(g.name)) for g in small], mode="text",
                text=[f"too few to tell: {count(g.more, 'more record')} would" for g in small],
                textposition="middle right", textfont={"color": STATE_COLOUR["UNKNOWN"], "size": 13}, showlegend=False,
                hoverinfo="skip",
            )
        )  # fmt: skip
    _sizes(made, [(_lines(_wrapped(g.name)), f"{g.n:,} records") for g in (*told, *small)])
    made.update_layout(showlegend=False)
    made.update_yaxes(
        type="category", categoryorder="array", categoryarray=[_lines(o) for o in reversed(order)], ticklabelstandoff=6
    )
    return made


def _groups_title(comparison: GroupComparison) -> str:
    gap, name = comparison.gap, escape(by(comparison), quote=False)
    if gap is None:
        return f"Groups by {name}: only one has enough records"
    said = {
        State.PASS: "within what is allowed",
        State.FAIL: "more than is allowed",
        State.UNKNOWN: "cannot tell yet whether that is allowed",
    }[gap.state]
    return f"By {name} the worst group is {points(gap.gap)} behind the best: {said}"


def _overall(made: go.Figure, level: float) -> None:
    made.add_vline(x=100 * level, line={"color": INK, "dash": "dash", "width": 2})
    made.add_annotation(
        x=100 * level, y=1, yref="paper", text=f"all raw records {share(level)}", showarrow=False, yanchor="bottom",
        font={"size": 13},
    )  # fmt: skip


def _sizes(made: go.Figure, rows: list[tuple[str, str]]) -> None:
    """Number of records at the right side of each row."""
    for label, text in rows:
        made.add_annotation(
            x=1, xref="paper", xanchor="left", y=label, text=text, showarrow=False, font={"color": MUTED, "size": 13},
            xshift=8,
        )  # fmt: skip
    made.update_layout(margin={"r": 120})


def _wrapped(text: str) -> str:
    """A label in lines of a readable length, not yet escaped."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= _WIDEST:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _lines(label: str) -> str:
    return escape(label, quote=False).replace("\n", "<br>")
