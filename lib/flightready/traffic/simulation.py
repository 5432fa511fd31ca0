"""Simulation of requests on their way through stages, rate limits, time-outs, retries and a fallback.

Each request has a row of service times, one for each stage, all from the same request of the pilot: what belongs
together stays together. A stage serves in order of arrival with so many servers. An attempt gives up when its time-out
is over, counted from its own arrival; the request then tries again, takes the fallback, or ends with a clear error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from flightready import policy
from flightready.draws import generator
from flightready.errors import InputError
from flightready.traffic.limit_rules import Rule
from flightready.traffic.replay import limit_arrays
from flightready.traffic.simulation_result import ENDINGS, OUTCOMES, SimulationResult, StageLoad, standard_error

if TYPE_CHECKING:
    from flightready.traffic.events import Books, Work

STOPS = ("everything", "waiting", "nothing", "patience")
"""What a time-out stops: the wait and the service (the server is free at once); the wait only (a server that has begun
works on); nothing (queue and servers do not notice); patience stops the wait, and who is being served stays."""
RETRIED = ENDINGS[2:]
"""Endings after which a request may try again."""
_MOST_RETRIES = 100
_SEED_BITS = 63


@dataclass(frozen=True)
class Stage:
    """One stage.

    Parameters
    ----------
    name : str
    servers : int or None
        At least 1; None: as many as it takes.
    room : int or None
        Attempts that may wait; who comes when so many wait is shed. None: any number.
    """

    name: str
    servers: int | None = None
    room: int | None = None


@dataclass(frozen=True)
class Limits:
    """Rate limits in front of a stage; what they count is as `limit_rules.charges` gives it.

    Parameters
    ----------
    rules : tuple of Rule
    held, kept : array of shape (rows, rules)
        What an attempt with that row takes when it starts, and has used when it ends.
    stage : int
        Place of the stage.
    delays : bool
        Attempts wait for their turn in one queue; otherwise they are rejected.
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
        What a time-out stops, one of STOPS.
    retries : int
        Further attempts at most, 0 to 100.
    retried : tuple of str
        Endings after which it tries again, from RETRIED.
    backoff_s, backoff_most_s : float
        Pause before the first retry; it doubles with each one, up to the most.
    jitter : float
        Largest share of a pause that chance takes off, 0 to 1.
    redraws : bool
        A further attempt takes the service times of a row of its own; otherwise those of the first attempt again.
    fallback : float
        Chance that the fallback works when no attempt answered, 0 to 1.
    """

    budget_s: float = np.inf
    timeout_s: float | np.ndarray = np.inf
    stops: str = "everything"
    retries: int = 0
    retried: tuple[str, ...] = RETRIED
    backoff_s: float = 0.0
    backoff_most_s: float = np.inf
    jitter: float = 0.0
    redraws: bool = True
    fallback: float = 0.0


def simulate(
    arrival_s: ArrayLike, service_s: ArrayLike, stages: tuple[Stage, ...], *, seed: int, name: str = "",
    client: Client | None = None, limits: Limits | None = None, failure: ArrayLike = 0.0, row: ArrayLike | None = None,
) -> SimulationResult:  # fmt: skip
    """Follow requests through the stages until every one has ended.

    Parameters
    ----------
    arrival_s : array of shape (requests,)
        Seconds, from 0, in order.
    service_s : array of shape (rows, stages)
        Service times measured together, seconds.
    seed, name : int, str
        The same seed and name give every request the same luck, whatever else is changed.
    failure : float or array of shape (rows,)
        Chance that an attempt with that row fails once it is served.
    row : array of shape (requests,), optional
        Row of each request's first attempt; drawn at random by default.

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
    _check(arrivals, service, stages, client, limits)
    _check_rows(arrivals.size, len(service), failure, row)
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
    retried = sum(1 << (events.TIMED_OUT + RETRIED.index(ending)) for ending in set(client.retried))
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


def _check(
    arrivals: np.ndarray, service: np.ndarray, stages: tuple[Stage, ...], client: Client, limits: Limits | None
) -> None:
    fair = [
        (arrivals.ndim == 1 and arrivals.size > 0, "there are no arrivals to simulate"),
        (bool(np.all(arrivals[:1] >= 0) and np.all(arrivals[1:] >= arrivals[:-1]) and np.all(arrivals[-1:] < np.inf)),
         "arrivals must be seconds from 0 on, in order"),
        (service.ndim == 2 and len(service) > 0 and service.shape[1] == len(stages),
         f"service times must be a table with one column for each of the {len(stages)} stages"),
        (bool(np.all(np.isfinite(service)) and np.all(service >= 0)), "service times must be known and at least 0"),
        (all(s.servers is None or s.servers >= 1 for s in stages), "a stage needs at least 1 server"),
        (all(s.room is None or s.room >= 0 for s in stages), "the room of a queue must be at least 0"),
        (bool(np.all(np.asarray(client.timeout_s) > 0)) and client.budget_s > 0,
         "a time-out and a budget must be above 0"),
        (np.shape(client.timeout_s) in ((), arrivals.shape), "time-outs must be one, or one for each request"),
        (client.stops in STOPS, f"a time-out stops one of {', '.join(STOPS)}, not '{client.stops}'"),
        (0 <= client.retries <= _MOST_RETRIES, f"retries must be 0 to {_MOST_RETRIES}, not {client.retries}"),
        (set(client.retried) <= set(RETRIED), f"it tries again after {', '.join(RETRIED)} only"),
        (client.backoff_s >= 0 and client.backoff_most_s >= 0, "a pause must be at least 0"),
        (0 <= client.jitter <= 1 and 0 <= client.fallback <= 1, "jitter and fallback must be 0 to 1"),
        (limits is None or 0 <= limits.stage < len(stages), "the limits stand in front of no stage"),
        (limits is None or np.shape(limits.held) == np.shape(limits.kept) == (len(service), len(limits.rules)),
         "the limits need what each row takes from each of them"),
        (limits is None or bool(np.all(np.asarray(limits.held) >= 0) and np.all(np.asarray(limits.kept) >= 0)),
         "what a row takes from a limit must be known and at least 0"),
    ]  # fmt: skip
    for is_fair, problem in fair:
        if not is_fair:
            raise InputError(problem)
    for k, rule in enumerate(limits.rules if limits else ()):
        largest = float(np.max(np.asarray(limits.held)[:, k]))
        if not largest <= rule.capacity:
            raise InputError(
                f"a request of {largest:,.0f} {rule.noun}s is larger than the limit '{rule.name}' ever holds",
                valid=f"at most {rule.capacity:,.0f}", cure="raise the limit, or leave out requests of this size",
            )  # fmt: skip


def _check_rows(requests: int, rows: int, failure: ArrayLike, row: ArrayLike | None) -> None:
    chances = np.asarray(failure, dtype=float)
    if chances.shape not in ((), (rows,)) or not np.all((chances >= 0) & (chances <= 1)):
        raise InputError("the chance of a failure must be 0 to 1: one, or one for each row of the service times")
    if row is not None and (np.shape(row) != (requests,) or np.min(row) < 0 or np.max(row) >= rows):
        raise InputError("each request needs one row of the service times")


def _result(
    work: Work, stages: tuple[Stage, ...], client: Client, limits: Limits | None, trail: np.ndarray, books: Books
) -> SimulationResult:
    from flightready.traffic import events  # slow to load

    requests, attempts = work.requests, int(books.totals[0]["attempts"])
    n, tries = requests.size, requests["tried"].astype(np.int64)
    response_s, ending = requests["finish_s"] - requests["arrival_s"], np.ascontiguousarray(trail["ending"][:attempts])
    place = (requests["outcome"] - events.ANSWERED).astype(np.int8)
    outcomes = dict(zip(OUTCOMES, _counts(place, len(OUTCOMES)), strict=True))
    in_time = (place == 0) & (response_s <= client.budget_s)
    kept = int(np.count_nonzero(in_time))
    ended = _counts(ending, events.SHED + 1)[events.TIMED_OUT :]
    endings = dict(zip(ENDINGS, (kept, outcomes[OUTCOMES[0]] - kept, *ended), strict=True))
    wait_s = trail["wait_s"][:attempts].copy()
    if attempts > n:  # attempts are in order, so the last one of each request stays
        wait_s, waits = np.empty(n), wait_s
        wait_s[trail["request"][:attempts]] = waits
    _conserve(n, attempts, outcomes, endings, int(tries.sum()), books)
    last, moments = float(requests["arrival_s"][-1]), books.inside.size - 1
    growth_per_s, is_growing = _growth(np.cumsum(books.inside[:moments]), last, n)
    figures = {"response_s": response_s, "wait_s": wait_s, "tries": tries, "in_time": in_time}
    figures |= {key: place == k for k, key in enumerate(OUTCOMES)}
    return SimulationResult(
        n, attempts, outcomes, endings, place, response_s, wait_s, tries, in_time,
        tuple(_load(stage, s, last, books) for s, stage in enumerate(stages)),
        float(books.queues["waited_s"][-1]) / attempts, tuple(books.short.tolist()), _use(limits, last, books), last,
        growth_per_s, is_growing, _replicates(figures, response_s),
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
    growth = float(np.polyfit(np.arange(level.size), level, 1)[0]) * parts  # over the time of all arrivals
    rises = np.diff(level)
    is_beyond_chance = float(rises.mean()) > 2 * standard_error(rises)
    return growth / last, bool(is_beyond_chance and growth > float(policy.value("simulation_growth")) * requests)


def _replicates(figures: dict[str, np.ndarray], response_s: np.ndarray) -> dict[str, np.ndarray]:
    parts = min(int(policy.value("simulation_batches")), response_s.size)
    size = response_s.size // parts

    def batches(values: np.ndarray) -> np.ndarray:
        return values[: parts * size].reshape(parts, size)

    found = {key: _means(batches(values)) for key, values in figures.items()}
    ordered = np.sort(batches(response_s), axis=1)  # a third of the time that np.quantile takes to find three places
    for key, share in (("p50_s", 0.5), ("p95_s", 0.95), ("p99_s", 0.99)):
        lower = int(share * (size - 1))
        upper = min(lower + 1, size - 1)
        part = share * (size - 1) - lower
        found[key] = ordered[:, lower] + part * (ordered[:, upper] - ordered[:, lower])
    return found


def _means(batches: np.ndarray) -> np.ndarray:
    is_counted = batches.dtype == bool  # counting them is far faster than adding them up as numbers
    return np.count_nonzero(batches, axis=1) / batches.shape[1] if is_counted else batches.mean(axis=1)


def _counts(codes: np.ndarray, kinds: int) -> list[int]:
    return [int(np.count_nonzero(codes == kind)) for kind in range(kinds)]
