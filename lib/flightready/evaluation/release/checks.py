"""What a release must show beyond its accuracy, joined to the result of the evaluation."""

from __future__ import annotations

from dataclasses import replace

from flightready.evaluation.release import rules as release_rules
from flightready.evaluation.release.negative_control import negative_control
from flightready.evaluation.release.pipeline import pipeline
from flightready.evaluation.release.staleness import staleness
from flightready.evaluation.result import EvaluationResult
from flightready.evaluation.scored_sample import ScoredSample


def with_release(result: EvaluationResult, records: ScoredSample) -> EvaluationResult:
    """Return the result with the scoring pipeline, the control by a worse model, staleness, and R2, R10 and E5.

    Parameters
    ----------
    result : EvaluationResult
        With all other findings, as a floor or a group that fails stops a release.
    records : ScoredSample
    """
    spec = records.pilot.spec.evaluation
    control, over_time = negative_control(records), staleness(records)
    state = pipeline(records, result.findings, as_of=records.inspection.as_of)
    capacity = spec.review.capacity_per_day
    findings = (
        release_rules.truth_set(result.truth_set, control, state),
        release_rules.quality_alert(over_time, capacity.median if capacity is not None else None),
        release_rules.retraining_trigger(over_time, spec.retraining.owner or ""),
    )
    return replace(
        result, negative_control=control, staleness=over_time, pipeline=state, findings=(*result.findings, *findings)
    )
