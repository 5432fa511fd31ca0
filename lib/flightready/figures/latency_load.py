"""Charts of load: how times grow with it, and how requests end."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.figures.latency import LOOKS
from flightready.figures.theme import BLUE, DEMO, GREY, INK, ORANGE, PRODUCTION, RED, SKY, figure
from flightready.latency.result import LatencyResult
from flightready.latency.under_load import LoadCurve
from flightready.wording import count, interval, number, seconds, with_noun

PLANNED, TRIED = "planned peak", "load tried"
_HEADROOM = 2.0  # the chart shows times up to this multiple of those without load
_BEYOND = 1.2  # and loads up to this multiple of what is borne
_BEFORE = 0.02  # part of the axis left of no load, so that the mark of a small load is whole
_APART = 0.08  # budgets nearer than this part of the axis are named on two sides of their lines
_ENDS = (
    ("in time", BLUE, ""), ("late", SKY, "/"), ("by the fallback", ORANGE, "x"), ("with an error", RED, "\\"),
)  # fmt: skip


def figure_load(
    curve: LoadCurve, result: LatencyResult, *, peak: tuple[float, float, float] | None = None,
    budgets_s: dict[str, float] | None = None,
) -> go.Figure:  # fmt: skip
    """Draw how p95 and p99 grow with the load, up to where it gives way.

    Parameters
    ----------
    peak : (low, median, high), optional
        A load that is tried, requests a second; the planned peak by default.
    budgets_s : dict of str to float, optional
        By default those of the result.
    """
    budgets = result.budgets_s if budgets_s is None else budgets_s
    name, peak = (PLANNED, _planned(result)) if peak is None else (TRIED, peak)
    right = _right(curve, peak)
    shown = [name for name in ("p95", "p99") if np.isfinite(curve.quantiles_s[name][0])]
    base = max((float(curve.quantiles_s[name][0]) for name in shown), default=1.0)
    top = max([_HEADROOM * base, *(1.25 * b for b in budgets.values())])
    fig = figure(
        _load_title(curve, peak, name), x="Requests a second in the peak hour", y="Time from request to answer (s)",
        height=460, description="Curves of p95 and p99 against load; they rise steeply before it gives way.",
    )  # fmt: skip
    for percentile in shown:
        _add_curve(fig, curve, percentile, top)
    if "p99" not in shown:
        fig.add_scatter(x=[None], y=[None], mode="markers", marker={"color": LOOKS["p99"][0], "symbol": "x"},
                        name="p99: more than 1 of 100 get no answer")  # fmt: skip
    _add_region(fig, curve, right)
    _add_budgets(fig, budgets, top)
    _add_marks(fig, result, peak, name, right, 0.03 * top)
    fig.update_xaxes(range=[-_BEFORE * right, right])
    fig.update_yaxes(range=[0, top])
    return fig


def figure_outcomes(
    curve: LoadCurve, result: LatencyResult, *, peak: tuple[float, float, float] | None = None
) -> go.Figure:
    """Draw how the requests end at each load: in time, late, by the fallback, or with an error.

    Parameters
    ----------
    peak : (low, median, high), optional
        A load that is tried, requests a second; the planned peak by default.
    """
    name, peak = (PLANNED, _planned(result)) if peak is None else (TRIED, peak)
    right = _right(curve, peak)
    s = curve.shares
    late = np.maximum(1 - s["in_time"] - s["degraded"] - s["lost"], 0)
    at = (peak or (0.0, curve.saturation_per_second, 0.0))[1]
    planned = result.planned_peak if name == PLANNED else None
    share = planned["in_time"].median if planned else float(np.interp(at, curve.per_second, s["in_time"]))
    in_time = min(round(100 * share), 100 if share == 1 else 99)
    where = f"the {name}" if peak else "full use"
    fig = figure(
        f"At {where}, {with_noun(number(at), 'request')} a second, {in_time} of 100 are answered in time",
        x="Requests a second in the peak hour", y="Requests (%)", height=420,
        description="Stacked areas of how requests end, against load.",
    )  # fmt: skip
    for (way, colour, pattern), values in zip(_ENDS, (s["in_time"], late, s["degraded"], s["lost"]), strict=True):
        fig.add_scatter(
            x=curve.per_second, y=100 * values, stackgroup="ends", mode="lines", name=way,
            line={"color": colour, "width": 1}, fillpattern={"shape": pattern, "size": 7, "solidity": 0.25},
            hovertemplate=f"%{{y:.1f}} % {way} at %{{x:.3g}} a second<extra></extra>",
        )  # fmt: skip
    _add_region(fig, curve, right)
    _add_marks(fig, result, peak, name, right, 3.0)
    fig.update_xaxes(range=[-_BEFORE * right, right])
    fig.update_yaxes(range=[0, 100])
    return fig


def _planned(result: LatencyResult) -> tuple[float, float, float] | None:
    if result.capacity is None:
        return None
    planned = result.capacity.peak_per_second
    return planned.low, planned.median, planned.high


def _right(curve: LoadCurve, peak: tuple[float, float, float] | None) -> float:
    able = curve.gives_way_per_second or curve.saturation_per_second
    return min(_BEYOND * max(able, peak[2] if peak else 0.0), max(float(curve.per_second[-1]), peak[1] if peak else 0))


def _add_marks(
    fig: go.Figure, result: LatencyResult, peak: tuple[float, float, float] | None, name: str, right: float, y: float
) -> None:
    """The planned peak with its range or the load that is tried, and the load of the pilot."""
    if peak is not None:
        _add_peak(fig, peak, name, right)
    _add_pilot(fig, result.pilot_per_second, right, y)


def _add_budgets(fig: go.Figure, budgets_s: dict[str, float], top: float) -> None:
    """The budgets at the right end, where no curve is flat; of two close ones the lower is named below its line."""
    shown = {name: s for name, s in sorted(budgets_s.items()) if name in LOOKS and name != "p50"}
    for name, limit in shown.items():
        is_close = any(0 <= other - limit < _APART * top for n, other in shown.items() if n != name)
        fig.add_hline(
            y=limit,
            line={"color": LOOKS[name][0], "dash": "dashdot", "width": 1.5},
            annotation={"text": f"budget {name}: {seconds(limit)}", "bgcolor": "rgba(255,255,255,.75)"},
            annotation_position="bottom right" if is_close else "top right",
            annotation_font_color=LOOKS[name][0],
        )


def _add_peak(fig: go.Figure, peak: tuple[float, float, float], name: str, right: float) -> None:
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
        text=f"{name} {number(peak[1])}" + (f"<br>({interval(peak[0], peak[2], number)})" if peak[0] < peak[2] else ""),
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
    colour, dash = LOOKS[name]
    x = curve.per_second
    low, middle, high = (np.minimum(q[name], 3 * top) for q in (curve.low_s, curve.quantiles_s, curve.high_s))
    has_band = bool(np.any(low < high))
    if has_band:
        rgb = ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
        fig.add_scatter(x=x, y=low, mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip")
        fig.add_scatter(x=x, y=high, mode="lines", line={"width": 0}, fill="tonexty", fillcolor=f"rgba({rgb},.16)",
                        hoverinfo="skip", showlegend=False)  # fmt: skip
    fig.add_scatter(
        x=x, y=middle, mode="lines", line={"color": colour, "dash": dash, "width": 3},
        name=f"{name} (band: nine times in ten)" if has_band else name,
        hovertemplate="%{x:.3g} requests a second: %{y:.2f} s<extra></extra>",
    )  # fmt: skip


def _add_region(fig: go.Figure, curve: LoadCurve, right: float) -> None:
    """The loads that are not borne, grey, behind a solid line and named."""
    start = curve.gives_way_per_second
    if start is None or start >= right:
        return
    fig.add_vrect(x0=start, x1=right, fillcolor=GREY, opacity=0.3, line_width=0, layer="below")
    fig.add_vline(x=start, line={"color": INK, "width": 2})
    text = {
        "servers": "the queue<br>never ends",
        "limit": "turned away<br>at a limit", "storm": "retries keep it<br>overloaded",
    }[curve.why]  # fmt: skip
    fig.add_annotation(x=(start + right) / 2, y=0.6, yref="paper", showarrow=False, text=text,
                       bgcolor="rgba(255,255,255,.75)")  # fmt: skip


def _load_title(curve: LoadCurve, peak: tuple[float, float, float] | None, name: str) -> str:
    able = number(curve.gives_way_per_second or curve.saturation_per_second)
    what = "The rate limits allow" if curve.why == "limit" or curve.concurrency is None else (
        f"{count(curve.concurrency, 'request')} at once bear")  # fmt: skip
    start = f"{what} {able} a second"
    if peak is None:
        return start
    if name == TRIED:
        return f"{start}; the load tried is {number(peak[1])}"
    if peak[1] >= (curve.gives_way_per_second or np.inf):
        return f"{start}, the planned peak brings {number(peak[1])}"
    return f"{start}, the plan {'may bring up to' if peak[2] > peak[0] else 'brings'} {number(peak[2])}"
