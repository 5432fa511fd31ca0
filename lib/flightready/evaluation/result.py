"""What the evaluation returns: counts, accuracies with intervals, and what more rows would decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.evaluation.attribution.attribution_result import Attribution
from flightready.evaluation.attribution.tried_result import TriedResult
from flightready.evaluation.budget.priced import ErrorCost
from flightready.evaluation.budget.result import ErrorBudget
from flightready.evaluation.contract.result import OutputContract, RuleCheck
from flightready.evaluation.counts import Confusion, Counted
from flightready.evaluation.groups.result import GroupsResult
from flightready.evaluation.labels.result import Drawn, LabelValue, RawEstimate
from flightready.evaluation.labels.truth_set_result import TruthSetAudit
from flightready.evaluation.metrics.result import TaskMetrics
from flightready.evaluation.planning import PlannedSample
from flightready.evaluation.release.negative_control import NegativeControl
from flightready.evaluation.release.pipeline import Pipeline
from flightready.evaluation.release.staleness_result import Staleness
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.slices.result import SlicesResult
from flightready.evaluation.triage.calibration_result import Calibration
from flightready.evaluation.triage.candidates_result import Candidates
from flightready.evaluation.triage.result import Triage
from flightready.evidence import Absence, Finding, Grade, Interval


@dataclass(frozen=True)
class EvaluationResult:
    """What the pilot is worth on raw data, beside the demo set.

    Parameters
    ----------
    task : str
        Of the assessment.
    grade : Grade
        measured where records were scored, estimated where the raw count was typed in.
    raw, curated : Accuracy, optional
    by_system : dict of str to Accuracy
        Raw accuracy by system.
    raw_counted, curated_counted : Counted, optional
        None where no records are there, or a count was typed in.
    drop : float, optional
        Demo accuracy minus raw accuracy, a share; over the records that are on both sides where they are the same.
    drop_interval : Interval, optional
        Its 90 % interval (Newcombe, of independent or of paired samples).
    detectable_drop : float, optional
        Smallest drop that samples of these sizes show with the policy's power.
    floor, allowed_drop : Interval, optional
        Ends of what the assessment demands; both ends are equal for a plain number.
    rows_for_floor, rows_for_drop : int, optional
        Labelled raw rows in all that would decide the rule if accuracy stayed as it is; None when decided already, not
        asked, or out of reach.
    errors_per_10000 : float, optional
    errors_interval : Interval, optional
        Wrong answers in 10,000 cases.
    error_cost : ErrorCost, optional
    confusions : tuple of Confusion
    plan : tuple of PlannedSample
        What labelling would give, from a first look to a narrow figure.
    raw_accuracy_replicates, curated_accuracy_replicates : array, shape (1024,), optional
        Equally likely values of accuracy (Jeffreys), for the joint sample.
    findings : tuple of Finding
    absences : tuple of Absence
    budget : ErrorBudget, optional
        None where accuracy on raw data is not known.
    contract : OutputContract, optional
        None where no record holds an answer of the pilot.
    rule_checks : tuple of RuleCheck
        One for each business rule of the assessment that could be checked.
    attribution : Attribution, optional
        The drop by defect as it is observed; None without scored raw records.
    tried : TriedResult, optional
        What defects cost when they are put in or taken out and the pilot is called; None when it cannot be called.
    metrics : TaskMetrics, optional
        What the task is measured by on both sides; None where no record could be scored.
    calibration : Calibration, optional
        How often answers of a stated confidence are right; None without confidences.
    triage : Triage, optional
        What each threshold on the confidence gives; None without confidences on raw records.
    review_share_replicates, automated_accuracy_replicates : array, shape (1024,), optional
        Equally likely shares of answers that go to people, and of right answers among the others, at the threshold that
        the assessment states. Each value belongs to the value of `raw_accuracy_replicates` at its place.
    candidates : Candidates, optional
        Other models on the same raw records; None when the assessment names none.
    labelling : Drawn, optional
        The draw behind the labels, when they come from a labelling sheet.
    truth_set : TruthSetAudit, optional
    estimate : RawEstimate, optional
        Raw accuracy as the pilot's confidence suggests it; it passes no rule.
    label_value : LabelValue, optional
        What labelling more is worth.
    negative_control : NegativeControl, optional
        What the scoring pipeline says to a model that is worse on purpose.
    staleness : Staleness, optional
        Accuracy over time, and the alarm on it.
    pipeline : Pipeline, optional
        The accepted score, and whether the pilot is better or worse now.
    slices : SlicesResult, optional
        Where the pilot is weak; None without scored raw records.
    groups : GroupsResult, optional
        For whom it is weak; None without scored raw records or a column of people's groups.
    """

    task: str
    grade: Grade
    raw: Accuracy | None
    curated: Accuracy | None
    by_system: dict[str, Accuracy]
    raw_counted: Counted | None
    curated_counted: Counted | None
    drop: float | None
    drop_interval: Interval | None
    detectable_drop: float | None
    floor: Interval | None
    allowed_drop: Interval | None
    rows_for_floor: int | None
    rows_for_drop: int | None
    errors_per_10000: float | None
    errors_interval: Interval | None
    error_cost: ErrorCost | None
    confusions: tuple[Confusion, ...]
    plan: tuple[PlannedSample, ...]
    raw_accuracy_replicates: np.ndarray | None
    curated_accuracy_replicates: np.ndarray | None
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    budget: ErrorBudget | None = None
    contract: OutputContract | None = None
    rule_checks: tuple[RuleCheck, ...] = ()
    attribution: Attribution | None = None
    tried: TriedResult | None = None
    metrics: TaskMetrics | None = None
    calibration: Calibration | None = None
    triage: Triage | None = None
    review_share_replicates: np.ndarray | None = None
    automated_accuracy_replicates: np.ndarray | None = None
    candidates: Candidates | None = None
    labelling: Drawn | None = None
    truth_set: TruthSetAudit | None = None
    estimate: RawEstimate | None = None
    label_value: LabelValue | None = None
    negative_control: NegativeControl | None = None
    staleness: Staleness | None = None
    pipeline: Pipeline | None = None
    slices: SlicesResult | None = None
    groups: GroupsResult | None = None
