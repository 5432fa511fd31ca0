"""Counts at the number of independent records, fast enough for every slice and every group."""

from __future__ import annotations

import numpy as np

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import design_effect, wilson_share
from flightready.intervals import LEVEL, clopper_pearson
from flightready.realism.outcome import Rate


def effective_n(hit: np.ndarray, cluster: np.ndarray) -> float:
    """Return the number of independent records that would tell as much on a share, 1 <= number <= n.

    Parameters
    ----------
    hit : array of bool, shape (n,)
        At least one record.
    cluster : array of int, shape (n,)
        Number of the entity of each record.

    Examples
    --------
    >>> hit = np.array([True, True, False, False, True, False])
    >>> effective_n(hit, np.arange(6)), effective_n(hit, np.array([0, 0, 1, 1, 2, 3])) < 4
    (6.0, True)
    """
    return float(len(hit) / design_effect(hit, cluster))


def clustered_accuracy(right: np.ndarray, cluster: np.ndarray, level: float = LEVEL) -> Accuracy:
    """Return right answers with Wilson's interval at the number of independent records."""
    worth = effective_n(right, cluster)
    return Accuracy(int(right.sum()), len(right), wilson_share(float(right.mean()), worth, level), len(right) / worth)


def clustered_rate(hit: np.ndarray, cluster: np.ndarray) -> Rate:
    """Return a share with its exact interval at the number of independent records.

    Source
    ------
    Korn and Graubard 1998 (Survey Methodology 24:193).
    """
    worth = effective_n(hit, cluster)
    return Rate(int(hit.sum()), len(hit), clopper_pearson(float(hit.mean()) * worth, worth))
