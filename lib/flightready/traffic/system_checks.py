"""What a simulation refuses, each with the reason."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from flightready.errors import InputError, nearest
from flightready.traffic.system import FAULTS, RETRIED, STOPS, Breaker, Client, Fault, Limits, Stage, Visit

_MOST_RETRIES = 100
_Fair = list[tuple[bool, str]]


def check(
    arrivals: np.ndarray, service: np.ndarray, stages: tuple[Stage, ...], visits: tuple[Visit, ...], client: Client,
    limits: tuple[Limits, ...], breaker: Breaker | None, faults: tuple[Fault, ...], failure: ArrayLike,
    row: ArrayLike | None,
) -> None:  # fmt: skip
    """Refuse what cannot be simulated.

    Raises
    ------
    InputError
        When a figure is out of range, or a request is larger than a limit ever allows.
    """
    _refuse(_of_load(arrivals, service, stages, visits))
    _refuse(_of_client(arrivals, client))
    rows = len(service)
    _refuse([(0 <= one.stage < len(stages), "the limits stand in front of no stage") for one in limits])
    _refuse(
        [(len({one.stage for one in limits}) == len(limits), "two sets of limits stand in front of the same stage")]
    )
    for one in limits:
        _refuse(_of_limits(one, rows))
        _refuse_too_large(one)
    _refuse(_of_breaker(breaker))
    for fault in faults:
        _check_fault(fault, len(stages), client)
    _check_rows(arrivals.size, rows, failure, row)


def _refuse(fair: _Fair) -> None:
    for is_fair, problem in fair:
        if not is_fair:
            raise InputError(problem)


def _of_load(arrivals: np.ndarray, service: np.ndarray, stages: tuple[Stage, ...], visits: tuple[Visit, ...]) -> _Fair:
    columns = f"{len(visits)} visits" if len(visits) != len(stages) else f"{len(stages)} stages"
    return [
        (arrivals.ndim == 1 and arrivals.size > 0, "there are no arrivals to simulate"),
        (bool(np.all(np.isfinite(arrivals)) and np.all(np.diff(arrivals, prepend=0.0) >= 0)),
         "arrivals must be seconds from 0 on, in order"),
        (len(visits) > 0, "requests make no visit to any stage"),
        (all(0 <= v.stage < len(stages) for v in visits), "a visit is to a stage that is not there"),
        (all(v.step >= 0 for v in visits), "the step of a visit must be at least 0"),
        (service.ndim == 2 and len(service) > 0 and service.shape[1] == len(visits),
         f"service times must be a table with one column for each of the {columns}"),
        (bool(not np.any(np.isinf(service)) and not np.any(service < 0)),
         "service times must be finite and at least 0, or not a number where a visit is not made"),
        (all(s.servers is None or (s.servers >= 1 and s.servers == int(s.servers)) for s in stages),
         "a stage needs at least 1 server, a whole number"),
        (all(s.room is None or (s.room >= 0 and s.room == int(s.room)) for s in stages),
         "the room of a queue must be a whole number, at least 0"),
    ]  # fmt: skip


def _of_client(arrivals: np.ndarray, client: Client) -> _Fair:
    return [
        (bool(np.all(np.asarray(client.timeout_s) > 0)) and client.budget_s > 0,
         "a time-out and a budget must be above 0"),
        (np.shape(client.timeout_s) in ((), arrivals.shape), "time-outs must be one, or one for each request"),
        (client.stops in STOPS, f"a time-out stops one of {', '.join(STOPS)}, not '{client.stops}'"),
        (0 <= client.retries <= _MOST_RETRIES and client.retries == int(client.retries),
         f"retries must be a whole number, 0 to {_MOST_RETRIES}, not {client.retries}"),
        (set(client.retried) <= set(RETRIED), f"it tries again after {', '.join(RETRIED)} only"),
        (0 <= client.backoff_s < np.inf and client.backoff_most_s >= 0, "a pause must be finite and at least 0"),
        (0 <= client.jitter <= 1 and 0 <= client.fallback <= 1, "jitter and fallback must be 0 to 1"),
        (client.hedge_after_s > 0, "a second attempt is made beside the first after a time above 0"),
        (0 <= client.cached_share <= 1, "the share of kept answers must be 0 to 1"),
        (0 <= client.cached_s < np.inf, "the time of a kept answer must be at least 0"),
    ]  # fmt: skip


def _of_limits(limits: Limits, rows: int) -> _Fair:
    return [
        (np.shape(limits.held) == np.shape(limits.kept) == (rows, len(limits.rules)),
         "the limits need what each row takes from each of them"),
        (bool(np.all(np.asarray(limits.held) >= 0) and np.all(np.asarray(limits.kept) >= 0)),
         "what a row takes from a limit must be known and at least 0"),
        (all(rule.per_minute > 0 and rule.capacity > 0 for rule in limits.rules),
         "a limit must allow more than 0 a minute"),
    ]  # fmt: skip


def _refuse_too_large(limits: Limits) -> None:
    for k, rule in enumerate(limits.rules):
        largest = float(np.max(np.asarray(limits.held)[:, k]))
        if not largest <= rule.capacity:
            raise InputError(
                f"a request of {largest:,.0f} {rule.noun}s is larger than the limit '{rule.name}' ever holds",
                valid=f"at most {rule.capacity:,.0f}", cure="raise the limit, or leave out requests of this size",
            )  # fmt: skip


def _of_breaker(breaker: Breaker | None) -> _Fair:
    return [] if breaker is None else [
        (0 < breaker.share <= 1, "a breaker opens at a share of failed attempts above 0, up to 1"),
        (breaker.of >= 1 and breaker.of == int(breaker.of), "a breaker looks back upon at least 1 attempt"),
        (0 < breaker.pause_s < np.inf, "the pause of a breaker must be above 0"),
    ]  # fmt: skip


def _check_fault(fault: Fault, stages: int, client: Client) -> None:
    if fault.kind not in FAULTS:
        raise InputError(
            f"'{fault.kind}' is no kind of fault", valid=", ".join(FAULTS), cure=nearest(fault.kind, list(FAULTS)) or ""
        )
    is_freed = fault.kind != "stuck" or bool(np.all(np.isfinite(client.timeout_s)))
    _refuse([
        (0 <= fault.start_s < fault.end_s, "a fault must begin at 0 or later and end after it began"),
        (0 <= fault.stage < stages, "a fault is at a stage that is not there"),
        (0 <= fault.share <= 1, "the share that a fault meets must be 0 to 1"),
        (0 < fault.factor < np.inf, "the factor of a slow stage must be above 0"),
        (is_freed, "a call that is stuck never ends without a time-out: state one"),
    ])  # fmt: skip


def _check_rows(requests: int, rows: int, failure: ArrayLike, row: ArrayLike | None) -> None:
    chances = np.asarray(failure, dtype=float)
    if chances.shape not in ((), (rows,)) or not np.all((chances >= 0) & (chances <= 1)):
        raise InputError("the chance of a failure must be 0 to 1: one, or one for each row of the service times")
    places = np.asarray(0 if row is None else row)
    is_whole = bool(np.all(np.isfinite(places)) and np.all(places == np.floor(places)))
    if row is not None and not (places.shape == (requests,) and is_whole and 0 <= places.min() <= places.max() < rows):
        raise InputError("each request needs one row of the service times")
