"""From points of accuracy to wrong answers a month at the planned load, and to what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready.evaluation.attribution.attribution_result import Valued
from flightready.evaluation.budget.error_cost import error_draws
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evidence import Interval
from flightready.intervals import LEVEL

_ENDS = (0.5 - LEVEL / 2, 0.5, 0.5 + LEVEL / 2)


@dataclass(frozen=True)
class Rates:
    """Equally likely values of what turns points into cases and money.

    Parameters
    ----------
    currency : str
    requests_per_month : array of float, shape (m,), optional
        None when no load is stated.
    cost_per_error : array of float, shape (m,), optional
        Mean cost of one wrong answer of the raw sample; None when nothing is priced.
    """

    currency: str
    requests_per_month: np.ndarray | None = field(repr=False)
    cost_per_error: np.ndarray | None = field(repr=False)


def rates(records: ScoredSample, *, size: int) -> Rates:
    """Return draws of the load and of the mean cost of a wrong answer, those behind all figures on errors.

    Parameters
    ----------
    records : ScoredSample
    size : int
        Number of draws, that of the replicates they will be combined with.
    """
    spec, raw = records.pilot.spec, records.raw
    if raw is None:
        return Rates(spec.currency, None, None)
    found = raw.accuracy
    drawn = error_draws(
        spec.evaluation.error_cost, raw if spec.evaluation.task == "classification" else None, found.right, found.n,
        seed=spec.seed, requests_per_month=records.requests_per_month, design_effect=found.design_effect,
    )  # fmt: skip
    cost = None if drawn.cost is None else _first(drawn.cost / drawn.share, size)
    return Rates(spec.currency, None if drawn.load is None else _first(drawn.load, size), cost)


def valued(points: float, replicates: np.ndarray, found: Rates) -> Valued:
    """Return what points of accuracy are worth a month; intervals combine all that is uncertain.

    Parameters
    ----------
    points : float
        The estimate, a share: 0.03 is three points.
    replicates : array of float, shape (m,)
        Equally likely values of it, such as bootstrap replicates; m as in `rates`.
    found : Rates

    Notes
    -----
    Load, price and points are independent of one another. The middle value rests on the estimate of the points, the
    interval on their replicates.

    Examples
    --------
    >>> valued(0.05, np.full(4, 0.05), Rates("USD", np.full(4, 1000.0), np.full(4, 2.0))).cost_per_month
    100.0
    """
    load, cost = found.requests_per_month, found.cost_per_error
    if load is None:
        return Valued()
    cases, cases_interval = _summed(points * load, replicates * load)
    if cost is None:
        return Valued(cases, cases_interval)
    return Valued(cases, cases_interval, *_summed(points * load * cost, replicates * load * cost))


def _summed(middle: np.ndarray, draws: np.ndarray) -> tuple[float, Interval]:
    low, _, high = (float(q) for q in np.quantile(draws, _ENDS))
    return float(np.median(middle)), Interval(low, high)


def _first(draws: np.ndarray, size: int) -> np.ndarray:
    """So many draws; the same ones again where more are asked for than there are."""
    return np.resize(draws, size)
