"""Which records belong together: those about one entity, with one id, or nearly alike; they are not independent."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready.realism.defects.near_duplicates import near_pairs
from flightready.realism.inspection import Inspection


def groups(inspection: Inspection, name: str) -> np.ndarray:
    """Return the number of the group of each record of a side, shape (rows,).

    Records with the same entity (`data.columns.entity`), with the same id in one system, or that nearly repeat one
    another belong together, and so do those that are joined by a chain of such pairs.

    Parameters
    ----------
    inspection : Inspection
    name : str
        A side that is there, raw or curated.
    """
    return inspection.once(("groups", name), lambda: _found(inspection, name))


def _found(inspection: Inspection, name: str) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    side, roles = inspection.side(name), inspection.sample.columns
    pairs = [near_pairs(inspection, name)]
    if roles.entity in side.frame.columns:
        pairs.append(_same(side.frame[roles.entity], inspection.filled(name, roles.entity)))
    if roles.id in side.frame.columns:
        keys = pd.Series(side.system, index=side.frame.index).astype("str") + "\x1f" + side.frame[roles.id].str.strip()
        pairs.append(_same(keys, inspection.filled(name, roles.id)))
    first, second = np.concatenate(pairs).T
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(len(side), len(side)))
    return connected_components(graph, directed=False)[1]


def _same(texts: pd.Series, known: np.ndarray) -> np.ndarray:
    """Pairs of each record with the first one of the same value, shape (pairs, 2)."""
    places = np.flatnonzero(known)
    codes, _ = pd.factorize(texts.iloc[places].str.strip())
    first = np.full(codes.max(initial=-1) + 1, len(texts))
    np.minimum.at(first, codes, places)
    return np.column_stack([first[codes], places])
