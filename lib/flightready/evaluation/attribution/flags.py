"""Which scored records carry which defect, one flag for each kind of defect that can lower accuracy at all."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.evaluation.scoring import Scored
from flightready.realism.comparison import compared, detected
from flightready.realism.detector import Detection, Detector, Marks
from flightready.realism.inspection import Inspection


@dataclass(frozen=True)
class DefectFlags:
    """Defects of the scored records of one side.

    Parameters
    ----------
    detectors, names, repairs : tuple of str, length k
        Id of each detector, its name in plain words, and what mends it.
    matrix : array of bool, shape (n, k)
        Whether a scored record carries the defect in any of its columns.
    """

    detectors: tuple[str, ...]
    names: tuple[str, ...]
    repairs: tuple[str, ...]
    matrix: np.ndarray = field(repr=False)

    def of(self, detector: str) -> np.ndarray:
        """Return the flag of one detector, shape (n,)."""
        return self.matrix[:, self.detectors.index(detector)]


def defect_flags(inspection: Inspection, scored: Scored, side_name: str) -> DefectFlags:
    """Return the defects of scored records; both sides have the same kinds in the same order.

    Left out are detectors whose marks are no damage of a record: copies and records of both sides (they are not scored
    twice), what looks like personal data, shifts, and marks in the pilot's own answer or confidence. A comparison
    counts where raw records are worse than chance allows, and not in a cell in which a fact is marked: one broken date
    would else count as two defects.

    Parameters
    ----------
    inspection : Inspection
    scored : Scored
        Of the side that `side_name` names.
    side_name : str
        raw or curated.
    """
    kinds = _kinds(inspection)
    matrix = np.zeros((len(scored), len(kinds)), dtype=bool)
    for place, (_, sides) in enumerate(kinds):
        hit = sides.get(side_name)
        if hit is not None:
            matrix[:, place] = hit[scored.rows]
    found = [detector for detector, _ in kinds]
    return DefectFlags(
        tuple(d.id for d in found), tuple(d.name for d in found), tuple(d.repair for d in found), matrix
    )  # fmt: skip


def _kinds(inspection: Inspection) -> tuple[tuple[Detector, dict[str, np.ndarray]], ...]:
    """Detectors that mark any record, with their marks on each side pooled over columns; computed once."""

    def run() -> tuple[tuple[Detector, dict[str, np.ndarray]], ...]:
        facts: dict[tuple[str, str], np.ndarray] = {}
        found: dict[str, tuple[Detector, dict[str, np.ndarray]]] = {}
        wanted = [item for item in detected(inspection) if _counts(inspection, *item)]
        for detector, column, detection in sorted(wanted, key=lambda item: item[0].kind != "fact"):
            _, sides = found.setdefault(detector.id, (detector, {}))
            for name, marks in _marked(detection):
                hit = marks.hit
                if detector.kind == "fact":
                    facts[name, column] = facts.get((name, column), False) | hit
                else:
                    hit = hit & ~facts.get((name, column), np.zeros(len(hit), dtype=bool))
                sides[name] = sides.get(name, False) | hit
        held = [item for item in found.values() if any(hit.any() for hit in item[1].values())]
        return tuple(sorted(held, key=lambda item: (item[0].place, item[0].id)))

    return inspection.once(("defect kinds",), run)


def _marked(detection: Detection) -> list[tuple[str, Marks]]:
    return [(n, m) for n, m in (("raw", detection.raw), ("curated", detection.curated)) if m is not None]


def _counts(inspection: Inspection, detector: Detector, column: str, detection: Detection) -> bool:
    """Whether marks of a detector in a column are damage of a record."""
    roles = inspection.sample.columns
    answers = {roles.prediction, roles.confidence, roles.second_label, *roles.rating}
    if detector.id in policy.value("detectors_without_damage") or column in answers:
        return False
    if detector.kind == "fact":
        return True
    _, worse = compared(inspection)
    return detector.kind == "comparison" and (not detection.is_compared or (column, detector.id) in worse)
