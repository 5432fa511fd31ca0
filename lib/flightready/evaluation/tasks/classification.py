"""Classification: an answer is right when it is the class that the right answer names."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.schema import Columns
from flightready.errors import InputError
from flightready.evaluation.tasks.answers import Answers, cells, pair_of_columns, says_nothing
from flightready.realism.inspection import Inspection
from flightready.realism.sample import Side

columns = pair_of_columns


def answers(pilot: Pilot, inspection: Inspection, name: str) -> Answers:
    """Return which classes are right: equal but for blanks around them; case counts, and what it decides is counted.

    Raises
    ------
    InputError
        When labels and predictions share no value at all, so that one of the two columns is another than meant.
    """
    side, roles = inspection.side(name), inspection.sample.columns
    truth, predicted = cells(side, roles.label), cells(side, roles.prediction)
    has_truth, has_answer = ~says_nothing(truth, predicted), ~says_nothing(predicted, truth)
    both = has_truth & has_answer
    same = truth.str.casefold(), predicted.str.casefold()
    refuse_strangers(same[0][both], same[1][both], roles, side)
    right = (truth == predicted).to_numpy(dtype=bool) & both
    nearly = (same[0] == same[1]).to_numpy(dtype=bool) & both & ~right
    none = np.zeros(len(side), dtype=bool)
    return Answers(
        truth, predicted, has_truth, has_answer, right, right.astype(float), nearly, none, none, none.astype(int)
    )


def refuse_strangers(truth: pd.Series, predicted: pd.Series, roles: Columns, side: Side) -> None:
    """Refuse enough answered records without one value on both sides."""
    if len(truth) >= policy.value("least_rows_to_compare") and not set(truth) & set(predicted):
        raise InputError(
            f"the right answers in '{roles.label}' and the pilot's in '{roles.prediction}' share no value at all",
            where=f"data.columns, {files(side)}",
            cure="name the columns that hold the same kind of answer, or type a count under evaluation.labelled",
        )


def files(side: Side) -> str:
    """Return the names of the files of a side, for a message."""
    return ", ".join(s.table.name for s in side.sources)
