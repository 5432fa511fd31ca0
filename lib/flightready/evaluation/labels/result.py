"""What is known of labels: how they were drawn, what accuracy would be without them, and what more are worth."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Interval


@dataclass(frozen=True)
class Drawn:
    """What is known of the records that were drawn for labelling.

    Parameters
    ----------
    n, labelled : int
        Records drawn, and those of them that carry a label.
    of : int
        Different raw records.
    gone : int
        Drawn records that are no longer among the raw records.
    is_random : bool
        Whether they are the first n in the order of chance of the raw records as these are now.
    """

    n: int
    labelled: int
    of: int
    gone: int
    is_random: bool


@dataclass(frozen=True)
class Estimate:
    """One way to estimate accuracy without labels.

    Parameters
    ----------
    value : float
        Share of right answers.
    interval : Interval
        90 % interval by resampling both sides; it covers chance, not a broken assumption.
    """

    value: float
    interval: Interval


@dataclass(frozen=True)
class RawEstimate:
    """Raw accuracy as the pilot's confidence suggests it.

    Parameters
    ----------
    n_raw, n_curated : int
        Different raw records with a confidence, and scored demo records with one.
    calibrated : Estimate
        Confidence turned into a share of right answers as on the demo set; the one that is told.
    difference : Estimate
        Demo accuracy less the fall in mean confidence (difference of confidences).
    threshold : Estimate
        Share of raw records above the confidence that as many demo records exceed as are right (average thresholded
        confidence).
    mean_raw, mean_curated : float
        Mean confidence.
    demo_accuracy : float
        Of the demo records with a confidence.
    measured : float, optional
        Accuracy on labelled raw records, where it is known.
    off_by : float, optional
        Estimate less what was measured.
    off_interval : Interval, optional
        Its 90 % interval.
    """

    n_raw: int
    n_curated: int
    calibrated: Estimate
    difference: Estimate
    threshold: Estimate
    mean_raw: float
    mean_curated: float
    demo_accuracy: float
    measured: float | None = None
    off_by: float | None = None
    off_interval: Interval | None = None


@dataclass(frozen=True)
class Prior:
    """What is believed of raw accuracy before more labels: a Beta distribution, and where it comes from.

    Parameters
    ----------
    right, wrong : float
        Its two parameters, as if so many right and wrong answers had been seen.
    origin : str
        measured, estimated, or nothing known.
    """

    right: float
    wrong: float
    origin: str

    @property
    def mean(self) -> float:
        """Expected accuracy, a share."""
        return self.right / (self.right + self.wrong)


@dataclass(frozen=True)
class LabelStep:
    """What n more labels would give.

    Parameters
    ----------
    n : int
    half_width : float
        Half of the 90 % interval to expect, a share.
    decides : float, optional
        Chance that the floor is then decided, 0 to 1; None without a floor.
    worth : float, optional
        Expected worth in money of deciding after them instead of now; None where a point has no price.
    cost : float
        Of labelling them.
    """

    n: int
    half_width: float
    decides: float | None
    worth: float | None
    cost: float

    @property
    def net(self) -> float | None:
        """Worth less cost."""
        return None if self.worth is None else self.worth - self.cost


@dataclass(frozen=True)
class LabelValue:
    """What labelling more raw records is worth.

    Parameters
    ----------
    prior : Prior
    n_now : int
        Scored raw records now.
    break_even : float, optional
        The floor, a share.
    value_per_point : float, optional
        Money a month that one point of accuracy is worth: cost of an error times requests a month.
    perfect : float, optional
        Money that knowing accuracy exactly would be worth, the most that any number of labels can be.
    steps : tuple of LabelStep
    best : int, optional
        Number of labels with the largest worth less cost; 0 when none is worth its cost; None without prices.
    currency : str
    label_cost : float
    is_decided : bool
        Whether the labels that are there decide the floor.
    """

    prior: Prior
    n_now: int
    break_even: float | None
    value_per_point: float | None
    perfect: float | None
    steps: tuple[LabelStep, ...]
    best: int | None
    currency: str
    label_cost: float
    is_decided: bool = False
