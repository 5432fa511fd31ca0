"""Records and wrong answers of all pairs of traits, counted on packed bits."""

from __future__ import annotations

import numpy as np

_WORD = 64


def packed(rows: np.ndarray) -> np.ndarray:
    """Return rows of truth values as words of 64 bits, shape (k, words).

    Parameters
    ----------
    rows : array of bool, shape (k, n)
    """
    k, n = rows.shape
    bits = np.zeros((k, -(-n // _WORD) * _WORD // 8), dtype=np.uint8)
    bits[:, : -(-n // 8)] = np.packbits(rows, axis=1)
    return bits.view(np.uint64)


def shared(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return how many records each packed set of one list shares with each of another, shape (k, m).

    Examples
    --------
    >>> sets = packed(np.array([[True, True, False], [False, True, True]]))
    >>> shared(sets, sets).tolist()
    [[2, 1], [1, 2]]
    """
    return np.array([np.bitwise_count(one & second).sum(axis=1, dtype=np.int64) for one in first]).reshape(
        len(first), len(second)
    )
