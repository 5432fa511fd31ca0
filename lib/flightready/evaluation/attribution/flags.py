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
    columns : tuple of dict of column to array of bool, length k
        The same for each column in which the detector marks any record, by name of the column, each of shape (n,).
    """

    detectors: tuple[str, ...]
    names: tuple[str, ...]
    repairs: tuple[str, ...]
    matrix: np.ndarray = field(repr=False)
    columns: tuple[dict[str, np.ndarray], ...] = field(repr=False)

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
    none = np.zeros(len(scored), dtype=bool)
    columns = tuple(
        {column: hit[scored.rows] for (name, column), hit in marked.items() if name == side_name} for _, marked in kinds
    )
    matrix = [np.logical_or.reduce([none, *mine.values()]) for mine in columns]
    found = [detector for detector, _ in kinds]
    return DefectFlags(
        tuple(d.id for d in found), tuple(d.name for d in found), tuple(d.repair for d in found),
        np.column_stack(matrix) if matrix else np.zeros((len(scored), 0), dtype=bool), columns,
    )  # fmt: skip


_Hits = dict[tuple[str, str], np.ndarray]


def _kinds(inspection: Inspection) -> tuple[tuple[Detector, _Hits], ...]:
    """Detectors that mark any record, with their marks by side and column; computed once."""

    def run() -> tuple[tuple[Detector, _Hits], ...]:
        facts: _Hits = {}
        found: dict[str, tuple[Detector, _Hits]] = {}
        wanted = [item for item in detected(inspection) if _counts(inspection, *item)]
        for detector, column, detection in sorted(wanted, key=lambda item: item[0].kind != "fact"):
            _, marked = found.setdefault(detector.id, (detector, {}))
            for name, marks in _marked(detection):
                hit = marks.hit
                if detector.kind == "fact":
                    facts[name, column] = facts.get((name, column), False) | hit
                else:
                    hit = hit & ~facts.get((name, column), np.zeros(len(hit), dtype=bool))
                marked[name, column] = hit
        held = [item for item in found.values() if any(hit.any() for hit in item[1].values())]
        return tuple(sorted(held, key=lambda item: (item[0].place, item[0].id)))

    return inspection.once(("defect kinds",), run)


def _marked(detection: Detection) -> list[tuple[str, Marks]]:
    return [(n, m) for n, m in (("raw", detection.raw), ("curated", detection.curated)) if m is not None]


def _counts(inspection: Inspection, detector: Detector, column: str, detection: Detection) -> bool:
    """Whether marks of a detector in a column are damage of a record."""
    roles = inspection.sample.columns
    answers = {roles.prediction, roles.confidence, roles.second_label, *roles.rating, *inspection.answers}
    if detector.id in policy.value("detectors_without_damage") or column in answers:
        return False
    if detector.kind == "fact":
        return True
    _, worse = compared(inspection)
    return detector.kind == "comparison" and (not detection.is_compared or (column, detector.id) in worse)
