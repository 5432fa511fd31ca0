"""Charts of fault drills over time, and of a month's minutes without an answer against the error budget."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from flightready.figures.theme import BLUE, GREY, HATCHED, INK, ORANGE, PURPLE, RED, SKY, figure
from flightready.latency.availability import AvailabilityResult
from flightready.latency.drills import DrillResult
from flightready.latency.resilience import Resilience
from flightready.narrative.latency_drills import about, back, is_bad_without, minutes, of_hundred
from flightready.wording import count, number, share_of_time

_MINUTE_S = 60.0
_COLUMNS = 2
_PANEL = 190  # pixels of one row of small charts
_TONES = (ORANGE, BLUE, PURPLE, RED, SKY, GREY)
_PATTERNS = ("", "/", "x", "\\", "-", ".")


@dataclass(frozen=True)
class _Way:
    key: str
    name: str
    colour: str
    pattern: str


_WAYS = (
    _Way("in_time", "answered in time", SKY, ""), _Way("late", "answered late", ORANGE, "/"),
    _Way("degraded", "by the fallback", PURPLE, "x"), _Way("lost", "clear error, no answer", RED, "\\"),
)  # fmt: skip


def figure_drills(found: Resilience) -> go.Figure:
    """Draw how requests ended minute by minute in each drill, the time of the fault shaded.

    Raises
    ------
    ValueError
        When no drill has shares to draw.
    """
    drills = found.known
    if not drills:
        raise ValueError("there is no drill to draw")
    rows = -(-len(drills) // _COLUMNS)
    told = f"Small charts of how requests ended by minute, one for each drill. {_title(drills)}."
    made = figure(_title(drills), height=235 + _PANEL * rows, description=told)
    made = go.Figure(make_subplots(
        rows=rows, cols=_COLUMNS, figure=made, vertical_spacing=0.36 / rows, horizontal_spacing=0.08,
        subplot_titles=[_panel_title(d) for d in drills],
    ))  # fmt: skip
    for i, drill in enumerate(drills):
        _panel(made, drill, i // _COLUMNS + 1, i % _COLUMNS + 1, is_first=i == 0)
    made.update_annotations(font={"size": 13, "color": INK})
    made.update_yaxes(range=[0, 100], ticksuffix=" %", nticks=3)
    made.update_layout(margin={"t": 165}, legend={"y": 1, "yref": "container", "yanchor": "top"})
    made.update_layout(legend_y=1 - 42 / made.layout.height)
    for column in range(1, _COLUMNS + 1):
        made.update_xaxes(title_text="Minutes since the fault began", row=rows, col=column)
    made.update_yaxes(title_text="Requests that came then", row=(rows + 1) // 2, col=1)
    return made


def _title(drills: tuple[DrillResult, ...]) -> str:
    """What hits hardest and how long it lasts; first of all that it does not go well without a fault either."""
    worst = min(drills, key=lambda d: d.answered)
    if is_bad_without(worst):
        return (f"Even without a fault {of_hundred(worst.usual_answered)} of 100 are in time; with '{worst.name}' "
                f"{of_hundred(worst.answered)}")  # fmt: skip
    hit = f"'{worst.name}' hits hardest: {of_hundred(worst.answered)} of 100 in time"
    never = [d for d in drills if d.recovers is False]
    if never:
        return f"{hit}; after {len(never)} of {count(len(drills), 'fault')} it does not recover by itself"
    slowest = max((d for d in drills if d.recovers), key=lambda d: d.recovered_after_s, default=None)
    if slowest is None:
        return f"{hit}; even without a fault more comes than can be worked off"
    if slowest.recovered_after_s == 0:
        return f"{hit}; once a fault ends, all is as before"
    return f"{hit}; at most {back(slowest)} after a fault all is as before"


def _panel_title(drill: DrillResult) -> str:
    words = back(drill)
    told = f"as before: {words}" if words in ("at once", "cannot tell") or words.startswith("not") else f"after {words}"
    return f"<b>{escape(drill.name)}</b><br>{told if told.startswith('as') else f'as before {told}'}"


def _panel(made: go.Figure, drill: DrillResult, row: int, column: int, *, is_first: bool) -> None:
    course, place = drill.course, {"row": row, "col": column}
    scale = drill.shortened / _MINUTE_S
    edges = course.edge_s * scale
    came = np.maximum(course.requests, 1)
    for way in _WAYS:
        part = 100 * getattr(course, way.key) / came
        made.add_scatter(
            x=edges, y=np.append(part, part[-1]).round(2), name=way.name, legendgroup=way.key, showlegend=is_first,
            mode="lines", line={"shape": "hv", "width": 0, "color": way.colour}, stackgroup="ways",
            fillcolor=way.colour, fillpattern={**HATCHED, "shape": way.pattern},
            hovertemplate=f"minute %{{x:.0f}}: %{{y:.1f}} % {way.name}<extra></extra>", **place,
        )  # fmt: skip
    usual = 100 * drill.usual.in_time / np.maximum(drill.usual.requests, 1)
    made.add_scatter(
        x=edges, y=np.append(usual, usual[-1]).round(2), name="in time without the fault", legendgroup="usual",
        showlegend=is_first, mode="lines", line={"shape": "hv", "color": INK, "width": 1.5, "dash": "dot"},
        hovertemplate="minute %{x:.0f}: %{y:.1f} % in time without the fault<extra></extra>", **place,
    )  # fmt: skip
    made.add_vrect(x0=0, x1=drill.length_s / _MINUTE_S, fillcolor=INK, opacity=0.12, layer="above",
                   line={"width": 1.5, "color": INK}, **place)  # fmt: skip
    made.update_xaxes(range=[float(edges[0]), float(edges[-1])], **place)


def figure_availability(found: AvailabilityResult) -> go.Figure:
    """Draw the minutes a month without an answer, by what takes them, against the error budget.

    Raises
    ------
    ValueError
        When nothing is known of what requests hang on.
    """
    if found.minutes is None:
        raise ValueError("there are no minutes to draw")
    rows = ["with the fallback", "by itself"] if found.minutes != found.primary_minutes else ["by itself"]
    title = _budget_title(found)
    made = figure(title, x=f"Minutes without an answer in a month of {found.days:g} days", height=220 + 60 * len(rows),
                  description=f"Bars of minutes a month. {title}.")  # fmt: skip
    top = 1.2 * max(found.primary_minutes.high, found.minutes.high, found.allowed_minutes or 0.0)
    scale = found.primary_minutes.median / sum(p.minutes.median for p in found.parts)  # medians do not add up
    for i, part in enumerate(found.parts):
        name = escape("failures of the pilot itself" if part.is_measured else part.name)
        value, look = part.minutes.median, {**HATCHED, "shape": _PATTERNS[i % len(_PATTERNS)]}
        made.add_bar(
            y=["by itself"], x=[value * scale], name=name, orientation="h", width=0.5,
            marker={"color": _TONES[i % len(_TONES)], "pattern": look},
            hovertemplate=f"{name}: {about(value)} a month ({number(part.minutes.low)} to "
                          f"{number(part.minutes.high)})<extra></extra>",
        )  # fmt: skip
    if len(rows) > 1:
        made.add_bar(y=["with the fallback"], x=[found.minutes.median], orientation="h", width=0.5,
                     name="left by the fallback", marker={"color": INK},
                     hovertemplate=f"{about(found.minutes.median)} a month<extra></extra>")  # fmt: skip
    _ranges(made, found, rows)
    _mark_budget(made, found)
    made.update_layout(barmode="stack", margin={"t": 125, "l": 130}, legend={"y": 1, "yref": "container"})
    made.update_layout(legend_y=1 - 68 / made.layout.height)
    made.update_xaxes(range=[0, top])
    made.update_yaxes(categoryorder="array", categoryarray=rows)
    return made


def _budget_title(found: AvailabilityResult) -> str:
    kept = f"{share_of_time(found.available.median)} of the time with an answer"
    if found.target is None:
        return kept
    side = "within" if found.minutes.median <= found.allowed_minutes else "over"
    return f"{kept}: {about(found.minutes.median)} a month without, {side} the {minutes(found.allowed_minutes)} allowed"


def _ranges(made: go.Figure, found: AvailabilityResult, rows: list[str]) -> None:
    """The 90 % interval of each sum, drawn over the bars."""
    sums = [found.minutes, found.primary_minutes][-len(rows) :]
    made.add_scatter(
        x=[s.median for s in sums], y=rows, mode="markers", name="nine times in ten",
        marker={"color": INK, "size": 7, "line": {"color": "white", "width": 1}},
        error_x={"type": "data", "symmetric": False, "array": [s.high - s.median for s in sums],
                 "arrayminus": [s.median - s.low for s in sums], "color": INK, "thickness": 2, "width": 7},
        hovertemplate="%{x:,.1f} minutes a month<extra></extra>",
    )  # fmt: skip
    for row, s in zip(rows, sums, strict=True):
        made.add_annotation(x=s.high, y=row, text=about(s.median), xanchor="left", xshift=10, showarrow=False,
                            bgcolor="white")  # fmt: skip


def _mark_budget(made: go.Figure, found: AvailabilityResult) -> None:
    if found.allowed_minutes is None:
        return
    made.add_vline(
        x=found.allowed_minutes, line={"color": RED, "dash": "dash", "width": 2},
        annotation={"text": f"allowed: {minutes(found.allowed_minutes)}", "font": {"color": RED}, "yanchor": "bottom"},
        annotation_position="top",
    )  # fmt: skip
