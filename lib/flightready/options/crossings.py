"""Where one option becomes cheaper than another: every crossing of two costs over the users, and the cheapest of all.

A cost that follows the users crosses one that rises in whole machines again and again, so the search splits an interval
of users until the order inside it is certain: the costs are apart (both only ever rise), both run straight (solved
exactly), both are the same, or it holds a step and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from flightready import policy

Curve = Callable[[np.ndarray], np.ndarray]
"""Users a day, any shape, to the cost of a month; never falls with more users."""

_INSIDE = np.array([0.0, 0.2718, 0.5, 0.6931, 1.0])  # steps of equal width hit no straight line at uneven places
_EQUAL = 1e-9  # costs that differ by a smaller share of themselves differ by arithmetic only


@dataclass(frozen=True)
class Crossing:
    """A number of users a day at which the cheaper of two options changes, with every input at its middle.

    Parameters
    ----------
    users : float
    monthly_usd : float
        Cost of a month at that number of users; at a step, the one of the option that does not step.
    cheaper_below, cheaper_above : str
        Names of the option that is cheaper with fewer and with more users.
    above_chance : float or None
        Share of the draws in which `cheaper_above` is the cheaper one, halfway to where the same two cross again.
    """

    users: float
    monthly_usd: float
    cheaper_below: str
    cheaper_above: str
    above_chance: float | None = None


@dataclass(frozen=True)
class Cheapest:
    """Users a day from `low` to `high` between which an option costs least, with every input at its middle.

    Parameters
    ----------
    low, high : float
    name : str
        Of options that cost the same, the first.
    chance : float or None
        Share of the draws in which it costs least of all, in the middle of the range; ties are shared.
    """

    low: float
    high: float
    name: str
    chance: float | None = None


@dataclass(frozen=True)
class Found:
    """Every crossing up to a number of users, rising; beyond `until` costs change order too often to be followed."""

    crossings: tuple[Crossing, ...]
    until: float


def all_crossings(curves: Mapping[str, Curve], low: float, high: float) -> Found:
    """Return every crossing of every pair of options, rising in users.

    Parameters
    ----------
    curves : mapping of name to Curve
    low, high : float
        Users a day between which is searched, 0 < low < high.
    """
    pairs = [crossings(first, curves[first], second, curves[second], low, high)
             for first, second in combinations(curves, 2)]  # fmt: skip
    until = min((p.until for p in pairs), default=high)
    found = (c for p in pairs for c in p.crossings if c.users < until)
    return Found(tuple(sorted(found, key=lambda c: c.users)), until)


def crossings(first: str, first_cost: Curve, second: str, second_cost: Curve, low: float, high: float) -> Found:
    """Return every crossing of two options, rising in users; costs that touch or are equal do not cross.

    Of two costs that change order at thousands of steps only the first are followed: no more places are open at once
    than the policy's `option_crossings_most`.

    Parameters
    ----------
    first, second : str
        Names of the options.
    first_cost, second_cost : Curve
    low, high : float
        Users a day between which is searched, 0 < low < high.

    Examples
    --------
    One cent a user against machines for 10 dollars that serve 1,200 users each:

    >>> found = crossings("calls", lambda u: 0.01 * u, "machines", lambda u: 10 * np.ceil(u / 1_200), 1, 2_500)
    >>> [(round(c.users), c.cheaper_above) for c in found.crossings]
    [(1000, 'machines'), (1200, 'calls'), (2000, 'machines'), (2400, 'calls')]
    """
    users, until = _settled(first_cost, second_cost, low, high)
    f, s = first_cost(users), second_cost(users)
    gap = np.where(np.abs(f - s) <= _EQUAL * (np.abs(f) + np.abs(s)), 0.0, f - s)
    apart = np.flatnonzero(gap)
    turns = np.flatnonzero(np.sign(gap[apart[:-1]]) != np.sign(gap[apart[1:]]))
    found = (_crossing(first, second, users, f, gap, apart[i], apart[i + 1]) for i in turns)
    return Found(tuple(found), until)


def _crossing(
    first: str, second: str, users: np.ndarray, cost: np.ndarray, gap: np.ndarray, before: int, after: int
) -> Crossing:
    """Return the crossing between two places at which the order differs; between them the costs run straight."""
    share = gap[before] / (gap[before] - gap[after])
    at = users[before] + (users[after] - users[before]) * share
    if after > before + 1:  # equal in between: the order is lost where that begins
        at, share = users[before + 1], 1.0
    below, above = (first, second) if gap[before] < 0 else (second, first)
    return Crossing(float(at), float(cost[before] + (cost[before + 1] - cost[before]) * share), below, above)


def _settled(first: Curve, second: Curve, low: float, high: float) -> tuple[np.ndarray, float]:
    """Return users a day, rising, with at most one change of order from one to the next, and the last of them."""
    ends = np.geomspace(low, high, policy.value("option_crossing_start"))
    left, right, until = ends[:-1], ends[1:], high
    width, most = policy.value("option_crossing_width"), policy.value("option_crossings_most")
    found = [ends]
    while left.size:
        inside = left[:, None] + (right - left)[:, None] * _INSIDE
        f, s = first(inside), second(inside)
        apart = (f[:, -1] < s[:, 0]) | (s[:, -1] < f[:, 0])
        same = np.all(np.isclose(f, s, rtol=_EQUAL, atol=0), axis=1)
        narrow = right - left <= width * right
        open_ = ~(apart | same | narrow | (_straight(f) & _straight(s)))
        left, middle, right = left[open_], (left[open_] + right[open_]) / 2, right[open_]
        found.append(middle)
        left, right = (np.stack(pair, axis=1).ravel() for pair in ((left, middle), (middle, right)))
        if left.size > most:
            until, left, right = min(until, float(left[most])), left[:most], right[:most]
    users = np.unique(np.concatenate(found))
    return users[users <= until], until


def _straight(cost: np.ndarray) -> np.ndarray:
    """Return which rows of costs lie on a straight line."""
    line = cost[:, :1] + (cost[:, -1:] - cost[:, :1]) * _INSIDE
    return np.all(np.abs(cost - line) <= _EQUAL * np.abs(cost).max(axis=1, keepdims=True), axis=1)


def cheapest_ranges(
    curves: Mapping[str, Curve], low: float, high: float, found: tuple[Crossing, ...]
) -> tuple[Cheapest, ...]:
    """Return which option is the cheapest where, from `low` to `high` without a gap.

    Parameters
    ----------
    curves : mapping of name to Curve
        At least one.
    low, high : float
    found : tuple of Crossing
        Every crossing between them, rising in users.
    """
    ends = _apart([low, *(c.users for c in found if low < c.users < high), high])
    middles = np.sqrt(ends[:-1] * ends[1:])  # between two neighbours nothing crosses
    names = list(curves)
    costs = np.stack([curves[name](middles) for name in names])
    best = np.argmax(costs <= costs.min(axis=0) * (1 + _EQUAL), axis=0)  # the first of those that tie
    starts = np.flatnonzero(np.diff(best, prepend=-1))
    stops = np.append(starts[1:], best.size)
    return tuple(Cheapest(float(ends[a]), float(ends[b]), names[best[a]])
                 for a, b in zip(starts, stops, strict=True))  # fmt: skip


def _apart(places: list[float]) -> np.ndarray:
    """Return places without those that only arithmetic keeps from their neighbour, the first and the last kept."""
    ends = np.unique(places)
    kept = np.diff(ends) > _EQUAL * ends[1:]
    return np.append(ends[:-1][kept], ends[-1]) if kept.any() else ends[[0, -1]]


def cheapest_chances(months: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return the chance of each option to be the cheapest, over the same draws; they sum to 1, ties are shared.

    Examples
    --------
    >>> cheapest_chances({"a": np.array([1.0, 1.0]), "b": np.array([2.0, 1.0])})
    {'a': 0.75, 'b': 0.25}
    """
    if not months:
        return {}
    costs = np.stack(list(months.values()))
    least = costs <= costs.min(axis=0) * (1 + _EQUAL)
    shares = (least / least.sum(axis=0)).reshape(len(costs), -1).mean(axis=1)
    return dict(zip(months, shares.tolist(), strict=True))
