"""Right and wrong answers of one side, record by record; these stay in memory and enter no result."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment.schema import Columns
from flightready.errors import InputError
from flightready.evaluation.result import Accuracy, Counted
from flightready.intervals import wilson
from flightready.realism.defects.overlap import shared_rows
from flightready.realism.inspection import Inspection
from flightready.realism.parsing import read_numbers
from flightready.realism.sample import Side

_PERCENT = 100.0

NO_ANSWER = "(no answer)"
"""Stands for the pilot's answer where it gave none."""


@dataclass(frozen=True)
class Scored:
    """The scored records of one side.

    Parameters
    ----------
    side : Side
        All records of the side.
    rows : array of int, shape (n,)
        Places of the scored records in `side.frame`, rising.
    truth, predicted : Series of str, shape (n,)
        Without blanks around them.
    right : array of bool, shape (n,)
    score : array of float, shape (n,)
        Worth of each answer, 0 to 1; equal to `right` unless the task grades answers.
    cluster : array of int, shape (n,)
        Number of the entity that a record is about; records of one are not independent.
    system : array of str, shape (n,)
    confidence : array of float, shape (n,)
        0 to 1; NaN where the pilot gave none.
    counted : Counted
    """

    side: Side = field(repr=False)
    rows: np.ndarray = field(repr=False)
    truth: pd.Series = field(repr=False)
    predicted: pd.Series = field(repr=False)
    right: np.ndarray = field(repr=False)
    score: np.ndarray = field(repr=False)
    cluster: np.ndarray = field(repr=False)
    system: np.ndarray = field(repr=False)
    confidence: np.ndarray = field(repr=False)
    counted: Counted

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self, column: str) -> pd.Series:
        """Return a column of the scored records as text, shape (n,); NA where absent."""
        return self.side.frame[column].iloc[self.rows].reset_index(drop=True)

    @property
    def accuracy(self) -> Accuracy:
        """Accuracy over all scored records."""
        return accuracy(int(self.right.sum()), len(self.right))

    def by_system(self) -> dict[str, Accuracy]:
        """Accuracy of each system."""
        return {
            str(s): accuracy(int(self.right[self.system == s].sum()), int((self.system == s).sum()))
            for s in dict.fromkeys(self.system)
        }


def accuracy(right: int, n: int) -> Accuracy:
    """Return a count of right answers with its 90 % Wilson interval."""
    return Accuracy(right, n, wilson(right, n))


def score(inspection: Inspection, name: str) -> Scored | None:
    """Score one side, raw or curated, or return None when it lacks labels or predictions altogether.

    An answer is right when it equals the label but for blanks around it. A record with a label and no answer counts as
    wrong, since in production it would get none; a system that holds no answer at all is left out. Exact copies of an
    earlier record count once, because they say nothing new, and records of the demo set that the raw sample holds too
    are left out of the demo set, where they would say too much. Records without a label are counted apart.

    Raises
    ------
    InputError
        When labels and predictions share no value at all, so that one of the two columns is another than meant.
    """
    side, columns = inspection.side(name), inspection.sample.columns
    if side is None or not {columns.label, columns.prediction} <= set(side.frame.columns):
        return None
    is_shared = shared_rows(inspection)[name] if name == "curated" else np.zeros(len(side), dtype=bool)
    is_first = ~side.is_copy & ~is_shared
    truth, predicted = (side.frame[c].fillna("").str.strip() for c in (columns.label, columns.prediction))
    has_truth = ~_says_nothing(truth, predicted)
    has_answer = ~_says_nothing(predicted, truth)
    answering = {s for s in side.systems if has_answer[side.system == s].any()}
    scored = is_first & has_truth & np.isin(side.system, list(answering))
    if not (scored & has_answer).any():
        return None
    _refuse_strangers(truth[scored & has_answer], predicted[scored & has_answer], columns, side)
    answered = has_answer[scored]
    predicted = predicted.where(has_answer, NO_ANSWER)
    truth, predicted = truth[scored].reset_index(drop=True), predicted[scored].reset_index(drop=True)
    right = (truth == predicted).to_numpy(dtype=bool) & answered
    same_word = (truth.str.casefold() == predicted.str.casefold()).to_numpy(dtype=bool) & answered
    counted = Counted(
        len(side), int(side.is_copy.sum()), int((is_first & ~has_truth).sum()), int((is_first & ~has_answer).sum()),
        int((same_word & ~right).sum()), int((~answered).sum()), int((is_shared & ~side.is_copy).sum()),
    )  # fmt: skip
    rows = np.flatnonzero(scored)
    return Scored(
        side, rows, truth, predicted, right, right.astype(float), _clusters(side, columns, rows), side.system[scored],
        read_confidence(side, columns)[scored], counted,
    )  # fmt: skip


def _clusters(side: Side, columns: Columns, rows: np.ndarray) -> np.ndarray:
    """Number of the entity of each record; a record without one stands for itself."""
    own = np.arange(len(rows))
    if columns.entity not in side.frame.columns:
        return own
    entities = side.frame[columns.entity].fillna("").str.strip().iloc[rows].to_numpy(dtype=object)
    codes, _ = pd.factorize(entities)
    return np.where(entities == "", len(rows) + own, codes)


def _refuse_strangers(truth: pd.Series, predicted: pd.Series, columns: Columns, side: Side) -> None:
    """Over answered records only: enough of them, and not one value on both sides."""
    shared = set(truth.str.casefold()) & set(predicted.str.casefold())
    if len(truth) >= policy.value("least_rows_to_compare") and not shared:
        raise InputError(
            f"the right answers in '{columns.label}' and the pilot's in '{columns.prediction}' share no value at all",
            where=f"data.columns, {', '.join(s.table.name for s in side.sources)}",
            cure="name the columns that hold the same kind of answer, or type a count under evaluation.labelled",
        )


def _says_nothing(answers: pd.Series, other: pd.Series) -> np.ndarray:
    """Empty answers, and words for nothing that the other column never uses as a class."""
    used = set(other.str.casefold().unique())
    words = {w for w in policy.value("null_words") if w not in used}
    return (answers.eq("") | answers.str.casefold().isin(words)).to_numpy(dtype=bool)


def read_confidence(side: Side, columns: Columns) -> np.ndarray:
    """Return the confidence of every record of a side, shape (rows,), 0 to 1; NaN where the pilot gave none."""
    values = np.full(len(side), np.nan)
    if columns.confidence not in side.frame.columns:
        return values
    for system in side.systems:  # each system writes decimals its own way
        mine = side.system == system
        values[mine] = read_numbers(side.frame[columns.confidence][mine])
    known = values[~np.isnan(values)]
    if known.size and known.max() > 1 and known.min() >= 0 and known.max() <= _PERCENT:
        values = values / _PERCENT
    values[(values < 0) | (values > 1)] = np.nan
    return values
