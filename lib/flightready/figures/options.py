"""Chart of the options side by side: what a month costs over the users, and where the cheapest changes."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from flightready.draws import Summary
from flightready.figures.theme import INK, MUTED, PAPER, PRODUCTION, SERIES, figure
from flightready.narrative import options as words
from flightready.options.crossings import Crossing
from flightready.options.result import OptionsResult

_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "6px,2px,2px,2px")
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star")
_STYLES = tuple(zip((INK, *SERIES[:-1]), _DASHES, _SYMBOLS, strict=True))
_HEIGHT, _TOP, _BOTTOM, _RIGHT = 600, 80, 70, 310
_LABEL = 19.0  # pixels from one label to the next
_MARKS = 5  # marks on each line, shifted from line to line
_NEAR = 0.3  # powers of ten within which two labels would lie on one another
_TICKS = (1, 2, 5)
_AROUND = 0.06  # share of the axis left free above and below


def figure_options(result: OptionsResult) -> go.Figure:
    """Draw the cost of a month over the users, one line an option, with the plan and where the cheapest changes.

    Parameters
    ----------
    result : OptionsResult
        With a comparison.
    """
    found, title = result.comparison, words.title(result)
    low, high = words.window(found, result.planned_users)
    names = words.drawn(result)
    fig = figure(
        escape(title, quote=False), x="Users a day (equal steps on both axes are equal factors)", height=_HEIGHT,
        y=f"Cost of a month ({result.currency})",
        description=f"Lines of monthly cost against users a day, one an option. {title}.",
    )  # fmt: skip
    inside = (found.users >= low) & (found.users <= high)
    users = found.users[inside]
    for k, name in enumerate(names):
        _draw_line(fig, words.label(result, name), users, found.middle_usd[name][inside], _STYLES[k], k / len(names))
    bottom, top = _span([found.middle_usd[name][inside] for name in names])
    amounts, places = _ticks(10**bottom, 10**top, (1,)), _ticks(low, high, _TICKS)
    fig.update_yaxes(type="log", range=[bottom, top], tickvals=amounts,
                     ticktext=[words.amount(result, a) for a in amounts])  # fmt: skip
    fig.update_xaxes(type="log", range=[float(np.log10(low)), float(np.log10(high))], tickvals=places,
                     ticktext=[f"{p:,.15g}" for p in places])  # fmt: skip
    _mark_plan(fig, result.planned_users, low, high)
    _mark_crossings(fig, result, set(names), low, high)
    ends = {name: float(found.middle_usd[name][inside][-1]) for name in names}
    _label_ends(fig, {words.label(result, n): v for n, v in ends.items()}, bottom, top)
    fig.update_layout(showlegend=False, margin={"t": _TOP, "b": _BOTTOM, "r": _RIGHT})
    return fig


def _draw_line(
    fig: go.Figure, name: str, users: np.ndarray, month: np.ndarray, style: tuple[str, str, str], shift: float
) -> None:
    colour, dash, symbol = style
    places = np.linspace(0, users.size - 1, _MARKS + 1)[:-1] + shift * users.size / _MARKS
    at = np.minimum(places.astype(int), users.size - 1)
    sizes = np.zeros(users.size)
    sizes[at] = 10
    fig.add_scatter(
        x=users, y=np.where(month > 0, month, np.nan), name=escape(name), mode="lines+markers",
        line={"color": colour, "dash": dash, "width": 2.5 if dash != "solid" else 3.5},
        marker={"symbol": symbol, "size": sizes, "color": colour, "opacity": 1, "line": {"width": 0}},
        hovertemplate="%{x:,.3r} users: %{y:,.3r}<extra>" + escape(name) + "</extra>",
    )  # fmt: skip


def _span(months: list[np.ndarray]) -> tuple[float, float]:
    """Ends of the axis of costs as powers of ten; what costs nothing has no place on it."""
    paid = np.concatenate([m[m > 0] for m in months])
    low, high = (np.log10(paid.min()), np.log10(paid.max())) if paid.size else (0.0, 1.0)
    margin = _AROUND * max(high - low, 1.0)
    return float(low - margin), float(high + margin)


def _ticks(low: float, high: float, steps: tuple[int, ...]) -> list[float]:
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    return [float(f"{t}e{p}") for p in powers for t in steps if low <= t * 10.0**p <= high]


def _mark_plan(fig: go.Figure, plan: Summary, low: float, high: float) -> None:
    if plan.low < plan.high:
        fig.add_vrect(x0=max(plan.low, low), x1=min(plan.high, high), fillcolor=PRODUCTION, opacity=0.12, line_width=0)
    fig.add_vline(x=plan.median, line={"color": PRODUCTION, "width": 2, "dash": "dot"})
    fig.add_annotation(x=float(np.log10(plan.median)), y=1, yref="paper", yanchor="bottom", showarrow=False,
                       text=f"planned: {words.daily(plan.median)}", font={"color": PRODUCTION})  # fmt: skip


def _mark_crossings(fig: go.Figure, result: OptionsResult, names: set[str], low: float, high: float) -> None:
    """Small rings where any two lines cross, full dots with their users where the cheapest of all changes."""
    found = result.comparison
    seen = [c for c in found.crossings if low <= c.users <= high and {c.cheaper_below, c.cheaper_above} <= names]
    fig.add_scatter(
        x=[c.users for c in seen], y=[c.monthly_usd for c in seen], mode="markers", name="two cost the same",
        marker={"symbol": "circle-open", "size": 8, "color": MUTED}, hovertemplate="%{text}<extra></extra>",
        text=[escape(words.crossing(result, c)) for c in seen],
    )  # fmt: skip
    places = [r.high for r in found.cheapest[:-1] if low <= r.high <= high]
    changes = [min(seen, key=lambda c: abs(c.users - place)) for place in places] if seen else []
    fig.add_scatter(x=[c.users for c in changes], y=[c.monthly_usd for c in changes], mode="markers",
                    name="the cheapest changes", hoverinfo="skip",
                    marker={"symbol": "circle", "size": 12 if words.are_few(changes) else 7, "color": INK,
                            "line": {"color": PAPER, "width": 1}})  # fmt: skip
    for group in _near(changes):
        middle = min(group, key=lambda c: abs(np.log(c.users**2 / group[0].users / group[-1].users)))
        ends = list(dict.fromkeys(words.users(c.users) for c in (group[0], group[-1])))
        fig.add_annotation(x=float(np.log10(middle.users)), y=float(np.log10(middle.monthly_usd)), ax=40, ay=48,
                           standoff=8, text=f"{' to '.join(ends)} users", bgcolor=PAPER, arrowcolor=INK)  # fmt: skip


def _near(changes: list[Crossing]) -> list[list[Crossing]]:
    """Crossings, rising, in groups whose labels would lie on one another."""
    groups: list[list[Crossing]] = []
    for change in changes:
        if groups and np.log10(change.users / groups[-1][-1].users) < _NEAR:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _label_ends(fig: go.Figure, ends: dict[str, float], bottom: float, top: float) -> None:
    """Name each line at its right end; labels that would lie on one another are moved apart, with a stroke each."""
    scale = (_HEIGHT - _TOP - _BOTTOM) / (top - bottom)
    shown = sorted((n for n in ends if ends[n] > 0), key=lambda n: ends[n])
    wanted = np.array([(np.log10(ends[n]) - bottom) * scale for n in shown])
    colours = {t.name: t.line.color for t in fig.data}
    for name, y, place in zip(shown, wanted, _apart(wanted, _HEIGHT - _TOP - _BOTTOM), strict=True):
        fig.add_annotation(
            x=1, xref="paper", y=float(np.log10(ends[name])), text=escape(name), ax=22, ay=float(y - place),
            xanchor="left", font={"color": INK, "size": 13}, arrowcolor=colours[escape(name)], arrowwidth=1,
            arrowhead=0,
        )  # fmt: skip


def _apart(wanted: np.ndarray, most: float) -> np.ndarray:
    """Places, rising, at least a label apart and as near to the wanted ones as that allows, from 0 to `most` pixels."""
    places = wanted.copy()
    for k in range(1, places.size):
        places[k] = max(places[k], places[k - 1] + _LABEL)
    for k in range(places.size - 1, -1, -1):
        ceiling = most if k == places.size - 1 else places[k + 1] - _LABEL
        places[k] = min(places[k], ceiling)
    return places
