"""Cells on load tests whose slow requests delayed the next ones."""

from __future__ import annotations

from flightready.narrative import latency_omission as words
from flightready.pages.display import Prose, Table, meaning
from flightready.study import Study


def omission_table(study: Study) -> Table | Prose:
    """Percentiles as measured, and with the requests that slow ones held back; empty where none was."""
    rows = words.omission_rows(study.latency)
    return Table(words.CAPTION, words.HEAD, rows, frozenset({1, 3, 5})) if rows else Prose(())


def meaning_omission(study: Study) -> Prose:
    """Return what slow requests held back, or that the traces are of a load test that waited; else nothing."""
    return meaning(*words.omission_sentences(study.latency))
