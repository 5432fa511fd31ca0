"""Cells on what the pilot withstands: fault drills, people who take over, and the availability of a month."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures.latency_drills import figure_availability, figure_drills
from flightready.latency.drills import DrillResult
from flightready.narrative import latency_drills as narrative
from flightready.narrative.latency_load import assumed
from flightready.pages.display import Prose, Table, meaning, without_empty_columns
from flightready.study import Study
from flightready.wording import points, share


def drill_chart(study: Study) -> go.Figure | Prose:
    """Return how requests ended minute by minute in each drill; nothing to draw where none could be run."""
    found = study.drills
    return figure_drills(found) if found.known else meaning()


def meaning_drills(study: Study) -> Prose:
    """Return what the drills say, what they bring to people, and what they take for granted."""
    found, said = study.drills, assumed(study.latency)
    return meaning(*narrative.answer(found), *narrative.people(found), narrative.takes_for_granted(found, said))


def drill_table(study: Study) -> Table | Prose:
    """Return each drill in figures."""
    found = study.drills
    if not found.drills:
        return meaning()
    head = ("Drill", "It meets", "In time without it", "In time", "Late", "By the fallback", "Clear error",
            "Attempts a request", "As before after", "Cases for people", "Until none waits")  # fmt: skip
    shown = Table(
        "Fault drills in simulation, at the middle of the planned peak", head, [_row(d) for d in found.drills],
        frozenset(range(2, len(head))),
        "Shares of the requests that come while the fault lasts; each ends in exactly one of the four ways."
        f"{_own_error(found.known)}",
    )  # fmt: skip
    return without_empty_columns(shown)


def _row(drill: DrillResult) -> tuple[str, ...]:
    first = (drill.name, narrative.extent(drill))
    if not drill.is_known:
        told = "never ends" if not drill.ends else "too few requests"
        return (*first, "", told, "", "", "", "", narrative.back(drill), "", "")
    load = drill.people
    off = "" if load is None or load.worked_off_s is None else narrative.hours(load.worked_off_s)
    return (
        *first, _share(drill.usual_answered), _share(drill.answered), _share(drill.late), _share(drill.degraded),
        _share(drill.lost), f"{drill.attempts:.2f}", narrative.back(drill),
        "" if load is None else f"{load.cases:,}", off,
    )  # fmt: skip


def _share(value: float) -> str:
    return share(round(value, 3))


def _own_error(drills: tuple[DrillResult, ...]) -> str:
    """How far the simulation may be off, the widest of all shares."""
    widths = [max(d.error[way].high - part, part - d.error[way].low) for d in drills
              for way, part in (("in_time", d.answered), ("lost", d.lost))]  # fmt: skip
    return f" The simulation's own error: at most {points(max(widths))}, nine times in ten." if widths else ""


def availability(study: Study) -> go.Figure | Prose:
    """Return the minutes of a month without an answer against the error budget; nothing where none is known."""
    found = study.drills.availability
    return figure_availability(found) if found.minutes is not None else meaning()


def meaning_availability(study: Study) -> Prose:
    """Return the availability against its target, and what it hangs on."""
    told, curve, load = narrative.availability(study.drills), study.latency.curve, study.latency.capacity
    least = None if curve is None else curve.gives_way_per_second
    is_over = bool(told and load and least and load.peak_per_second.median >= least)
    return meaning(*told, narrative.OVERLOAD_APART if is_over and study.drills.availability.available else "")
