"""Charts of stages: one after the other in typical and in slow requests, and three ways to compose a percentile."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.figures.theme import DEMO, GREY, HATCHED, INK, ORANGE, PURPLE, RED, figure
from flightready.latency.result import LatencyResult
from flightready.latency.waterfall import Waterfall
from flightready.wording import seconds

_LOOKS = {"p50": (GREY, {}, "a typical request (p50)"), "p99": (PURPLE, HATCHED, "slower than 99 of 100 (p99)")}
_ROW = 62  # pixels of a stage with two bars


def figure_waterfall(result: LatencyResult) -> go.Figure:
    """Draw the stages of requests near p50 and near p99 on one axis of time, each where it starts."""
    falls = result.waterfalls
    right = max(f.total_s for f in falls)
    slow = falls[-1]
    longest = max(slow.bars, key=lambda b: b.length_s)
    fig = figure(
        f"'{escape(longest.name)}' takes {seconds(longest.length_s)} of the {seconds(slow.total_s)} of a slow request",
        x="Time since the request came (s)", height=150 + _ROW * len(slow.bars),
        description="For each stage two bars from its start to its end: in typical and in slow requests.",
    )  # fmt: skip
    for fall in falls:
        _add_bars(fig, fall, right)
    for name, limit in sorted(result.budgets_s.items()):
        if limit <= 1.3 * right:
            fig.add_vline(
                x=limit, line={"color": RED, "dash": "dashdot", "width": 1.5}, annotation_text=f"budget {name}",
                annotation_font_color=RED, annotation_position="top right",
            )  # fmt: skip
            right = max(right, limit)
    fig.update_layout(barmode="group", bargap=0.25)
    fig.update_xaxes(range=[0, 1.12 * right])
    fig.update_yaxes(autorange="reversed")
    return fig


def _add_bars(fig: go.Figure, fall: Waterfall, right: float) -> None:
    colour, pattern, name = _LOOKS[fall.name]
    fig.add_bar(
        y=[escape(b.name) for b in fall.bars], x=[b.length_s for b in fall.bars], base=[b.start_s for b in fall.bars],
        orientation="h", name=f"{name}: {seconds(fall.total_s)}", marker={"color": colour, "pattern": pattern},
        text=[seconds(b.length_s) if b.length_s >= 0.005 * right else "" for b in fall.bars], textposition="outside",
        cliponaxis=False, textfont={"color": INK},
        customdata=[b.start_s + b.length_s for b in fall.bars],
        hovertemplate="%{y}: %{base:.2f} s to %{customdata:.2f} s<extra>%{fullData.name}</extra>",
    )  # fmt: skip


def figure_composition(result: LatencyResult) -> go.Figure:
    """Draw each percentile as whole requests have it, as independent stages would, and with percentiles added up."""
    parts = [c for c in result.composition if c.together is not None]
    last = parts[-1]
    fig = figure(
        f"{100 * last.share:g} of 100 whole requests take up to {seconds(last.together)}; adding up stages would say "
        f"{seconds(last.added)}",
        x="Time from request to answer, answered requests (s)", height=230 + 50 * len(parts),
        description="Three marks for each percentile: independent stages, whole requests with interval, added up.",
    )  # fmt: skip
    names = [f"{100 * c.share:g} of 100" for c in parts]
    looks = (
        ("independent", "stages that have nothing to do with one another", GREY, "diamond"),
        ("added", "times of the stages added up", ORANGE, "square"),
    )
    for field, name, colour, symbol in looks:
        fig.add_scatter(
            y=names, x=[getattr(c, field) for c in parts], mode="markers", name=name,
            marker={"color": colour, "symbol": symbol, "size": 12}, hovertemplate="%{y}: %{x:.2f} s<extra></extra>",
        )  # fmt: skip
    right = 1.15 * max(max(c.added, c.independent, c.together, c.interval.high or 0) for c in parts)
    highs = [right if c.interval.high is None else c.interval.high for c in parts]
    lows = [0 if c.interval.low is None else c.interval.low for c in parts]
    fig.add_scatter(
        y=names, x=[c.together for c in parts], mode="markers+text", name="whole requests (line: nine times in ten)",
        marker={"color": DEMO, "size": 13, "line": {"color": INK, "width": 1}}, textposition="top right",
        text=["no upper bound yet" if c.interval.high is None else "" for c in parts],
        error_x={
            "array": [high - c.together for high, c in zip(highs, parts, strict=True)],
            "arrayminus": [c.together - low for low, c in zip(lows, parts, strict=True)],
            "color": DEMO, "thickness": 3,
        },
        hovertemplate="%{y}: %{x:.2f} s<extra></extra>",
    )  # fmt: skip
    fig.update_layout(legend={"y": -0.32, "yanchor": "top"}, margin={"b": 120})
    fig.update_xaxes(range=[0, right])
    fig.update_yaxes(autorange="reversed")
    return fig
