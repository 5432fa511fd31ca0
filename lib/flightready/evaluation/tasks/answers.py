"""The answers of one side, record by record, and how texts and numbers of a record are read and compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.evaluation import Tolerance
from flightready.errors import InputError
from flightready.realism.distinct import distinct
from flightready.realism.inspection import Inspection
from flightready.realism.parsing import read_numbers
from flightready.realism.sample import Side

_LAST_BIT = 1e-9  # of a number: 0.1 + 0.2 is 0.3 but for the last bit


@dataclass(frozen=True)
class Answers:
    """Right answers and the pilot's for every record of a side; records without a right answer are not scored.

    Parameters
    ----------
    truth, predicted : Series of str, shape (rows,)
        As they are written, without blanks around them.
    has_truth, has_answer : array of bool, shape (rows,)
    right : array of bool, shape (rows,)
    score : array of float, shape (rows,)
        Worth of each answer, 0 to 1.
    nearly : array of bool, shape (rows,)
        Wrong by upper and lower case only.
    unreadable, unreadable_truth : array of bool, shape (rows,)
        Answers, and right answers, that are no number or date where one is asked.
    off_scale : array of int, shape (rows,)
        Ratings of the record that lie outside of the scale, and are left out.
    measured : dict of name to array of float, shape (rows,)
        What the metrics of the task are made of; NaN where there is nothing.
    """

    truth: pd.Series
    predicted: pd.Series
    has_truth: np.ndarray
    has_answer: np.ndarray
    right: np.ndarray
    score: np.ndarray
    nearly: np.ndarray
    unreadable: np.ndarray
    unreadable_truth: np.ndarray
    off_scale: np.ndarray
    measured: dict[str, np.ndarray] = field(default_factory=dict)


def pair_of_columns(pilot: Pilot, inspection: Inspection) -> tuple[set[str], set[str]]:
    """Return the columns of `data.columns` that hold right answers and the pilot's.

    Raises
    ------
    InputError
        When one column is named for both, so that every answer would be right.
    """
    columns = inspection.sample.columns
    if columns.label and columns.label == columns.prediction:
        raise not_itself(columns.label, pilot.where("data", "columns", "prediction"))
    return {columns.label} - {None}, {columns.prediction} - {None}


def not_itself(column: str, where: str) -> InputError:
    """Return the error of one column that is named for right answers and for the pilot's."""
    return InputError(f"the column '{column}' is named both for the right answers and for the pilot's",
                      where=where, cure="name the column that holds what the pilot said")  # fmt: skip


def cells(side: Side, column: str) -> pd.Series:
    """Return a column of a side without blanks around its values and without NA, shape (rows,)."""
    return side.frame[column].fillna("").str.strip()


def says_nothing(answers: pd.Series, other: pd.Series) -> np.ndarray:
    """Return which answers are empty, or words for nothing that the other column never uses, shape (rows,)."""
    used = set(other.str.casefold().unique())
    words = {w for w in policy.value("null_words") if w not in used}
    return (answers.eq("") | answers.str.casefold().isin(words)).to_numpy(dtype=bool)


def by_system(side: Side, texts: pd.Series, read: Callable[[pd.Series], np.ndarray]) -> np.ndarray:
    """Return values read system by system, since each writes dates and decimals its own way, shape (rows,)."""
    found = read(texts)
    if len(side.systems) > 1:
        for system in side.systems:
            mine = side.of(system)
            found[mine] = read(texts[mine])
    return found


def numbers(side: Side, texts: pd.Series) -> np.ndarray:
    """Return the numbers that a column holds, shape (rows,); NaN where there is none."""
    return by_system(side, texts, read_numbers)


def within(truth: np.ndarray, predicted: np.ndarray, tolerance: Tolerance) -> np.ndarray:
    """Return which numbers lie within a tolerance of the true ones, shape (n,); never where one of them is missing.

    Examples
    --------
    >>> within(np.array([100.0, 100.0, 0.0]), np.array([102.0, 103.0, 0.0]), Tolerance(0.02, True)).tolist()
    [True, False, True]
    """
    allowed = np.abs(truth) * tolerance.value if tolerance.is_relative else tolerance.value
    with np.errstate(invalid="ignore"):
        return np.abs(predicted - truth) <= allowed + _LAST_BIT * np.maximum(np.abs(truth), np.abs(predicted))


def normalised(texts: pd.Series) -> pd.Series:
    """Return texts without what does not count: case, punctuation, repeated blanks, and forms of one character.

    A minus before a number counts, and so does a text of nothing but punctuation.

    Examples
    --------
    >>> normalised(pd.Series(["  Müller,  GmbH. ", "MÜLLER GmbH", "-5", "５", "--"])).tolist()
    ['müller gmbh', 'müller gmbh', '-5', '5', '--']
    """
    codes, different = distinct(texts)
    plain = np.array([*map(_plain, different), ""], dtype=object)
    return pd.Series(plain[codes], index=texts.index, dtype=object)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("−", "-")
    kept = []
    for place, character in enumerate(folded):
        is_mark = unicodedata.category(character)[0] in "PZC"
        kept.append(" " if is_mark and not (character == "-" and _is_minus(folded, place)) else character)
    return " ".join("".join(kept).split()) or "".join(folded.split())


def _is_minus(text: str, place: int) -> bool:
    """Whether a hyphen stands before a number and behind nothing or a blank."""
    return text[place + 1 : place + 2].isdigit() and (place == 0 or text[place - 1].isspace())
