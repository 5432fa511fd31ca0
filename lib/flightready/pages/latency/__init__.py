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
from flightready.pages.latency.bursts import bursts_table, meaning_bursts
from flightready.pages.latency.drills import (
    availability,
    drill_chart,
    drill_table,
    meaning_availability,
    meaning_drills,
)
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
from flightready.pages.latency.reading import stage_names
from flightready.pages.latency.search import (
    policy_answer,
    policy_changes,
    policy_chart,
    policy_meaning,
    policy_notes,
    policy_table,
)

__all__ = [
    "answered", "assumed", "availability", "budget_split", "bursts_table", "capacity", "composition", "drill_chart",
    "drill_table", "faster_stages", "findings", "headline", "kinds", "limits", "load", "meaning_answered",
    "meaning_availability", "meaning_bursts", "meaning_composition", "meaning_drills", "meaning_faster",
    "meaning_limits", "meaning_load", "meaning_omission", "meaning_outcomes", "meaning_placement", "meaning_slowest",
    "meaning_split", "meaning_stages", "missing", "omission_table", "outcomes", "percentile_table", "placement_chart",
    "placement_table", "policy_answer", "policy_changes", "policy_chart", "policy_meaning", "policy_notes",
    "policy_table", "slowest", "stage_names", "stage_table", "stage_what_if", "stages", "what_if",
]  # fmt: skip
