"""Simulation of requests on their way through stages, rate limits, time-outs, retries and a fallback.

Each request has a row of service times, one for each stage, all from the same request of the pilot: what belongs
together stays together. A stage serves in order of arrival with so many servers. An attempt gives up when its time-out
is over, counted from its own arrival; the request then tries again, takes the fallback, or ends with a clear error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from flightready import policy
from flightready.draws import generator
from flightready.traffic.peaks import SECONDS_PER_MINUTE
from flightready.traffic.simulation_result import ENDINGS, OUTCOMES, SimulationResult, StageLoad, standard_error
from flightready.traffic.system import FAULTS, RETRIED, STOPS, Breaker, Client, Fault, Limits, Stage, Visit
from flightready.traffic.system_checks import check

if TYPE_CHECKING:
    from flightready.traffic.events import Books, Trail, Work
    from flightready.traffic.simulation_arrays import System

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
    from flightready.traffic import events, simulation_arrays  # slow to load

    client = client or Client()
    arrivals, service = np.ascontiguousarray(arrival_s, dtype=float), np.ascontiguousarray(service_s, dtype=float)
    visits = tuple(Visit(s, s) for s in range(len(stages))) if visits is None else visits
    gates = (limits,) if isinstance(limits, Limits) else limits or ()
    check(arrivals, service, stages, visits, client, gates, breaker, faults, failure, row)
    dice = generator(seed, "traffic", "simulation", name)
    luck = np.uint64(dice.integers(1 << _SEED_BITS))
    system = simulation_arrays.System(stages, visits, client, gates, breaker, faults)
    rows = dice.integers(len(service), size=arrivals.size) if row is None else np.asarray(row)
    work = simulation_arrays.work(system, arrivals, service, failure, rows)
    trail = simulation_arrays.trail(system, arrivals.size)
    books = simulation_arrays.books(system, arrivals.size, trail.ending.size, float(arrivals[-1]))
    events.run(work, simulation_arrays.setting(system, luck), trail, books)
    return _result(work, system, trail, books)


def _result(work: Work, system: System, trail: Trail, books: Books) -> SimulationResult:
    from flightready.traffic import events  # slow to load

    requests, attempts = work.requests, int(books.totals[0]["attempts"])
    n, tries = requests.row.size, requests.tried.astype(np.int64)
    of, ending = trail.request[:attempts], trail.ending[:attempts]
    response_s = requests.finish_s - requests.arrival_s
    place = requests.outcome - np.int8(events.ANSWERED)
    outcomes = dict(zip(OUTCOMES, _counts(place, len(OUTCOMES)), strict=True))
    is_answered, cached = place == 0, tries == 0
    in_time = is_answered & (response_s <= system.client.budget_s)
    kept = int(np.count_nonzero(in_time & ~cached)) if system.client.cached_share else int(np.count_nonzero(in_time))
    ended = _counts(ending, len(ENDINGS))
    endings = dict(zip(ENDINGS, (kept, ended[events.ANSWERED] - kept, *ended[events.TIMED_OUT :]), strict=True))
    wait_s = _waits(system, of, trail.wait_s[:attempts], ending == events.ANSWERED, n)
    _conserve(n, attempts, int(np.count_nonzero(cached)), outcomes, endings, int(tries.sum()), books)
    last, moments = float(requests.arrival_s[-1]), books.inside.size - 1
    growth_per_s, is_growing = _growth(np.cumsum(books.inside[:moments]), last, n)
    figures = {"response_s": response_s, "wait_s": wait_s, "tries": tries, "in_time": in_time}
    figures |= {key: place == k for k, key in enumerate(OUTCOMES)}
    stages, limits = system.stages, system.limits
    places = ending - (ending == events.ANSWERED)  # answered in time and late are two endings of the same kind
    if endings[ENDINGS[1]]:
        places[(ending == events.ANSWERED) & ~in_time[of]] = 1
    return SimulationResult(
        n, attempts, outcomes, endings, place, response_s, wait_s, tries, in_time,
        tuple(_load(stage, s, last, books) for s, stage in enumerate(stages)),
        float(books.queues["waited_s"][len(stages) :].sum()) / max(attempts, 1), _each(limits, books.rules["short"]),
        _use(limits, last, books), last, growth_per_s, is_growing, _replicates(figures, response_s),
        int(books.totals[0]["hedges"]), cached, requests.row, requests.finish_s, of, trail.row[:attempts], places,
        trail.start_s[:attempts],
    )  # fmt: skip


def _waits(system: System, of: np.ndarray, waits_s: np.ndarray, answered: np.ndarray, requests: int) -> np.ndarray:
    """Time in queues of the attempt of each request that answered, else of its last one."""
    if of.size == requests and not (system.client.cached_share or system.is_hedged):
        return waits_s
    wait_s = np.zeros(requests)
    wait_s[of] = waits_s  # attempts are in order, so the last one of each request stays
    if system.is_hedged:
        wait_s[of[answered]] = waits_s[answered]
    return wait_s


def _each(limits: tuple[Limits, ...], figures: np.ndarray) -> tuple[Any, ...]:
    """One figure for each rule of all limits, in order."""
    return tuple(figure for g, one in enumerate(limits) for figure in figures[g, : len(one.rules)].tolist())


def _conserve(
    requests: int, attempts: int, cached: int, outcomes: dict[str, int], endings: dict[str, int], tried: int,
    books: Books,
) -> None:  # fmt: skip
    """Refuse a run in which a request or an attempt was lost from sight: that is a defect of the program."""
    is_whole = sum(outcomes.values()) == requests and sum(endings.values()) == attempts == tried
    is_told = endings[ENDINGS[0]] + endings[ENDINGS[1]] + cached == outcomes[OUTCOMES[0]]
    is_empty = not (books.queues["length"].any() or books.queues["busy"].any() or books.inside.sum())
    if not (is_whole and is_empty and is_told):
        raise RuntimeError(f"the simulation lost requests from sight: {outcomes} of {requests}, {endings}")


def _load(stage: Stage, s: int, last: float, books: Books) -> StageLoad:
    queue = books.queues[s]
    server_s = last * (stage.servers or 1)
    offered, worked = (float(queue[key]) / server_s if server_s > 0 else np.nan for key in ("asked_s", "worked_s"))
    came = int(queue["came"])
    wait_s = float(queue["waited_s"]) / came if came else np.nan
    return StageLoad(stage.name, stage.servers, came, offered, worked, wait_s)


def _use(limits: tuple[Limits, ...], last: float, books: Books) -> tuple[float, ...]:
    used = []
    for asked, rule in zip(_each(limits, books.rules["asked"]), (r for one in limits for r in one.rules), strict=True):
        allowed = rule.capacity + rule.per_minute / SECONDS_PER_MINUTE * last
        used.append(asked / allowed if last > 0 else np.nan)
    return tuple(used)


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
