"""A decomposition with its intervals: one for each part, and one for all parts together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np
from scipy import special

from flightready import policy
from flightready.evaluation.attribution import shapley
from flightready.evaluation.attribution.decomposition import Decomposition, Records, decompose
from flightready.evidence import Interval
from flightready.intervals import LEVEL

_TOLERANCE = 1e-9  # of a flag's own variation, below which other columns hold all of it


@dataclass(frozen=True)
class Split:
    """A decomposition with its intervals; defects in the order of the flags, then mix, then the unexplained.

    Parameters
    ----------
    found : Decomposition
        Of defects, after sharing what they cost together.
    told : array of bool, shape (k,)
        Defects that can be told apart from everything else in the records.
    judged : array of bool, shape (k + 2,)
        Parts about which enough wrong answers say something.
    errors : array of float, shape (k + 2,)
        Standard errors.
    factor, joint_factor : float
        Standard errors to either side in an interval of one part, and of all judged parts together.
    """

    found: Decomposition
    told: np.ndarray
    judged: np.ndarray
    errors: np.ndarray = field(repr=False)
    factor: float
    joint_factor: float

    @classmethod
    def of(cls, raw: Records, curated: Records | None, *, replicates: int, rng: np.random.Generator) -> Split:
        """Decompose and resample.

        Parameters
        ----------
        raw, curated : Records
            Flags of the same defects in the same order.
        replicates : int
        rng : Generator

        Source
        ------
        Simultaneous intervals by the largest studentised deviation: Davison and Hinkley 1997, section 4.2.
        """
        told, sets = _told(raw, curated)
        base = np.flatnonzero(told)
        both = np.zeros(len(base) + len(sets), dtype=bool)
        if curated is not None:
            both[: len(base)] = curated.flags[:, base].sum(axis=0) >= policy.value("least_demo_records_with_defect")
        sides = [
            None if s is None else replace(s, flags=shapley.joined(s.flags[:, base], sets)) for s in (raw, curated)
        ]
        found = decompose(*sides, both=both, replicates=replicates, rng=rng)
        found = _shared(found, base, len(told), shapley.sharing(len(base), sets))
        wrong = raw.flags[raw.wrong > 0].sum(axis=0)
        enough = [_says_enough(s) for s in (raw, curated) if s is not None]
        seen = told & (wrong >= policy.value("least_wrong_with_defect")) & (len(raw) >= _least())
        judged = np.concatenate([seen, [all(enough)] * 2])
        errors = found.replicates.std(axis=0, ddof=1)
        factor = float(special.ndtri(0.5 + LEVEL / 2))
        return cls(found, told, judged, errors, factor, max(factor, _largest(found, errors, judged)))

    def interval(self, part: int, *, joint: bool) -> Interval | None:
        """Return the interval of one part by itself, or of one part among all; None where it is not judged."""
        if not self.judged[part]:
            return None
        half = float((self.joint_factor if joint else self.factor) * self.errors[part])
        middle = float(self.found.parts[part])
        return Interval(middle - half, middle + half)

    def is_attributed(self, part: int) -> bool:
        """Whether the simultaneous interval excludes zero."""
        return bool(self.judged[part] and abs(self.found.parts[part]) > self.joint_factor * self.errors[part])

    def rows_needed(self, part: int, n: int) -> int | None:
        """Return further raw rows that would show a part of this size with the policy's power."""
        size, error = abs(float(self.found.parts[part])), float(self.errors[part])
        if not size or not error:
            return None
        often = float(special.ndtri(policy.value("power_of_detection")))
        rows = n * ((self.joint_factor + often) * error / size) ** 2
        return further(rows, n)


def _least() -> int:
    return policy.value("least_records_to_attribute")


def _says_enough(side: Records) -> bool:
    """Whether resampling a side shows how uncertain its error share is: from too few wrong answers it does not."""
    wrong = int((side.wrong > 0).sum())
    is_large = wrong >= policy.value("least_wrong_with_defect") or len(side) >= policy.value("least_raw_records")
    return len(side) >= _least() and is_large


def _largest(found: Decomposition, errors: np.ndarray, judged: np.ndarray) -> float:
    """Deviation that the largest of all judged parts exceeds once in ten resamples, in standard errors."""
    moving = judged & (errors > 0)
    if not moving.any():
        return 0.0
    deviations = np.abs(found.replicates[:, moving] - found.parts[moving]) / errors[moving]
    return float(np.quantile(deviations.max(axis=1), LEVEL))


def _shared(found: Decomposition, base: np.ndarray, k: int, sharing: np.ndarray) -> Decomposition:
    """Effects of sets shared out, and no part for defects that cannot be told apart."""
    whole = np.zeros((len(sharing) + 2, k + 2))
    whole[: len(sharing), base] = sharing
    whole[-2, -2] = whole[-1, -1] = 1.0
    rate = np.full(k, np.nan)
    rate[base] = found.rate[: len(base)]
    return replace(found, parts=found.parts @ whole, rate=rate, replicates=found.replicates @ whole)


def _told(raw: Records, curated: Records | None) -> tuple[np.ndarray, tuple[shapley.Members, ...]]:
    """Which flags the other columns do not hold already, and which sets of these to estimate beside them."""
    sides = [s for s in (raw, curated) if s is not None]
    level = np.concatenate([np.full(len(s), i) for i, s in enumerate(sides)])
    known = np.column_stack([level == i for i in range(len(sides))] + [_both(sides, "mix"), _both(sides, "control")])
    held = _Held(known.astype(float))
    flags = _both(sides, "flags")
    told = np.zeros(flags.shape[1], dtype=bool)
    for j in sorted(range(len(told)), key=lambda j: (-int(flags[:, j].sum()), j)):
        told[j] = held.adds(flags[:, j].astype(float))
    base = np.flatnonzero(told)
    sets = shapley.overlaps(raw.flags[:, base], raw.wrong)
    new = [members for members in sets if held.adds(flags[:, base[list(members)]].all(axis=1).astype(float))]
    return told, tuple(new)


def _both(sides: list[Records], name: str) -> np.ndarray:
    return np.concatenate([getattr(s, name) for s in sides])


class _Held:
    """An orthonormal basis of the columns seen so far."""

    def __init__(self, columns: np.ndarray) -> None:
        self.basis: list[np.ndarray] = []
        for column in columns.T:
            self.adds(column)

    def adds(self, column: np.ndarray) -> bool:
        """Add a column, and return whether it holds anything new."""
        left = column.copy()
        for _ in range(2):  # once more, because rounding leaves a trace of what was taken away
            for known in self.basis:
                left -= (known @ left) * known
        size = float(left @ left)
        if size <= _TOLERANCE * max(float(column @ column), 1.0):
            return False
        self.basis.append(left / np.sqrt(size))
        return True


def further(rows: float, n: int) -> int | None:
    """Return how many more rows make so many in all; None beyond what can be planned.

    Examples
    --------
    >>> further(130.2, 100), further(1e12, 100)
    (31, None)
    """
    return max(1, ceil(rows) - n) if rows <= policy.value("most_rows_to_plan") else None
