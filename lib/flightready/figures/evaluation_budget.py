"""Chart of the error budget: wrong answers a month against what the floor allows, and what each kind of error costs."""

from __future__ import annotations

from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from flightready import policy
from flightready.evaluation.budget.priced import ErrorCost, PricedErrors
from flightready.evaluation.result import EvaluationResult
from flightready.evidence import Interval
from flightready.figures.theme import INK, MUTED, PRODUCTION, RED, figure
from flightready.narrative import evaluation_budget as narrative
from flightready.wording import money, number, share


def figure_budget(result: EvaluationResult) -> go.Figure:
    """Return wrong answers against the budget, above what each kind of error costs; a month where a load is planned.

    Parameters
    ----------
    result : EvaluationResult
        With an error budget.
    """
    if result.budget is None:
        raise ValueError("a chart of the error budget needs accuracy on raw data")
    kinds = _kinds(result.error_cost)
    if not kinds:
        made = figure(_title(result), x=_unit(result), height=230)
        _add_errors(made, result)
        made.update_layout(showlegend=False)
        return made
    made = make_subplots(rows=2, cols=1, vertical_spacing=0.34, row_heights=[0.36, 0.64])
    look = figure(_title(result), height=330 + 44 * len(kinds))
    made.update_layout(look.layout)
    _add_errors(made, result, row=1, col=1)
    _add_costs(made, kinds, result)
    made.update_xaxes(title_text=_unit(result), row=1, col=1)
    made.update_layout(showlegend=False)
    return made


def _unit(result: EvaluationResult) -> str:
    month = result.budget.month
    if month is None:
        return "wrong answers in 10,000 cases (bar: nine times in ten)"
    return f"wrong answers a month (bar: nine times in ten at {number(month.requests)} requests, thin: any load)"


def _title(result: EvaluationResult) -> str:
    found = result.budget
    if found.used is None or found.used_interval is None:
        told = found.month.median if found.month else found.per_10000
        return f"About {number(told)} wrong answers {'a month' if found.month else 'in 10,000 cases'}"
    start = f"{share(round(found.used, 2))} of the error budget is used"
    if found.used_interval.low > 1:
        return f"{start}: overdrawn"
    return f"{start}: {'kept' if found.used_interval.high <= 1 else 'cannot tell yet whether it is kept'}"


def _add_errors(made: go.Figure, result: EvaluationResult, **place: int) -> None:
    """The budget is drawn at the median load, so the bar that is held against it is at that load as well."""
    found, month = result.budget, result.budget.month
    value, ends = found.per_10000, found.interval
    allowed = found.allowed.low if found.allowed else None
    widest = ends
    if month is not None:
        share_wrong = found.per_10000 / policy.value("cases_of_error_budget")
        value, ends, allowed, widest = month.requests * share_wrong, month.at_median_load, month.allowed, month.interval
        _add_whisker(made, value, widest, 1.5, **place)
    _add_whisker(made, value, ends, 6, **place)
    told = f"{number(value)} wrong answers, nine times in ten {number(ends.low)} to {number(ends.high)}"
    made.add_trace(
        go.Scatter(
            x=[value], y=["wrong answers"], mode="markers", hovertemplate=f"{told}<extra></extra>",
            marker={"symbol": "diamond", "size": 14, "color": PRODUCTION, "line": {"color": INK, "width": 1}},
        ),
        **place,
    )  # fmt: skip
    if allowed is not None:
        made.add_vline(x=allowed, line={"color": INK, "dash": "dash", "width": 2}, **place)
        made.add_annotation(x=allowed, y=1, yref="y domain", text=f"budget {number(allowed)}", showarrow=False,
                            xanchor="left", yanchor="bottom", xshift=6, font={"size": 13}, **place)  # fmt: skip
    made.update_xaxes(range=[0, 1.12 * max(widest.high, allowed or 0.0)], tickformat=",", nticks=8, **place)
    made.update_yaxes(ticklabelstandoff=6, **place)


def _add_whisker(made: go.Figure, value: float, ends: Interval, width: float, **place: int) -> None:
    xs = [min(ends.low, value), max(ends.high, value)]
    line = go.Scatter(x=xs, y=["wrong answers"] * 2, mode="lines", line={"color": PRODUCTION, "width": width},
                      hoverinfo="skip")  # fmt: skip
    made.add_trace(line, **place)


def _kinds(cost: ErrorCost | None) -> list[PricedErrors]:
    return [k for k in cost.kinds if k.cost_per_10000 > 0] if cost is not None else []


def _add_costs(made: go.Figure, kinds: list[PricedErrors], result: EvaluationResult) -> None:
    currency, is_month = result.error_cost.currency, result.budget.month is not None
    value = [k.cost_per_month if is_month else k.cost_per_10000 for k in kinds]
    ends = [k.month_interval if is_month else None for k in kinds]
    per = "a month" if is_month else "in 10,000 cases"
    made.add_trace(
        go.Bar(
            x=value, y=[escape(narrative.kind_name(k.kind, of=len(kinds))) for k in kinds], orientation="h",
            marker={"color": RED, "opacity": 0.75},
            text=[f"<b>{money(v, currency)}</b>" for v in value], textposition="inside", insidetextanchor="start",
            textfont={"color": "white", "size": 13},
            error_x={"type": "data", "symmetric": False, "color": MUTED, "thickness": 2, "width": 5,
                     "array": [e.high - v if e else 0 for v, e in zip(value, ends, strict=True)],
                     "arrayminus": [v - e.low if e else 0 for v, e in zip(value, ends, strict=True)]},
            hovertemplate="%{y}: %{text} " + per + "<extra></extra>",
        ),
        row=2, col=1,
    )  # fmt: skip
    bar = " (line: nine times in ten)" if is_month else ""
    made.update_xaxes(
        title_text=f"cost by kind of error, {currency} {per}{bar}",
        rangemode="tozero",
        tickformat=",",
        nticks=8,
        row=2,
        col=1,
    )
    made.update_yaxes(autorange="reversed", type="category", ticklabelstandoff=6, row=2, col=1)
