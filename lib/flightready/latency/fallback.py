"""People as the fallback: what waits for them while the pilot fails, and when they have worked it off.

Requests that the pilot could not answer arrive at the people one by one; the team is one stage that serves in order of
arrival. Assumptions: the fault falls into the hours in which they work, they do nothing else meanwhile, and single
cases scatter as much as their mean (as in the cost of review labour). Time is time at work: what is left in the evening
goes on the next morning.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from flightready import policy
from flightready.assessment import Pilot
from flightready.draws import generator
from flightready.quantity import Quantity
from flightready.traffic.simulation import Stage, simulate

TERMS = ("time", "begin_within", "hours_per_day", "at_work")
"""Keys of evaluation.review for which the policy stands in where they are not stated."""
_HOUR_S, _MINUTE_S = 3_600.0, 60.0


@dataclass(frozen=True)
class Team:
    """The people who take over.

    Parameters
    ----------
    people : int or None
        At work at once; None, like the next one, where the assessment does not say what they can do in a day.
    per_day : float or None
        Cases that they can do in a day.
    case_s : float
        Mean time of one case, seconds.
    begin_within_s : float
        A case that begins within this is taken up in time.
    hours_per_day : float
    at_work : float
        Share of paid time in which a person is there for it.
    assumed : tuple of str
        Those of `TERMS` that are not stated.
    """

    people: int | None
    per_day: float | None
    case_s: float
    begin_within_s: float
    hours_per_day: float
    at_work: float
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class PeopleLoad:
    """What one fault brings to the people.

    Parameters
    ----------
    cases : int
        Requests that fell back on them.
    work_s : float
        Work of one person that these are.
    most_waiting : int or None
        Most cases that waited at once; None, like the next two, where the number of people is not known.
    backlog_s : float or None
        Work of one person that waited then.
    worked_off_s : float or None
        Time at work from the end of the fault until no case waits any more.
    needed : int
        People at once so that the policy's share of the cases begins in time.
    on_rota : int
        People on the rota for that, as they are not at work all of their paid time.
    """

    cases: int
    work_s: float
    most_waiting: int | None
    backlog_s: float | None
    worked_off_s: float | None
    needed: int
    on_rota: int


def team(pilot: Pilot) -> Team | None:
    """Return the people who take over; None where the declared fallback is not people."""
    if pilot.spec.latency.policy.fallback != "queue_for_human":
        return None
    review, minutes = pilot.spec.evaluation.review, policy.quantity("default_review_minutes", "ratio").median
    case_s = minutes * _MINUTE_S if review.time is None else review.time.median
    within_s = _stated(review.begin_within, "default_review_begin_within", "duration")
    hours = _stated(review.hours_per_day, "default_review_hours_per_day", "ratio")
    per_day = None if review.capacity_per_day is None else review.capacity_per_day.median
    people = None if per_day is None else max(round(per_day * case_s / (hours * _HOUR_S)), 1)
    return Team(
        people, per_day, case_s, within_s, hours,
        _stated(review.at_work, "default_review_at_work", "share"),
        tuple(name for name in TERMS if getattr(review, name) is None),
    )  # fmt: skip


def _stated(given: Quantity | None, default: str, kind: str) -> float:
    return (policy.quantity(default, kind) if given is None else given).median


def people_load(crew: Team, arrival_s: np.ndarray, *, end_s: float, seed: int, name: str) -> PeopleLoad | None:
    """Return what requests that fall back on people at these moments bring them; None when none does.

    Parameters
    ----------
    arrival_s : array of shape (cases,)
        Seconds, from 0, in order.
    end_s : float
        End of the fault.
    seed, name : int, str
        Luck of the single cases.

    Examples
    --------
    >>> crew = Team(1, None, case_s=60.0, begin_within_s=600.0, hours_per_day=8.0, at_work=0.5, assumed=())
    >>> found = people_load(crew, np.zeros(20), end_s=0.0, seed=1, name="")
    >>> found.cases, found.most_waiting, found.on_rota == 2 * found.needed
    (20, 19, True)
    """
    if arrival_s.size == 0:
        return None
    work_s = generator(seed, "latency", "fallback", name).exponential(crew.case_s, arrival_s.size)
    needed = _fewest(crew, arrival_s, work_s, seed)
    common = {"needed": needed, "on_rota": math.ceil(needed / crew.at_work)}
    if crew.people is None:
        return PeopleLoad(arrival_s.size, float(work_s.sum()), None, None, None, **common)
    begin_s = arrival_s + _waits(crew.people, arrival_s, work_s, seed)
    return PeopleLoad(arrival_s.size, float(work_s.sum()), *_queue(arrival_s, begin_s, work_s, end_s), **common)


def _waits(people: int, arrival_s: np.ndarray, work_s: np.ndarray, seed: int) -> np.ndarray:
    cases = np.arange(arrival_s.size)
    found = simulate(arrival_s, work_s[:, None], (Stage("people", servers=people),), seed=seed, row=cases)
    return found.wait_s


def _queue(arrival_s: np.ndarray, begin_s: np.ndarray, work_s: np.ndarray, end_s: float) -> tuple[int, float, float]:
    """Most cases that waited at once, the work in them, and the time from the end of the fault until none waits."""
    waits = begin_s > arrival_s  # who need not wait never stands in the queue
    moments = np.concatenate([begin_s[waits], arrival_s[waits]])
    order = np.argsort(moments, kind="stable")
    waiting = np.cumsum(np.repeat([-1, 1], waits.sum())[order])
    if waiting.size == 0:
        return 0, 0.0, 0.0
    work = np.cumsum(np.concatenate([-work_s[waits], work_s[waits]])[order])
    fullest, empty_s = int(np.argmax(waiting)), moments[order][waiting == 0]
    before = np.searchsorted(moments[order], end_s, side="right") - 1
    is_empty = before < 0 or waiting[before] == 0
    off_s = 0.0 if is_empty else float(empty_s[empty_s > end_s][0]) - end_s
    return int(waiting[fullest]), float(work[fullest]), off_s


def _fewest(crew: Team, arrival_s: np.ndarray, work_s: np.ndarray, seed: int) -> int:
    """Fewest people with whom the policy's share of the cases begins in time."""
    share = float(policy.value("review_begins_in_time_share"))

    def is_enough(people: int) -> bool:
        return float(np.mean(_waits(people, arrival_s, work_s, seed) <= crew.begin_within_s)) >= share

    few, enough = 0, 1
    while not is_enough(enough):  # with one for each case nobody waits, so this ends
        few, enough = enough, 2 * enough
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if is_enough(middle) else (middle, enough)
    return enough
