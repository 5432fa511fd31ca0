"""Are records of a slice wrong more often than others: exact tests, and the same with entities that repeat."""

from __future__ import annotations

import numpy as np
from scipy import special


def score(wrong: np.ndarray, n: np.ndarray, all_wrong: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return by how many standard errors a slice has more wrong answers than chance would deal it; no limit needed.

    Parameters
    ----------
    wrong, n, all_wrong, of : array of int
        Wrong answers and records of the slice, and of all records it is part of; any common shape.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = n * all_wrong / of
        spread = np.sqrt(mean * (1 - all_wrong / of) * (of - n) / (of - 1))
        return np.where(spread > 0, (wrong - mean) / spread, 0.0)


def tail(wrong: np.ndarray, n: np.ndarray, all_wrong: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return the exact chance of so many wrong answers in a slice or more, if they are dealt at random.

    Parameters
    ----------
    wrong, n, all_wrong, of : array of int, shape (k,)

    Source
    ------
    Fisher 1935 (hypergeometric tail).

    Examples
    --------
    >>> tail(np.array([3]), np.array([4]), np.array([4]), np.array([8])).round(4).tolist()
    [0.2429]
    """
    from scipy import stats  # slow to load

    return np.clip(stats.hypergeom.sf(wrong - 1, of, all_wrong, n), 0.0, 1.0)


def design_effect(member: np.ndarray, wrong: np.ndarray, cluster: np.ndarray) -> float:
    """Return by how much repeated entities widen the difference between a slice and the others, at least 1.

    Parameters
    ----------
    member, wrong : array of bool, shape (n,)
    cluster : array of int, shape (n,)

    Source
    ------
    Rao and Scott 1992 (Biometrics 48:577): counts divided by the design effect.
    """
    inside, error = member - member.mean(), wrong - wrong.mean()
    influence = inside * error
    sums = np.bincount(cluster, weights=influence)
    apart = float((inside**2).sum() * (error**2).mean())
    return max(1.0, float((sums**2).sum()) / apart) if apart > 0 else 1.0


def clustered_tail(member: np.ndarray, wrong: np.ndarray, cluster: np.ndarray) -> float:
    """Return the chance of `tail` with counts at the number of independent records, wrong ones rounded down."""
    effect = design_effect(member, wrong, cluster)
    counts = [int((member & wrong).sum()), int(member.sum()), int(wrong.sum()), len(member)]
    x, n, all_wrong, of = (c / effect for c in counts)
    n, of = max(1, round(n)), max(1, round(of))
    x, all_wrong = min(n, int(x)), min(of, round(all_wrong))
    return float(tail(*(np.array([v]) for v in (min(x, all_wrong), n, all_wrong, of)))[0])


def stratified_score(x: np.ndarray, n: np.ndarray, all_wrong: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return by how many standard errors slices have more wrong answers than others of their strata.

    Parameters
    ----------
    x, n : array of int, shape (slices, strata)
        Wrong answers and records of each slice in each stratum.
    all_wrong, of : array of int, shape (strata,)

    Source
    ------
    Mantel and Haenszel 1959, with the correction for continuity.
    """
    mean = n * all_wrong / of
    spread = n * (of - n) * all_wrong * (of - all_wrong) / (of.astype(float) ** 2 * np.maximum(of - 1, 1))
    more, variance = (x - mean).sum(axis=1), spread.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(variance > 0, (more - 0.5) / np.sqrt(variance), -np.inf)


def upper_tail(score_value: float) -> float:
    """Return the chance of a normal score as high or higher."""
    return float(special.ndtr(-score_value))
