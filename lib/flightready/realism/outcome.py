"""What detectors lead to: rates with intervals, defects, contrasts and repairs; nothing unmasked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flightready.evidence import Interval
from flightready.intervals import clopper_pearson


@dataclass(frozen=True)
class Rate:
    """A counted share with its 90 % interval.

    Parameters
    ----------
    hits, n : int
        0 <= hits <= n.
    interval : Interval
        Exact (Clopper-Pearson) interval of the share.
    """

    hits: int
    n: int
    interval: Interval

    @property
    def share(self) -> float:
        """Hits over n; 0 when n is 0."""
        return self.hits / self.n if self.n else 0.0


def rate(hits: int, n: int) -> Rate:
    """Return a share with its exact 90 % interval."""
    return Rate(hits, n, clopper_pearson(hits, n))


@dataclass(frozen=True)
class Example:
    """A masked value and where to find the real one: system, file and line."""

    system: str
    file: str
    line: int
    masked: str


@dataclass(frozen=True)
class Effect:
    """How large a shift is.

    Parameters
    ----------
    name : str
        What the value measures, in plain words.
    value : float
    interval : Interval, optional
        Its 90 % interval.
    none : float
        Value that means no shift.
    """

    name: str
    value: float
    interval: Interval | None
    none: float


@dataclass(frozen=True)
class Observation:
    """A fact on a column or a file that no single record carries.

    Parameters
    ----------
    side : str
        raw or curated.
    system : str
        Where it was seen; empty for all.
    sentence : str
        The fact in plain words with its figures, without any value from the data but dates, months and column names.
    rate : Rate, optional
        Where it is a share: how many of how many.
    first, last : date, optional
        Time span in which it occurs.
    """

    side: str
    system: str
    sentence: str
    rate: Rate | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True)
class Defect:
    """One kind of defect in one column.

    Parameters
    ----------
    detector, name, repair, gap, kind : str
        Of the detector.
    column : str
        Shared column name, or `record`.
    raw, curated : Rate, optional
        None when that side is absent or lacks the column.
    difference : float, optional
        Raw share minus demo share.
    difference_interval : Interval, optional
        Its 90 % interval (Newcombe); None where the records were compared by permutation.
    p_value : float, optional
        One-sided, raw above the demo set.
    worse : bool, optional
        Whether raw is worse within the false-discovery budget; None without a comparison.
    by_system : dict of str to Rate
        On the raw side, or on the demo set when there is no raw side.
    first, last : date, optional
        Days of the first and last affected record that has a date.
    examples : tuple of Example
        Masked.
    effect : Effect, optional
        Size of a shift; a shift has no rates.
    observations : tuple of Observation
    told : str
        A few plain words on what was found.
    by_month : dict of str to dict of str to (int, int)
        Marked records and records in which it could occur, by system and month (`2026-03`, empty for no date); of the
        side that `rate` describes, and only where something was found.
    strength : str
        What `strengths` count, such as `days late`; empty where marks have none.
    strengths : tuple of (str, str, float)
        System, month and strength of each marked record, the weakest first.
    """

    detector: str
    name: str
    repair: str
    gap: str
    kind: str
    column: str
    raw: Rate | None
    curated: Rate | None
    difference: float | None
    difference_interval: Interval | None
    p_value: float | None
    worse: bool | None
    by_system: dict[str, Rate]
    first: dt.date | None
    last: dt.date | None
    examples: tuple[Example, ...]
    effect: Effect | None = None
    observations: tuple[Observation, ...] = ()
    told: str = ""
    by_month: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    strength: str = ""
    strengths: tuple[tuple[str, str, float], ...] = ()

    @property
    def rate(self) -> Rate | None:
        """Rate on the raw side, or on the demo set when there is no raw side."""
        return self.raw if self.raw is not None else self.curated


@dataclass(frozen=True)
class Repair:
    """One thing to mend, with the records that need it.

    Parameters
    ----------
    repair : str
        What mends it; several kinds of defect and columns may share it.
    names, columns : tuple of str
        Kinds of defect that it mends, and the columns in which they occur.
    records : Rate
        Different raw records that need it, of all raw records, those that do not parse included.
    added : int
        Of these, records that no repair before it has touched.
    touched, mended : float
        Share of all affected records that this repair and those before it touch, and that they leave without any of
        the defects counted here; 0 to 1, mended <= touched.
    """

    repair: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    records: Rate
    added: int
    touched: float
    mended: float


@dataclass(frozen=True)
class Burden:
    """Raw records by the number of different repairs that each needs.

    Parameters
    ----------
    counts : dict of str to dict of str to tuple of int
        Records that need 0, 1, 2, ... repairs, by system and month (`2026-03`, empty for no date).
    """

    counts: dict[str, dict[str, tuple[int, ...]]]

    def most(self) -> int:
        """Return the largest number of repairs that any record needs."""
        return max((len(c) - 1 for months in self.counts.values() for c in months.values()), default=0)


@dataclass(frozen=True)
class Contrast:
    """One part of the raw records, a system or a period, against the others.

    Parameters
    ----------
    detector, name : str
        What is compared: a detector and its name, or shift_number, shift_category, shift_length.
    column : str
        Shared column name, or `record`.
    part, other : str
        In words, such as `system 'web'` against `the other systems`, or `from 2026-03-01` against `before`.
    inside, outside : Rate, optional
        Rates of marked records within the part and among the others; None for a shift.
    difference_interval : Interval, optional
        90 % interval (Newcombe) of the rate inside minus the rate outside.
    effect : Effect, optional
        Size of a shift, inside against outside.
    p_value : float
        Two-sided; of periods by dealing out whole days anew.
    is_different : bool
        Whether they differ within the false-discovery budget of all contrasts.
    told : str
        A few plain words on a shift.
    """

    detector: str
    name: str
    column: str
    part: str
    other: str
    inside: Rate | None
    outside: Rate | None
    difference_interval: Interval | None
    effect: Effect | None
    p_value: float
    is_different: bool
    told: str = ""
