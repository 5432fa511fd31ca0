"""Charts of what to measure next, and of what moves the value."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go
from scipy import special

from flightready import policy
from flightready.evidence import Grade
from flightready.figures.theme import BLUE, GREEN, GREY, HATCHED, INK, MUTED, ORANGE, SKY, figure
from flightready.narrative.roi import writer
from flightready.narrative.roi_information import quoted, titled
from flightready.roi.information import Worth
from flightready.roi.measuring import InputWorth, RoiInformation
from flightready.wording import money

_ROW, _AROUND = 40, 170
_HALF = float(special.ndtri(0.95))
"""Standard errors on either side of a 90 % interval."""
_ASIDE = 0.22
"""Part of the widest swing that is left on either side for words."""
_VISIBLE = 0.005
"""Part of the longest bar from which on the line of the noise stands apart from the axis."""


def figure_studies(found: RoiInformation) -> go.Figure:
    """Draw what each study would show is worth, ranked, beside its cost and the worth of knowing exactly."""
    shown = [s for s in found.studies if s.worth.is_clear][: policy.value("information_bars")]
    top = shown[0]
    title = f"Worth measuring next: {quoted(top)}" if top.pays else "No study is worth its cost for this decision"
    fig = figure(
        escape(title), x=f"Worth before the decision ({found.currency}); lines: nine times in ten",
        height=_AROUND + _ROW * len(shown),
        description="Bars: worth of what each study would show, ranked by worth less cost; markers: cost.",
    )  # fmt: skip
    names = [escape(_wrapped(titled(s))).replace("\n", "<br>") for s in shown]
    fig.add_bar(
        y=names, x=[s.worth.worth for s in shown], orientation="h", name="what the study would show",
        marker={"color": BLUE}, error_x=_error([s.worth for s in shown]),
        hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        y=names, x=[s.exact.worth for s in shown], mode="markers", name="knowing its inputs exactly",
        marker={"symbol": "diamond-open", "size": 12, "color": MUTED, "line": {"width": 2}},
        hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
    )  # fmt: skip
    fig.add_scatter(
        y=names, x=[s.cost for s in shown], mode="markers", name="cost",
        marker={"symbol": "line-ns", "size": 18, "line": {"width": 4, "color": ORANGE}},
        hovertemplate="%{y} costs %{x:,.0f}<extra></extra>",
    )  # fmt: skip
    _noise_line(fig, max(s.worth.noise for s in shown), [s.worth for s in shown], found.currency)
    return _ranked(fig)


def figure_inputs_worth(found: RoiInformation) -> go.Figure:
    """Draw what knowing each input exactly would be worth, ranked, with its error and the noise of the computation."""
    shown = [i for i in found.inputs if i.worth.worth > 0][: policy.value("information_bars")]
    top = shown[0]
    title = f"Most worth knowing: '{top.label}'" if top.worth.is_clear else "No single input could turn the decision"
    fig = figure(
        escape(title), x=f"Worth of knowing it exactly before deciding ({found.currency}); lines: nine times in ten",
        height=_AROUND + _ROW * len(shown),
        description="Bars: worth of knowing each input exactly before the decision, ranked, with error.",
    )  # fmt: skip
    for grade, colour, pattern in _GRADES:
        part = [i for i in shown if i.grade is grade]
        if part:
            fig.add_bar(
                y=[_label(i) for i in part], x=[i.worth.worth for i in part], orientation="h", name=str(grade),
                marker={"color": colour, "pattern": pattern}, error_x=_error([i.worth for i in part]),
                hovertemplate="%{y}: %{x:,.0f}<extra></extra>",
            )  # fmt: skip
    _noise_line(fig, found.noise, [i.worth for i in shown], found.currency)
    fig.update_yaxes(categoryorder="array", categoryarray=[_label(i) for i in shown])
    return _ranked(fig)


_GRADES = ((Grade.MEASURED, GREEN, {}), (Grade.ESTIMATED, BLUE, {}), (Grade.ASSUMED, SKY, HATCHED))


def figure_tornado(found: RoiInformation) -> go.Figure:
    """Draw the mean value in the lowest and the highest tenth of each input, the largest swing on top."""
    shown = sorted(found.inputs, key=lambda i: -i.swing.width)[: policy.value("information_bars")]
    fig = figure(
        escape(f"'{shown[0].label}' moves the value most"), x=f"Mean present value ({found.currency})",
        height=_AROUND + _ROW * len(shown),
        description="Bars from the mean value where an input is low to the mean value where it is high, by input.",
    )  # fmt: skip
    centre = float(np.mean([np.mean(i.swing.means) for i in shown]))
    for side, colour, pattern in (("low", SKY, HATCHED), ("high", BLUE, {})):
        at = [getattr(i.swing, f"at_{side}") for i in shown]
        errors = [_HALF * getattr(i.swing, f"error_{side}") for i in shown]
        fig.add_bar(
            y=[_label(i) for i in shown], x=[a - centre for a in at], base=centre, orientation="h",
            name=f"input in its {side}est tenth", marker={"color": colour, "pattern": pattern},
            error_x={"type": "data", "array": errors, "color": INK, "thickness": 1.5},
            customdata=[_end(i, side, found.currency) for i in shown],
            hovertemplate="%{y}, %{customdata}<extra></extra>",
        )  # fmt: skip
    for one in shown:
        _ends(fig, one, found.currency)
    fig.add_vline(x=0, line={"color": INK, "width": 1})
    fig.add_vline(x=centre, line={"color": MUTED, "dash": "dot"})
    fig.update_layout(barmode="overlay")
    fig.update_xaxes(range=_room(shown))
    return _ranked(fig)


def _ends(fig: go.Figure, one: InputWorth, currency: str) -> None:
    """Write the input's own values outside of the bar's ends and their errors."""
    for side, other in (("low", "high"), ("high", "low")):
        at, error = getattr(one.swing, f"at_{side}"), _HALF * getattr(one.swing, f"error_{side}")
        is_left = at < getattr(one.swing, f"at_{other}")
        fig.add_annotation(
            y=_label(one), x=at - error if is_left else at + error, text=escape(_end(one, side, currency)),
            showarrow=False, xanchor="right" if is_left else "left", xshift=-8 if is_left else 8,
            font={"size": 12, "color": INK}, bgcolor="rgba(255,255,255,0.75)",
        )  # fmt: skip


def _room(shown: list[InputWorth]) -> list[float]:
    """Range of the axis with room for the inputs' values on either side."""
    ends = [e for i in shown for e in (i.swing.at_low, i.swing.at_high)]
    space = _ASIDE * (max(ends) - min(ends))
    return [min(ends) - space, max(ends) + space]


def _end(one: InputWorth, side: str, currency: str) -> str:
    write = writer(one.unit, currency)
    return f"up to {write(one.swing.low_to)}" if side == "low" else f"from {write(one.swing.high_from)}"


def _label(one: InputWorth) -> str:
    return escape(_wrapped(one.label)).replace("\n", "<br>")


def _wrapped(text: str, width: int = 34) -> str:
    """Break a long name once, at the space nearest to its middle."""
    if len(text) <= width or " " not in text:
        return text
    middle = min((i for i, c in enumerate(text) if c == " "), key=lambda i: abs(i - len(text) / 2))
    return text[:middle] + "\n" + text[middle + 1 :]


def _error(worths: list[Worth]) -> dict[str, object]:
    reach = [w.error_90 for w in worths]
    down = [min(r, w.worth) for r, w in zip(reach, worths, strict=True)]
    return {"type": "data", "array": reach, "arrayminus": down, "color": INK, "thickness": 1.5}


def _noise_line(fig: go.Figure, noise: float, worths: list[Worth], currency: str) -> None:
    if noise > _VISIBLE * max(w.worth for w in worths):
        fig.add_vline(
            x=noise, line={"color": GREY, "dash": "dash"}, annotation_position="top right",
            annotation_text=f"left of {money(noise, currency)}: may be noise", annotation_font_size=12,
        )  # fmt: skip


def _ranked(fig: go.Figure) -> go.Figure:
    fig.update_yaxes(autorange="reversed")
    return fig
