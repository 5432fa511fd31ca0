"""From points of accuracy to wrong answers a month at the planned load, and to what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.attribution.attribution_result import Valued
from flightready.evaluation.error_cost import OTHER_ERRORS, error_counts
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
    """Return draws of the load and of the mean cost of a wrong answer.

    Parameters
    ----------
    records : ScoredSample
    size : int
        Number of draws, that of the replicates they will be combined with.
    """
    spec = records.pilot.spec
    load = None
    if records.requests_per_month is not None:
        rng = generator(spec.seed, "evaluation", "attribution", "load")
        load = rng.choice(np.asarray(records.requests_per_month, dtype=float).ravel(), size)
    return Rates(spec.currency, load, _cost_per_error(records, size))


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


def _cost_per_error(records: ScoredSample, size: int) -> np.ndarray | None:
    """Draws of the mean cost over all wrong answers: kinds by a Dirichlet distribution, each price drawn once."""
    prices, raw = records.pilot.spec.evaluation.error_cost, records.raw
    if not prices or raw is None:
        return None
    counts, _ = error_counts(prices, raw, int((~raw.right).sum()))
    rng = generator(records.pilot.spec.seed, "evaluation", "attribution", "cost")
    prior = policy.value("prior_error_of_each_kind") / len(counts)
    shares = rng.dirichlet([c + prior for c in counts.values()], size=size).T
    total = np.zeros(size)
    for kind, share in zip(counts, shares, strict=True):
        price = prices.get("default" if kind == OTHER_ERRORS else kind)
        if price is not None:
            total += share * np.asarray(price.ppf(rng.random(size)), dtype=float)
    return total
