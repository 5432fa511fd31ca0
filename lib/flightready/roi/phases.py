"""Phases on the way to production: when each begins, what it costs, and whether its gate is passed.

A gate stands at the end of its phase. Where it is not passed, nothing that comes after is paid or earned: that is the
right to stop. Without that right every phase is paid for, whatever its gates say, and the value comes only if all of
them would have been passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flightready.assessment.roi import PhaseOfWork
from flightready.evidence import Grade
from flightready.roi.gathering import Gathering

DRAWN, EXPECTED = "drawn", "expected"


@dataclass(frozen=True)
class Phase:
    """One phase ahead.

    Parameters
    ----------
    name : str
        validate, prototype, pilot or scale.
    has_gate : bool
        Whether something must be passed at its end. Building for production has a gate only where one is stated.
    chance_key : str
        Column of the chance that its gate is passed: its own, or that of the prior for all gates without one.
    gates_sharing : int
        Gates over which the chance of `chance_key` is spread; 1 for its own.
    """

    name: str
    has_gate: bool
    chance_key: str
    gates_sharing: int

    def passes(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return the chance that its gate is passed."""
        return columns[self.chance_key] ** (1 / self.gates_sharing)


def gather_phases(g: Gathering) -> tuple[Phase, ...]:
    """Draw lengths, delays, costs and chances of the phases ahead; the policy's where the assessment does not say."""
    stated = g.spec.roi.phases
    gates = [p for p in stated if _has_gate(p)]
    for phase in stated:
        _gather_one(g, phase)
    if any(p.passes is None for p in gates):
        g.stated("graduation", "Chance that all gates ahead are passed, before anything is known",
                 None, "graduation_prior", "share")  # fmt: skip
    return tuple(_phase(p, len(gates)) for p in stated)


def _gather_one(g: Gathering, phase: PhaseOfWork) -> None:
    key, name = f"phase_{phase.phase}", phase.phase
    g.stated(f"{key}_length", f"Length of phase '{name}'", phase.length, f"default_length_{name}", "period")
    if phase.delay is not None:
        g.drawn(f"{key}_delay", f"Delay beside the planned length of '{name}'", phase.delay)
    if phase.cost is not None:
        g.drawn(f"{key}_cost", f"Cost of phase '{name}'", phase.cost)
    if phase.cost is not None or phase.data_share is not None:
        g.stated(f"{key}_data_share", f"Share of '{name}' that is data engineering", phase.data_share,
                 "default_data_share", "share")  # fmt: skip
    if _has_gate(phase) and phase.passes is not None:
        g.drawn(f"{key}_passes", f"Chance that the gate of '{name}' is passed", phase.passes)


def _has_gate(phase: PhaseOfWork) -> bool:
    return phase.phase != "scale" or phase.passes is not None


def _phase(phase: PhaseOfWork, gates: int) -> Phase:
    own = phase.passes is not None
    return Phase(phase.phase, _has_gate(phase), f"phase_{phase.phase}_passes" if own else "graduation",
                 1 if own else max(gates, 1))  # fmt: skip


def gather_delay(g: Gathering, phases: tuple[Phase, ...]) -> None:
    """Keep the months to launch: as estimated, or as the phases ahead last, or the policy's."""
    label = "Months from today to launch"
    if "delay" in g.spec.roi.estimates or not phases:
        g.estimate("delay", label, "default_delay")
        return
    grades = {row.grade for row in g.rows if row.key.startswith("phase_") and row.key.endswith("_length")}
    grade = Grade.ASSUMED if Grade.ASSUMED in grades else Grade.ESTIMATED
    g.show("delay", label, schedule(g.columns, phases, delayed=True)[1], "months", grade, "phases ahead, added up")


def luck(g: Gathering, phases: tuple[Phase, ...]) -> dict[str, np.ndarray]:
    """Return the uniform draws that decide each gate; they are chance, and no measurement tells them."""
    return {p.name: g.joint.uniform(f"roi.gate.{p.name}") for p in phases if p.has_gate}


def schedule(
    columns: Mapping[str, np.ndarray], phases: tuple[Phase, ...], *, delayed: bool
) -> tuple[list[np.ndarray], np.ndarray]:
    """Return the months from today to the beginning of each phase, and to the launch.

    Not delayed, as the pilot promised, everything begins today. Where the months to launch are estimated as a whole,
    the phases share them by their lengths.
    """
    start = columns.get("start", np.zeros(()))
    if not delayed:
        return [np.zeros(()) for _ in phases], np.zeros(())
    ends = [start]
    for phase in phases:
        length = columns[f"phase_{phase.name}_length"]
        ends.append(ends[-1] + length + columns.get(f"phase_{phase.name}_delay", 0.0))
    if "delay" not in columns:
        return ends[:-1], ends[-1]
    total = ends[-1] - start
    part = columns["delay"] / np.where(total > 0, total, np.inf)
    return [start + (at - start) * part for at in ends[:-1]], start + columns["delay"]


def reached(
    columns: Mapping[str, np.ndarray], phases: tuple[Phase, ...], chances: Mapping[str, np.ndarray], *, gates: str
) -> list[np.ndarray]:
    """Return whether each phase, and at the end the launch, is reached: 0 or 1 as drawn, or the chance of it.

    Parameters
    ----------
    chances : mapping of str to array
        Uniform draws by phase.
    gates : str
        `drawn` or `expected`.

    Examples
    --------
    >>> phase = Phase("pilot", has_gate=True, chance_key="passes", gates_sharing=1)
    >>> [float(r) for r in reached({"passes": np.array(0.6)}, (phase,), {}, gates="expected")]
    [1.0, 0.6]
    """
    so_far = [np.ones(())]
    for phase in phases:
        passed = np.ones(())
        if phase.has_gate:
            passes = phase.passes(columns)
            passed = passes if gates == EXPECTED else (chances[phase.name] < passes).astype(float)
        so_far.append(so_far[-1] * passed)
    return so_far


def phase_cost(columns: Mapping[str, np.ndarray], phase: Phase, *, with_data_work: bool) -> np.ndarray:
    """Return what a phase costs; the pilot's promise leaves the data engineering out."""
    cost = columns.get(f"phase_{phase.name}_cost", np.zeros(()))
    share = columns.get(f"phase_{phase.name}_data_share", np.zeros(()))
    return cost if with_data_work else cost * (1 - share)
