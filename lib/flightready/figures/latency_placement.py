"""Chart of the three places where the answer can be computed: how many requests each answers within which time."""

from __future__ import annotations

from html import escape
from math import log10

import plotly.graph_objects as go

from flightready.figures.theme import BLUE, GREEN, PURPLE, RED, figure
from flightready.narrative import latency_placement as words
from flightready.options.result import Placement
from flightready.wording import seconds

_LOOKS = {"both": (GREEN, "solid"), "edge": (PURPLE, "dot"), "cloud": (BLUE, "dash")}
"""Devices alone are drawn over devices with the cloud behind, which they partly follow."""
_TICKS_S = tuple(step * 10.0**power for power in range(-4, 6) for step in (1, 3))


def figure_placement(found: Placement, currency: str) -> go.Figure:
    """Draw the share of all requests that each place answers within which time, with what is in time.

    Parameters
    ----------
    found : Placement
        At least one place whose times are known.
    currency : str
        Of the amounts in the legend.
    """
    title = words.title(found)
    fig = figure(
        escape(title, quote=False), x="Time from request to answer (equal steps are equal factors)", height=480,
        y="Requests answered within that time (% of all)",
        description=f"Rising curves of the share of all requests answered within a time, one a place. {title}.",
    )  # fmt: skip
    for place in sorted(found.places, key=lambda p: list(_LOOKS).index(p.key)):
        if place.within is None:
            continue
        colour, dash = _LOOKS[place.key]
        name = words.label(found, place, currency)
        fig.add_scatter(
            x=found.times_s, y=100 * place.within, name=escape(name, quote=False), mode="lines",
            line={"color": colour, "dash": dash, "width": 3},
            hovertemplate=f"{words.NAMES[place.key]}: %{{y:.1f}} % within %{{x:.3g}} s<extra></extra>",
        )  # fmt: skip
    if found.limit_s is not None:
        fig.add_vline(x=found.limit_s, line={"color": RED, "width": 2, "dash": "dashdot"})
        fig.add_annotation(x=log10(found.limit_s), y=1, yref="paper", yanchor="bottom", showarrow=False,
                           text=f"in time: {seconds(found.limit_s)}", font={"color": RED})  # fmt: skip
    shown = [t for t in _TICKS_S if found.times_s[0] <= t <= found.times_s[-1]]
    fig.update_xaxes(type="log", tickvals=shown, ticktext=[seconds(t) for t in shown])
    fig.update_yaxes(range=[0, 104])
    fig.update_layout(legend={"orientation": "v", "y": -0.2, "yanchor": "top"}, margin={"b": 150})
    return fig
