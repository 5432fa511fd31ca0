"""Both sides prepared for the detectors: columns, their kinds, and which cells hold a value at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.kinds import Kind, kind_of
from flightready.realism.parsing import number_style, read_numbers
from flightready.realism.sample import Sample, Side

SIDES = ("raw", "curated")


@dataclass(frozen=True)
class Inspection:
    """Both sides with what several detectors need.

    Parameters
    ----------
    sample : Sample
    seed : int
        Of the assessment; every random step is keyed by it and a name.
    columns : tuple of str
        Columns of both sides, in order of appearance.
    kinds : dict of column to Kind
    stand_ins : dict of column to tuple of str
        Values found to stand for a missing one because they are far too frequent, as they are written.
    as_of : date, optional
        Day of the assessment; what is dated later lies in the future.
    drawn : str
        How the raw records were drawn, as the manifest says; empty when it is not said.
    """

    sample: Sample
    seed: int
    columns: tuple[str, ...]
    kinds: dict[str, Kind]
    stand_ins: dict[str, tuple[str, ...]]
    _empty: dict[tuple[str, str], np.ndarray] = field(repr=False)
    _disguised: dict[tuple[str, str], np.ndarray] = field(repr=False)
    as_of: dt.date | None = None
    drawn: str = ""
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: tuple[str, ...], compute: Callable[[], Any]) -> Any:
        """Return what several detectors need, computed when the first of them asks for it."""
        if key not in self._kept:
            self._kept[key] = compute()
        return self._kept[key]

    def side(self, name: str) -> Side | None:
        """Return one side by its name, raw or curated."""
        return getattr(self.sample, name)

    def sides(self) -> Iterator[tuple[str, Side]]:
        """Yield the sides that are there."""
        for name in SIDES:
            if (side := self.side(name)) is not None:
                yield name, side

    def has(self, name: str, column: str) -> bool:
        """Whether a side is there and has the column."""
        side = self.side(name)
        return side is not None and column in side.frame.columns

    def applies(self, name: str, column: str) -> np.ndarray:
        """Records of a side whose file has the column."""
        return self.side(name).applies(column)

    def empty(self, name: str, column: str) -> np.ndarray:
        """Cells that are absent, null, empty or blank."""
        return self._empty[name, column]

    def disguised(self, name: str, column: str) -> np.ndarray:
        """Cells that hold something that stands for a missing value."""
        return self._disguised[name, column]

    def filled(self, name: str, column: str) -> np.ndarray:
        """Cells that hold a value."""
        return self.applies(name, column) & ~self.empty(name, column) & ~self.disguised(name, column)

    def texts(self, name: str, column: str) -> pd.Series:
        """All cells of a column on one side as text."""
        return self.side(name).frame[column]


def inspect(sample: Sample, *, seed: int, as_of: dt.date | None = None, drawn: str = "") -> Inspection:
    """Prepare a sample for the detectors.

    Parameters
    ----------
    sample : Sample
        At least one side present.
    seed : int
        Seed of the assessment.
    as_of : date, optional
        Day of the assessment.
    drawn : str, optional
        How the raw records were drawn, as `data.sampling.method` says.
    """
    sides = {name: side for name in SIDES if (side := getattr(sample, name)) is not None}
    columns = tuple(dict.fromkeys(c for side in sides.values() for c in side.frame.columns))
    empty: dict[tuple[str, str], np.ndarray] = {}
    disguised: dict[tuple[str, str], np.ndarray] = {}
    kinds: dict[str, Kind] = {}
    stand_ins: dict[str, tuple[str, ...]] = {}
    for column in columns:
        cells = {name: side.frame[column] for name, side in sides.items() if column in side.frame.columns}
        for name, texts in cells.items():
            blank = (texts.isna() | (texts.fillna("").str.strip() == "")).to_numpy(dtype=bool)
            empty[name, column] = sides[name].applies(column) & blank
        held = {name: texts[sides[name].applies(column) & ~empty[name, column]] for name, texts in cells.items()}
        pooled = pd.concat(list(held.values()))
        is_word = pooled.map(stands_for_nothing(pooled)).astype(bool)
        kinds[column] = kind_of(pooled[~is_word], column, sample.columns)
        stand_ins[column] = found_stand_ins(pooled[~is_word], kinds[column])
        numbers = outlying_sentinels(pooled[~is_word]) if kinds[column] is Kind.NUMBER else set()
        standing = set(pooled[is_word].unique()) | set(stand_ins[column]) | numbers
        for name, texts in cells.items():
            disguised[name, column] = texts.isin(standing).to_numpy(dtype=bool) & ~empty[name, column]
    return Inspection(sample, seed, columns, kinds, stand_ins, empty, disguised, as_of, drawn)


def stands_for_nothing(texts: pd.Series) -> dict[str, bool]:
    """Return for each different value whether it is a word or a default date that stands for a missing value."""
    words, days = set(policy.value("null_words")), default_days()
    return {t: t.strip().casefold() in words or t.strip().split("T")[0].split(" ")[0] in days for t in texts.unique()}


def outlying_sentinels(texts: pd.Series) -> set[str]:
    """Return the values of a number column that are usual sentinels and lie outside the rest of the column."""
    unique = pd.Series(texts.unique(), dtype="str")
    values = read_numbers(unique)
    counts = texts.value_counts()
    usual = np.isin(values, policy.value("number_sentinels"))
    rest = values[~usual & ~np.isnan(values)]
    if len(rest) < policy.value("least_distinct_numbers"):
        return set()
    repeated = np.array([counts[t] > 1 for t in unique])
    is_far = values >= policy.value("sentinel_distance") * max(rest.max(), 0)
    above = usual & (values > rest.max()) & (repeated | is_far)
    below = usual & (values < 0) & (rest.min() >= 0)
    return set(unique[above | below])


def found_stand_ins(texts: pd.Series, kind: Kind) -> tuple[str, ...]:
    """Return values far too frequent for a column whose other values hardly repeat; zero is a value like any other.

    Source
    ------
    After Pearson 2006, The problem of disguised missing data (SIGKDD Explorations 8:83).
    """
    if kind in (Kind.CATEGORY, Kind.CODE, Kind.EMPTY):
        return ()
    counts = texts.value_counts()
    top = counts.iloc[: policy.value("most_found_sentinels") + 1].to_numpy()
    for k in range(len(top) - 1, 0, -1):
        stands_out = top[k - 1] >= max(policy.value("least_sentinel_count"), policy.value("sentinel_gap") * top[k])
        rest = counts.iloc[k:]
        if stands_out and len(rest) >= policy.value("near_unique_share") * rest.sum():
            found = [str(v) for v in counts.index[:k]]
            return tuple(v for v in found if not (number_style(v) and float(read_numbers(pd.Series([v]))[0]) == 0))
    return ()


def default_days() -> set[str]:
    """Return the default dates of the policy in the orders in which they are written."""
    days: set[str] = set()
    for iso in policy.value("default_dates"):
        y, m, d = str(iso).split("-")
        days |= {
            f"{y}-{m}-{d}",
            f"{y}/{m}/{d}",
            f"{d}.{m}.{y}",
            f"{d}/{m}/{y}",
            f"{m}/{d}/{y}",
            f"{int(m)}/{int(d)}/{y}",
        }
    return days
