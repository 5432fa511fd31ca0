"""The columns of flags that the regression holds: as fine as wrong answers bear, and none that others hold already."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.evaluation.attribution import shapley
from flightready.evaluation.attribution.decomposition import Records

_TOLERANCE = 1e-9  # of a column's own size, below which other columns hold all of it


@dataclass(frozen=True)
class Flags:
    """Flags of all records, raw ones first.

    Parameters
    ----------
    pooled : array of bool, shape (n, k)
        Whether a record carries each defect at all.
    told : array of bool, shape (k,)
        Defects that can be told apart from everything else in the records.
    columns : array of bool, shape (n, c)
        What the regression holds of these.
    owner : array of int, shape (c,)
        Defect of each of these columns.
    sets : tuple of tuple of int
        Sets of these columns that enough wrong answers carry together.
    """

    pooled: np.ndarray
    told: np.ndarray
    columns: np.ndarray
    owner: np.ndarray
    sets: tuple[shapley.Members, ...]

    @classmethod
    def of(cls, sides: list[Records], owner: np.ndarray) -> Flags:
        """Choose columns: a defect by column of the records where enough wrong answers carry it there, else pooled.

        Parameters
        ----------
        sides : list of Records
            Raw, and the demo set if there is one.
        owner : array of int
            Defect that each column of their flags belongs to, from 0.
        """
        flags, raw = np.concatenate([s.flags for s in sides]), sides[0]
        k = int(owner.max(initial=-1)) + 1
        wrong = np.zeros(len(flags), dtype=bool)
        wrong[: len(raw)] = raw.wrong > 0
        pooled = np.column_stack([flags[:, owner == d].any(axis=1) for d in range(k)]) if k else flags
        held, told, chosen = _known(sides), np.zeros(k, dtype=bool), []
        for d in sorted(range(k), key=lambda d: (-int(pooled[:, d].sum()), d)):
            trial, fine = held.copy(), _fine(flags[:, owner == d], wrong)
            if all(trial.adds(column) for column in fine):
                held, told[d] = trial, True
                chosen += [(d, column) for column in fine]
            elif held.adds(pooled[:, d]):
                told[d] = True
                chosen.append((d, pooled[:, d]))
        chosen.sort(key=lambda item: item[0])
        columns = np.column_stack([c for _, c in chosen]) if chosen else np.zeros((len(flags), 0), dtype=bool)
        sets = shapley.overlaps(columns[: len(raw)], raw.wrong)
        new = tuple(members for members in sets if held.adds(columns[:, list(members)].all(axis=1)))
        return cls(pooled, told, columns, np.array([d for d, _ in chosen], dtype=int), new)


def _fine(flags: np.ndarray, wrong: np.ndarray) -> list[np.ndarray]:
    """Columns of one defect: those that enough wrong answers carry, and all others together."""
    enough = flags[wrong].sum(axis=0) >= policy.value("least_wrong_with_defect")
    rest = flags[:, ~enough].any(axis=1)
    return [*flags[:, enough].T, *([rest] if rest.any() or not enough.any() else [])]


def _known(sides: list[Records]) -> _Held:
    """What the regression holds beside flags: a level for each side, and covariates."""
    level = np.repeat(np.arange(len(sides)), [len(s) for s in sides])
    blocks = [np.concatenate([getattr(s, name) for s in sides]) for name in ("mix", "control")]
    held = _Held([])
    for column in np.column_stack([*(level == i for i in range(len(sides))), *blocks]).T:
        held.adds(column)
    return held


@dataclass
class _Held:
    """An orthonormal basis of the columns held so far."""

    basis: list[np.ndarray]

    def copy(self) -> _Held:
        """Return a basis that can grow by itself."""
        return _Held(list(self.basis))

    def adds(self, column: np.ndarray) -> bool:
        """Add a column, and return whether it holds anything new."""
        whole = np.asarray(column, dtype=float)
        left = whole.copy()
        for _ in range(2):  # once more, because rounding leaves a trace of what was taken away
            for known in self.basis:
                left -= (known @ left) * known
        size = float(left @ left)
        if size <= _TOLERANCE * max(float(whole @ whole), 1.0):
            return False
        self.basis.append(left / np.sqrt(size))
        return True
