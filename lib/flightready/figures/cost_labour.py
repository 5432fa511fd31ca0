"""Charts of people who review."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.labour import Labour
from flightready.draws import Summary
from flightready.figures.cost_month import mark_planned_range
from flightready.figures.theme import BLUE, INK, PRODUCTION, figure
from flightready.wording import number, with_noun


def figure_reviewers(labour: Labour, users: Summary) -> go.Figure:
    """Draw the people at work at once against users a day, with the plan marked.

    Parameters
    ----------
    labour : Labour
        With a curve.
    users : Summary
        Planned users a day.
    """
    curve, at_work = labour.curve, labour.staffing.at_work
    people = "1 person reviews" if at_work.median == 1 else f"{number(at_work.median)} people review"
    title = f"At {with_noun(number(users.median), 'user')} a day, {people} at the same time"
    fig = figure(title, x="Users a day", y="People at work at once", height=420,
                 description=f"Line of people at work against users a day with a 90 % band. {title}.")  # fmt: skip
    ends = {"line": {"width": 0, "shape": "hv"}, "hoverinfo": "skip", "x": curve.users, "mode": "lines"}
    fig.add_scatter(y=curve.at_work_low, showlegend=False, **ends)
    fig.add_scatter(y=curve.at_work_high, fill="tonexty", fillcolor="rgba(11,95,165,0.18)", name="nine times in ten",
                    **ends)  # fmt: skip
    fig.add_scatter(x=curve.users, y=curve.at_work, name="middle", line={"color": BLUE, "width": 3, "shape": "hv"},
                    mode="lines", hovertemplate="%{x:,.0f} users: %{y:,.0f} people<extra></extra>")  # fmt: skip
    mark_planned_range(fig, users)
    fig.add_scatter(
        x=[users.median], y=[at_work.median], mode="markers", name="planned load",
        marker={"symbol": "diamond", "size": 13, "color": PRODUCTION, "line": {"color": INK, "width": 1}},
        hovertemplate="planned: %{x:,.0f} users, %{y:,.0f} people<extra></extra>",
    )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", tickformat=",d")
    fig.update_xaxes(rangemode="tozero", tickformat=",d")
    fig.update_layout(margin={"t": 100}, legend={"y": 1.0})
    return fig
