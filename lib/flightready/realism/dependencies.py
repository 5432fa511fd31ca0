"""Dependencies between columns (one column decides another) and the cells that break them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from flightready import policy

_ABSENT = -1
_MOST_CELLS = 1_000_000  # counted at once: keeps memory small


@dataclass(frozen=True)
class Contradictions:
    """Cells of one column that contradict the rest of their record.

    Parameters
    ----------
    hit : array of bool, shape (rows,)
    deciding : tuple of str
        Columns that decide this one in the other records.
    """

    hit: np.ndarray
    deciding: tuple[str, ...]


@dataclass(frozen=True)
class _Table:
    """Rows of one dependency grouped by the deciding column."""

    against: np.ndarray
    agreeing: np.ndarray
    rate: float


def contradictions(
    columns: Mapping[str, pd.Series], dependents: tuple[str, ...], *, rng: np.random.Generator
) -> dict[str, Contradictions]:
    """Return the cells that break what other columns decide.

    A column decides another where each of its values goes with one value of the other in nearly every record, far more
    often than shuffled values would. A cell is marked when more deciding columns speak against it than for it.

    Parameters
    ----------
    columns : mapping of column to Series of str, each of shape (rows,)
        NA where there is no value.
    dependents : tuple of str
        Columns that may be decided.
    rng : Generator
        For the shuffles.

    Source
    ------
    After Huhtala et al. 1999 (approximate functional dependencies) and Chu, Ilyas and Papotti 2013 (violations).
    """
    codes = {c: pd.factorize(texts.str.strip())[0] for c, texts in columns.items()}
    refused = {other: _refused(values, {c: codes[c] for c in dependents}) for other, values in codes.items()}
    found = {}
    for column in dependents:
        against = np.zeros(len(codes[column]), dtype=np.int64)
        deciding = []
        for other in columns:
            may_decide = other != column and column not in refused[other]
            told = _dependency(codes[other], codes[column], rng) if may_decide else None
            if told is not None:
                told = replace(told, against=told.against & ~_is_explained(told.against, codes, (column, other)))
                strict = told.rate > policy.value("most_regular_violations")
                unusual = ~strict | _is_unusual(codes[column])
                against += (told.against & unusual).astype(np.int64) - told.agreeing
                deciding.append(other)
        if deciding:
            found[column] = Contradictions(against > 0, tuple(deciding))
    return found


def _refused(a: np.ndarray, dependents: Mapping[str, np.ndarray]) -> set[str]:
    """Columns that `a` surely does not decide, all counted at once: in a wide table nearly every pair is one of these.

    Columns of too many values to be counted so are left to be looked at one by one.
    """
    counts = np.bincount(a[a != _ABSENT])
    rows = np.flatnonzero(a != _ABSENT)
    rows = rows[counts[a[rows]] > policy.value("least_support")]
    if not rows.size:
        return set(dependents)
    group, refused = pd.factorize(a[rows])[0].astype(np.int64), set()
    n_groups = int(group.max()) + 1
    for names in _batches(dependents, most_values=_MOST_CELLS // n_groups):
        sizes = np.array([int(dependents[c].max()) + 2 for c in names])  # one more for absent values
        starts, total = np.cumsum(sizes) - sizes, int(sizes.sum())
        places = np.stack([dependents[c][rows] for c in names], axis=1) + 1 + starts
        cells = np.bincount((group[:, None] * total + places).ravel(), minlength=n_groups * total)
        cells = cells.reshape(n_groups, total)
        cells[:, starts] = 0
        held = np.add.reduceat(cells, starts, axis=1)
        is_supported = held > policy.value("least_support")
        size = (held * is_supported).sum(axis=0)
        kept = (np.maximum.reduceat(cells, starts, axis=1) * is_supported).sum(axis=0)
        is_refused = (size == 0) | (size - kept > policy.value("most_violations") * size)
        refused |= {c for c, no in zip(names, is_refused, strict=True) if no}
    return refused


def _batches(columns: Mapping[str, np.ndarray], *, most_values: int) -> Iterator[list[str]]:
    """Yield columns whose different values are together at most so many; a column with more is in none."""
    batch: list[str] = []
    total = 0
    for column, codes in columns.items():
        size = int(codes.max(initial=_ABSENT)) + 2
        if size > most_values:
            continue
        if batch and total + size > most_values:
            yield batch
            batch, total = [], 0
        batch.append(column)
        total += size
    if batch:
        yield batch


def _is_explained(against: np.ndarray, codes: Mapping[str, np.ndarray], pair: tuple[str, str]) -> np.ndarray:
    """Breaking records that share a value of a third column whose records mostly break the rule: another rule."""
    explained = np.zeros(len(against), dtype=bool)
    for column, values in codes.items():
        held = values != _ABSENT
        if column in pair or not (against & held).any():
            continue
        size, broken = np.bincount(values[held]), np.bincount(values[held & against], minlength=values.max() + 1)
        exempt = (broken >= policy.value("least_support")) & (2 * broken >= size)
        explained[held] |= exempt[values[held]]
    return explained


def _is_unusual(codes: np.ndarray) -> np.ndarray:
    """Records whose value hardly occurs in the column."""
    counts = np.bincount(codes[codes != _ABSENT])
    unusual = np.zeros(len(codes), dtype=bool)
    held = codes != _ABSENT
    unusual[held] = counts[codes[held]] < policy.value("least_support")
    return unusual


def _dependency(a: np.ndarray, b: np.ndarray, rng: np.random.Generator) -> _Table | None:
    """Where `a` decides `b`: which records break it and which keep it, or None."""
    held = np.flatnonzero((a != _ABSENT) & (b != _ABSENT))
    supported = held[np.bincount(a[held])[a[held]] > policy.value("least_support")] if held.size else held
    if not supported.size:
        return None
    group = pd.factorize(a[supported])[0]
    value = pd.factorize(b[supported])[0]
    top, mode = _modes(group, value)
    violations = len(group) - int(top.sum())
    if violations > policy.value("most_violations") * len(group):
        return None
    shuffled = [
        len(group) - int(_modes(group, rng.permutation(value))[0].sum())
        for _ in range(policy.value("shuffles_of_a_dependency"))
    ]
    expected = float(np.mean(shuffled))
    if expected < policy.value("least_expected_violations"):
        return None
    if violations > policy.value("violations_beside_chance") * expected:
        return None
    size = np.bincount(group)
    firm = (top >= policy.value("least_support")) & (top >= policy.value("least_share_of_kind") * size)
    breaks = firm[group] & (value != mode[group])
    against, agreeing = np.zeros(len(a), dtype=bool), np.zeros(len(a), dtype=bool)
    against[supported[breaks]] = True
    agreeing[supported[firm[group] & ~breaks]] = True
    return _Table(against, agreeing, violations / len(group))


def _modes(group: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count and code of the most frequent value of each group."""
    n_values = int(value.max()) + 1
    pairs, counts = np.unique(group.astype(np.int64) * n_values + value, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    _, first = np.unique(pairs[order] // n_values, return_index=True)
    best = order[first]
    return counts[best], pairs[best] % n_values
