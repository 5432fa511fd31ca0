"""Ambiguous dates: day and month could change places, and nothing in the column says which comes first."""

from __future__ import annotations

from flightready import wording
from flightready.intervals import clopper_pearson
from flightready.realism.detector import Detection, detector
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind
from flightready.realism.outcome import Observation, Rate
from flightready.realism.parsing import read_times


@detector(
    "ambiguous_date", name="dates of unknown order", place=9,
    repair="have the system write dates as year, month, day (ISO 8601), or ask its owner for the order and state it",
)  # fmt: skip
def find(inspection: Inspection) -> dict[str, Detection]:
    """Say of each system how many of its dates fit both orders of day and month."""
    found = {}
    for column in inspection.columns:
        if inspection.kinds[column] is Kind.TIME:
            seen = tuple(
                observation
                for name, side in inspection.sides() if inspection.has(name, column)
                for system in side.systems
                if (observation := _observation(inspection, name, system, column)) is not None
            )  # fmt: skip
            found[column] = Detection(observations=seen)
    return found


def _observation(inspection: Inspection, name: str, system: str, column: str) -> Observation | None:
    rows = inspection.filled(name, column) & inspection.side(name).of(system)
    times = read_times(inspection.texts(name, column)[rows])
    hits, n = int(times.ambiguous.sum()), int(rows.sum())
    if not hits:
        return None
    why = "the column shows both" if times.is_mixed else "nothing in the column says which"
    dates, fit = wording.count(n, "date"), "fits" if hits == 1 else "fit"
    told = f"system '{system}': {hits} of {dates} in '{column}' {fit} both orders of day and month, and {why}"
    return Observation(name, system, told, Rate(hits, n, clopper_pearson(hits, n)))
