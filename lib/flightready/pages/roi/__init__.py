"""Notebook 05: what the pilot is worth, and which gap takes how much of it."""

from flightready.pages.roi.information import (
    inputs_worth,
    labels_worth,
    meaning_measure,
    meaning_tornado,
    measure_table,
    tornado,
    tornado_table,
    what_to_measure,
)
from flightready.pages.roi.overview import (
    cash,
    findings,
    gap_table,
    gaps,
    headline,
    inputs,
    margin,
    meaning_cash,
    meaning_gaps,
    meaning_present_value,
    missing,
    present_value,
    what_if,
)
from flightready.pages.roi.plan import (
    alternatives,
    meaning_alternatives,
    meaning_phases,
    meaning_streams,
    phases,
    streams,
)
from flightready.pages.roi.results import early_days, pilot_results, plan_against_actual

__all__ = [
    "alternatives", "cash", "early_days", "findings", "gap_table", "gaps", "headline", "inputs", "inputs_worth",
    "labels_worth", "margin", "meaning_alternatives", "meaning_cash", "meaning_gaps", "meaning_measure",
    "meaning_phases", "meaning_present_value", "meaning_streams", "meaning_tornado", "measure_table", "missing",
    "phases", "pilot_results", "plan_against_actual", "present_value", "streams", "tornado", "tornado_table",
    "what_if", "what_to_measure",
]  # fmt: skip
