"""Charts of the pilot's results and of the plan against what came."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.figures.theme import BLUE, GREY, INK, MUTED, ORANGE, figure
from flightready.roi.actuals import PlanAgainstActual
from flightready.roi.approved import HIGH, LOW, MIDDLE
from flightready.roi.effects import Compared
from flightready.roi.pilot_effects import PilotEffects
from flightready.roi.results_findings import written
from flightready.wording import money


def figure_effect(found: PilotEffects) -> go.Figure:
    """Draw the effect on the deciding metric: one line a period, all together last, with what was planned."""
    effect, scale = found.deciding, 100.0 if found.deciding.is_share else 1.0
    unit = "points" if effect.is_share else effect.unit
    shown = [(p.period or "the period", p.compared) for p in effect.periods] if len(effect.periods) > 1 else []
    shown.append(("all together", effect.whole))
    fig = figure(
        f"With the pilot '{effect.metric}' changes by {written(effect, effect.whole.difference)}",
        x=f"{found.treated} less {found.control}{f' ({unit})' if unit else ''}, nine times in ten",
        height=150 + 34 * len(shown),
        description=f"Difference of {effect.metric} between the two arms, by period and together.",
    )  # fmt: skip
    for name, c in shown:
        _whisker(fig, name, c, scale, is_whole=name == "all together")
    fig.add_vline(x=0, line={"color": INK, "width": 1}, annotation_text="no difference", annotation_position="top")
    if found.planned is not None and effect.lower_is_better is not None:
        planned = (-found.planned if effect.lower_is_better else found.planned) * scale
        fig.add_vline(x=planned, line={"color": ORANGE, "dash": "dash"}, annotation_text="planned",
                      annotation_position="top")  # fmt: skip
    fig.update_yaxes(autorange="reversed", type="category")
    fig.update_layout(showlegend=False, margin={"t": 90})
    return fig


def _whisker(fig: go.Figure, name: str, c: Compared, scale: float, *, is_whole: bool) -> None:
    colour = BLUE if is_whole else GREY
    fig.add_scatter(
        x=[c.difference * scale], y=[name], mode="markers",
        marker={"color": colour, "size": 12 if is_whole else 9, "symbol": "diamond" if is_whole else "circle"},
        error_x={"type": "data", "symmetric": False, "array": [(c.interval.high - c.difference) * scale],
                 "arrayminus": [(c.difference - c.interval.low) * scale], "color": colour,
                 "thickness": 3 if is_whole else 1.5},
        hovertemplate=f"{c.treated.n + c.control.n:,} cases: %{{x:.3g}}<extra>{name}</extra>",
    )  # fmt: skip


def figure_plan(found: PlanAgainstActual) -> go.Figure:
    """Draw cumulative net value as it came, over the approved plan and its range, and where it leads."""
    c, came = found.currency, float(found.cumulative[-1])
    fig = figure(
        f"{money(came, c)} came in by {found.labels[-1]}", y=f"Cumulative net value ({c})",
        x="Months since the approval" if found.plan is not None else "Month",
        description=f"Cumulative net value against the approved plan; {money(came, c)} by {found.labels[-1]}.",
    )  # fmt: skip
    at = found.months
    if found.plan is None:
        fig.add_scatter(x=list(found.labels), y=found.cumulative, name="actual", mode="lines+markers",
                        line={"color": BLUE, "width": 3})  # fmt: skip
        return fig
    months = np.arange(found.plan.months + 1)
    low, middle, high = (found.plan.cumulative[i] for i in (LOW, MIDDLE, HIGH))
    fig.add_scatter(x=months, y=low, line={"width": 0}, showlegend=False, hoverinfo="skip")
    fig.add_scatter(x=months, y=high, line={"width": 0}, fill="tonexty", name="plan, nine times in ten",
                    fillcolor="rgba(91,107,122,0.18)", hoverinfo="skip")  # fmt: skip
    fig.add_scatter(x=months, y=middle, name="plan, middle", line={"color": MUTED, "dash": "dot"})
    fig.add_scatter(x=at, y=found.cumulative, name="actual", mode="lines+markers", line={"color": BLUE, "width": 3},
                    text=list(found.labels), hovertemplate="%{text}: %{y:,.0f}<extra></extra>")  # fmt: skip
    f = found.forecast
    if f is not None:
        end = found.plan.months
        fig.add_scatter(
            x=[end], y=[f.value], mode="markers", name="where it leads",
            marker={"color": ORANGE, "symbol": "diamond", "size": 12},
            error_y={"type": "data", "symmetric": False, "array": [f.interval.high - f.value],
                     "arrayminus": [f.value - f.interval.low], "color": ORANGE},
            hovertemplate=f"{money(f.value, c)}<extra></extra>",
        )  # fmt: skip
    fig.add_hline(y=0, line={"color": INK, "width": 1})
    return fig
