"""Charts of latency: how many are answered within which time, where the time goes, what load makes of it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready import policy
from flightready.figures.theme import BLUE, DEMO, GREY, MUTED, PURPLE, RED, figure
from flightready.latency.percentiles import Percentile
from flightready.latency.result import Answered, LatencyResult
from flightready.wording import interval, seconds, share

LOOKS = {"p50": (GREY, "dot"), "p95": (BLUE, "solid"), "p99": (PURPLE, "dash")}


def figure_answered(result: LatencyResult) -> go.Figure:
    """Draw which share of all requests is answered within which time, with intervals and budgets."""
    data, shown = result.answered, [p for p in result.pilot if p.name in LOOKS]
    top = max([float(data.times_s[-1]), *result.budgets_s.values(), *(p.high_s or 0 for p in shown)]) * 1.06
    least, middle = float(data.times_s[0]), float(np.median(data.times_s))
    is_long = least > 0 and data.times_s[-1] > float(policy.value("latency_long_tail")) * middle
    start = 0.9 * least if is_long else 0.0
    fig = figure(
        _answered_title(result), x=f"Time from request to answer (s{', logarithmic' if is_long else ''})",
        y="Requests answered within that time (%)", height=440,
        description="Rising curve of the share of requests answered within a time, in a band, with marks at budgets.",
    )  # fmt: skip
    x = [start, *data.times_s, top]
    _add_band(fig, x, data)
    fig.add_scatter(
        x=x,
        y=[0, *(100 * data.share), 100 * data.share[-1]],
        line={"color": DEMO, "shape": "hv", "width": 3},
        name="share answered (band: nine times in ten at each time)",
        hovertemplate="%{y:.1f} % within %{x:.2f} s<extra></extra>",
    )
    for p in shown:
        if p.value_s is not None and p.name != "p50":
            _mark_percentile(fig, p, start, top)
    for name, limit in sorted(result.budgets_s.items()):
        y = 100 * next(p.share for p in result.pilot if p.name == name)
        kept = np.max(data.share[data.times_s <= limit], initial=0.0) >= y / 100
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
            x=np.log10(top) if is_long else top,  # plotly wants the power of ten here
            y=100 * data.share[-1],
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"color": MUTED},
            text=f"{share(data.n_failed / data.n)} get no answer",
        )
    if is_long:
        fig.update_xaxes(type="log", range=[np.log10(start), np.log10(top)])
    else:
        fig.update_xaxes(range=[0, top])
    fig.update_yaxes(range=[0, 106])
    return fig


def _add_band(fig: go.Figure, x: list[float], data: Answered) -> None:
    """The exact interval of the share at each single time."""
    for ends, fill in ((data.low, None), (data.high, "tonexty")):
        fig.add_scatter(
            x=x, y=[0 if fill is None else 100 * ends[0], *(100 * ends), 100 * ends[-1]], hoverinfo="skip", fill=fill,
            line={"width": 0, "shape": "hv"}, showlegend=False, fillcolor="rgba(90,169,214,.25)",
        )  # fmt: skip


def _mark_percentile(fig: go.Figure, p: Percentile, start: float, top: float) -> None:
    """The estimate and its interval; without an upper end the line runs to the edge."""
    colour, y = LOOKS[p.name][0], 100 * p.share
    low, high = (start if p.low_s is None else p.low_s), (top if p.high_s is None else p.high_s)
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


def figure_typed(result: LatencyResult) -> go.Figure:
    """Draw the range in which each percentile lies when only the stages' percentiles are known."""
    parts = [(p, c) for p, c in zip(result.pilot, result.composition, strict=True) if c.added is not None]
    worst = parts[-1][1]
    fig = figure(
        f"99 of 100 requests take {interval(*sorted((worst.independent, worst.added)), seconds)}, by the stages' times",
        x="Time from request to answer (s)", height=320,
        description="Bars from independent stages to stages that are slow together, for each percentile.",
    )  # fmt: skip
    ends = [sorted((c.independent, c.added)) for _, c in parts]
    names = [f"{100 * p.share:g} of 100: {interval(*e, seconds)}" for (p, _), e in zip(parts, ends, strict=True)]
    fig.add_bar(
        y=names,
        x=[high - low for low, high in ends],
        base=[low for low, _ in ends],
        orientation="h",
        width=0.45,
        marker={"color": DEMO, "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "white"}},
        name="between independent and slow together",
        hovertemplate="%{y}<extra></extra>",
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
