"""How many labelled rows it takes: to know accuracy to so many points, and to decide a rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, sqrt

from scipy import special

from flightready import policy
from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval, State
from flightready.intervals import LEVEL, newcombe, rows_to_decide, smallest_detectable_drop


@dataclass(frozen=True)
class PlannedSample:
    """Rows to label so that accuracy is known to so many points either way, nine times in ten.

    Parameters
    ----------
    half_width : float
        Share either way.
    rows : int
    detectable_drop : float, optional
        Smallest drop from the demo set that so many rows would show; None without a demo score.
    """

    half_width: float
    rows: int
    detectable_drop: float | None


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


def half_width_of(share: float, n: float) -> float:
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


def detectable(curated: Accuracy | None, n_raw: float) -> float | None:
    """Return the smallest drop from the demo score that so many raw rows show with the policy's power.

    Rows that belong together count as what they are worth in independent ones.
    """
    if curated is None or not curated.n or not curated.right or not n_raw:
        return None
    return smallest_detectable_drop(curated.share, curated.effective_n, n_raw, power=policy.value("power_of_detection"))


def rows_for_floor(raw: Accuracy, floor: Interval, state: State) -> int | None:
    """Return the rows that would decide the floor if accuracy stayed as it is; None when decided or out of reach."""
    if state is not State.UNKNOWN:
        return None
    threshold = floor.high if raw.share >= floor.high else floor.low
    most = policy.value("most_rows_to_plan")
    rows = rows_to_decide(raw.share, threshold, power=policy.value("power_of_detection"), most=most)
    if rows is None or rows * raw.design_effect > most:
        return None
    return ceil(rows * raw.design_effect)


def rows_for_drop(raw: Accuracy, curated: Accuracy, allowed: Interval, state: State) -> int | None:
    """Return the raw rows that would decide the allowed drop with the policy's power, if accuracy stayed as it is.

    The demo set is what it is and does not grow; chance is in the raw rows alone, and is counted exactly.

    Returns
    -------
    int or None
        None when decided, or when the allowance is not decided however many raw rows are labelled.
    """
    if state is not State.UNKNOWN:
        return None
    power = policy.value("power_of_detection")

    def is_decided(n: int) -> bool:
        rows = max(1, round(n / raw.design_effect))
        return n > raw.n and chance_to_decide(raw.share, rows, independent(curated), allowed) >= power

    return _smallest(is_decided)


def independent(found: Accuracy) -> Accuracy:
    """Return the independent records that say as much as records that belong together."""
    if found.design_effect == 1 or not found.n:
        return found
    n = max(1, round(found.effective_n))
    return Accuracy(round(found.share * n), n, found.interval)


def chance_to_decide(share: float, n: int, curated: Accuracy, allowed: Interval) -> float:
    """Return the chance that n raw rows of a true accuracy decide whether the drop is within what is allowed.

    Parameters
    ----------
    share : float
        True accuracy on raw data, 0 to 1.
    n : int
        Labelled raw rows.
    curated : Accuracy
        As it was counted.
    allowed : Interval
        Ends of the allowed drop, shares.

    Returns
    -------
    float
        Of the decision that is right, 0 when the drop lies within the range that is allowed.

    Examples
    --------
    >>> from flightready.evaluation.shares.accuracy import accuracy
    >>> round(chance_to_decide(0.83, 1500, accuracy(470, 500), Interval(0.08, 0.08)), 2)
    0.69
    """
    drop = curated.share - share
    if drop > allowed.high:
        # the interval of the drop falls as more rows are right: it lies above the allowance up to some count
        up_to = _last(lambda k: newcombe(curated.right, curated.n, k, n).low > allowed.high, n)
        return float(special.bdtr(up_to, n, share)) if up_to >= 0 else 0.0
    if drop < allowed.low:
        above = _last(lambda k: newcombe(curated.right, curated.n, k, n).high > allowed.low, n)
        return float(special.bdtrc(above, n, share)) if above >= 0 else 1.0
    return 0.0


def _last(holds: Callable[[int], bool], n: int) -> int:
    """The last count from 0 to n for which a condition holds that stays false once it is false; -1 for none."""
    low, high = -1, n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


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
