"""Charts of cost at scale."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.cost.result import CostResult
from flightready.draws import Summary
from flightready.figures.theme import BLUE, GREY, HATCHED, INK, ORANGE, RED, SKY, figure
from flightready.narrative.cost_terms import COMPONENTS
from flightready.wording import chance, count, money, share, sign

_BINS = 60
_FAR = 5.0  # times what is drawn: an approved amount beyond it would flatten everything
_TAIL = 0.99  # the farthest draws would flatten everything between
_COLOURS = {
    "uncached_input": BLUE, "cached_input": SKY, "cache_write": GREY, "output": ORANGE, "reasoning": ORANGE,
    "fees": GREY, "other": GREY, "retries": RED, "failures": RED,
}  # fmt: skip
_PATTERNS = {"retries": "/", "failures": "\\", "cached_input": ".", "cache_write": "x", "reasoning": "-"}


def figure_components(result: CostResult) -> go.Figure:
    """Draw where the pilot's money went, one bar a part."""
    spent = result.basis.spent
    parts = sorted(spent.components, key=lambda c: c.amount_usd)
    top, c = parts[-1], result.currency
    total = spent.total_usd or 1.0
    part = share(top.amount_usd / total)
    title = f"{COMPONENTS[top.name]} is {part} of the {money(spent.total_usd, c)} that the pilot spent"
    fig = figure(title, x=f"Spent in the pilot ({c})", height=120 + 52 * len(parts),
                 description=f"Bars of the money spent by part. {title}.")  # fmt: skip
    for p in parts:  # one trace a part: a pattern takes one colour only
        fig.add_bar(
            y=[COMPONENTS[p.name]], x=[p.amount_usd], orientation="h", textposition="outside", cliponaxis=False,
            marker={"color": _COLOURS[p.name], "pattern": HATCHED | {"shape": _PATTERNS.get(p.name, "")}},
            text=[f"{money(p.amount_usd, c)} ({share(p.amount_usd / total)})"],
            hovertemplate="%{y}: %{text}<extra></extra>",
        )  # fmt: skip
    fig.update_xaxes(range=[0, 1.22 * max(top.amount_usd, 1e-9)], tickprefix=sign(c), separatethousands=True)
    fig.update_yaxes(showgrid=False, ticksuffix="  ")
    fig.update_layout(showlegend=False, bargap=0.3)
    return fig


def figure_month(result: CostResult) -> go.Figure:
    """Draw the forecast of a month against the approved amount."""
    approved = result.approval.approved_usd if result.approval else None
    return figure_distribution(result.monthly_usd, result.monthly, result.currency, approved=approved,
                               exceeded=result.approval.exceeded_share if result.approval else None)  # fmt: skip


def figure_distribution(
    draws: np.ndarray, summary: Summary, currency: str, *, approved: float | None, exceeded: float | None
) -> go.Figure:
    """Draw draws of the cost of a month, those above the approved amount hatched."""
    title = f"A month costs {money(summary.low, currency)} to {money(summary.high, currency)}, nine times in ten"
    if approved is not None and exceeded is not None:
        title = f"The chance of a month above the approved {money(approved, currency)} is {chance(exceeded)}"
    fig = figure(title, x=f"Cost of a month ({currency}); the dearest 1 % lie further right", y="Share of cases (%)",
                 height=420,
                 description=f"Histogram of the forecast of a month. {title}.")  # fmt: skip
    values = draws.ravel()
    top = float(np.quantile(values, _TAIL))
    low = min(float(values.min()), top)
    edges = _edges(low, max(top, low * 1.0001 + 1e-12), approved)
    shares = np.histogram(values, edges)[0] / values.size
    centres, width = (edges[:-1] + edges[1:]) / 2, edges[1] - edges[0]
    above = np.zeros(centres.size, dtype=bool) if approved is None else centres > approved
    names = ("Above the approved amount", "Within the approved amount" if approved is not None else "Forecast")
    for part, name, colour, pattern in ((~above, names[1], BLUE, ""), (above, names[0], RED, "/")):
        if part.any():
            fig.add_bar(x=centres[part], y=100 * shares[part], width=width * 0.94, name=name, hoverinfo="skip",
                        marker={"color": colour, "pattern": HATCHED | {"shape": pattern}})  # fmt: skip
    marks = [(summary.median, "middle", INK, "dot")]
    if approved is not None and is_far(approved, top):
        note_far(fig, approved, currency)
    elif approved is not None:
        marks.append((approved, "approved", RED, "solid"))
    _vertical_marks(fig, marks, currency)
    fig.update_xaxes(tickprefix=sign(currency), separatethousands=True)
    fig.update_layout(bargap=0, showlegend=approved is not None, margin={"t": 110}, legend={"y": 1.1})
    return fig


def figure_volumes(result: CostResult) -> go.Figure:
    """Draw the cost of a month at round numbers of requests."""
    c, v = result.currency, result.volumes
    title = f"{count(v[-1].requests, 'request')} a month cost about {money(v[-1].median_usd, c)}"
    fig = figure(
        title,
        x="Requests a month (both axes rise by factors of ten)",
        y=f"Cost of a month ({c})",
        description=f"Dots of monthly cost at round numbers of requests with 90 % intervals. {title}.",
    )
    x, middle = [a.requests for a in v], [a.median_usd for a in v]
    fig.add_scatter(
        x=x, y=middle, mode="lines+markers+text", line={"color": BLUE, "width": 2}, marker={"size": 11, "color": BLUE},
        text=[money(m, c) for m in middle], textposition="top left", cliponaxis=False,
        error_y={"type": "data", "symmetric": False, "array": [a.high_usd - a.median_usd for a in v],
                 "arrayminus": [a.median_usd - a.low_usd for a in v], "color": INK, "thickness": 1.5},
        hovertemplate="%{x:,} requests: %{text}<extra></extra>",
    )  # fmt: skip
    fig.update_xaxes(type="log", tickvals=x, ticktext=[f"{n:,}" for n in x], range=_log_range(x, 0.4))
    fig.update_yaxes(type="log", tickprefix=sign(c), dtick=1, tickformat=",~g",
                     range=_log_range([v[0].low_usd, v[-1].high_usd], 0.5))  # fmt: skip
    fig.update_layout(showlegend=False)
    return fig


def _edges(low: float, high: float, approved: float | None) -> np.ndarray:
    """Edges of equal bins; one of them lies on the approved amount, so that no bar holds both sides."""
    width = (high - low) / _BINS
    if approved is None or not low < approved < high:
        return np.linspace(low, high, _BINS + 1)
    below = int(np.ceil((approved - low) / width))
    return approved + width * np.arange(-below, int(np.ceil((high - approved) / width)) + 1)


def _vertical_marks(fig: go.Figure, marks: list[tuple[float, str, str, str]], currency: str) -> None:
    """Draw named vertical lines; the left one is labelled to its left, the right one to its right."""
    for i, (value, name, colour, dash) in enumerate(sorted(marks)):
        side = "right" if len(marks) > 1 and i == 0 else "left"  # the text's own side that touches the line
        fig.add_vline(
            x=value,
            line={"color": colour, "dash": dash, "width": 2},
            annotation={
                "text": f"{name} {money(value, currency)}",
                "xanchor": side,
                "y": 1.0,
                "yanchor": "bottom",
                "yref": "paper",
                "font": {"color": colour},
            },
        )


def is_far(approved: float, top: float) -> bool:
    """Whether an approved amount lies so far beyond what a chart draws that it is named and not drawn."""
    return approved > _FAR * top


def note_far(fig: go.Figure, approved: float, currency: str) -> None:
    """Name an approved amount that lies far beyond the end of a chart's axis of money."""
    fig.add_annotation(x=1.0, xref="paper", xanchor="right", y=1.0, yref="paper", yanchor="bottom", showarrow=False,
                       text=f"approved {money(approved, currency)}, far beyond what is drawn",
                       font={"color": RED})  # fmt: skip


def _log_range(values: list[float], margin: float) -> list[float]:
    low, high = max(min(values), 1e-9), max(*values, 1e-9)
    return [float(np.log10(low)) - margin, float(np.log10(high)) + margin]
