"""Both sides prepared for the detectors: columns, their kinds, and which cells hold a value at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.realism.distinct import by_row, distinct, passes
from flightready.realism.in_use import common_in_demo, listed_in_use
from flightready.realism.kinds import Kind, kind_of
from flightready.realism.sample import Sample, Side
from flightready.realism.stand_ins import Held, find_stand_ins, stands_for_nothing, word

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
        Values that no list holds and that were found to stand for a missing one, as they are written.
    as_of : date, optional
        Day of the assessment; what is dated later lies in the future.
    drawn : str
        How the raw records were drawn, as the manifest says; empty when it is not said.
    answers : frozenset of str
        Columns that the assessment names as answers, right ones or a model's, beside those of `data.columns`.
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
    answers: frozenset[str] = frozenset()
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

    def different(self, name: str, column: str) -> tuple[np.ndarray, list[str]]:
        """Return for each row the place of its value among the different ones of its side, -1 for NA, and these."""
        return self.once(("different", name, column), lambda: distinct(self.texts(name, column)))

    def values(self, name: str, column: str, cells: np.ndarray) -> list[str]:
        """Return the different values of some cells, shape (rows,), in the order of their first appearance."""
        codes, different = self.different(name, column)
        held = np.zeros(len(different) + 1, dtype=bool)
        held[codes[cells]] = True
        return [different[i] for i in np.flatnonzero(held[:-1])]

    def filled_values(self, name: str, column: str) -> list[str]:
        """Return the different values that are no stand-in, in the order of their first appearance."""
        return self.once(("filled values", name, column), lambda: self.values(name, column, self.filled(name, column)))

    def holds(self, name: str, column: str, values: Collection[str]) -> np.ndarray:
        """Return which cells hold one of some values, shape (rows,)."""
        codes, different = self.different(name, column)
        return by_row((t in values for t in different), codes) if values else np.zeros(len(codes), dtype=bool)


def inspected(pilot: Pilot, sample: Sample, *, as_of: dt.date) -> Inspection:
    """Prepare the records of a pilot for the detectors, as its assessment describes them.

    Parameters
    ----------
    pilot : Pilot
    sample : Sample
        From `read_sample`; a side that is None is an absence, not an error.
    as_of : date
        Day of the assessment; decides what is fresh and what lies in the future.
    """
    sampling = pilot.spec.data.sampling
    drawn = sampling.method if sampling else ""
    return inspect(sample, seed=pilot.spec.seed, as_of=as_of, drawn=drawn, answers=_answers(pilot))


def _answers(pilot: Pilot) -> frozenset[str]:
    """Columns of answers: what is wrong with one is no defect of the record that it was given to."""
    roles, spec = pilot.spec.data.columns, pilot.spec.evaluation
    named = [roles.second_label, *roles.rating]
    if spec.task == "extraction":
        named += [c for one in spec.fields.values() for c in (one.label, one.prediction)]
    named += [c for one in spec.candidates if not one.file for c in (one.prediction, one.confidence)]
    return frozenset(c for c in named if c) - {*roles.text, roles.id, roles.time}


def inspect(
    sample: Sample, *, seed: int, as_of: dt.date | None = None, drawn: str = "", answers: frozenset[str] = frozenset()
) -> Inspection:
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
    answers : frozenset of str, optional
        Columns of answers that `data.columns` does not name.
    """
    sides = {name: side for name in SIDES if (side := getattr(sample, name)) is not None}
    columns = tuple(dict.fromkeys(c for side in sides.values() for c in side.frame.columns))
    empty: dict[tuple[str, str], np.ndarray] = {}
    disguised: dict[tuple[str, str], np.ndarray] = {}
    kinds: dict[str, Kind] = {}
    listed: dict[str, set[str]] = {}
    in_use: dict[str, set[str]] = {}
    columns_held: dict[str, Held] = {}
    kept: dict[Any, Any] = {}
    for column in columns:
        cells = {name: side.frame[column] for name, side in sides.items() if column in side.frame.columns}
        for name, texts in cells.items():
            codes, different = kept["different", name, column] = distinct(texts)
            empty[name, column] = sides[name].applies(column) & ~by_row(map(str.strip, different), codes)
        held = {name: texts[sides[name].applies(column) & ~empty[name, column]] for name, texts in cells.items()}
        pooled = pd.concat(list(held.values()))
        nothing = stands_for_nothing(pooled)
        is_word = passes(pooled, nothing.__getitem__) if any(nothing.values()) else np.zeros(len(pooled), dtype=bool)
        kinds[column] = kind_of(pooled[~is_word], column, sample.columns)
        in_use[column] = set()
        if column != sample.columns.time:  # a record without a day of its own was never dated
            in_use[column] = common_in_demo(held.get("curated", pooled.iloc[:0]), kinds[column])
        words = tuple(pooled[is_word].unique())
        if words:
            in_use[column] |= listed_in_use(pooled.value_counts(), words, kinds[column])
            is_word &= ~pooled.isin(in_use[column]).to_numpy(dtype=bool)
        listed[column] = set(words) - in_use[column]
        known = frozenset(map(word, held["curated"].unique())) if "curated" in held else None
        columns_held[column] = Held(kinds[column], pooled[~is_word].value_counts(), known)
    found = find_stand_ins(columns_held)
    stand_ins = {c: tuple(t for t in values if t not in in_use[c]) for c, values in found.items()}
    for (name, column), blank in empty.items():
        standing = listed[column] | set(stand_ins[column])
        codes, different = kept["different", name, column]
        disguised[name, column] = by_row((t in standing for t in different), codes) & ~blank
    return Inspection(sample, seed, columns, kinds, stand_ins, empty, disguised, as_of, drawn, answers, kept)
