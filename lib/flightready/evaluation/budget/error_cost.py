"""What wrong answers cost, in 10,000 cases and a month: how many of each kind, times what one of them costs."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.budget.priced import ErrorCost, PricedErrors
from flightready.evaluation.counts import Confusion
from flightready.evaluation.metrics.result import PricedConfusion
from flightready.evaluation.scoring import Scored
from flightready.evidence import Interval
from flightready.quantity import Quantity

OTHER_ERRORS = "every other error"
_ARROW = " -> "
_ENDS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class ErrorDraws:
    """Equally likely shares of each kind of error, and what they cost: all figures on errors read these rows.

    Parameters
    ----------
    counts : dict of str to int
        Errors of each kind among the scored records; the kinds are the priced pairs and all others.
    shares : dict of str to array, shape (draws,)
        Errors of each kind, as a share of all cases.
    costs : dict of str to array, shape (draws,)
        Cost of the errors of each priced kind, a case.
    load : array, shape (draws,), optional
        Requests a month.
    unused : tuple of str
        Priced pairs whose classes occur in no record.
    """

    counts: dict[str, int]
    shares: dict[str, np.ndarray] = field(repr=False)
    costs: dict[str, np.ndarray] = field(repr=False)
    load: np.ndarray | None = field(repr=False)
    unused: tuple[str, ...]

    @property
    def share(self) -> np.ndarray:
        """Errors of any kind, as a share of all cases."""
        return sum(self.shares.values())

    @property
    def cost(self) -> np.ndarray | None:
        """Cost of all priced errors, a case; None where nothing is priced."""
        return sum(self.costs.values()) if self.costs else None


def error_draws(
    prices: dict[str, Quantity],
    scored: Scored | None,
    right: int,
    n: int,
    *,
    seed: int,
    requests_per_month: np.ndarray | None = None,
    design_effect: float = 1.0,
) -> ErrorDraws:
    """Draw the share of each kind of error, what it costs, and the load of a month.

    Parameters
    ----------
    prices : dict
        Cost of one error: `default`, or `truth -> predicted`; may be empty.
    scored : Scored, optional
        Raw records; without them every error is of the default kind.
    right, n : int
        Right answers among all scored; n >= 1.
    seed : int
        Of the assessment.
    requests_per_month : array, optional
        Draws of the planned load, any shape.
    design_effect : float
        Counts are worth that many times less where records belong together.

    Notes
    -----
    The shares of right answers and of each kind of error are drawn from a Dirichlet distribution whose total error
    share is the Jeffreys one; each price is drawn once per draw, because it is one unknown number and not one per case.
    The load is taken as independent of both.
    """
    counts, unused = _counts(prices, scored, n - right)
    rng = generator(seed, "evaluation", "error_cost")
    m = policy.value("error_cost_draws")
    prior = 0.5 / len(counts)  # together the kinds carry the Jeffreys half of an error
    alpha = [right / design_effect + 0.5, *(c / design_effect + prior for c in counts.values())]
    shares = dict(zip(counts, rng.dirichlet(alpha, size=m).T[1:], strict=True))
    costs = {kind: shares[kind] * prices[key].ppf(rng.random(m)) for kind in counts if (key := _key(kind)) in prices}
    load = None
    if requests_per_month is not None:
        spread = np.quantile(requests_per_month, (np.arange(m) + 0.5) / m)
        load = generator(seed, "evaluation", "error_load").permutation(spread)
    return ErrorDraws(counts, shares, costs, load, unused)


def error_cost(prices: dict[str, Quantity], drawn: ErrorDraws, *, currency: str) -> ErrorCost | None:
    """Return what errors cost in 10,000 cases and a month, or None when nothing is priced."""
    if not prices:
        return None
    cases = policy.value("cases_of_error_budget")
    per_case = drawn.cost if drawn.costs else np.zeros(1)
    low, median, high = middle(cases * per_case)
    priced = [_priced(kind, prices, drawn, cases) for kind in drawn.costs]
    priced.sort(key=lambda p: (-p.cost_per_10000, p.kind))
    unpriced = 0 if OTHER_ERRORS in drawn.costs else drawn.counts[OTHER_ERRORS]
    of_one = float(np.median(drawn.cost / drawn.share)) if priced else None
    mix = np.stack([drawn.shares[p.kind] / drawn.share for p in priced], axis=1) if priced else None
    return ErrorCost(currency, median, Interval(low, high), tuple(priced), unpriced, drawn.unused, of_one, mix)


def middle(draws: np.ndarray) -> tuple[float, float, float]:
    """Return the low end of the 90 % interval of draws, their median, and the high end."""
    low, median, high = (float(q) for q in np.quantile(draws, _ENDS))
    return low, median, high


def _priced(kind: str, prices: dict[str, Quantity], drawn: ErrorDraws, cases: int) -> PricedErrors:
    cost = drawn.costs[kind]
    month = {}
    if drawn.load is not None:
        low, median, high = middle(cost * drawn.load)
        errors = float(np.median(drawn.shares[kind] * drawn.load))
        month = {"errors_per_month": errors, "cost_per_month": median, "month_interval": Interval(low, high)}
    per_10000 = float(np.median(cases * cost))
    return PricedErrors(kind, drawn.counts[kind], prices[_key(kind)].text, per_10000, **month)


def _key(kind: str) -> str:
    return "default" if kind == OTHER_ERRORS else kind


def priced_confusions(
    confusions: tuple[Confusion, ...], prices: dict[str, Quantity], cost: ErrorCost | None
) -> tuple[PricedConfusion, ...]:
    """Return each kind of wrong answer with what it costs in 10,000 cases, the costliest first.

    Parameters
    ----------
    confusions : tuple of Confusion
        Of the raw records; classes too rare to be named stand together, at the price of any error.
    prices : dict
        Cost of one error: `default`, or `truth -> predicted`.
    cost : ErrorCost, optional
        Of the same records; what errors of one price cost is shared among their kinds by count, so that both tables
        say the same.
    """
    by_pair = {tuple(part.strip() for part in key.split(_ARROW, 1)): key for key in prices if _ARROW in key}
    priced = {_key(p.kind): p for p in cost.kinds} if cost is not None else {}
    found = []
    for one in confusions:
        if one.truth == one.predicted:  # those too rare to be named may be right or wrong
            continue
        key = by_pair.get((one.truth, one.predicted), "default")
        kind, price = priced.get(key), prices[key].text if key in prices else ""
        amount = kind.cost_per_10000 * one.n / kind.errors if kind is not None and kind.errors else None
        found.append(PricedConfusion(one.truth, one.predicted, one.n, price, amount))
    return tuple(sorted(found, key=lambda p: (-(p.cost_per_10000 or 0.0), -p.n, p.truth, p.predicted)))


def _counts(prices: dict[str, Quantity], scored: Scored | None, wrong: int) -> tuple[dict[str, int], tuple[str, ...]]:
    """Errors of each priced kind and of all others; priced pairs whose classes nobody has seen."""
    pairs = [k for k in prices if k != "default"]
    if scored is None:
        return {OTHER_ERRORS: wrong}, tuple(pairs)
    seen = set(scored.truth.unique()) | set(scored.predicted.unique())
    counts: dict[str, int] = {}
    unused = []
    for pair in pairs:
        truth, _, predicted = (part.strip() for part in pair.partition(_ARROW))
        if not {truth, predicted} <= seen:
            unused.append(pair)
            continue
        hit = (scored.truth == truth) & (scored.predicted == predicted)
        counts[pair] = int(hit.sum()) if truth != predicted else 0
    counts[OTHER_ERRORS] = wrong - sum(counts.values())
    return counts, tuple(unused)
