"""Notebook 01: is raw production data the data that the pilot was shown on, and what has to be repaired first."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready import policy
from flightready.figures import realism as figures
from flightready.narrative import realism as narrative
from flightready.pages.display import Prose, Table, absent, finding_table, meaning
from flightready.pages.display import answer as answer_prose
from flightready.pages.population import meaning_population, population  # noqa: F401 - cells of the same notebook
from flightready.realism.detector import RECORD
from flightready.realism.result import Defect, RealismResult
from flightready.study import Study
from flightready.wording import points, share

_ALL = "all systems"
_NO_RECORDS = "There are no raw records to look at; what to bring is listed under what is missing."
_NO_DEFECT = "No defect of the kinds that are looked for was found, so there is nothing to draw."
_MOST_EXAMPLES = 30
_EXAMPLES_EACH = 2


def answer(study: Study) -> Prose:
    """Return whether raw data is what the pilot was shown on."""
    return answer_prose(*narrative.answer(study.realism))


def missing(study: Study) -> Prose | Table:
    """Return what is missing, and what it would decide."""
    return absent(study.realism.absences)


def sources(study: Study) -> Table | Prose:
    """Return the files as they were read."""
    rows = [
        (
            s.file,
            s.side,
            s.system,
            s.format,
            s.encoding,
            s.delimiter,
            f"{s.records:,}",
            f"{s.malformed:,}",
            "; ".join(s.notes),
        )
        for s in study.realism.sources
    ]
    if not rows:
        return meaning(narrative.sources_meaning(study.realism))
    head = ("File", "Side", "System", "Format", "Encoding", "Delimiter", "Records", "Do not parse", "Notes")
    return Table("Files of records, as they came", head, rows, frozenset({6, 7}))


def meaning_sources(study: Study) -> Prose:
    """Return how the files came."""
    return meaning(narrative.sources_meaning(study.realism))


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


def incomplete(study: Study) -> go.Figure | Prose:
    """Return how many raw records miss at least one value."""
    found = study.realism.completeness
    return figures.figure_incomplete(study.realism) if found and found.overall.n else meaning(_NO_RECORDS)


def months(study: Study) -> go.Figure | Prose:
    """Return the raw records of each month by system."""
    return (
        figures.figure_months(study.realism) if study.realism.coverage else meaning(narrative.coverage(study.realism))
    )


def meaning_months(study: Study) -> Prose:
    """Return what the records by month mean."""
    return meaning(narrative.months_meaning(study.realism))


def defects(study: Study) -> Table | Prose:
    """Return every defect that was found, the largest first."""
    rows = [_defect_row(d) for d in study.realism.found()]
    head = (
        "Column",
        "Defect",
        "Raw, %",
        "Nine times in ten",
        "Demo, %",
        "More, points",
        "Worse?",
        "Between",
        "What mends it",
    )
    return Table("Defects found", head, rows, frozenset({2, 4, 5})) if rows else meaning(_NO_DEFECT)


def _defect_row(d: Defect) -> tuple[str, ...]:
    worse = {True: "yes", False: "not shown", None: "nothing to compare"}[d.worse]
    between = f"{d.first} and {d.last}" if d.first else ""
    interval = f"{100 * d.rate.interval.low:.1f} to {100 * d.rate.interval.high:.1f}"
    return (
        "whole record" if d.column == RECORD else d.column,
        d.name,
        f"{100 * d.raw.share:.1f}" if d.raw else "",
        interval,
        f"{100 * d.curated.share:.1f}" if d.curated and d.curated.n else "",
        points(d.difference).removesuffix(" points").removesuffix(" point") if d.difference is not None else "",
        worse,
        between,
        d.repair,
    )


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
    """Return masked examples with the file and line of the real value."""
    rows = [
        ("whole record" if d.column == RECORD else d.column, d.name, f"{e.file}, line {e.line:,}", f"‘{e.masked}’")
        for d in study.realism.found()
        for e in d.examples[:_EXAMPLES_EACH]
    ]
    if not rows:
        return meaning(_NO_DEFECT)
    cut = f" (the first {_MOST_EXAMPLES} of {len(rows)})" if len(rows) > _MOST_EXAMPLES else ""
    return Table(
        f"Examples{cut}. {narrative.examples_note()}",
        ("Column", "Defect", "Where", "Looks like"),
        rows[:_MOST_EXAMPLES],
    )


def findings(study: Study) -> Table:
    """Return the findings on data."""
    return finding_table(
        study.realism.findings, "What data realism says to the checklists (E2, and the data part of R1)"
    )


def certainty(study: Study) -> Prose:
    """Return how sure the figures are."""
    return meaning(*narrative.certainty(study.realism))


def change(study: Study) -> Prose:
    """Return what would change the answer."""
    return meaning(*narrative.change(study.realism))


def affected(study: Study, column: str = "", system: str = "", records_per_day: float = 0.0) -> go.Figure | Prose:
    """Return how many records a day the most frequent defect of a column touches, by system.

    Parameters
    ----------
    study : Study
    column : str, optional
        By default the column with the highest rate.
    system : str, optional
        By default all of them.
    records_per_day : float, optional
        Volume; by default a thousand.
    """
    return _affected(study.realism, column, system or _ALL, records_per_day or policy.value("default_records_per_day"))[
        0
    ]


def meaning_affected(study: Study, column: str = "", system: str = "", records_per_day: float = 0.0) -> Prose:
    """Return how many records a day every defect of a column touches."""
    return _affected(study.realism, column, system or _ALL, records_per_day or policy.value("default_records_per_day"))[
        1
    ]


def _affected(
    result: RealismResult, column: str, system: str, records_per_day: float
) -> tuple[go.Figure | Prose, Prose]:
    found = [d for d in result.found() if not column or d.column == column]
    if not found:
        return meaning(f"No defect was found in '{column}'." if column else _NO_DEFECT), meaning("")
    rates = {id(d): {_ALL: d.rate, **d.by_system} for d in found}
    first = found[0]
    shown = rates[id(first)] if system == _ALL else {k: r for k, r in rates[id(first)].items() if k == system}
    if not shown:
        return meaning(f"The system '{system}' has no record in which this defect could occur."), meaning("")
    chart = figures.figure_affected(shown, narrative.named(first), records_per_day)
    told = [
        narrative.affected(rates[id(d)][system], narrative.named(d), f"in {system}", records_per_day)
        for d in found
        if system in rates[id(d)] and (column or d is first)
    ]
    return chart, meaning(*told)


def what_if(study: Study) -> Any:
    """Return controls that choose column, system and volume, and show how many records a day are affected."""
    from flightready.widgets.panel import Choice, Number, panel

    result = study.realism
    found = result.found()
    if not found:
        return meaning(_NO_DEFECT)
    names = list(dict.fromkeys(d.column for d in found))
    labels = [("whole record" if c == RECORD else c, c) for c in names]
    systems = [_ALL, *(result.systems if len(result.systems) > 1 else ())]
    controls = (
        Choice("column", "Column", labels, names[0]),
        Choice("system", "System", systems, _ALL),
        Number(
            "records_per_day",
            "Volume in production",
            policy.value("default_records_per_day"),
            1,
            1e9,
            100,
            "records a day",
        ),
    )
    return panel(controls, lambda v: _affected(result, v["column"], v["system"], v["records_per_day"]))
