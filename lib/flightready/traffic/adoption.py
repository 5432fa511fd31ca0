"""Adoption: the share of planned users who use it, by months since their launch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from flightready.assessment.workload import Adoption
from flightready.draws import JointSample
from flightready.quantity import Quantity

_SHORTEST_MONTHS = 1e-9  # keeps a curve that rises at once from dividing by zero
_NINE_TENTHS = np.log(9.0)  # logit of 0.9: where a logistic curve of width 1 reaches nine tenths


@dataclass(frozen=True)
class Logistic:
    """A logistic curve through one half and nine tenths; arrays of shape (replicates, draws), months since launch.

    Those who use it on the first day are part of the curve: `half_after` 3 and `nine_tenths_after` 8 months start at
    21 %.

    Source
    ------
    Griliches 1957 (logistic adoption).
    """

    half_after: np.ndarray
    nine_tenths_after: np.ndarray

    def share(self, age: np.ndarray) -> np.ndarray:
        """Return the share of users at an age in months, shape (replicates, draws, months)."""
        width = np.maximum(self.nine_tenths_after - self.half_after, _SHORTEST_MONTHS) / _NINE_TENTHS
        return special.expit((age - self.half_after[..., None]) / width[..., None])


@dataclass(frozen=True)
class Stated:
    """Stated points: straight between them, from 0 at launch unless that is stated, level after the last.

    Parameters
    ----------
    months : tuple of float
        Rising, since launch.
    shares : array of shape (replicates, draws, points)
    """

    months: tuple[float, ...]
    shares: np.ndarray

    def share(self, age: np.ndarray) -> np.ndarray:
        """Return the share of users at an age in months, shape (replicates, draws, months)."""
        from_zero = self.months[0] > 0
        knots = np.array([*([0.0] if from_zero else []), *self.months, self.months[-1] + 1])
        at_start = [np.zeros_like(self.shares[..., :1])] if from_zero else []
        values = np.concatenate([*at_start, self.shares, self.shares[..., -1:]], axis=-1)
        age = np.broadcast_to(age, (*self.shares.shape[:-1], age.shape[-1]))
        right = np.clip(np.searchsorted(knots, age, side="right"), 1, knots.size - 1)
        part = np.clip((age - knots[right - 1]) / (knots[right] - knots[right - 1]), 0, 1)
        left_value = np.take_along_axis(values, right - 1, axis=-1)
        return left_value + part * (np.take_along_axis(values, right, axis=-1) - left_value)


@dataclass(frozen=True)
class Ramp:
    """A straight line from nobody at launch to everybody `full_after` months later, shape (replicates, draws)."""

    full_after: np.ndarray

    def share(self, age: np.ndarray) -> np.ndarray:
        """Return the share of users at an age in months, shape (replicates, draws, months)."""
        return np.clip(age / np.maximum(self.full_after[..., None], _SHORTEST_MONTHS), 0, 1)


Curve = Logistic | Stated | Ramp


def curve(given: Adoption | None, joint: JointSample) -> Curve | None:
    """Return the stated curve, None when the assessment states none.

    One curve is one draw: where adoption is early it is early all along, so all of its points share their uncertainty.
    """
    if given is None:
        return None
    uniform = joint.uniform("workload.adoption")

    def drawn(quantity: Quantity) -> np.ndarray:
        return np.broadcast_to(np.asarray(quantity.ppf(uniform), dtype=float), uniform.shape)

    if given.points is not None:
        return Stated(tuple(given.points), np.stack([drawn(share) for share in given.points.values()], axis=-1))
    ends = drawn(given.half_after), drawn(given.nine_tenths_after)
    return Logistic(np.minimum(*ends), np.maximum(*ends))  # two wide ranges may cross at their ends


def live_share(months: int, after: np.ndarray | float) -> np.ndarray:
    """Return the part of each month from 1 on that lies after a launch, 0 to 1.

    Parameters
    ----------
    months : int
    after : float or array of shape (replicates, draws)
        Months from the beginning to the launch.

    Examples
    --------
    >>> live_share(3, 1.25).tolist()
    [0.0, 0.75, 1.0]
    """
    return np.clip(np.arange(1, months + 1) - np.asarray(after, dtype=float)[..., None], 0, 1)


def age_at_middle(months: int, after: np.ndarray | float) -> np.ndarray:
    """Return the months from a launch to the middle of each month, at least 0: the middle stands for the month."""
    middle = np.arange(1, months + 1) - 0.5
    return np.maximum(middle - np.asarray(after, dtype=float)[..., None], 0)
