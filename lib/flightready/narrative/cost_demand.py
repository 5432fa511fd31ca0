"""Sentences about the planned load and about the profile of the pilot's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from flightready import policy
from flightready.draws import Summary, summarise
from flightready.evidence import Grade
from flightready.traffic.demand import Contradiction, Demand
from flightready.traffic.profile import DAY_S, HOUR_S, MINUTE_S, LoadProfile
from flightready.traffic.variation import Measured
from flightready.wording import count, interval, number, rounded, share

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _times(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"


FIGURES: dict[str, tuple[str, Callable[[float], str]]] = {
    "requests_per_user": ("requests of a user and day", lambda v: number(float(f"{v:.2g}"))),
    "growth_per_month": ("growth a month", share),
    "peak_to_mean": ("peak hour over the mean hour of a day", _times),
    "peak_minute": ("busiest minute over the mean minute of that hour", _times),
    "day_to_day": ("difference of one day from another", share),
    "peak_day": ("busiest day of a month over its mean day", _times),
}
"""Figures of the load by their name in `Demand`: what they are called and how they are written."""
_RESTS_ON = {"peak_day": ("busiest_weekday", "day_to_day"), "peak_minute": ("peak_minute", "minute_spread")}
"""Figures that are made of others; the rest stand for themselves."""


def origin(demand: Demand, name: str) -> Grade:
    """Return where a figure of the load comes from: assumed if any part is, measured if the log gave one."""
    parts = _RESTS_ON.get(name, (name,))
    if any(f"default_{part}" in demand.defaults for part in parts):
        return Grade.ASSUMED
    return Grade.MEASURED if any(part in demand.measured for part in parts) else Grade.ESTIMATED


ORIGINS = {Grade.ESTIMATED: "stated", Grade.MEASURED: "the pilot's log", Grade.ASSUMED: "assumed"}
"""What the reader is told about where a figure of the load comes from."""


def month_of_share(demand: Demand, wanted: float, months: int) -> int | None:
    """Return the first month in which so large a share of the planned users use it (middle of the draws), or None."""
    reached = np.flatnonzero(np.median(demand.adoption(months), axis=(0, 1)) >= wanted)
    return int(reached[0]) + 1 if reached.size else None


def planned(demand: Demand | None, months: int) -> tuple[str, ...]:
    """Return what the planned load is over a horizon, and what it rests on."""
    if demand is None:
        return ("How many requests production brings cannot be said yet: no users a day are planned.",)
    requests = demand.requests_in_months(months)
    first, last = summarise(requests[..., 0]), summarise(requests[..., -1])
    later = f", month {months} {_range(last)}" if months > 1 else ""
    told = [f"Nine times in ten the first month brings {_range(first)} requests{later}."]
    told += [_adopted(demand, months), *_launched(demand, months), *_origins(demand)]
    return tuple(told + [_contradiction(c) for c in demand.contradictions])


def _range(found: Summary) -> str:
    return interval(found.low, found.high, rounded)


def _adopted(demand: Demand, months: int) -> str:
    if demand.curve is None:
        return "No adoption is stated, so everybody planned counts from the first month on."
    ends = {word: month_of_share(demand, wanted, months) for word, wanted in (("half", 0.5), ("nine in ten", 0.9))}
    reached = [f"{word} of the planned users from month {month} on" for word, month in ends.items() if month]
    if not reached:
        return f"By the stated adoption fewer than half of the planned users use it within {count(months, 'month')}."
    return f"By the stated adoption it is used by {' and '.join(reached)}."


def _launched(demand: Demand, months: int) -> Iterable[str]:
    for launch in demand.launches:
        after, adds = float(np.median(launch.after)), float(np.median(launch.adds))
        if after >= months:
            yield f"The launch '{launch.name}' lies beyond the {count(months, 'month')} shown and adds nothing to them."
            continue
        joining = "" if demand.curve is None else ", along the same adoption from their own start on"
        yield (f"The launch '{launch.name}' brings about {rounded(adds)} more users a day after "
               f"{number(after)} months{joining}.")  # fmt: skip


def _origins(demand: Demand) -> Iterable[str]:
    """Say what is weak about where the figures come from; the table names the origin of each."""
    said: dict[Grade, list[str]] = {grade: [] for grade in ORIGINS}
    for name, (label, _) in FIGURES.items():
        said[origin(demand, name)].append(label)
    if said[Grade.MEASURED]:
        yield "A pilot of few or chosen users may come at its own times; what is stated goes before what it shows."
    if said[Grade.ASSUMED]:
        yield f"Assumed, because neither the assessment nor a log says: {', '.join(said[Grade.ASSUMED])}."


def _contradiction(found: Contradiction) -> str:
    label, write = FIGURES[found.name]
    stated, log = (interval(ends.low, ends.high, write) for ends in (found.stated, found.measured))
    return (f"Check the {label}: stated is {stated}, the pilot's log shows {log}. The stated "
            "value is used.")  # fmt: skip


def profile(found: LoadProfile | None, *, has_log: bool) -> tuple[str, ...]:
    """Return what the pilot's log shows about its load, and what it cannot show.

    Parameters
    ----------
    has_log : bool
        Whether the assessment names a log or an export.
    """
    if found is None:
        why = "the usage files hold no times" if has_log else "there is no log and no export of its usage"
        return (f"When the pilot's requests came cannot be said: {why}.",)
    told = [_covered(found), _peak(found), _weekday(found), _spread(found), _bursts(found), _users(found)]
    return tuple(filter(None, [*told, _cannot_tell(found)]))


def _covered(found: LoadProfile) -> str:
    head = f"The log holds {count(found.requests, 'request')} from {found.first} to {found.last}"
    if found.mean_per_day is None:
        return f"{head}; it covers no day as a whole."
    whole = found.whole_days.size
    days = f", {count(whole, 'whole day')}" if whole else ""
    return f"{head}{days}: about {rounded(found.mean_per_day)} a day."


def _peak(found: LoadProfile) -> str:
    if found.peak_to_mean is None:
        return ""
    times, name = _measured(found.peak_to_mean, _times), hour_name(found.peak_hour)
    return f"{name} UTC brings {times} times the mean hour; the clock of your users may show another hour."


def _measured(figure: Measured, write: Callable[[float], str]) -> str:
    """Write a measured figure with its interval."""
    return f"{write(figure.value)} ({interval(figure.interval.low, figure.interval.high, write)})"


def hour_name(hour: int) -> str:
    """Write an hour of the day with its end.

    Examples
    --------
    >>> hour_name(9)
    '09:00 to 10:00'
    """
    return f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00"


def _weekday(found: LoadProfile) -> str:
    if found.weekday_to_mean is None:
        return ""
    times, name = _measured(found.weekday_to_mean, _times), WEEKDAYS[found.busiest_weekday]
    return f"{name} is the busiest weekday and brings {times} times the mean day."


def _spread(found: LoadProfile) -> str:
    if found.day_to_day is None:
        return ""
    if found.day_to_day.interval.low == 0:
        most = share(found.day_to_day.interval.high)
        return f"Days of the same weekday differ by no more than {most} beyond chance."
    return f"Days of the same weekday differ by about {_measured(found.day_to_day, share)} beyond chance."


def _bursts(found: LoadProfile) -> str:
    """The index compares variances; its root compares what a reader sees, how far minutes lie from their mean."""
    if found.burst_index is None:
        return ""
    if found.burst_index.interval.low <= 1:
        most = np.sqrt(found.burst_index.interval.high)
        return f"Within an hour no bursts are seen: minutes differ by {most:.2f} times what chance makes them, at most."
    differ = _measured(found.burst_index, lambda v: f"{np.sqrt(v):.2f}")
    return f"Within an hour the requests come in bursts: minutes differ by {differ} times what chance makes them."


def _users(found: LoadProfile) -> str:
    if found.requests_per_user is None:
        return ""
    each = _measured(found.requests_per_user, lambda v: f"{v:.2f}")
    return f"Requests of a user on a day of use: {each}."


def _cannot_tell(found: LoadProfile) -> str:
    """Name what the log cannot show, and what would show it."""
    days, requests = policy.value("profile_days"), policy.value("profile_requests")
    fine = {DAY_S: "a day", HOUR_S: "an hour", MINUTE_S: "a minute"}

    def needs(what: str, value: object, finest: int, more: str) -> str:
        if value is not None:
            return ""
        return f"{what} (it takes {f'times to {fine[finest]} or finer' if found.resolution_s > finest else more})"

    missing = [
        needs("the peak hour", found.peak_to_mean, HOUR_S, f"{days} whole days and {requests} requests"),
        needs("the busiest minute", found.burst_dispersion, MINUTE_S,
              f"{policy.value('profile_burst_hours')} hours with two requests or more"),
        needs("how days differ", found.day_to_day, DAY_S, "two whole weeks"),
        needs("the busiest weekday", found.weekday_to_mean, DAY_S, "two whole weeks"),
    ]  # fmt: skip
    named = [m for m in missing if m]
    return f"The log cannot tell yet: {'; '.join(named)}." if named else ""
