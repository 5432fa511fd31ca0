"""Sentences about fault drills, people who take over, and availability."""

from __future__ import annotations

from flightready.latency.availability import ANSWERING, AvailabilityResult
from flightready.latency.drills import DrillResult
from flightready.latency.fallback import PeopleLoad, Team
from flightready.latency.resilience import Resilience
from flightready.wording import count, interval, number, rounded, seconds, share, share_of_time, together

_IN_THE_END = {
    "queue_for_human": "it goes to people", "cached_answer": "a kept answer is given",
    "clear_error": "it ends with a clear error", "none": "nothing comes: there is no fallback",
    "": "what comes then is not declared",
}  # fmt: skip
_TERM_WORDS = {"time": "how long a case takes", "begin_within": "how soon it must begin",
               "hours_per_day": "how long people work a day", "at_work": "how much of it they are there"}  # fmt: skip
_HOUR_S, _SMALL, _MANY = 3_600.0, 0.0005, 1_000  # from there on three digits say all


def fault(drill: DrillResult) -> str:
    """Return what goes wrong, such as: half of the calls get stuck, for 5 minutes."""
    part = "every call" if drill.share == 1 else f"{share(drill.share)} of the calls"
    many = drill.share < 1
    happens = {
        "failed": "fail after their time" if many else "fails after its time",
        "rejected": "are turned away at once" if many else "is turned away at once",
        "malformed": "give an answer that cannot be used" if many else "gives an answer that cannot be used",
        "slow": f"take{'' if many else 's'} {drill.factor:g} times as long",
        "stuck": "never end by themselves" if many else "never ends by itself",
        "down": "fail at once" if many else "fails at once",
    }[drill.kind]
    return f"{part} {happens}, for {seconds(drill.length_s)}"


def extent(drill: DrillResult) -> str:
    """Return how many calls a fault meets and for how long, for a table where its name says what happens."""
    return f"{'every call' if drill.share == 1 else f'{share(drill.share)} of calls'}, {seconds(drill.length_s)}"


def is_bad_without(drill: DrillResult) -> bool:
    """Whether more requests miss their time without the fault than the fault adds."""
    return 1 - drill.usual_answered > drill.usual_answered - drill.answered


def of_hundred(part: float) -> str:
    """Return a share as requests of 100, never rounded up to all.

    Examples
    --------
    >>> of_hundred(0.406), of_hundred(0.999), of_hundred(0.002), of_hundred(1.0)
    ('41', '99', '0', '100')
    """
    return f"{100 if part == 1 else min(round(100 * part), 99)}"


def answer(found: Resilience) -> tuple[str, ...]:
    """Return what the drills say together; what is missing where there are none."""
    if not found.drills:
        return (_nothing_to_drill(found),)
    parts = (_setting, _worst, _without, _recovery, _when_busy, _never_ends)
    return tuple(filter(None, (part(found) for part in parts)))


def _nothing_to_drill(found: Resilience) -> str:
    lacking = [
        *(["traces, or typed times of the stages"] if any(a.key == "spans" for a in found.absences) else []),
        *(["the planned load"] if found.per_second is None else []),
    ]
    text = f"No fault can be drilled yet: it takes {together(lacking)}." if lacking else (
        "No fault can be drilled: nobody is planned to use it.")  # fmt: skip
    return f"{text} When a request fails in the end, {_IN_THE_END[found.fallback]}."


def _setting(found: Resilience) -> str:
    at = "" if found.stage in ("", "the whole request") else f" of '{found.stage}'"
    return (f"Simulated at the middle of the planned peak, {number(found.per_second)} requests a second: "
            f"{count(len(found.drills), 'fault')}{at}, each beside the same minutes without it. "
            f"When a request fails in the end, {_IN_THE_END[found.fallback]}. {_in_time(found)}")  # fmt: skip


def _in_time(found: Resilience) -> str:
    if found.budget_s is None:
        return "No budget is stated, so every answer counts as in time."
    return f"In time is within {seconds(found.budget_s)}."


def _worst(found: Resilience) -> str:
    known = found.known
    if not known:
        return "So few requests come that a fault of this length meets hardly any; nothing can be said about shares."
    worst = min(known, key=lambda d: d.answered)
    ways = [f"{share(round(part, 3))} {word}" for part, word in (
        (worst.answered, "are answered in time"), (worst.late, "are answered late"),
        (worst.degraded, "go to the fallback"), (worst.lost, "end with a clear error")) if part >= _SMALL]  # fmt: skip
    return (f"Hardest hit is '{worst.name}' ({fault(worst)}): of the requests that come meanwhile {together(ways)}; "
            f"without the fault {share(round(worst.usual_answered, 3))} would be in time. Every request of every drill "
            "ended in exactly one of these ways.")  # fmt: skip


def _without(found: Resilience) -> str:
    """Where the load alone is too much, that this comes first."""
    bad = [d for d in found.known if is_bad_without(d)]
    return "" if not bad else (
        f"Even without a fault only {of_hundred(min(bad, key=lambda d: d.answered).usual_answered)} of 100 requests "
        "are in time at this load, so what the drills show is for a good part not the fault: mend that first."
    )  # fmt: skip


def _recovery(found: Resilience) -> str:
    known = found.known
    if not known:
        return ""
    unsteady = [d for d in known if not d.is_steady]
    if unsteady:
        return ("Even without a fault more comes at this load than can be worked off, so nothing can be said about "
                "recovery: what is served at once, or the load, must change first.")  # fmt: skip
    never = [d for d in known if d.recovers is False]
    if never:
        names = together(f"'{d.name}'" for d in never)
        watched = seconds(never[0].watched_s)
        return (f"After {names} it does not recover by itself within {watched}: calls that are tried again, and work "
                "for those who have given up, keep it busy after the fault is over.")  # fmt: skip
    slowest = max(known, key=lambda d: d.recovered_after_s)
    if slowest.recovered_after_s == 0:
        return (
            "When the fault is over, as many requests are in time as without it within the same minute, in every drill."
        )
    return (f"It recovers by itself after every drill, slowest after '{slowest.name}': {back(slowest)} "
            "after the end of the fault.")  # fmt: skip


def _when_busy(found: Resilience) -> str:
    """What the upper end of the planned peak changes about recovery; empty where the middle says it already."""
    known = [d for d in found.busy if d.is_known]
    if not known or any(d.recovers is not True for d in found.known):
        return ""
    at = f"At the upper end of the plan, {number(found.busy_per_second)} requests a second,"
    if not all(d.is_steady for d in known):
        return f"{at} more comes than can be worked off even without a fault."
    never = [f"'{d.name}'" for d in known if d.recovers is False]
    if never:
        return f"{at} it no longer recovers by itself after {together(never)}."
    slowest = max(known, key=lambda d: d.recovered_after_s)
    after = "at once" if slowest.recovered_after_s == 0 else f"within {back(slowest)}"
    return f"{at} it still recovers {after} after each."


def _never_ends(found: Resilience) -> str:
    stuck = [d for d in found.drills if not d.ends]
    return "" if not stuck else (
        "Without a time-out a stuck call waits for ever and holds its place, so this drill has no end: "
        f"{fault(stuck[0])}. Name the time-out under latency.policy.timeout."
    )  # fmt: skip


def back(drill: DrillResult) -> str:
    """Return how long after the end of the fault it is as before, in words."""
    if not drill.ends:
        return "never ends"
    if drill.recovers is None:
        return "cannot tell"
    if drill.recovered_after_s is None:
        return f"not within {seconds(drill.watched_s)}"
    return "at once" if drill.recovered_after_s == 0 else seconds(drill.recovered_after_s)


def people(found: Resilience) -> tuple[str, ...]:
    """Return what the drills bring to people who take over; empty where they are not the fallback."""
    loads = [(d, d.people) for d in found.known if d.people is not None]
    if found.crew is None or not loads:
        return ()
    drill, load = max(loads, key=lambda pair: pair[1].work_s)
    cases = f"about {rounded(load.cases)} requests" if load.cases >= _MANY else count(load.cases, "request")
    text = (f"'{drill.name}' sends {cases} to people, {hours(load.work_s)} of work. "
            f"{_worked_off(found.crew, load)} {_needed(found.crew, load)}")  # fmt: skip
    return tuple(filter(None, [text, _assumed(found.crew)]))


def _worked_off(crew: Team, load: PeopleLoad) -> str:
    if crew.people is None:
        return "How many people there are is not stated (evaluation.review.capacity_per_day)."
    there = f"With {count(crew.people, 'person').replace('persons', 'people')} at it, who do nothing else meanwhile,"
    if not load.most_waiting:
        return f"{there} none of them has to wait."
    days = load.worked_off_s / _HOUR_S / crew.hours_per_day
    long = f", {days:.1f} working days" if days > 1 else ""
    return (f"{there} up to {count(load.most_waiting, 'case')} wait at once ({hours(load.backlog_s)} of work), and it "
            f"takes {hours(load.worked_off_s)} at work after the fault until none waits any more{long}.")  # fmt: skip


def _needed(crew: Team, load: PeopleLoad) -> str:
    needed = f"{load.needed:,} {'person' if load.needed == 1 else 'people'} at once"
    return (f"For 9 in 10 of them to begin within {seconds(crew.begin_within_s)} it takes {needed}, "
            f"{load.on_rota:,} on the rota.")  # fmt: skip


def _assumed(crew: Team) -> str:
    return "" if not crew.assumed else (
        f"Not stated, and taken from the policy: {together(_TERM_WORDS[name] for name in crew.assumed)}.")  # fmt: skip


def hours(time_s: float) -> str:
    """Write work or time at work in hours, or in minutes when it is short.

    Examples
    --------
    >>> hours(1_800.0), hours(3_600.0), hours(360_000.0)
    ('30 minutes', '1 hour', '100 hours')
    """
    if time_s < _HOUR_S:
        return seconds(time_s)
    return count(round(time_s / _HOUR_S), "hour")


def takes_for_granted(found: Resilience, said: tuple[str, ...] = ()) -> str:
    """Return what the drills rest on beside what is stated and `said` before; empty without drills."""
    notes = [note for note in found.notes if note not in said]
    return "" if not (found.known and notes) else " ".join(["The drills take for granted:", *notes])


def availability(found: Resilience) -> tuple[str, ...]:
    """Return the availability against its target, and what it hangs on."""
    a = found.availability
    if a.available is None:
        return ("How much of the time requests get an answer is not known: no upstream is stated under "
                "latency.availability, and no request was traced.",)  # fmt: skip
    return tuple(filter(None, [_of_the_time(a), _used_by(a), _by_fallback(a), _cases(found), _both_count(a)]))


def _of_the_time(a: AvailabilityResult) -> str:
    ends = interval(a.available.low, a.available.high, share_of_time)
    text = f"Requests get an answer {share_of_time(a.available.median)} of the time (nine times in ten {ends})"
    if a.target is None:
        return f"{text}: {about(a.minutes.median)} of a month without one. No target is stated."
    over = {True: "more than", False: "within"}[a.minutes.median > a.allowed_minutes]
    return (f"{text}: {about(a.minutes.median)} of a month without one, {over} the {minutes(a.allowed_minutes)} that "
            f"the target of {share_of_time(a.target)} allows.")  # fmt: skip


def _used_by(a: AvailabilityResult) -> str:
    own = f"the failures of the pilot itself ({a.n_failed:,} of {count(a.n, 'traced request')})"
    names = {p.name: own if p.is_measured else f"'{p.name}'" for p in a.parts}
    parts = [f"{names[p.name]} {about(p.minutes.median)}" for p in sorted(a.parts, key=lambda p: -p.minutes.median)]
    return f"What takes minutes of a month, before any fallback: {together(parts)}."


def _by_fallback(a: AvailabilityResult) -> str:
    if a.fallback not in ANSWERING:
        return "No fallback gives an answer in that time."
    alone = f"alone the pilot answers {share_of_time(a.primary.median)} of the time"
    if a.fallback_works is None:
        return f"The rest is up to the fallback, and how often it works is not stated; {alone}."
    return (f"The fallback takes over, and works in {share(a.fallback_works.median)} of "
            f"the cases; {alone}.")  # fmt: skip


def _cases(found: Resilience) -> str:
    """What the fallback has to take in a month; an answer by people counts, however late it is."""
    cases = found.availability.cases
    if cases is None:
        return ""
    ends = interval(cases.low, cases.high, rounded)
    text = f"At the planned load {rounded(cases.median)} requests a month fall back (nine times in ten {ends})"
    if found.crew is None:
        return f"{text}."
    able = found.crew.per_day
    there = (
        "how many they can take is not stated"
        if able is None
        else (
            f"who can take {rounded(able)} cases a day in all, {rounded(able * found.availability.days)} in that month"
        )
    )
    return f"{text} on people, {there}. Their answer counts here, however late it comes."


def _both_count(a: AvailabilityResult) -> str:
    both = a.n and any(not p.is_measured for p in a.parts)
    return "" if not both else (
        "What an upstream failed while the pilot was traced is in both figures, which errs on the careful side; the "
        "parts are taken to fail independently of one another.")  # fmt: skip


def about(value: float) -> str:
    """Write estimated minutes of a month with two digits.

    Examples
    --------
    >>> about(1118.3), about(11.23)
    ('1,100 minutes', '11 minutes')
    """
    return minutes(float(f"{value:.2g}"))


OVERLOAD_APART = "What is turned away or late because the planned peak asks for too much is not in these minutes."
"""Said beside the availability where the plan is more than is borne."""


def minutes(value: float) -> str:
    """Write minutes of a month.

    Examples
    --------
    >>> minutes(43.2), minutes(1.0), minutes(1118.3), minutes(0.02)
    ('43.2 minutes', '1 minute', '1,118 minutes', '0.02 minutes')
    """
    written = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return f"{written} minute" if written == "1" else f"{written} minutes"
