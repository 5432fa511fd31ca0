"""Charts of latency: how many are answered within which time, where the time goes, what load makes of it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready import policy
from flightready.figures.theme import BLUE, DEMO, GREY, INK, MUTED, PRODUCTION, PURPLE, RED, figure
from flightready.latency.load import LoadCurve
from flightready.latency.percentiles import Percentile
from flightready.latency.result import Answered, LatencyResult
from flightready.wording import interval, number, seconds, share

_LOOKS = {"p50": (GREY, "dot"), "p95": (BLUE, "solid"), "p99": (PURPLE, "dash")}
_HEADROOM = 4.0  # the load chart shows times up to this multiple of those without load


def figure_answered(result: LatencyResult) -> go.Figure:
    """Draw which share of all requests is answered within which time, with intervals and budgets."""
    data, shown = result.answered, [p for p in result.pilot if p.name in _LOOKS]
    top = max([float(data.times_s[-1]), *result.budgets_s.values(), *(p.high_s or 0 for p in shown)]) * 1.06
    least, middle = float(data.times_s[0]), float(np.median(data.times_s))
    is_long = least > 0 and data.times_s[-1] > float(policy.value("latency_long_tail")) * middle
    start = 0.9 * least if is_long else 0.0
    fig = figure(
        _answered_title(result), x=f"Time from request to answer (s{', logarithmic' if is_long else ''})",
        y="Requests answered within that time (%)", height=440,
        description="Rising curve of the share of requests answered within a time, in a band, with marks at budgets.",
    )  # fmt: skip
    x = [start, *data.times_s, top]
    _add_band(fig, x, data)
    fig.add_scatter(
        x=x,
        y=[0, *(100 * data.share), 100 * data.share[-1]],
        line={"color": DEMO, "shape": "hv", "width": 3},
        name="share answered (band: nine times in ten at each time)",
        hovertemplate="%{y:.1f} % within %{x:.2f} s<extra></extra>",
    )
    for p in shown:
        if p.value_s is not None and p.name != "p50":
            _mark_percentile(fig, p, start, top)
    for name, limit in sorted(result.budgets_s.items()):
        y = 100 * next(p.share for p in result.pilot if p.name == name)
        kept = np.max(data.share[data.times_s <= limit], initial=0.0) >= y / 100
        fig.add_scatter(
            x=[limit],
            y=[y],
            mode="markers+text",
            text=[f"budget {name}: {seconds(limit)}"],
            showlegend=False,
            textposition="bottom left" if kept else "middle left" if limit > 0.25 * top else "middle right",
            cliponaxis=False,
            marker={"symbol": "x", "size": 12, "color": RED},
            textfont={"color": RED},
            hovertemplate=f"budget: {y:g} % within {seconds(limit)}<extra></extra>",
        )
    if data.n_failed:
        fig.add_annotation(
            x=np.log10(top) if is_long else top,  # plotly wants the power of ten here
            y=100 * data.share[-1],
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
            font={"color": MUTED},
            text=f"{share(data.n_failed / data.n)} get no answer",
        )
    if is_long:
        fig.update_xaxes(type="log", range=[np.log10(start), np.log10(top)])
    else:
        fig.update_xaxes(range=[0, top])
    fig.update_yaxes(range=[0, 106])
    return fig


def _add_band(fig: go.Figure, x: list[float], data: Answered) -> None:
    """The exact interval of the share at each single time."""
    for ends, fill in ((data.low, None), (data.high, "tonexty")):
        fig.add_scatter(
            x=x, y=[0 if fill is None else 100 * ends[0], *(100 * ends), 100 * ends[-1]], hoverinfo="skip", fill=fill,
            line={"width": 0, "shape": "hv"}, showlegend=False, fillcolor="rgba(90,169,214,.25)",
        )  # fmt: skip


def _mark_percentile(fig: go.Figure, p: Percentile, start: float, top: float) -> None:
    """The estimate and its interval; without an upper end the line runs to the edge."""
    colour, y = _LOOKS[p.name][0], 100 * p.share
    low, high = (start if p.low_s is None else p.low_s), (top if p.high_s is None else p.high_s)
    fig.add_scatter(
        x=[low, high],
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": 6},
        opacity=0.45,
        showlegend=False,
        hoverinfo="skip",
    )
    fig.add_scatter(
        x=[p.value_s],
        y=[y],
        mode="markers",
        marker={"color": colour, "size": 11, "line": {"color": "white", "width": 1}},
        name=f"{p.name} {seconds(p.value_s)} ({interval(p.low_s, p.high_s, seconds)})",
        hovertemplate=f"{p.name}: {seconds(p.value_s)}, {interval(p.low_s, p.high_s, seconds)}<extra></extra>",
    )


def _answered_title(result: LatencyResult) -> str:
    if result.in_time_limit_s is None or result.pilot_in_time_share is None:
        p = next((p for p in result.pilot if p.name == "p95" and p.value_s is not None), None)
        return (
            f"95 of 100 requests are answered within {seconds(p.value_s)}"
            if p
            else "Not even 95 of 100 requests are answered"
        )
    part, limit = share(result.pilot_in_time_share), seconds(result.in_time_limit_s)
    return f"{part} of requests are answered within {limit}"


def figure_load(
    curve: LoadCurve,
    result: LatencyResult,
    *,
    peak: tuple[float, float, float] | None = None,
    budgets_s: dict[str, float] | None = None,
) -> go.Figure:
    """Draw how p95 and p99 grow with the load until the queue never ends.

    Parameters
    ----------
    peak : (low, median, high), optional
        Planned peak, requests a second; by default that of the result.
    budgets_s : dict of str to float, optional
        By default those of the result.
    """
    budgets = result.budgets_s if budgets_s is None else budgets_s
    if peak is None and result.capacity is not None:
        planned = result.capacity.peak_per_second
        peak = (planned.low, planned.median, planned.high)
    right = 1.2 * max(curve.saturation_per_second, peak[2] if peak else 0.0)
    shown = [name for name in ("p95", "p99") if np.isfinite(curve.quantiles_s[name][0])]
    base = max((float(curve.quantiles_s[name][0]) for name in shown), default=1.0)
    top = max([_HEADROOM * base, *(1.25 * b for b in budgets.values())])
    fig = figure(
        _load_title(curve, peak),
        x="Requests a second in the peak hour",
        y="Time from request to answer (s)",
        height=460,
        description="Curves of p95 and p99 against load; they rise steeply before the queue never ends.",
    )
    for name in shown:
        _add_curve(fig, curve, name, top)
    if "p99" not in shown:
        fig.add_scatter(x=[None], y=[None], mode="markers", marker={"color": _LOOKS["p99"][0], "symbol": "x"},
                        name="p99: more than 1 of 100 get no answer")  # fmt: skip
    _add_budgets(fig, budgets)
    _add_region(fig, curve, right)
    if peak is not None:
        _add_peak(fig, peak, right)
    _add_pilot(fig, result.pilot_per_second, right, 0.03 * top)
    fig.update_xaxes(range=[0, right])
    fig.update_yaxes(range=[0, top])
    return fig


def _add_budgets(fig: go.Figure, budgets_s: dict[str, float]) -> None:
    for name, limit in sorted(budgets_s.items()):
        if name in _LOOKS and name != "p50":
            fig.add_hline(
                y=limit,
                line={"color": _LOOKS[name][0], "dash": "dashdot", "width": 1.5},
                annotation_text=f"budget {name}",
                annotation_position="top left",
                annotation_font_color=_LOOKS[name][0],
            )


def _add_peak(fig: go.Figure, peak: tuple[float, float, float], right: float) -> None:
    fig.add_vrect(x0=peak[0], x1=min(peak[2], right), fillcolor=PRODUCTION, opacity=0.16, line_width=0, layer="below")
    fig.add_vline(x=peak[1], line={"color": PRODUCTION, "dash": "dot", "width": 2})
    fig.add_annotation(
        x=peak[1],
        y=1,
        yref="paper",
        yanchor="top",
        showarrow=False,
        font={"color": PRODUCTION},
        xanchor="left" if peak[1] < 0.5 * right else "right",
        xshift=6 if peak[1] < 0.5 * right else -6,
        text=f"planned peak {number(peak[1])}"
        + (f"<br>({interval(peak[0], peak[2], number)})" if peak[0] < peak[2] else ""),
    )


def _add_pilot(fig: go.Figure, per_second: float | None, right: float, y: float) -> None:
    if per_second is not None and np.isfinite(per_second) and per_second < right:
        fig.add_scatter(
            x=[per_second],
            y=[y],
            mode="markers",
            name="load in the pilot's traces",
            cliponaxis=False,
            marker={"symbol": "triangle-up", "size": 13, "color": DEMO, "line": {"color": INK, "width": 1}},
            hovertemplate="pilot: %{x:.3g} requests a second<extra></extra>",
        )


def _add_curve(fig: go.Figure, curve: LoadCurve, name: str, top: float) -> None:
    colour, dash = _LOOKS[name]
    x = curve.per_second
    low, middle, high = (np.minimum(q[name], 3 * top) for q in (curve.low_s, curve.quantiles_s, curve.high_s))
    rgb = ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    fig.add_scatter(x=x, y=low, line={"width": 0}, showlegend=False, hoverinfo="skip")
    fig.add_scatter(
        x=x, y=high, line={"width": 0}, fill="tonexty", fillcolor=f"rgba({rgb},.16)", hoverinfo="skip", showlegend=False
    )
    fig.add_scatter(
        x=x,
        y=middle,
        line={"color": colour, "dash": dash, "width": 3},
        name=f"{name} (band: nine times in ten)",
        hovertemplate="%{x:.3g} requests a second: %{y:.2f} s<extra></extra>",
    )


def _add_region(fig: go.Figure, curve: LoadCurve, right: float) -> None:
    """The loads at which the queue never ends, grey, behind a solid line and named."""
    start = curve.saturation_per_second
    fig.add_vrect(x0=start, x1=right, fillcolor=GREY, opacity=0.3, line_width=0, layer="below")
    fig.add_vline(x=start, line={"color": INK, "width": 2})
    fig.add_annotation(
        x=(start + right) / 2,
        y=0.5,
        yref="paper",
        showarrow=False,
        text="the queue<br>never ends",
        bgcolor="rgba(255,255,255,.75)",
    )


def _load_title(curve: LoadCurve, peak: tuple[float, float, float] | None) -> str:
    able = number(curve.saturation_per_second)
    start = f"{curve.concurrency:,} at once can serve {able} requests a second"
    if peak is None:
        return start
    if peak[1] >= curve.saturation_per_second:
        return f"{start}, the planned peak brings {number(peak[1])}"
    return f"{start}, the plan {'may bring up to' if peak[2] > peak[0] else 'brings'} {number(peak[2])}"


def figure_typed(result: LatencyResult) -> go.Figure:
    """Draw the range in which each percentile lies when only the stages' percentiles are known."""
    parts = [(p, c) for p, c in zip(result.pilot, result.composition, strict=True) if c.added is not None]
    worst = parts[-1][1]
    fig = figure(
        f"99 of 100 requests take {interval(*sorted((worst.independent, worst.added)), seconds)}, by the stages' times",
        x="Time from request to answer (s)", height=320,
        description="Bars from independent stages to stages that are slow together, for each percentile.",
    )  # fmt: skip
    names = [f"{100 * p.share:g} of 100 requests" for p, _ in parts]
    ends = [sorted((c.independent, c.added)) for _, c in parts]
    fig.add_bar(
        y=names,
        x=[high - low for low, high in ends],
        base=[low for low, _ in ends],
        orientation="h",
        width=0.45,
        marker={"color": DEMO, "pattern": {"shape": "/", "fillmode": "overlay", "fgcolor": "white"}},
        name="between independent and slow together",
        text=[interval(low, high, seconds) for low, high in ends],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
    )
    limits = [(name, p.budget_s) for name, (p, _) in zip(names, parts, strict=True) if p.budget_s is not None]
    if limits:
        fig.add_scatter(y=[n for n, _ in limits], x=[b for _, b in limits], mode="markers", name="budget",
                        marker={"symbol": "line-ns", "size": 28, "line": {"color": RED, "width": 4}},
                        hovertemplate="budget %{x:.2g} s<extra></extra>")  # fmt: skip
    right = max([high for _, high in ends] + [b for _, b in limits])
    fig.update_xaxes(range=[0, 1.25 * right])
    fig.update_yaxes(autorange="reversed")
    return fig
