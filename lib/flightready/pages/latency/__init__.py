"""Notebook 04: whether the answer comes in time, at the planned load and not only in the pilot."""

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
from flightready.pages.latency.search import (
    policy_answer,
    policy_changes,
    policy_chart,
    policy_meaning,
    policy_notes,
    policy_table,
)

__all__ = [
    "answered", "assumed", "capacity", "findings", "headline", "kinds", "limits", "load", "meaning_answered",
    "meaning_limits", "meaning_load", "meaning_outcomes", "meaning_stages", "missing", "outcomes", "percentile_table",
    "policy_answer", "policy_changes", "policy_chart", "policy_meaning", "policy_notes", "policy_table", "stage_table",
    "stages", "what_if",
]  # fmt: skip
