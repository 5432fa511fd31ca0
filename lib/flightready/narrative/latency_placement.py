"""Sentences about where the answer is computed: in the cloud, on devices, or on devices with the cloud behind."""

from __future__ import annotations

from collections.abc import Callable

from flightready.draws import Summary
from flightready.options.result import OptionsResult, Place, Placement
from flightready.wording import interval, money, rounded, seconds, share

NAMES = {"cloud": "the cloud alone", "edge": "devices alone", "both": "devices with the cloud behind"}
"""Each place in words."""
NOT_ASKED = "Whether to answer on devices or in the cloud is not asked: no option under cost.options is of kind edge."
WITHOUT_NETWORK = (
    "Devices against the cloud cannot be compared yet: how long the way to the cloud takes and how often it fails is "
    "not stated. Bring latency.network with p50, p95, outages_per_month and outage."
)
HEAD = ("Where", "In time", "Nine times in ten", "95 of 100 within", "Answered at all", "Nothing answered, a month",
        "Requests lost a month", "Cost of a month", "Right answers")  # fmt: skip
_MINUTE_S = 60.0
_WHOLE = 0.9995  # from here on a share with one decimal reads 100.0 %


def title(found: Placement, place: Callable[[Place], Summary | None] = lambda p: p.in_time) -> str:
    """Return the answer as the title of a chart."""
    known = [p for p in found.places if place(p) is not None]
    if not known:
        timed = [p for p in found.places if p.p50_s is not None]
        return "Half of the requests are answered within " + ", ".join(
            f"{seconds(p.p50_s)} ({NAMES[p.key]})" for p in timed
        )
    best, worst = max(known, key=lambda p: place(p).median), min(known, key=lambda p: place(p).median)
    return _first_upper(f"{NAMES[best.key]} answer{_s(best)} {share(place(best).median)} within "
                        f"{seconds(found.limit_s)}, {NAMES[worst.key]} {share(place(worst).median)}")  # fmt: skip


def label(found: Placement, place: Place, currency: str) -> str:
    """Return a place with what it reaches, for a legend."""
    parts = [
        *([f"{share(place.in_time.median)} in time"] if place.in_time is not None else []),
        f"{minutes(place.lost_minutes.median)} a month without answers",
        *([f"{money(place.monthly.median, currency)} a month"] if place.monthly is not None else []),
    ]
    return f"{NAMES[place.key]}: {', '.join(parts)}"


def sentences(result: OptionsResult) -> tuple[str, ...]:
    """Return how the three places compare for each option, and what is taken for granted."""
    told = [s for found in result.placements for s in _of_one(found, result)]
    notes = dict.fromkeys(n for found in result.placements for n in found.notes)
    return (*told, f"Taken for granted: {' '.join(notes)}") if told else ()


def _of_one(found: Placement, result: OptionsResult) -> tuple[str, ...]:
    named = f"{found.option}: " if len(result.placements) > 1 else ""
    told = (_in_time(found), _without_answers(found), _cost(found, result.currency), *_verdict(found))
    shown = [text for text in told if text]
    return (named + shown[0], *shown[1:])


def _in_time(found: Placement) -> str:
    known = [p for p in found.places if p.in_time is not None]
    if not known:
        return ""
    each = [f"{NAMES[p.key]} {share(p.in_time.median)} ({_range(p.in_time, share)})" for p in known]
    within = f"Of all requests answered within {seconds(found.limit_s)} (in brackets: nine times in ten)"
    return f"{within}: {', '.join(each)}."


def _without_answers(found: Placement) -> str:
    each = [f"{NAMES[p.key]} {minutes(p.lost_minutes.median)}{' at each device' if p.key == 'edge' else ''}"
            for p in found.places]  # fmt: skip
    return f"Time in a month in which nothing is answered, on average: {', '.join(each)}."


def _cost(found: Placement, currency: str) -> str:
    known = [p for p in found.places if p.monthly is not None]
    each = [f"{NAMES[p.key]} {money(p.monthly.median, currency)}" for p in known]
    unknown = [NAMES[p.key] for p in found.places if p.monthly is None]
    return " ".join([
        *([f"A month at the planned load costs about: {', '.join(each)}."] if each else []),
        *([f"What this costs is not known, so none can be ruled out: {', '.join(unknown)}."] if unknown else []),
    ])  # fmt: skip


def _verdict(found: Placement) -> tuple[str, ...]:
    out = [p for p in found.places if p.dominated_by]
    left = [p for p in found.places if not p.dominated_by]
    told = [
        _first_upper(f"{NAMES[p.key]} can be left out: {NAMES[p.dominated_by]} {_are(p.dominated_by)} at least as good "
                     "in time, outages and cost.")
        for p in out
    ]  # fmt: skip
    if len(left) == 1:
        told.append(_first_upper(f"that leaves {NAMES[left[0].key]}."))
    elif all(p.monthly is not None for p in left):
        told.append(_choice(left))
    unsure = [NAMES[p.key] for p in left if p.accuracy_value is None]
    if unsure and out:
        told.append(f"How often the answers are right is not known for {' and '.join(unsure)}; measure it before "
                    "anything is left out.")  # fmt: skip
    return tuple(told)


def _choice(left: list[Place]) -> str:
    """What each of the places that remain is best at."""
    best: dict[str, list[str]] = {}
    for what, worth in (("costs least", lambda p: -p.monthly.median),
                        ("answers most in time", lambda p: p.in_time.median if p.in_time else p.answered.median),
                        ("is without answers least", lambda p: -p.lost_minutes.median)):  # fmt: skip
        best.setdefault(max(left, key=worth).key, []).append(what)
    each = [f"{NAMES[key]} {_plural(key, ' and '.join(what))}" for key, what in best.items()]
    which = "the three" if len(left) > len(NAMES) - 1 else "the others" if len(left) < len(NAMES) else "them"
    return _first_upper(f"of {which}, {'; '.join(each)}.")


def rows(found: Placement, currency: str) -> list[tuple[str, ...]]:
    """Return each place in figures."""
    return [
        (
            _first_upper(NAMES[p.key]),
            "" if p.in_time is None else share(p.in_time.median), "" if p.in_time is None else _range(p.in_time, share),
            _time(p), _nearly(p.answered.median),
            minutes(p.lost_minutes.median), "" if p.lost_requests is None else rounded(p.lost_requests.median),
            "" if p.monthly is None else _range(p.monthly, lambda v: money(v, currency)),
            "" if p.accuracy is None else interval(p.accuracy.low, p.accuracy.high, share),
        )
        for p in found.places
    ]  # fmt: skip


def minutes(value: float) -> str:
    """Write a number of minutes as a person would.

    Examples
    --------
    >>> minutes(0.76), minutes(170.0), minutes(0.0)
    ('46 s', '2.8 hours', 'no time')
    """
    return seconds(value * _MINUTE_S) if value > 0 else "no time"


def _time(p: Place) -> str:
    if p.p95_interval is None:
        return "not known"
    return "never" if p.p95_s is None else seconds(p.p95_s)


def _nearly(part: float) -> str:
    """A share that rounding must not make whole."""
    return f"all but {share(1 - part)}" if _WHOLE <= part < 1 else share(part)


def _range(found: Summary, write: Callable[[float], str]) -> str:
    return interval(found.low, found.high, write)


def _s(place: Place) -> str:
    return "s" if place.key == "cloud" else ""


def _are(key: str) -> str:
    return "is" if key == "cloud" else "are"


def _plural(key: str, text: str) -> str:
    """Devices are several, the cloud is one."""
    if key == "cloud":
        return text
    for one, many in (("costs", "cost"), ("answers most", "answer most"), ("is without", "are without")):
        text = text.replace(one, many)
    return text


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
