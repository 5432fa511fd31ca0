"""What every part of the evaluation starts from: the assessment, the inspected records, and which answers are right."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready.assessment import Pilot
from flightready.evaluation.labels.labels import with_labels
from flightready.evaluation.scoring import Scored, score
from flightready.realism.inspection import Inspection


@dataclass(frozen=True)
class ScoredSample:
    """A pilot's records with their right and wrong answers; it stays in memory and enters no result.

    Parameters
    ----------
    pilot : Pilot
    inspection : Inspection
        Both sides, prepared for the detectors of defects.
    raw, curated : Scored, optional
        None where a side is absent, or lacks labels or predictions.
    requests_per_month : array of float, optional
        Draws of the planned load in its first month, shape (replicates, draws); None when no load is stated.
    """

    pilot: Pilot
    inspection: Inspection
    raw: Scored | None = field(repr=False)
    curated: Scored | None = field(repr=False)
    requests_per_month: np.ndarray | None = field(default=None, repr=False)

    def side(self, name: str) -> Scored | None:
        """Return the scored records of one side by its name, raw or curated."""
        return getattr(self, name)


def scored_sample(
    pilot: Pilot, inspection: Inspection, *, requests_per_month: np.ndarray | None = None
) -> ScoredSample:
    """Score both sides of a pilot's records; raw records may take their labels from `evaluation.labels`."""
    raw, curated = (score(pilot, with_labels(pilot, inspection), name) for name in ("raw", "curated"))
    return ScoredSample(pilot, inspection, raw, curated, requests_per_month)
