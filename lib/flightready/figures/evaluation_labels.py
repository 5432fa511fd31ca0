"""Charts of labels: what labelling more is worth, in money or in certainty."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.evaluation.labels.result import LabelValue
from flightready.figures.theme import BLUE, GREEN, HATCHED, MUTED, ORANGE, figure
from flightready.wording import count, in_hundred, money, points, share


def figure_label_value(found: LabelValue) -> go.Figure:
    """Return what so many more labels are worth: money against cost, else the chance that they decide the floor.

    Parameters
    ----------
    found : LabelValue
        With at least one step.
    """
    if not found.steps:
        raise ValueError("a chart of the value of labels needs at least one number of labels")
    return _money(found) if found.best is not None else _certainty(found)


def _money(found: LabelValue) -> go.Figure:
    title = (
        f"Labelling {found.best:,} more pays best" if found.best
        else "More labels are not worth their cost for this decision"
    )  # fmt: skip
    made = figure(title, x="more labels", y=f"{found.currency} a month of operation", height=400)
    names = [f"{s.n:,}" for s in found.steps]
    worth, cost = [s.worth for s in found.steps], [s.cost for s in found.steps]
    looks = {"textposition": "outside", "cliponaxis": False, "textfont": {"size": 12}}
    made.add_bar(x=names, y=worth, name="worth of deciding after them", marker_color=BLUE,
                 text=[_short(w, found.currency) for w in worth], **looks)  # fmt: skip
    made.add_bar(x=names, y=cost, name="cost of labelling (assumed)",
                 marker={"color": ORANGE, "pattern": HATCHED}, text=[_short(c, found.currency) for c in cost],
                 **looks)  # fmt: skip
    made.add_hline(y=found.perfect, line={"color": MUTED, "dash": "dash", "width": 1}, layer="below")
    told = f"knowing accuracy exactly {money(found.perfect, found.currency)}"
    made.add_annotation(
        x=0, xref="paper", y=found.perfect, text=told, showarrow=False, xanchor="left", yanchor="bottom",
        font={"size": 13}, bgcolor="rgba(255,255,255,0.85)",
    )  # fmt: skip
    top = max([*worth, *cost, found.perfect])
    made.update_yaxes(range=[0, 1.18 * top if top > 0 else 1], tickformat=",")
    made.update_xaxes(type="category")
    return made


def _certainty(found: LabelValue) -> go.Figure:
    has_floor = found.break_even is not None
    title = _certain_title(found)
    y = "chance that the floor is then decided, %" if has_floor else "points either way, nine times in ten"
    made = figure(title, x="more labels", y=y, height=430)
    values = [100 * (s.decides if has_floor else s.half_width) for s in found.steps]
    halves = [f"±{100 * s.half_width:.1f} points" for s in found.steps]
    told = [f"{v:.0f} %<br><span style='color:{MUTED}'>{h}</span>" for v, h in zip(values, halves, strict=True)]
    made.add_bar(
        x=[f"{s.n:,}" for s in found.steps], y=values, marker_color=GREEN if has_floor else BLUE,
        text=told if has_floor else halves, textposition="outside", cliponaxis=False, showlegend=False,
    )  # fmt: skip
    made.update_yaxes(
        range=[0, 120] if has_floor else [0, 1.2 * max(values)], tickvals=[0, 25, 50, 75, 100] if has_floor else None
    )
    made.update_xaxes(type="category")
    return made


def _certain_title(found: LabelValue) -> str:
    """What the first number of labels gives that decides often enough, else what the largest does."""
    often = policy.value("power_of_detection")
    if found.break_even is None:
        step = next((s for s in found.steps if s.n == policy.value("least_raw_records")), found.steps[-1])
        labels = f"{count(step.n, 'more label')} {_verb(step.n, 'bounds', 'bound')}"
        return f"{labels} accuracy to {points(step.half_width)} either way"
    step = next((s for s in found.steps if s.decides >= often), found.steps[-1])
    verb = _verb(step.n, "decides", "decide")
    cases = f"{in_hundred(step.decides)} of 100 cases"
    return f"{count(step.n, 'more label')} {verb} the floor of {share(found.break_even)} in {cases}"


def _verb(n: int, one: str, many: str) -> str:
    return one if n == 1 else many


def _short(value: float, currency: str) -> str:
    """An amount above a bar; nothing where it is next to nothing."""
    return money(value, currency) if value >= 1 else ""
