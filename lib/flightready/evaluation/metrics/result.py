"""What the metrics of a task return: one figure a line, with its interval and how it was made."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Interval


@dataclass(frozen=True)
class Metric:
    """One figure of one side.

    Parameters
    ----------
    name : str
        Such as accuracy, macro F1, mean absolute error.
    unit : str
        share, rating, or "unit of the answers".
    value : float
    interval : Interval
        90 % interval; an end that cannot be given is None.
    n : int
        Records behind it.
    how : str
        What it is and how its interval was made, in a few plain words.
    of : str
        The class or field that it is about; empty when about all.
    """

    name: str
    unit: str
    value: float
    interval: Interval
    n: int
    how: str
    of: str = ""


@dataclass(frozen=True)
class Groups:
    """Records of one side that belong together.

    Parameters
    ----------
    records, groups, largest : int
        Scored records, groups that they fall into, and records in the largest one.
    design_effect : float
        How many times the variance of accuracy is that of independent records.
    """

    records: int
    groups: int
    largest: int
    design_effect: float


@dataclass(frozen=True)
class Pairs:
    """The same records in both forms, and in which of them the pilot was right.

    Parameters
    ----------
    both, only_curated, only_raw, neither : int
        Records right in both forms, only in the demo's, only in the raw one, and in neither.
    interval : Interval
        90 % interval of the demo's share right minus the raw one's (paired Newcombe; never narrower than what drawing
        whole groups gives where records belong together).
    p_value : float
        That both forms fare equally well (McNemar, exact), 0 to 1.
    unmatched : int
        Scored records of either side that the other side lacks; they are left out of the comparison.
    """

    both: int
    only_curated: int
    only_raw: int
    neither: int
    interval: Interval
    p_value: float
    unmatched: int

    @property
    def n(self) -> int:
        """Records on both sides."""
        return self.both + self.only_curated + self.only_raw + self.neither

    @property
    def drop(self) -> float:
        """Share right in the demo's form minus that in the raw form, -1 to 1."""
        return (self.only_curated - self.only_raw) / self.n


@dataclass(frozen=True)
class SizeBin:
    """How far the numbers of one side are off, among true numbers of one size.

    Parameters
    ----------
    low, high : float, optional
        Rounded ends in the unit of the answers; None where open.
    n : int
    bias : float
        Mean of the pilot's number minus the true one.
    interval : Interval
    """

    low: float | None
    high: float | None
    n: int
    bias: float
    interval: Interval


@dataclass(frozen=True)
class RatingBin:
    """Records of one side whose mean rating lies from `low` to below `high` (the last bin holds its upper end)."""

    low: float
    high: float
    n: int


@dataclass(frozen=True)
class PricedConfusion:
    """Wrong answers of one kind on raw data, and what they cost.

    Parameters
    ----------
    truth, predicted : str
        Right answer and the pilot's.
    n : int
        Such records in the sample.
    price : str
        Cost of one, as the assessment says it; empty when it says none.
    cost_per_10000 : float, optional
        Their number in 10,000 cases times the median price; None without a price.
    """

    truth: str
    predicted: str
    n: int
    price: str
    cost_per_10000: float | None


@dataclass(frozen=True)
class TaskMetrics:
    """What a task is measured by, on both sides.

    Parameters
    ----------
    task : str
    right_when : str
        When an answer counts as right, in plain words.
    raw, curated : tuple of Metric
        Empty where the side has no scored record.
    raw_groups, curated_groups : Groups, optional
        None where every record stands for itself.
    pairs : Pairs, optional
        None where the sides hold different records.
    raw_sizes, curated_sizes : tuple of SizeBin
        Of a regression.
    raw_ratings, curated_ratings : tuple of RatingBin
        Of rated answers.
    priced : tuple of PricedConfusion
        Wrong answers of a classification with what they cost, the costliest first.
    currency : str
        Of the prices.
    """

    task: str
    right_when: str
    raw: tuple[Metric, ...]
    curated: tuple[Metric, ...]
    raw_groups: Groups | None = None
    curated_groups: Groups | None = None
    pairs: Pairs | None = None
    raw_sizes: tuple[SizeBin, ...] = ()
    curated_sizes: tuple[SizeBin, ...] = ()
    raw_ratings: tuple[RatingBin, ...] = ()
    curated_ratings: tuple[RatingBin, ...] = ()
    priced: tuple[PricedConfusion, ...] = ()
    currency: str = ""
