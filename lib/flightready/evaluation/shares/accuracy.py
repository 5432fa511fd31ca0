"""A share of right answers with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Interval
from flightready.intervals import wilson


@dataclass(frozen=True)
class Accuracy:
    """Right answers among scored records, with the 90 % interval of their share.

    Parameters
    ----------
    right, n : int
        0 <= right <= n.
    interval : Interval
        Wilson's; where records belong together, from drawing whole groups of them.
    design_effect : float
        How many times the variance is that of independent records, 1 to n; 1 where each record is its own.
    """

    right: int
    n: int
    interval: Interval
    design_effect: float = 1.0

    @property
    def share(self) -> float:
        """Right answers over scored records; 0 when there is none."""
        return self.right / self.n if self.n else 0.0

    @property
    def effective_n(self) -> float:
        """Independent records that would say as much, 0 to n."""
        return self.n / self.design_effect


def accuracy(right: int, n: int) -> Accuracy:
    """Return a count of right answers with its 90 % Wilson interval."""
    return Accuracy(right, n, wilson(right, n))
