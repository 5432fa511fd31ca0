"""What calibration returns: how often answers of a stated confidence are right."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval


@dataclass(frozen=True)
class Reliability:
    """Answers of about the same confidence.

    Parameters
    ----------
    low, high : float
        Smallest and largest confidence among them, 0 to 1.
    mean_confidence : float
    right : Accuracy
        How many are right; the interval takes records of one entity together.
    """

    low: float
    high: float
    mean_confidence: float
    right: Accuracy


@dataclass(frozen=True)
class Calibrated:
    """What the pilot says about its own answers against how often they are right, on one side.

    Parameters
    ----------
    n : int
        Scored records with a confidence.
    mean_confidence, accuracy : float
        Shares over the same records.
    gap : float
        Mean confidence minus accuracy; above zero the pilot is too sure of itself.
    gap_interval : Interval
        Its 90 % interval.
    bins : tuple of Reliability
        Groups of equal size by rising confidence.
    error : float
        Root mean square distance of confidence from the share right over these groups, freed of what chance adds.
    error_interval : Interval
        Its 90 % interval; its low end is 0 where the confidence may be just right.
    brier, log_loss : float
        Mean square and mean logarithmic loss of the confidence as a forecast of being right; lower is better.
    z : float, optional
        Spiegelhalter's statistic: standard normal when the confidence is just right; None when it is always a half.
    auroc : float, optional
        Chance that a right answer has a higher confidence than a wrong one, 0 to 1; None when all answers are right,
        or all wrong.
    auroc_interval : Interval, optional
    """

    n: int
    mean_confidence: float
    accuracy: float
    gap: float
    gap_interval: Interval
    bins: tuple[Reliability, ...]
    error: float
    error_interval: Interval
    brier: float
    log_loss: float
    z: float | None
    auroc: float | None
    auroc_interval: Interval | None

    @property
    def tells(self) -> bool:
        """Whether a higher confidence is shown to go with right answers."""
        return self.auroc_interval is not None and self.auroc_interval.low > 0.5  # a half is chance

    @property
    def is_off(self) -> bool:
        """Whether the confidence is shown to differ from the share right."""
        return self.error_interval.low > 0


@dataclass(frozen=True)
class Calibration:
    """Both sides, where they carry confidences."""

    raw: Calibrated | None
    curated: Calibrated | None
