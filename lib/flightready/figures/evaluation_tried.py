"""Chart of the three grades of evidence: what each defect goes with, costs when put in, and regains when mended."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go

from flightready.evaluation.attribution.attribution_result import Strength
from flightready.evaluation.attribution.tried_result import Effect
from flightready.evaluation.result import EvaluationResult
from flightready.evidence import Interval
from flightready.figures.theme import BLUE, GREEN, GREY, INK, MUTED, figure
from flightready.narrative import evaluation_tried as narrative
from flightready.wording import count, points

_SERIES = (
    (Strength.ASSOCIATED, "associated: goes with wrong answers", GREY, "circle-open", -0.24),
    (Strength.INJECTED, "injected: costs when put in", BLUE, "square", 0.0),
    (Strength.REPAIRED, "repaired: regains when mended", GREEN, "diamond", 0.24),
)


def figure_tried_defects(result: EvaluationResult) -> go.Figure:
    """Return points of accuracy by defect, one mark a grade of evidence, with 90 % intervals.

    Parameters
    ----------
    result : EvaluationResult
        With at least one defect that was tried.
    """
    named = [(d, name) for d, name in narrative.rows(result) if _marks(result, d, skip=Strength.ASSOCIATED)]
    if not named:
        raise ValueError("a chart of trials needs a defect that was tried")
    made = figure(
        narrative.title(result), x="points of accuracy (bar: nine times in ten)", height=190 + 62 * len(named)
    )
    for grade, label, colour, symbol, shift in _SERIES:
        found = [
            (k + shift, name, *mark)
            for k, (d, name) in enumerate(named)
            for g, *mark in _marks(result, d)
            if g is grade
        ]
        if found:
            made.add_trace(_trace(found, label, colour, symbol))
    made.add_vline(x=0, line={"color": MUTED, "width": 1})
    made.update_yaxes(
        tickmode="array", tickvals=list(range(len(named))), ticktext=[escape(name) for _, name in named],
        range=[len(named) - 0.5, -0.5], showgrid=False, zeroline=False,
    )  # fmt: skip
    return made


def _trace(found: list[tuple[float, str, float, Interval, str]], label: str, colour: str, symbol: str) -> go.Scatter:
    xs = [100 * value for _, _, value, _, _ in found]
    above = [100 * (ends.high - value) for _, _, value, ends, _ in found]
    below = [100 * (value - ends.low) for _, _, value, ends, _ in found]
    return go.Scatter(
        x=xs, y=[y for y, *_ in found], mode="markers", name=label,
        marker={"symbol": symbol, "size": 11, "color": colour, "line": {"color": INK, "width": 1}},
        error_x={"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": colour,
                 "thickness": 2.5, "width": 5},
        customdata=[f"{escape(name)}: {escape(text)}" for _, name, _, _, text in found],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _marks(
    result: EvaluationResult, detector: str, *, skip: Strength | None = None
) -> list[tuple[Strength, float, Interval, str]]:
    """Grade, points, interval and text of each estimate of one defect."""
    found = []
    attribution, tried = result.attribution, result.tried
    part = next((p for p in attribution.defects if detector in p.detectors), None) if attribution else None
    if skip is not Strength.ASSOCIATED and part is not None and part.points is not None and part.interval is not None:
        found.append((Strength.ASSOCIATED, part.points, part.interval, points(part.points)))
    for one in (*tried.injected, *tried.repaired):
        if one.detector == detector and one.points is not None and one.state is not Effect.NONE:
            found.append(
                (one.grade, one.points, one.interval, f"{points(one.points)}, {count(one.n_changed, 'record')} changed")
            )
    return found
