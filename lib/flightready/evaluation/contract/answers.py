"""The pilot's answers to all records of one side, labelled or not; in memory only."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from flightready import policy
from flightready.realism.inspection import Inspection
from flightready.realism.masks import safe
from flightready.realism.numerals import read_numbers
from flightready.realism.outcome import Example, Rate, rate
from flightready.realism.sample import Side


@dataclass(frozen=True)
class Answers:
    """One column of answers of one side; exact copies of a record are left out, and systems without any answer.

    Parameters
    ----------
    side : Side
    rows : array of int, shape (n,)
        Places of the records in `side.frame`, rising.
    texts : Series of str, shape (n,)
        Without blanks around them; empty where there is none.
    system : array of str, shape (n,)
    silent : tuple of str
        Systems that hold no answer at all.
    """

    side: Side = field(repr=False)
    rows: np.ndarray = field(repr=False)
    texts: pd.Series = field(repr=False)
    system: np.ndarray = field(repr=False)
    silent: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> pd.Series:
        """Return a column of these records as text without blanks around it; empty where absent."""
        if name not in self.side.frame.columns:
            return pd.Series([""] * len(self), dtype="str")
        return self.side.frame[name].iloc[self.rows].fillna("").str.strip().reset_index(drop=True)

    def by_system(self, hit: np.ndarray, among: np.ndarray) -> dict[str, Rate]:
        """Return the rate of hits among some answers in each system that has any."""
        sizes = {s: int(among[self.system == s].sum()) for s in dict.fromkeys(map(str, self.system))}
        return {s: rate(int((hit & among)[self.system == s].sum()), n) for s, n in sizes.items() if n}

    def example(self, place: int, told: str) -> Example:
        """Return where one of these records stands, with words that are safe to show."""
        row = int(self.rows[place])
        source = self.side.sources[int(self.side.source[row])]
        return Example(str(self.side.system[row]), source.table.name, int(self.side.line[row]), told)


def answers(inspection: Inspection, name: str, column: str | None) -> Answers | None:
    """Return the answers of one side, or None when it holds none."""
    side = inspection.side(name)
    if side is None or column not in side.frame.columns:
        return None
    texts = side.frame[column].fillna("").str.strip()
    answered = (texts != "").to_numpy(dtype=bool)
    applies = side.applies(column)
    with_column = [s for s in side.systems if (side.of(s) & applies).any()]
    silent = tuple(s for s in with_column if not answered[side.of(s)].any())
    rows = np.flatnonzero(applies & ~side.is_copy & ~np.isin(side.system, list(silent)))
    if not len(rows):
        return None
    return Answers(side, rows, texts.iloc[rows].reset_index(drop=True), side.system[rows], silent)


def numbers_of(texts: pd.Series, system: np.ndarray) -> np.ndarray:
    """Return texts as numbers, shape (n,), NaN where one cannot be read; each system writes decimals its own way."""
    values = np.full(len(texts), np.nan)
    for one in dict.fromkeys(map(str, system)):
        values[system == one] = read_numbers(texts[system == one])
    return values


def masked(text: str) -> str:
    """Return a value with its content hidden; words for an empty one."""
    return safe(text) if text else "(nothing)"


def shown(places: np.ndarray) -> np.ndarray:
    """Return the first few places, as many as examples are shown."""
    return places[: policy.value("rule_examples")]
