"""What wrong answers cost in 10,000 cases: how many of each kind, times what one of them costs."""

from __future__ import annotations

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evaluation.result import ErrorCost, PricedErrors
from flightready.evaluation.scoring import Scored
from flightready.evidence import Interval
from flightready.quantity import Quantity

OTHER_ERRORS = "every other error"
_ARROW = " -> "


def error_cost(
    prices: dict[str, Quantity], scored: Scored | None, right: int, n: int, *, currency: str, seed: int
) -> ErrorCost | None:
    """Return what errors cost, or None when nothing is priced or nothing scored.

    Parameters
    ----------
    prices : dict
        Cost of one error: `default`, or `truth -> predicted`.
    scored : Scored, optional
        Raw records; without them every error costs the default.
    right, n : int
        Right answers among all scored.
    currency : str
    seed : int
        Of the assessment.

    Notes
    -----
    The shares of right answers and of each kind of error are drawn from a Dirichlet distribution whose total error
    share is the Jeffreys one; each price is drawn once per draw, because it is one unknown number and not one per case.
    """
    if not prices or not n:
        return None
    counts, unused = _counts(prices, scored, n - right)
    kinds = [k for k in counts if k in prices or (k == OTHER_ERRORS and "default" in prices)]
    unpriced = 0 if OTHER_ERRORS in kinds else counts[OTHER_ERRORS]
    rng = generator(seed, "evaluation", "error_cost")
    m = policy.value("error_cost_draws")
    prior = 0.5 / len(counts)  # together the kinds carry the Jeffreys half of an error
    alpha = [right + 0.5, *(c + prior for c in counts.values())]
    shares = dict(zip(counts, rng.dirichlet(alpha, size=m).T[1:], strict=True))
    cases = policy.value("cases_of_error_budget")
    costs, total = {}, np.zeros(m)
    for kind in kinds:
        price = prices["default" if kind == OTHER_ERRORS else kind]
        costs[kind] = cases * shares[kind] * price.ppf(rng.random(m))
        total = total + costs[kind]
    low, median, high = (float(q) for q in np.quantile(total, [0.05, 0.5, 0.95]))
    priced = [
        PricedErrors(k, counts[k], prices["default" if k == OTHER_ERRORS else k].text, float(np.median(costs[k])))
        for k in kinds
    ]
    priced.sort(key=lambda p: (-p.cost_per_10000, p.kind))
    return ErrorCost(currency, median, Interval(low, high), tuple(priced), unpriced, unused)


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
