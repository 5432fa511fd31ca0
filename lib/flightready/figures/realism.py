"""Charts of data realism: the map of defects, the worst columns, the months, who misses values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from flightready.evidence import Interval
from flightready.figures.theme import DEMO, INK, MUTED, PRODUCTION, figure
from flightready.narrative.realism import named, places
from flightready.realism.detector import RECORD, detectors
from flightready.realism.outcome import Defect, Rate
from flightready.realism.result import RealismResult
from flightready.wording import count, share

_MOST_COLUMNS = 16
_MOST_WORST = 8
_WORSE, _UNSURE = "▲", "○"
_RECORD_NAME = "whole record"
_WARM = [[0.0, "#ffffff"], [0.15, "#fde8d5"], [0.4, "#f6b98a"], [1.0, "#e8935a"]]


@dataclass(frozen=True)
class Dots:
    """One series of estimates with intervals: same colour and mark for all of its rows."""

    name: str
    colour: str
    symbol: str
    rows: Sequence[tuple[str, float, Interval, str]]
    """Row label, estimate, interval, text for the reader."""


def add_dots(made: go.Figure, series: Dots, *, scale: float = 100.0) -> None:
    """Draw estimates as marks and their 90 % intervals as bars, one row each.

    Parameters
    ----------
    made : Figure
    series : Dots
        Shares; an end that is not bounded is drawn as the estimate.
    scale : float
        Factor to the unit of the axis.
    """
    xs = [scale * value for _, value, _, _ in series.rows]
    above = [scale * ((i.high if i.high is not None else v) - v) for _, v, i, _ in series.rows]
    below = [scale * (v - (i.low if i.low is not None else v)) for _, v, i, _ in series.rows]
    made.add_trace(
        go.Scatter(
            x=xs, y=[escape(label) for label, *_ in series.rows], mode="markers", name=series.name,
            marker={"symbol": series.symbol, "size": 11, "color": series.colour, "line": {"color": INK, "width": 1}},
            error_x={"type": "data", "symmetric": False, "array": above, "arrayminus": below, "color": series.colour,
                     "thickness": 2.5, "width": 5},
            customdata=[escape(text) for *_, text in series.rows], hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )  # fmt: skip


def figure_map(result: RealismResult) -> go.Figure:
    """Return the map of defects: kinds of defect down, columns across, the raw rate in each cell.

    Parameters
    ----------
    result : RealismResult
        With at least one defect found; without raw records the demo set is shown.
    """
    found = result.found()
    if not found:
        raise ValueError("a map needs at least one defect")
    worst = {}
    for d in found:
        worst[d.column] = max(worst.get(d.column, 0.0), d.rate.share)
    columns = sorted(worst, key=lambda c: (-worst[c], c))[:_MOST_COLUMNS]
    shown = {d.detector for d in found if d.column in columns}
    kinds = [(d.id, d.name) for d in detectors() if d.id in shown]
    cells = {(d.column, d.detector): d for d in result.defects}
    grid = [[cells.get((c, k)) for c in columns] for k, _ in kinds]
    made = figure(_map_title(result, len(worst) - len(columns)), height=max(320, 200 + 30 * len(kinds)),
                  description="Share of affected records for each kind of defect and column")  # fmt: skip
    made.add_trace(
        go.Heatmap(
            z=[[100 * d.rate.share if d and d.rate else None for d in row] for row in grid],
            x=[_wrapped(_RECORD_NAME if c == RECORD else c) for c in columns], y=[escape(name) for _, name in kinds],
            text=[[_cell(d) for d in row] for row in grid], texttemplate="%{text}", textfont={"size": 13, "color": INK},
            customdata=[[_hover(d) for d in row] for row in grid], hovertemplate="%{customdata}<extra></extra>",
            colorscale=_WARM, zmin=0, zmax=max(25.0, 100 * max(worst.values())), xgap=3, ygap=3, showscale=False,
            hoverongaps=False,
        )
    )  # fmt: skip
    made.update_layout(
        xaxis={"side": "top", "showgrid": False, "ticks": "", "tickangle": 0, "type": "category"},
        yaxis={"autorange": "reversed", "showgrid": False, "ticks": "", "type": "category"},
        margin={"t": 120, "b": 60},
    )
    made.add_annotation(text=_map_legend(result), x=0, y=0, yshift=-46, xref="paper", yref="paper", showarrow=False,
                        xanchor="left", align="left", font={"size": 13, "color": MUTED})  # fmt: skip
    return made


def _map_title(result: RealismResult, left_out: int) -> str:
    worse = result.worse()
    if worse:
        title = f"{count(len(worse), 'defect')} in {places(worse)} {'is' if len(worse) == 1 else 'are'} more frequent"
        title += " than in the demo set"
    elif result.n_curated and result.n_raw:
        title = "No defect is shown to be more frequent than in the demo set"
    else:
        found = result.found()
        side = "raw data" if result.n_raw else "the demo set"
        title = f"{count(len(found), 'defect')} in {places(found)} of {side}"
    return f"{title} (drawn: the {_MOST_COLUMNS} worst)" if left_out else title


def _map_legend(result: RealismResult) -> str:
    empty = "empty: no such value to look at"
    if result.n_curated and result.n_raw:
        marks = f"{_WORSE} worse than the demo set beyond chance · {_UNSURE} not shown to be worse"
        return f"% of records affected · {marks}<br>{empty}"
    side = "raw" if result.n_raw else "demo"
    return f"% of {side} records affected · nothing to compare with · {empty}"


def _label(column: str) -> str:
    return escape(_RECORD_NAME if column == RECORD else column)


def _wrapped(name: str, width: int = 12) -> str:
    """A column name in lines: broken after blanks, underscores and dots, where names may be broken."""
    lines = [""]
    for part in re.findall(r"[^\s_.]+[\s_.]*", name) or [name]:
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    lines = [line.strip() for line in lines]
    return "<br>".join(escape(line if len(line) <= 2 * width else f"{line[: 2 * width - 1]}…") for line in lines)


def _cell(defect: Defect | None) -> str:
    if defect is None or defect.rate is None or not defect.rate.n:
        return ""
    if not defect.rate.hits:
        return "0"
    mark = {True: f" {_WORSE}", False: f" {_UNSURE}", None: ""}[defect.worse]
    return f"{100 * defect.rate.share:.1f}{mark}"


def _hover(defect: Defect | None) -> str:
    if defect is None or defect.rate is None:
        return "does not apply"
    lines = [
        f"{escape(defect.name)}, {_label(defect.column)}",
        _rate_text("raw", defect.raw),
        _rate_text("demo set", defect.curated),
    ]
    return "<br>".join(line for line in lines if line)


def _rate_text(side: str, rate: Rate | None) -> str:
    if rate is None or not rate.n:
        return ""
    ends = f"{share(rate.interval.low)} to {share(rate.interval.high)}"
    return f"{side}: {rate.hits:,} of {rate.n:,} ({share(rate.share)}; nine times in ten {ends})"


def figure_worst(result: RealismResult) -> go.Figure:
    """Return the worst columns, demo set beside raw, each with its 90 % interval.

    Parameters
    ----------
    result : RealismResult
        With at least one defect found.
    """
    chosen = (result.worse() or result.found())[:_MOST_WORST]
    if not chosen:
        raise ValueError("a chart of the worst columns needs at least one defect")
    made = figure(_worst_title(chosen), x="records affected, % (bar: nine times in ten)", height=150 + 46 * len(chosen))
    for name, colour, symbol, side in (
        ("demo set", DEMO, "circle", "curated"),
        ("raw data", PRODUCTION, "diamond", "raw"),
    ):
        rows = [
            (_row(d), r.share, r.interval, f"{r.hits:,} of {r.n:,}")
            for d in chosen if (r := getattr(d, side)) is not None and r.n
        ]  # fmt: skip
        if rows:
            add_dots(made, Dots(name, colour, symbol, rows))
    _by_row(made)
    return made


def _worst_title(chosen: Sequence[Defect]) -> str:
    first = chosen[0]
    told, seen = escape(named(first)), share(first.rate.share)
    against = f" against {share(first.curated.share)}" if first.worse and first.curated else ""
    if len(chosen) == 1:
        return f"{told[0].upper()}{told[1:]}: {seen}{against}"
    which = "largest differences from the demo set" if first.worse else "most frequent defects"
    return f"The {len(chosen)} {which}; most: {told}, {seen}{against}"


def _row(defect: Defect) -> str:
    return f"{_RECORD_NAME if defect.column == RECORD else defect.column}: {defect.name}"


def figure_affected(rates: dict[str, Rate], what: str, records_per_day: float) -> go.Figure:
    """Return how many records a day a defect touches in each system, at a given volume.

    Parameters
    ----------
    rates : dict of system to Rate
    what : str
        Defect and column, for the title.
    records_per_day : float
        Volume of each row of the chart.
    """
    made = figure(
        f"Of {records_per_day:,.0f} records a day: {what}", x="records affected a day (bar: nine times in ten)",
        height=170 + 46 * len(rates),
    )  # fmt: skip
    rows = [(name, r.share, r.interval, f"{r.hits:,} of {r.n:,} in the sample") for name, r in rates.items() if r.n]
    add_dots(made, Dots("raw data", PRODUCTION, "diamond", rows), scale=records_per_day)
    _by_row(made)
    return made


def _by_row(made: go.Figure) -> None:
    """First row on top; the axis begins a little below zero, so that a mark at zero is whole."""
    ends = [x + e for trace in made.data for x, e in zip(trace.x, trace.error_x.array, strict=True)]
    most = max([1e-9, *ends])
    made.update_xaxes(range=[-0.02 * most, 1.05 * most], tickformat=",~g")
    made.update_yaxes(autorange="reversed", type="category", ticklabelstandoff=6)
