"""What gates are worth: the value with and without the right to stop at each of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.draws import Summary, summarise
from flightready.roi.model import LEVERS, ValueModel
from flightready.roi.phases import phase_cost, reached, schedule


@dataclass(frozen=True)
class PhaseAhead:
    """One phase as the plan has it; months count from today.

    Parameters
    ----------
    name : str
        validate, prototype, pilot or scale.
    begins, ends : Summary
        In months.
    cost : Summary
    passes : Summary or None
        Chance that its gate is passed; None without a gate.
    is_prior : bool
        Whether that chance is the prior of the field.
    reached : float
        Mean chance that it begins.
    """

    name: str
    begins: Summary
    ends: Summary
    cost: Summary
    passes: Summary | None
    is_prior: bool
    reached: float


@dataclass(frozen=True)
class Gates:
    """The way to production.

    Parameters
    ----------
    phases : tuple of PhaseAhead
    launched : float
        Mean chance that every gate is passed.
    mean, mean_without_stopping : float
        Mean present value with the right to stop at a gate that is not passed, and without it.
    spent : float
        Mean discounted cost of phases and of building, with the right to stop.
    if_launched : Summary
        Present value in the case that every gate is passed.
    """

    phases: tuple[PhaseAhead, ...]
    launched: float
    mean: float
    mean_without_stopping: float
    spent: float
    if_launched: Summary

    @property
    def worth_of_stopping(self) -> float:
        """Mean present value that the right to stop adds."""
        return self.mean - self.mean_without_stopping


def gates(model: ValueModel) -> Gates | None:
    """Return what the gates ahead make of the value; None where no phases are stated."""
    phases, expected = model.inputs.phases, model.expected
    if not phases:
        return None
    certain = model.present_value(LEVERS - {"gates"})
    return Gates(
        phases=_ahead(model), launched=float(np.mean(model.chance_of_launch())),
        mean=float(np.mean(expected.present_value())),
        mean_without_stopping=float(np.mean(expected.present_value(may_stop=False))),
        spent=float(np.mean(expected.spent())), if_launched=_summary(model, certain),
    )  # fmt: skip


def _ahead(model: ValueModel) -> tuple[PhaseAhead, ...]:
    x, phases = model.columns, model.inputs.phases
    begins, launch = schedule(x, phases, delayed=True)
    ends = [*begins[1:], launch]
    chances = reached(x, phases, {}, gates="expected")
    return tuple(
        PhaseAhead(
            name=p.name, begins=_summary(model, begins[i]), ends=_summary(model, ends[i]),
            cost=_summary(model, phase_cost(x, p, with_data_work=True)),
            passes=_summary(model, p.passes(x)) if p.has_gate else None,
            is_prior=p.has_gate and p.chance_key == "graduation", reached=float(np.mean(chances[i])),
        )
        for i, p in enumerate(phases)
    )  # fmt: skip


def _summary(model: ValueModel, draws: np.ndarray) -> Summary:
    return summarise(np.broadcast_to(draws, model.shape))
