"""Whole requests resampled: what holds of one request is drawn together, so that before and after share their luck.

Weights are those of the Bayesian bootstrap: each request gets an exponential weight. That gives the spread of a
difference or of a part; the ends of a percentile itself are exact order statistics (`percentiles.py`), and where those
have no upper end, a spread from the same few requests has none either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.draws import generator
from flightready.evidence import Interval
from flightready.latency.traces import Traces


@dataclass(frozen=True)
class Resamples:
    """Weights of m requests in r resamples.

    Parameters
    ----------
    rows : array of int, shape (m,)
        Requests that are resampled: all, or evenly spaced ones in order of their time when there are very many; the
        intervals are then as wide as for m requests.
    weights : array of shape (r, m)
        Each row adds up to 1.
    """

    rows: np.ndarray
    weights: np.ndarray


def resampled(traces: Traces, *, seed: int) -> Resamples:
    """Return weights of whole requests, failed ones included.

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap.
    """
    most, many = int(policy.value("latency_resampled_requests")), int(policy.value("latency_resamples"))
    order = np.argsort(traces.answer_s, kind="stable")
    m = min(most, traces.n)
    rows = order[np.linspace(0, traces.n - 1, m).round().astype(int)]
    weights = generator(seed, "latency.whole_requests").standard_exponential((many, m))
    return Resamples(rows, weights / weights.sum(axis=1, keepdims=True))


def quantile_draws(values: np.ndarray, weights: np.ndarray, share: float) -> np.ndarray:
    """Return a quantile under each row of weights, shape (r,); infinite values are never reached.

    Examples
    --------
    >>> quantile_draws(np.array([3.0, 1.0, 2.0]), np.array([[0.2, 0.2, 0.6]]), 0.5)
    array([2.])
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[:, order], axis=1)
    at = np.sum(reached < share * reached[:, -1:], axis=1)
    return values[order][np.minimum(at, values.size - 1)]


def spread(draws: np.ndarray, *, bounded: bool = True) -> Interval:
    """Return the 90 % interval over resamples; an unknown draw lies beyond either end, and an infinite end is None.

    Examples
    --------
    >>> spread(np.array([np.nan, *np.arange(99.0)])), spread(np.array([np.inf] * 10 + [1.0] * 90))
    (Interval(low=3.0, high=94.0), Interval(low=1.0, high=None))
    """
    ends = []
    for share, unknown in ((0.05, -np.inf), (0.95, np.inf)):
        known = np.where(np.isnan(draws), unknown, draws)
        end = float(np.quantile(known, share, method="inverted_cdf"))
        ends.append(end if np.isfinite(end) else None)
    return Interval(ends[0], ends[1] if bounded else None)
