"""Overlapping defects: what several of them cost together is shared by the Shapley average.

The error of a record is taken as a sum over sets of defects: each defect's own effect, and for sets that enough wrong
answers carry, what the set adds beyond its parts (less than nothing where one defect has spoilt the answer already).
The Shapley value of a defect, the mean over all orders in which the defects of a record could be switched off, is then
exactly the sum over its sets of the set's effect divided by its size; no order has to be enumerated.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from flightready import policy

Members = tuple[int, ...]


def overlaps(flags: np.ndarray, wrong: np.ndarray) -> tuple[Members, ...]:
    """Return the sets of two defects or more that enough wrong answers carry together.

    Parameters
    ----------
    flags : array of bool, shape (n, k)
        Of raw records.
    wrong : array of bool or float, shape (n,)

    Returns
    -------
    tuple of tuple of int
        Columns of each set, smaller sets first and of equal size the most frequent first; a set comes after its parts.

    Examples
    --------
    >>> overlaps(np.ones((30, 3), dtype=bool), np.ones(30))
    ((0, 1), (0, 2), (1, 2), (0, 1, 2))
    >>> overlaps(np.ones((30, 3), dtype=bool), np.zeros(30))
    ()
    """
    hit = flags[np.asarray(wrong) > 0]
    least, most = policy.value("least_wrong_with_overlap"), policy.value("most_overlaps")
    known: dict[Members, int] = {(j,): int(n) for j, n in enumerate(hit.sum(axis=0)) if n >= least}
    level, found = dict(known), {}
    for size in range(2, policy.value("largest_overlap") + 1):
        singles = sorted({j for members in level for j in members})
        level = {
            members: n
            for members in itertools.combinations(singles, size)
            if all(part in known for part in itertools.combinations(members, size - 1))
            and (n := int(hit[:, members].all(axis=1).sum())) >= least
        }
        known |= level
        found |= level
    return tuple(sorted(found, key=lambda members: (len(members), -found[members], members))[:most])


def joined(flags: np.ndarray, sets: Sequence[Members]) -> np.ndarray:
    """Return flags with one column more for each set: records that carry all of its defects, shape (n, k + sets)."""
    return np.column_stack([flags, *(flags[:, members].all(axis=1) for members in sets)])


def sharing(k: int, sets: Sequence[Members]) -> np.ndarray:
    """Return what part of each effect goes to each defect, shape (k + sets, k): a set's effect in equal parts.

    Source
    ------
    Shapley 1953 (A Value for n-Person Games); Harsanyi 1963 (dividends).

    Examples
    --------
    >>> sharing(2, ((0, 1),))
    array([[1. , 0. ],
           [0. , 1. ],
           [0.5, 0.5]])
    """
    shares = np.zeros((k + len(sets), k))
    shares[:k] = np.eye(k)
    for place, members in enumerate(sets):
        shares[k + place, list(members)] = 1 / len(members)
    return shares
