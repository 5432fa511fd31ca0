"""Coordinated omission: a load test whose slow requests delayed the next ones counts too few slow requests.

A load test that waits for each answer before it sends the next request sends nothing while the system stands still. Of
a stall it notes one slow request, where users who come on their own would have met it again and again. With the time
between two requests as it was meant, the requests that were held back are put in place: one that took v is followed by
v - I, v - 2 I and so on, down to I. Without it the loop can only be seen in the starts.

What is put in place was not measured. It follows from the request that held it back, so the interval comes from whole
requests, each with what it held back, resampled as many times over as there were real ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import generator
from flightready.errors import InputError, listed
from flightready.evidence import Finding, Grade, Interval, State
from flightready.intervals import LEVEL
from flightready.latency.percentiles import Percentile, judged
from flightready.latency.traces import Traces
from flightready.wording import count, seconds


@dataclass(frozen=True)
class Omission:
    """What a load test left out because each request waited for the one before.

    Parameters
    ----------
    every_s : float or None
        Time between two requests of one user as it was meant; None when it is not stated, and nothing is repaired.
    n : int
        Real requests.
    held_back : int
        Requests that took at least so long that one or more others were not sent.
    added : int
        Requests that are put in place; 0 where nothing is repaired.
    repaired : tuple of Percentile
        With what was held back; `n` and the intervals are those of the real requests. Empty where nothing is repaired.
    in_time_share : float or None
        Share in time with what was held back, where a budget says what in time is.
    in_time_interval : Interval or None
    at_once : int
        Requests that were kept going at once, each waiting for one before it.
    pause_s : float or None
        Usual time from an end to the start that waited for it; None where the times of day are unknown.
    """

    every_s: float | None
    n: int
    held_back: int
    added: int
    repaired: tuple[Percentile, ...]
    in_time_share: float | None
    in_time_interval: Interval | None
    at_once: int
    pause_s: float | None


def omission(
    traces: Traces, pilot: Pilot, *, shares: dict[str, float], budgets: dict[str, float], limit_s: float | None
) -> Omission | None:
    """Return what was left out: repaired where `latency.sent_every` says the schedule, else only if the starts show it.

    Parameters
    ----------
    traces : Traces
    pilot : Pilot
    shares, budgets : dict of str to float
        Percentiles by name, and the budget of each in seconds.
    limit_s : float or None
        Time within which an answer is in time.

    Raises
    ------
    InputError
        When the stated time is so short that millions of requests would have to be put in place.
    """
    stated = pilot.spec.latency.sent_every
    if stated is None:
        return closed_loop(traces) if pilot.spec.latency.spans else None  # a log of calls is no load test
    every_s = stated.median
    most = float(policy.value("omission_most_added"))
    if every_s <= 0 or (traces.total_s / every_s).sum() > most:
        raise InputError(
            "one request so often would put millions in the place of delayed ones",
            where=pilot.where("latency", "sent_every"), valid="the time between two requests of one user, above 0",
            cure="check the unit",
        )  # fmt: skip
    held = held_back(traces.total_s, every_s)
    drawn = _Resampled.of(traces, every_s, held, seed=pilot.spec.seed)
    repaired = tuple(drawn.percentile(name, q, budgets.get(name)) for name, q in shares.items())
    part, sure = (None, None) if limit_s is None else drawn.within(limit_s)
    return Omission(every_s, traces.n, int(np.sum(held > 0)), int(held.sum()), repaired, part, sure, 1, None)


def finding(found: Omission, *, grade: Grade) -> Finding | None:
    """Return what it means for the budget (R3); None where nothing was held back.

    What is put in place was not measured, so a budget that holds with it is no more than that.
    """
    if found.every_s is None:
        state, told = State.UNKNOWN, (
            f"Each request of the traces waited for one before it, {count(found.at_once, 'request')} at once. "
            f"{count(found.held_back, 'slow request')} delayed the next ones, so slow ones are under-counted."
        )  # fmt: skip
    elif found.added:
        states = {p.state for p in found.repaired if p.budget_s is not None}
        state = State.FAIL if State.FAIL in states else State.UNKNOWN if State.UNKNOWN in states else State.NA
        told = (
            f"{count(found.held_back, 'slow request')} held back {count(found.added, 'request')} that should have been "
            f"sent, one every {seconds(found.every_s)}. With those, {_times(found)}."
        )  # fmt: skip
    else:
        return None
    return Finding(
        id="latency.omission", title="Slow requests delayed the next ones", sentence=told, state=state,
        grade=Grade.ESTIMATED if grade is Grade.MEASURED else grade, n=found.n, rule="omission_held_back",
        questions=("R3",), gaps=("G4",), tags=("reliability",),
        decides="" if state is not State.UNKNOWN else OPEN_LOOP if found.every_s is not None else BRING,
    )  # fmt: skip


OPEN_LOOP = ("A load test that sends at fixed times whether or not answers have come (in k6 a constant-arrival-rate "
             "executor)")  # fmt: skip
BRING = f"{OPEN_LOOP}, or the time between two requests of one user under latency.sent_every"
"""What would decide where slow requests delayed the next ones."""


def _times(found: Omission) -> str:
    told = [f"{100 * p.share:g} of 100 take up to {seconds(p.value_s)}" if p.value_s is not None else
            f"not even {100 * p.share:g} of 100 are answered" for p in found.repaired]  # fmt: skip
    return listed(told)


def held_back(total_s: np.ndarray, every_s: float) -> np.ndarray:
    """Return how many requests each one held back that should have been sent while it was at work.

    Examples
    --------
    >>> held_back(np.array([0.009, 0.019, 0.02, 100.0]), 0.01).tolist()
    [0, 0, 1, 9999]
    """
    whole = np.floor(total_s / every_s * (1 + np.finfo(float).eps * 8))  # 0.3 over 0.1 is three
    return np.maximum(whole.astype(int) - 1, 0)


def with_held_back(total_s: np.ndarray, every_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Return every time with those of the requests that it held back, and the request that each belongs to.

    Source
    ------
    Tene, HdrHistogram, copyCorrectedForCoordinatedOmission.

    Examples
    --------
    >>> with_held_back(np.array([1.0, 3.5]), 1.0)[0].tolist()
    [1.0, 3.5, 2.5, 1.5]
    """
    times = held_back(total_s, every_s) + 1
    of = np.repeat(np.arange(total_s.size), times)
    place = np.arange(of.size) - np.repeat(np.cumsum(times) - times, times)
    return total_s[of] - place * every_s, of


@dataclass(frozen=True)
class _Resampled:
    """Times with what was held back, and resampled shares of them; the last place is 'never answered'.

    low_s and high_s are the shortest and longest time in each heap of times, `low` and `high` the resampled shares of
    the heaps, with one unseen request at zero, or as long as the longest and never answered.
    """

    all_s: np.ndarray
    n: int
    low_s: np.ndarray
    high_s: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, traces: Traces, every_s: float, held: np.ndarray, *, seed: int) -> _Resampled:
        most, replicates = int(policy.value("omission_groups")), int(policy.value("omission_resamples"))
        times, of = with_held_back(traces.total_s, every_s)
        times = np.where(traces.answered[of], times, np.inf)
        order = np.argsort(times, kind="stable")
        heap = _evenly(times.size, most)
        group = _groups(traces, held, most)
        share = np.zeros((int(group.max()) + 2, int(heap.max()) + 3))
        np.add.at(share, (group[of[order]], heap + 1), 1.0)
        sizes = np.bincount(group)
        share[:-1] /= sizes[:, None]
        mass = generator(seed, "latency", "omission").standard_gamma(
            np.append(sizes, 1.0), (replicates, sizes.size + 1)
        )
        low, high = share.copy(), share.copy()
        low[-1, 0], high[-1, -1] = 1.0, 1.0 + held.max(initial=0)
        ends = [np.minimum.reduceat, np.maximum.reduceat]
        firsts = np.flatnonzero(np.diff(heap, prepend=-1))
        low_s, high_s = (end(times[order], firsts) for end in ends)
        return cls(
            times[order], traces.n, np.concatenate([[0.0], low_s, [np.inf]]), np.concatenate([[0.0], high_s, [np.inf]]),
            *(rising / rising[:, -1:] for rising in (np.cumsum(mass @ part, axis=1) for part in (low, high))),
        )  # fmt: skip

    def percentile(self, name: str, share: float, budget_s: float | None) -> Percentile:
        """One percentile with the interval that the real requests allow."""
        value = float(np.quantile(self.all_s, share, method="inverted_cdf"))  # as HdrHistogram reads it off
        tail = (1 - LEVEL) / 2
        low = float(np.quantile(self.low_s[_first(self.low, share)], tail, method="inverted_cdf"))
        high = float(np.quantile(self.high_s[_first(self.high, share)], 1 - tail, method="inverted_cdf"))
        surely = bool(np.isinf(low))
        longest = self.all_s[np.isfinite(self.all_s)]
        low_s = float(longest[-1]) if surely and longest.size else None if low == 0 or surely else low
        high_s = high if np.isfinite(high) else None
        failed = bool(np.isinf(self.all_s[-1]))
        return Percentile(
            name, share, value if np.isfinite(value) else None, low_s, high_s,
            "" if high_s is not None else "failures" if failed else "few", surely, self.n, None, None, budget_s,
            judged(low_s, high_s, budget_s, surely_unanswered=surely),
        )  # fmt: skip

    def within(self, limit_s: float) -> tuple[float, Interval]:
        """Share in time, and its interval."""
        tail = (1 - LEVEL) / 2
        last = int(np.searchsorted(self.low_s, limit_s, side="right")) - 1
        surely = int(np.searchsorted(self.high_s, limit_s, side="right")) - 1
        part = float(np.mean(self.all_s <= limit_s))
        low, high = float(np.quantile(self.high[:, surely], tail)), float(np.quantile(self.low[:, last], 1 - tail))
        return part, Interval(min(low, part), max(high, part))


def _groups(traces: Traces, held: np.ndarray, most: int) -> np.ndarray:
    """Group of each request: neighbours in time, failed ones last, and those that held others back by themselves."""
    rank = np.lexsort((traces.total_s, ~traces.answered, held > 0))
    alone = int(np.sum(held == 0))
    group = np.empty(traces.n, dtype=int)
    first = _evenly(alone, most)
    group[rank] = np.concatenate([first, first.max(initial=-1) + 1 + _evenly(traces.n - alone, most)])
    return group


def _evenly(size: int, most: int) -> np.ndarray:
    """Number of the group of each of so many things in order; groups are even, at most so many."""
    return np.arange(size) * min(most, size) // size


def _first(shares: np.ndarray, share: float) -> np.ndarray:
    """First place, in each row of rising shares, that reaches a share."""
    return np.minimum(np.sum(shares < share, axis=1), shares.shape[1] - 1)


def closed_loop(traces: Traces) -> Omission | None:
    """Return a load test that waited for its answers, as far as the starts show it; None where they do not.

    Every start but the first few follows an end, always at the same distance: one user, or a fixed number of them.
    And it held requests back: some took far longer than the usual time between two of one user.
    Requests that come on their own, or by a clock, do not stop while a slow one is at work.
    """
    known = np.isfinite(traces.started_s)
    if not known.any() or np.ptp(traces.started_s[known]) == 0:
        return None
    order = np.argsort(traces.started_s[known], kind="stable")[: int(policy.value("omission_most_requests"))]
    start = traces.started_s[known][order]
    end = start + traces.total_s[known][order]
    by_end = np.argsort(end, kind="stable")
    close = float(policy.value("omission_close")) * float(np.median(np.diff(start)))
    sure, least = float(policy.value("omission_sure_share")), int(policy.value("omission_least_held_back"))
    for users in range(1, min(int(policy.value("omission_most_users")), start.size // least) + 1):
        pause = start[users:] - end[by_end][: start.size - users]
        usual = float(np.median(pause))
        near = np.abs(pause - usual) <= close
        if usual < -close or near.mean() < sure:
            continue
        own = float(np.median(start[users:] - start[: start.size - users]))  # between two requests of one user
        slow = (end - start)[by_end][: start.size - users] >= float(policy.value("omission_held_back")) * own
        if slow.sum() >= least and near[slow].mean() >= sure:
            return Omission(None, traces.n, int(slow.sum()), 0, (), None, None, users, max(usual, 0.0))
    return None
