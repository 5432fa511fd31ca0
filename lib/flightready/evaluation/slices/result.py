"""What the search for weak slices returns."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evaluation.shares.accuracy import Accuracy
from flightready.evidence import Interval


@dataclass(frozen=True)
class Slice:
    """Records with one or two traits on which the pilot is right less often than on the others.

    Parameters
    ----------
    traits : tuple of str
        One or two, in plain words, such as `order_value_eur above 120`.
    n, wrong : int
        Scored records with these traits, and wrong answers among them.
    accuracy, rest : Accuracy
        Of these records and of all others; each with its own 90 % interval, as if it alone had been looked at.
    below : float
        Accuracy of the others minus that of these records, a share. The weakest of many looks weaker than it is.
    below_interval, interval : Interval
        Of that difference and of the accuracy, widened for having been picked out of all that were looked at.
    share_of_errors : float
        Wrong answers of these records over all wrong answers.
    excess : float
        Wrong answers that would not be there if these records were right as often as the others.
    p_adjusted : float
        Smallest false-discovery rate at which this slice is reported.
    """

    traits: tuple[str, ...]
    n: int
    wrong: int
    accuracy: Accuracy
    rest: Accuracy
    below: float
    below_interval: Interval
    interval: Interval
    share_of_errors: float
    excess: float
    p_adjusted: float

    @property
    def name(self) -> str:
        """Both traits in one phrase."""
        return " and ".join(self.traits)


@dataclass(frozen=True)
class SlicesResult:
    """Weak slices of raw records.

    Parameters
    ----------
    overall : Accuracy
    slices : tuple of Slice
        The few that explain the others, the one that explains most first.
    traits, tested : int
        Traits of records that were looked at, and slices of one or two of them that are large enough to be tested.
    discovered : int
        Slices below the rest beyond chance, before overlapping ones were left out.
    detectable : float, optional
        How far below the rest one tenth of the records must lie to be reported in most cases; None where nothing can.
    """

    overall: Accuracy
    slices: tuple[Slice, ...]
    traits: int
    tested: int
    discovered: int
    detectable: float | None
