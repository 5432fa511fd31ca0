"""Which class is taken for which; names only of classes that are frequent enough to be one."""

from __future__ import annotations

import re

import pandas as pd

from flightready import policy
from flightready.evaluation.counts import Confusion
from flightready.evaluation.scoring import NO_ANSWER, Scored

REST = "other classes"
_MAY_BE_PERSONAL = re.compile(r"@|\d[\d \-]{5,}")


def shown_names(sides: list[Scored]) -> list[str]:
    """Return the names of classes that may be shown, the most frequent first.

    A word that occurs in a handful of records only, is long, or looks like an address or a number may be personal data
    in the wrong column.
    """
    counts = pd.concat([s.truth for s in sides]).value_counts()
    return showable(counts)[: policy.value("most_classes_shown")]


def showable(counts: pd.Series) -> list[str]:
    """Return the words that are safe to show, in the order given.

    Parameters
    ----------
    counts : Series of int
        How often each word occurs.

    Examples
    --------
    >>> showable(pd.Series({"billing": 90, "a.quill@mail.example": 50, "Zoe": 1}))
    ['billing']
    """
    return [str(name) for name, n in counts.items() if may_be_shown(str(name), int(n))]


def may_be_shown(value: str, n: int) -> bool:
    """Whether a value of the data that occurs n times may be shown: frequent, short, and not personal by its form.

    Examples
    --------
    >>> may_be_shown("billing", 40), may_be_shown("billing", 2), may_be_shown("m.keller@example.com", 40)
    (True, False, False)
    """
    is_short = len(value) <= policy.value("longest_label")
    return n >= policy.value("least_label_repeats") and is_short and not _MAY_BE_PERSONAL.search(value)


def confusions(raw: Scored | None) -> tuple[Confusion, ...]:
    """Return how many raw records of each class got which answer, right ones and `NO_ANSWER` included."""
    if raw is None:
        return ()
    names = [n for n in shown_names([raw]) if n != NO_ANSWER]
    truth, predicted = raw.truth.where(raw.truth.isin(names), REST), raw.predicted
    pairs = pd.DataFrame({"t": truth, "p": predicted.where(predicted.isin([*names, NO_ANSWER]), REST)})
    counts = pairs.value_counts()
    order = {n: i for i, n in enumerate([*names, REST, NO_ANSWER])}
    found = [Confusion(str(t), str(p), int(n)) for (t, p), n in counts.items()]
    return tuple(sorted(found, key=lambda c: (order[c.truth], order[c.predicted])))
