"""Intervals of records that belong together: those of one customer, or copies of one request, say less than as many
independent ones.

The cluster bootstrap draws whole groups. Its percentiles are taken further out when groups are few or uneven, and for
a share its ends never lie within those of Wilson's interval at the effective sample size: the two fail in different
places, and the wider end is kept.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy import special

from flightready import policy
from flightready.evidence import Interval
from flightready.intervals import LEVEL, wilson

_LEAST_GROUPS = 1.5  # below two groups Student's t has next to no degree of freedom, and its quantile no meaning
_MOST_KINDS_AT_ONCE = 2_000  # beyond, drawing each group by its number is faster than one multinomial
_CELLS_AT_ONCE = 4_000_000  # keeps the table of draws below 32 MB


def is_grouped(cluster: np.ndarray) -> bool:
    """Return whether any two records belong together.

    Parameters
    ----------
    cluster : array of int, shape (n,)
        Number of the group of each record.
    """
    return len(np.unique(cluster)) < len(cluster)


def effective_groups(cluster: np.ndarray) -> float:
    """Return the number of groups of one size that would say as much, 0 to the number of groups.

    Source
    ------
    Kish 1965, Survey Sampling, section 8.2 (square of the sum over the sum of the squares).

    Examples
    --------
    >>> effective_groups(np.array([0, 0, 1, 1, 2, 2])), round(effective_groups(np.array([0] * 8 + [1, 2])), 2)
    (3.0, 1.52)
    """
    sizes = _sizes(cluster)
    return float(sizes.sum() ** 2 / (sizes**2).sum()) if sizes.size else 0.0


def design_effect(right: np.ndarray, cluster: np.ndarray) -> float:
    """Return how many times the variance of a share is that of independent records, 1 to n.

    Parameters
    ----------
    right : array of bool, shape (n,)
    cluster : array of int, shape (n,)

    Notes
    -----
    Delete-one-group jackknife. Where all answers are right, or none, nothing shows how alike the records of a group
    are, and each group is taken to count once. Below one it is taken as one.

    Source
    ------
    Kish 1965; Rao and Scott 1992 (Biometrics 48:577); Korn and Graubard 1998 (Survey Methodology 24:193).

    Examples
    --------
    >>> right, pairs = np.array([1, 1, 0, 0, 1, 1, 1, 1], dtype=bool), np.array([0, 0, 1, 1, 2, 2, 3, 3])
    >>> round(design_effect(right, pairs), 2)
    2.67
    """
    n = len(right)
    if not is_grouped(cluster):
        return 1.0
    groups, sizes = effective_groups(cluster), _sizes(cluster)
    alike, count = n / groups, len(sizes)
    share = float(np.mean(right))
    if share in (0.0, 1.0) or count == 1:
        return alike
    without = (n * share - _sums(np.asarray(right, dtype=float)[:, None], cluster)[:, 0]) / (n - sizes)
    variance = (count - 1) / count * float(((without - share) ** 2).sum())
    return float(np.clip(variance / (share * (1 - share) / n), 1.0, n))


def clustered_share(
    right: np.ndarray, cluster: np.ndarray, *, rng: np.random.Generator, drawn: np.ndarray | None = None
) -> tuple[Interval, float]:
    """Return the 90 % interval of the share of right answers, and the design effect.

    Parameters
    ----------
    right : array of bool, shape (n,)
    cluster : array of int, shape (n,)
        Records of one group are not independent; where each is its own, the interval is Wilson's.
    rng : Generator
    drawn : array of float, shape (replicates,), optional
        The share in samples of whole groups, where they were drawn before.

    Source
    ------
    Davison and Hinkley 1997, section 3.8 (whole groups are drawn); Hesterberg 2015 (American Statistician 69:371),
    expanded percentiles; Korn and Graubard 1998, effective sample size with Student's t.
    """
    right, n = np.asarray(right, dtype=bool), len(right)
    hits = int(right.sum())
    if not n or not is_grouped(cluster):
        return wilson(hits, n), 1.0
    effect = design_effect(right, cluster)
    by_size = _effective_wilson(hits / n, n, effect, effective_groups(cluster))
    if hits in (0, n):
        return by_size, effect
    if drawn is None:
        totals = resampled(np.column_stack([right, np.ones(n)]), cluster, rng=rng)
        drawn = totals[:, 0] / totals[:, 1]
    ends = percentiles(drawn, cluster, value=hits / n)
    if ends.low is None:
        return by_size, effect
    return Interval(min(ends.low, by_size.low), max(ends.high, by_size.high)), effect


def resampled(values: np.ndarray, cluster: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Return totals of samples in which whole groups are drawn with replacement, shape (replicates, q).

    Parameters
    ----------
    values : array of float, shape (n, q)
        What is added up, record by record.
    cluster : array of int, shape (n,)
    rng : Generator
    """
    kinds, counts = np.unique(_sums(np.asarray(values, dtype=float), cluster), axis=0, return_counts=True)
    return _drawn(kinds, counts, rng)


def resampled_cells(cell: np.ndarray, cluster: np.ndarray, *, rng: np.random.Generator) -> np.ndarray:
    """Return counts of each cell in samples in which whole groups are drawn, shape (replicates, cells).

    Parameters
    ----------
    cell : array of int, shape (n,)
        From 0, without gaps: which kind of record it is.
    cluster : array of int, shape (n,)
    rng : Generator
    """
    cells = int(cell.max()) + 1
    if not is_grouped(cluster):
        return _drawn(np.eye(cells), np.bincount(cell, minlength=cells), rng)
    _, place = np.unique(cluster, return_inverse=True)
    sums = np.bincount(place * cells + cell, minlength=(int(place.max()) + 1) * cells).reshape(-1, cells)
    kinds, counts = np.unique(sums, axis=0, return_counts=True)
    return _drawn(kinds.astype(float), counts, rng)


def _drawn(kinds: np.ndarray, counts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Totals over groups drawn with replacement; groups that add the same are one kind, drawn together."""
    replicates, groups = policy.value("bootstrap_replicates"), int(counts.sum())
    if len(kinds) <= _MOST_KINDS_AT_ONCE:
        return rng.multinomial(groups, counts / groups, size=replicates) @ kinds
    kind, found = np.repeat(np.arange(len(kinds)), counts), []
    at_once = max(1, min(replicates, _CELLS_AT_ONCE // groups))
    for start in range(0, replicates, at_once):
        size = min(at_once, replicates - start)
        drawn = kind[rng.integers(groups, size=(size, groups))] + len(kinds) * np.arange(size)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=size * len(kinds)).reshape(size, len(kinds))
        found.append(weights @ kinds)
    return np.concatenate(found)


def percentiles(drawn: np.ndarray, cluster: np.ndarray, *, value: float) -> Interval:
    """Return the 90 % interval of a statistic from its resampled values; it holds the statistic itself.

    Parameters
    ----------
    drawn : array of float, shape (replicates,)
        NaN where the statistic is not defined for a resample.
    cluster : array of int, shape (n,)
        Few or uneven groups move the percentiles outwards.
    value : float
        The statistic of the records themselves.

    Source
    ------
    Hesterberg 2015 (American Statistician 69:371), expanded percentile interval.
    """
    drawn = drawn[~np.isnan(drawn)]
    if not drawn.size:
        return Interval(None, None)
    groups = max(effective_groups(cluster), _LEAST_GROUPS)
    outwards = np.sqrt(groups / (groups - 1)) * _student(groups - 1)
    tail = float(special.ndtr(-outwards))
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(float(min(low, value)), float(max(high, value)))


def _effective_wilson(share: float, n: int, effect: float, groups: float) -> Interval:
    """Wilson's interval at the effective sample size, with Student's t where the design effect was estimated."""
    size = n / effect
    if 0 < share < 1:
        size *= estimated_effect_costs(effect, groups)
    return wilson_share(share, size)


def estimated_effect_costs(effect: float, groups: float, level: float = LEVEL) -> float:
    """Return what is left of a number of independent records when the design effect behind it was estimated, 0 to 1.

    Few groups hardly show how alike their records are: Student's t takes the place of the normal distribution.

    Parameters
    ----------
    effect : float
        Estimated design effect; at 1 nothing was estimated.
    groups : float
        Groups of one size that would say as much.
    level : float
        Of the interval that the number is used for.

    Source
    ------
    Korn and Graubard 1998 (Survey Methodology 24:193).

    Examples
    --------
    >>> estimated_effect_costs(1.0, 5.0), round(estimated_effect_costs(2.0, 5.0), 3)
    (1.0, 0.595)
    """
    if effect <= 1:
        return 1.0
    normal = float(special.ndtri(0.5 + level / 2))
    return (normal / _student(max(groups, _LEAST_GROUPS) - 1, level)) ** 2


def wilson_share(share: float, n: float, level: float = LEVEL) -> Interval:
    """Return the Wilson interval of a share among a number of records that need not be whole.

    Parameters
    ----------
    share : float
        0 to 1.
    n : float
        Above 0.

    Examples
    --------
    >>> wilson_share(0.83, 200.0) == wilson(166, 200)
    True
    """
    z = float(special.ndtri(0.5 + level / 2))
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(float(max(0.0, centre - half)), float(min(1.0, centre + half)))


def difference(first: float, first_ends: Interval, second: float, second_ends: Interval) -> Interval:
    """Return the interval of the first share minus the second, of two independent samples, from either's own interval.

    With Wilson's intervals it is Newcombe's.

    Source
    ------
    Newcombe 1998 (Statistics in Medicine 17:873), method 10; Zou and Donner 2008 (Statistics in Medicine 27:1693).

    Examples
    --------
    >>> i = difference(0.94, wilson(470, 500), 0.83, wilson(166, 200))
    >>> round(i.low, 3), round(i.high, 3)
    (0.066, 0.16)
    """
    low = first - second - sqrt((first - first_ends.low) ** 2 + (second_ends.high - second) ** 2)
    high = first - second + sqrt((first_ends.high - first) ** 2 + (second - second_ends.low) ** 2)
    return Interval(float(low), float(high))


def _student(freedom: float, level: float = LEVEL) -> float:
    return float(special.stdtrit(freedom, 0.5 + level / 2))


def _sizes(cluster: np.ndarray) -> np.ndarray:
    return np.unique(cluster, return_counts=True)[1].astype(float)


def _sums(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Sums over the records of each group, shape (groups, q)."""
    _, place = np.unique(cluster, return_inverse=True)
    found = np.zeros((int(place.max()) + 1, values.shape[1]))
    np.add.at(found, place, values)
    return found
