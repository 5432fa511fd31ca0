"""Simulation of requests on their way through stages, rate limits, time-outs, retries and a fallback.

Each request has a row of service times, one for each stage, all from the same request of the pilot: what belongs
together stays together. A stage serves in order of arrival with so many servers. An attempt gives up when its time-out
is over, counted from its own arrival; the request then tries again, takes the fallback, or ends with a clear error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from flightready import policy
from flightready.draws import generator
from flightready.traffic.replay import limit_arrays
from flightready.traffic.simulation_result import ENDINGS, OUTCOMES, SimulationResult, StageLoad, standard_error
from flightready.traffic.system import FAULTS, RETRIED, STOPS, Breaker, Client, Fault, Limits, Stage, Visit
from flightready.traffic.system_checks import check

if TYPE_CHECKING:
    from flightready.traffic.events import Books, Work

__all__ = ["FAULTS", "RETRIED", "STOPS", "Breaker", "Client", "Fault", "Limits", "Stage", "Visit", "simulate"]
_SEED_BITS = 63


def simulate(
    arrival_s: ArrayLike, service_s: ArrayLike, stages: tuple[Stage, ...], *, seed: int, name: str = "",
    client: Client | None = None, limits: Limits | tuple[Limits, ...] | None = None, failure: ArrayLike = 0.0,
    row: ArrayLike | None = None, visits: tuple[Visit, ...] | None = None, breaker: Breaker | None = None,
    faults: tuple[Fault, ...] = (),
) -> SimulationResult:  # fmt: skip
    """Follow requests through the stages until every one has ended.

    Parameters
    ----------
    arrival_s : array of shape (requests,)
        Seconds, from 0, in order.
    service_s : array of shape (rows, visits)
        Service times measured together, seconds; NaN where a request does not make the visit.
    seed, name : int, str
        The same seed and name give every request the same luck, whatever else is changed.
    failure : float or array of shape (rows,)
        Chance that an attempt with that row fails once it is served.
    row : array of shape (requests,), optional
        Row of each request's first attempt; drawn at random by default.
    visits : tuple of Visit, optional
        What the columns of the service times are; by default one visit to each stage, in order.
    limits : Limits or tuple of Limits, optional
        At most one set in front of each stage.
    faults : tuple of Fault
        Where several meet the same visit, the first one counts.

    Notes
    -----
    It begins empty and goes on after the last arrival until everyone has left. Of a short run near full use, what was
    asked for may by chance be more than the servers can do, so `is_stable` then says no: 10,000 requests settle it at
    90 % use of one server.

    Raises
    ------
    InputError
        When a figure is out of range, or a request is larger than a limit ever allows.

    Source
    ------
    Law 2015, Simulation Modeling and Analysis, chapter 1 (next-event time advance).

    Examples
    --------
    >>> found = simulate([0.0, 0.0], [[2.0]], (Stage("model", servers=1),), seed=1)
    >>> found.response_s.tolist(), found.outcomes["answered"]
    ([2.0, 4.0], 2)
    """
    from flightready.traffic import events  # slow to load

    client = client or Client()
    arrivals, service = np.ascontiguousarray(arrival_s, dtype=float), np.ascontiguousarray(service_s, dtype=float)
    visits = visits or tuple(Visit(s, s) for s in range(len(stages)))
    gates = (limits,) if isinstance(limits, Limits) else limits or ()
    check(arrivals, service, stages, visits, client, gates, breaker, faults, failure, row)
    if len(gates) > 1 or visits != tuple(Visit(s, s) for s in range(len(stages))) or breaker or faults:
        raise NotImplementedError
    limits = gates[0] if gates else None
    dice = generator(seed, "traffic", "simulation", name)
    luck = np.uint64(dice.integers(1 << _SEED_BITS))
    n, rows = arrivals.size, len(service)
    charges = np.zeros((rows, 0)), np.zeros((rows, 0))
    if limits is not None:
        charges = tuple(np.ascontiguousarray(c, dtype=float) for c in (limits.held, limits.kept))
    requests = np.zeros(n, dtype=events.REQUEST)
    requests["arrival_s"], requests["timeout_s"] = arrivals, client.timeout_s
    requests["row"] = dice.integers(rows, size=n) if row is None else row
    work = events.Work(requests, service, np.full(rows, failure, dtype=float), *charges)
    trail = np.empty(n * (client.retries + 1), dtype=events.ATTEMPT)  # memory is given for what is written only
    books = _books(stages, limits, n, trail.size, float(arrivals[-1]))
    events.run(work, _setting(client, limits, luck), trail, books)
    return _result(work, stages, client, limits, trail, books)


def _setting(client: Client, limits: Limits | None, luck: np.uint64):
    from flightready.traffic import events  # slow to load

    rules = limits.rules if limits else ()
    arrays = limit_arrays(rules) if rules else (np.zeros(0), np.zeros(0), np.zeros(0))
    retried = sum(1 << ENDINGS.index(ending) for ending in set(client.retried))
    return events.Setting(
        *arrays, np.array([r.counts == "requests" and r.counts_failed for r in rules], dtype=bool),
        limits.stage if limits else -1, bool(limits and limits.delays),
        bool(limits and np.any(np.asarray(limits.held) != np.asarray(limits.kept))),
        STOPS.index(client.stops), client.retries, retried, float(client.backoff_s), float(client.backoff_most_s),
        float(client.jitter), bool(client.redraws), float(client.fallback), luck,
    )  # fmt: skip


def _books(stages: tuple[Stage, ...], limits: Limits | None, requests: int, attempts: int, last_s: float) -> Books:
    from flightready.traffic import events  # slow to load

    queues = np.zeros(len(stages) + 1, dtype=events.QUEUE)
    queues["servers"][:-1] = [s.servers or 0 for s in stages]
    queues["room"][:-1] = [np.iinfo(np.int64).max if s.room is None else s.room for s in stages]
    queues["head"] = queues["tail"] = -1
    level = np.array([rule.capacity for rule in limits.rules] if limits else [], dtype=float)
    # each attempt is served and watched at most once at a time, each request pauses once
    calendar = np.empty(2 * attempts + requests, dtype=events.EVENT)
    totals = np.array([(0, 0, np.inf, last_s)], dtype=events.TOTALS)
    moments = int(policy.value("simulation_moments"))
    return events.Books(
        calendar, queues, totals, level, np.zeros(level.size), np.zeros(level.size, dtype=np.int64),
        np.zeros(level.size), np.zeros(moments + 1, dtype=np.int64),
    )  # fmt: skip


def _result(
    work: Work, stages: tuple[Stage, ...], client: Client, limits: Limits | None, trail: np.ndarray, books: Books
) -> SimulationResult:
    from flightready.traffic import events  # slow to load

    requests, attempts = work.requests, int(books.totals[0]["attempts"])
    n, outcome, tries = requests.size, requests["outcome"], requests["tried"].astype(np.int64)
    response_s, ending = requests["finish_s"] - requests["arrival_s"], trail["ending"][:attempts]
    is_answered = outcome == events.ANSWERED
    in_time = is_answered & (response_s <= client.budget_s)
    ended = np.bincount(ending, minlength=len(ENDINGS))
    late = int(is_answered.sum()) - int(in_time.sum())
    endings = dict(zip(ENDINGS, (int(in_time.sum()), late, *ended[events.TIMED_OUT :].tolist()), strict=True))
    place = (outcome - events.ANSWERED).astype(np.int8)
    outcomes = dict(zip(OUTCOMES, np.bincount(place, minlength=len(OUTCOMES)).tolist(), strict=True))
    wait_s = np.empty(n)
    wait_s[trail["request"][:attempts]] = trail["wait_s"][:attempts]  # attempts are in order, so the last one stays
    _conserve(n, attempts, outcomes, endings, int(tries.sum()), books)
    last, moments = float(requests["arrival_s"][-1]), books.inside.size - 1
    growth_per_s, is_growing = _growth(np.cumsum(books.inside[:moments]), last, n)
    figures = {"response_s": response_s, "wait_s": wait_s, "tries": tries, "in_time": in_time}
    figures |= {key: place == k for k, key in enumerate(OUTCOMES)}
    return SimulationResult(
        n, attempts, outcomes, endings, place, response_s, wait_s, tries, in_time,
        tuple(_load(stage, s, last, books) for s, stage in enumerate(stages)),
        float(books.queues["waited_s"][-1]) / attempts, tuple(books.short.tolist()), _use(limits, last, books), last,
        growth_per_s, is_growing, _replicates(figures, response_s), 0, tries == 0, requests["row"],
        requests["finish_s"], trail["request"][:attempts].copy(), trail["row"][:attempts].copy(),
        (ending - (ending == 1)).astype(np.int8), trail["start_s"][:attempts].copy(),
    )  # fmt: skip


def _conserve(
    requests: int, attempts: int, outcomes: dict[str, int], endings: dict[str, int], tried: int, books: Books
) -> None:
    """Refuse a run in which a request or an attempt was lost from sight: that is a defect of the program."""
    is_whole = sum(outcomes.values()) == requests and sum(endings.values()) == attempts == tried
    is_empty = not (books.queues["length"].any() or books.queues["busy"].any() or books.inside.sum())
    if not (is_whole and is_empty and endings[ENDINGS[0]] + endings[ENDINGS[1]] == outcomes[OUTCOMES[0]]):
        raise RuntimeError(f"the simulation lost requests from sight: {outcomes} of {requests}, {endings}")


def _load(stage: Stage, s: int, last: float, books: Books) -> StageLoad:
    queue = books.queues[s]
    server_s = last * (stage.servers or 1)
    offered, worked = (float(queue[key]) / server_s if server_s > 0 else np.nan for key in ("asked_s", "worked_s"))
    came = int(queue["came"])
    wait_s = float(queue["waited_s"]) / came if came else np.nan
    return StageLoad(stage.name, stage.servers, came, offered, worked, wait_s)


def _use(limits: Limits | None, last: float, books: Books) -> tuple[float, ...]:
    if limits is None or last <= 0:
        return () if limits is None else (np.nan,) * len(limits.rules)
    rate, capacity, _ = limit_arrays(limits.rules)
    return tuple((books.asked / (capacity + rate * last)).tolist())


def _growth(inside: np.ndarray, last: float, requests: int) -> tuple[float, bool]:
    """How fast those inside grew over the second half of the arrivals, and whether for good."""
    if last <= 0:
        return 0.0, False
    parts = int(policy.value("simulation_batches"))
    level = inside.reshape(parts, -1).mean(axis=1)[parts // 2 :]
    at_s = (np.arange(level.size) + 0.5) * last / parts
    growth = float(np.polyfit(at_s, level, 1)[0])
    rises = np.diff(level)
    is_beyond_chance = float(rises.mean()) > 2 * standard_error(rises)
    return growth, bool(is_beyond_chance and growth > float(policy.value("simulation_growth")) * requests / last)


def _replicates(figures: dict[str, np.ndarray], response_s: np.ndarray) -> dict[str, np.ndarray]:
    parts = min(int(policy.value("simulation_batches")), response_s.size)
    size = response_s.size // parts
    found = {key: a[: parts * size].reshape(parts, size).mean(axis=1) for key, a in figures.items()}
    shares = np.quantile(response_s[: parts * size].reshape(parts, size), [0.5, 0.95, 0.99], axis=1)
    return found | dict(zip(("p50_s", "p95_s", "p99_s"), shares, strict=True))
