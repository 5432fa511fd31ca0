"""How many independent records a count is worth when several records are about one entity."""

from __future__ import annotations

import numpy as np

from flightready.evaluation.result import Accuracy
from flightready.intervals import LEVEL, clopper_pearson, wilson
from flightready.realism.outcome import Rate


def effective_n(hit: np.ndarray, cluster: np.ndarray) -> float:
    """Return the number of independent records that would tell as much on a share, 0 <= number <= n.

    Parameters
    ----------
    hit : array of bool, shape (n,)
    cluster : array of int, shape (n,)
        Number of the entity of each record.

    Source
    ------
    Kish 1965 (design effect); Korn and Graubard 1998 (Survey Methodology 24:193), never more than n.

    Examples
    --------
    >>> hit = np.array([True, True, False, False, True, False])
    >>> effective_n(hit, np.arange(6)), round(effective_n(hit, np.array([0, 0, 1, 1, 2, 3])), 6)
    (6.0, 2.7)
    """
    n = len(hit)
    _, place = np.unique(cluster, return_inverse=True)
    clusters = int(place.max()) + 1 if n else 0
    if clusters == n:
        return float(n)
    share = hit.mean()
    if clusters == 1 or share in (0.0, 1.0):
        return float(clusters)  # where all agree nothing shows how far records of one entity do
    sums = np.bincount(place, weights=hit - share)
    variance = clusters / (clusters - 1) * float((sums**2).sum()) / n**2
    return float(np.clip(share * (1 - share) / variance, 1.0, n)) if variance > 0 else float(n)


def clustered_accuracy(right: np.ndarray, cluster: np.ndarray, level: float = LEVEL) -> Accuracy:
    """Return right answers with an interval that knows that records of one entity are not independent."""
    n = len(right)
    hits, worth = int(right.sum()), effective_n(right, cluster)
    return Accuracy(hits, n, wilson(hits * worth / n, worth, level) if n else wilson(0, 0))


def clustered_rate(hit: np.ndarray, cluster: np.ndarray) -> Rate:
    """Return a share with its exact interval at the number of independent records.

    Source
    ------
    Korn and Graubard 1998 (Survey Methodology 24:193).
    """
    n = len(hit)
    hits, worth = int(hit.sum()), effective_n(hit, cluster)
    return Rate(hits, n, clopper_pearson(hits * worth / n, worth) if n else clopper_pearson(0, 0))
