"""A decomposition with its intervals: one for each part, and one for all parts together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import ceil

import numpy as np
from scipy import special

from flightready import policy
from flightready.evaluation.attribution import shapley
from flightready.evaluation.attribution.columns import Flags
from flightready.evaluation.attribution.decomposition import Decomposition, Records, decompose
from flightready.evidence import Interval
from flightready.intervals import LEVEL


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
    def of(
        cls, raw: Records, curated: Records | None, *, owner: np.ndarray, replicates: int, rng: np.random.Generator
    ) -> Split:
        """Decompose and resample.

        Parameters
        ----------
        raw, curated : Records
            Flags of the same defects in the same columns.
        owner : array of int, shape (columns of flags,)
            Defect that each column of flags belongs to, from 0; a defect may have several, because what it costs
            differs from one column of the records to another.
        replicates : int
        rng : Generator

        Source
        ------
        Simultaneous intervals by the largest studentised deviation: Davison and Hinkley 1997, section 4.2. A claim that
        a defect spares accuracy by the variance under no effect: Agresti 2013, section 1.3 (score against Wald).
        """
        sides = [s for s in (raw, curated) if s is not None]
        flags = Flags.of(sides, owner)
        both = np.zeros(flags.columns.shape[1] + len(flags.sets), dtype=bool)
        if curated is not None:
            hits = flags.columns[len(raw) :].sum(axis=0)
            both[: len(hits)] = hits >= policy.value("least_demo_records_with_defect")
        parted = np.split(shapley.joined(flags.columns, flags.sets), [len(raw)])
        numbers = [replace(s, flags=f) for s, f in zip(sides, parted, strict=False)]
        found = decompose(*numbers, *[None] * (2 - len(sides)), both=both, replicates=replicates, rng=rng)
        found = _shared(found, flags)
        enough = [_says_enough(s) for s in sides]
        wrong = flags.pooled[: len(raw)][raw.wrong > 0].sum(axis=0)
        seen = flags.told & (wrong >= policy.value("least_wrong_with_defect")) & (len(raw) >= _least())
        judged = np.concatenate([seen, [all(enough)] * 2])
        drawn = found.replicates.std(axis=0, ddof=1)
        factor = float(special.ndtri(0.5 + LEVEL / 2))
        joint = max(factor, _largest(found, drawn, judged))
        # where chance leaves few wrong answers with a defect, their spread looks small too: that it spares accuracy
        # is measured by what chance would do if it changed nothing
        errors = np.where(found.parts < 0, np.maximum(drawn, np.sqrt(np.diag(found.pooled))), drawn)
        return cls(found, flags.told, judged, errors, factor, joint)

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


def _shared(found: Decomposition, flags: Flags) -> Decomposition:
    """Effects of sets shared out and columns added up to defects; no part for defects that cannot be told apart."""
    columns, k = flags.columns.shape[1], len(flags.told)
    to_defect = np.zeros((columns, k))
    to_defect[np.arange(columns), flags.owner] = 1.0
    whole = np.zeros((columns + len(flags.sets) + 2, k + 2))
    whole[:-2, :-2] = shapley.sharing(columns, flags.sets) @ to_defect
    whole[-2, -2] = whole[-1, -1] = 1.0
    own = found.rate[:columns]
    rate = np.where(~np.isnan(own) @ to_defect > 0, np.nan_to_num(own) @ to_defect, np.nan)
    return replace(
        found, parts=found.parts @ whole, rate=rate, replicates=found.replicates @ whole,
        pooled=whole.T @ found.pooled @ whole,
    )  # fmt: skip


def further(rows: float, n: int) -> int | None:
    """Return how many more rows make so many in all; None beyond what can be planned.

    Examples
    --------
    >>> further(130.2, 100), further(1e12, 100)
    (31, None)
    """
    return max(1, ceil(rows) - n) if rows <= policy.value("most_rows_to_plan") else None
