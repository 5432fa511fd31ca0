"""Pairs of texts that are likely alike, without comparing each with each: MinHash and banding."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.distinct import split_words


def signatures(texts: Sequence[str], *, rng: np.random.Generator) -> np.ndarray:
    """Return the MinHash signature of each text over its runs of words.

    Parameters
    ----------
    texts : sequence of str
        In small letters; each holds at least one word.
    rng : Generator
        From `draws.generator`; draws the hash functions.

    Returns
    -------
    array of uint32, shape (texts, near_copy_hashes)
        The share of equal columns of two rows estimates the share of runs that both texts have (Jaccard).

    Source
    ------
    Broder 1997, On the resemblance and containment of documents.

    Examples
    --------
    >>> one, other = signatures(["a b c d e f g h", "a b c d e f g x"], rng=np.random.default_rng(1))
    >>> 0 < (one == other).sum() < 24  # six of eight runs are shared
    np.True_
    """
    found = [split_words(t) for t in texts]
    sizes = np.array([len(w) for w in found])
    ids = pd.factorize(np.array([w for ws in found for w in ws], dtype=object))[0].astype(np.uint64)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    runs = ids.copy()
    place = np.arange(len(ids)) - np.repeat(starts, sizes)
    for step in range(1, policy.value("near_copy_run")):
        # the last words of a text stand alone, so that no run reaches into the next text
        inside = place < np.repeat(sizes, sizes) - step
        runs = runs * np.uint64(0x9E3779B97F4A7C15)
        runs[inside] += ids[np.flatnonzero(inside) + step] + np.uint64(1)
    runs = _mixed(runs)
    factors = rng.integers(1, 2**63, policy.value("near_copy_hashes"), dtype=np.uint64) | np.uint64(1)
    columns = [np.minimum.reduceat((runs * f) >> np.uint64(32), starts) for f in factors]
    return np.column_stack(columns).astype(np.uint32)


def likely_pairs(found: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return pairs of rows that share a band of their signatures, each once, the smaller row first.

    Parameters
    ----------
    found : array of uint32, shape (rows, hashes)
        From `signatures`.
    order : array of int, shape (rows,)
        Rank of each row by everything else that is known of it: in a block of very many, only neighbours are paired.

    Returns
    -------
    array of int, shape (pairs, 2)
    """
    width, n = policy.value("near_copy_band"), len(found)
    pairs = [np.empty(0, dtype=np.int64)]
    for start in range(0, found.shape[1], width):
        key = np.zeros(n, dtype=np.uint64)
        for column in range(start, start + width):
            key = _mixed(key * np.uint64(31) + found[:, column].astype(np.uint64))
        rows = np.lexsort((order, key))
        sorted_key = key[rows]
        begins = np.flatnonzero(np.concatenate([[True], sorted_key[1:] != sorted_key[:-1]]))
        size = np.repeat(np.diff(np.append(begins, n)), np.diff(np.append(begins, n)))
        for step in range(1, policy.value("most_in_block")):
            reaches = (size <= policy.value("most_in_block")) | (step <= policy.value("neighbours_in_block"))
            same = np.flatnonzero((sorted_key[:-step] == sorted_key[step:]) & reaches[:-step])
            one, other = rows[same], rows[same + step]
            pairs.append(np.minimum(one, other) * n + np.maximum(one, other))
    ordered = np.sort(np.concatenate(pairs))
    unique = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return np.column_stack([unique // max(n, 1), unique % max(n, 1)])


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread bits so that values near one another are far apart (finaliser of MurmurHash3)."""
    values = values ^ (values >> np.uint64(33))
    values = values * np.uint64(0xFF51AFD7ED558CCD)
    values = values ^ (values >> np.uint64(33))
    return values * np.uint64(0xC4CEB9FE1A85EC53)
