"""Counts at the number of independent records, fast enough for every slice and every group."""

from __future__ import annotations

import numpy as np

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import (
    design_effect,
    effective_groups,
    estimated_effect_costs,
    wilson_share,
)
from flightready.intervals import LEVEL, clopper_pearson
from flightready.realism.outcome import Rate


def effective_n(hit: np.ndarray, cluster: np.ndarray, level: float = LEVEL) -> float:
    """Return the number of independent records that would tell as much on a share, 1 <= number <= n.

    It is meant for intervals of this level: where few entities show how alike their records are, it is fewer than the
    records over the design effect.

    Parameters
    ----------
    hit : array of bool, shape (n,)
        At least one record.
    cluster : array of int, shape (n,)
        Number of the entity of each record.
    level : float
        0 to 1.

    Source
    ------
    Korn and Graubard 1998 (Survey Methodology 24:193).

    Examples
    --------
    >>> hit = np.array([True, True, False, False, True, False])
    >>> effective_n(hit, np.arange(6)), effective_n(hit, np.array([0, 0, 1, 1, 2, 3])) < 4
    (6.0, True)
    """
    effect, costs = design_effect(hit, cluster), 1.0
    if effect > 1 and 0 < np.mean(hit) < 1:  # where all agree, each group counts once and nothing is estimated
        costs = estimated_effect_costs(effect, effective_groups(cluster), level)
    return float(max(1.0, len(hit) / effect * costs))


def clustered_accuracy(right: np.ndarray, cluster: np.ndarray, level: float = LEVEL) -> Accuracy:
    """Return right answers with Wilson's interval at the number of independent records."""
    worth = effective_n(right, cluster, level)
    return Accuracy(int(right.sum()), len(right), wilson_share(float(right.mean()), worth, level), len(right) / worth)


def clustered_rate(hit: np.ndarray, cluster: np.ndarray) -> Rate:
    """Return a share with its exact interval at the number of independent records.

    Source
    ------
    Korn and Graubard 1998 (Survey Methodology 24:193).
    """
    worth = effective_n(hit, cluster)
    return Rate(int(hit.sum()), len(hit), clopper_pearson(float(hit.mean()) * worth, worth))
