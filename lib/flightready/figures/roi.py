"""Charts of value."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from flightready.evidence import Grade
from flightready.figures.theme import BLUE, DEMO, GREEN, GREY, HATCHED, INK, PRODUCTION, RED, figure
from flightready.roi.projection import RoiResult
from flightready.wording import in_hundred, money

_BINS = 60


def figure_present_value(result: RoiResult) -> go.Figure:
    """Draw the distribution of the present value, losses apart from gains."""
    draws, c = result.npv_draws.ravel(), result.currency
    low, high = np.quantile(draws, [0.005, 0.995])  # the far tails would flatten everything between
    edges = np.linspace(low, high, _BINS + 1)
    shares, _ = np.histogram(draws, edges)
    shares = shares / draws.size
    centres = (edges[:-1] + edges[1:]) / 2
    loss = in_hundred(1 - result.chance_positive)
    fig = figure(
        f"The present value is negative in {loss} of 100 draws",
        x=f"Present value over {result.horizon_months} months ({c}); the outermost 1 % is not drawn",
        y="Share of draws (%)", description=f"Histogram of the present value; it is negative in {loss} of 100 draws.",
    )  # fmt: skip
    for name, part, colour, pattern in (("Loss", centres < 0, RED, HATCHED), ("Gain", centres >= 0, GREEN, {})):
        if part.any():
            fig.add_bar(x=centres[part], y=100 * shares[part], name=name, width=(edges[1] - edges[0]) * 0.96,
                        marker={"color": colour, "pattern": pattern},
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
    fig = figure(
        f"From the promise to production: '{result.gaps[0].label}' takes the most", x=f"Mean present value ({c})",
        height=120 + 44 * (len(result.gaps) + 2),
        description="Steps from the promised present value to that of production, one bar a gap.",
    )  # fmt: skip
    level = promised
    _step(fig, "As promised", 0.0, promised, {"color": DEMO}, money(promised, c))
    for gap in result.gaps:
        marker = {
            "color": RED if gap.mean > 0 else GREEN,
            "pattern": {} if gap.grade is Grade.MEASURED else HATCHED,
        }
        _step(fig, gap.label, level, -gap.mean, marker, f"{money(-gap.mean, c)}")
        level -= gap.mean
    _step(fig, "Production", 0.0, level, {"color": PRODUCTION}, money(level, c))
    for name, pattern in (("gap measured", {}), ("gap not measured: hatched", HATCHED)):
        fig.add_bar(y=[None], x=[None], orientation="h", name=name, marker={"color": GREY, "pattern": pattern})
    fig.update_layout(barmode="overlay", margin={"l": 210, "r": 150})
    fig.update_yaxes(autorange="reversed")
    fig.add_vline(x=0, line={"color": INK, "width": 1})
    return fig


def _step(fig: go.Figure, label: str, base: float, length: float, marker: dict[str, Any], text: str) -> None:
    fig.add_bar(y=[label], x=[length], base=[base], orientation="h", marker=marker, showlegend=False,
                hovertemplate=f"{label}: {text}<extra></extra>")  # fmt: skip
    # the amount stands right of the bar's right end, where no other bar is
    fig.add_annotation(y=label, x=max(base, base + length), text=text, showarrow=False, xanchor="left", xshift=6)
