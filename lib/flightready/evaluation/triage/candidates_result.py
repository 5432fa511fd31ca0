"""What comparing other models returns: each against the pilot on the same records."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval
from flightready.intervals import LEVEL


@dataclass(frozen=True)
class Compared:
    """One candidate beside the pilot on the same raw records.

    Parameters
    ----------
    name : str
        As the assessment calls it.
    right, pilot : Accuracy
        Of the candidate and of the pilot, over the records that both have.
    difference : float
        Accuracy of the candidate minus that of the pilot, a share.
    interval : Interval
        Its 90 % interval (paired).
    p_value : float
        Chance of so large a difference without a real one, corrected for the number of candidates.
    only_pilot, only_candidate : int
        Records that only one of the two got right.
    unanswered : int
        Compared records without an answer of the candidate; they count as wrong.
    left_out : int
        Scored records that the candidate's file does not hold.
    strangers : int
        Records of the candidate's file that are not among the raw records.
    cost_per_request : float, optional
        In the assessment's currency.
    p95_s : float, optional
        Time within which 95 of 100 requests are answered, as stated.
    """

    name: str
    right: Accuracy
    pilot: Accuracy
    difference: float
    interval: Interval
    p_value: float
    only_pilot: int
    only_candidate: int
    unanswered: int
    left_out: int
    strangers: int
    cost_per_request: float | None
    p95_s: float | None

    @property
    def differs(self) -> bool:
        """Whether the candidate is shown to be better or worse; several candidates share the chance of an error."""
        return self.p_value <= 1 - LEVEL


@dataclass(frozen=True)
class Candidates:
    """All candidates, in the order of the assessment."""

    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class Option:
    """One model on the frontier of accuracy, cost and time.

    Parameters
    ----------
    name : str
    is_pilot : bool
    right : Accuracy
    cost : float, optional
        Cost of one request.
    p95_s : float, optional
    beaten_by : str
        A model that is cheaper and better; empty when there is none.
    """

    name: str
    is_pilot: bool
    right: Accuracy
    cost: float | None
    p95_s: float | None
    beaten_by: str = ""
