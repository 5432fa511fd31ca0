"""Right and wrong answers of one side, record by record; these stay in memory and enter no result."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from flightready.assessment import Pilot
from flightready.assessment.schema import Columns
from flightready.draws import generator
from flightready.evaluation.counts import Counted
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evaluation.shares.clustered import clustered_share
from flightready.evaluation.shares.grouping import groups
from flightready.evaluation.shares.pairing import same_records
from flightready.evaluation.tasks import Answers, answers
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
        Number of the group of a record: its entity, its id, its near copies; records of one are not independent.
    system : array of str, shape (n,)
    confidence : array of float, shape (n,)
        0 to 1; NaN where the pilot gave none.
    counted : Counted
    measured : dict of name to array of float, shape (n,)
        What the metrics of the task are made of: the fields of an extraction (1 right, 0 wrong, NaN where the record
        does not hold the field), the mean rating, or both numbers.
    task : str
    seed : int
        Of the assessment.
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
    measured: dict[str, np.ndarray] = field(default_factory=dict, repr=False)
    task: str = "classification"
    seed: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self, column: str) -> pd.Series:
        """Return a column of the scored records as text, shape (n,); NA where absent."""
        return self.side.frame[column].iloc[self.rows].reset_index(drop=True)

    @cached_property
    def accuracy(self) -> Accuracy:
        """Accuracy over all scored records."""
        return self.share_of(np.ones(len(self), dtype=bool), "all")

    def by_system(self) -> dict[str, Accuracy]:
        """Accuracy of each system."""
        return {str(s): self.share_of(self.system == s, "system", str(s)) for s in dict.fromkeys(self.system)}

    def share_of(self, of: np.ndarray, *names: str) -> Accuracy:
        """Return accuracy over some of the scored records, with an interval that minds which belong together.

        Parameters
        ----------
        of : array of bool, shape (n,)
        names : str
            Of the part, so that its draws are its own.
        """
        right, cluster = self.right[of], self.cluster[of]
        interval, effect = clustered_share(right, cluster, rng=self.generator("share", *names))
        return Accuracy(int(right.sum()), len(right), interval, effect)

    def generator(self, *names: str) -> np.random.Generator:
        """Return the random generator of a figure of these records."""
        return generator(self.seed, "evaluation", *names)


def score(pilot: Pilot, inspection: Inspection, name: str) -> Scored | None:
    """Score one side, raw or curated, or return None when it lacks labels or predictions altogether.

    What is right is for the task to say. A record with a label and no answer counts as wrong, since in production it
    would get none; a system that holds no answer at all is left out. Exact copies of an earlier record count once,
    because they say nothing new. Records of the demo set that the raw sample holds too are left out of the demo set,
    where they would say too much, unless both sides are the same records throughout, before and after. Records
    without a label are counted apart.

    Raises
    ------
    InputError
        When a column is named that is not there, or its values are not of the kind that the task needs.
    """
    side = inspection.side(name)
    found = answers(pilot, inspection, name)
    if found is None:
        return None
    is_shared = np.zeros(len(side), dtype=bool)
    if name == "curated" and not same_records(pilot, inspection):
        is_shared = shared_rows(inspection)[name]
    is_first = ~side.is_copy & ~is_shared
    answering = {s for s in side.systems if found.has_answer[side.system == s].any()}
    scored = is_first & found.has_truth & np.isin(side.system, list(answering))
    if not (scored & found.has_answer).any():
        return None
    truth = found.truth[scored].reset_index(drop=True)
    predicted = found.predicted.where(found.has_answer, NO_ANSWER)[scored].reset_index(drop=True)
    rows = np.flatnonzero(scored)
    return Scored(
        side, rows, truth, predicted, found.right[scored], found.score[scored], groups(inspection, name)[rows],
        side.system[scored], read_confidence(side, inspection.sample.columns)[scored],
        _counted(side, found, is_first, is_shared, scored), {k: v[scored] for k, v in found.measured.items()},
        pilot.spec.evaluation.task, inspection.seed,
    )  # fmt: skip


def _counted(side: Side, found: Answers, is_first: np.ndarray, is_shared: np.ndarray, scored: np.ndarray) -> Counted:
    return Counted(
        len(side), int(side.is_copy.sum()), int((is_first & ~found.has_truth).sum()),
        int((is_first & ~found.has_answer).sum()), int(found.nearly[scored].sum()),
        int((~found.has_answer[scored]).sum()), int((is_shared & ~side.is_copy).sum()),
        int(found.unreadable[scored].sum()), int((found.unreadable_truth & is_first).sum()),
        int(found.off_scale[is_first].sum()),
    )  # fmt: skip


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
