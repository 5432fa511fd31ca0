"""What a profile of the population returns: counts and aggregates of columns, no value of any record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flightready.evidence import Interval


@dataclass(frozen=True)
class Numbers:
    """A column of numbers, those that are finite.

    Parameters
    ----------
    least, largest, mean, sd : float, optional
        None where no number is; the ends of an id column are left out, because they name a record.
    quantiles : dict of str to float
        By share, "0.5" is the middle; None where no number is.
    not_finite : int
        Infinities, not-a-numbers and numbers too large to average.
    """

    least: float | None
    largest: float | None
    mean: float | None
    sd: float | None
    quantiles: dict[str, float | None]
    not_finite: int


@dataclass(frozen=True)
class Texts:
    """A column of text: counts of rows, and lengths in characters.

    Parameters
    ----------
    blank : int
        Empty, or nothing but blanks.
    null_words : int
        Words that stand for no value, such as n/a.
    digits, decimal_comma, date_like : int
        Nothing but digits; a number with a decimal comma; shaped like a date.
    replaced : int
        Holding U+FFFD, the mark of a character that was lost.
    shortest, longest : int, optional
    mean_length : float, optional
    masks : dict of str to int
        The most frequent shapes with their rows; empty for long text, whose shapes are looked at in the sample.
    categories : dict of str to int
        Short texts that stand in many rows, with their rows; all others are not named.
    """

    blank: int
    null_words: int
    digits: int
    decimal_comma: int
    date_like: int
    replaced: int
    shortest: int | None
    longest: int | None
    mean_length: float | None
    masks: dict[str, int]
    categories: dict[str, int]


@dataclass(frozen=True)
class ColumnFacts:
    """One column of the population.

    Parameters
    ----------
    column : str
    type : str
        number, text, date, time, yes or no, or other.
    nulls : int
    distinct : int, optional
        Different values; None for columns that the engine cannot compare.
    distinct_is_exact : bool
    numbers, texts : optional
        According to the type.
    first, last : date, optional
        Of a date or time column.
    future : int, optional
        Rows of a date or time column after the day of the assessment.
    """

    column: str
    type: str
    nulls: int
    distinct: int | None
    distinct_is_exact: bool
    numbers: Numbers | None = None
    texts: Texts | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    future: int | None = None

    @property
    def empty(self) -> int:
        """Rows without a value: null, empty or blank."""
        return self.nulls + (self.texts.blank if self.texts else 0)


@dataclass(frozen=True)
class Months:
    """The time that the population covers.

    Parameters
    ----------
    column : str
    rows : dict of str to int
        Rows of every month from the first to the last, `2026-03`, months without a row included.
    undated : int
        Rows whose date is missing or cannot be read in the engine.
    future : int
        Rows after the day of the assessment; they are in no month.
    """

    column: str
    rows: dict[str, int]
    undated: int
    future: int

    @property
    def empty(self) -> tuple[str, ...]:
        """Months without a row."""
        return tuple(m for m, n in self.rows.items() if not n)


@dataclass(frozen=True)
class PopulationProfile:
    """The population as its engine describes it.

    Parameters
    ----------
    source : str
        As the assessment names it; secrets are not resolved.
    engine : str
        DuckDB, PostgreSQL or Spark.
    as_of : date
    n : int
        Rows.
    columns : tuple of ColumnFacts
    key : str
        Id column; empty when none is named or there.
    duplicate_keys : int, optional
        Rows beyond the first of their id, counted exactly; None without an id column.
    months : Months, optional
    distinct_error, quantile_error : float
        Stated error of the engine: standard error as a share of the count, and largest error of the rank as a share of
        the rows; 0 when exact.
    notes : tuple of str
        What could not be looked at, and why.
    """

    source: str
    engine: str
    as_of: dt.date
    n: int
    columns: tuple[ColumnFacts, ...]
    key: str
    duplicate_keys: int | None
    months: Months | None
    distinct_error: float
    quantile_error: float
    notes: tuple[str, ...] = ()

    def column(self, name: str) -> ColumnFacts | None:
        """Return one column, or None when the population has none of that name."""
        return next((c for c in self.columns if c.column == name), None)


@dataclass(frozen=True)
class Likeness:
    """Whether the sample is like its population in one respect.

    Parameters
    ----------
    column : str
    what : str
        A few words.
    sample_hits, sample_n : int
    sample_interval : Interval
        90 %, exact.
    population_share : float
        Counted over all rows.
    p_value : float
        Two-sided, exact.
    differs : bool
        Beyond chance, within one budget over all comparisons of the sample.
    """

    column: str
    what: str
    sample_hits: int
    sample_n: int
    sample_interval: Interval
    population_share: float
    p_value: float
    differs: bool
