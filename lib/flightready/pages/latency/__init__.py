"""Notebook 04: whether the answer comes in time, at the planned load and not only in the pilot."""

from flightready.pages.latency.budget import (
    budget_split,
    composition,
    faster_stages,
    meaning_composition,
    meaning_faster,
    meaning_slowest,
    meaning_split,
    slowest,
    stage_what_if,
)
from flightready.pages.latency.overview import (
    answered,
    capacity,
    findings,
    headline,
    kinds,
    limits,
    load,
    meaning_answered,
    meaning_limits,
    meaning_load,
    meaning_stages,
    missing,
    percentile_table,
    stage_table,
    stages,
    what_if,
)
from flightready.pages.latency.reading import stage_names

__all__ = [
    "answered", "budget_split", "capacity", "composition", "faster_stages", "findings", "headline",
    "kinds", "limits", "load", "meaning_answered", "meaning_composition", "meaning_faster", "meaning_limits",
    "meaning_load", "meaning_slowest", "meaning_split", "meaning_stages", "missing",
    "percentile_table", "slowest", "stage_names", "stage_table", "stage_what_if", "stages", "what_if",
]  # fmt: skip
