"""What else makes records easy or hard: their class and their categories on both sides, and the system on one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from flightready import policy
from flightready.evaluation.scored_sample import ScoredSample
from flightready.realism.kinds import Kind

Sides = tuple[np.ndarray, np.ndarray | None]


@dataclass(frozen=True)
class Covariates:
    """Covariates of both sides as numbers.

    Parameters
    ----------
    names : tuple of str
        Columns whose mix is compared.
    mix : pair of arrays, shapes (n_raw, m) and (n_curated, m)
        Membership of each level minus the level's share in the demo set; 0 where the level is not known, so that such a
        record counts as an average one.
    control : pair of arrays, shapes (n_raw, s) and (n_curated, s)
        Membership of each raw system minus its share; 0 on the demo side.
    """

    names: tuple[str, ...]
    mix: Sides = field(repr=False)
    control: Sides = field(repr=False)


def covariates(records: ScoredSample) -> Covariates:
    """Return class and categories that both sides have, and the raw systems.

    Levels that either side holds in too few records are left to the average, and columns beyond what the number of
    records bears are left out. Without a demo set, classes and categories are controls like the systems.
    """
    raw, curated = records.raw, records.curated
    room = int(min(len(s) for s in (raw, curated) if s is not None) / policy.value("records_per_covariate"))
    control = [_own(pd.Series(raw.system, dtype=str))] if raw is not None else []
    room -= sum(c.shape[1] for c in control)
    names, mixed = [], []
    for name, column in _columns(records):
        values = (column(raw), column(curated) if curated is not None else None)
        levels = _levels(*values)
        if len(levels) < 2 or len(levels) - 1 > room:
            continue
        room -= len(levels) - 1
        if curated is None:
            control.append(_own(values[0]))
            continue
        names.append(name)
        mixed.append(_coded(values, levels))
    n, n_demo = len(raw), None if curated is None else len(curated)
    mix = tuple(_beside([pair[i] for pair in mixed], rows) for i, rows in enumerate((n, n_demo)))
    own = _beside(control, n)
    return Covariates(tuple(names), mix, (own, None if n_demo is None else np.zeros((n_demo, own.shape[1]))))


def _columns(records: ScoredSample):
    """The class, then every column of categories of the records themselves: (name, its texts on a side)."""
    yield "class", lambda scored: scored.truth
    roles, inspection = records.inspection.sample.columns, records.inspection
    known = {roles.label, roles.prediction, roles.second_label, roles.confidence, roles.id, *roles.rating, *roles.text}
    known |= inspection.answers
    sides = [s for s in (records.raw, records.curated) if s is not None]
    for column in inspection.columns:
        there = all(column in s.side.frame.columns for s in sides)
        if there and column not in known and inspection.kinds[column] is Kind.CATEGORY:
            yield column, lambda scored, c=column: scored.texts(c).fillna("").str.strip()


def _levels(raw: pd.Series, curated: pd.Series | None) -> list[str]:
    """Values that each side holds often enough, the most frequent first."""
    least, most = policy.value("least_records_of_level"), policy.value("most_levels")
    counts = [s.value_counts() for s in (raw, curated) if s is not None]
    common = set.intersection(*(set(c[c >= least].index) for c in counts)) - {""}
    return sorted(common, key=lambda v: (-int(sum(c[v] for c in counts)), v))[:most]


def _coded(values: tuple[pd.Series, pd.Series], levels: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """All levels but the first, each minus its share among known demo values."""
    known = [v.isin(levels).to_numpy(dtype=bool) for v in values]
    member = [np.column_stack([(v == level).to_numpy(dtype=float) for level in levels[1:]]) for v in values]
    centre = member[1][known[1]].mean(axis=0)
    return tuple(np.where(k[:, None], m - centre, 0.0) for k, m in zip(known, member, strict=True))


def _own(values: pd.Series) -> np.ndarray:
    """Frequent levels of one side but the first, each minus its share."""
    levels = _levels(values, None)
    member = [(values == level).to_numpy(dtype=float) for level in levels[1:]]
    return np.column_stack([m - m.mean() for m in member]) if member else np.zeros((len(values), 0))


def _beside(blocks: list[np.ndarray], rows: int | None) -> np.ndarray | None:
    if rows is None:
        return None
    return np.column_stack(blocks) if blocks else np.zeros((rows, 0))
