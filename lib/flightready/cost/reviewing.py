"""What is known about reviews by people, as columns of the joint sample: how many answers, how long, at what price.

Review labour and the value of the pilot read the same columns, so that a figure used twice is the same figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from flightready import policy
from flightready.assessment import Assessment
from flightready.draws import JointSample
from flightready.evidence import Grade
from flightready.quantity import Quantity, pooled

if TYPE_CHECKING:  # it is many modules
    from flightready.evaluation.result import EvaluationResult

RATE = "converted from USD at the policy's rough rate"
_MEASURED_TOGETHER = "evaluation.raw_accuracy"  # what was measured on the same records stays together
_MINUTE_S, _HOUR_S = 60.0, 3600.0


@dataclass(frozen=True)
class Drawn:
    """One figure as a column of the joint sample; `default` is its id where the policy stands in."""

    draws: np.ndarray
    grade: Grade
    source: str
    default: str = ""


def usd_per_unit(spec: Assessment) -> float:
    """Return the policy's rough rate of the assessment's currency, for what is only known in USD."""
    return float(policy.value("usd_per_unit")[spec.currency])


def by_threshold(joint: JointSample, evaluation: EvaluationResult | None) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the share of answers that people review, and the share right among the others, as measured.

    None where no threshold is stated, or no raw record has a confidence.
    """
    reviewed = getattr(evaluation, "review_share_replicates", None)
    if reviewed is None:
        return None
    automated = joint.beside(_MEASURED_TOGETHER, evaluation.automated_accuracy_replicates)
    return joint.beside(_MEASURED_TOGETHER, reviewed), automated


def review_share(spec: Assessment, joint: JointSample, evaluation: EvaluationResult | None) -> Drawn | None:
    """Return the share of answers that people review: measured, else estimated, else None."""
    if (measured := by_threshold(joint, evaluation)) is not None:
        return Drawn(measured[0], evaluation.grade, "evaluation")
    return estimated(spec, joint, "review_share")


def raw_accuracy(spec: Assessment, joint: JointSample, evaluation: EvaluationResult | None) -> Drawn | None:
    """Return the share of right answers on raw data: measured, else estimated, else None."""
    raw = getattr(evaluation, "raw_accuracy_replicates", None)
    if raw is not None:
        return Drawn(joint.measured(_MEASURED_TOGETHER, raw), evaluation.grade, "evaluation")
    return estimated(spec, joint, "accuracy")


def estimated(spec: Assessment, joint: JointSample, key: str) -> Drawn | None:
    """Return what people estimate under `roi.estimates`, or None."""
    people = spec.roi.estimates.get(key)
    return _stated(joint, f"roi.{key}", pooled(people)) if people else None


def review_time_s(spec: Assessment, joint: JointSample) -> Drawn:
    """Return the mean time of one review, seconds."""
    given = spec.evaluation.review.time
    if given is not None:
        return _stated(joint, "evaluation.review.time", given)
    minutes = _default(joint, "roi.review_minutes", "default_review_minutes", "ratio")
    return Drawn(minutes.draws * _MINUTE_S, minutes.grade, minutes.source, minutes.default)


def wage_per_hour(spec: Assessment, joint: JointSample) -> Drawn:
    """Return what an hour of a reviewer costs, in the assessment's currency."""
    given = spec.evaluation.review.wage
    if given is not None:
        return _stated(joint, "evaluation.review.wage", given)
    usd = _default(joint, "roi.wage_usd_per_hour", "default_wage_usd_per_hour", "ratio")
    source = usd.source if spec.currency == "USD" else f"{usd.source}; {RATE}"
    return Drawn(usd.draws / usd_per_unit(spec), usd.grade, source, usd.default)


def cost_of_a_review(spec: Assessment, joint: JointSample) -> Drawn:
    """Return what one review costs while nobody waits for work: as stated, else its time at the wage."""
    people, stated = spec.roi.estimates.get("review_cost"), spec.evaluation.review.cost
    if people or stated is not None:
        return _stated(joint, "roi.review_cost", pooled(people) if people else stated)
    time, wage = review_time_s(spec, joint), wage_per_hour(spec, joint)
    is_stated = not (time.default or wage.default)
    source = "minutes of review times wage" + ("" if spec.currency == "USD" or not wage.default else f"; {RATE}")
    grade = Grade.ESTIMATED if is_stated else Grade.ASSUMED
    return Drawn(time.draws * wage.draws / _HOUR_S, grade, source, time.default or wage.default)


def review_term(spec: Assessment, joint: JointSample, name: str, kind: str) -> Drawn:
    """Return `begin_within`, `hours_per_day` or `at_work` as stated, else the policy's."""
    given = getattr(spec.evaluation.review, name)
    column = f"evaluation.review.{name}"
    if given is not None:
        return _stated(joint, column, given)
    return _default(joint, column, f"default_review_{name}", kind)


def _stated(joint: JointSample, column: str, given: Quantity) -> Drawn:
    return Drawn(joint.column(column, given), Grade.ESTIMATED, given.source or "assessment")


def _default(joint: JointSample, column: str, default: str, kind: str) -> Drawn:
    used = policy.quantity(default, kind)
    return Drawn(joint.column(column, used), Grade.ASSUMED, used.source, default)
