"""The timeline of events: raw records by week or month in each system, and what went wrong with them on the way."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from flightready.figures.theme import BLUE, INK, MUTED, ORANGE, PAPER, PURPLE, RED, figure
from flightready.realism.result import RealismResult
from flightready.realism.time_span import EventTimeline, Silence
from flightready.wording import count, together

_MOST_SYSTEMS = 5
_MOST_LABELS = 6


@dataclass(frozen=True)
class Part:
    """One part of a bar: its name in the legend, colour, pattern, and where its counts are."""

    name: str
    colour: str
    pattern: str
    field: str


_PARTS = (
    Part("in order", "#b9c6d3", "", ""),
    Part("out of order", BLUE, "/", "out_of_order"),
    Part("days late", RED, "", "late"),
    Part("sent again", PURPLE, "x", "duplicated"),
)


def figure_events(result: RealismResult) -> go.Figure:
    """Return the timeline of events, one row a system.

    Parameters
    ----------
    result : RealismResult
        With raw records that carry a date.

    Raises
    ------
    ValueError
        When no raw record carries a date.
    """
    events = result.events
    if events is None:
        raise ValueError("a timeline of events needs dates")
    shown = _shown(events)
    made = figure(title(events), height=190 + 120 * len(shown), description=title(events))
    made = go.Figure(make_subplots(rows=len(shown), cols=1, shared_xaxes=True, vertical_spacing=0.09, figure=made))
    for row, system in enumerate(shown, start=1):
        _bars(made, events, system, row)
        _silences(made, events, system, row)
        axis = "" if row == 1 else str(row)
        made.add_annotation(
            text=_row_title(events, system), x=0, xref="paper", y=1, yref=f"y{axis} domain", yanchor="bottom",
            xanchor="left", showarrow=False, font={"size": 13, "color": INK},
        )  # fmt: skip
    made.update_layout(barmode="stack", bargap=0.15, showlegend=True, margin={"t": 110})
    made.update_layout(legend={"y": 1, "yref": "container", "yanchor": "top", "xanchor": "left"})
    made.update_layout(legend_y=1 - 42 / made.layout.height)
    made.update_yaxes(rangemode="tozero", tickformat=",d", nticks=4)
    made.update_yaxes(title_text=f"records a {events.period}", row=(len(shown) + 1) // 2)
    made.update_xaxes(title_text=f"{events.period} of the record's own time", row=len(shown))
    return made


def title(events: EventTimeline) -> str:
    """Say in one line what the timeline shows."""
    late, slipped, again = (sum(map(sum, getattr(events, f).values())) for f in ("late", "out_of_order", "duplicated"))
    told = [f"{count(late, 'record')} came days late"] if late else []
    told += [f"{slipped:,} {'stands' if slipped == 1 else 'stand'} out of order"] if slipped else []
    told += [f"{again:,} {'was' if again == 1 else 'were'} sent again"] if again else []
    told += [count(len(events.silences), "silence")] if events.silences else []
    told += [f"{count(len(events.ended), 'system')} ended early"] if events.ended else []
    if not told:
        return "Events came in order, once, and without a silence"
    return f"Events on their way: {together(told)}"


def _shown(events: EventTimeline) -> list[str]:
    """Systems with most records, in the order of the assessment."""
    largest = sorted(events.systems, key=lambda s: -sum(events.records[s]))[:_MOST_SYSTEMS]
    return [s for s in events.systems if s in largest]


def _bars(made: go.Figure, events: EventTimeline, system: str, row: int) -> None:
    counts = {part.name: getattr(events, part.field)[system] for part in _PARTS if part.field}
    in_order = [max(0, n - sum(odd)) for n, *odd in zip(events.records[system], *counts.values(), strict=True)]
    white = {"fillmode": "overlay", "fgcolor": PAPER, "solidity": 0.25}
    for part in _PARTS:
        values = counts.get(part.name, in_order)
        is_anywhere = part.name == "in order" or any(map(any, getattr(events, part.field).values()))
        if is_anywhere:
            made.add_trace(
                go.Bar(
                    x=[d.isoformat() for d in events.starts], y=list(values), name=part.name, legendgroup=part.name,
                    showlegend=row == 1,
                    marker={"color": part.colour, "pattern": {"shape": part.pattern, **white},
                            "line": {"width": 0}},
                    hovertemplate=f"{escape(system)}, {events.period} of %{{x}}: %{{y:,}} {part.name}<extra></extra>",
                ), row=row, col=1,
            )  # fmt: skip


def _silences(made: go.Figure, events: EventTimeline, system: str, row: int) -> None:
    mine = [(s, "silent") for s in events.silences if s.system == system]
    mine += [(s, "ended") for s in events.ended if s.system == system]
    labelled = sorted(mine, key=lambda item: -item[0].expected)[:_MOST_LABELS]
    for silence, what in mine:
        made.add_vrect(
            x0=silence.first.isoformat(), x1=silence.last.isoformat(), row=row, col=1, fillcolor=ORANGE, opacity=0.22,
            line={"width": 1, "color": ORANGE, "dash": "dot"}, layer="below",
        )  # fmt: skip
        if (silence, what) in labelled:
            made.add_annotation(
                x=_middle(silence), y=0.97, yref="y domain", yanchor="top", showarrow=False, row=row, col=1,
                text=f"{what}<br>{_length(silence)}", font={"size": 12, "color": INK},
            )  # fmt: skip


def _middle(silence: Silence) -> str:
    return (silence.first + (silence.last - silence.first) / 2).isoformat()


def _length(silence: Silence) -> str:
    hours = silence.hours
    return count(round(hours), "hour") if hours < 48 else count(round(hours / 24), "day")


def _row_title(events: EventTimeline, system: str) -> str:
    left_out = len(events.systems) - _MOST_SYSTEMS
    told = f"<b>{escape(system)}</b>: {count(sum(events.records[system]), 'record')}"
    if wrong := events.future.get(system, 0):
        told += f" · {count(wrong, 'date')} in the future or decades off"
    if left_out > 0 and system == _shown(events)[0]:
        told += f" <span style='color:{MUTED}'>({count(left_out, 'smaller system')} not drawn)</span>"
    return told
