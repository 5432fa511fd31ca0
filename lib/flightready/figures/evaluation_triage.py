"""Charts of confidence, triage and candidates."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from flightready import policy
from flightready.evaluation.shares.clustered import wilson_share
from flightready.evaluation.triage.calibration_result import Calibrated, Calibration
from flightready.evaluation.triage.candidates_result import Option
from flightready.evaluation.triage.result import Costs, Triage
from flightready.evaluation.triage.what_if import costs, kept_at
from flightready.figures.theme import BLUE, DEMO, GREEN, INK, MUTED, PRODUCTION, figure
from flightready.wording import count, money, points, seconds, share

_BAND = "rgba(200, 89, 10, 0.18)"
_COST_BAND = "rgba(11, 95, 165, 0.15)"
_COVERAGE = "answers used without a person, % of all"


def figure_reliability(found: Calibration) -> go.Figure:
    """Return how often answers of a stated confidence are right, on both sides.

    Parameters
    ----------
    found : Calibration
        With the raw side.
    """
    if found.raw is None:
        raise ValueError("a chart of confidence needs confidences on raw data")
    made = figure(_reliability_title(found.raw), x="confidence that the pilot states, %",
                  y="right answers, % (bar: nine times in ten)", height=470)  # fmt: skip
    sides = (("demo set", DEMO, "circle", found.curated), ("raw data", PRODUCTION, "diamond", found.raw))
    lowest = 100.0
    for name, colour, symbol, side in sides:
        if side is not None:
            lowest = min(lowest, _add_reliability(made, name, colour, symbol, side))
    start = max(0.0, lowest - 6)
    made.add_trace(go.Scatter(x=[start, 100], y=[start, 100], mode="lines", name="as sure as right",
                              line={"color": MUTED, "dash": "dash", "width": 2}, hoverinfo="skip"))  # fmt: skip
    made.update_xaxes(range=[start, 102])
    made.update_yaxes(range=[start, 103])
    return made


def _reliability_title(raw: Calibrated) -> str:
    if raw.gap_interval.low > 0:
        return f"On raw data the pilot is too sure of itself by {points(raw.gap)}"
    if raw.gap_interval.high < 0:
        return f"On raw data the pilot is less sure than it is right, by {points(-raw.gap)}"
    if raw.is_off:
        return f"On raw data confidence is off by {points(raw.error)}, too high here and too low there"
    return "On raw data the pilot is as sure as it is right"


def _add_reliability(made: go.Figure, name: str, colour: str, symbol: str, side: Calibrated) -> float:
    """Draw one side; return the lowest point that the axes must show."""
    right = [100 * b.right.share for b in side.bins]
    low, high = ([100 * getattr(b.right.interval, end) for b in side.bins] for end in ("low", "high"))
    told = [
        f"{b.right.right:,} of {b.right.n:,} right<br>confidence {share(b.low)} to {share(b.high)}" for b in side.bins
    ]
    said = [100 * b.mean_confidence for b in side.bins]
    made.add_trace(
        go.Scatter(
            x=said, y=right, mode="lines+markers", name=f"{name} ({count(side.n, 'record')})",
            line={"color": colour, "width": 1.5}, customdata=told,
            marker={"symbol": symbol, "size": 10, "color": colour, "line": {"color": INK, "width": 1}},
            error_y={"type": "data", "symmetric": False, "array": [h - r for h, r in zip(high, right, strict=True)],
                     "arrayminus": [r - e for e, r in zip(low, right, strict=True)], "color": colour, "thickness": 1.8,
                     "width": 4},
            hovertemplate=f"{name}: %{{customdata}}<extra></extra>",
        )
    )  # fmt: skip
    return min(*low, *said)


def figure_kept(found: Triage, *, threshold: float | None = None) -> go.Figure:
    """Return how many answers are right among those used, as fewer and fewer are used.

    Parameters
    ----------
    found : Triage
    threshold : float, optional
        Supposed threshold to mark; by default the one in force, else the proposed one.
    """
    at = found.threshold if threshold is None else threshold
    shown = np.flatnonzero(found.kept >= policy.value("least_class_records"))
    if not shown.size:
        raise ValueError("a chart of kept answers needs enough records with a confidence")
    coverage = 100 * found.kept[shown] / found.n
    right = 100 * found.right[shown] / found.kept[shown]
    ends = [wilson_share(found.right[i] / found.kept[i], found.worth[i]) for i in shown]
    made = figure(_kept_title(found, at, supposed=threshold is not None), x=_COVERAGE,
                  y="right among them, % (band: nine times in ten)", height=460)  # fmt: skip
    low, high = [100 * e.low for e in ends], [100 * e.high for e in ends]
    made.add_trace(go.Scatter(x=[*coverage, *coverage[::-1]], y=[*high, *low[::-1]], fill="toself", fillcolor=_BAND,
                              line={"width": 0}, showlegend=False, hoverinfo="skip"))  # fmt: skip
    made.add_trace(
        go.Scatter(
            x=coverage, y=right, mode="lines", name="right among used answers", showlegend=False,
            line={"color": PRODUCTION, "width": 2.5}, customdata=[f"{found.thresholds[i]:.3g}" for i in shown],
            hovertemplate="threshold %{customdata}: %{x:.0f} % used, %{y:.1f} % of them right<extra></extra>",
        )
    )  # fmt: skip
    lowest, highest = min(low), max(high)
    if found.floor is not None:
        made.add_hline(y=100 * found.floor, line={"color": INK, "dash": "dash", "width": 2})
        made.add_annotation(x=0, xref="paper", y=100 * found.floor, text=f"floor {share(found.floor)}", showarrow=False,
                            xanchor="left", yanchor="bottom", xshift=6, font={"size": 13})  # fmt: skip
        lowest, highest = min(lowest, 100 * found.floor), max(highest, 100 * found.floor)
    if at is not None:
        _mark_kept(made, found, at, "supposed" if threshold is not None else _which(found))
    made.update_xaxes(range=[103, 0])
    made.update_yaxes(range=[max(0.0, lowest - 6), min(101.5, highest + 4)])
    return made


def _which(found: Triage) -> str:
    return "stated" if found.in_force is not None else "proposed"


def _kept_title(found: Triage, at: float | None, *, supposed: bool) -> str:
    if at is None:
        if found.floor is None:
            return "Right answers among those that the pilot is surest of"
        return f"No confidence parts off answers that are shown to reach {share(found.floor)}"
    kept = kept_at(found, at)
    start = "Supposed: " if supposed else ""
    return (
        f"{start}{share(1 - kept.reviewed.share)} used without a person, {share(kept.right.share)} of them right; "
        f"{share(kept.reviewed.share)} to people"
    )


def _mark_kept(made: go.Figure, found: Triage, at: float, name: str) -> None:
    kept = kept_at(found, at)
    if not kept.right.n:
        return
    x, y = 100 * kept.right.n / found.n, 100 * kept.right.share
    made.add_trace(go.Scatter(
        x=[x], y=[y], mode="markers", showlegend=False,
        hovertemplate=f"{name}: %{{x:.1f}} % used, %{{y:.1f}} % right<extra></extra>",
        marker={"symbol": "star", "size": 16, "color": GREEN, "line": {"color": INK, "width": 1}},
        error_y={"type": "data", "symmetric": False, "array": [100 * kept.right.interval.high - y],
                 "arrayminus": [y - 100 * kept.right.interval.low], "color": GREEN, "thickness": 2.5, "width": 6},
    ))  # fmt: skip
    text = f"{name} {min(kept.threshold, 1.0):.3g}"
    made.add_annotation(x=x, y=100 * kept.right.interval.low, text=text, ay=34, ax=0,
                        arrowcolor=MUTED, font={"size": 13}, standoff=4)  # fmt: skip


def figure_threshold_cost(found: Triage, *, priced: Costs | None = None, threshold: float | None = None) -> go.Figure:
    """Return what errors and reviews cost together as more answers go to people.

    Parameters
    ----------
    found : Triage
    priced : Costs, optional
        At supposed prices; by default at those of the assessment.
    threshold : float, optional
        Supposed threshold to mark; by default the one in force, else the proposed one.
    """
    if priced is None:
        if found.error_cost is None:
            raise ValueError("a chart of cost needs the cost of an error")
        priced = costs(found, error_cost=found.error_cost, review_cost=found.review_cost)
    at = found.threshold if threshold is None else threshold
    best = int(found.thresholds.searchsorted(priced.cheapest))
    reviewed = 100 * (1 - found.kept / found.n)
    to_people = f"with {share(reviewed[best] / 100)} of answers to people" if reviewed[best] else "without any review"
    title = f"Cheapest {to_people}: {money(priced.per_10000[best], found.currency)} in 10,000 cases"
    made = figure(title, x="answers that go to people, % of all",
                  y=f"errors and reviews, {found.currency} in 10,000 cases", height=430)  # fmt: skip
    made.add_trace(go.Scatter(x=[*reviewed, *reviewed[::-1]], y=[*priced.high, *priced.low[::-1]], fill="toself",
                              fillcolor=_COST_BAND, line={"width": 0}, name="nine times in ten",
                              hoverinfo="skip"))  # fmt: skip
    made.add_trace(go.Scatter(
        x=reviewed, y=priced.per_10000, mode="lines", line={"color": BLUE, "width": 2.5}, name="cost",
        customdata=[f"{min(t, 1.0):.3g}" for t in found.thresholds],
        hovertemplate="threshold %{customdata}: %{x:.0f} % to people, %{y:,.0f}<extra></extra>",
    ))  # fmt: skip
    ends = [
        100 * kept_at(found, e).reviewed.share for e in (priced.cheapest_interval.low, priced.cheapest_interval.high)
    ]
    y = priced.per_10000[best]
    made.add_trace(go.Scatter(
        x=[reviewed[best]], y=[y], mode="markers", name="cheapest (bar: nine times in ten)",
        marker={"symbol": "diamond", "size": 14, "color": GREEN, "line": {"color": INK, "width": 1}},
        error_x={"type": "data", "symmetric": False, "array": [ends[1] - reviewed[best]],
                 "arrayminus": [reviewed[best] - ends[0]], "color": GREEN, "thickness": 3, "width": 7},
        hovertemplate=f"cheapest: threshold {min(priced.cheapest, 1.0):.3g}<extra></extra>",
    ))  # fmt: skip
    if at is not None:
        place = min(int(found.thresholds.searchsorted(at)), found.thresholds.size - 1)
        name = "supposed" if threshold is not None else _which(found)
        made.add_trace(go.Scatter(
            x=[reviewed[place]], y=[priced.per_10000[place]], mode="markers", name=f"{name} threshold",
            marker={"symbol": "star", "size": 15, "color": PRODUCTION, "line": {"color": INK, "width": 1}},
            hovertemplate=f"{name}: %{{x:.0f}} % to people, %{{y:,.0f}}<extra></extra>",
        ))  # fmt: skip
    made.update_xaxes(range=[-3, 103])
    made.update_yaxes(rangemode="tozero", tickformat=",.0f")
    return made


def figure_frontier(options: tuple[Option, ...], *, currency: str) -> go.Figure:
    """Return accuracy against the cost of a request, with the time to the answer; what is beaten is hollow.

    Parameters
    ----------
    options : tuple of Option
        The pilot and its candidates; those without a cost are not drawn.
    currency : str
    """
    shown = [o for o in options if o.cost]
    if not shown:
        raise ValueError("a chart of cost and accuracy needs the cost of one model")
    made = figure(_frontier_title(shown), x=f"cost of one request, {currency} (each step is ten times more)",
                  y="right on raw data, % (bar: nine times in ten)", height=460)  # fmt: skip
    better = [o for o in shown if not o.beaten_by]
    beaten = [o for o in shown if o.beaten_by]
    groups = (
        ("the pilot today", [o for o in better if o.is_pilot], "diamond", PRODUCTION),
        ("the pilot today, cheaper and better exists", [o for o in beaten if o.is_pilot], "diamond-open", PRODUCTION),
        ("candidate", [o for o in better if not o.is_pilot], "circle", BLUE),
        ("candidate, cheaper and better exists", [o for o in beaten if not o.is_pilot], "circle-open", MUTED),
    )  # fmt: skip
    for name, mine, symbol, colour in groups:
        if mine:
            _add_options(made, name, mine, symbol, colour, currency)
    costs_there = np.log10([o.cost for o in shown])
    margin = max(0.35, 0.25 * float(np.ptp(costs_there)))
    made.update_xaxes(type="log", range=[costs_there.min() - margin, costs_there.max() + 1.6 * margin], dtick=1)
    return made


def _add_options(made: go.Figure, name: str, mine: list[Option], symbol: str, colour: str, currency: str) -> None:
    y = [100 * o.right.share for o in mine]
    edge = {"color": colour, "width": 2.5} if symbol.endswith("open") else {"color": INK, "width": 1}
    label = [f"{escape(o.name)}{f', 95 of 100 in {seconds(o.p95_s)}' if o.p95_s is not None else ''}" for o in mine]
    made.add_trace(go.Scatter(
        x=[o.cost for o in mine], y=y, mode="markers+text", name=name, text=label, textposition="middle right",
        textfont={"size": 13}, customdata=[money(o.cost, currency) for o in mine],
        marker={"symbol": symbol, "size": 14, "color": colour, "line": edge},
        error_y={"type": "data", "symmetric": False,
                 "array": [100 * o.right.interval.high - v for o, v in zip(mine, y, strict=True)],
                 "arrayminus": [v - 100 * o.right.interval.low for o, v in zip(mine, y, strict=True)],
                 "color": colour, "thickness": 2, "width": 5},
        hovertemplate="%{text}<br>%{y:.1f} % right, %{customdata} a request<extra></extra>",
    ))  # fmt: skip


def _frontier_title(shown: list[Option]) -> str:
    pilot = next((o for o in shown if o.is_pilot), None)
    if pilot is not None and pilot.beaten_by:
        return f"Cheaper and better than the pilot: {escape(pilot.beaten_by)}"
    beaten = next((o for o in shown if o.beaten_by), None)
    if beaten is not None:
        return f"Cheaper and better than {escape(beaten.name)}: {escape(beaten.beaten_by)}"
    return "Each model trades accuracy against cost" if len(shown) > 1 else "Only one model has a known cost"
