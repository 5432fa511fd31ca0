"""The worst system, period and class of the raw records, with intervals that allow for having looked at all of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from flightready import policy
from flightready.evaluation.budget.result import Tail
from flightready.evaluation.classes import shown_names
from flightready.evaluation.scoring import Scored
from flightready.evaluation.shares.clustered import is_grouped
from flightready.evaluation.shares.worth import clustered_rate, effective_n
from flightready.evaluation.slices.chance import clustered_tail
from flightready.intervals import LEVEL, clopper_pearson
from flightready.realism.coverage import moments
from flightready.realism.inspection import Inspection
from flightready.realism.outcome import Rate

PERIODS = {"day": "D", "week": "W", "month": "M"}
"""Lengths of a period, the shortest first, with numpy's unit."""


def tails(raw: Scored, inspection: Inspection) -> tuple[Tail, ...]:
    """Return the worst system, the worst period and the worst class of the scored raw records."""
    of, periods = _periods(raw, inspection)
    parts = [("system", raw.system), (of, periods)]
    if raw.task == "classification":  # right answers of other tasks are no classes
        names = pd.Series(raw.truth).where(raw.truth.isin(shown_names([raw])), "")
        parts.append(("class", names.to_numpy(dtype=object)))
    return tuple(worst(of, labels, ~raw.right, raw.cluster) for of, labels in parts)


def worst(of: str, labels: np.ndarray, wrong: np.ndarray, cluster: np.ndarray | None = None) -> Tail:
    """Return the part with the largest share of wrong answers among those with enough records.

    Parameters
    ----------
    of : str
        What the parts are.
    labels : array of str, shape (n,)
        Part of each record; empty where it belongs to none that may be named.
    wrong : array of bool, shape (n,)
    cluster : array of int, shape (n,), optional
        Number of the entity of each record; records of one count for less, in the interval and in the test.

    Notes
    -----
    The parts are disjoint, so their counts are independent: with k parts, exact intervals at the level
    `0.9 ** (1 / k)` all hold at once nine times in ten. Which part comes out worst is chance, its interval is not.
    It counts as worse when an exact test, times the number of parts, leaves a chance of one in twenty at most.

    Source
    ------
    Sidak 1967, JASA 62:626 (simultaneous intervals); Clopper and Pearson 1934; Fisher 1935; Bonferroni;
    Korn and Graubard 1998 and Rao and Scott 1992 (records of one entity).

    Examples
    --------
    >>> labels = np.repeat(["web", "mail", "fax"], [100, 100, 3])
    >>> wrong = np.r_[np.arange(100) < 10, np.arange(100) < 30, True, True, True]
    >>> found = worst("system", labels, wrong)
    >>> found.name, found.errors.hits, found.candidates, found.left_out, found.is_worse
    ('mail', 30, 2, 1, True)
    """
    sizes = pd.Series(labels[labels != ""]).value_counts(sort=False)
    least = policy.value("least_tail_records")
    candidates = sorted(str(name) for name in sizes[sizes >= least].index)
    left_out = len(sizes) - len(candidates)
    if len(candidates) <= 1:
        return Tail(of, len(candidates), left_out)
    counts = {name: (int(wrong[labels == name].sum()), int(sizes[name])) for name in candidates}
    name = max(candidates, key=lambda c: (counts[c][0] / counts[c][1], counts[c][1], c))
    (hits, n), level = counts[name], LEVEL ** (1 / len(candidates))
    entity = np.arange(len(wrong)) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    inside = labels == name
    worth = effective_n(wrong[inside], entity[inside], level)
    errors = Rate(hits, n, clopper_pearson(hits * worth / n, worth, level))
    others = clustered_rate(wrong[~inside], entity[~inside])
    chance_of_it = clustered_tail(inside, wrong, entity) if is_grouped(entity) else _chance_of_as_many(errors, others)
    is_worse = len(candidates) * chance_of_it <= (1 - LEVEL) / 2
    return Tail(of, len(candidates), left_out, name, errors, others, is_worse)


def _chance_of_as_many(errors: Rate, others: Rate) -> float:
    """Chance that as many of all wrong answers fall into one part, were they dealt out blindly (Fisher, one-sided)."""
    from scipy import stats  # slow to load

    return float(stats.hypergeom.sf(errors.hits - 1, errors.n + others.n, errors.hits + others.hits, errors.n))


def _periods(raw: Scored, inspection: Inspection) -> tuple[str, np.ndarray]:
    """The shortest periods that mostly hold enough records, and the first day of the one that each record lies in."""
    when = moments(inspection, "raw")[0][raw.rows]
    least, share = policy.value("least_tail_records"), policy.value("least_share_in_periods")
    for of, unit in PERIODS.items():
        starts = _starts(when, unit)
        sizes = pd.Series(starts[starts != ""]).value_counts()
        if of == "month" or sizes[sizes >= least].sum() >= share * max(1, sizes.sum()):
            break
    return of, starts


def _starts(when: np.ndarray, unit: str) -> np.ndarray:
    """First day of the period of each moment, as text; empty where it is not known. A week starts on Monday."""
    days = when.astype("datetime64[D]")
    if unit == "W":
        days = days - (days.astype(np.int64) + 3) % 7  # day 0 of the calendar was a Thursday
    first = days.astype("datetime64[M]").astype("datetime64[D]") if unit == "M" else days
    return np.where(np.isnat(when), "", first.astype(str)).astype(object)
