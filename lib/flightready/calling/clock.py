"""The clock of the calls, the only module outside the study that reads one; tests put their own in its place."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Something that tells seconds and waits."""

    def moment(self) -> float:
        """Return seconds since any fixed moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class WallClock:
    """The clock of this machine; changes of its date do not matter."""

    def moment(self) -> float:
        """Return seconds since any fixed moment."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class Pace:
    """Spaces calls evenly, so that no minute holds more than so many.

    Parameters
    ----------
    per_minute : float, optional
        None for as fast as the pilot answers.
    clock : Clock
    """

    def __init__(self, per_minute: float | None, clock: Clock) -> None:
        self._gap_s = 60 / per_minute if per_minute else 0.0
        self._clock, self._next = clock, clock.moment()

    def wait(self) -> None:
        """Wait until the next call may start."""
        now = self._clock.moment()
        if now < self._next:
            self._clock.sleep(self._next - now)
        self._next = max(now, self._next) + self._gap_s

    def hold(self, seconds: float) -> None:
        """Let no call start for so long, as a service asked for."""
        self._next = max(self._next, self._clock.moment() + seconds)

    @property
    def gap_s(self) -> float:
        """Seconds from the start of one call to the next at least."""
        return self._gap_s
