"""What the evaluation returns: counts, accuracies with intervals, and what more rows would decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from flightready.evaluation.attribution.attribution_result import Attribution
from flightready.evaluation.attribution.tried_result import TriedResult
from flightready.evaluation.budget.result import ErrorBudget
from flightready.evaluation.contract.result import OutputContract, RuleCheck
from flightready.evaluation.labels.result import Drawn, LabelValue, RawEstimate
from flightready.evaluation.labels.truth_set_result import TruthSetAudit
from flightready.evaluation.metrics.result import TaskMetrics
from flightready.evidence import Absence, Finding, Grade, Interval

if TYPE_CHECKING:  # they hold accuracies themselves
    from flightready.evaluation.groups.result import GroupsResult
    from flightready.evaluation.release.negative_control import NegativeControl
    from flightready.evaluation.release.pipeline import Pipeline
    from flightready.evaluation.release.staleness_result import Staleness
    from flightready.evaluation.slices.result import SlicesResult
    from flightready.evaluation.triage.calibration_result import Calibration
    from flightready.evaluation.triage.candidates_result import Candidates
    from flightready.evaluation.triage.result import Triage


@dataclass(frozen=True)
class Accuracy:
    """Right answers among scored records, with the 90 % interval of their share.

    Parameters
    ----------
    right, n : int
        0 <= right <= n.
    interval : Interval
        Wilson's; where records belong together, from drawing whole groups of them.
    design_effect : float
        How many times the variance is that of independent records, 1 to n; 1 where each record is its own.
    """

    right: int
    n: int
    interval: Interval
    design_effect: float = 1.0

    @property
    def share(self) -> float:
        """Right answers over scored records; 0 when there is none."""
        return self.right / self.n if self.n else 0.0

    @property
    def effective_n(self) -> float:
        """Independent records that would say as much, 0 to n."""
        return self.n / self.design_effect


@dataclass(frozen=True)
class Counted:
    """How many records of one side could be scored, and why the others could not.

    Parameters
    ----------
    records : int
        Records that parse.
    copies : int
        Exact copies of an earlier record; they count once.
    unlabelled, unpredicted : int
        Different records without a right answer, and without an answer of the pilot (a record may lack both).
    case_only : int
        Scored records whose answer differs from the label in upper and lower case only; they count as wrong.
    unanswered : int
        Scored records without an answer of the pilot; they count as wrong.
    shared : int
        Records of the demo set that the raw sample holds too; they are left out of the demo score.
    unreadable : int
        Scored records whose answer is no number or date where the task asks for one; they count as wrong.
    unreadable_truth : int
        Records whose right answer, or a rating of which, is no number; what cannot be read is left out.
    off_scale : int
        Ratings outside of the scale; they are left out.
    """

    records: int
    copies: int
    unlabelled: int
    unpredicted: int
    case_only: int
    unanswered: int = 0
    shared: int = 0
    unreadable: int = 0
    unreadable_truth: int = 0
    off_scale: int = 0


@dataclass(frozen=True)
class ClassRecall:
    """How often records of one class got the right answer.

    Parameters
    ----------
    name : str
        The class, or words for the rest.
    raw, curated : Accuracy, optional
    is_enough : bool
        Whether the raw side holds enough records of it to say anything.
    """

    name: str
    raw: Accuracy | None
    curated: Accuracy | None
    is_enough: bool


@dataclass(frozen=True)
class Confusion:
    """How many raw records of one class got which answer."""

    truth: str
    predicted: str
    n: int


@dataclass(frozen=True)
class PricedErrors:
    """One kind of error and what it costs.

    Parameters
    ----------
    kind : str
        `billing -> legal` as written in the assessment, or words for all the others.
    errors : int
        Such errors among the scored raw records.
    price : str
        Cost of one, as written in the assessment.
    cost_per_10000 : float
        Median cost of such errors in 10,000 cases.
    errors_per_month, cost_per_month : float, optional
        Medians at the planned load; None without one.
    month_interval : Interval, optional
        90 % interval of the cost a month.
    """

    kind: str
    errors: int
    price: str
    cost_per_10000: float
    errors_per_month: float | None = None
    cost_per_month: float | None = None
    month_interval: Interval | None = None


@dataclass(frozen=True)
class ErrorCost:
    """What errors cost in 10,000 cases.

    Parameters
    ----------
    currency : str
    median : float
    interval : Interval
        90 % interval over the number of errors and their prices.
    kinds : tuple of PricedErrors
        The costliest first.
    unpriced : int
        Errors among the scored records that the assessment gives no price; they count as nothing.
    unused : tuple of str
        Priced pairs whose classes occur in no record.
    of_one : float, optional
        Median of the mean cost of one wrong answer.
    mix : array of float, shape (m, kinds), optional
        Equally likely shares of each of `kinds` among the wrong answers, for the joint sample.
    """

    currency: str
    median: float
    interval: Interval
    kinds: tuple[PricedErrors, ...]
    unpriced: int
    unused: tuple[str, ...]
    of_one: float | None = None
    mix: np.ndarray | None = field(default=None, repr=False)


@dataclass(frozen=True)
class PlannedSample:
    """Rows to label so that accuracy is known to so many points either way, nine times in ten.

    Parameters
    ----------
    half_width : float
        Share either way.
    rows : int
    detectable_drop : float, optional
        Smallest drop from the demo set that so many rows would show; None without a demo score.
    """

    half_width: float
    rows: int
    detectable_drop: float | None


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
    classes : tuple of ClassRecall
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
    classes: tuple[ClassRecall, ...]
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
