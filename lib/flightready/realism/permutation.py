"""Permutation tests over classes of records: is what the raw side shows more than a fair split would give?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from flightready import policy

Statistic = Callable[[np.ndarray, np.ndarray], np.ndarray]
_ROUND = 250  # permutations drawn at once: keeps the table of counts small
_ENOUGH = 25  # after so many draws at or beyond the observed one, the p-value is clearly no discovery


def novelty(raw: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Raw records whose class the demo set lacks, for counts of shape (..., classes)."""
    return np.where(raw == total, raw, 0).sum(axis=-1)


def repeats(raw: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Raw records that repeat an earlier one of their class, for counts of shape (..., classes)."""
    return np.maximum(raw - 1, 0).sum(axis=-1)


def permutation_p(
    raw: np.ndarray, curated: np.ndarray, statistic: Statistic, *, rng: np.random.Generator, singles: str
) -> float:
    """Return the chance of a statistic at least as large when the pooled records are dealt out at random.

    Parameters
    ----------
    raw, curated : array of int, shape (classes,)
        Records of each class on each side.
    statistic : callable
        Of raw and pooled counts; `novelty` or `repeats`.
    rng : Generator
        From `draws.generator`.
    singles : str
        `count` or `ignore`: what a class of a single record adds when it falls on the raw side.

    Returns
    -------
    float
        Never 0; drawn until it is clearly no discovery or `permutations_of_novelty` is reached.

    Source
    ------
    Phipson and Smyth 2010; Besag and Clifford 1991 (sequential stopping).
    """
    total = raw + curated
    is_single = total == 1
    many, n_singles = total[~is_single], int(is_single.sum())
    add_singles = singles == "count"
    observed = int(statistic(raw[~is_single], many)) + (int(raw[is_single].sum()) if add_singles else 0)
    if observed == 0:
        return 1.0
    colours, n_raw = np.append(many, n_singles), int(raw.sum())
    most, drawn, beyond = policy.value("permutations_of_novelty"), 0, 0
    while drawn < most and beyond < _ENOUGH:
        size = min(_ROUND, most - drawn)
        dealt = rng.multivariate_hypergeometric(colours, n_raw, size=size, method="marginals")
        values = statistic(dealt[:, :-1], many) + (dealt[:, -1] if add_singles else 0)
        beyond += int((values >= observed).sum())
        drawn += size
    return (beyond + 1) / (drawn + 1)
