"""Options against one another: where which is cheapest, over a wide range of users and at the planned load."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy
from flightready.options.crossings import Cheapest, Crossing, Curve, all_crossings, cheapest_chances, cheapest_ranges
from flightready.options.line import Grounds, Line
from flightready.options.loads import load_of, planned_load
from flightready.options.middle import at_middle


@dataclass(frozen=True)
class Comparison:
    """Costs of a month over the users, with every input at its middle, and how sure their order is.

    Parameters
    ----------
    users : array
        Daily users, rising, from far fewer to far more than planned; every crossing is among them. They end where two
        costs change order too often to be followed.
    middle_usd : dict of name to array
        Cost of a month at each number of users; steps are where they are with every input at its middle.
    crossings : tuple of Crossing
        Every crossing of every pair, rising in users.
    cheapest : tuple of Cheapest
        From the fewest users to the most without a gap; setup is left out.
    chances : dict of name to float
        Chance of each option to be the cheapest at the planned load; they sum to 1, ties are shared.
    """

    users: np.ndarray
    middle_usd: dict[str, np.ndarray]
    crossings: tuple[Crossing, ...]
    cheapest: tuple[Cheapest, ...]
    chances: dict[str, float]


def compare(lines: Mapping[str, Line], line_at: Callable[[str, Grounds], Line], grounds: Grounds) -> Comparison | None:
    """Return which option is cheapest where; None without a planned load or with nothing to compare.

    Parameters
    ----------
    lines : mapping of name to Line
        Every option that has a price.
    line_at : callable
        Name and grounds to the option's line on these grounds; asked for the middle of every input.
    grounds : Grounds
    """
    demand = grounds.demand
    if demand is None or not lines:
        return None
    middle = at_middle(grounds)
    curves = {name: _curve(name, line, line_at, middle) for name, line in lines.items()}
    planned = float(np.median(demand.users_per_day))
    reach = policy.value("option_crossing_reach")
    low, high = planned / reach, planned * reach
    searched = all_crossings(curves, low, high)
    found, high = searched.crossings, searched.until
    users = np.unique([*np.geomspace(low, high, policy.value("option_crossing_start")), *(c.users for c in found)])

    def month(name: str, at: float) -> np.ndarray:
        return np.broadcast_to(lines[name].monthly_usd(load_of(demand, at)), demand.users_per_day.shape)

    return Comparison(
        users=users, middle_usd={name: costs(users) for name, costs in curves.items()},
        crossings=tuple(_with_chance(c, found, high, month) for c in found),
        cheapest=tuple(_sure(r, tuple(lines), month) for r in cheapest_ranges(curves, low, high, found)),
        chances=cheapest_chances({name: line.monthly_usd(planned_load(demand)) for name, line in lines.items()}),
    )  # fmt: skip


def _curve(name: str, line: Line, line_at: Callable[[str, Grounds], Line], middle: Grounds) -> Curve:
    """Return the cost of a month over users alone, every input at its middle."""
    one, each = middle.demand, line.per_request_usd
    if each is not None:  # nothing but requests counts, and pricing a log again takes long
        by_user = float((one.requests_per_month / one.users_per_day).item() * np.median(each))
        return lambda users: by_user * np.asarray(users)
    found = line_at(name, middle)
    return lambda users: np.reshape(found.monthly_usd(load_of(one, np.reshape(users, (1, -1)))), np.shape(users))


def _with_chance(
    crossing: Crossing, found: tuple[Crossing, ...], high: float, month: Callable[[str, float], np.ndarray]
) -> Crossing:
    """Return a crossing with the chance of its order, taken halfway to where the same two cross again."""
    pair = {crossing.cheaper_below, crossing.cheaper_above}
    later = (c.users for c in found if c.users > crossing.users and {c.cheaper_below, c.cheaper_above} == pair)
    middle = float(np.sqrt(crossing.users * min(later, default=high)))
    costs = {name: month(name, middle) for name in (crossing.cheaper_above, crossing.cheaper_below)}
    return replace(crossing, above_chance=cheapest_chances(costs)[crossing.cheaper_above])


def _sure(found: Cheapest, names: tuple[str, ...], month: Callable[[str, float], np.ndarray]) -> Cheapest:
    """Return a range with the chance that its option is the cheapest in its middle."""
    middle = float(np.sqrt(found.low * found.high))
    return replace(found, chance=cheapest_chances({name: month(name, middle) for name in names})[found.name])
