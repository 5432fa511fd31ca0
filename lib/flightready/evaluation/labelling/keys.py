"""What a record is called on a labelling sheet, and the order of chance in which records are drawn.

A record's key outlives a new column of predictions or labels: it is made of the record's id where that is its own
alone, else of what the record says, never of what people or models judge about it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.realism.inspection import Inspection

_KEY_DIGITS, _SAMPLE_DIGITS = 16, 12  # hex digits; 64 bits tell records apart, 48 tell samples apart


@dataclass(frozen=True)
class Order:
    """Every different raw record in the order of chance; the first n are the draw of n.

    Parameters
    ----------
    keys : tuple of str
    rows : array of int, shape (keys,)
        First row of each in the raw frame.
    seed : int
    sample : str
        Short digest of all keys and the seed: the same for every n, another for other records.
    """

    keys: tuple[str, ...]
    rows: np.ndarray
    seed: int
    sample: str


def judged_columns(pilot: Pilot, inspection: Inspection) -> set[str]:
    """Return the columns that hold judgements on a record instead of the record itself."""
    roles, spec = inspection.sample.columns, pilot.spec.evaluation
    one = (roles.label, roles.prediction, roles.confidence, roles.second_label)
    found = {c for c in (*one, *roles.rating) if c}
    found |= {c for field in spec.fields.values() for c in (field.label, field.prediction)}
    return found | {c for other in spec.candidates for c in (other.prediction, other.confidence) if c}


def record_keys(pilot: Pilot, inspection: Inspection) -> np.ndarray:
    """Return the key of every raw record, shape (rows,); records that say the same have the same key."""
    side, judged = inspection.sample.raw, judged_columns(pilot, inspection)
    said = [c for c in side.frame.columns if c not in judged]
    cells = side.frame[said].fillna("").to_numpy(dtype=object)
    ids = _own_ids(inspection)
    keys = []
    for own, row in zip(ids, cells, strict=True):
        text = f"id\x1f{own}" if own else "\x1f".join(f"{c}\x1e{v}" for c, v in zip(said, row, strict=True) if v)
        keys.append(f"r-{hashlib.sha256(text.encode(errors='surrogatepass')).hexdigest()[:_KEY_DIGITS]}")
    return np.array(keys, dtype=object)


def _own_ids(inspection: Inspection) -> np.ndarray:
    """Id of each raw record where no other different record has it, else empty."""
    side, column = inspection.sample.raw, inspection.sample.columns.id
    if not inspection.has("raw", column or ""):
        return np.full(len(side), "", dtype=object)
    ids = side.frame[column].where(inspection.filled("raw", column)).fillna("").str.strip()
    counts = ids[~side.is_copy].value_counts()
    return np.where(ids.isin(counts.index[counts == 1]), ids, "").astype(object)


def order(keys: np.ndarray, seed: int) -> Order:
    """Return the different keys in the order of the hash of key and seed.

    Examples
    --------
    >>> first = order(np.array(["r-a", "r-b", "r-a", "r-c"], dtype=object), 7)
    >>> len(first.keys), sorted(first.rows.tolist())
    (3, [0, 1, 3])
    """
    different = pd.unique(pd.Series(keys, dtype=object))
    rows = {key: row for row, key in reversed(list(enumerate(keys)))}
    chosen = tuple(sorted(different, key=lambda key: (_hash(key, seed), key)))
    every = "\0".join([str(seed), *chosen]).encode()
    sample = hashlib.sha256(every).hexdigest()[:_SAMPLE_DIGITS]
    return Order(chosen, np.array([rows[k] for k in chosen], dtype=int), seed, sample)


def _hash(key: str, seed: int) -> str:
    return hashlib.md5(f"{key}|{seed}".encode(), usedforsecurity=False).hexdigest()
