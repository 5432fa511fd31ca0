"""Charts of the planned load and of the pilot's own."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from flightready.draws import summarise
from flightready.figures.theme import BLUE, INK, MUTED, ORANGE, PURPLE, figure
from flightready.narrative.cost_demand import WEEKDAYS, hour_name, month_of_share
from flightready.traffic.demand import Demand
from flightready.traffic.profile import LoadProfile
from flightready.wording import rounded

_MOST_IN_CELL = 1000.0  # longer numbers do not fit into a cell
_PALE_TO_BLUE = [[0.0, "#f4f7fa"], [1.0, BLUE]]


def figure_months(demand: Demand, months: int) -> go.Figure:
    """Draw the requests of each month with their 90 % band, adoption and launches marked."""
    found = [summarise(part) for part in np.moveaxis(demand.requests_in_months(months), -1, 0)]
    month = np.arange(1, months + 1)
    title = (
        f"From {rounded(found[0].median)} requests in the first month to {rounded(found[-1].median)} in month {months}"
    )
    fig = figure(title, x="Month since launch", y="Requests of a month", height=430,
                 description=f"Line of requests a month with a 90 % band. {title}.")  # fmt: skip
    fig.add_scatter(x=month, y=[s.low for s in found], line={"width": 0}, showlegend=False, hoverinfo="skip",
                    mode="lines")  # fmt: skip
    fig.add_scatter(x=month, y=[s.high for s in found], line={"width": 0}, fill="tonexty", name="nine times in ten",
                    fillcolor="rgba(11,95,165,0.18)", hoverinfo="skip", mode="lines")  # fmt: skip
    fig.add_scatter(x=month, y=[s.median for s in found], name="middle", line={"color": BLUE, "width": 3},
                    mode="lines+markers" if months == 1 else "lines",
                    hovertemplate="month %{x}: %{y:,.3s} requests<extra></extra>")  # fmt: skip
    full = rounded(float(np.median(demand.requests_per_month)))
    fig.add_hline(y=float(np.median(demand.requests_per_month)), line={"color": MUTED, "dash": "dot", "width": 1.5},
                  annotation={"text": f"planned load, before growth and launches: {full}", "font": {"color": MUTED}},
                  annotation_position="bottom right")  # fmt: skip
    _mark_adoption(fig, demand, months, [s.median for s in found])
    _mark_launches(fig, demand, months)
    fig.update_yaxes(rangemode="tozero", tickformat="~s")
    fig.update_xaxes(range=[0.5, months + 0.5])
    fig.update_layout(margin={"t": 110}, legend={"y": 1.07})
    return fig


def _mark_adoption(fig: go.Figure, demand: Demand, months: int, middle: list[float]) -> None:
    if demand.curve is None:
        return
    marks = [(month_of_share(demand, wanted, months), text) for wanted, text in ((0.5, "half"), (0.9, "nine in ten"))]
    reached = [(month, text) for month, text in marks if month]
    if reached:
        fig.add_scatter(
            x=[month for month, _ in reached], y=[middle[month - 1] for month, _ in reached],
            mode="markers+text", text=[text for _, text in reached], textposition="top left",
            name="share of the planned users",
            marker={"symbol": "diamond", "size": 11, "color": ORANGE, "line": {"color": INK, "width": 1}},
            hovertemplate="month %{x}: used by %{text}<extra></extra>",
        )  # fmt: skip


def _mark_launches(fig: go.Figure, demand: Demand, months: int) -> None:
    for launch in demand.launches:
        after = float(np.median(launch.after))
        if after < months:
            fig.add_vline(x=after + 0.5, line={"color": PURPLE, "dash": "dash", "width": 2},
                          annotation={"text": escape(launch.name), "font": {"color": PURPLE}, "yanchor": "bottom"},
                          annotation_position="top")  # fmt: skip


def figure_profile(found: LoadProfile) -> go.Figure:
    """Draw the pilot's mean requests by weekday and hour, with the peak hour framed."""
    peak = f"{found.peak_to_mean.value:.2g} times the mean hour"
    title = f"The pilot's busiest hour is {hour_name(found.peak_hour)} UTC: {peak}"
    fig = figure(title, x="Hour of the day (UTC)", height=400,
                 description=f"Grid of mean requests an hour by weekday and hour. {title}.")  # fmt: skip
    fits = float(np.nanmax(found.hours)) < _MOST_IN_CELL
    days = [day if np.isnan(mean) else f"{day}, {rounded(mean)} a day"
            for day, mean in zip(WEEKDAYS, found.weekday_means, strict=True)]  # fmt: skip
    fig.add_heatmap(
        z=found.hours, x=list(range(24)), y=days, colorscale=_PALE_TO_BLUE, xgap=1, ygap=1, zmin=0,
        texttemplate="%{z:.0f}" if fits else None, textfont={"size": 11}, hoverongaps=False,
        colorbar={"title": {"text": "Requests<br>an hour"}, "thickness": 14},
        hovertemplate="%{y}, %{x}:00 UTC: %{z:.1f} requests<extra></extra>",
    )  # fmt: skip
    fig.add_shape(type="rect", x0=found.peak_hour - 0.5, x1=found.peak_hour + 0.5, y0=-0.5, y1=6.5,
                  line={"color": ORANGE, "width": 3})  # fmt: skip
    fig.add_annotation(x=found.peak_hour, y=1.0, yref="paper", yanchor="bottom", text="peak hour", showarrow=False,
                       font={"color": ORANGE})  # fmt: skip
    fig.update_xaxes(dtick=2, showgrid=False)
    fig.update_yaxes(autorange="reversed", showgrid=False)
    fig.update_layout(margin={"t": 85})
    return fig
