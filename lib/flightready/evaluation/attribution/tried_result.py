"""What calling the pilot showed: whether it is the one that was recorded, and what each defect costs by trial."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from flightready import policy
from flightready.evaluation.attribution.attribution_result import Strength, Valued
from flightready.evidence import Interval, State
from flightready.realism.outcome import Rate

TRIED = (Strength.INJECTED, Strength.REPAIRED)
"""Grades for which the pilot is called; what is only seen beside each other is associated."""


class Effect(StrEnum):
    """What a trial says of an effect."""

    SHOWN = "shown"  # all of the interval lies on one side of zero
    OPEN = "cannot tell yet"  # the interval holds zero, or too few records were changed
    NONE = "none by construction"
    UNKNOWN = "not tried"


@dataclass(frozen=True)
class TriedPart:
    """What one defect costs, or its repair regains, as a trial shows.

    Parameters
    ----------
    detector : str
        Id of the defect's detector; `all` for all defects together.
    name : str
        In plain words.
    grade : Strength
    n_changed : int
        Records that the trial changed.
    points : float, optional
        Share of all records of the side that are answered wrongly for it (injected) or rightly again (repaired):
        averaged over the orders in which a record's defects may come. None when it was not tried.
    interval : Interval, optional
        Its 90 % interval.
    calls, failed : int
        Different questions behind it, and those to which no answer came; these count as wrong.
    state : Effect
    why : str
        Why it is not known, or is nothing by construction, or reached fewer records than raw data.
    n_held : int
        Records that were to hold it, by the raw rate.
    worth : Valued
        The points in wrong answers and money a month, where a load and prices are stated.
    """

    detector: str
    name: str
    grade: Strength
    n_changed: int
    points: float | None
    interval: Interval | None
    calls: int
    failed: int
    state: Effect
    why: str = ""
    n_held: int = 0
    worth: Valued = field(default_factory=Valued)


@dataclass(frozen=True)
class SamePilot:
    """Whether the pilot that is called is the one whose answers were recorded.

    Parameters
    ----------
    same : Rate
        Unchanged records to which it gives the recorded answer; a call that failed is none.
    state : State
        PASS when it agrees often enough, FAIL when another pilot must be behind it.
    failed : int
        Calls that gave no answer among them.
    """

    same: Rate
    state: State
    failed: int


@dataclass(frozen=True)
class TriedResult:
    """What was tried by calling the pilot.

    Parameters
    ----------
    same_pilot : SamePilot, optional
        None before the first answer.
    injected, repaired : tuple of TriedPart
        The largest effect first, then those that are not known or are nothing by construction.
    injected_all, repaired_all : TriedPart, optional
        All defects together; the parts add up to it.
    n_injected, n_repaired : int
        Records of the demo set, and raw records, that were tried (those that no defect reaches included).
    planned_injected, planned_repaired : int
        Records that are planned.
    calls, answered, failed : int
        Different questions that are planned, of which are answered, of which are calls that failed.
    failures : dict of str to int
        Failed calls by reason.
    inputs : tuple of str
        Columns that the pilot is given.
    sent_to : str
        Where records are sent.
    currency : str
    why : str
        Why nothing was tried; empty when something was.
    """

    same_pilot: SamePilot | None = None
    injected: tuple[TriedPart, ...] = ()
    repaired: tuple[TriedPart, ...] = ()
    injected_all: TriedPart | None = None
    repaired_all: TriedPart | None = None
    n_injected: int = 0
    n_repaired: int = 0
    planned_injected: int = 0
    planned_repaired: int = 0
    calls: int = 0
    answered: int = 0
    failed: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    sent_to: str = ""
    currency: str = "USD"
    why: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether every planned record was tried."""
        return bool(self.calls) and self.answered == self.calls

    @property
    def is_another(self) -> bool:
        """Whether the pilot gives fewer of the recorded answers than the one that was recorded would."""
        found = self.same_pilot
        return found is not None and found.same.share < policy.value("call_least_same_share")

    def parts(self, grade: Strength) -> tuple[TriedPart, ...]:
        """Return the parts of one grade."""
        return self.injected if grade is Strength.INJECTED else self.repaired
