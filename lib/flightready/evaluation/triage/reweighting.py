"""Other samples that might have been drawn: records weighted anew, all those of one entity together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def reweighted(cluster: np.ndarray, replicates: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield weights of the records, shape (n,) with mean 1, once for each replicate.

    Every entity gets an exponential weight, which its records share. Unlike counts of a drawn sample the weights never
    leave a record out, so that rare answers do not vanish from a replicate.

    Parameters
    ----------
    cluster : array of int, shape (n,)
        Entity of each record.
    replicates : int
    rng : Generator

    Source
    ------
    Rubin 1981, The Bayesian Bootstrap.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> first = next(reweighted(np.array([4, 4, 9]), 1, rng))
    >>> bool(first[0] == first[1]), round(float(first.mean()), 6)
    (True, 1.0)
    """
    entities, place = np.unique(cluster, return_inverse=True)
    for _ in range(replicates):
        weights = rng.standard_exponential(entities.size)[place]
        yield weights / weights.mean()
