"""Confidence, triage and candidates of one pilot together, as the evaluation returns them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready.draws import generator
from flightready.evaluation.budget.priced import ErrorCost
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.triage.calibration import calibration
from flightready.evaluation.triage.calibration_result import Calibration
from flightready.evaluation.triage.candidates import candidates
from flightready.evaluation.triage.candidates_result import Candidates
from flightready.evaluation.triage.result import Triage
from flightready.evaluation.triage.rule import capacity_finding
from flightready.evaluation.triage.triage import review_replicates, triage
from flightready.evidence import Finding


@dataclass(frozen=True)
class Trusted:
    """What the evaluation says on confidence, triage and candidates, as the fields of its result of the same names."""

    calibration: Calibration | None
    triage: Triage | None
    review_share_replicates: np.ndarray | None = field(repr=False)
    automated_accuracy_replicates: np.ndarray | None = field(repr=False)
    candidates: Candidates | None
    finding: Finding


def trust(records: ScoredSample, priced: ErrorCost | None, *, why_not: str, held_back: str) -> Trusted:
    """Return what is known of confidence, triage and candidates, and the finding on reviews.

    Parameters
    ----------
    records : ScoredSample
        With the sides that are right or wrong record by record.
    priced : ErrorCost, optional
    why_not : str
        Why the raw side is not scored; empty when it is.
    held_back : str
        Why a good figure may still mislead.
    """
    found = triage(records, priced)
    drawn = (None, None)
    if found is not None and found.in_force is not None:
        drawn = review_replicates(found, found.in_force, generator(records.pilot.spec.seed, "evaluation", "review"))
    told = capacity_finding(found, records.pilot, why_not=why_not, held_back=held_back)
    return Trusted(calibration(records), found, *drawn, candidates(records), told)
