"""The evidence of notebook 01: the map of defects, the worst columns, every column, masked examples."""

from __future__ import annotations

import plotly.graph_objects as go

from flightready import policy
from flightready.figures import realism as figures
from flightready.narrative import realism as narrative
from flightready.narrative import telling
from flightready.pages.display import Prose, Table, cut, meaning, without_empty_columns
from flightready.pages.realism.absent import NO_DEFECT as _NO_DEFECT
from flightready.pages.realism.absent import NO_RECORDS as _NO_RECORDS
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Defect
from flightready.realism.result import RealismResult
from flightready.study import Study
from flightready.wording import share


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


def defects(study: Study, *, every: bool = False) -> Table | Prose:
    """Return the defects that were found, the most frequent first, and whether each is worse or what would tell.

    Parameters
    ----------
    study : Study
    every : bool
        Show all of them, not only the first rows.
    """
    found = study.realism
    rows = [_defect_row(found, d) for d in found.found()]
    if not rows:
        return meaning(_NO_DEFECT)
    head = ("Column", "Defect", "Raw, %" if found.n_raw else "Demo, %", "Records", "Nine times in ten", "Demo, %",
            "First and last seen", "Worse than the demo?")  # fmt: skip
    made = Table("Defects found", head, rows, frozenset({2, 3, 5}), narrative.shares_note())
    return _short(without_empty_columns(made), every=every)


def _short(shown: Table, *, every: bool) -> Table:
    return cut(shown, most=policy.value("most_rows_shown"), every=every, order="the {} most frequent")


def _defect_row(result: RealismResult, d: Defect) -> tuple[str, ...]:
    both = bool(result.n_raw and result.n_curated)
    told = "; ".join(t for t in (d.told, narrative.optional_note(result, d)) if t)
    return (
        _named(d.column),
        f"{d.name} ({told})" if told else d.name,
        f"{100 * d.rate.share:.1f}",
        f"{d.rate.hits:,} of {d.rate.n:,}",
        f"{100 * d.rate.interval.low:.1f} to {100 * d.rate.interval.high:.1f}",
        f"{100 * d.curated.share:.1f}" if both and d.curated and d.curated.n else "",
        f"{d.first} to {d.last}" if d.first else "",
        telling.verdict(result, d) if both else "",
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

    several = len(study.realism.systems) > 1
    rows = [
        (
            p.column,
            p.role,
            p.kind,
            shown(p.curated_filled),
            shown(p.raw_filled),
            "" if p.raw_distinct is None else f"{p.raw_distinct:,}",
            "; ".join((f"{system}: " if several else "") + _quoted(forms) for system, forms in p.formats.items()),
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
        "Written as (most frequent first)",
    )
    made = Table(
        "How each column is written", head, rows, frozenset({3, 4, 5}), narrative.formats_meaning(study.realism)
    )
    return without_empty_columns(made)


def _quoted(texts: tuple[str, ...]) -> str:
    return ", ".join(f"‘{t}’" for t in texts)


def examples(study: Study, *, every: bool = False) -> Table | Prose:
    """Return a masked example of each defect, with the file and line of the real value.

    Parameters
    ----------
    study : Study
    every : bool
        Show one of every defect, not only of the most frequent.
    """
    rows = [
        (_named(d.column), d.name, f"{e.file}, line {e.line:,}", f"‘{e.masked}’")
        for d in study.realism.found() for e in d.examples[:1]
    ]  # fmt: skip
    if not rows:
        return meaning(_NO_DEFECT)
    made = Table(
        "One example of each defect", ("Column", "Defect", "Where", "Looks like"), rows, note=narrative.examples_note()
    )
    return _short(made, every=every)
