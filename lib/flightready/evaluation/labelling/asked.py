"""What labellers are asked for each record: which column, which answers are known, and what they see beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import InputError, listed, nearest
from flightready.evaluation.classes import showable
from flightready.evaluation.labelling.keys import judged_columns
from flightready.realism.inspection import Inspection
from flightready.realism.kinds import Kind

CANNOT_TELL = "cannot tell"
"""What a labeller chooses who cannot say what is right; the record then counts as without a label."""
NONE_OF_THESE = "none of these"
"""What a labeller chooses when no known class is right; the pilot, which knows no other, counts as wrong."""

_TWO_READINGS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class Asked:
    """What is asked of a labeller.

    Parameters
    ----------
    task : str
        classification, scored or regression.
    classes : tuple of str
        Known classes, `NONE_OF_THESE` last; empty when any answer may be given.
    low, high : float, optional
        Ends of the scale of a rating.
    shown : tuple of str
        Columns of the record that are shown.
    id_column : str
        Empty when the records have none.
    """

    task: str
    classes: tuple[str, ...]
    low: float | None
    high: float | None
    shown: tuple[str, ...]
    id_column: str

    @property
    def choices(self) -> tuple[str, ...]:
        """What a drop-down offers; empty when the answer is typed."""
        return (*self.classes, CANNOT_TELL) if self.classes else ()

    def read(self, answer: str) -> str:
        """Return an answer as it is kept, empty for none.

        Raises
        ------
        InputError
            When it is no class that is known, or no number where one is asked; naming the nearest class.
        """
        text = " ".join(answer.split())
        if not text or text.casefold() == CANNOT_TELL:
            return ""
        if self.classes:
            known = {c.casefold(): c for c in self.classes}
            if text.casefold() not in known:
                said = text[: policy.value("longest_label")]
                raise InputError(f"'{said}' is not a class that is known", valid=listed(self.choices, limit=30),
                                 cure=nearest(text, self.classes))  # fmt: skip
            return known[text.casefold()]
        return self._number(text) if self.task in ("scored", "regression") else text

    def _number(self, text: str) -> str:
        if _TWO_READINGS.fullmatch(text):
            raise InputError(f"'{text}' may be a number of thousands, or one with decimals",
                             valid=f"{text.replace(',', '')} or {text.replace(',', '.')}0")  # fmt: skip
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise InputError(f"'{text}' is not a number", valid="a number such as 4")
        if self.low is not None and not self.low <= value <= self.high:
            raise InputError(f"the rating {text} is off the scale", valid=f"{self.low:g} to {self.high:g}")
        return f"{value:.12g}"


def asked(pilot: Pilot, inspection: Inspection, *, show: Sequence[str] = ()) -> Asked:
    """Return what labellers of this pilot are asked.

    Parameters
    ----------
    show : sequence of str
        Columns to show; by default the texts, else all that a record says.

    Raises
    ------
    InputError
        When a column to show is not there, or the task has several answers a record.
    """
    task, rating = pilot.spec.evaluation.task, pilot.spec.evaluation.rating
    if task == "extraction":
        raise InputError(
            "the task 'extraction' has several right answers a record, and a labelling sheet asks for one",
            where=pilot.where("evaluation", "task"),
            cure="put the right values into columns of the records, and name them under evaluation.fields",
        )
    scale = (rating.low, rating.high) if rating else (None, None)
    low, high = scale if task == "scored" else (None, None)
    classes = known_classes(pilot, inspection) if task == "classification" else ()
    ids = inspection.sample.columns.id or ""
    return Asked(task, classes, low, high, _shown(pilot, inspection, show), ids if inspection.has("raw", ids) else "")


def known_classes(pilot: Pilot, inspection: Inspection) -> tuple[str, ...]:
    """Return the classes that may be offered: those of the assessment, else those that the records show to be classes.

    Words that are rare, long or may be personal are no classes; without two of them any answer may be typed.
    """
    allowed = [a.strip() for a in pilot.spec.evaluation.output.allowed if a.strip()]
    if not allowed:
        roles = inspection.sample.columns
        columns = [(n, c) for n, _ in inspection.sides() for c in (roles.label, roles.prediction) if c]
        texts = [
            inspection.texts(n, c)[inspection.filled(n, c)].str.strip() for n, c in columns if inspection.has(n, c)
        ]
        counts = pd.concat(texts).value_counts() if texts else pd.Series(dtype=int)
        if len(counts) and counts.index.map(len).max() > policy.value("longest_label"):
            return ()  # answers are texts, not classes
        allowed = sorted(showable(counts))[: policy.value("most_classes_shown")]
    return (*dict.fromkeys(allowed), NONE_OF_THESE) if len(allowed) > 1 else ()


def _shown(pilot: Pilot, inspection: Inspection, show: Sequence[str]) -> tuple[str, ...]:
    roles, judged = inspection.sample.columns, judged_columns(pilot, inspection)
    there = [c for c in inspection.sample.raw.frame.columns if c not in judged]
    for column in show:
        if column in judged:
            raise InputError(f"'{column}' is what somebody judged, and seeing it would lead the labeller",
                             where="--show", valid=listed(there))  # fmt: skip
        if column not in there:
            raise InputError(f"the raw records have no column '{column}'", where="--show", valid=listed(there),
                             cure=nearest(column, there))  # fmt: skip
    texts = [c for c in roles.text if c in there]
    texts = texts or [c for c in there if inspection.kinds[c] is Kind.FREE_TEXT]
    chosen = list(show) or texts or [c for c in there if c not in (roles.id, roles.time)]
    if pilot.spec.evaluation.task == "scored" and inspection.has("raw", roles.prediction or ""):
        chosen.append(roles.prediction)  # here the pilot's answer is what is rated
    return tuple(dict.fromkeys(chosen))[: policy.value("most_columns_on_sheet")]
