"""One look for every chart: colour-blind-safe, readable on paper, never by colour alone."""

from __future__ import annotations

import plotly.graph_objects as go
import plotly.io as pio

INK, MUTED, GRID, PAPER = "#1b2733", "#5b6b7a", "#e3e8ee", "#ffffff"
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0b5fa5", "#c8590a", "#1a7f5a", "#b3261e", "#7a4fa3", "#5aa9d6", "#8a96a3",
)  # fmt: skip
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED, GREY)
DEMO, PRODUCTION = SKY, ORANGE
"""Demo set and pilot are always sky blue, raw production data and production always orange."""
STATE_COLOUR = {"PASS": GREEN, "FAIL": RED, "UNKNOWN": "#9a6b00", "N/A": GREY}
HATCHED = {"shape": "/", "fillmode": "overlay", "fgcolor": "#ffffff", "size": 6, "solidity": 0.25}
"""Pattern of a bar that rests on an assumption or stands for a loss: seen without colour, too."""
FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

pio.templates["flightready"] = go.layout.Template(
    layout={
        "font": {"family": FONT, "size": 14, "color": INK},
        "title": {"x": 0, "xref": "paper", "xanchor": "left", "font": {"size": 17}, "y": 0.97, "yanchor": "top"},
        "colorway": list(SERIES),
        "paper_bgcolor": PAPER, "plot_bgcolor": PAPER,
        "margin": {"l": 80, "r": 30, "t": 70, "b": 60},
        "xaxis": {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": MUTED, "ticks": "outside", "tickcolor": GRID,
                  "automargin": True, "title": {"standoff": 10, "font": {"size": 14}}},
        "yaxis": {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": MUTED, "automargin": True,
                  "title": {"standoff": 10, "font": {"size": 14}}},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom",
                   "traceorder": "normal"},
        "hoverlabel": {"font": {"family": FONT}},
        "bargap": 0.35,
    }
)  # fmt: skip


def figure(title: str, *, x: str = "", y: str = "", height: int = 400, description: str = "") -> go.Figure:
    """Return an empty figure in the house look.

    Parameters
    ----------
    title : str
        The message of the chart in plain words, not the name of its axes.
    x, y : str
        Axis titles with their unit.
    height : int
        Pixels.
    description : str
        One sentence for readers who cannot see the chart; the title when empty.
    """
    made = go.Figure()
    made.update_layout(
        template="flightready", title_text=title, height=height, xaxis_title_text=x, yaxis_title_text=y,
        meta={"description": description or title},
    )  # fmt: skip
    return made
