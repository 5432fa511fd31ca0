"""Charts of latency: how many are answered within which time, where the time goes, what load makes of it."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from flightready.figures.theme import BLUE, DEMO, GREY, MUTED, PURPLE, RED, SERIES, figure
from flightready.latency.percentiles import Percentile
from flightready.latency.result import LatencyResult
from flightready.wording import interval, seconds, share

_PATTERNS = ("", "/", "\\", "x", "-", "|", "+", ".")
LOOKS = {"p50": (GREY, "dot"), "p95": (BLUE, "solid"), "p99": (PURPLE, "dash")}
_LEAST_LABEL = 0.07  # a narrower piece of a bar has no room for its time


def figure_answered(result: LatencyResult) -> go.Figure:
    """Draw which share of all requests is answered within which time, with intervals and budgets."""
    data, shown = result.answered, [p for p in result.pilot if p.name in LOOKS]
    top = max([float(data.times_s[-1]), *result.budgets_s.values(), *(p.high_s or 0 for p in shown)]) * 1.06
    fig = figure(
        _answered_title(result),
        x="Time from request to answer (s)",
        y="Requests answered within that time (%)",
        height=440,
        description="Rising curve of the share of requests answered within a time, with marks at the budgets.",
    )
    within = np.arange(1, data.times_s.size + 1) / data.times_s.size * (data.n - data.n_failed) / data.n
    fig.add_scatter(
        x=[0, *data.times_s, top],
        y=[0, *(100 * within), 100 * within[-1]],
        line={"color": DEMO, "shape": "hv", "width": 3},
        name="share answered",
        hovertemplate="%{y:.1f} % within %{x:.2f} s<extra></extra>",
    )
    for p in shown:
        if p.value_s is not None and p.name != "p50":
            _mark_percentile(fig, p, top)
    for name, limit in sorted(result.budgets_s.items()):
        y = 100 * next(p.share for p in result.pilot if p.name == name)
        kept = np.sum(data.times_s <= limit) / data.times_s.size * (data.n - data.n_failed) / data.n >= y / 100
        fig.add_scatter(
            x=[limit],
            y=[y],
            mode="markers+text",
            text=[f"budget {name}: {seconds(limit)}"],
            showlegend=False,
            textposition="bottom left" if kept else "middle left" if limit > 0.25 * top else "middle right",
            cliponaxis=False,
            marker={"symbol": "x", "size": 12, "color": RED},
            textfont={"color": RED},
            hovertemplate=f"budget: {y:g} % within {seconds(limit)}<extra></extra>",
        )
    if data.n_failed:
        fig.add_annotation(
            x=top,
            y=100 * within[-1],
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"color": MUTED},
            text=f"{share(data.n_failed / data.n)} get no answer",
        )
    fig.update_xaxes(range=[0, top])
    fig.update_yaxes(range=[0, 106])
    return fig


def _mark_percentile(fig: go.Figure, p: Percentile, top: float) -> None:
    """The estimate and its interval; without an upper end the line runs to the edge."""
    colour, y = LOOKS[p.name][0], 100 * p.share
    low, high = (0.0 if p.low_s is None else p.low_s), (top if p.high_s is None else p.high_s)
    fig.add_scatter(
        x=[low, high],
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": 6},
        opacity=0.45,
        showlegend=False,
        hoverinfo="skip",
    )
    fig.add_scatter(
        x=[p.value_s],
        y=[y],
        mode="markers",
        marker={"color": colour, "size": 11, "line": {"color": "white", "width": 1}},
        name=f"{p.name} {seconds(p.value_s)} ({interval(p.low_s, p.high_s, seconds)})",
        hovertemplate=f"{p.name}: {seconds(p.value_s)}, {interval(p.low_s, p.high_s, seconds)}<extra></extra>",
    )


def _answered_title(result: LatencyResult) -> str:
    if result.in_time_limit_s is None or result.pilot_in_time_share is None:
        p = next((p for p in result.pilot if p.name == "p95" and p.value_s is not None), None)
        return (
            f"95 of 100 requests are answered within {seconds(p.value_s)}"
            if p
            else "Not even 95 of 100 requests are answered"
        )
    part, limit = share(result.pilot_in_time_share), seconds(result.in_time_limit_s)
    return f"{part} of requests are answered within {limit}"


def figure_stages(result: LatencyResult) -> go.Figure:
    """Draw the stages of a typical request above those of the slowest ones."""
    top = max(result.stages, key=lambda s: s.share_of_excess)
    slow_total = sum(s.slowest_s for s in result.stages)
    title = (
        f"'{escape(top.name)}' makes {share(round(top.share_of_excess, 2))} of what the slowest requests take longer"
        if top.share_of_excess > 0 else "The slowest requests take no longer than typical ones"
    )  # fmt: skip
    fig = figure(
        title,
        x="Time (s)",
        height=360,
        description="Stacked bars of the stages of typical and of the slowest requests.",
    )
    bars = ["the slowest 1 in 20", "a typical request"]
    for i, stage in enumerate(result.stages):
        if max(stage.slowest_s, stage.typical_s) <= 0:
            continue
        values = [stage.slowest_s, stage.typical_s]
        fig.add_bar(
            y=bars,
            x=values,
            orientation="h",
            name=escape(stage.name),
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            text=[seconds(v) if v > _LEAST_LABEL * slow_total else "" for v in values],
            marker={
                "color": SERIES[i % len(SERIES)],
                "line": {"color": "white", "width": 1},
                "pattern": {
                    "shape": _PATTERNS[i % len(_PATTERNS)],
                    "fillmode": "overlay",
                    "fgcolor": "rgba(255,255,255,.35)",
                    "size": 7,
                },
            },
            textfont={"color": "white"},
            hovertemplate="%{fullData.name}: %{x:.2f} s<extra></extra>",
        )
    fig.update_layout(barmode="stack", legend={"traceorder": "normal", "y": -0.25, "yanchor": "top"}, margin={"b": 110})
    return fig


def figure_typed(result: LatencyResult) -> go.Figure:
    """Draw the range in which each percentile lies when only the stages' percentiles are known."""
    parts = [(p, c) for p, c in zip(result.pilot, result.composition, strict=True) if c.added is not None]
    worst = parts[-1][1]
    fig = figure(
        f"99 of 100 requests take {interval(*sorted((worst.independent, worst.added)), seconds)}, by the stages' times",
        x="Time from request to answer (s)", height=320,
        description="Bars from independent stages to stages that are slow together, for each percentile.",
    )  # fmt: skip
    names = [f"{100 * p.share:g} of 100 requests" for p, _ in parts]
    ends = [sorted((c.independent, c.added)) for _, c in parts]
    fig.add_bar(
        y=names,
        x=[high - low for low, high in ends],
        base=[low for low, _ in ends],
        orientation="h",
        width=0.45,
        marker={"color": DEMO, "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "white"}},
        name="between independent and slow together",
        text=[interval(low, high, seconds) for low, high in ends],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    limits = [(name, p.budget_s) for name, (p, _) in zip(names, parts, strict=True) if p.budget_s is not None]
    if limits:
        fig.add_scatter(y=[n for n, _ in limits], x=[b for _, b in limits], mode="markers", name="budget",
                        marker={"symbol": "line-ns", "size": 28, "line": {"color": RED, "width": 4}},
                        hovertemplate="budget %{x:.2g} s<extra></extra>")  # fmt: skip
    right = max([high for _, high in ends] + [b for _, b in limits])
    fig.update_xaxes(range=[0, 1.25 * right])
    fig.update_yaxes(autorange="reversed")
    return fig
