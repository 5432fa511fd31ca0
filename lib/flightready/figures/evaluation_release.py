"""Chart of accuracy over time, with the evidence that an alarm adds up below it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from flightready.evaluation.release.staleness_result import Staleness, Trigger
from flightready.figures.theme import INK, MUTED, PRODUCTION, RED, figure
from flightready.wording import count, points

_UPPER, _LOWER, _WHOLE = [0.44, 1.0], [0.0, 0.3], [0.0, 1.0]


def figure_over_time(found: Staleness) -> go.Figure:
    """Return accuracy in each week or month, and the evidence of a fall against the line at which the alarm rings.

    Parameters
    ----------
    found : Staleness
        With a period or a trigger.
    """
    if not found.periods and found.trigger is None:
        raise ValueError("a chart over time needs a period or an alarm")
    both = bool(found.periods) and found.trigger is not None
    made = figure(_title(found), height=520 if both else 340)
    if found.periods:
        _add_periods(made, found)
    if found.trigger is not None:
        _add_evidence(made, found.trigger, _LOWER if both else _WHOLE)
    if both:
        made.update_layout(yaxis={"domain": _UPPER}, xaxis={"anchor": "y2", "matches": None})
    made.update_xaxes(title_text="day of the record")
    made.update_layout(margin={"r": 170})
    return made


def _title(found: Staleness) -> str:
    if found.trigger is not None and found.trigger.rang_on is not None:
        return f"Accuracy fell about {found.trigger.fell_on}: the alarm rang on {found.trigger.rang_on}"
    trend = found.trend
    if trend is not None and trend.interval.high < 0:
        return f"Accuracy falls by {points(-trend.per_month)} a month; the alarm did not ring"
    if trend is not None and trend.interval.low > 0:
        return f"Accuracy rises by {points(trend.per_month)} a month"
    return "Accuracy shows no trend, and the alarm did not ring" if found.trigger is not None else "Accuracy over time"


def _add_periods(made: go.Figure, found: Staleness) -> None:
    share = np.array([p.accuracy.share for p in found.periods])
    low = np.array([p.accuracy.interval.low for p in found.periods])
    high = np.array([p.accuracy.interval.high for p in found.periods])
    made.add_scatter(
        x=[p.first for p in found.periods], y=100 * share, mode="markers+lines", name=f"accuracy in a {found.unit}",
        marker={"symbol": "diamond", "size": 9, "color": PRODUCTION}, line={"color": PRODUCTION, "width": 1},
        error_y={"array": 100 * (high - share), "arrayminus": 100 * (share - low), "color": PRODUCTION},
        text=[f"{p.accuracy.right:,} of {p.accuracy.n:,} right" for p in found.periods],
        hovertemplate=f"{found.unit} from %{{x|%Y-%m-%d}}: %{{y:.1f}} %<br>%{{text}}<extra></extra>",
    )  # fmt: skip
    made.update_yaxes(title_text="right answers, %", selector={"overlaying": None})
    if found.trigger is not None:
        _add_level(made, 100 * found.trigger.expected, "usual")
        _add_level(made, 100 * (found.trigger.expected - found.trigger.fall), "fall to be caught")


def _add_level(made: go.Figure, y: float, name: str) -> None:
    made.add_hline(y=y, line={"color": MUTED, "dash": "dot", "width": 1.5}, yref="y")
    made.add_annotation(
        x=1, xref="paper", y=y, yref="y", text=f" {name}: {y:.1f} %", showarrow=False, xanchor="left",
        font={"size": 12, "color": MUTED},
    )  # fmt: skip


def _add_evidence(made: go.Figure, t: Trigger, domain: list[float]) -> None:
    days = np.floor(t.days).astype("datetime64[D]").astype(str)
    # the most of a day is what rings; a point for each record would only make the report larger
    dates, first = np.unique(days, return_index=True)
    evidence = np.maximum.reduceat(t.evidence, first)
    made.add_scatter(
        x=dates, y=np.round(evidence, 3), yaxis="y2", mode="lines",
        name="evidence of a fall (the earlier half teaches what is usual)", line={"color": INK, "width": 1.5},
        hovertemplate="%{x}: %{y:.2f}<extra></extra>",
    )  # fmt: skip
    top = 1.25 * max(t.line, float(t.evidence.max()))
    made.update_layout(yaxis2={"domain": domain, "title": {"text": "evidence"}, "range": [0, top], "anchor": "x"})
    made.add_shape(
        type="line", xref="paper", x0=0, x1=1, yref="y2", y0=t.line, y1=t.line,
        line={"color": RED, "dash": "dash", "width": 2},
    )  # fmt: skip
    rings = f"the alarm rings here; by chance in {t.false_alarms.hits:,} of {count(t.false_alarms.n, 'replay')}"
    made.add_annotation(
        x=0, xref="paper", y=t.line, yref="y2", text=rings, showarrow=False, xanchor="left", yanchor="bottom",
        font={"size": 12, "color": RED},
    )  # fmt: skip
    if t.rang_on is not None:
        made.add_annotation(
            x=str(t.rang_on), y=t.line, yref="y2", text=f"rang {t.rang_on}", showarrow=True, arrowhead=2, ax=0, ay=28,
            font={"size": 12, "color": RED},
        )  # fmt: skip
