"""What is in the way when no policy holds: which part misses what is asked for, and what it would have to become.

One part after the other is put back into a world in which nothing waits and nothing fails: first the times themselves,
then the failures, the limits, the places. A part that breaks what held before is in the way; it is eased until it no
longer does, and the next part is tried on that, so that the changes named together are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from flightready import policy as data
from flightready.options.policy_choices import Choices, Policy
from flightready.options.policy_models import whole_s
from flightready.options.policy_trial import Bench, Met, Problem, Trial
from flightready.traffic.simulation import Limits

SERVICE, FAILURES, LIMITS, PLACES, UPSTREAM = "service", "failures", "limits", "places", "upstream"
_FINEST = 0.01  # as closely as a change is sought, a share of itself
_MOST_DOUBLINGS = 12


@dataclass(frozen=True)
class Obstacle:
    """One thing in the way.

    Parameters
    ----------
    key : str
        service, failures, limits, places or upstream.
    met : Met
        What is missed most with every policy at its best, everything after this part left free.
    factor : float or None
        What the part would have to be multiplied by; None where no factor was found to do.
    now, then : float or None
        The part today and as it would have to be: p95 of the times in service (s), share of attempts that fail, the
        first limit a minute, served at once.
    """

    key: str
    met: Met
    factor: float | None
    now: float | None
    then: float | None


def obstacles(problem: Problem, choices: Choices, policies: Iterable[Policy]) -> tuple[Obstacle, ...]:
    """Return what is in the way of the pilot's own model, in the order times, failures, limits, places.

    Parameters
    ----------
    policies : iterable of Policy
        That may be chosen; of other models only the pilot's own way is looked at.
    """
    reachable = tuple(r for r in problem.requirements if r.share <= 1.0)
    if not reachable:
        return ()
    own = [p for p in policies if not p.model]
    world = _World(replace(problem, requirements=reachable), own)
    found: list[Obstacle] = []
    for key, ease in (
        (SERVICE, world.ease_times), (FAILURES, world.ease_failures), (LIMITS, world.ease_limits),
        (PLACES, world.ease_places),
    ):  # fmt: skip
        obstacle = ease(key)
        if obstacle is not None:
            found.append(obstacle)
            if obstacle.factor is None:
                break  # what comes after cannot be judged
    return tuple(found)
