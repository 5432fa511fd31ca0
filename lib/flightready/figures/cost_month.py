"""Charts of a month in production: its parts, what drives it, and how it grows with users."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.cost.month import MonthPart
from flightready.cost.result import CostResult
from flightready.draws import Summary
from flightready.figures.cost import is_far, note_far
from flightready.figures.theme import BLUE, GREY, HATCHED, INK, ORANGE, PAPER, PRODUCTION, RED, SKY, figure
from flightready.narrative.cost_terms import input_label, part_label
from flightready.wording import money, number, share, sign, with_noun

_LEFT_OF_ZERO = 0.02  # of the axis, so that the mark of a small pilot lies beside the figures of the other axis


def figure_parts(result: CostResult) -> go.Figure:
    """Draw a month by part: middle and 90 % interval, what grows with the load apart from what does not."""
    month, c = result.month, result.currency
    parts = sorted(month.parts, key=lambda p: p.summary.median)
    total = float(month.total_usd.mean()) or 1.0
    top = max(parts, key=lambda p: p.summary.mean)
    of = "what a month costs" if month.is_planned else "what 1,000 requests cost"
    title = f"{part_label(top)} is {share(top.summary.mean / total)} of {of}"
    axis = f"Cost of a month at the planned load ({c})" if month.is_planned else f"Cost of 1,000 requests ({c})"
    fig = figure(title, x=axis, height=170 + 44 * len(parts),
                 description=f"Bars of the cost of a month by part, with 90 % intervals. {title}.")  # fmt: skip
    rows = [part_label(p) for p in parts]
    for fixed, name, colour, pattern in ((False, "grows with the requests", BLUE, ""),
                                         (True, "stays whatever the load", GREY, "/")):  # fmt: skip
        found = [p for p in parts if p.fixed == fixed]
        if found:
            _part_bars(fig, found, c, name, {"color": colour, "pattern": HATCHED | {"shape": pattern}})
    fig.add_scatter(
        x=[p.summary.high for p in parts], y=rows, mode="text", textposition="middle right", cliponaxis=False,
        text=[f"  {money(p.summary.median, c)}" for p in parts], showlegend=False, hoverinfo="skip",
    )  # fmt: skip
    fig.update_xaxes(range=[0, 1.2 * max(p.summary.high for p in parts) or 1.0], tickprefix=sign(c),
                     separatethousands=True)  # fmt: skip
    fig.update_yaxes(categoryorder="array", categoryarray=rows, showgrid=False, ticksuffix="  ")
    fig.update_layout(bargap=0.3, showlegend=any(p.fixed for p in parts), margin={"t": 100})
    return fig


def _part_bars(fig: go.Figure, parts: list[MonthPart], currency: str, name: str, marker: dict) -> None:
    middle = [p.summary.median for p in parts]
    fig.add_bar(
        y=[part_label(p) for p in parts], x=middle, orientation="h", name=name, marker=marker,
        error_x={"type": "data", "symmetric": False, "color": INK, "thickness": 1.5,
                 "array": [p.summary.high - m for p, m in zip(parts, middle, strict=True)],
                 "arrayminus": [m - p.summary.low for p, m in zip(parts, middle, strict=True)]},
        customdata=[[money(p.summary.low, currency), money(p.summary.high, currency)] for p in parts],
        hovertemplate="%{y}: %{customdata[0]} to %{customdata[1]}, nine times in ten<extra></extra>",
    )  # fmt: skip


def figure_drivers(result: CostResult) -> go.Figure:
    """Draw how far each uncertain input moves the month, from its lowest to its highest tenth."""
    c, middle, found = result.currency, result.monthly.median, result.drivers[::-1]
    top = found[-1]
    title = f"{share(round(top.share, 2))} of the spread comes from the {input_label(top.name)}"
    fig = figure(title, x=f"Cost of a month ({c}), middle of the cases", height=190 + 56 * len(found),
                 description=f"Bars from the lowest to the highest tenth of each input. {title}.")  # fmt: skip
    rows = [f"{input_label(d.name)} ({share(round(d.share, 2))})" for d in found]
    sides = (("input in its lowest tenth", [d.low_usd for d in found], SKY, "."),
             ("input in its highest tenth", [d.high_usd for d in found], ORANGE, ""))  # fmt: skip
    for name, ends, colour, pattern in sides:
        fig.add_bar(
            y=rows, x=[end - middle for end in ends], base=middle, orientation="h", name=name, cliponaxis=False,
            marker={"color": colour, "pattern": HATCHED | {"shape": pattern}}, offsetgroup="one",
            text=[money(end, c) for end in ends], textposition="outside",
            hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip
    fig.add_vline(x=middle, line={"color": INK, "dash": "dot", "width": 2})
    ends = [e for d in found for e in (d.low_usd, d.high_usd)]
    room = 0.2 * (max(ends) - min(ends))
    fig.update_xaxes(range=[min(ends) - room, max(ends) + room], tickprefix=sign(c), separatethousands=True)
    fig.update_yaxes(showgrid=False, ticksuffix="  ")
    fig.update_layout(barmode="overlay", bargap=0.35, margin={"t": 100})
    return fig


def figure_users(result: CostResult) -> go.Figure:
    """Draw the cost of a month against users a day, with the pilot, the plan and the approved amount."""
    curve, c = result.curve, result.currency
    users, month = with_noun(number(result.users_per_day.median), "user"), money(result.monthly.median, c)
    title = f"At {users} a day a month costs about {month}"
    fig = figure(title, x="Users a day", y=f"Cost of a month ({c})", height=460,
                 description=f"Line of monthly cost against users a day with a 90 % band. {title}.")  # fmt: skip
    fig.add_scatter(x=curve.users, y=curve.low_usd, line={"width": 0}, showlegend=False, hoverinfo="skip")
    fig.add_scatter(x=curve.users, y=curve.high_usd, line={"width": 0}, fill="tonexty", name="nine times in ten",
                    fillcolor="rgba(11,95,165,0.18)", hoverinfo="skip")  # fmt: skip
    fig.add_scatter(x=curve.users, y=curve.median_usd, name="middle", line={"color": BLUE, "width": 3}, mode="lines",
                    hovertemplate="%{x:,.0f} users: %{y:,.0f}<extra></extra>")  # fmt: skip
    _mark_plan(fig, result)
    if result.approval is not None:
        _mark_approval(fig, result)
    fig.update_yaxes(tickprefix=sign(c), separatethousands=True, rangemode="tozero")
    last = float(curve.users[-1])
    fig.update_xaxes(separatethousands=True, tickformat=",d", range=[-_LEFT_OF_ZERO * last, last])
    fig.update_layout(margin={"t": 100}, legend={"y": 1.0})
    return fig


def mark_planned_range(fig: go.Figure, plan: Summary) -> None:
    """Mark the planned users on a chart over users a day; nothing where the plan is one number."""
    if plan.low < plan.high:
        fig.add_vrect(
            x0=plan.low,
            x1=plan.high,
            fillcolor=PRODUCTION,
            opacity=0.12,
            line_width=0,
            annotation={"text": "planned", "font": {"color": PRODUCTION}},
            annotation_position="inside top left",
        )


def _mark_plan(fig: go.Figure, result: CostResult) -> None:
    plan, c = result.users_per_day, result.currency
    mark_planned_range(fig, plan)
    fig.add_scatter(
        x=[plan.median],
        y=[result.monthly.median],
        mode="markers",
        name="planned load",
        marker={"symbol": "diamond", "size": 13, "color": PRODUCTION, "line": {"color": INK, "width": 1}},
        hovertemplate=f"planned: %{{x:,.0f}} users, {money(result.monthly.median, c)}<extra></extra>",
    )
    if result.pilot_users_per_day is not None and result.pilot_monthly_usd is not None:
        x, y = result.pilot_users_per_day, result.pilot_monthly_usd
        fig.add_scatter(
            x=[x],
            y=[y],
            mode="markers",
            name="pilot",
            hoverinfo="skip",
            cliponaxis=False,
            marker={"symbol": "circle", "size": 13, "color": SKY, "line": {"color": INK, "width": 1}},
        )
        fig.add_annotation(x=x, y=y, text=f"pilot: {money(y, c)}", ax=70, ay=-55, standoff=8, bgcolor=PAPER,
                           arrowcolor=INK)  # fmt: skip


def _mark_approval(fig: go.Figure, result: CostResult) -> None:
    a, c = result.approval, result.currency
    if is_far(a.approved_usd, float(result.curve.high_usd[-1])):
        note_far(fig, a.approved_usd, c)
        return
    fig.add_hline(y=a.approved_usd, line={"color": RED, "dash": "dash", "width": 2},
                  annotation={"text": f"approved {money(a.approved_usd, c)}", "font": {"color": RED}},
                  annotation_position="top left")  # fmt: skip
    if a.users_at_approval is not None and a.users_at_approval <= result.curve.users[-1]:
        fig.add_scatter(x=[a.users_at_approval], y=[a.approved_usd], mode="markers",
                        name="approval enough in 9 of 10 cases up to here",
                        marker={"symbol": "x", "size": 11, "color": RED},
                        hovertemplate="up to %{x:,.0f} users<extra></extra>")  # fmt: skip
