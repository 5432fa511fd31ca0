"""How far groups lie apart, for all pairs together: the gap in accuracy, and the ratio of selection rates."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from math import ceil, exp, log, sqrt

import numpy as np
from scipy import special

from flightready import policy
from flightready.evaluation.groups.result import GroupGap, SelectionRatio
from flightready.evidence import Interval, State, judge_at_least, judge_at_most
from flightready.intervals import LEVEL, newcombe

_HALF = 0.5  # added to counts, so that the logarithm of none in n exists (Pettigrew, Gart and Thomas 1986)

Counts = Mapping[str, tuple[float, float]]
"""Hits and records of each group, both at the number of independent records."""


def critical_value(groups: int, families: int = 1) -> float:
    """Return by how many standard errors pairs of groups may differ by chance, for all pairs together.

    Parameters
    ----------
    groups : int
        At least 2.
    families : int
        Sets of groups that are looked at beside one another; they share the ten per cent.

    Source
    ------
    Tukey 1953, Kramer 1956 (studentised range); Agresti, Bini, Bertaccini and Ryu 2008 (Biometrics 64:1270) for
    proportions with score intervals.

    Examples
    --------
    >>> round(critical_value(2), 3), round(critical_value(5), 3)
    (1.645, 2.46)
    """
    from scipy import stats  # slow to load

    tail = (1 - LEVEL) / families
    if groups == 2:
        return float(special.ndtri(1 - tail / 2))
    return float(stats.studentized_range.ppf(1 - tail, groups, np.inf)) / sqrt(2)


def largest_gap(counts: Counts, *, families: int = 1) -> GroupGap | None:
    """Return how far the worst group lies behind the best, or None with fewer than two groups.

    Parameters
    ----------
    counts : mapping of group to (right answers, records)
    families : int
        Sets of groups that are compared in all.

    Examples
    --------
    >>> gap = largest_gap({"north": (180, 200), "south": (150, 200)})
    >>> gap.worst, round(gap.gap, 2), round(gap.interval.low, 3), round(gap.interval.high, 3), str(gap.state)
    ('south', 0.15, 0.088, 0.211, 'FAIL')
    """
    if len(counts) < 2:
        return None
    shares = {name: hits / n for name, (hits, n) in counts.items()}
    best, worst = max(shares, key=lambda g: shares[g]), min(shares, key=lambda g: shares[g])
    critical = critical_value(len(counts), families)
    level = 2 * float(special.ndtr(critical)) - 1
    ends = [newcombe(*counts[a], *counts[b], level) for a, b in combinations(counts, 2)]
    low = max(0.0, *(e.low for e in ends), *(-e.high for e in ends))
    high = max(*(e.high for e in ends), *(-e.low for e in ends), 0.0)
    interval, allowed = Interval(float(low), float(high)), policy.value("allowed_accuracy_gap")
    gap, state = shares[best] - shares[worst], judge_at_most(interval, allowed)
    rows = _rows(shares[best], shares[worst], allowed, critical) if state is State.UNKNOWN else None
    return GroupGap(best, worst, gap, interval, allowed, state, rows)


def _rows(first: float, second: float, allowed: float, critical: float) -> int | None:
    """Records of each of two groups that tell their gap from the one allowed; None where it would take too many."""
    power = float(special.ndtri(policy.value("power_of_detection")))
    distance = abs(first - second - allowed)
    spread = (critical + power) * sqrt(first * (1 - first) + second * (1 - second))
    most = policy.value("most_rows_to_plan")
    return ceil((spread / distance) ** 2) if distance * sqrt(most) > spread else None


def smallest_ratio(counts: Counts, *, families: int = 1, is_judged: bool = True) -> SelectionRatio | None:
    """Return the selection rate of the group that is selected least over that of the group selected most.

    Parameters
    ----------
    counts : mapping of group to (times selected, records)
    families : int
    is_judged : bool
        Whether being selected is what people hope for; otherwise the ratio is shown and not judged.

    Source
    ------
    Katz, Baptista, Azen and Pike 1978 (interval of a ratio); Pettigrew, Gart and Thomas 1986 (half a count added).
    """
    if len(counts) < 2 or not any(hits for hits, _ in counts.values()):
        return None
    rates = {name: hits / n for name, (hits, n) in counts.items()}
    most, least = max(rates, key=lambda g: rates[g]), min(rates, key=lambda g: rates[g])
    critical = critical_value(len(counts), families)
    ends = [_ratio(counts[a], counts[b], critical) for a, b in permutations(counts, 2)]
    low, high = (min(1.0, *(end[i] for end in ends)) for i in (0, 1))
    interval, needed = Interval(low, high), policy.value("least_selection_ratio")
    state = judge_at_least(interval, needed) if is_judged else State.NA
    return SelectionRatio(most, least, rates[least] / rates[most], interval, needed, state)


def _ratio(first: tuple[float, float], second: tuple[float, float], critical: float) -> tuple[float, float]:
    (x1, n1), (x2, n2) = first, second
    centre = log((x1 + _HALF) / (n1 + _HALF)) - log((x2 + _HALF) / (n2 + _HALF))
    spread = sqrt(1 / (x1 + _HALF) - 1 / (n1 + _HALF) + 1 / (x2 + _HALF) - 1 / (n2 + _HALF))
    return exp(centre - critical * spread), exp(centre + critical * spread)
