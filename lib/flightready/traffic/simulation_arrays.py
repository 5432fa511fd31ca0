"""What is simulated as the arrays that the events read and write."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from flightready import policy
from flightready.errors import InputError
from flightready.traffic import events
from flightready.traffic.replay import limit_arrays
from flightready.traffic.simulation_result import ENDINGS
from flightready.traffic.system import FAULTS, STOPS, Breaker, Client, Fault, Limits, Stage, Visit

_FAR = 1e300  # a pause that doubles ends here, so that the events after it still have a time
_MOST_ROWS = 2**31 - 1
_DIGITS = 9  # 7 of 100 are 7 failures, though .07 times 100 is a little more


@dataclass(frozen=True)
class System:
    """All that stays as it is from run to run.

    Parameters
    ----------
    stages : tuple of Stage
    visits : tuple of Visit
    client : Client
    limits : tuple of Limits
    breaker : Breaker or None
    faults : tuple of Fault
    """

    stages: tuple[Stage, ...]
    visits: tuple[Visit, ...]
    client: Client
    limits: tuple[Limits, ...]
    breaker: Breaker | None
    faults: tuple[Fault, ...]

    @property
    def order(self) -> list[int]:
        """Visits in the order of their steps."""
        return sorted(range(len(self.visits)), key=lambda v: self.visits[v].step)

    @property
    def width(self) -> int:
        """Most visits of a step; 0 where they follow one another."""
        most = max(np.unique([v.step for v in self.visits], return_counts=True)[1])
        return int(most) if most > 1 else 0

    @property
    def is_hedged(self) -> bool:
        """Second attempts are made beside others."""
        return self.client.hedge_after_s < np.inf


def work(system: System, arrivals: np.ndarray, service: np.ndarray, failure: ArrayLike, row: np.ndarray) -> events.Work:
    """Return what comes."""
    n, rows, gates = arrivals.size, len(service), len(system.limits)
    requests = events.Requests(
        arrivals, np.full(n, system.client.timeout_s, dtype=float), np.empty(n), np.array(row, dtype=np.int64),
        np.zeros(n, dtype="i4"), np.zeros(n, dtype="i1"),
    )  # fmt: skip
    most = max((len(one.rules) for one in system.limits), default=0)
    held, kept = np.zeros((rows, gates, most)), np.zeros((rows, gates, most))
    for g, one in enumerate(system.limits):
        held[:, g, : len(one.rules)], kept[:, g, : len(one.rules)] = one.held, one.kept
    order = system.order
    in_order = service if order == list(range(len(order))) else np.ascontiguousarray(service[:, order])
    return events.Work(requests, in_order, np.full(rows, failure, dtype=float), held, kept)


def setting(system: System, luck: np.uint64) -> events.Setting:
    """Return the setting."""
    client, breaker = system.client, system.breaker or Breaker(1.0, 0, 0.0)
    visits = [system.visits[v] for v in system.order]
    steps = [v.step for v in visits]
    way = np.array([(v.stage, bisect_right(steps, v.step)) for v in visits], dtype=events.VISIT)
    given = np.array([(
        len(system.stages), max(system.width, 1), STOPS.index(client.stops), client.retries,
        sum(1 << ENDINGS.index(ending) for ending in set(client.retried)), min(client.backoff_s, _FAR),
        min(client.backoff_most_s, _FAR), client.jitter, client.redraws, client.fallback, client.hedge_after_s,
        client.heeds_retry_after, client.cached_share, client.cached_s,
        math.ceil(round(breaker.share * breaker.of, _DIGITS)), breaker.of, breaker.pause_s, luck,
    )], dtype=events.CLIENT)  # fmt: skip
    return events.Setting(way, _faults(system.faults), given)


def _rules(limits: tuple[Limits, ...]) -> np.ndarray:
    """The limits of each gate, filled up with some that never run out."""
    rules = np.zeros((len(limits), max((len(one.rules) for one in limits), default=0)), dtype=events.RULE)
    rules["rate"], rules["capacity"] = 1.0, np.inf
    for g, one in enumerate(limits):
        if one.rules:
            given = rules[g, : len(one.rules)]
            given["rate"], given["capacity"], given["window_s"] = limit_arrays(one.rules)
            given["charges_rejected"] = [rule.counts == "requests" and rule.counts_failed for rule in one.rules]
    rules["level"] = rules["capacity"]
    return rules


def _faults(faults: tuple[Fault, ...]) -> np.ndarray:
    rows = [(FAULTS.index(f.kind), f.stage, f.start_s, f.end_s, f.share, f.factor) for f in faults]
    return np.array(rows, dtype=events.FAULT)


def trail(system: System, requests: int) -> events.Trail:
    """Return empty rows for all attempts and branches that there may be; memory is given for what is written only.

    Raises
    ------
    InputError
        When there may be more than can be numbered.
    """
    size = requests * (int(system.client.retries) + 1) * (1 + system.is_hedged)
    rows = size * (1 + system.width)
    if rows > _MOST_ROWS:
        raise InputError(f"{requests:,} requests may make {rows:,} attempts and visits beside each other, more than "
                         f"can be followed", valid=f"at most {_MOST_ROWS:,}")  # fmt: skip
    return events.Trail(
        np.empty(size), *(np.empty(size, dtype=kind) for kind in ("i4", "i4", "i1")), np.empty(rows),
        np.empty(rows, dtype=events.STATE), np.empty(rows, dtype=events.MORE),
    )  # fmt: skip


def books(system: System, requests: int, attempts: int, last_s: float) -> events.Books:
    """Return the state before the first request."""
    stages, gates = len(system.stages), len(system.limits)
    queues = np.zeros(stages + gates, dtype=events.QUEUE)
    queues["servers"][:stages] = [s.servers or 0 for s in system.stages]
    queues["room"][:stages] = [np.iinfo(np.int64).max if s.room is None else s.room for s in system.stages]
    queues["head"] = queues["tail"] = -1
    queues["opens_s"], queues["gate"] = np.inf, -1
    for g, one in enumerate(system.limits):
        queues["gate"][one.stage], queues["delays"][stages + g] = g, one.delays
        queues["returns"][stages + g] = np.any(np.asarray(one.held) != np.asarray(one.kept))
    # each attempt or branch is served once at a time, each attempt watched once and followed once, each request pauses
    calendar = np.empty(attempts * (2 + system.is_hedged + system.width) + requests, dtype=events.EVENT)
    moments = int(policy.value("simulation_moments"))
    with np.errstate(over="ignore"):
        scale = np.float64(moments) / last_s if last_s > 0 else 0.0
    totals = np.zeros(1, dtype=events.TOTALS)
    totals["opens_s"], totals["last_s"], totals["scale"] = np.inf, last_s, scale if scale < np.inf else 0.0
    totals["probe"] = -1
    recent = np.zeros(system.breaker.of if system.breaker else 0, dtype=np.int8)
    return events.Books(calendar, queues, totals, _rules(system.limits), np.zeros(moments + 1, dtype=np.int64), recent)
