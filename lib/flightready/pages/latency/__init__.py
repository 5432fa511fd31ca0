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
from flightready.pages.latency.drills import (
    availability,
    drill_chart,
    drill_table,
    meaning_availability,
    meaning_drills,
)
from flightready.pages.latency.load import assumed, capacity, load, meaning_load, meaning_outcomes, outcomes
from flightready.pages.latency.overview import (
    answered,
    findings,
    headline,
    kinds,
    limits,
    meaning_answered,
    meaning_limits,
    meaning_stages,
    missing,
    percentile_table,
    stage_table,
    stages,
)
from flightready.pages.latency.panel import what_if
from flightready.pages.latency.reading import stage_names

__all__ = [
    "answered", "assumed", "availability", "budget_split", "capacity", "composition", "drill_chart", "drill_table",
    "faster_stages", "findings", "headline", "kinds", "limits", "load", "meaning_answered", "meaning_availability",
    "meaning_composition", "meaning_drills", "meaning_faster", "meaning_limits", "meaning_load", "meaning_outcomes",
    "meaning_slowest", "meaning_split", "meaning_stages", "missing", "outcomes", "percentile_table", "slowest",
    "stage_names", "stage_table", "stage_what_if", "stages", "what_if",
]  # fmt: skip
