"""Charts of rate limits: how full each limit is, by users a day, and at the planned peak."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from flightready.figures.theme import BLUE, INK, RED, figure
from flightready.narrative.cost_limits import times
from flightready.traffic.analysis import TrafficResult
from flightready.traffic.replay import LimitReplay
from flightready.wording import number, rounded, share

_SCALE = [[0.0, "#eef4fa"], [0.499, "#7fb0da"], [0.5, "#f6c9b4"], [1.0, "#8f1f17"]]
"""Blue below the limit, red above it; the step lies at the limit itself, and each cell carries its number."""
_TOP = 2.0  # use at which the colour no longer changes


def figure_limit_map(replay: LimitReplay) -> go.Figure:
    """Draw the use of each limit in its busiest minute, by users a day, with the plan marked."""
    use = np.asarray(replay.use)
    names = [f"{escape(r.rule.name)}<br>limit {number(r.rule.per_minute)}" for r in replay.rules]
    columns = [f"{rounded(u)}" for u in replay.users]
    planned = int(np.argmin(np.abs(np.array(replay.users) - replay.planned_users)))
    columns[planned] = f"<b>{columns[planned]}</b><br>planned"
    fig = figure(_map_title(replay, use[:, planned]), x="Users a day", height=190 + 74 * len(names),
                 description="Grid of how full each rate limit is in its busiest minute, by users a day.")  # fmt: skip
    x = list(range(len(columns)))
    fig.add_heatmap(
        x=x, y=names, z=np.minimum(use, _TOP), zmin=0.0, zmax=_TOP, colorscale=_SCALE, showscale=False, xgap=3, ygap=3,
        customdata=use, hovertemplate="%{y}: %{customdata:.2f} times the limit<extra></extra>",
    )  # fmt: skip
    for (row, column), value in np.ndenumerate(use):
        over = value > 1
        fig.add_annotation(
            x=column, y=names[row], text=_cell(value), showarrow=False,
            font={"color": "#ffffff" if value > 0.75 * _TOP else INK, "size": 14},
        )  # fmt: skip
        if over:  # seen without colour, too
            fig.add_annotation(x=column, y=names[row], text="over", showarrow=False, yshift=-17,
                               font={"color": "#ffffff" if value > 0.75 * _TOP else INK, "size": 11})  # fmt: skip
    fig.add_shape(type="rect", x0=planned - 0.5, x1=planned + 0.5, y0=-0.5, y1=len(names) - 0.5,
                  line={"color": INK, "width": 3})  # fmt: skip
    fig.update_xaxes(tickvals=x, ticktext=columns, showgrid=False)
    fig.update_yaxes(autorange="reversed", showgrid=False, ticksuffix="  ")
    return fig


def _cell(use: float) -> str:
    return f"{use:.1f} ×" if 1 < use < 100 else f"{use:,.0f} ×" if use >= 100 else share(round(use, 2))


def _map_title(replay: LimitReplay, use: np.ndarray) -> str:
    worst = int(np.argmax(use))
    noun, value = replay.rules[worst].rule.noun, use[worst]
    users = rounded(replay.planned_users)
    return f"At {users} users a day the busiest minute asks for {times(value)} the limit on {noun}s a minute"


def figure_limits(result: TrafficResult) -> go.Figure:
    """Draw what the mean of the planned peak asks of each rate limit, as a share of the limit."""
    uses = [u for u in result.limits.uses if u.used is not None]
    worst = max(uses, key=lambda u: u.used.median)
    fig = figure(
        f"The planned peak needs {times(worst.used.median)} the limit on {worst.noun}s a minute",
        x="Share of the limit used in the peak hour (%)",
        height=170 + 70 * len(uses),
        description="Bars of the share of each rate limit that the planned peak needs, with a line at the limit.",
    )
    fig.add_bar(
        y=[f"{escape(u.name)}<br>{number(u.required.median)} of {number(u.limit)}" for u in uses],
        x=[100 * u.used.median for u in uses],
        orientation="h",
        width=0.5,
        marker={"color": [RED if u.used.median >= 1 else BLUE for u in uses]},
        showlegend=False,
        error_x={
            "type": "data",
            "symmetric": False,
            "color": INK,
            "array": [100 * (u.used.high - u.used.median) for u in uses],
            "arrayminus": [100 * (u.used.median - u.used.low) for u in uses],
        },
        hovertemplate="%{y}: %{x:.0f} % of the limit<extra></extra>",
    )
    fig.add_vline(
        x=100, line={"color": INK, "width": 2, "dash": "dash"}, annotation_text="limit", annotation_position="top"
    )
    fig.update_xaxes(rangemode="tozero")
    return fig
