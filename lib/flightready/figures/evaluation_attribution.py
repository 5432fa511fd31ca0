"""The drop from demo set to raw data as a staircase: one step for each defect, another mix, and what is unexplained."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from flightready.evaluation.attribution.attribution_result import AttributedPart, Attribution
from flightready.evidence import Interval
from flightready.figures.theme import DEMO, GREY, HATCHED, INK, MUTED, PRODUCTION, PURPLE, RED, SKY, figure
from flightready.narrative import evaluation_attribution as narrative
from flightready.wording import share

_SHOWN, _OPEN, _MIX, _REST = "shown", "cannot tell yet: dotted", "another mix", "unexplained: hatched"
_LOOK = {
    _SHOWN: {"color": RED},
    _OPEN: {"color": GREY, "pattern": HATCHED | {"shape": "."}},
    _MIX: {"color": SKY, "pattern": HATCHED | {"shape": "x"}},
    _REST: {"color": PURPLE, "pattern": HATCHED},
}
_TOO_FEW = "too few records to tell"


@dataclass(frozen=True)
class _Step:
    """One step: what it is called, how it looks, how far it goes and within which ends."""

    name: str
    look: str
    points: float
    interval: Interval | None


def figure_attribution(found: Attribution) -> go.Figure:
    """Return accuracy from the demo set down to raw data in steps, each with its interval.

    Parameters
    ----------
    found : Attribution
    """
    steps = _steps(found)
    top = found.curated_accuracy if found.curated_accuracy is not None else 1.0
    first = "demo set" if found.curated_accuracy is not None else "every answer right"
    made = figure(narrative.title(found), x="right answers, %", height=190 + 34 * (len(steps) + 2))
    made.update_layout(bargap=0.25, margin={"t": 96})
    made.add_trace(_end(first, top, DEMO, "circle"))
    starts, level = [], top
    for step in steps:
        starts.append(level)
        level -= step.points
    for look in dict.fromkeys(s.look for s in steps):
        mine = [(s, at) for s, at in zip(steps, starts, strict=True) if s.look == look]
        made.add_trace(_bars(look, mine))
    made.add_trace(_end("raw data", found.raw_accuracy, PRODUCTION, "diamond"))
    _add_whiskers(made, steps, starts)
    made.update_yaxes(
        autorange="reversed", type="category", ticklabelstandoff=6, categoryorder="array",
        categoryarray=[first, *(s.name for s in steps), "raw data"],
    )  # fmt: skip
    low, high = _span(found, steps, starts, top)
    made.update_xaxes(range=[low, high])
    return made


def _steps(found: Attribution) -> list[_Step]:
    steps = [_Step(p.name, _look(p), p.points, p.simultaneous) for p in found.defects if p.simultaneous is not None]
    thin = [p for p in found.defects if p.simultaneous is None and p.points is not None]
    if thin:
        kinds = "kind" if len(thin) == 1 else "kinds"
        steps.append(_Step(f"{_TOO_FEW} ({len(thin)} {kinds})", _OPEN, sum(p.points for p in thin), None))
    rest = [p for p in found.parts if p.kind != "defect"]
    return steps + [_Step(p.name, _look(p), p.points, p.simultaneous) for p in rest]


def _look(part: AttributedPart) -> str:
    if part.kind != "defect":
        return _MIX if part.kind == "mix" else _REST
    return _SHOWN if part.is_attributed else _OPEN


def _end(name: str, value: float, colour: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=[100 * value], y=[name], mode="markers+text", text=[share(value)], textposition="middle left",
        marker={"color": colour, "symbol": symbol, "size": 14, "line": {"color": INK, "width": 1}}, showlegend=False,
        hovertemplate=f"{name}: %{{x:.1f}} %<extra></extra>",
    )  # fmt: skip


def _bars(look: str, steps: list[tuple[_Step, float]]) -> go.Bar:
    return go.Bar(
        orientation="h", name=look, y=[s.name for s, _ in steps], base=[100 * at for _, at in steps],
        x=[-100 * s.points for s, _ in steps], marker=_LOOK[look],
        customdata=[narrative.in_points(s.points) for s, _ in steps],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )  # fmt: skip


def _add_whiskers(made: go.Figure, steps: list[_Step], starts: list[float]) -> None:
    """Intervals at the far end of each step, and the points beside them."""
    known = [(s, at) for s, at in zip(steps, starts, strict=True) if s.interval is not None]
    made.add_trace(
        go.Scatter(
            x=[100 * (at - s.points) for s, at in known], y=[s.name for s, _ in known], mode="markers",
            marker={"color": INK, "size": 5}, name="nine times in ten, all steps together", hoverinfo="skip",
            error_x={
                "type": "data", "symmetric": False, "color": INK, "thickness": 1.5, "width": 5,
                "array": [100 * (s.points - s.interval.low) for s, _ in known],
                "arrayminus": [100 * (s.interval.high - s.points) for s, _ in known],
            },
        )
    )  # fmt: skip
    for step, at in zip(steps, starts, strict=True):
        far = max(at, at - step.points, at - step.interval.low if step.interval else at)
        made.add_annotation(
            x=100 * far, y=step.name, text=narrative.in_points(step.points) if step.interval else "", showarrow=False,
            xanchor="left", xshift=10, font={"size": 13, "color": MUTED},
        )  # fmt: skip


def _span(found: Attribution, steps: list[_Step], starts: list[float], top: float) -> tuple[float, float]:
    ends = [top, found.raw_accuracy]
    for step, at in zip(steps, starts, strict=True):
        ends += [at, at - step.points]
        if step.interval is not None:
            ends += [at - step.interval.low, at - step.interval.high]
    room = 0.12 * (max(ends) - min(ends)) or 0.05
    return 100 * (min(ends) - room), 100 * (max(ends) + 1.2 * room)
