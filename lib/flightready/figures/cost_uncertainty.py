"""Charts of what a short log cannot know: the range at three spreads, and the forecast held against what came."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.cost.result import CostResult
from flightready.figures.cost import is_far, note_far
from flightready.figures.theme import BLUE, GREY, INK, MUTED, ORANGE, RED, figure
from flightready.narrative.cost_uncertainty import case_names, dear_end
from flightready.wording import count, money, sign

_THOUSAND = 1000  # a single request costs too little to read


def figure_conditional(result: CostResult) -> go.Figure:
    """Draw the 90 % range at half, as stated and double the spread, against the approved amount."""
    cases, c = result.uncertainty.conditional.cases, result.currency
    is_month = cases[0].monthly is not None
    what = "a month" if is_month else "1,000 requests"
    title = (
        f"The dear end of {what}: {money(dear_end(cases[0]), c)} to {money(dear_end(cases[2]), c)}, by what is assumed"
    )
    fig = figure(title, x=f"Cost of {what} ({c}), nine times in ten", height=300,
                 description=f"Three ranges of the cost of {what}. {title}.")  # fmt: skip
    for name, case, colour, width in zip(case_names(result), cases, (GREY, BLUE, GREY), (8, 12, 8), strict=True):
        low, middle, high = _ends(case.monthly, 1.0) if is_month else _ends(case.per_request, _THOUSAND)
        fig.add_scatter(
            x=[low, high], y=[name] * 2, mode="lines+text", line={"color": colour, "width": width},
            text=[f"{money(low, c)}  ", f"  {money(high, c)}"], textposition=["middle left", "middle right"],
            cliponaxis=False, hoverinfo="skip",
        )  # fmt: skip
        fig.add_scatter(
            x=[middle], y=[name], mode="markers", hovertemplate=f"{name}: middle {money(middle, c)}<extra></extra>",
            marker={"color": INK, "size": 11, "symbol": "line-ns-open", "line": {"width": 3}},
        )  # fmt: skip
    approved = result.approval.approved_usd if is_month and result.approval else None
    top = dear_end(cases[2])
    if approved is not None and is_far(approved, top):
        note_far(fig, approved, c)
    elif approved is not None:
        top = max(top, approved)
        fig.add_vline(x=approved, line={"color": RED, "dash": "dash", "width": 2},
                      annotation={"text": f"approved {money(approved, c)}", "font": {"color": RED}, "yanchor": "bottom",
                                  "y": 1.0, "yref": "paper"})  # fmt: skip
    fig.update_xaxes(range=[0, 1.2 * top], separatethousands=True, tickprefix=sign(c))
    fig.update_yaxes(
        autorange="reversed", showgrid=False, ticksuffix="  ", title_text="Production differs from the pilot"
    )
    fig.update_layout(showlegend=False)
    return fig


def figure_backtest(result: CostResult) -> go.Figure:
    """Draw what was forecast for each day from the days before it, and what the day really cost."""
    found, c, seen = result.backtest, result.currency, result.basis.observed
    days, n = found.days, found.n
    title = f"{days.covered} of {count(n, 'day')} cost what was forecast from the days before"
    fig = figure(title, x="Day (UTC)", y=f"Cost of 1,000 requests ({c})", height=420,
                 description=f"A band of forecasts and a dot for each day's cost. {title}.")  # fmt: skip
    at = _dates(days.day)
    fig.add_scatter(x=np.concatenate([at, at[::-1]]), y=_THOUSAND * np.concatenate([days.high_usd, days.low_usd[::-1]]),
                    fill="toself", fillcolor="rgba(11,95,165,0.18)", line={"width": 0, "shape": "hvh"}, mode="lines",
                    hoverinfo="skip",
                    name="forecast, nine times in ten")  # fmt: skip
    fig.add_scatter(x=at, y=_THOUSAND * days.middle_usd, mode="lines", line={"color": BLUE, "width": 2, "shape": "hvh"},
                    name="its middle", hoverinfo="skip")  # fmt: skip
    inside = (days.low_usd <= days.actual_usd) & (days.actual_usd <= days.high_usd)
    before = seen.comparable & (seen.day < days.day[0])
    for days_of, costs, name, colour, symbol in (
        (_dates(seen.day[before]), seen.mean_usd[before], "days before the first forecast", MUTED, "circle-open"),
        (at[inside], days.actual_usd[inside], "day within its range", ORANGE, "circle"),
        (at[~inside], days.actual_usd[~inside], "day outside its range", RED, "x"),
    ):
        if len(costs):
            fig.add_scatter(x=days_of, y=_THOUSAND * costs, mode="markers", name=name,
                            marker={"color": colour, "symbol": symbol, "size": 10},
                            hovertemplate="%{x|%Y-%m-%d}: %{y:,.2f}<extra></extra>")  # fmt: skip
    fig.update_yaxes(rangemode="tozero", separatethousands=True, tickprefix=sign(c))
    fig.update_layout(margin={"t": 110}, legend={"y": 1.02})
    return fig


def _ends(summary: object, scale: float) -> tuple[float, float, float]:
    return scale * summary.low, scale * summary.median, scale * summary.high


def _dates(days: np.ndarray) -> np.ndarray:
    return days.astype("datetime64[D]").astype("datetime64[ms]")
