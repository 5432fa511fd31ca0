"""Notebook 04: whether the answer comes in time, at the planned load and not only in the pilot."""

from flightready.pages.latency.bursts import bursts_table, meaning_bursts
from flightready.pages.latency.load import assumed, capacity, load, meaning_load, meaning_outcomes, outcomes
from flightready.pages.latency.omission import meaning_omission, omission_table
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
from flightready.pages.latency.placement import meaning_placement, placement_chart, placement_table

__all__ = [
    "answered", "assumed", "bursts_table", "capacity", "findings", "headline", "kinds", "limits", "load",
    "meaning_answered", "meaning_bursts", "meaning_limits", "meaning_load", "meaning_omission",
    "meaning_outcomes", "meaning_placement", "meaning_stages", "missing", "omission_table", "outcomes",
    "percentile_table", "placement_chart", "placement_table", "stage_table", "stages", "what_if",
]  # fmt: skip
