"""A counted share and the size of a shift, each with its interval: what every comparison of records is told in."""

from __future__ import annotations

from dataclasses import dataclass

from flightready.evidence import Interval


@dataclass(frozen=True)
class Rate:
    """A counted share with its 90 % interval.

    Parameters
    ----------
    hits, n : int
        0 <= hits <= n.
    interval : Interval
        Exact (Clopper-Pearson) interval of the share.
    """

    hits: int
    n: int
    interval: Interval

    @property
    def share(self) -> float:
        """Hits over n; 0 when n is 0."""
        return self.hits / self.n if self.n else 0.0


@dataclass(frozen=True)
class Effect:
    """How large a shift is.

    Parameters
    ----------
    name : str
        What the value measures, in plain words.
    value : float
    interval : Interval, optional
        Its 90 % interval.
    none : float
        Value that means no shift.
    """

    name: str
    value: float
    interval: Interval | None
    none: float
