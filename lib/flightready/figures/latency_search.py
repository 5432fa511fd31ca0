"""Chart of the search for the cheapest policy: cost of a month against the share of requests in time."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.figures.theme import BLUE, GREEN, GREY, INK, MUTED, ORANGE, PURPLE, RED, figure
from flightready.narrative import latency_search as words
from flightready.options.policy_search import PolicySearch
from flightready.options.policy_trial import Trial
from flightready.wording import money, seconds

_HEIGHT = 480


def figure_policies(result: PolicySearch) -> go.Figure:
    """Draw every policy by cost and share in time, with the line that no other beats, the present one and the chosen.

    Parameters
    ----------
    result : PolicySearch
        In which something was searched.
    """
    title = words.title(result)
    fig = figure(
        escape(title, quote=False), x=f"Cost of a month ({result.currency}), every input at its middle",
        y=f"Answered within {seconds(result.limit_s)} (% of all requests)", height=_HEIGHT,
        description=f"Policies by monthly cost and share of requests answered in time. {title}.",
    )  # fmt: skip
    fig.add_scatter(
        x=result.all_usd, y=100 * result.all_in_time, mode="markers", name="every policy, short run", hoverinfo="skip",
        marker={"symbol": "circle-open", "size": 6, "color": GREY, "opacity": 0.6},
    )  # fmt: skip
    _line(fig, result)
    _needed(fig, result)
    marks = [("misses least", result.closest, "triangle-up", ORANGE),
             ("present policy", result.present, "diamond", INK),
             ("a model that may not be chosen", result.if_accurate, "x", RED),
             ("cheapest that holds", result.chosen, "star", GREEN)]  # fmt: skip
    for name, trial, symbol, colour in marks:
        if trial is not None:
            _mark(fig, result, name, trial, symbol, colour)
    fig.update_xaxes(rangemode="tozero")
    return fig


def _line(fig: go.Figure, result: PolicySearch) -> None:
    fig.add_scatter(
        x=[t.monthly_usd for t in result.frontier], y=[100 * t.in_time_share for t in result.frontier],
        mode="lines+markers", name="none is cheaper and as often in time",
        line={"color": BLUE, "width": 2, "shape": "hv"},
        marker={"symbol": "circle", "size": 8, "color": BLUE}, hovertemplate="%{text}<extra></extra>",
        text=[_hover(result, t) for t in result.frontier],
    )  # fmt: skip


def _needed(fig: go.Figure, result: PolicySearch) -> None:
    """The share that the shortest budget asks for."""
    asked = next((r for r in result.requirements if r.within_s == result.limit_s), None)
    if asked is None:
        return
    fig.add_hline(y=100 * asked.share, line={"color": PURPLE, "dash": "dash", "width": 1.5})
    fig.add_annotation(x=0, xref="paper", xanchor="left", y=100 * asked.share, yanchor="bottom", showarrow=False,
                       text=f"{100 * asked.share:g} of 100 are asked for", font={"color": PURPLE})  # fmt: skip


def _mark(fig: go.Figure, result: PolicySearch, name: str, trial: Trial, symbol: str, colour: str) -> None:
    fig.add_scatter(
        x=[trial.monthly_usd], y=[100 * trial.in_time_share], mode="markers", name=name,
        marker={"symbol": symbol, "size": 15, "color": colour, "line": {"color": MUTED, "width": 1}},
        hovertemplate="%{text}<extra></extra>", text=[_hover(result, trial)],
    )  # fmt: skip


def _hover(result: PolicySearch, trial: Trial) -> str:
    month = money(trial.monthly_usd, result.currency)
    return f"{escape(words.policy_words(result, trial.policy))}<br>{month} a month, {trial.in_time_share:.1%} in time"
