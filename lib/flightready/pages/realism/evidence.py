"""The evidence of notebook 01: the map of defects, the worst columns, every column, masked examples."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready.figures import realism as figures
from flightready.narrative import realism as narrative
from flightready.narrative import telling
from flightready.pages.display import Prose, Table, meaning
from flightready.pages.realism.absent import NO_DEFECT as _NO_DEFECT
from flightready.pages.realism.absent import NO_RECORDS as _NO_RECORDS
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Defect
from flightready.realism.result import RealismResult
from flightready.study import Study
from flightready.wording import share

_MOST_EXAMPLES = 20


def defect_map(study: Study) -> go.Figure | Prose:
    """Return the map of defects by column."""
    return figures.figure_map(study.realism) if study.realism.found() else meaning(_NO_DEFECT)


def meaning_map(study: Study) -> Prose:
    """Return what the map means for the decision."""
    return meaning(narrative.map_meaning(study.realism))


def worst(study: Study) -> go.Figure | Prose:
    """Return the worst columns, demo set beside raw."""
    return figures.figure_worst(study.realism) if study.realism.found() else meaning(_NO_DEFECT)


def meaning_worst(study: Study) -> Prose:
    """Return what the worst column means, and what mends it."""
    return meaning(narrative.worst_meaning(study.realism))


def defects(study: Study) -> Table | Prose:
    """Return every defect that was found, the most frequent first, and whether it is worse or what would tell."""
    rows = [_defect_row(study.realism, d) for d in study.realism.found()]
    head = ("Column", "Defect", "Raw, %", "Nine times in ten", "Demo, %", "First and last seen", "Worse than the demo?")
    return Table("Defects found", head, rows, frozenset({2, 4})) if rows else meaning(_NO_DEFECT)


def _defect_row(result: RealismResult, d: Defect) -> tuple[str, ...]:
    return (
        _named(d.column),
        f"{d.name} ({d.told})" if d.told else d.name,
        f"{100 * d.raw.share:.1f}" if d.raw else "",
        f"{100 * d.rate.interval.low:.1f} to {100 * d.rate.interval.high:.1f}",
        f"{100 * d.curated.share:.1f}" if d.curated and d.curated.n else "",
        f"{d.first} to {d.last}" if d.first else "",
        telling.verdict(result, d),
    )


def noted(study: Study) -> Table | Prose:
    """Return what no single record shows: shifted columns, and facts on columns and files."""
    rows = [(_named(d.column), d.name, d.told, "beyond chance") for d in study.realism.shifted()]
    rows += [
        (_named(d.column), d.name, o.sentence, "counted")
        for d in study.realism.observed() for o in d.observations if d.detector not in narrative.TOLD_WITH_EVENTS
    ]  # fmt: skip
    if not rows:
        return meaning(narrative.nothing_noted(study.realism))
    return Table("What no single record shows", ("Column", "What", "Seen", "How sure"), rows)


def _named(column: str) -> str:
    return "whole record" if column == RECORD else column


def columns(study: Study) -> Table | Prose:
    """Return every column with its kind, how full it is, and how each system writes it."""

    def shown(value: float | None) -> str:
        return "" if value is None else share(value)

    rows = [
        (
            p.column,
            p.role,
            p.kind,
            shown(p.curated_filled),
            shown(p.raw_filled),
            "" if p.raw_distinct is None else f"{p.raw_distinct:,}",
            "; ".join(f"{system}: {_quoted(forms)}" for system, forms in p.formats.items()),
        )
        for p in study.realism.profiles
    ]
    if not rows:
        return meaning(_NO_RECORDS)
    head = (
        "Column",
        "Role",
        "Holds",
        "Filled, demo",
        "Filled, raw",
        "Different values, raw",
        "How systems write it (most frequent first)",
    )
    return Table(narrative.formats_meaning(study.realism), head, rows, frozenset({3, 4, 5}))


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(f"‘{t}’" for t in texts)


def examples(study: Study) -> Table | Prose:
    """Return a masked example of each defect, with the file and line of the real value."""
    rows = [
        (_named(d.column), d.name, f"{e.file}, line {e.line:,}", f"‘{e.masked}’")
        for d in study.realism.found() for e in d.examples[:1]
    ]  # fmt: skip
    if not rows:
        return meaning(_NO_DEFECT)
    cut = f" (the {_MOST_EXAMPLES} most frequent of {len(rows)} defects)" if len(rows) > _MOST_EXAMPLES else ""
    title = f"One example of each defect{cut}. {narrative.examples_note()}"
    return Table(title, ("Column", "Defect", "Where", "Looks like"), rows[:_MOST_EXAMPLES])
