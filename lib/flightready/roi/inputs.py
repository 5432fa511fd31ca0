"""The inputs of the value model as columns of the joint sample, each with its grade and source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import JointSample
from flightready.evidence import Grade
from flightready.roi.benefits import Stream, gather_benefits, without_effect
from flightready.roi.found import gather_found
from flightready.roi.gathering import Gathering, RoiInput
from flightready.roi.load import gather_load, gather_ramp
from flightready.roi.phases import Phase, gather_delay, gather_phases, luck
from flightready.roi.spending import gather_spending
from flightready.traffic.demand import Demand

__all__ = ["RoiInput", "ValueInputs", "gather", "horizon_months"]


@dataclass(frozen=True)
class ValueInputs:
    """Every input of the value model.

    Parameters
    ----------
    columns : dict of str to array
        Inputs by key, each of the joint sample's shape (replicates, draws): money in the assessment's currency, times
        in months, rates per year. A key that nobody stated and no policy fills is not there.
    rows : tuple of RoiInput
        What is shown.
    horizon_months : int
    streams : tuple of Stream
        Streams of benefit; empty when nobody said what anything is worth.
    phases : tuple of Phase
        Phases ahead.
    luck : dict of str to array
        Uniform draws that decide the gate of each phase.
    without_effect : tuple of str
        Streams that are left out because their effect is neither stated nor measured.
    """

    columns: dict[str, np.ndarray]
    rows: tuple[RoiInput, ...]
    horizon_months: int
    streams: tuple[Stream, ...] = ()
    phases: tuple[Phase, ...] = ()
    luck: dict[str, np.ndarray] = field(default_factory=dict)
    without_effect: tuple[str, ...] = ()

    def grade(self, key: str) -> Grade:
        """Return the grade of one input by its key."""
        return next(row.grade for row in self.rows if row.key == key)

    def grade_or_assumed(self, key: str) -> Grade:
        """Return the grade of one input by its key, assumed where it has no row."""
        return next((row.grade for row in self.rows if row.key == key), Grade.ASSUMED)


def gather(
    pilot: Pilot, joint: JointSample, demand: Demand | None, evaluation: Any, cost: Any, latency: Any,
    *, measured: dict[str, np.ndarray] | None = None,
) -> ValueInputs:  # fmt: skip
    """Collect measured results first, then what the assessment states, then the policy's defaults.

    Parameters
    ----------
    measured : dict of str to array, optional
        Columns that the results of the pilot measured, by key (`Stream.measurable`), of shape (replicates, draws).
    """
    g = Gathering(pilot, joint, measured)
    gather_load(g, demand)
    gather_found(g, demand, evaluation, cost, latency)
    g.estimate("adoption", "Share of cases that use it, after the ramp", "default_adoption")
    gather_ramp(g, demand)
    streams = gather_benefits(g)
    phases = gather_phases(g)
    gather_delay(g, phases)
    gather_spending(g, cost)
    return ValueInputs(
        columns=g.columns, rows=tuple(g.rows), horizon_months=horizon_months(pilot), streams=streams, phases=phases,
        luck=luck(g, phases), without_effect=without_effect(g),
    )  # fmt: skip


def horizon_months(pilot: Pilot) -> int:
    """Return the whole months that are looked ahead: the assessment's horizon, else the policy's."""
    horizon = pilot.spec.roi.horizon or policy.quantity("default_horizon", "period")
    return max(1, round(horizon.median))
