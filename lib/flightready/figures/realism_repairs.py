"""The chart of the data work: how many records need each repair, in the order that touches most of them soonest."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.figures.theme import INK, MUTED, PRODUCTION, figure
from flightready.narrative.realism_repairs import named, per_thousand
from flightready.realism.result import RealismResult
from flightready.wording import share

_MOST = 12
_PER = 1000


def figure_repairs(result: RealismResult) -> go.Figure:
    """Return the repairs as bars, the first one on top, with the share of affected records free of defects so far.

    Parameters
    ----------
    result : RealismResult
        With at least one repair.
    """
    shown = result.repairs[:_MOST]
    if not shown:
        raise ValueError("a chart of repairs needs at least one")
    first, left_out = shown[0], len(result.repairs) - len(shown)
    made = figure(
        f"Mend {escape(named(first))} first: {share(first.touched)} of the affected records need it"
        + (f" (the first {_MOST} of {len(result.repairs)} repairs)" if left_out else ""),
        x="of 1,000 raw records need it (line: nine times in ten)<br>"
        "order: each reaches most records that those above it have not reached", height=170 + 40 * len(shown),
        description="How many of 1,000 raw records need each repair, in the order that touches most of them soonest",
    )  # fmt: skip
    labels = [f"{place}. {escape(named(r))}" for place, r in enumerate(shown, start=1)]
    rates = [r.records for r in shown]
    made.add_bar(
        y=labels, x=[_PER * r.share for r in rates], orientation="h", marker={"color": PRODUCTION}, showlegend=False,
        error_x={"type": "data", "symmetric": False, "color": INK, "thickness": 2, "width": 5,
                 "array": [_PER * (r.interval.high - r.share) for r in rates],
                 "arrayminus": [_PER * (r.share - r.interval.low) for r in rates]},
        customdata=[f"{r.records.hits:,} of {r.records.n:,} records: {per_thousand(r, ' of 1,000')}" for r in shown],
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    for label, repair in zip(labels, shown, strict=True):
        made.add_annotation(
            y=label, x=1.01, xref="paper", xanchor="left", showarrow=False, text=share(repair.mended),
            font={"size": 14, "color": INK},
        )  # fmt: skip
    made.add_annotation(
        x=1.01, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=4, showarrow=False,
        align="left", text="affected records<br>free of defects<br>after this one", font={"size": 12, "color": MUTED},
    )  # fmt: skip
    made.update_layout(margin={"t": 110, "r": 150})
    made.update_xaxes(rangemode="tozero", tickformat=",~g")
    made.update_yaxes(autorange="reversed", type="category", ticklabelstandoff=6)
    return made
