"""Notebook 04: whether the answer comes in time, at the planned load and not only in the pilot."""

from flightready.pages.latency.drills import (
    availability,
    drill_chart,
    drill_table,
    meaning_availability,
    meaning_drills,
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

__all__ = [
    "answered", "availability", "capacity", "drill_chart", "drill_table", "findings", "headline", "kinds", "limits",
    "load", "meaning_answered", "meaning_availability", "meaning_drills", "meaning_limits", "meaning_load",
    "meaning_stages", "missing", "percentile_table", "stage_table", "stages", "what_if",
]  # fmt: skip
