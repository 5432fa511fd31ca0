"""The answer of notebook 01, the files it rests on, how sure it is and what would change it."""

from __future__ import annotations

from flightready import policy
from flightready.narrative import realism as narrative
from flightready.pages.display import Prose, Table, absent, finding_table, meaning, without_empty_columns
from flightready.pages.display import answer as answer_prose
from flightready.realism.result import SourceSummary
from flightready.study import Study
from flightready.wording import count

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
    told = narrative.sources_meaning(study.realism)
    return without_empty_columns(Table("Files of records, as they came", head, rows, frozenset({5, 6}), told))


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


def findings(study: Study) -> Table:
    """Return the findings on data."""
    return finding_table(study.realism.findings, "What the data says to the checklists (E2, R1, R6)")


def certainty(study: Study) -> Prose:
    """Return how sure the figures are."""
    return meaning(*narrative.certainty(study.realism))


def change(study: Study) -> Prose:
    """Return what would change the answer."""
    return meaning(*narrative.change(study.realism))
