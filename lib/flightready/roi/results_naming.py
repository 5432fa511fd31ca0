"""What the names in a table of results mean: which arm, which metric, in which unit, and until which day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from flightready import policy
from flightready.assessment import Pilot
from flightready.errors import InputError, listed, nearest
from flightready.quantity import KINDS
from flightready.roi.results_table import ResultsTable

_UNIT = re.compile(r"^(?P<name>.+?)\s*(?:[(\[](?P<unit>[^)\]]+)[)\]]|,? in (?P<word>\w+))$")
_WEEK = re.compile(r"^(\d{4})-?W(\d{1,2})$", re.IGNORECASE)
_MONTH = re.compile(r"^(\d{4})-(\d{1,2})$")


def arms_of(pilot: Pilot, table: ResultsTable) -> tuple[str, str, str]:
    """Return the arm that uses the pilot, the one that works as today, and what had to be guessed.

    Raises
    ------
    InputError
        When a named arm is not in the table, only one is, or nothing says which is which.
    """
    where, arms = pilot.where("pilot_results"), table.arms
    treated, control = (_named_arm(pilot, table, role) for role in ("treated", "control"))
    if len(arms) == 1:
        raise InputError(
            f"the table holds one arm, '{arms[0]}'", where=f"{where}, {table.file}",
            cure="add the rows of the other arm: without it there is nothing to compare with",
        )  # fmt: skip
    if treated and control and treated != control:
        return treated, control, ""
    left = [a for a in arms if a not in (treated, control)]
    as_today = [a for a in left if has_word(a, "results_control_words")]
    control = control or _only(as_today)
    treated = treated or _only([a for a in left if a not in as_today and has_word(a, "results_treated_words")])
    if len(arms) == 2 and bool(treated) != bool(control):
        other = next(a for a in arms if a not in (treated, control))
        treated, control = treated or other, control or other
    if not (treated and control) or treated == control:
        raise InputError(
            f"it is not clear which arm uses the pilot: the table holds {listed(arms)}", where=where,
            cure=f"name both: pilot_results: {{file: {table.file}, treated: {arms[0]}, control: {arms[1]}}}",
        )  # fmt: skip
    guessed = (
        f"'{treated}' is taken for the arm that uses the pilot, '{control}' for the one that works as today; to say so "
        "yourself, write pilot_results.treated and pilot_results.control"
    )
    return treated, control, guessed


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _named_arm(pilot: Pilot, table: ResultsTable, role: str) -> str:
    name = getattr(pilot.spec.pilot_results, role)
    if name is None:
        return ""
    there = next((a for a in table.arms if a.casefold() == name.casefold()), None)
    if there is None:
        raise InputError(f"the arm '{name}' is not in '{table.file}'", where=pilot.where("pilot_results", role),
                         valid=listed(table.arms), cure=nearest(name, table.arms))  # fmt: skip
    return there


def has_word(name: str, words: str) -> bool:
    """Tell whether a name holds one of the words of a policy list, as whole words.

    Examples
    --------
    >>> has_word("Override rate", "results_override_words"), has_word("routing time", "results_override_words")
    (True, False)
    """
    padded = f" {re.sub(r'[^a-z0-9]+', ' ', name.casefold()).strip()} "
    return any(f" {word} " in padded for word in policy.value(words))


def deciding_metric(pilot: Pilot, table: ResultsTable, arms: tuple[str, str]) -> tuple[str, str]:
    """Return the metric of the table that decides, and what had to be guessed.

    It is the one named, else the outcome's, else the first that both arms have.

    Raises
    ------
    InputError
        When the metric that is named is not in the table, or the outcome's seems to be misspelt.
    """
    named, outcome = pilot.spec.pilot_results.metric, pilot.spec.outcome
    wanted = named or (outcome.metric if outcome else None)
    if wanted and (there := matching(wanted, table.metrics)):
        return there, ""
    hint = nearest(wanted, table.metrics) if wanted else ""
    if named or hint:
        place = ("pilot_results", "metric") if named else ("outcome", "metric")
        raise InputError(f"the metric '{wanted}' is not in '{table.file}'", where=pilot.where(*place),
                         valid=listed(table.metrics), cure=hint)  # fmt: skip
    both = [m for m in table.metrics if all(table.of(arm, m) for arm in arms)]
    first = (both or table.metrics)[0]
    guessed = f"'{first}' is taken for the metric that decides; to say so yourself, write pilot_results.metric"
    return first, guessed if len(table.metrics) > 1 else ""


def matching(wanted: str, metrics: Sequence[str]) -> str | None:
    """Return the metric that a name means, whatever its case, its underscores and the unit behind it.

    Examples
    --------
    >>> matching("routing time", ["usage rate", "Routing_time (min)"])
    'Routing_time (min)'
    """
    by_name = {_folded(m): m for m in reversed(metrics)}
    return by_name.get(_folded(wanted))


def unit_of(metric: str) -> str:
    """Return the unit that a metric's name holds, empty where it holds none.

    Examples
    --------
    >>> unit_of("routing time (min)"), unit_of("routing_time in seconds"), unit_of("usage rate")
    ('min', 'seconds', '')
    """
    found = _UNIT.match(metric.replace("_", " "))
    return (found["unit"] or found["word"]).strip() if found else ""


def seconds_in(unit: str) -> float | None:
    """Return how many seconds one of a unit of time is, None for another unit."""
    return KINDS["duration"].words.get(unit.strip().casefold())


def last_day(periods: Sequence[str]) -> dt.date | None:
    """Return the last day of the latest period, where periods are days, ISO weeks or months; None otherwise.

    Examples
    --------
    >>> last_day(["2026-W38", "2026-W39"]), last_day(["2026-08", "2026-09"]), last_day(["week 1"])
    (datetime.date(2026, 9, 27), datetime.date(2026, 9, 30), None)
    """
    days = [_day(p) for p in periods]
    return max(days) if days and all(days) else None


def _day(period: str) -> dt.date | None:
    try:
        if week := _WEEK.match(period):
            return dt.date.fromisocalendar(int(week[1]), int(week[2]), 7)
        if month := _MONTH.match(period):
            year, number = divmod(int(month[1]) * 12 + int(month[2]), 12)
            return dt.date(year, number + 1, 1) - dt.timedelta(days=1) if 1 <= int(month[2]) <= 12 else None
        return dt.date.fromisoformat(period)
    except ValueError:
        return None


def _folded(name: str) -> str:
    plain = " ".join(name.casefold().replace("_", " ").split())
    found = _UNIT.match(plain)
    return found["name"] if found else plain
