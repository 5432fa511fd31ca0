"""Confidence, triage and candidates of one pilot together, as the evaluation returns them."""

from __future__ import annotations

from typing import Any

from flightready.draws import generator
from flightready.evaluation.result import ErrorCost
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.triage.calibration import calibration
from flightready.evaluation.triage.candidates import candidates
from flightready.evaluation.triage.rule import capacity_finding
from flightready.evaluation.triage.triage import review_replicates, triage


def trust(records: ScoredSample, priced: ErrorCost | None, *, why_not: str, held_back: str) -> dict[str, Any]:
    """Return the fields of the evaluation on confidence, triage and candidates, and the finding on reviews.

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
    return {
        "calibration": calibration(records),
        "triage": found,
        "review_share_replicates": drawn[0],
        "automated_accuracy_replicates": drawn[1],
        "candidates": candidates(records),
        "finding": capacity_finding(found, records.pilot, why_not=why_not, held_back=held_back),
    }
