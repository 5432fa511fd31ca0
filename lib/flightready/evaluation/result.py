"""What the evaluation returns: counts, accuracies with intervals, and what more rows would decide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.evaluation.attribution.attribution_result import Attribution
from flightready.evaluation.budget_result import ErrorBudget
from flightready.evaluation.contract_result import OutputContract, RuleCheck
from flightready.evaluation.attribution.tried_result import TriedResult
from flightready.evidence import Absence, Finding, Grade, Interval


@dataclass(frozen=True)
class Accuracy:
    """Right answers among scored records, with the 90 % Wilson interval of their share.

    Parameters
    ----------
    right, n : int
        0 <= right <= n.
    interval : Interval
    """

    right: int
    n: int
    interval: Interval

    @property
    def share(self) -> float:
        """Right answers over scored records; 0 when there is none."""
        return self.right / self.n if self.n else 0.0


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
    """

    records: int
    copies: int
    unlabelled: int
    unpredicted: int
    case_only: int
    unanswered: int = 0
    shared: int = 0


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
class ConfidenceGap:
    """What the pilot says about its own answers against how often they are right.

    Parameters
    ----------
    mean_confidence, accuracy : float
        Shares over the same records.
    gap : float
        Mean confidence minus accuracy; above zero the pilot is too sure of itself.
    interval : Interval
        90 % interval of the gap (normal, over the records' differences).
    n : int
    """

    mean_confidence: float
    accuracy: float
    gap: float
    interval: Interval
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
    """

    currency: str
    median: float
    interval: Interval
    kinds: tuple[PricedErrors, ...]
    unpriced: int
    unused: tuple[str, ...]


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
        Demo accuracy minus raw accuracy, a share.
    drop_interval : Interval, optional
        Its 90 % interval (Newcombe).
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
    raw_confidence, curated_confidence : ConfidenceGap, optional
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
    raw_confidence: ConfidenceGap | None
    curated_confidence: ConfidenceGap | None
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
