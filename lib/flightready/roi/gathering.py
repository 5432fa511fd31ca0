"""Drawing the inputs of the value model one by one, each with the row that readers see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.assessment.roi import ESTIMATES
from flightready.cost.reviewing import RATE, usd_per_unit
from flightready.draws import JointSample, summarise
from flightready.evidence import Grade
from flightready.quantity import Quantity, pooled


@dataclass(frozen=True)
class RoiInput:
    """One input as readers see it: median and 90 % interval in `unit`, grade and source."""

    key: str
    label: str
    low: float
    median: float
    high: float
    unit: str
    grade: Grade
    source: str


class Gathering:
    """Draws inputs one by one: its column under a key, and the row that is shown for it.

    Parameters
    ----------
    measured : dict of str to array
        Columns that the results of the pilot measured; they take the place of what the assessment states.
    """

    def __init__(self, pilot: Pilot, joint: JointSample, measured: dict[str, np.ndarray] | None = None) -> None:
        self.spec, self.joint, self.measured = pilot.spec, joint, measured or {}
        self.rows: list[RoiInput] = []
        self.columns: dict[str, np.ndarray] = {}

    def show(self, key: str, label: str, draws: np.ndarray, unit: str, grade: Grade, source: str) -> None:
        """Keep a row that is shown, for what is no input of its own."""
        s = summarise(draws)
        self.rows.append(RoiInput(key, label, s.low, s.median, s.high, unit, grade, source))

    def keep(self, key: str, label: str, draws: np.ndarray, unit: str, grade: Grade, source: str) -> np.ndarray:
        """Keep a column and its row."""
        self.show(key, label, draws, unit, grade, source)
        self.columns[key] = draws
        return draws

    def drawn(self, key: str, label: str, given: Quantity, *, name: str = "", source: str = "") -> np.ndarray:
        """Draw what the assessment states under a name of the joint sample; what was measured goes before it."""
        if key in self.measured:  # what was stated, times the part of the plan that was measured
            source = "assessment, times the part of the plan that the results reached"
            return self.keep(key, label, self.measured[key], given.unit, Grade.ESTIMATED, source)
        draws = self.joint.column(name or f"roi.{key}", given)
        return self.keep(key, label, draws, given.unit, Grade.ESTIMATED, given.source or source or "assessment")

    def stated(self, key: str, label: str, given: Quantity | None, default: str, kind: str) -> np.ndarray:
        """Draw what the assessment says, else the policy's default, marked as assumed."""
        if given is not None:
            return self.drawn(key, label, given)
        used = policy.quantity(default, kind)
        if "USD" in used.unit and self.spec.currency != "USD":
            draws = self.joint.column(f"roi.{key}", used) / self.usd_per_unit
            unit = used.unit.replace("USD", self.spec.currency)
            return self.keep(key, label, draws, unit, Grade.ASSUMED, f"{used.source}; {RATE}")
        return self.keep(key, label, self.joint.column(f"roi.{key}", used), used.unit, Grade.ASSUMED, used.source)

    def estimate(self, key: str, label: str, default: str) -> np.ndarray:
        """Draw what people estimate under `roi.estimates`, pooled, else the policy's default."""
        people = self.spec.roi.estimates.get(key)
        return self.stated(key, label, pooled(people) if people else None, default, ESTIMATES[key])

    @property
    def usd_per_unit(self) -> float:
        """Rough rate of the policy, for what is only known in USD."""
        return usd_per_unit(self.spec)

    def zero(self) -> np.ndarray:
        """Return a column of zeros."""
        return np.zeros((self.joint.replicates, self.joint.draws))
