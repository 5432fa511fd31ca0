"""What labelling more raw records is worth before the floor is decided: certainty, and money where points are priced.

The decision: go when accuracy is expected to be at least break-even (the floor), else not. Each point of accuracy above
break-even is worth the same as a point below costs; an answer that was going to be right brings nothing new.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from flightready import policy
from flightready.evaluation.labels.result import LabelStep, LabelValue, Prior, RawEstimate
from flightready.evaluation.planning import half_width_of
from flightready.evaluation.rules import floor_state
from flightready.evaluation.scored_sample import ScoredSample
from flightready.evaluation.shares.accuracy import Accuracy, accuracy
from flightready.evaluation.shares.clustered import wilson_share
from flightready.evidence import Interval, State

MEASURED, ESTIMATED, UNKNOWN = "measured", "estimated", "nothing known"
"""Where a prior comes from."""


def perfect_information(right: float, wrong: float, break_even: float, value: float) -> float:
    """Return the expected worth in money of knowing accuracy exactly before deciding.

    Parameters
    ----------
    right, wrong : float
        Parameters of the Beta distribution of accuracy.
    break_even : float
        Accuracy from which on going is worth it, a share.
    value : float
        Money for each unit (from 0 to 1) of accuracy above it; as much is lost for each unit below.

    Examples
    --------
    >>> round(perfect_information(8, 2, 0.85, 1e6), 2)
    24117.42
    """
    mean = right / (right + wrong)
    above = mean * special.betaincc(right + 1, wrong, break_even)
    above -= break_even * special.betaincc(right, wrong, break_even)
    return max(0.0, float(value * (above - max(mean - break_even, 0.0))))


def sample_information(right: float, wrong: float, n: int, break_even: float, value: float) -> float:
    """Return the expected worth in money of n labels before deciding.

    Source
    ------
    Raiffa and Schlaifer 1961 (expected value of sample information, Beta prior and binomial sample).

    Examples
    --------
    >>> round(sample_information(8, 2, 200, 0.85, 1e6), 2)
    23059.15
    """
    k = np.arange(n + 1)
    after = (right + k) / (right + wrong + n)
    best = np.maximum(after - break_even, 0.0) @ predictive(right, wrong, n)
    return max(0.0, float(value * (best - max(right / (right + wrong) - break_even, 0.0))))  # never less than nothing


def predictive(right: float, wrong: float, n: int) -> np.ndarray:
    """Return the chance of 0 to n right answers among n more records, shape (n + 1,)."""
    k = np.arange(n + 1)
    choose = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    chance = np.exp(choose + special.betaln(right + k, wrong + n - k) - special.betaln(right, wrong))
    return chance / chance.sum()


def beta_of(mean: float, interval: Interval) -> tuple[float, float]:
    """Return the parameters of the Beta distribution with a mean and (nearly) a 90 % interval.

    Examples
    --------
    >>> [round(v, 1) for v in beta_of(0.8, Interval(0.75, 0.85))]
    [137.7, 34.4]
    """
    mean = min(max(mean, 1e-6), 1 - 1e-6)
    sd = (interval.high - interval.low) / (2 * float(special.ndtri(0.95)))
    size = max(mean * (1 - mean) / max(sd, 1e-9) ** 2 - 1, 1.0)
    return mean * size, (1 - mean) * size


def label_value(
    prior: Prior, *, right: int, n_now: int, floor: Interval | None, value_per_point: float | None, currency: str,
    design_effect: float = 1.0, interval: Interval | None = None,
) -> LabelValue:  # fmt: skip
    """Return what labelling more is worth.

    Parameters
    ----------
    prior : Prior
    right, n_now : int
        Right answers among the raw records that are scored already.
    floor : Interval, optional
        Ends of the floor; break-even is its middle.
    value_per_point : float, optional
        Money a month for one point of accuracy.
    currency : str
    design_effect : float
        Records that belong together, and those that further labels will be about, count that many times less.
    interval : Interval, optional
        Of accuracy as it is known now; by default that of so many independent records.
    """
    a, b, cost = prior.right, prior.wrong, float(policy.value("label_cost"))
    break_even = (floor.low + floor.high) / 2 if floor else None
    value = 100 * value_per_point if value_per_point is not None and break_even is not None else None
    steps = []
    for n in policy.value("label_counts_to_weigh"):
        alone = max(1, round(n / design_effect))  # independent records that say as much
        worth = sample_information(a, b, alone, break_even, value) if value is not None else None
        decides = _decides(prior, right / design_effect, n_now / design_effect, alone, floor) if floor else None
        steps.append(LabelStep(n, half_width_of(prior.mean, n_now / design_effect + alone), decides, worth, n * cost))
    best = None
    if value is not None:
        top = max(steps, key=lambda s: s.net)
        best = top.n if top.net > 0 else 0
    perfect = perfect_information(a, b, break_even, value) if value is not None else None
    now = accuracy(right, n_now) if interval is None else Accuracy(right, n_now, interval, design_effect)
    is_decided = bool(floor and n_now) and floor_state(now, floor) is not State.UNKNOWN
    return LabelValue(
        prior, n_now, break_even, value_per_point, perfect, tuple(steps), best, currency, cost, is_decided
    )


def worth_of_labels(
    records: ScoredSample, raw: Accuracy | None, estimate: RawEstimate | None, floor: Interval | None
) -> LabelValue:
    """Return what labelling more raw records of a pilot is worth.

    Parameters
    ----------
    records : ScoredSample
        Its load and the assessment's cost of an error price a point of accuracy.
    raw : Accuracy, optional
        What is known already.
    estimate : RawEstimate, optional
        Stands in where nothing is; without both, any accuracy is as likely as the next (Jeffreys).
    floor : Interval, optional
    """
    spec, load = records.pilot.spec, records.requests_per_month
    error = spec.evaluation.error_cost.get("default")
    price = 0.01 * error.median * float(np.median(load)) if error is not None and load is not None else None
    if raw is not None and raw.n:
        right, wrong = (c / raw.design_effect for c in (raw.right, raw.n - raw.right))  # records that belong together
        prior = Prior(right + 0.5, wrong + 0.5, MEASURED)
    elif estimate is not None:
        prior = Prior(*beta_of(estimate.calibrated.value, estimate.calibrated.interval), ESTIMATED)
    else:
        prior = Prior(0.5, 0.5, UNKNOWN)
    known = raw if raw is not None else Accuracy(0, 0, Interval(0.0, 1.0))
    return label_value(
        prior, right=known.right, n_now=known.n, floor=floor, value_per_point=price, currency=spec.currency,
        design_effect=known.design_effect, interval=known.interval,
    )  # fmt: skip


def _decides(prior: Prior, right: float, n_now: float, n: int, floor: Interval) -> float:
    """Chance that the 90 % interval of all labels leaves the floor, over what n more may show."""
    chances = predictive(prior.right, prior.wrong, n)
    both = n_now + n  # independent records, which need not be a whole number
    ends = [wilson_share((right + k) / both, both) for k in range(n + 1)]
    decided = [floor_state(Accuracy(0, 0, e), floor) is not State.UNKNOWN for e in ends]
    return float(chances @ np.array(decided, dtype=float))
