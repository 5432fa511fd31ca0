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
    truth, predicted : Series of str, shape (n,)
        Without blanks around them.
    right : array of bool, shape (n,)
    system : array of str, shape (n,)
    confidence : array of float, shape (n,)
        0 to 1; NaN where the pilot gave none.
    counted : Counted
    """

    truth: pd.Series = field(repr=False)
    predicted: pd.Series = field(repr=False)
    right: np.ndarray = field(repr=False)
    system: np.ndarray = field(repr=False)
    confidence: np.ndarray = field(repr=False)
    counted: Counted

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


def score(side: Side | None, columns: Columns) -> Scored | None:
    """Score one side, or return None when it lacks labels or predictions altogether.

    An answer is right when it equals the label but for blanks around it. A record with a label and no answer counts as
    wrong, since in production it would get none; a system that holds no answer at all is left out. Exact copies of an
    earlier record count once, because they say nothing new. Records without a label are counted apart.

    Raises
    ------
    InputError
        When labels and predictions share no value at all, so that one of the two columns is another than meant.
    """
    if side is None or not {columns.label, columns.prediction} <= set(side.frame.columns):
        return None
    is_first = ~side.is_copy
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
        len(side), int((~is_first).sum()), int((is_first & ~has_truth).sum()), int((is_first & ~has_answer).sum()),
        int((same_word & ~right).sum()), int((~answered).sum()),
    )  # fmt: skip
    return Scored(truth, predicted, right, side.system[scored], _confidence(side, columns)[scored], counted)


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


def _confidence(side: Side, columns: Columns) -> np.ndarray:
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
