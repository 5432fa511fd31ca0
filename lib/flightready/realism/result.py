"""What the analysis of data realism returns: counts, intervals and masked examples, nothing unmasked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flightready.evidence import Absence, Finding
from flightready.realism.outcome import Burden, Contrast, Defect, Rate, Repair
from flightready.realism.time_span import Coverage, EventTimeline


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
    burden : Burden, optional
        Records by the number of repairs they need; None without raw records.
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
    burden: Burden | None = None

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
