"""Wrong answers of each kind and what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready.evidence import Interval


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
