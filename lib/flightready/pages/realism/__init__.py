"""Notebook 01: is raw production data the data that the pilot was shown on, and what has to be repaired first."""

from flightready.pages.realism.evidence import (
    columns,
    defect_map,
    defects,
    examples,
    meaning_map,
    meaning_worst,
    noted,
    worst,
)
from flightready.pages.realism.over_time import contrasts, events, meaning_contrasts, meaning_events
from flightready.pages.realism.overview import answer, certainty, change, findings, missing, sources
from flightready.pages.realism.population import meaning_population, population
from flightready.pages.realism.repairs import meaning_repairs, repairs, repairs_chart
from flightready.pages.realism.what_if import affected, meaning_affected, what_if

__all__ = [
    "affected",
    "answer",
    "certainty",
    "change",
    "columns",
    "contrasts",
    "defect_map",
    "defects",
    "events",
    "examples",
    "findings",
    "meaning_affected",
    "meaning_contrasts",
    "meaning_events",
    "meaning_map",
    "meaning_population",
    "meaning_repairs",
    "meaning_worst",
    "missing",
    "noted",
    "population",
    "repairs",
    "repairs_chart",
    "sources",
    "what_if",
    "worst",
]
