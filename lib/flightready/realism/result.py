"""What the analysis of data realism returns: counts, intervals and masked examples, nothing unmasked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flightready.evidence import Absence, Finding, Interval
from flightready.realism.rates import Effect, Rate


@dataclass(frozen=True)
class Example:
    """A masked value and where to find the real one: system, file and line."""

    system: str
    file: str
    line: int
    masked: str


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


@dataclass(frozen=True)
class SourceSummary:
    """One file as it was read.

    Parameters
    ----------
    side : str
        `demo set` or `raw`.
    file, system, format, encoding, delimiter : str
    records, malformed : int
        All records, and those of them that do not parse.
    notes : tuple of str
    quote : str
        How values are quoted; empty when no quote was seen.
    has_header : bool, optional
        None where the format itself names the columns.
    decimal : str
        Decimal mark that columns of numbers prove: point, comma, both, or "".
    """

    side: str
    file: str
    system: str
    format: str
    encoding: str
    delimiter: str
    records: int
    malformed: int
    notes: tuple[str, ...]
    quote: str = ""
    has_header: bool | None = None
    decimal: str = ""


@dataclass(frozen=True)
class ColumnProfile:
    """One column on both sides.

    Parameters
    ----------
    column, kind : str
        Shared name, and what it holds.
    role : str
        Role in the assessment, empty for none.
    raw_filled, curated_filled : float, optional
        Share of records with a value that is not missing or disguised; None when that side lacks the column.
    raw_distinct, curated_distinct : int, optional
        Number of different values.
    formats : dict of str to tuple of str
        Most frequent collapsed masks by system, most frequent first; empty for free text.
    stand_ins : tuple of str
        Masked values found to stand for a missing one.
    """

    column: str
    kind: str
    role: str
    raw_filled: float | None
    curated_filled: float | None
    raw_distinct: int | None
    curated_distinct: int | None
    formats: dict[str, tuple[str, ...]]
    stand_ins: tuple[str, ...]


@dataclass(frozen=True)
class Completeness:
    """How many raw records miss at least one value, empty or disguised.

    Parameters
    ----------
    overall : Rate
    by_system : dict of str to Rate
    left_out : tuple of str
        Columns that are often empty, and so are taken as optional and not counted.
    """

    overall: Rate
    by_system: dict[str, Rate]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """The time that the raw sample covers.

    Parameters
    ----------
    column : str
        Time column.
    n_dated, n_undated : int
        Records with a date that could be read and is not after `as_of`, and records without a date.
    n_ambiguous, n_future : int
        Dates whose order of day and month the column does not prove, and dates after `as_of`.
    first, last : date
        Ends of the span; a few stray records at either end are left out.
    days : int
        Days from first to last, both counted.
    months : tuple of str
        Every month of the span, such as `2026-03`.
    by_month : dict of str to tuple of int
        Records of each system in each month, in the order of `months`.
    empty_months : tuple of str
    age_days : int
        Days from the last record to `as_of`.
    notes : tuple of str
    """

    column: str
    n_dated: int
    n_undated: int
    n_ambiguous: int
    n_future: int
    first: dt.date
    last: dt.date
    days: int
    months: tuple[str, ...]
    by_month: dict[str, tuple[int, ...]]
    empty_months: tuple[str, ...]
    age_days: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Silence:
    """A stretch of time without a record of one system that does not fit its rhythm.

    Parameters
    ----------
    system : str
    first, last : date
        Days of the records before and after it.
    hours : float
        Its length.
    expected : float
        Records that the rhythm of the system would have brought.
    chance : float
        Chance of a silence as long anywhere in the records of the system.
    """

    system: str
    first: dt.date
    last: dt.date
    hours: float
    expected: float
    chance: float


@dataclass(frozen=True)
class EventTimeline:
    """When raw records happened, and what went wrong with them on the way.

    Parameters
    ----------
    column : str
        Time column.
    period : str
        `week` (from Monday) or `month`.
    starts : tuple of date
        First day of each period.
    systems : tuple of str
    records, late, out_of_order, duplicated : dict of str to tuple of int
        By system: records of each period by their own time, and those of them that came days late, stand out of order,
        or were sent again (copies and events under a second id).
    future : dict of str to int
        By system: records dated after the day of the assessment or decades off, which are in no period.
    silences : tuple of Silence
        Within the records of a system.
    ended : tuple of Silence
        Systems that end long before the others, from their last record to that of the others.
    """

    column: str
    period: str
    starts: tuple[dt.date, ...]
    systems: tuple[str, ...]
    records: dict[str, tuple[int, ...]]
    late: dict[str, tuple[int, ...]]
    out_of_order: dict[str, tuple[int, ...]]
    duplicated: dict[str, tuple[int, ...]]
    future: dict[str, int]
    silences: tuple[Silence, ...]
    ended: tuple[Silence, ...]


@dataclass(frozen=True)
class RealismResult:
    """What raw data is like, beside the demo set.

    Parameters
    ----------
    as_of : date
    n_raw, n_curated : int
        Records on each side, those that do not parse included.
    n_raw_distinct : int
        Raw records that parse and do not repeat an earlier one.
    systems : tuple of str
        Raw systems in the order of the assessment.
    sources : tuple of SourceSummary
    profiles : tuple of ColumnProfile
    defects : tuple of Defect
        Every detector in every column to which it applies, by column and order of display.
    completeness : Completeness, optional
    coverage : Coverage, optional
    columns_lacking, columns_extra : tuple of str
        Columns of the demo set that no raw file has, and raw columns that the demo set lacks.
    findings : tuple of Finding
    absences : tuple of Absence
    events : EventTimeline, optional
        None without raw records that carry a date.
    repairs : tuple of Repair
        What to mend, in the order that touches most records soonest.
    contrasts : tuple of Contrast
        Systems and periods against one another, the clearest first.
    """

    as_of: dt.date
    n_raw: int
    n_curated: int
    n_raw_distinct: int
    systems: tuple[str, ...]
    sources: tuple[SourceSummary, ...]
    profiles: tuple[ColumnProfile, ...]
    defects: tuple[Defect, ...]
    completeness: Completeness | None
    coverage: Coverage | None
    columns_lacking: tuple[str, ...]
    columns_extra: tuple[str, ...]
    findings: tuple[Finding, ...]
    absences: tuple[Absence, ...]
    events: EventTimeline | None = None
    repairs: tuple[Repair, ...] = ()
    contrasts: tuple[Contrast, ...] = ()

    def found(self) -> tuple[Defect, ...]:
        """Defects with at least one affected record, the highest rate first."""
        hit = [d for d in self.defects if d.rate and d.rate.hits]
        return tuple(sorted(hit, key=lambda d: (-d.rate.share, d.column, d.detector)))

    def worse(self) -> tuple[Defect, ...]:
        """Defects in which raw is worse than the demo set, the largest difference first."""
        worse = (d for d in self.defects if d.worse and d.rate)
        return tuple(sorted(worse, key=lambda d: (-(d.difference or 0), d.column, d.detector)))

    def shifted(self) -> tuple[Defect, ...]:
        """Columns whose values are distributed otherwise than in the demo set, the clearest first."""
        shifts = (d for d in self.defects if d.worse and d.effect)
        return tuple(sorted(shifts, key=lambda d: (d.p_value, d.column, d.detector)))

    def observed(self) -> tuple[Defect, ...]:
        """Defects with facts that no single record carries, in order of display."""
        return tuple(d for d in self.defects if d.observations)
