"""Permutation tests over classes of records: is what the raw side shows more than a fair split would give?"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from flightready import policy

Statistic = Callable[[np.ndarray, np.ndarray], np.ndarray]
_ROUND = 250  # permutations drawn at once: keeps the table of counts small
_TINY = 1e-300
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


def all_raw_chance(k: int, n_raw: int, n_curated: int) -> float:
    """Return the chance that k given records all fall on the raw side in a fair deal.

    Examples
    --------
    >>> [round(all_raw_chance(k, 5, 5), 4) for k in (1, 2, 6)]
    [0.5, 0.2222, 0.0]
    """
    if k > n_raw:
        return 0.0
    return math.exp(_log_binomial(n_raw + n_curated - k, n_curated) - _log_binomial(n_raw + n_curated, n_curated))


def surely_new(raw: np.ndarray, curated: np.ndarray) -> np.ndarray:
    """Return which classes that only the raw side shows are new rather than rare, shape (classes,).

    Long tails leave classes on one side only by chance, as often on either. Where the demo set has no class of its own,
    every class of raw alone is new; else those that are so frequent that hardly any class of the demo set alone is, and
    whose absence from the demo set is no chance by itself.

    Parameters
    ----------
    raw, curated : array of int, shape (classes,)
        Records of each class on each side.

    Source
    ------
    After Elias and Gygi 2007 (target and decoy: what one side shows in error is counted on the other).
    """
    n_raw, n_curated = int(raw.sum()), int(curated.sum())
    lone = (curated == 0) & (raw > 0)
    decoys = curated[(raw == 0) & (curated > 0)]
    if not decoys.size or not n_raw or not n_curated:
        return lone
    # how many raw classes of a size stand for one demo class of that size
    weight = {k: all_raw_chance(k, n_raw, n_curated) / max(all_raw_chance(k, n_curated, n_raw), _TINY) for k in decoys}
    new = np.zeros(len(raw), dtype=bool)
    for k in sorted(set(raw[lone].tolist()), reverse=True):
        expected = sum(weight[d] for d in decoys if d >= k)
        if expected > policy.value("most_chance_among_new") * int((raw[lone] >= k).sum()):
            break
        if all_raw_chance(k, n_raw, n_curated) <= policy.value("chance_of_being_new"):
            new |= lone & (raw == k)
    return new


def _log_binomial(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
