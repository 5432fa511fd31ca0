"""Charts of the review."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from flightready.evidence import State
from flightready.figures.theme import STATE_COLOUR, figure
from flightready.narrative.readiness import STATE_SYMBOL, STATE_WORDS
from flightready.readiness.questions import Answer
from flightready.readiness.verdict import Review

_GAPS = {
    "G1": "Data",
    "G2": "Infrastructure",
    "G3": "Integration",
    "G4": "Performance",
    "G5": "Governance",
    "G6": "Team",
}


def figure_board(review: Review) -> go.Figure:
    """Draw both checklists as a board of twenty squares, each with its symbol; must-haves have a thick border."""
    yes = sum(a.state is State.PASS for a in review.answers if a.question[0] in "ER")
    fig = figure(
        f"Both checklists: {yes} of 20 answered with yes", height=300,
        description=f"Board of the executive and the readiness list; {yes} of 20 questions are answered with yes.",
    )  # fmt: skip
    must = {q for q, _ in review.must_haves}
    for state in State:
        cells = [a for a in review.answers if a.question[0] in "ER" and a.state is state]
        if cells:
            _squares(fig, state, cells, must)
    fig.update_xaxes(visible=False, range=[0.4, 10.6], fixedrange=True)
    fig.update_yaxes(tickvals=[1, 0], ticktext=["Executive list", "Readiness list"], showgrid=False, zeroline=False,
                     range=[-0.6, 1.6], fixedrange=True, ticks="", tickfont={"size": 14})  # fmt: skip
    fig.update_layout(margin={"b": 20, "t": 90, "l": 110})
    return fig


def _squares(fig: go.Figure, state: State, cells: Sequence[Answer], must: set[str]) -> None:
    fig.add_scatter(
        x=[int(a.question[1:]) for a in cells], y=[1 if a.question[0] == "E" else 0 for a in cells],
        mode="markers+text", name=f"{STATE_SYMBOL[state]} {STATE_WORDS[state]}",
        text=[f"<b>{a.question}</b><br>{STATE_SYMBOL[state]}" for a in cells],
        textfont={"color": "white", "size": 14}, customdata=[a.asks for a in cells],
        hovertemplate="%{customdata}<extra></extra>",
        marker={"symbol": "square", "size": 58, "color": STATE_COLOUR[state],
                "line": {"width": [4 if a.question in must else 0 for a in cells], "color": "#1b2733"}},
    )  # fmt: skip


def figure_by_gap(review: Review) -> go.Figure:
    """Draw how many questions of each gap are yes, no, and cannot be told yet."""
    rows = {g: [a for a in review.answers if a.gap == g] for g in _GAPS}
    closed = sum(all(a.state is State.PASS for a in cells) for cells in rows.values() if cells)
    fig = figure(
        f"{closed} of six gaps closed", x="Number of questions and gates", height=380,
        description="Bars of yes, no and cannot tell yet for each of the six gaps.",
    )  # fmt: skip
    labels = [f"{_GAPS[g]} ({g})" for g in reversed(rows)]
    for state in (State.PASS, State.FAIL, State.UNKNOWN):
        counts = [sum(a.state is state for a in rows[g]) for g in reversed(rows)]
        fig.add_bar(
            y=labels, x=counts, orientation="h", name=f"{STATE_SYMBOL[state]} {STATE_WORDS[state]}",
            marker_color=STATE_COLOUR[state], text=[f"{STATE_SYMBOL[state]} {n}" if n else "" for n in counts],
            textposition="inside", insidetextanchor="middle", textangle=0,
            hovertemplate="%{y}: %{x}<extra></extra>",
        )  # fmt: skip
    fig.update_layout(barmode="stack")
    fig.update_xaxes(dtick=1)
    return fig
