"""What a simulation runs: stages and the visits to them, rate limits, the one who asks, a breaker, and faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready.traffic.limit_rules import Rule
from flightready.traffic.simulation_result import ENDINGS

STOPS = ("everything", "waiting", "nothing", "patience")
"""What a time-out stops: the wait and the service (the server is free at once); the wait only (a server that has begun
works on); nothing (queue and servers do not notice); patience stops the wait, and who is being served stays."""
RETRIED = tuple(ending for ending in ENDINGS[2:] if ending != "overtaken")
"""Endings after which a request may try again."""
CALLED = tuple(ending for ending in RETRIED if ending != "cut off")
"""Those of them in which it was worth a call: who is cut off knows that nobody calls at present."""
FAULTS = ("failed", "rejected", "malformed", "slow", "stuck", "down")
"""What a fault does to a visit: it fails after its service; is turned away at once; is served in full, like all that
follows, and useless in the end; takes longer; never ends, so that only a time-out frees its server; fails at once."""


@dataclass(frozen=True)
class Stage:
    """One stage.

    Parameters
    ----------
    name : str
    servers : int or None
        At least 1; None: as many as it takes.
    room : int or None
        Visits that may wait; who comes when so many wait is shed. None: any number.
    """

    name: str
    servers: int | None = None
    room: int | None = None


@dataclass(frozen=True)
class Visit:
    """One visit of an attempt to a stage: a column of the service times.

    Parameters
    ----------
    stage : int
        Place of the stage.
    step : int
        Visits of the same step run beside each other, also several to one stage; the next step begins when all have
        ended. From 0.
    """

    stage: int
    step: int


@dataclass(frozen=True)
class Limits:
    """Rate limits in front of a stage; what they count is as `limit_rules.charges` gives it.

    Parameters
    ----------
    rules : tuple of Rule
    held, kept : array of shape (rows, rules)
        What a visit of an attempt with that row takes when it starts, and has used when it ends.
    stage : int
        Place of the stage.
    delays : bool
        Visits wait for their turn in one queue; otherwise they are rejected.
    """

    rules: tuple[Rule, ...]
    held: np.ndarray
    kept: np.ndarray
    stage: int = 0
    delays: bool = True


@dataclass(frozen=True)
class Client:
    """What the one who asks does.

    Parameters
    ----------
    budget_s : float
        An answer is in time within this, counted from the arrival of the request.
    timeout_s : float or array of shape (requests,)
        An attempt gives up after this, counted from its own arrival.
    stops : str
        What a time-out stops, one of STOPS; what else makes the work of an attempt useless stops the same.
    retries : int
        Further attempts one after the other at most, 0 to 100.
    retried : tuple of str
        Endings after which it tries again, from RETRIED; who is cut off does not by default.
    backoff_s, backoff_most_s : float
        Pause before the first retry; it doubles with each one, up to the most.
    jitter : float
        Largest share of a pause that chance takes off, 0 to 1.
    redraws : bool
        A further attempt takes the service times of a row of its own; otherwise those of the first attempt again.
    fallback : float
        Chance that the fallback works when no attempt answered, 0 to 1.
    hedge_after_s : float
        An attempt that is still open after this gets a second one beside it, above 0. The first answer counts, and the
        other one is overtaken: what goes on with it is as `stops` says. Both count as one try for the retries.
    heeds_retry_after : bool
        After a rejection by a limit it tries again no sooner than the limit had room.
    cached_share, cached_s : float
        Chance that a request is answered without an attempt, 0 to 1, and the time of such an answer.
    """

    budget_s: float = np.inf
    timeout_s: float | np.ndarray = np.inf
    stops: str = "everything"
    retries: int = 0
    retried: tuple[str, ...] = CALLED
    backoff_s: float = 0.0
    backoff_most_s: float = np.inf
    jitter: float = 0.0
    redraws: bool = True
    fallback: float = 0.0
    hedge_after_s: float = np.inf
    heeds_retry_after: bool = False
    cached_share: float = 0.0
    cached_s: float = 0.0


@dataclass(frozen=True)
class Breaker:
    """A circuit breaker in front of all stages: after many failures nobody calls for a while.

    It opens when so large a share of the latest attempts ended without an answer; those that were overtaken or cut off
    do not count. After the pause one attempt is let through: an answer closes the breaker, and it counts anew; another
    ending opens it once more.

    Parameters
    ----------
    share : float
        Above 0, up to 1.
    of : int
        Attempts that are looked back upon, at least 1.
    pause_s : float
        Above 0.
    """

    share: float
    of: int
    pause_s: float


@dataclass(frozen=True)
class Fault:
    """What goes wrong at a stage for a while.

    Parameters
    ----------
    kind : str
        One of FAULTS. Who comes in that time is rejected or finds the stage down; the others are met when their
        service begins in it, and so are those that waited when it went down.
    start_s, end_s : float
        The end is not part of it.
    stage : int
        Place of the stage.
    share : float
        Chance that a visit is met, 0 to 1.
    factor : float
        Of slow: how many times the service takes as long, above 0.
    """

    kind: str
    start_s: float
    end_s: float
    stage: int = 0
    share: float = 1.0
    factor: float = 1.0
