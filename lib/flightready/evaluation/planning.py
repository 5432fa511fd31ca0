"""How many labelled rows it takes: to know accuracy to so many points, and to decide a rule."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

from scipy import special

from flightready import policy
from flightready.evaluation.result import Accuracy, PlannedSample
from flightready.evidence import Interval, State
from flightready.intervals import LEVEL, newcombe, rows_to_decide, smallest_detectable_drop


def rows_for_half_width(share: float, half_width: float) -> int:
    """Return the smallest sample whose 90 % interval reaches at most so far on average to either side.

    Parameters
    ----------
    share : float
        Accuracy to expect, 0 to 1.
    half_width : float
        Half of the interval's width, a share.

    Examples
    --------
    >>> rows_for_half_width(0.5, 0.05)
    268
    """

    def is_enough(n: int) -> bool:
        return half_width_of(share, n) <= half_width

    return _smallest(is_enough) or policy.value("most_rows_to_plan")


def half_width_of(share: float, n: int) -> float:
    """Return half of the width of the 90 % interval that n rows would give."""
    # Wilson's half width at the share itself: a rounded count would make it jump from one n to the next
    z = float(special.ndtri(0.5 + LEVEL / 2))
    return z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))


def plan(expected: float, curated: Accuracy | None) -> tuple[PlannedSample, ...]:
    """Return what labelling would give, from a first look to a narrow figure."""
    planned = []
    for half_width in policy.value("planned_half_widths"):
        rows = rows_for_half_width(expected, half_width)
        planned.append(PlannedSample(half_width, rows, detectable(curated, rows)))
    return tuple(planned)


def detectable(curated: Accuracy | None, n_raw: int) -> float | None:
    """Return the smallest drop from the demo score that so many raw rows show with the policy's power."""
    if curated is None or not curated.n or not curated.right or not n_raw:
        return None
    return smallest_detectable_drop(curated.share, curated.n, n_raw, power=policy.value("power_of_detection"))


def rows_for_floor(raw: Accuracy, floor: Interval, state: State) -> int | None:
    """Return the rows that would decide the floor if accuracy stayed as it is; None when decided or out of reach."""
    if state is not State.UNKNOWN:
        return None
    threshold = floor.high if raw.share >= floor.high else floor.low
    return rows_to_decide(
        raw.share, threshold, power=policy.value("power_of_detection"), most=policy.value("most_rows_to_plan")
    )


def rows_for_drop(raw: Accuracy, curated: Accuracy, allowed: Interval, state: State) -> int | None:
    """Return the raw rows that would decide the allowed drop if both accuracies stayed as they are."""
    if state is not State.UNKNOWN:
        return None

    def is_decided(n: int) -> bool:
        interval = newcombe(curated.right, curated.n, round(raw.share * n), n)
        return n > raw.n and (interval.high <= allowed.low or interval.low > allowed.high)

    return _smallest(is_decided)


def _smallest(holds: Callable[[int], bool]) -> int | None:
    """The smallest n that holds, for a condition that stays true once it is true (but for rounding)."""
    most, high = policy.value("most_rows_to_plan"), 1
    while not holds(high):
        high *= 2
        if high > most:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
