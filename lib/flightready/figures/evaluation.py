"""Charts of the evaluation: accuracy against the floor, the drop against the allowance, classes, confidence, labels."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.what_if import Judged
from flightready.evidence import Interval, State
from flightready.figures.realism import Dots, add_dots
from flightready.figures.theme import BLUE, DEMO, GREEN, INK, MUTED, PRODUCTION, RED, STATE_COLOUR, figure
from flightready.wording import count, points, share

_WARM = [[0.0, "#ffffff"], [0.25, "#fde8d5"], [0.6, "#f6b98a"], [1.0, "#e8935a"]]
_AXIS = "right answers, % (bar: nine times in ten)"


def figure_accuracy(result: EvaluationResult) -> go.Figure:
    """Return accuracy on the demo set, on raw data and in each system, against the floor.

    Parameters
    ----------
    result : EvaluationResult
        With accuracy known on at least one side.
    """
    if result.raw is None and result.curated is None:
        raise ValueError("a chart of accuracy needs accuracy on one side")
    systems = result.by_system if len(result.by_system) > 1 else {}
    made = figure(_accuracy_title(result), x=_AXIS, height=190 + 44 * (2 + len(systems)))
    if result.curated is not None:
        add_dots(made, Dots("demo set", DEMO, "circle", [_row("demo set", result.curated)]))
    if result.raw is not None:
        add_dots(made, Dots("raw data", PRODUCTION, "diamond", [_row("raw data", result.raw)]))
        rows = [_row(f"raw: {name}", found) for name, found in systems.items()]
        if rows:
            add_dots(made, Dots("raw, by system", PRODUCTION, "diamond-open", rows))
    if result.floor is not None:
        _add_limit(made, result.floor, "floor", share)
    rows = (result.curated is not None) + (result.raw is not None) + len(systems)
    # room below the last row, so that the floor's label lies on no mark
    made.update_yaxes(range=[rows - 0.1, -0.6], type="category", ticklabelstandoff=6)
    return made


def _accuracy_title(result: EvaluationResult) -> str:
    if result.raw is None:
        return f"Right in {share(result.curated.share)} of the demo set; raw data has no score yet"
    told = f"Right in {share(result.raw.share)} of raw records"
    if result.curated is not None:
        told += f", {share(result.curated.share)} of the demo set"
    if result.floor is None:
        return told
    state = next(f.state for f in result.findings if f.id == "evaluation.raw_accuracy")
    said = {
        State.PASS: "above the floor",
        State.FAIL: "below the floor",
        State.UNKNOWN: "cannot tell yet whether the floor is reached",
    }[state]
    return f"{told}: {said}"


def _row(label: str, found: Accuracy) -> tuple[str, float, Interval, str]:
    return label, found.share, found.interval, f"{found.right:,} of {found.n:,} right"


def _add_limit(made: go.Figure, limit: Interval, name: str, write) -> None:
    """Draw a demand as a dashed line, or as a band when it is a range."""
    if limit.low == limit.high:
        made.add_vline(x=100 * limit.low, line={"color": INK, "dash": "dash", "width": 2})
        text = f"{name} {write(limit.low)}"
    else:
        made.add_vrect(x0=100 * limit.low, x1=100 * limit.high, fillcolor=MUTED, opacity=0.2, line_width=0)
        text = f"{name} {write(limit.low)} to {write(limit.high)}"
    made.add_annotation(
        x=100 * limit.high, y=0, yref="paper", text=text, showarrow=False, xanchor="left", yanchor="bottom", xshift=6,
        font={"size": 13},
    )  # fmt: skip


def figure_drop(result: EvaluationResult) -> go.Figure:
    """Return the drop from demo set to raw data, with its interval, against the allowance.

    Parameters
    ----------
    result : EvaluationResult
        With a drop.
    """
    if result.drop is None or result.drop_interval is None:
        raise ValueError("a chart of the drop needs accuracy on both sides")
    state = next(f.state for f in result.findings if f.id == "evaluation.drop")
    said = {
        State.PASS: "within what is allowed",
        State.FAIL: "more than is allowed",
        State.UNKNOWN: "cannot tell yet whether that is allowed",
    }
    title = (
        f"Accuracy falls by {points(result.drop)}" if result.drop >= 0 else f"Accuracy rises by {points(-result.drop)}"
    )
    if result.allowed_drop is not None:
        title += f": {said[state]}"
    made = figure(title, x="drop from demo set to raw data, points (bar: nine times in ten)", height=240)
    row = ("drop", result.drop, result.drop_interval, points(result.drop))
    add_dots(made, Dots("drop", STATE_COLOUR[state.value], "diamond", [row]))
    made.add_vline(x=0, line={"color": MUTED, "width": 1})
    if result.allowed_drop is not None:
        _add_limit(made, result.allowed_drop, "allowed", points)
    made.update_layout(showlegend=False)
    made.update_yaxes(showticklabels=False)
    ends = [
        0.0,
        result.drop_interval.low,
        result.drop_interval.high,
        result.allowed_drop.high if result.allowed_drop else 0.0,
    ]
    margin = 0.15 * (max(ends) - min(ends)) + 0.01
    made.update_xaxes(range=[100 * (min(ends) - margin), 100 * (max(ends) + 2 * margin)])
    return made


def figure_confusions(result: EvaluationResult) -> go.Figure:
    """Return which wrong answer raw records of each class got; right answers are left out.

    Parameters
    ----------
    result : EvaluationResult
        With at least one wrong answer.
    """
    wrong = [c for c in result.confusions if c.truth != c.predicted]
    if not wrong:
        raise ValueError("a chart of wrong answers needs at least one")
    first = max(wrong, key=lambda c: c.n)
    truths = list(dict.fromkeys(c.truth for c in result.confusions))
    answers = list(dict.fromkeys([*truths, *(c.predicted for c in result.confusions)]))
    counts = {(c.truth, c.predicted): c.n for c in wrong}
    grid = [[None if t == p else counts.get((t, p), 0) for p in answers] for t in truths]
    title = (
        f"Most frequent wrong answer: {escape(first.predicted)} for {escape(first.truth)} ({count(first.n, 'record')})"
    )
    made = figure(title, x="answer of the pilot", y="right answer", height=170 + 44 * len(truths))
    made.add_trace(
        go.Heatmap(
            z=grid, x=[escape(p) for p in answers], y=[escape(t) for t in truths],
            text=[["right" if v is None else f"{v:,}" for v in row] for row in grid], texttemplate="%{text}",
            textfont={"color": INK, "size": 13}, colorscale=_WARM, zmin=0, xgap=3, ygap=3, showscale=False,
            hovertemplate="right answer %{y}, pilot says %{x}: %{text}<extra></extra>",
        )
    )  # fmt: skip
    made.update_yaxes(autorange="reversed", type="category", showgrid=False)
    made.update_xaxes(type="category", showgrid=False)
    return made


def figure_plan(result: EvaluationResult) -> go.Figure:
    """Return how narrow accuracy would be known from so many labelled rows.

    Parameters
    ----------
    result : EvaluationResult
    """
    if not result.plan:
        raise ValueError("a chart of labels needs a plan")
    steps = [p for p in result.plan if p.half_width > result.plan[-1].half_width] or list(result.plan)
    made = figure(_plan_title(result), x="labelled raw rows", y="accuracy known to (± points)", height=360)
    now = result.raw.n if result.raw is not None and result.raw.n <= max(p.rows for p in steps) else None
    made.add_trace(
        go.Scatter(
            x=[p.rows for p in steps], y=[100 * p.half_width for p in steps], mode="lines+markers+text",
            text=[f"{p.rows:,} rows" for p in steps], textposition="top right", line={"color": BLUE, "shape": "spline"},
            marker={"size": 9}, showlegend=False,
            hovertemplate="%{x:,} rows: %{y:.0f} points either way<extra></extra>",
        )
    )  # fmt: skip
    if now is not None:
        half = (result.raw.interval.high - result.raw.interval.low) / 2
        made.add_trace(
            go.Scatter(
                x=[now], y=[100 * half], mode="markers+text", text=[f"now: {now:,} rows"], textposition="bottom left",
                marker={"color": PRODUCTION, "symbol": "diamond", "size": 13}, showlegend=False,
                hovertemplate="now: %{x:,} rows, %{y:.1f} points<extra></extra>",
            )
        )  # fmt: skip
    made.update_xaxes(range=[0, 1.25 * max(p.rows for p in steps)], tickformat=",d")
    made.update_yaxes(range=[0, 118 * max(p.half_width for p in steps)])
    return made


def _plan_title(result: EvaluationResult) -> str:
    """What is known now; without a score, what a first sample would give."""
    if result.raw is not None:
        half = (result.raw.interval.high - result.raw.interval.low) / 2
        rows = count(result.raw.n, "labelled raw row")
        verb = "bounds" if result.raw.n == 1 else "bound"
        return f"{rows} {verb} accuracy to {points(half)} either way now; half of that takes four times the rows"
    second = result.plan[min(1, len(result.plan) - 1)]
    rows = count(second.rows, "labelled raw row")
    return f"{rows} would bound accuracy to about {100 * second.half_width:.0f} points either way"


def figure_tried(tried: Judged, *, floor: float) -> go.Figure:
    """Return a supposed accuracy with its interval against a supposed floor.

    Parameters
    ----------
    tried : Judged
    floor : float
        A share.
    """
    said = {
        State.PASS: "reach the floor",
        State.FAIL: "miss the floor",
        State.UNKNOWN: "right: cannot tell yet whether that reaches the floor",
    }
    colour = {State.PASS: GREEN, State.FAIL: RED, State.UNKNOWN: STATE_COLOUR["UNKNOWN"]}[tried.floor_state]
    made = figure(
        f"{share(tried.raw.share)} of {count(tried.raw.n, 'row')} {said[tried.floor_state]}", x=_AXIS, height=230
    )
    add_dots(made, Dots("supposed", colour, "diamond", [_row("supposed", tried.raw)]))
    _add_limit(made, Interval(floor, floor), "floor", share)
    made.update_layout(showlegend=False)
    made.update_yaxes(showticklabels=False)
    return made
