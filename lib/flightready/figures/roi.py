"""Charts of value."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.evidence import Grade
from flightready.figures.theme import BLUE, DEMO, GREEN, GREY, INK, PRODUCTION, RED, figure
from flightready.narrative.roi import in_hundred
from flightready.narrative.words import money
from flightready.roi.projection import RoiResult

_BINS = 60


def figure_present_value(result: RoiResult) -> go.Figure:
    """Draw the distribution of the present value, losses apart from gains."""
    draws, c = result.npv_draws.ravel(), result.currency
    low, high = np.quantile(draws, [0.005, 0.995])  # the far tails would flatten everything between
    edges = np.linspace(low, high, _BINS + 1)
    shares, _ = np.histogram(np.clip(draws, low, high), edges)
    shares = shares / draws.size
    centres = (edges[:-1] + edges[1:]) / 2
    loss = in_hundred(1 - result.chance_positive)
    fig = figure(
        f"The present value is negative in {loss} of 100 draws", x=f"Present value over {result.horizon_months} months ({c})",
        y="Share of draws (%)", description=f"Histogram of the present value; it is negative in {loss} of 100 draws.",
    )  # fmt: skip
    for name, part, colour, pattern in (("Loss", centres < 0, RED, "/"), ("Gain", centres >= 0, GREEN, "")):
        if part.any():
            fig.add_bar(x=centres[part], y=100 * shares[part], name=name, width=(edges[1] - edges[0]) * 0.96,
                        marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "white", "size": 5}},
                        hovertemplate="%{y:.1f} % of draws<extra></extra>")  # fmt: skip
    fig.add_vline(x=result.npv.median, line={"color": INK, "dash": "dot"},
                  annotation_text=f"middle {money(result.npv.median, c)}", annotation_position="top left")  # fmt: skip
    fig.update_layout(bargap=0, legend={"y": 1.0}, margin={"t": 90})
    return fig


def figure_cash(result: RoiResult) -> go.Figure:
    """Draw cumulative cash by month as a fan: nine times in ten, half of the time, middle."""
    q05, q25, q50, q75, q95 = result.cumulative
    months = np.arange(q50.size)
    last = money(float(q50[-1]), result.currency)
    fig = figure(
        f"Cumulative cash: {last} after {months[-1]} months in the middle case", x="Months from today",
        y=f"Cumulative cash ({result.currency})",
        description=f"Fan chart of cumulative cash over {months[-1]} months; the middle ends at {last}.",
    )  # fmt: skip
    for low, high, shade, name in ((q05, q95, 0.15, "nine times in ten"), (q25, q75, 0.3, "half of the time")):
        fig.add_scatter(x=months, y=low, line={"width": 0}, showlegend=False, hoverinfo="skip")
        fig.add_scatter(x=months, y=high, line={"width": 0}, fill="tonexty", name=name, hoverinfo="skip",
                        fillcolor=f"rgba(11,95,165,{shade})")  # fmt: skip
    fig.add_scatter(x=months, y=q50, name="middle", line={"color": BLUE, "width": 3},
                    hovertemplate="month %{x}: %{y:,.0f}<extra></extra>")  # fmt: skip
    fig.add_hline(y=0, line={"color": INK, "width": 1})
    return fig


def figure_gaps(result: RoiResult) -> go.Figure:
    """Draw how the promised value becomes the value of production, one bar a gap; what is not measured is hatched."""
    c, promised = result.currency, result.npv_promised.mean
    top = result.gaps[0]
    fig = figure(
        f"From the promise to production: '{top.label}' takes the most", y=f"Mean present value ({c})", height=460,
        description="Waterfall from the promised present value to that of production, one step a gap.",
    )  # fmt: skip
    level = promised
    fig.add_bar(x=["As promised"], y=[promised], marker_color=DEMO, text=[money(promised, c)], showlegend=False)
    for gap in result.gaps:
        measured = gap.grade is Grade.MEASURED
        fig.add_bar(
            x=[gap.label], y=[-gap.mean], base=[level], showlegend=False, text=[money(-gap.mean, c)],
            marker={"color": RED if gap.mean > 0 else GREEN, "line": {"color": INK, "width": 1},
                    "pattern": {"shape": "" if measured else "/", "fgcolor": "white", "size": 6}},
            hovertemplate=f"{money(-gap.mean, c)}, {gap.grade}, {', '.join(gap.gaps)}<extra></extra>",
        )  # fmt: skip
        level -= gap.mean
    fig.add_bar(x=["Production"], y=[level], marker_color=PRODUCTION, text=[money(level, c)], showlegend=False)
    fig.update_traces(textposition="outside", cliponaxis=False)
    fig.add_scatter(x=[None], y=[None], mode="markers", name="measured", marker={"symbol": "square", "color": GREY, "size": 12})
    fig.add_bar(x=[None], y=[None], name="not measured (hatched)",
                marker={"color": GREY, "pattern": {"shape": "/", "fgcolor": "white", "size": 6}})  # fmt: skip
    fig.update_layout(barmode="overlay", margin={"t": 100})
    fig.add_hline(y=0, line={"color": INK, "width": 1})
    return fig
