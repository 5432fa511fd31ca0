"""Notebook 01: is raw production data the data that the pilot was shown on, and what has to be repaired first."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from flightready import policy
from flightready.figures import realism as figures
from flightready.figures import realism_repairs as repair_figures
from flightready.figures.realism_events import figure_events
from flightready.narrative import realism as narrative
from flightready.narrative import realism_repairs as repair_narrative
from flightready.narrative import telling
from flightready.narrative.contrast import contrasts_meaning
from flightready.pages.display import Prose, Table, absent, finding_table, meaning
from flightready.pages.display import answer as answer_prose
from flightready.pages.population import meaning_population, population  # noqa: F401 - cells of the same notebook
from flightready.realism.detector import RECORD
from flightready.realism.outcome import Contrast, Defect
from flightready.realism.result import RealismResult, SourceSummary
from flightready.study import Study
from flightready.wording import count, points, share

_ALL = "all systems"
_NO_RECORDS = "There are no raw records to look at; what to bring is listed under what is missing."
_NO_DEFECT = "No defect of the kinds that are looked for was found, so there is nothing to draw."
_NO_REPAIR = "Nothing that was looked for has to be mended, so there is nothing to draw."
_MOST_EXAMPLES = 30
_EXAMPLES_EACH = 2
_MOST_NOTES = 6


def answer(study: Study) -> Prose:
    """Return whether raw data is what the pilot was shown on."""
    return answer_prose(*narrative.answer(study.realism))


def missing(study: Study) -> Prose | Table:
    """Return what is missing, and what it would decide."""
    return absent(study.realism.absences)


def sources(study: Study) -> Table | Prose:
    """Return the files as they were read; many files of one system that are written alike are one row."""
    read = study.realism.sources
    if not read:
        return meaning(narrative.sources_meaning(study.realism))
    groups = [(s,) for s in read]
    if len(read) > policy.value("most_source_rows_shown"):
        alike: dict[tuple[str, ...], list[SourceSummary]] = {}
        for s in read:
            alike.setdefault((s.side, s.system, s.format, _written_as(s)), []).append(s)
        groups = [tuple(g) for g in alike.values()]
    rows = [_source_row(g) for g in groups]
    head = ("File", "Side", "System", "Format", "Written as", "Records", "Do not parse", "Notes")
    return Table("Files of records, as they came", head, rows, frozenset({5, 6}))


def _source_row(files: tuple[SourceSummary, ...]) -> tuple[str, ...]:
    first, last = files[0], files[-1]
    notes = tuple(dict.fromkeys(n for s in files for n in s.notes))
    shown = notes[:_MOST_NOTES] + (
        (f"and {count(len(notes) - _MOST_NOTES, 'more note')}",) * (len(notes) > _MOST_NOTES)
    )
    return (
        first.file if len(files) == 1 else f"{len(files):,} files, {first.file} to {last.file}",
        first.side,
        first.system,
        first.format,
        _written_as(first),
        f"{sum(s.records for s in files):,}",
        f"{sum(s.malformed for s in files):,}",
        "; ".join(shown),
    )


def _written_as(s: SourceSummary) -> str:
    """Encoding, delimiter, quotes, decimal mark and header in a few words, without what the format itself settles."""
    decimal = {"": "", "both": "decimal point and comma"}.get(s.decimal, f"decimal {s.decimal}")
    return ", ".join(p for p in (s.encoding, s.delimiter, s.quote, decimal, "no header" * (s.has_header is False)) if p)


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


def events(study: Study) -> go.Figure | Prose:
    """Return the timeline of events: records by week or month, late, out of order, sent again, and silences."""
    found = study.realism
    return figure_events(found) if found.events is not None else meaning(narrative.events_meaning(found))


def meaning_events(study: Study) -> Prose:
    """Return what the timeline of events means."""
    return meaning(narrative.events_meaning(study.realism))


def defects(study: Study) -> Table | Prose:
    """Return every defect that was found, the largest first."""
    rows = [_defect_row(study.realism, d) for d in study.realism.found()]
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


def _defect_row(result: RealismResult, d: Defect) -> tuple[str, ...]:
    worse = telling.verdict(result, d)
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


def repairs_chart(study: Study) -> go.Figure | Prose:
    """Return how many records need each repair, in the order that touches most of them soonest."""
    result = study.realism
    if not result.n_raw:
        return meaning(_NO_RECORDS)
    return repair_figures.figure_repairs(result) if result.repairs else meaning(_NO_REPAIR)


def repairs(study: Study) -> Table | Prose:
    """Return what to repair, in the order that touches most records soonest."""
    found = study.realism.repairs
    if not found:
        return meaning(*repair_narrative.meaning(study.realism))
    rows = [
        (
            r.repair,
            ", ".join(r.names),
            repair_narrative.where(r),
            f"{r.records.hits:,}",
            repair_narrative.per_thousand(r),
            f"{r.added:,}",
            share(r.touched),
            share(r.mended),
        )
        for r in found
    ]
    head = (
        "What to do", "Mends", "In", "Records", "Of 1,000 records", "Not touched before", "Touched so far",
        "Free of defects so far",
    )  # fmt: skip
    return Table("What to repair, the repair that touches most records first", head, rows, frozenset({3, 5, 6, 7}))


def meaning_repairs(study: Study) -> Prose:
    """Return what to mend first, and how far that goes."""
    return meaning(*repair_narrative.meaning(study.realism))


def contrasts(study: Study) -> Table | Prose:
    """Return where systems and periods differ, the clearest first, and what would tell where it is not shown."""
    found = study.realism.contrasts
    if not found:
        return meaning(*contrasts_meaning(study.realism))
    most = policy.value("most_contrasts_shown")
    rows = [_contrast_row(study.realism, c) for c in found[:most]]
    cut = f" ({most} of {len(found)}, the clearest first)" if len(found) > most else ""
    head = ("Column", "What", "Where", "Against", "There", "Elsewhere", "Differs?")
    return Table(f"Systems and periods against one another{cut}", head, rows)


def _contrast_row(result: RealismResult, c: Contrast) -> tuple[str, ...]:
    rates = tuple("" if r is None else f"{share(r.share)} of {r.n:,}" for r in (c.inside, c.outside))
    there, elsewhere = rates if c.inside is not None else (telling.shift_size(c), "")
    column = "whole record" if c.column == RECORD else c.column
    return column, c.name, c.part, c.other, there, elsewhere, telling.contrast_verdict(result, c)


def meaning_contrasts(study: Study) -> Prose:
    """Return what the differences between systems and periods mean for the repair."""
    return meaning(*contrasts_meaning(study.realism))


def findings(study: Study) -> Table:
    """Return the findings on data."""
    return finding_table(
        study.realism.findings, "What data realism says to the checklists (E2, the data part of R1, the scan of R6)"
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
