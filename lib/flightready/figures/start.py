"""Charts of what is there: findings by question, records by file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from flightready.evidence import Finding, State
from flightready.figures.theme import BLUE, STATE_COLOUR, figure
from flightready.narrative.readiness import STATE_SYMBOL, STATE_WORDS

QUESTIONS = {
    "realism": "Data realism", "evaluation": "Evaluation", "cost": "Cost at scale", "latency": "Latency budget",
    "roi": "Value", "outcome": "Outcome", "integrations": "Integrations", "team": "Team",
}  # fmt: skip


def figure_findings(findings: Sequence[Finding]) -> go.Figure:
    """Draw the findings of each subject by state."""
    subjects = [s for s in QUESTIONS if any(f.id.split(".")[0] == s for f in findings)]
    decided = sum(f.state in (State.PASS, State.FAIL) for f in findings)
    fig = figure(
        f"{decided} of {len(findings)} findings are decided", x="Number of findings",
        height=90 + 46 * max(4, len(subjects)),
        description=f"Bars of findings by subject and state; {decided} of {len(findings)} are decided.",
    )  # fmt: skip
    for state in (State.PASS, State.FAIL, State.UNKNOWN):
        counts = [sum(f.state is state and f.id.split(".")[0] == s for f in findings) for s in subjects]
        fig.add_bar(
            y=[QUESTIONS[s] for s in subjects], x=counts, orientation="h", marker_color=STATE_COLOUR[state],
            name=f"{STATE_SYMBOL[state]} {STATE_WORDS[state]}", textposition="inside", insidetextanchor="middle",
            text=[f"{STATE_SYMBOL[state]} {n}" if n else "" for n in counts], textangle=0,
            hovertemplate="%{y}: %{x}<extra></extra>",
        )  # fmt: skip
    fig.update_layout(barmode="stack")
    fig.update_yaxes(autorange="reversed")
    fig.update_xaxes(dtick=1 if len(findings) < 30 else None)
    return fig


def figure_files(sizes_bytes: Mapping[str, int]) -> go.Figure:
    """Draw the size of each input file."""
    names = sorted(sizes_bytes, key=lambda n: sizes_bytes[n])
    total = sum(sizes_bytes.values()) / 1e6
    fig = figure(
        f"{len(names)} input files, {total:.1f} MB in all", x="Size (MB)", height=110 + 34 * max(3, len(names)),
        description=f"Bars of the size of {len(names)} input files.",
    )  # fmt: skip
    fig.add_bar(y=names, x=[sizes_bytes[n] / 1e6 for n in names], orientation="h", marker_color=BLUE,
                text=[f"{sizes_bytes[n] / 1e6:.2f}" for n in names], textposition="outside", cliponaxis=False,
                hovertemplate="%{y}: %{x:.2f} MB<extra></extra>")  # fmt: skip
    return fig
