"""When models retire: as the assessment states it, or as the provider announced it, and when a move must begin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from flightready import policy
from flightready.assessment.cost import Cost
from flightready.draws import Summary
from flightready.quantity import DAYS_PER_MONTH


@dataclass(frozen=True)
class Retiring:
    """A model with a known day from which it answers no more.

    Parameters
    ----------
    model : str
    on : date
        From this day it answers no more.
    decide_by, too_late_after : date
        Last day to begin the move if the lead time takes as long as it may, and if it takes as short as it may; equal
        where the lead time is one figure.
    lead_is_stated : bool
        Whether the assessment states the lead time; the policy's stands in otherwise.
    is_published : bool
        Whether the day comes from the policy's table of announcements and not from the assessment.
    published : date or None
        The announced day, where there is one; it may differ from a stated one.
    successor : str
        Empty when none is named.
    successor_measured : bool
        Whether the successor was measured on raw records, under evaluation.candidates.
    source : str
    migration : Summary or None
        What the move costs; None when it is not stated.
    """

    model: str
    on: dt.date
    decide_by: dt.date
    too_late_after: dt.date
    lead_is_stated: bool
    is_published: bool
    published: dt.date | None
    successor: str
    successor_measured: bool
    source: str
    migration: Summary | None = None


def announced(model: str, as_of: dt.date) -> tuple[dt.date, str] | None:
    """Return the day from which a model answers no more and who says so, as it was announced by a day; None if not.

    Examples
    --------
    >>> announced("gpt-4.1-2025-04-14", dt.date(2026, 10, 15))[0]
    datetime.date(2027, 1, 14)
    >>> announced("gpt-4.1-2025-04-14", dt.date(2026, 10, 13)) is None  # announced on the 14th
    True
    """
    for entry in policy.read("retirements.yaml"):
        if model.lower() in entry["models"] and entry["announced"] <= as_of:
            return entry["on"], entry["source"]
    return None


def retiring(
    models: Iterable[str], cost: Cost, *, as_of: dt.date, measured: Collection[str] = ()
) -> tuple[Retiring, ...]:
    """Return the models that are known to retire, earliest first; a day of the past counts.

    Parameters
    ----------
    models : iterable of str
        Names as the log or an option has them.
    cost : Cost
        The section of the assessment.
    as_of : date
        What was announced later is not known yet.
    measured : collection of str
        Names of the candidates that were measured on raw records.
    """
    stated = {name.lower(): given for name, given in cost.retirement.items()}
    found = []
    for model in dict.fromkeys(m for m in models if m):
        given, public = stated.get(model.lower()), announced(model, as_of)
        if given is None and public is None:
            continue
        on, source = (given.on, given.source) if given is not None else public
        lead = given.lead_time if given is not None and given.lead_time is not None else None
        short, long = (lead or policy.quantity("retirement_lead_time", "period")).range90
        successor = (given.successor if given is not None else None) or ""
        found.append(Retiring(
            model, on, _before(on, long), _before(on, short), lead is not None, given is None,
            public[0] if public else None, successor, successor in measured, source,
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda r: (r.on, r.model)))


def _before(day: dt.date, months: float) -> dt.date:
    return day - dt.timedelta(days=round(months * DAYS_PER_MONTH))
