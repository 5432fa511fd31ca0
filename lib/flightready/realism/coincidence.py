"""Records that are alike by chance: in a table of few answers without an id, repeats are no copies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy


def copies(frame: pd.DataFrame) -> np.ndarray:
    """Return which records repeat an earlier one in every value, where chance does not explain it, shape (rows,).

    The pairs of equal records are counted against those expected if each column depended on one other at most. Where
    they are not clearly more, as in a survey of a few yes-or-no questions without an id, equal records are different
    ones that answered alike, and none is marked. Values that name their record meet only in copies.

    Source
    ------
    After Good 1953 (repeat rate of a distribution) and Chow and Liu 1968 (dependence as a tree).

    Examples
    --------
    >>> copies(pd.DataFrame({"id": ["1", "2", "1"], "answer": ["yes", "yes", "yes"]})).tolist()
    [False, False, True]
    >>> copies(pd.DataFrame({"first": list("yynynyyn"), "second": list("nyynyynn")})).any()
    np.False_
    """
    again = frame.duplicated(keep="first").to_numpy(dtype=bool)
    if not again.any() or again.sum() == len(again) - 1:  # one and the same record holds nothing to compare
        return again
    seen = _pairs(frame.groupby(list(frame.columns), dropna=False, sort=False).size().to_numpy())
    if seen >= policy.value("least_copies_beside_chance") * _pairs_by_chance(frame, again, seen=seen):
        return again
    return np.zeros(len(again), dtype=bool)


def _pairs_by_chance(frame: pd.DataFrame, again: np.ndarray, *, seen: float) -> float:
    """Pairs of equal records expected of columns of which each depends on one other at most; 0 once they are few."""
    held = [pd.factorize(frame[c], use_na_sentinel=False)[0] for c in frame.columns]
    if any(_names_its_record(codes, again) for codes in held):
        return 0.0
    pairs = [_pairs(np.bincount(codes)) for codes in held]
    expected = everything = _pairs(np.array([len(frame)]))
    before: list[int] = []
    for place in np.argsort(pairs, kind="stable"):
        both = [_pairs(np.bincount(_joined(held[place], held[other]))) / pairs[other] for other in before]
        alike = max([pairs[place] / everything, *both])
        if alike < 1:  # else another column decides it, and it adds nothing
            before.append(place)
        expected *= alike
        if expected * policy.value("least_copies_beside_chance") <= seen:
            return expected
    return expected


def _names_its_record(held: np.ndarray, again: np.ndarray) -> bool:
    """Whether the values of a column are many, and hardly any occurs in two different records."""
    different = len(np.unique(held[~again]))
    is_many = different >= policy.value("least_different_share_of_names") * len(held)
    return is_many and different >= policy.value("least_distinct_share_of_key") * int((~again).sum())


def _joined(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return pd.factorize(one.astype(np.int64) * (int(other.max()) + 1) + other)[0]


def _pairs(counts: np.ndarray) -> float:
    counts = counts.astype(float)
    return float((counts * (counts - 1) / 2).sum())
